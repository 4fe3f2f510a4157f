"""Funds and budget lines in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from finance import forms
from finance import verbs as tables
from finance.actions import budget
from finance.choices import FundState
from finance.models import BudgetLine, GroupFund
from finance.rules import budget as rules
from groups.choices import FundingLevel
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.shapes import Choice, Id, Offers, Ref, Yuan
from kunshan_edu.core.denials import Denial


class TotalsShape(serializers.Serializer):
    """Sums over the budget lines that the reader may see; null when there are none."""

    approved = Yuan(allow_null=True)
    reserved = Yuan(allow_null=True)
    spent = Yuan(allow_null=True)


class GroupFundRow(serializers.Serializer):
    """A group's fund of a fiscal year."""

    id = serializers.IntegerField()
    group = Ref()
    fiscal_year = serializers.IntegerField()
    state = Choice(FundState)
    state_label = serializers.CharField(source="get_state_display")
    document = serializers.CharField(help_text=_("下达文号"))


class GroupFundDetail(GroupFundRow):
    """A fund with its sums and what may be done to it."""

    totals = serializers.SerializerMethodField(help_text=_("您能看到的预算明细之和"))
    offers = Offers()

    def get_totals(self, row: GroupFund) -> TotalsShape:
        lines = BudgetLine.objects.visible_to(self.context["request"].user).filter(fund=row)
        return TotalsShape(lines.totals()).data


class GroupFundFilters(serializers.Serializer):
    """By group, year or state."""

    group = Id(required=False, source="group_id", help_text=_("集团编号"))
    fiscal_year = serializers.IntegerField(
        required=False, min_value=2000, max_value=2100, help_text=_("年度")
    )
    state = Choice(FundState, required=False)


def cannot_open(by: Any) -> Denial | None:
    return rules.cannot_open(budget.case_for(None, by))


@creates(forms.FundForm, budget.open_fund, _("设立集团年度经费"), cannot_open)
@verbs(tables.GROUP_FUND)
class GroupFunds(Noun):
    """集团年度经费."""

    model = GroupFund
    shape = GroupFundRow
    whole = GroupFundDetail
    related = ("group",)
    filters = GroupFundFilters


class BudgetLineRow(serializers.Serializer):
    """What one school may use of one category: approved, reserved, spent and still available."""

    id = serializers.IntegerField()
    fund = serializers.IntegerField(source="fund_id")
    school = Ref()
    level = Choice(FundingLevel)
    level_label = serializers.CharField(source="get_level_display")
    district = Ref(allow_null=True)
    category = Ref()
    approved = Yuan()
    reserved = Yuan()
    spent = Yuan()
    available = Yuan()


class BudgetLineDetail(BudgetLineRow):
    """A budget line with what may be done to it."""

    offers = Offers()


class BudgetLineFilters(serializers.Serializer):
    """By fund, school or category."""

    fund = Id(required=False, source="fund_id", help_text=_("集团年度经费编号"))
    school = Id(required=False, source="school_id", help_text=_("承担学校编号"))
    category = Id(required=False, source="category_id", help_text=_("经费类别编号"))


@verbs(tables.BUDGET_LINE)
class BudgetLines(Noun):
    """预算明细."""

    model = BudgetLine
    shape = BudgetLineRow
    whole = BudgetLineDetail
    related = ("fund", "school", "district", "category")
    filters = BudgetLineFilters
