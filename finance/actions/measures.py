"""使用办法的办理: prepare with limits as rows, publish by a second person, end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from finance.choices import MeasuresState, Origin
from finance.models import ApprovalLimit, ExpenseCategory, LimitStep, Measures
from finance.models.measures import ESCALATE_AFTER, REMIND_AFTER
from finance.rules import measures as rules
from finance.rules.chain import Limit
from finance.rules.chain import LimitStep as PlannedLimitStep
from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access
from kunshan_edu.core.access import Grant
from kunshan_edu.core.changes import acting, add, add_all, changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause


def limits_of(measures: Measures, origin: int) -> tuple[Limit, ...]:
    """The limits of one origin as the rules read them."""
    rows = measures.limits.filter(origin=origin).prefetch_related("steps").order_by("above")
    return tuple(
        Limit(
            row.role,
            row.above,
            row.up_to,
            row.category_id,
            tuple(PlannedLimitStep(s.role, s.act) for s in sorted(row.steps.all(), key=lambda s: s.seq)),
        )
        for row in rows
    )


def case_for(measures: Measures | None, by: Any) -> rules.Case:
    """What the rules of Measures look at."""
    rights = access.rights_of(by)
    return rules.Case(
        state=measures.state if measures else MeasuresState.DRAFT,
        may_prepare=rights.anywhere(Authority.PREPARE_MEASURES, Bureau),
        may_publish=rights.anywhere(Authority.PUBLISH_MEASURES, Bureau),
        is_preparer=measures is not None and measures.prepared_by_id == by.pk,
        limits=tuple(limits_of(measures, o) for o in Origin.values) if measures else (),
    )


def _prepares(by: Any) -> Grant | None:
    """The grant by which somebody prepares Measures."""
    return access.standing(by, Authority.PREPARE_MEASURES, Bureau.objects.get())


def _publishes(by: Any) -> Grant | None:
    """The grant by which somebody publishes and ends Measures."""
    return access.standing(by, Authority.PUBLISH_MEASURES, Bureau.objects.get())


def prepare(
    *,
    title: str,
    document: str,
    valid_from: dt.date,
    collective_threshold: Decimal,
    by: Any,
    is_example: bool = False,
    split_window_days: int = 30,
    remind_after_days: int = REMIND_AFTER,
    escalate_after_days: int = ESCALATE_AFTER,
) -> Measures:
    """拟订使用办法"""
    row = Measures(
        title=title,
        document=document,
        valid_from=valid_from,
        collective_threshold=collective_threshold,
        split_window_days=split_window_days,
        remind_after_days=remind_after_days,
        escalate_after_days=escalate_after_days,
        is_example=is_example,
        prepared_by=by,
    )
    with acting("finance.prepare_measures", by):
        demand(rules.cannot_prepare(case_for(None, by)))
        return add(row, "finance.prepare_measures", by=by, clause=Clause.C4_2_K, standing=_prepares(by))


def add_limit(
    measures: Measures,
    *,
    origin: int,
    role: str,
    above: Decimal,
    up_to: Decimal | None,
    steps: Iterable[tuple[str, str]],
    by: Any,
    category: ExpenseCategory | None = None,
) -> ApprovalLimit:
    """增加审批限额: a range of amounts, who decides it, and the steps (role, act) around the decision."""
    with acting("finance.add_limit", by):
        demand(rules.cannot_prepare(case_for(measures, by)))
        limit = add(
            ApprovalLimit(
                measures=measures, origin=origin, role=role, above=above, up_to=up_to, category=category
            ),
            "finance.add_limit",
            by=by,
            clause=Clause.C4_2_L,
            standing=_prepares(by),
        )
        rows = (LimitStep(limit=limit, seq=n, role=r, act=a) for n, (r, a) in enumerate(steps, 1))
        add_all(rows, verb="finance.add_limit", by=by)
    return limit


def publish(measures: Measures, *, by: Any) -> Measures:
    """发布使用办法"""
    clause = Clause.C4_2_K
    with changing(measures, "finance.publish", by=by, clause=clause, standing=_publishes(by)) as measures:
        demand(rules.cannot_publish(case_for(measures, by)))
        measures.state, measures.published_by = MeasuresState.PUBLISHED, by
    return measures


def end(measures: Measures, *, valid_to: dt.date, by: Any) -> Measures:
    """废止使用办法: `valid_to` is the first day on which they no longer apply."""
    clause = Clause.C4_2_K
    with changing(
        measures, "finance.end_measures", by=by, clause=clause, standing=_publishes(by)
    ) as measures:
        demand(rules.cannot_end(case_for(measures, by)))
        measures.valid_to = valid_to
    return measures
