"""起草: the form of a fund request, new or again, with the live preview of its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from finance.actions import drafting, submitting
from finance.actions.cases import case_for
from finance.forms import DraftForm, options_for, rows_in, typed_in
from finance.forms.draft import MOST_ROWS, Options
from finance.models import FundRequest
from finance.rules import fund_request as rules
from finance.views.preview import preview_of
from groups.choices import Authority
from groups.models import EducationGroup, School
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.pages import FormPage

TEMPLATE = "finance/fund_request_form.html"


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default


def may_draft_anywhere(user: Any) -> bool:
    """Does a post of the person let them draft for any school or group?"""
    rights = rights_of(user)
    return rights.anywhere(Authority.DRAFT_SCHOOL_REQUEST, School) or rights.anywhere(
        Authority.DRAFT_GROUP_REQUEST, EducationGroup
    )


def preview_context(form: DraftForm, user: Any) -> dict[str, Any]:
    """The preview of what is on the form so far."""
    sketch, lines = form.sketch(user)
    return {"preview": preview_of(sketch, lines) if sketch and lines else None}


class DraftPage(FormPage):
    """The form with its rows: saved, saved and submitted, looked at again, or with a row more or less."""

    template = TEMPLATE

    @cached_property
    def existing(self) -> FundRequest | None:
        """The draft that is edited."""
        return None

    @cached_property
    def choices(self) -> Options:
        return options_for(self.request.user, self.existing)

    @property
    def done(self) -> Any:
        return _("已提交。") if "submit" in self.request.POST else _("草稿已保存。")

    def make_form(self, data: Any = None, typed: Mapping[str, Any] | None = None) -> DraftForm:
        rows = max(_number(self.request.GET.get("rows")), rows_in(data) if data else 0)
        return DraftForm(data, options=self.choices, row=self.existing, rows=rows, typed=typed)

    def context(self, form: forms.Form) -> dict[str, Any]:
        version = self.existing.current if self.existing else 0
        name = f"{self.existing.pk}-{version}" if self.existing else "new"
        shown = {"draft": f"fund-request-{name}", "row": self.existing, "kept": self.request.method == "POST"}
        next_rows = min(len(form.lines) + 1, MOST_ROWS)
        shown |= {"more": len(form.lines) < MOST_ROWS, "next_rows": next_rows}
        return {**shown, **preview_context(self._previewed(form), self.request.user)}

    def _previewed(self, form: DraftForm) -> DraftForm:
        """The form itself when something was typed; a saved draft as if its lines had just been."""
        if form.is_bound or not self.existing:
            return form
        said = {field.html_name: field.value() for line in form.lines for field in line}
        said |= {field.html_name: field.value() for field in form}
        typed = {k: getattr(v, "pk", v) for k, v in said.items() if v is not None}
        return DraftForm(typed, options=self.choices, row=self.existing, rows=len(form.lines))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request") and request.headers.get("HX-Target"):
            return self._one_row_more()
        return super().get(request, **kwargs)

    def _one_row_more(self) -> HttpResponse:
        demand(self.refusal())
        count = _number(self.request.GET.get("rows"), 1)
        form = DraftForm(None, options=self.choices, row=self.existing, rows=count)
        shown = {"line": form.lines[min(count, len(form.lines)) - 1], "form": form}
        shown |= {"more": count < MOST_ROWS, "next_rows": min(count + 1, MOST_ROWS)}
        return render(self.request, f"{TEMPLATE}#more", shown)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "add" in request.POST or "drop" in request.POST:
            return self._reshaped(request.POST)
        if "look" in request.POST:
            form = self.make_form(request.POST)
            return self.page(form, 200 if form.is_valid() else 422)
        return super().post(request, **kwargs)

    def _reshaped(self, data: Any) -> HttpResponse:
        """The form with a row more or less; nothing is judged, nothing written."""
        drop = _number(data.get("drop"), -1) if "drop" in data else None
        typed = typed_in(data, rows_in(data), drop=drop)
        return self.page(self.make_form(typed=typed))

    def refusal(self) -> Denial | None:
        return None if may_draft_anywhere(self.request.user) else rules.NOT_A_DRAFTER

    def finished(self, row: FundRequest) -> FundRequest:
        """The saved draft, submitted when that was asked for."""
        return submitting.submit(row, by=self.request.user) if "submit" in self.request.POST else row


class FundRequestNew(DraftPage):
    """发起经费申请."""

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return self.finished(drafting.draft(**cleaned, by=self.request.user))


class FundRequestEdit(DraftPage):
    """修改经费申请."""

    @cached_property
    def existing(self) -> FundRequest | None:
        rows = FundRequest.objects.visible_to(self.request.user)
        rows = rows.select_related("fund__group", "school", "beneficiary")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def refusal(self) -> Denial | None:
        return rules.cannot_edit(case_for(self.existing, self.request.user))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return self.finished(drafting.edit(self.existing, **cleaned, by=self.request.user))


class FundRequestPreview(View):
    """The preview beside the form, while it is typed: total, balances and the chain. Writes nothing."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        row = self._existing(request.POST.get("editing"))
        form = DraftForm(
            request.POST, options=options_for(request.user, row), row=row, rows=rows_in(request.POST)
        )
        return render(request, f"{TEMPLATE}#preview", preview_context(form, request.user))

    def _existing(self, editing: str | None) -> FundRequest | None:
        if not editing:
            demand(None if may_draft_anywhere(self.request.user) else rules.NOT_A_DRAFTER)
            return None
        rows = FundRequest.objects.visible_to(self.request.user)
        rows = rows.select_related("fund__group", "school", "beneficiary")
        row = get_object_or_404(rows, pk=_number(editing))
        demand(rules.cannot_edit(case_for(row, self.request.user)))
        return row
