"""筛选: what the list of fund requests may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from finance.actions.escalating import overdue
from finance.choices import RequestState
from finance.models import FundRequest, GroupFund, RequestStep
from kunshan_edu.core.pages import FilterForm
from kunshan_edu.core.workdays import Calendar, calendar

MINE = {
    "waiting": _("待我办理"),
    "payable": _("待我支付"),
    "own": _("我发起的"),
    "overdue": _("逾期待办"),
}


def mine(kind: str, user: Any, days: Calendar) -> Q:
    """The requests that wait for this person's decision or payment, that they started, or that wait too long."""
    if kind == "overdue":
        return Q(pk__in=overdue(days).values("version__fund_request_id"))
    if kind == "waiting":
        return Q(pk__in=RequestStep.objects.waiting_for(user).values("version__fund_request_id"))
    if kind == "payable":
        return Q(pk__in=FundRequest.objects.payable_by(user).values("pk"))
    return Q(requester=user)


def _select(label: Any, everything: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", everything)], widget=forms.Select(attrs={"class": "in"})
    )


class FundRequestFilter(FilterForm):
    """关键字、集团、学校、年度 narrow the tabs; 状态 and 与我有关 are the tabs themselves."""

    q = forms.CharField(
        label=_("关键字"),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "class": "in", "placeholder": _("事项、编号、收款人")}
        ),
    )
    state = forms.ChoiceField(
        label=_("状态"), choices=RequestState.choices, required=False, widget=forms.HiddenInput
    )
    who = forms.ChoiceField(
        label=_("与我有关"), choices=list(MINE.items()), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.user, self.days = user, calendar()
        funds = list(
            GroupFund.objects.visible_to(user)
            .order_by("group__code", "-fiscal_year")
            .values_list("group_id", "group__short_name", "fiscal_year")
        )
        schools = (
            FundRequest.objects.visible_to(user)
            .filter(school__isnull=False)
            .order_by("school__position", "school_id")
            .values_list("school_id", "school__short_name")
            .distinct()
        )
        self._offer("group", _("集团"), _("全部集团"), {g: name for g, name, _year in funds})
        self._offer("school", _("学校"), _("全部学校"), dict(schools))
        years = sorted({year for _group, _name, year in funds}, reverse=True)
        self._offer("year", _("年度"), _("全部年度"), {year: year for year in years})

    def _offer(self, name: str, label: Any, everything: Any, found: dict[Any, Any]) -> None:
        """A select of what there is; none where there is nothing to choose between."""
        chosen = str(self.data.get(name, ""))
        if len(found) > 1 or chosen:
            self.fields[name] = _select(label, everything)
            self.fields[name].choices = [("", everything), *found.items()]

    def apply(self, rows: Any) -> Any:
        rows = self.narrow(rows)
        said = self.cleaned_data
        if said.get("state"):
            rows = rows.filter(state=said["state"])
        if said.get("who"):
            rows = rows.filter(mine(said["who"], self.user, self.days))
        return rows

    def narrow(self, rows: Any) -> Any:
        """Everything but the tab, so that the tabs can count."""
        said = self.cleaned_data
        if said.get("q"):
            word = said["q"]
            rows = rows.filter(
                Q(number__icontains=word) | Q(title__icontains=word) | Q(payee__icontains=word)
            )
        for name, column in (
            ("group", "fund__group_id"),
            ("school", "school_id"),
            ("year", "fund__fiscal_year"),
        ):
            if said.get(name):
                rows = rows.filter(**{column: said[name]})
        return rows

    def counts(self, rows: Any) -> dict[str, int]:
        """How many rows each tab would show, by one query."""
        rows = self.narrow(rows) if self.is_valid() else rows
        states = {state.value: Count("pk", filter=Q(state=state)) for state in RequestState}
        kinds = {kind: Count("pk", filter=mine(kind, self.user, self.days)) for kind in MINE}
        return rows.order_by().aggregate(everything=Count("pk"), **states, **kinds)
