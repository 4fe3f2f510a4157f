"""经费预算的办理: open a group's fund, allocate money to its lines, cut it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finance import ledger
from finance.choices import FundState
from finance.models import BudgetLine, ExpenseCategory, GroupFund
from finance.rules import budget as rules
from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School, SchoolAffiliation
from kunshan_edu.core import access
from kunshan_edu.core.access import Grant
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import Denied, demand
from kunshan_edu.core.guideline import Clause


def case_for(fund: GroupFund | None, by: Any) -> rules.Case:
    """What the rules of budgets look at."""
    may = access.rights_of(by).anywhere(Authority.ALLOCATE_BUDGET, Bureau)
    return rules.Case(may_allocate=may, state=fund.state if fund else "")


def _allocates(by: Any) -> Grant | None:
    """The grant by which somebody allocates budgets."""
    return access.standing(by, Authority.ALLOCATE_BUDGET, Bureau.objects.get())


def open_fund(group: EducationGroup, *, fiscal_year: int, by: Any) -> GroupFund:
    """设立集团年度经费"""
    with acting("finance.open_fund", by):
        demand(rules.cannot_open(case_for(None, by)))
        fund = GroupFund(group=group, fiscal_year=fiscal_year)
        return add(fund, "finance.open_fund", by=by, clause=Clause.C4_2_E, standing=_allocates(by))


def _line(fund: GroupFund, school: School, category: ExpenseCategory, by: Any) -> BudgetLine:
    """The line of a school and category at the level of the school's affiliation today; made when missing."""
    affiliation = SchoolAffiliation.objects.in_force().filter(school=school).first()
    if affiliation is None:
        raise Denied(rules.NOT_AFFILIATED)
    facts = {
        "fund": fund,
        "school": school,
        "category": category,
        "level": affiliation.level,
        "district_id": affiliation.district_id,
    }
    found = BudgetLine.objects.filter(**facts).first()
    return found or add(BudgetLine(**facts), "finance.open_line", by=by, clause=Clause.C4_2_F)


def allocate(
    fund: GroupFund,
    *,
    school: School,
    category: ExpenseCategory,
    amount: Decimal,
    document: str,
    by: Any,
) -> BudgetLine:
    """下达预算: money for one school and category, from the treasury of the school's level."""
    with acting("finance.allocate", by):
        demand(rules.cannot_allocate(case_for(fund, by)))
        line = _line(fund, school, category, by)
        ledger.locked_lines([line.pk])  # before its fund, as submitting does: else the two could deadlock
        with changing(fund, "finance.allocate", by=by, clause=Clause.C4_2_G, standing=_allocates(by)) as fund:
            demand(rules.cannot_allocate(case_for(fund, by)))
            fund.state, fund.document = FundState.ALLOCATED, document
        ledger.grant(line, amount, document=document, by=by)
    line.refresh_from_db()
    return line


def cut(line: BudgetLine, *, amount: Decimal, document: str, by: Any) -> BudgetLine:
    """核减预算: refused below what requests have reserved and spent."""
    with acting("finance.cut", by):
        demand(rules.cannot_allocate(case_for(line.fund, by)))
        line = ledger.locked_lines([line.pk])[line.pk]
        demand(rules.cannot_cut(line.available, amount))
        ledger.cut(line, amount, document=document, by=by)
        with changing(line.fund, "finance.cut", by=by, clause=Clause.C4_2_G, standing=_allocates(by)):
            pass
    line.refresh_from_db()
    return line


def freeze(fund: GroupFund, *, by: Any) -> GroupFund:
    """年末冻结: no more requests on this year's fund."""
    with changing(fund, "finance.freeze", by=by, clause=Clause.C4_2_E, standing=_allocates(by)) as fund:
        demand(rules.cannot_freeze(case_for(fund, by)))
        fund.state = FundState.FROZEN
    return fund
