"""What the rules of a fund request look at, and who is told of what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finance.actions import chain
from finance.choices import FundState, Origin, RequestState
from finance.models import (
    FundRequest,
    Measures,
    RequestStep,
    RequestVersion,
)
from finance.querysets import ROLE_RIGHTS
from finance.rules import fund_request as rules
from groups.choices import Authority
from groups.models import School
from kunshan_edu.core import access, inbox
from kunshan_edu.core.access import Rights
from kunshan_edu.core.changes import VANISHED
from kunshan_edu.core.denials import Denied, _

ZERO = Decimal("0.00")


def current_version(fund_request: FundRequest) -> RequestVersion | None:
    """The version that was submitted last, or None for a draft."""
    return fund_request.versions.filter(number=fund_request.current).first()


def submitted_version(fund_request: FundRequest) -> RequestVersion:
    """The current version of a request that was submitted; Denied when it has none."""
    version = current_version(fund_request)
    if version is None:
        raise Denied(VANISHED)
    return version


def may_draft(fund_request: FundRequest, rights: Rights) -> bool:
    if fund_request.origin == Origin.SCHOOL:
        return rights.may(Authority.DRAFT_SCHOOL_REQUEST, fund_request.school)
    return rights.may(Authority.DRAFT_GROUP_REQUEST, fund_request.fund.group)


def has_right(step: RequestStep, rights: Rights) -> bool:
    authority, _model = ROLE_RIGHTS[step.role]
    return rights.may(authority, step.container)


def unpaid_schools(fund_request: FundRequest, version: RequestVersion | None, rights: Rights) -> list[int]:
    """The bearing schools whose cashier the actor is and which have not paid yet."""
    if version is None or fund_request.state not in (RequestState.APPROVED, RequestState.PAYING):
        return []
    paid = set(fund_request.payments.values_list("school_id", flat=True))
    bearing = set(version.lines.values_list("school_id", flat=True))
    return sorted((bearing - paid) & rights.ids(Authority.RECORD_PAYMENT, School))


def _deciding_right(version: RequestVersion | None, rights: Rights) -> bool:
    """Does the actor hold the right of the level that decided?"""
    steps = version.steps.filter(act="approve") if version else ()
    return any(has_right(step, rights) for step in steps)


def case_for(fund_request: FundRequest, by: Any, seen: rules.Seen | None = None) -> rules.Case:
    """What the rules of a fund request look at, for one person today."""
    rights = access.rights_of(by)
    version = current_version(fund_request)
    steps = open_steps(version) if version else []
    decisions = list(version.decisions.all()) if version else []
    return rules.Case(
        state=fund_request.state,
        version=fund_request.current,
        digest=version.digest if version else "",
        amount=version.amount if version else fund_request.amount,
        is_requester=fund_request.requester_id == by.pk,
        is_beneficiary=fund_request.beneficiary_id == by.pk,
        may_draft=may_draft(fund_request, rights),
        fund_allocated=fund_request.fund.state == FundState.ALLOCATED,
        measures_in_force=Measures.objects.in_force().exists(),
        open_steps=tuple(rules.OpenStep(s.pk, s.role, s.act, has_right(s, rights)) for s in steps),
        approvals=len(decisions),
        approved_by_actor=any(d.actor_id == by.pk for d in decisions),
        needs_minutes=version is not None and version.needs_minutes,
        has_minutes=version is not None and version.needs_minutes and fund_request.minutes.exists(),
        may_record_minutes=may_draft(fund_request, rights)
        or rights.may(Authority.DRAFT_GROUP_REQUEST, fund_request.fund.group)
        or rights.may(Authority.APPROVE_AS_PRESIDENT, fund_request.fund.group),
        may_cancel=fund_request.state == RequestState.APPROVED and _deciding_right(version, rights),
        may_pay=bool(unpaid_schools(fund_request, version, rights)),
        payments=fund_request.payments.count(),
        seen=seen,
    )


def open_steps(version: RequestVersion) -> list[RequestStep]:
    return list(version.steps.open().select_related("school", "group", "district", "bureau"))


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
