"""审批路径预览: what submitting would do, by the same computation as submission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finance.actions import chain, submitting
from finance.choices import FundState
from finance.models import FundRequest
from finance.rules import chain as chain_rules
from finance.rules import fund_request as rules
from finance.views.looks import effect, named, step_name
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.models import User

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Preview:
    """The total, what each budget line would have left, the chain with its people, and what stands in the way."""

    total: Decimal
    effects: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    denials: list[Denial]
    band: Decimal = ZERO
    document: str = ""
    needs_minutes: bool = False


def preview_of(fund_request: FundRequest, lines: Iterable[Any]) -> Preview:
    """What submitting these lines today would reserve and whom it would ask; nothing is written."""
    lines = list(lines)
    total = sum((line.amount for line in lines), ZERO)
    if not lines:
        return Preview(total, [], [], [])
    budget = submitting.budget_lines(fund_request, lines)
    denial = rules.cannot_submit(_case(fund_request, lines, budget))
    effects = [effect(budget[key], amount) for key, amount in _asked(lines).items() if key in budget]
    denials = [denial] if denial else []
    try:
        measures = chain.measures_now()
        setting = submitting.preview(fund_request, lines)
        planned = chain_rules.resolve(setting)
    except Denied as refusal:
        return Preview(total, effects, [], [*denials, refusal.denial])
    needs_minutes = setting.band_amount >= measures.collective_threshold
    steps = _steps(planned)
    return Preview(total, effects, steps, denials, setting.band_amount, setting.document, needs_minutes)


def _case(fund_request: FundRequest, lines: list[Any], budget: Any) -> rules.Case:
    return rules.Case(
        state="draft",
        is_requester=True,
        may_draft=True,
        lines=len(lines),
        fund_allocated=fund_request.fund.state == FundState.ALLOCATED,
        affiliations_hold=all((x.school_id, x.category_id) in budget for x in lines),
        shortfalls=submitting.shortfalls(lines, budget),
    )


def _asked(lines: Iterable[Any]) -> dict[tuple[int, int], Decimal]:
    asked: dict[tuple[int, int], Decimal] = {}
    for line in lines:
        key = (line.school_id, line.category_id)
        asked[key] = asked.get(key, ZERO) + line.amount
    return asked


def _steps(planned: Iterable[chain_rules.PlannedStep]) -> list[dict[str, Any]]:
    planned = list(planned)
    ids = frozenset().union(*(step.people for step in planned))
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "name": step_name(step),
            "place": step.place.name,
            "people": sorted(named(names[pk], deputy=pk in step.delegates) for pk in step.people),
            "why": Denial("", step.why, params=step.params),
            "deciding": step.act == "approve",
            "reason": step.reason,
        }
        for step in planned
    ]
