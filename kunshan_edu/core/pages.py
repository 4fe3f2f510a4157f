"""Pages: a list with filters, a detail page, a form, and the address of a verb; each starts from `visible_to`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views import View

from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.once import Outcome, fingerprint, once, read_key, remembered
from kunshan_edu.core.templatetags.kg import say
from kunshan_edu.core.verbs import Verb, VerbTable
from kunshan_edu.core.views import refused

PER_PAGE = 50


class FilterForm(forms.Form):
    """What a list may be narrowed by; a wrong value narrows nothing and says so at its field."""

    def apply(self, rows: Any) -> Any:
        """`rows` narrowed by what was chosen."""
        raise NotImplementedError


class ListPage(View):
    """A list: model, filter form and template. HTMX gets the `rows` partial of the same template and queryset."""

    model: ClassVar[Any]
    filter_form: ClassVar[type[FilterForm] | None] = None
    template: ClassVar[str]
    related: ClassVar[tuple[str, ...]] = ()
    per_page: ClassVar[int] = PER_PAGE

    def rows(self) -> Any:
        """What the signed-in person may see."""
        return self.model._default_manager.visible_to(self.request.user).select_related(*self.related)

    def context(self, rows: Any) -> dict[str, Any]:
        """What the page shows beside its rows."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows, form = self.rows(), None
        if self.filter_form is not None:
            form = self.filter_form(request.GET or None)
            rows = form.apply(rows) if form.is_valid() else rows
        page = Paginator(rows, self.per_page).get_page(request.GET.get("page"))
        shown = {"page": page, "form": form, "noun": self.model._meta.verbose_name, **self.context(rows)}
        partial = request.headers.get("HX-Request") and request.headers.get("HX-Target")
        return render(request, self.template + ("#rows" if partial else ""), shown)


