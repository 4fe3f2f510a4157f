"""Fund requests in the API: draft, change, and every verb of the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance import verbs as tables
from finance.actions import drafting
from finance.actions.cases import case_for
from finance.actions.escalating import overdue, waited_days
from finance.api.shapes import FundRequestDetail, FundRequestRow, Seen
from finance.choices import EDITABLE, RequestState, StepState
from finance.forms.draft import LINE_FIELDS, MOST_ROWS, DraftForm, options_for
from finance.models import FundRequest, RequestStep, RequestVersion
from finance.rules import fund_request as rules
from kunshan_edu.core.api.bodies import check_names, check_value, cleaned_from
from kunshan_edu.core.api.document import Operation
from kunshan_edu.core.api.nouns import Noun, verbs
from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.api.shapes import Choice, Id
from kunshan_edu.core.denials import Denied, demand
from kunshan_edu.core.once import Outcome
from kunshan_edu.core.workdays import calendar

FIELDS = ("title", "purpose", "used_on", "payee", "beneficiary")
STEP_PARTS = ("school", "group", "district", "bureau")


class LineBody(serializers.Serializer):
    """A line as it is typed."""

    school = Id(help_text=_("承担学校编号"))
    category = Id(help_text=_("经费类别编号"))
    description = serializers.CharField(max_length=80, help_text=_("用途说明"))
    amount = serializers.CharField(help_text=_("金额（元），例如 1200.00、1,200.00 或 1.2万"))


class DraftBody(serializers.Serializer):
    """A fund request as it is typed; a change keeps its fund and school."""

    title = serializers.CharField(max_length=60, help_text=_("事项名称"))
    purpose = serializers.CharField(max_length=1000, help_text=_("事由"))
    used_on = serializers.DateField(help_text=_("使用日期"))
    payee = serializers.CharField(max_length=60, help_text=_("收款单位或个人"))
    beneficiary = Id(required=False, allow_null=True, help_text=_("受益人的账号编号，没有则不填"))
    lines = LineBody(many=True, help_text=_("费用明细，1 至 30 行"))


class NewDraftBody(DraftBody):
    """A new fund request: also which fund, and which school drafts it."""

    fund = Id(help_text=_("集团年度经费编号"))
    school = Id(required=False, allow_null=True, help_text=_("申请学校编号；集团办公室的申请不填"))


class FundRequestFilters(serializers.Serializer):
    """By state, fund, group, school or requester."""

    state = Choice(RequestState, required=False)
    fund = Id(required=False, source="fund_id", help_text=_("集团年度经费编号"))
    group = Id(required=False, source="fund__group_id", help_text=_("集团编号"))
    school = Id(required=False, source="school_id", help_text=_("申请学校编号"))
    requester = Id(required=False, source="requester_id", help_text=_("申请人编号"))
    number = serializers.CharField(required=False, max_length=24, help_text=_("编号"))
    overdue = serializers.BooleanField(required=False, help_text=_("true 只列逾期待办的申请"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """逾期待办 as the look-up that the list filters by."""
        if attrs.pop("overdue", False):
            attrs["pk__in"] = overdue().values("version__fund_request_id")
        return attrs


def lines_in(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of a body; refused when they are none, too many, no objects, or empty."""
    lines = content.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Invalid.field("lines", "invalid", _("费用明细应为对象的列表。"))
    if len(lines) > MOST_ROWS:
        raise Invalid.field("lines", "too_many", _("一份申请最多 30 行费用明细，请分开填报。"))
    for number, line in enumerate(lines):
        check_names(line, set(LINE_FIELDS), f"lines.{number}.")
        for name, value in line.items():
            check_value(value, f"lines.{number}.{name}")
    return lines


