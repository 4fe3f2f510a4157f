"""用款申请的表单: what a request says and its lines, within what the person may draft for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from finance.choices import FundState, Origin
from finance.models import BudgetLine, DraftLine, ExpenseCategory, FundRequest, GroupFund
from groups.choices import Authority
from groups.models import EducationGroup, Membership, School
from kunshan_edu.core.access import grant_model, in_force, rights_of
from kunshan_edu.core.forms import AmountField, DayField, PlainForm
from kunshan_edu.core.models import User

FEWEST_ROWS, MOST_ROWS = 3, 30
LINE_FIELDS = ("school", "category", "description", "amount")


@dataclass(frozen=True)
class Source:
    """For whom a request is drafted: a fund, and a member school or (None) the group office; who may bear it."""

    fund: GroupFund
    school: School | None
    bearers: frozenset[int] = frozenset()

    @property
    def key(self) -> str:
        return f"{self.fund.pk}-{self.school.pk if self.school else 0}"

    def __str__(self) -> str:
        drafter = str(self.school) if self.school else _("%(group)s办公室") % {"group": self.fund.group}
        return f"{drafter} · {self.fund.fiscal_year}"


@dataclass(frozen=True)
class Options:
    """What may be chosen on the form: sources by key, bearing schools, categories and people by id."""

    sources: Mapping[str, Source]
    schools: Mapping[int, School]
    categories: Mapping[int, ExpenseCategory]
    people: Mapping[int, User] = field(default_factory=dict)


def _memberships(schools: Iterable[int]) -> dict[int, tuple[School, int]]:
    """school id → the school and the id of the group it is in today."""
    rows = Membership.objects.in_force().filter(school_id__in=schools).select_related("school")
    return {row.school_id: (row.school, row.group_id) for row in rows}


def sources_of(user: Any) -> list[Source]:
    """Every fund that is not closed × school or group office that the person may draft for today."""
    rights = rights_of(user)
    offices = rights.ids(Authority.DRAFT_GROUP_REQUEST, EducationGroup)
    members = _memberships(rights.ids(Authority.DRAFT_SCHOOL_REQUEST, School))
    groups = offices | {group for _school, group in members.values()}
    funds = GroupFund.objects.filter(
        group_id__in=groups, state__in=[FundState.DRAFT, FundState.ALLOCATED]
    ).select_related("group")
    found = []
    for fund in funds:
        own = [school for school, group in members.values() if group == fund.group_id]
        found += [Source(fund, school, frozenset({school.pk})) for school in own]
        if fund.group_id in offices:
            found.append(Source(fund, None))
    return found


def _with_bearers(sources: Iterable[Source]) -> list[Source]:
    """The group office has no books: its requests are borne by the schools that its fund has lines for."""
    sources = list(sources)
    offices = {s.fund.pk for s in sources if s.school is None}
    bearers: dict[int, set[int]] = {}
    if offices:
        pairs = BudgetLine.objects.filter(fund_id__in=offices).values_list("fund_id", "school_id").distinct()
        for fund, school in pairs.order_by():
            bearers.setdefault(fund, set()).add(school)
    return [s if s.school else Source(s.fund, None, frozenset(bearers.get(s.fund.pk, ()))) for s in sources]


def _people(schools: Iterable[int], groups: Iterable[int]) -> dict[int, User]:
    """The people with a post in these schools and groups: those for whom being the beneficiary matters."""
    of_schools = grant_model(School).objects.filter(in_force(), content_object_id__in=list(schools))
    of_groups = grant_model(EducationGroup).objects.filter(in_force(), content_object_id__in=list(groups))
    ids = of_schools.values("user_id").union(of_groups.values("user_id"))
    return {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True).order_by("name", "pk")}


def options_for(user: Any, row: FundRequest | None = None) -> Options:
    """What this person may choose; for an existing draft only its own source."""
    found = sources_of(user) if row is None else [Source(row.fund, row.school, _own(row))]
    sources = _with_bearers(found)
    schools = frozenset().union(*(s.bearers for s in sources))
    people = _people(schools, {s.fund.group_id for s in sources})
    if row and row.beneficiary:
        people[row.beneficiary_id] = row.beneficiary
    return Options(
        {source.key: source for source in sources},
        {school.pk: school for school in School.objects.filter(pk__in=schools)},
        {category.pk: category for category in ExpenseCategory.objects.all()},
        people,
    )


def _own(row: FundRequest) -> frozenset[int]:
    return frozenset({row.school_id} if row.school_id else ())


class _Chosen(forms.TypedChoiceField):
    """A select over objects at hand, so that thirty rows of it cost no query."""

    def __init__(self, found: Mapping[Any, Any], *, kind: type, empty: Any = None, **kwargs: Any) -> None:
        blank = [("", empty)] if empty is not None else []
        choices = [*blank, *((key, str(each)) for key, each in found.items())]
        super().__init__(choices=choices, coerce=lambda key: found[kind(key)], empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.pk if hasattr(value, "pk") else value


class LineForm(PlainForm):
    """明细的一行; a row that says nothing is left out."""

    description = forms.CharField(label=_("用途说明"), max_length=80)
    amount = AmountField(label=_("金额"))

    def __init__(self, data: Any = None, *, options: Options, **kwargs: Any) -> None:
        super().__init__(data, empty_permitted=True, **kwargs)
        alone = len(options.schools) == 1
        self.fields["school"] = _Chosen(
            options.schools,
            kind=int,
            empty=None if alone else _("请选择"),
            label=_("承担学校"),
        )
        self.fields["category"] = _Chosen(
            options.categories, kind=int, empty=_("请选择"), label=_("经费类别")
        )
        self.order_fields(LINE_FIELDS)
        self.fields["school"].error_messages["required"] = _("请选择承担学校。")
        self.fields["category"].error_messages["required"] = _("请选择经费类别。")

    def is_blank(self) -> bool:
        """Nothing typed and no category chosen: the school may be preselected."""
        said = (str(self.data.get(self.add_prefix(name), "")) for name in LINE_FIELDS if name != "school")
        return not any(text.strip() for text in said)

    def has_changed(self) -> bool:
        return not self.is_blank()

    @property
    def index(self) -> int:
        return int(str(self.prefix).rsplit("-", 1)[-1])

    @property
    def number(self) -> int:
        """The row's number for people."""
        return self.index + 1


