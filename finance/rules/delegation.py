"""受托审批的规则: how far a right held by delegation reaches, and in whose matter it is not used. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kunshan_edu.core.denials import FORBIDDEN, Denial, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.money import format_money

NEXT_ABOVE = _("上一级审批人")


@dataclass(frozen=True)
class Delegated:
    """One delegation of a right. ceiling: yuan, None for none. concerned: its giver asks or benefits."""

    ceiling: Decimal | None = None
    concerned: bool = False


def cannot_use(delegated: Delegated, amount: Decimal, instead: str = "") -> Denial | None:
    """代为办理: `amount` is the one that limits compare (yuan); instead: who may decide, by name."""
    params = {"instead": instead or NEXT_ABOVE}
    if delegated.concerned:
        return Denial(
            "givers_own_request",
            _("委托人是本申请的申请人或受益人，受托人不能代为办理；请由%(instead)s办理。"),
            Clause.C4_2_L,
            params=params,
            status=FORBIDDEN,
        )
    if delegated.ceiling is None or amount <= delegated.ceiling:
        return None
    return Denial(
        "above_the_ceiling",
        _(
            "您受托办理的限额为 %(ceiling)s 元，本申请的限额计算金额 %(amount)s 元，超出限额；请由%(instead)s办理。"
        ),
        Clause.C4_2_L,
        params={
            **params,
            "ceiling": format_money(delegated.ceiling),
            "amount": format_money(amount),
        },
        status=FORBIDDEN,
    )


def _narrowness(delegated: Delegated) -> tuple[bool, Decimal]:
    """Sorts the delegation that reaches furthest first."""
    return delegated.concerned, -(Decimal("Infinity") if delegated.ceiling is None else delegated.ceiling)


def cannot_use_any(delegations: tuple[Delegated, ...], amount: Decimal, instead: str = "") -> Denial | None:
    """The same of all delegations of one right: one that reaches is enough; else why the widest does not."""
    refusals = [cannot_use(each, amount, instead) for each in sorted(delegations, key=_narrowness)]
    return refusals[0] if refusals and all(refusals) else None
