"""审批: approve, return, reject, withdraw, cancel, and the minutes of a collective decision."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from finance import ledger
from finance.actions import chain
from finance.actions.cases import (
    case_for,
    current_version,
    decided_as,
    decides_as,
    drafts_as,
    submitted_version,
    tell_deciders,
    tell_requester,
)
from finance.actions.standings import my_step, step_standing
from finance.choices import RequestState, StepState, Verdict
from finance.models import (
    Decision,
    FundRequest,
    Measures,
    Minutes,
    RequestStep,
    RequestVersion,
)
from finance.rules import fund_request as rules
from kunshan_edu.core import access
from kunshan_edu.core.changes import add, change_all, changing
from kunshan_edu.core.denials import Denied, _, demand
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


def _decide(
    fund_request: FundRequest, verdict: Verdict, *, by: Any, opinion: str, idem: uuid.UUID | None
) -> tuple[RequestVersion, RequestStep]:
    version = submitted_version(fund_request)
    step = my_step(version, access.rights_of(by))
    standing = step_standing(step, by)
    if step is None or standing is None:
        raise Denied(rules.NOT_YOUR_STEP)
    decision = Decision(
        step=step,
        version=version,
        actor=by,
        capacity=standing.capacity,
        appointment_id=standing.source_id,
        delegation_id=standing.delegation_id,
        measures=Measures.objects.in_force().first(),
        verdict=verdict,
        opinion=opinion.strip(),
        digest=version.digest,
        amount=version.amount,
        idem=idem or uuid.uuid4(),
    )
    add(decision, f"finance.{verdict.value}", by=by, clause=Clause.C4_2_L, standing=standing)
    return version, step


def approve(
    fund_request: FundRequest,
    *,
    by: Any,
    opinion: str = "",
    seen: rules.Seen | None = None,
    idem: uuid.UUID | None = None,
) -> FundRequest:
    """同意: one step of the chain; the last one makes the request approved."""
    with changing(
        fund_request, "finance.approve", by=by, clause=Clause.C4_2_L, standing=decides_as(by)
    ) as fund_request:
        demand(rules.cannot_approve(case_for(fund_request, by, seen)))
        version, step = _decide(fund_request, Verdict.APPROVE, by=by, opinion=opinion, idem=idem)
        if chain.advance(version, step, by=by):
            tell_deciders(version, fund_request)
        else:
            fund_request.state = RequestState.APPROVED
            tell_requester(fund_request, _("%(title)s已批准，可以支付。"))
    return fund_request


OPINION_NEEDED = rules.Denial(
    "opinion_needed",
    _("退回或驳回须填写意见，说明需要怎样修改或不予批准的原因。"),
    field="opinion",
    status=422,
)
# A refusing verdict: its rule, what it makes of a request, and what the requester is told.
REFUSING = {
    Verdict.RETURN: (rules.cannot_return, RequestState.RETURNED, _("%(title)s被退回：%(opinion)s")),
    Verdict.REJECT: (rules.cannot_reject, RequestState.REJECTED, _("%(title)s被驳回：%(opinion)s")),
}


def _refuse(
    fund_request: FundRequest, verdict: Verdict, *, by: Any, opinion: str, seen: Any, idem: Any
) -> FundRequest:
    """Decide against a request: its chain is closed, what it reserved is released, its requester told why."""
    rule, state, text = REFUSING[verdict]
    with changing(
        fund_request, f"finance.{verdict.value}", by=by, clause=Clause.C4_2_L, standing=decides_as(by)
    ) as fund_request:
        demand(rule(case_for(fund_request, by, seen)))
        if not opinion.strip():
            raise Denied(OPINION_NEEDED)
        version, step = _decide(fund_request, verdict, by=by, opinion=opinion, idem=idem)
        change_all(version.steps.filter(pk=step.pk), verb="finance.refuse", by=by, state=StepState.DONE)
        chain.close(version, by=by)
        ledger.release(version, by=by)
        fund_request.state = state
        tell_requester(fund_request, text, opinion=opinion[:150])
    return fund_request


def return_(
    fund_request: FundRequest,
    *,
    by: Any,
    opinion: str,
    seen: rules.Seen | None = None,
    idem: uuid.UUID | None = None,
) -> FundRequest:
    """退回补正: the requester may change it and submit again."""
    return _refuse(fund_request, Verdict.RETURN, by=by, opinion=opinion, seen=seen, idem=idem)


def reject(
    fund_request: FundRequest,
    *,
    by: Any,
    opinion: str,
    seen: rules.Seen | None = None,
    idem: uuid.UUID | None = None,
) -> FundRequest:
    """驳回: final."""
    return _refuse(fund_request, Verdict.REJECT, by=by, opinion=opinion, seen=seen, idem=idem)


def withdraw(fund_request: FundRequest, *, by: Any) -> FundRequest:
    """撤回: by the requester, until the first approval; what was reserved is released."""
    with changing(
        fund_request, "finance.withdraw", by=by, clause=Clause.C4_2_B, standing=drafts_as(by)
    ) as fund_request:
        demand(rules.cannot_withdraw(case_for(fund_request, by)))
        version = current_version(fund_request)
        if version and fund_request.state == RequestState.PENDING:
            chain.close(version, by=by)
            ledger.release(version, by=by)
        fund_request.state = RequestState.WITHDRAWN
    return fund_request


def cancel(fund_request: FundRequest, *, by: Any, opinion: str) -> FundRequest:
    """作废: an approved, unpaid request, by the level that approved it."""
    with changing(
        fund_request,
        "finance.cancel",
        by=by,
        clause=Clause.C4_2_L,
        standing=decided_as(by),
        reason=opinion,
    ) as fund_request:
        demand(rules.cannot_cancel(case_for(fund_request, by)))
        if not opinion.strip():
            raise Denied(OPINION_NEEDED)
        version = submitted_version(fund_request)
        ledger.release(version, by=by)
        fund_request.state = RequestState.CANCELLED
        tell_requester(fund_request, _("%(title)s已作废：%(opinion)s"), opinion=opinion[:150])
    return fund_request


def record_minutes(
    fund_request: FundRequest,
    *,
    body: str,
    number: str,
    held_on: dt.date,
    due: int,
    present: int,
    conclusion: str,
    by: Any,
) -> FundRequest:
    """登记集体决策纪要: before the deciding step of a large request."""
    with changing(
        fund_request, "finance.record_minutes", by=by, clause=Clause.C4_2_L, standing=drafts_as(by)
    ) as fund_request:
        demand(rules.cannot_record_minutes(case_for(fund_request, by)))
        minutes = Minutes(
            fund_request=fund_request,
            body=body,
            number=number,
            held_on=held_on,
            due=due,
            present=present,
            conclusion=conclusion,
            recorded_by=by,
        )
        add(minutes, "finance.record_minutes", by=by, clause=Clause.C4_2_L)
    return fund_request
