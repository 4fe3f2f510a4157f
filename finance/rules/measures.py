"""使用办法的规则: who may prepare and publish Measures, and when not. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from finance.rules.chain import Limit
from kunshan_edu.core.denials import FORBIDDEN, Denial, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.money import format_money


@dataclass(frozen=True)
class Case:
    """The Measures as they are, and who acts. limits: per origin."""

    state: str = "draft"
    may_prepare: bool = False
    may_publish: bool = False
    is_preparer: bool = False
    limits: tuple[tuple[Limit, ...], ...] = ()


def cannot_prepare(case: Case) -> Denial | None:
    """拟订使用办法"""
    if not case.may_prepare:
        return Denial(
            "not_a_preparer",
            _("使用办法由市教育局计财科拟订，您没有该权限。"),
            Clause.C4_2_K,
            status=FORBIDDEN,
        )
    if case.state != "draft":
        return Denial("measures_published", _("已发布的使用办法不能改写，请拟订新办法。"), Clause.C4_2_K)
    return None


NO_DECISION = Denial(
    "limit_lacks_its_decision",
    _("每个限额须有一个由其审批人办理的审批环节，请补齐。"),
    Clause.C4_2_L,
)


def limits_fault(limits: Iterable[Limit]) -> Denial | None:
    """Does each limit hold its decision, and do those for any category join from 0 up without a gap?

    The database checks the same on publishing.
    """
    limits = tuple(limits)
    if any([s.role for s in limit.steps if s.act == "approve"] != [limit.role] for limit in limits):
        return NO_DECISION
    reached: Decimal | None = Decimal(0)
    for limit in sorted((x for x in limits if x.category is None), key=lambda x: x.above):
        if reached is None or limit.above != reached:
            break
        reached = limit.up_to
    else:
        if reached is None:
            return None
    gap = format_money(reached or Decimal(0))
    return Denial(
        "limits_leave_a_gap",
        _("限额在 %(gap)s 元处没有接上：每种来源须从 0 元起连续到不设上限，请补齐。"),
        Clause.C4_2_L,
        params={"gap": gap},
    )


def cannot_publish(case: Case) -> Denial | None:
    """发布使用办法: by a bureau leader who did not prepare them, with limits that leave no gap."""
    if not case.may_publish:
        return Denial(
            "not_a_publisher",
            _("使用办法由市教育局领导发布，您没有该权限。"),
            Clause.C4_2_K,
            status=FORBIDDEN,
        )
    if case.state != "draft":
        return Denial("measures_published", _("该使用办法已经发布。"), Clause.C4_2_K)
    if case.is_preparer:
        return Denial(
            "second_person_needed",
            _("使用办法须由拟订人以外的局领导发布。"),
            Clause.C4_2_K,
            status=FORBIDDEN,
        )
    faults = (limits_fault(limits) for limits in case.limits)
    return next((fault for fault in faults if fault), None)


def cannot_end(case: Case) -> Denial | None:
    """废止使用办法"""
    if not case.may_publish:
        return Denial(
            "not_a_publisher",
            _("使用办法由市教育局领导废止，您没有该权限。"),
            Clause.C4_2_K,
            status=FORBIDDEN,
        )
    if case.state != "published":
        return Denial("measures_not_published", _("只有已发布的使用办法可以废止。"), Clause.C4_2_K)
    return None
