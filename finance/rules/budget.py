"""经费预算的规则: who may open, allocate, cut and freeze a fund, and why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kunshan_edu.core.denials import FORBIDDEN, Denial, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.money import format_money

NOT_AFFILIATED = Denial(
    "school_not_affiliated",
    _("该校今天没有登记隶属关系，无法确定保障级次，请先由人事科登记。"),
    Clause.C4_2_F,
    field="school",
)
NOT_AN_ALLOCATOR = Denial(
    "not_an_allocator",
    _("集团专项经费由市教育局计财科设立和下达，您没有该权限。"),
    Clause.C4_2_G,
    status=FORBIDDEN,
)


@dataclass(frozen=True)
class Case:
    """The fund as it is, and whether the actor allocates budgets today."""

    may_allocate: bool
    state: str = ""


def cannot_open(case: Case) -> Denial | None:
    """设立集团年度经费"""
    return None if case.may_allocate else NOT_AN_ALLOCATOR


def cannot_allocate(case: Case) -> Denial | None:
    """下达预算"""
    if not case.may_allocate:
        return NOT_AN_ALLOCATOR
    if case.state not in ("draft", "allocated"):
        return Denial("fund_is_closed", _("该年度经费已冻结或已决算，不能再下达或核减。"), Clause.C4_2_G)
    return None


def cannot_freeze(case: Case) -> Denial | None:
    """年末冻结"""
    if not case.may_allocate:
        return NOT_AN_ALLOCATOR
    if case.state != "allocated":
        return Denial("fund_not_allocated", _("只有已下达的年度经费可以冻结。"), Clause.C4_2_G)
    return None


def cannot_cut(available: Decimal, amount: Decimal) -> Denial | None:
    """核减预算: not below what is reserved and spent."""
    if amount <= available:
        return None
    return Denial(
        "cut_below_commitments",
        _("可核减 %(available)s 元，本次核减 %(amount)s 元；已占用和已支付的部分不能核减。"),
        Clause.C4_2_E,
        field="amount",
        params={"available": format_money(available), "amount": format_money(amount)},
    )