class DraftForm(PlainForm):
    """用款申请: the request and its lines. cleaned_data are what `drafting.draft` and `drafting.edit` take."""

    title = forms.CharField(label=_("事项名称"), max_length=60, help_text=_("例如：六校联合教研活动经费。"))
    purpose = forms.CharField(
        label=_("事由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明做什么、依据和规模，审批人据此判断。"),
    )
    used_on = DayField(label=_("使用日期"))
    payee = forms.CharField(
        label=_("收款单位或个人"), max_length=60, help_text=_("同一收款人的申请合并计算审批限额。")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        options: Options,
        row: FundRequest | None = None,
        rows: int = FEWEST_ROWS,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.options, self.row = options, row
        initial = typed["fields"] if typed else _initial(row) if row else {}
        super().__init__(data, initial=initial)
        self._choices()
        saved = typed["lines"] if typed else _saved_lines(row) if row else []
        count = min(max(rows, len(saved) if typed else len(saved) + 1, FEWEST_ROWS), MOST_ROWS)
        self.lines = [
            LineForm(data, options=options, prefix=f"lines-{n}", initial=saved[n] if n < len(saved) else None)
            for n in range(count)
        ]

    def _choices(self) -> None:
        self.fields["beneficiary"] = _Chosen(
            self.options.people,
            kind=int,
            empty=_("没有具体受益人"),
            label=_("受益人"),
            required=False,
            help_text=_("经费用于某一个人时填写，受益人不参与审批。"),
        )
        if self.row is None:
            self.fields["source"] = _Chosen(self.options.sources, kind=str, label=_("申请单位和年度经费"))
            self.order_fields(["source", "title", "purpose", "used_on", "payee", "beneficiary"])

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self._check_bearers()

    def is_valid(self) -> bool:
        return super().is_valid() and all(line.is_valid() for line in self.lines)

    def clean(self) -> dict[str, Any]:
        """source → fund and school; the rows that say something → lines."""
        cleaned = self.cleaned_data
        source = cleaned.pop("source", None)
        if source:
            cleaned["fund"], cleaned["school"] = source.fund, source.school
        cleaned["lines"] = [line.cleaned_data for line in self.said() if line.is_valid()]
        return cleaned

    def said(self) -> list[LineForm]:
        """The rows that say something."""
        return [line for line in self.lines if not line.is_blank()]

    def source(self) -> Source | None:
        """For whom it is drafted, as far as that has been chosen."""
        if self.row:
            return next(iter(self.options.sources.values()))
        return self.options.sources.get(str(self.data.get(self.add_prefix("source"), "")))

    def _check_bearers(self) -> None:
        source = self.source()
        for line in self.said():
            school = line.is_valid() and line.cleaned_data.get("school")
            if school and source and school.pk not in source.bearers:
                line.add_error("school", ValidationError(_("该校不承担本单位申请的经费，请另选承担学校。")))

    def sketch(self, by: Any) -> tuple[FundRequest | None, list[DraftLine]]:
        """The request as far as it can be read, unsaved, for the preview; None before a source is chosen."""
        self.is_valid()
        source = self.source()
        if source is None:
            return None, []
        said = self.cleaned_data
        sketch = FundRequest(
            pk=self.row.pk if self.row else None,
            fund=source.fund,
            school=source.school,
            origin=Origin.SCHOOL if source.school else Origin.GROUP,
            payee=said.get("payee") or "",
            requester=by,
            beneficiary=said.get("beneficiary"),
        )
        lines = [line.cleaned_data for line in self.said()]
        whole = [x for x in lines if all(x.get(name) for name in ("school", "category", "amount"))]
        return sketch, [DraftLine(**{**x, "description": x.get("description", "")}) for x in whole]

    def error_list(self) -> list[tuple[str, str]]:
        """(id of the input, sentence) of everything that is wrong, in the order of the page; "" for no input."""
        found = [("", str(error)) for error in self.non_field_errors()]
        for bound in self:
            found += [(bound.id_for_label, str(error)) for error in bound.errors]
        for line in self.lines:
            for bound in line:
                number = _("第 %(number)s 行：") % {"number": line.number}
                found += [(bound.id_for_label, f"{number}{error}") for error in bound.errors]
        return found


def _initial(row: FundRequest) -> dict[str, Any]:
    names = ("title", "purpose", "used_on", "payee", "beneficiary")
    return {name: getattr(row, name) for name in names}


def _saved_lines(row: FundRequest) -> list[dict[str, Any]]:
    lines = row.draft_lines.select_related("school", "category")
    return [{name: getattr(line, name) for name in LINE_FIELDS} for line in lines]


def typed_in(data: Any, rows: int, *, drop: int | None = None) -> dict[str, Any]:
    """What was typed, to show it again without judging it; the row numbered `drop` (from 0) left out."""
    lines = [
        {name: data.get(f"lines-{n}-{name}", "") for name in LINE_FIELDS} for n in range(rows) if n != drop
    ]
    return {"fields": {name: data.get(name, "") for name in data}, "lines": lines}


def rows_in(data: Any) -> int:
    """How many rows a POST carries."""
    return next((n for n in range(MOST_ROWS) if f"lines-{n}-amount" not in data), MOST_ROWS)
