"""空缺: a step whose post falls vacant after submission is lifted to the bureau, never approved by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finance.actions import chain
from finance.actions.cases import tell_deciders
from finance.choices import StepReason, StepState
from finance.models import (
    RequestStep,
)
from finance.rules import chain as chain_rules
from groups.models import Bureau
from kunshan_edu.core.changes import change_all, changing
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


def _is_vacant(step: RequestStep) -> bool:
    return step.role not in chain_rules.BUREAU_ROLES and not chain.eligible(step).exists()


def vacant_steps() -> list[RequestStep]:
    """Open steps that nobody may decide today: their post fell vacant after submission."""
    rows = RequestStep.objects.open().select_related(
        "version__fund_request", "school", "group", "district", "bureau"
    )
    return [step for step in rows if _is_vacant(step)]


def lift(step: RequestStep, *, by: Any = None) -> RequestStep:
    """空缺上提: a step that nobody may decide goes to the bureau; it is never taken as approved."""
    role = chain_rules.LEADER if step.act == "approve" else chain_rules.BUREAU_FINANCE
    with changing(step.version.fund_request, "finance.lift", by=by, clause=Clause.C4_1_A) as fund_request:
        if not _is_vacant(step):
            return step
        change_all(
            RequestStep.objects.filter(pk=step.pk, state=StepState.OPEN),
            verb="finance.lift",
            by=by,
            role=role,
            school=None,
            group=None,
            district=None,
            bureau=Bureau.objects.get(),
            reason=StepReason.VACANT,
            instead_of=step.role,
            why=chain_rules.VACANT_WHY,
            why_params={"place": str(step.container), "role": chain_rules.ROLE_WORDS[step.role]},
        )
        tell_deciders(step.version, fund_request)
    step.refresh_from_db()
    return step