def flat(content: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The body as the page's form would send it: lines-0-amount, …; null is an empty input."""
    typed = {f"lines-{n}-{name}": line.get(name) for n, line in enumerate(lines) for name in LINE_FIELDS}
    typed |= {name: content.get(name) for name in FIELDS}
    return {name: "" if value is None else value for name, value in typed.items()}


def line_errors(form: DraftForm, lines: int) -> dict[str, Any]:
    """What is wrong with the lines, under lines.0.amount, …; a line that says nothing is wrong too."""
    found: dict[str, Any] = {}
    for number, line in enumerate(form.lines[:lines]):
        if line.is_blank():
            found |= Invalid.field(f"lines.{number}", "required", _("这一行没有内容，请填写或去掉。")).detail
        elif not line.is_valid():
            errors = Invalid.form(line).detail
            found |= {f"lines.{number}.{name}": items for name, items in errors.items()}
    return found


def cleaned(form: DraftForm, content: Mapping[str, Any], lines: int) -> dict[str, Any]:
    """What `drafting` takes; all errors of the request and its lines at once."""
    errors = line_errors(form, lines)
    given = {name: value for name, value in content.items() if name in FIELDS}
    try:
        facts = cleaned_from(form, given)
    except Invalid as error:
        raise Invalid({**error.detail, **errors}) from None
    if errors:
        raise Invalid(errors)
    return facts


def new_draft(content: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """The arguments of `drafting.draft`; Denied when the person may not draft for that fund and school."""
    check_names(content, {"fund", "school", "lines", *FIELDS})
    lines, options = lines_in(content), options_for(user)
    source = f"{content.get('fund')}-{content.get('school') or 0}"
    if not content.get("fund"):
        raise Invalid.field("fund", "required", _("请写明集团年度经费的编号。"))
    if source not in options.sources:
        raise Denied(rules.NOT_A_DRAFTER)
    form = DraftForm({**flat(content, lines), "source": source}, options=options, rows=len(lines))
    return cleaned(form, content, len(lines))


def changed_draft(row: FundRequest, content: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """The arguments of `drafting.edit`."""
    check_names(content, {"lines", *FIELDS})
    lines = lines_in(content)
    form = DraftForm(flat(content, lines), options=options_for(user, row), row=row, rows=len(lines))
    return cleaned(form, content, len(lines))


def written(row: FundRequest) -> dict[str, Any]:
    """A draft as it stands, as its writer would send it."""
    lines = [
        {
            "school": x.school_id,
            "category": x.category_id,
            "description": x.description,
            "amount": str(x.amount),
        }
        for x in row.draft_lines.all()
    ]
    facts = {"title": row.title, "purpose": row.purpose, "used_on": row.used_on, "payee": row.payee}
    return {**facts, "beneficiary": row.beneficiary_id, "lines": lines}


def _tell_waits(version: RequestVersion, steps: list[RequestStep]) -> None:
    """Give each step its version and, while it is open, how many working days it has waited."""
    limits = version.measures
    days = calendar() if any(step.state == StepState.OPEN for step in steps) else None
    for step in steps:
        step.version, step.waited_days = version, None
        if days and step.state == StepState.OPEN:
            step.waited_days = waited_days(step.opened_at, days)
        step.overdue = bool(limits and (step.waited_days or 0) >= limits.escalate_after_days)


@verbs(tables.FUND_REQUEST, Seen)
class FundRequests(Noun):
    """经费申请."""

    model = FundRequest
    shape = FundRequestRow
    whole = FundRequestDetail
    related = ("fund__group", "school", "requester", "beneficiary")
    filters = FundRequestFilters

    def shown(self, row: FundRequest) -> Any:
        """With the current version's lines and chain; the draft's own lines while it may be changed."""
        version = row.versions.filter(number=row.current).select_related("measures").first()
        lines = version.lines if version and row.state not in EDITABLE else row.draft_lines
        row.version_now = version
        row.lines_now = lines.select_related("school", "category")
        row.steps_now = list(version.steps.select_related(*STEP_PARTS)) if version else []
        row.decisions_now = version.decisions.select_related("actor") if version else []
        row.minutes_now = row.minutes.all()
        row.payments_now = row.payments.select_related("school", "paid_by")
        if version:
            version.fund_request = row
            _tell_waits(version, row.steps_now)
        return super().shown(row)

    def create(self, request: Request) -> Response:
        def perform() -> Outcome:
            facts = new_draft(self.content, request.user)
            return self.outcome(drafting.draft(by=request.user, **facts).pk, 201)

        return self.once(perform)

    create.operation = Operation(  # type: ignore[attr-defined]
        "fund_request_draft",
        _("起草用款申请"),
        _("存为草稿；提交另用 submit。金额写成文字，不四舍五入。"),
        body=NewDraftBody,
        status=201,
    )

    def update(self, *_: Any, **_kwargs: Any) -> Response:
        return self._edit(self.content)

    update.operation = Operation(  # type: ignore[attr-defined]
        "fund_request_edit", _("修改草稿"), _("各栏和全部明细重写一遍。"), body=DraftBody, keyed=False
    )

    def partial_update(self, *_: Any, **_kwargs: Any) -> Response:
        return self._edit({**written(self.row()), **self.content})

    partial_update.operation = Operation(  # type: ignore[attr-defined]
        "fund_request_amend",
        _("修改草稿的若干栏"),
        _("没有写的栏不变；写明细则全部重写。"),
        body=DraftBody,
        keyed=False,
    )

    def _edit(self, content: Mapping[str, Any]) -> Response:
        row, user = self.row(), self.request.user
        demand(rules.cannot_edit(case_for(row, user)))
        drafting.edit(row, by=user, **changed_draft(row, content, user))
        return Response(self.outcome(row.pk).body)

    def destroy(self, request: Request, **_kwargs: Any) -> Response:
        drafting.delete(self.row(), by=request.user)
        return Response(status=204)

    destroy.operation = Operation(  # type: ignore[attr-defined]
        "fund_request_discard",
        _("删除草稿"),
        _("只能删除从未提交过的草稿。"),
        status=204,
        keyed=False,
        problems=(401, 403, 404, 409),
    )
