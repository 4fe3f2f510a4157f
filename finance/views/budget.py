"""经费预算: the funds of groups and years, one fund with its lines and moves, opening one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from finance.actions import budget
from finance.forms import FundForm
from finance.models import BudgetLine, BudgetMove, GroupFund
from finance.rules import budget as rules
from finance.verbs import BUDGET_LINE, GROUP_FUND
from finance.views.looks import FUND_TONES, usage
from kunshan_edu.core import pages
from kunshan_edu.core.denials import Denial

SHOWN_MOVES = 50


class FundList(pages.ListPage):
    """集团年度经费列表: of each fund the lines that one may see, added up."""

    model = GroupFund
    template = "finance/fund_list.html"
    related = ("group",)
    per_page = 500  # one row per group and year: a page holds them all

    def rows(self) -> Any:
        return super().rows().order_by("-fiscal_year", "group__code")

    def context(self, rows: Any) -> dict[str, Any]:
        lines = BudgetLine.objects.visible_to(self.request.user).order_by()
        sums = lines.values("fund_id").annotate(
            approved=Sum("approved"), reserved=Sum("reserved"), spent=Sum("spent")
        )
        found = {row["fund_id"]: usage(row) for row in sums}
        empty = usage({"approved": None, "reserved": None, "spent": None})
        may_open = rules.cannot_open(budget.case_for(None, self.request.user)) is None
        funds = [{"row": row, "use": found.get(row.pk, empty), "tone": FUND_TONES[row.state]} for row in rows]
        return {"funds": funds, "may_open": may_open}


class FundDetail(pages.DetailPage):
    """一个集团一年的经费: lines by school and category, their totals, every move."""

    model = GroupFund
    template = "finance/fund_detail.html"
    related = ("group",)
    table = GROUP_FUND

    def context(self, row: GroupFund) -> dict[str, Any]:
        seen = BudgetLine.objects.visible_to(self.request.user).filter(fund=row)
        lines = list(
            seen.select_related("school", "category", "district").order_by(
                "school__position", "school_id", "category__position"
            )
        )
        sums = {n: sum(getattr(line, n) for line in lines) for n in ("approved", "reserved", "spent")}
        moves = BudgetMove.objects.filter(line__in=[line.pk for line in lines]).order_by("-id")
        case = budget.case_for(row, self.request.user)
        return {
            "lines": [{"row": line, "use": usage(vars(line))} for line in lines],
            "total": usage(sums),
            "tone": FUND_TONES[row.state],
            "schools": len({line.school_id for line in lines}),
            "moves": moves.select_related("line__school", "line__category", "by", "version__fund_request")[
                :SHOWN_MOVES
            ],
            "may_cut": rules.cannot_allocate(case) is None,
            "allocates": case.may_allocate,
        }


class FundNew(pages.FormPage):
    """设立集团年度经费."""

    template = "finance/fund_form.html"
    form = FundForm
    done = _("年度经费已设立，请下达预算。")

    def refusal(self) -> Denial | None:
        return rules.cannot_open(budget.case_for(None, self.request.user))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return budget.open_fund(**cleaned, by=self.request.user)


class FundVerb(pages.VerbPage):
    """年度经费的办理."""

    table = GROUP_FUND
    template = "finance/fund_verb.html"


class BudgetLineVerb(pages.VerbPage):
    """预算明细的办理."""

    table = BUDGET_LINE
    template = "finance/budget_line_verb.html"