class DetailPage(View):
    """One row that its reader may see; anything else is 404, so that a number tells nothing."""

    model: ClassVar[Any]
    template: ClassVar[str]
    related: ClassVar[tuple[str, ...]] = ()
    table: ClassVar[VerbTable | None] = None

    def row(self) -> Any:
        rows = self.model._default_manager.visible_to(self.request.user).select_related(*self.related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def context(self, row: Any) -> dict[str, Any]:
        """What the page shows beside the row and its verbs."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        offers = self.table.offers(row, request.user) if self.table else []
        shown = {"row": row, "offers": offers, "idem": uuid.uuid4(), **self.context(row)}
        return render(request, self.template, shown)


def put_error(form: forms.Form, denial: Denial) -> None:
    """The refusal beside the field it is about, or above the form."""
    form.add_error(denial.field if denial.field in form.fields else None, say(denial))


def performed(request: HttpRequest, perform: Any, done: str, home: str = "home") -> HttpResponse:
    """Run `perform() → row` once under the form's key and go to the row's page, telling that it is `done`.

    home: the name of the page to go to when the row itself is gone.
    """

    def outcome() -> Outcome:
        row = perform()
        gone = row.pk is None or not type(row)._base_manager.filter(pk=row.pk).exists()
        return Outcome(303, reverse(home) if gone else row.get_absolute_url())

    return _go_on(request, once(request.user, *_key(request), outcome), done)


def _key(request: HttpRequest) -> tuple[uuid.UUID, str]:
    """The form's key and the fingerprint of what was typed."""
    typed = {name: request.POST.getlist(name) for name in request.POST}
    return read_key(request.POST.get("idem")), fingerprint("POST", request.path, typed)


def _go_on(request: HttpRequest, outcome: Outcome, done: str) -> HttpResponse:
    if done:
        messages.success(request, gettext(done))
    return HttpResponseRedirect(_asked_for(request) or outcome.location, status=303)


def replayed(request: HttpRequest, done: str) -> HttpResponse | None:
    """The answer to a second click, before anything is judged anew; None for a form that was not sent before."""
    try:
        outcome = remembered(request.user, *_key(request))
    except Denied:  # no key or an unreadable one: said beside the form when it comes to `once`
        return None
    return _go_on(request, outcome, done) if outcome else None


def _asked_for(request: HttpRequest) -> str:
    """The page of ours that the form wants to come back to, such as the inbox it stands in."""
    address = request.POST.get("next", "")
    local = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if local else ""


class FormPage(View):
    """A form that makes or changes something: invalid is 422 and the form again, filled in."""

    template: ClassVar[str] = "core/form.html"
    form: ClassVar[type[forms.Form]]
    done: ClassVar[Any] = ""

    def make_form(self, data: Any = None) -> forms.Form:
        return self.form(data)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        """Do it; returns the row whose page comes next."""
        raise NotImplementedError

    def refusal(self) -> Denial | None:
        """Why this person need not even begin to type; the action asks again."""
        return None

    def context(self, form: forms.Form) -> dict[str, Any]:
        return {}

    def page(self, form: forms.Form, status: int = 200, denial: Denial | None = None) -> HttpResponse:
        # As for verbs below: what was refused is sent again under a key of its own.
        shown = {"form": form, "idem": uuid.uuid4(), "denial": denial, **self.context(form)}
        return render(self.request, self.template, shown, status=status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        denial = self.refusal()
        return refused(request, denial) if denial else self.page(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        again = replayed(request, self.done)
        if again:
            return again
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            return performed(request, lambda: self.perform(form.cleaned_data), self.done)
        except Denied as refusal:
            put_error(form, refusal.denial)
            return self.page(form, refusal.denial.status, refusal.denial)


class VerbPage(View):
    """The address of every verb of a noun: GET asks what is to be typed, POST does it once.

    What was typed is never lost: a refusal comes back with the form, filled in, and the reason above it.
    """

    table: ClassVar[VerbTable]
    template: ClassVar[str] = "core/verb.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            self.verb: Verb = self.table.find(kwargs["verb"])
        except KeyError:
            raise Http404 from None

    def row(self) -> Any:
        return get_object_or_404(
            self.table.model._default_manager.visible_to(self.request.user), pk=self.kwargs["pk"]
        )

    def make_form(self, row: Any, data: Any = None) -> forms.Form:
        form = self.verb.form or forms.Form
        if hasattr(form, "for_row"):
            return form.for_row(row, self.request.user, data)
        return form(data)

    def extras(self, row: Any) -> dict[str, Any]:
        """What the action takes besides the form: what was seen, and the key."""
        extras: dict[str, Any] = {}
        if self.verb.binds:
            extras["seen"] = self.verb.binds(self.request.POST)
        if self.verb.moves:
            extras["idem"] = read_key(self.request.POST.get("idem"))
        return extras

    def page(self, row: Any, form: forms.Form, denial: Denial | None, status: int = 200) -> HttpResponse:
        offer = self.table.url(row, self.verb)
        shown = {"row": row, "verb": self.verb, "form": form, "denial": denial, "url": offer}
        # A refused form is sent again under a key of its own: its content may have changed.
        return render(self.request, self.template, {**shown, "idem": uuid.uuid4()}, status=status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        denial = self.verb.rule(self.table.case_for(row, request.user))
        return self.page(row, self.make_form(row), denial, denial.status if denial else 200)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        again = replayed(request, str(self.verb.done))
        if again:
            return again
        row = self.row()
        form = self.make_form(row, request.POST)
        if not form.is_valid():
            return self.page(row, form, None, 422)
        try:
            return performed(
                request,
                lambda: self.verb.action(row, by=request.user, **form.cleaned_data, **self.extras(row)),
                str(self.verb.done),
                self.table.home,
            )
        except Denied as refusal:
            if refusal.denial.field in form.fields:
                put_error(form, refusal.denial)
            return self.page(row, form, refusal.denial, refusal.denial.status)
