"""What the rules of a fund request look at, and who is told of what."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from finance.actions import chain
from finance.actions.standings import (
    concerned,
    delegated,
    has_right,
    my_step,
    open_steps,
    reaches,
    serves,
    step_standing,
    who_instead,
)
from finance.choices import FundState, MeasuresState, Origin, RequestState
from finance.models import (
    Decision,
    FundRequest,
    Measures,
    RequestStep,
    RequestVersion,
)
from finance.rules import fund_request as rules
from finance.rules.delegation import cannot_use_any
from groups.choices import Authority
from groups.models import EducationGroup, School
from kunshan_edu.core import access, clock, inbox
from kunshan_edu.core.access import Grant, Rights
from kunshan_edu.core.changes import VANISHED
from kunshan_edu.core.denials import Denied, _

ZERO = Decimal("0.00")
PAYABLE = (RequestState.APPROVED, RequestState.PAYING)


def current_version(fund_request: FundRequest) -> RequestVersion | None:
    """The version that was submitted last, or None for a draft; it never changes, so the row in hand keeps it."""
    kept: RequestVersion | None = fund_request.__dict__.get("_version")
    if fund_request.current and (kept is None or kept.number != fund_request.current):
        kept = next((v for v in fund_request.versions.all() if v.number == fund_request.current), None)
        fund_request.__dict__["_version"] = kept
    return kept if fund_request.current else None


def submitted_version(fund_request: FundRequest) -> RequestVersion:
    """The current version of a request that was submitted; Denied when it has none."""
    version = current_version(fund_request)
    if version is None:
        raise Denied(VANISHED)
    return version


def may_draft(fund_request: FundRequest, rights: Rights) -> bool:
    if fund_request.origin == Origin.SCHOOL:
        return fund_request.school_id in rights.ids(Authority.DRAFT_SCHOOL_REQUEST, School)
    if fund_request.pk is None:
        return fund_request.fund.group_id in rights.ids(Authority.DRAFT_GROUP_REQUEST, EducationGroup)
    return _drafts_for_group(fund_request, rights)


def line_of(fund_request: FundRequest, rights: Rights) -> str:
    """The line that a request of the group is drafted for: its drafter's; empty for who serves the whole group."""
    if fund_request.origin == Origin.SCHOOL:
        return ""
    held = rights.held(Authority.DRAFT_GROUP_REQUEST, EducationGroup)
    lines = [right.line for right in held if right.object_id == fund_request.fund.group_id]
    return "" if "" in lines else lines[0]


def _drafts_for_group(fund_request: FundRequest, rights: Rights) -> bool:
    """Does somebody draft for the group, the whole of it or the line of this request?"""
    held = rights.held(Authority.DRAFT_GROUP_REQUEST, EducationGroup)
    here = [right for right in held if right.object_id == fund_request.fund.group_id]
    return any(right.line in ("", fund_request.line) for right in here)


def unpaid_schools(fund_request: FundRequest, version: RequestVersion | None, rights: Rights) -> list[int]:
    """The bearing schools whose cashier the actor is and which have not paid yet."""
    if version is None or fund_request.state not in PAYABLE:
        return []
    paid = {payment.school_id for payment in fund_request.payments.all()}
    bearing = {line.school_id for line in version.lines.all()}
    return sorted((bearing - paid) & rights.ids(Authority.RECORD_PAYMENT, School))


def _deciding_right(version: RequestVersion | None, rights: Rights) -> bool:
    """Does the actor hold the right of the level that decided, in a way that reaches this request?"""
    if version is None:
        return False
    return any(reaches(step, rights, version) for step in version.steps.all() if step.act == "approve")


def _asked(step: RequestStep, version: RequestVersion, rights: Rights) -> rules.OpenStep:
    """An open step as the rules see it for one person."""
    mine = has_right(step, rights)
    lent = delegated(step, rights, concerned(version.fund_request)) if mine else ()
    instead = who_instead(step) if cannot_use_any(lent, version.band_amount) else ""
    apart = mine and serves(step, rights, version)
    return rules.OpenStep(step.pk, step.role, step.act, mine, lent, instead, apart)


def _decided(
    version: RequestVersion | None, decisions: list[Decision], rights: Rights
) -> rules.Decided | None:
    """The last decision on a step of the version whose right the actor holds."""
    if version is None or not decisions:
        return None
    mine = {s.pk for s in version.steps.all() if has_right(s, rights)}
    last = next((d for d in reversed(decisions) if d.step_id in mine), None)
    return (
        rules.Decided(str(last.actor), f"{last.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}")
        if last
        else None
    )


