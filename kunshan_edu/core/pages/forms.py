"""Forms and verbs: what was typed is judged, done once under its key, and never lost."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from kunshan_edu.core.denials import FORBIDDEN, Denial, Denied
from kunshan_edu.core.once import Outcome, fingerprint, once, read_key, remembered
from kunshan_edu.core.pages.frame import Framed
from kunshan_edu.core.templatetags.kg import say
from kunshan_edu.core.verbs import Verb, VerbTable
from kunshan_edu.core.views import refused


def put_error(form: forms.Form, denial: Denial) -> None:
    """The refusal beside the field it is about, or above the form."""
    form.add_error(denial.field if denial.field in form.fields else None, say(denial))


def performed(request: HttpRequest, perform: Any, done: str, home: str = "home") -> HttpResponse:
    """Run `perform() → row` once under the form's key and go to the row's page, telling that it is `done`.

    home: the name of the page to go to when the row itself is gone, or has no page.
    """

    def outcome() -> Outcome:
        row = perform()
        gone = row.pk is None or not type(row)._base_manager.filter(pk=row.pk).exists()
        gone = gone or not hasattr(row, "get_absolute_url")
        return Outcome(303, reverse(home) if gone else row.get_absolute_url())

    return _go_on(request, once(request.user, *_key(request), outcome), done)


def _key(request: HttpRequest) -> tuple[uuid.UUID, str]:
    """The form's key and the fingerprint of what was typed and of the files that came with it."""
    typed = {name: request.POST.getlist(name) for name in request.POST}
    for name in request.FILES:
        typed[name] = [_digest(file) for file in request.FILES.getlist(name)]
    return read_key(request.POST.get("idem")), fingerprint("POST", request.path, typed)


def _digest(file: Any) -> str:
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def with_files(form: forms.Form, request: HttpRequest) -> forms.Form:
    """The form with the files that came with what was typed."""
    form.files = request.FILES
    return form


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


def suggestions(request: HttpRequest, form: forms.Form) -> HttpResponse | None:
    """Whom what is typed so far may mean, when `?suggest=` asks it of a field that one types a row into.

    It is asked at the form's own address, so that it needs the right to the form and tells of its choices alone.
    """
    name = request.GET.get("suggest", "")
    field: Any = form.fields.get(name)
    if not hasattr(field, "suggest"):
        return None
    found = field.suggest(request.GET.get(name, ""))
    return render(request, "core/_suggested.html", {"found": found, "into": form[name].id_for_label})


def _asked_for(request: HttpRequest) -> str:
    """The page of ours that the form wants to come back to, such as the inbox it stands in."""
    address = request.POST.get("next", "")
    local = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if local else ""


class FormPage(Framed):
    """A form that makes or changes something: invalid is 422 and the form again, filled in.

    submit: the word on its button, the title if none. afterwards: what comes next, in sentences beside the form.
    home: the name of the page that comes next where the row has none.
    """

    template: ClassVar[str] = "core/form.html"
    form: ClassVar[type[forms.Form]]
    done: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""
    afterwards: ClassVar[tuple[Any, ...]] = ()
    home: ClassVar[str] = "home"

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

    def frame(self) -> dict[str, Any]:
        said = {"submit": self.submit or self.title or _("保存"), "afterwards": self.afterwards}
        return {**super().frame(), **said, "draft": self.request.path}

    def page(self, form: forms.Form, status: int = 200, denial: Denial | None = None) -> HttpResponse:
        # As for verbs below: what was refused is sent again under a key of its own.
        shown = {**self.frame(), "form": form, "idem": uuid.uuid4(), "denial": denial, **self.context(form)}
        return render(self.request, self.template, shown, status=status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        denial = self.refusal()
        if denial:
            return refused(request, denial)
        form = self.make_form()
        return suggestions(request, form) or self.page(form)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        again = replayed(request, self.done)
        if again:
            return again
        denial = self.refusal()
        if denial and denial.status == FORBIDDEN:  # before the form, whose choices are not for everybody
            return refused(request, denial)  # type: ignore[return-value]
        form = with_files(self.make_form(request.POST), request)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            return performed(request, lambda: self.perform(form.cleaned_data), self.done, self.home)
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
        form = self.make_form(row)
        if denial:
            return self.page(row, form, denial, denial.status)
        return suggestions(request, form) or self.page(row, form, None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        again = replayed(request, str(self.verb.done))
        if again:
            return again
        row = self.row()
        form = with_files(self.make_form(row, request.POST), request)
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