def _measures_apply(version: RequestVersion | None) -> bool:
    """Are there Measures in force today? Mostly those that the request goes by, which a page has at hand."""
    measures = version.measures if version else None
    if measures and measures.state == MeasuresState.PUBLISHED and access.is_in_force(measures):
        return True
    return Measures.objects.in_force().exists()


def case_for(fund_request: FundRequest, by: Any, seen: rules.Seen | None = None) -> rules.Case:
    """What the rules of a fund request look at, for one person today.

    Reads related rows through `.all()`, so that a page which has them at hand asks the database for nothing twice.
    """
    rights = access.rights_of(by)
    version = current_version(fund_request)
    steps = open_steps(version) if version else []
    decisions = list(version.decisions.all()) if version else []
    group = fund_request.fund.group_id
    asked = tuple(_asked(step, version, rights) for step in steps) if version else ()
    return rules.Case(
        state=fund_request.state,
        version=fund_request.current,
        digest=version.digest if version else "",
        amount=version.amount if version else fund_request.amount,
        band=version.band_amount if version else fund_request.amount,
        is_requester=fund_request.requester_id == by.pk,
        is_beneficiary=fund_request.beneficiary_id == by.pk,
        may_draft=may_draft(fund_request, rights),
        fund_allocated=fund_request.fund.state == FundState.ALLOCATED,
        measures_in_force=_measures_apply(version),
        open_steps=asked,
        decided=None if any(step.mine for step in asked) else _decided(version, decisions, rights),
        approvals=len(decisions),
        approved_by_actor=any(d.actor_id == by.pk for d in decisions),
        needs_minutes=version is not None and version.needs_minutes,
        has_minutes=version is not None and version.needs_minutes and len(fund_request.minutes.all()) > 0,
        may_record_minutes=may_draft(fund_request, rights)
        or _drafts_for_group(fund_request, rights)
        or any(  # the president; a delegate is lent the approval alone
            right.object_id == group and right.delegation_id is None
            for right in rights.held(Authority.APPROVE_AS_PRESIDENT, EducationGroup)
        ),
        may_cancel=fund_request.state == RequestState.APPROVED and _deciding_right(version, rights),
        may_pay=bool(unpaid_schools(fund_request, version, rights)),
        payments=fund_request.payments.count() if fund_request.state in PAYABLE else 0,
        seen=seen,
    )


def drafts_as(by: Any) -> Callable[[FundRequest], Grant | None]:
    """The grant by which somebody drafts for the unit of a request."""

    def find(fund_request: FundRequest) -> Grant | None:
        if fund_request.origin == Origin.SCHOOL:
            return access.standing(by, Authority.DRAFT_SCHOOL_REQUEST, fund_request.school)
        return access.standing(by, Authority.DRAFT_GROUP_REQUEST, fund_request.fund.group)

    return find


def decides_as(by: Any) -> Callable[[FundRequest], Grant | None]:
    """The grant by which somebody decides the open step of a request that is theirs."""

    def find(fund_request: FundRequest) -> Grant | None:
        version = current_version(fund_request)
        return step_standing(my_step(version, access.rights_of(by)), by) if version else None

    return find


def decided_as(by: Any) -> Callable[[FundRequest], Grant | None]:
    """The grant of the level that decided a request, if somebody holds it."""

    def find(fund_request: FundRequest) -> Grant | None:
        version = current_version(fund_request)
        steps = version.steps.filter(act="approve") if version else ()
        return next(filter(None, (step_standing(step, by) for step in steps)), None)

    return find


def tell_deciders(version: RequestVersion, fund_request: FundRequest) -> None:
    for step in open_steps(version):
        inbox.tell(
            chain.eligible(step),
            _("%(title)s（%(amount)s 元）等待您办理。"),
            url=fund_request.get_absolute_url(),
            params={"title": fund_request.title, "amount": f"{version.amount:,.2f}"},
        )


def tell_requester(fund_request: FundRequest, text: str, **params: Any) -> None:
    inbox.tell(
        [fund_request.requester],
        text,
        url=fund_request.get_absolute_url(),
        params={"title": fund_request.title, **params},
    )
