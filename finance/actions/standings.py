"""身份: by what right somebody decides a step, by appointment or by a delegation that reaches it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext

from finance.actions import chain
from finance.choices import StepState
from finance.models import FundRequest, RequestStep, RequestVersion
from finance.querysets import BUREAU_ROLES, CONTAINER_COLUMN, ROLE_RIGHTS, reaching, served_groups
from finance.rules.delegation import Delegated, cannot_use_any
from kunshan_edu.core import access
from kunshan_edu.core.access import Grant, Rights


def open_steps(version: RequestVersion) -> list[RequestStep]:
    return [step for step in version.steps.all() if step.state == StepState.OPEN]


def concerned(fund_request: FundRequest) -> frozenset[int]:
    """The requester and the beneficiary, who decide no step, and in whose place nobody does."""
    return frozenset(filter(None, (fund_request.requester_id, fund_request.beneficiary_id)))


def container_id(step: RequestStep) -> int:
    return getattr(step, f"{CONTAINER_COLUMN[ROLE_RIGHTS[step.role][1]]}_id")


def has_right(step: RequestStep, rights: Rights) -> bool:
    """Does the actor hold the step's right, in whatever way?"""
    return container_id(step) in rights.ids(*ROLE_RIGHTS[step.role])


def delegated(step: RequestStep, rights: Rights, avoid: frozenset[int]) -> tuple[Delegated, ...]:
    """The delegations by which the actor holds the step's right; none when they hold it by appointment."""
    here = [r for r in rights.held(*ROLE_RIGHTS[step.role]) if r.object_id == container_id(step)]
    if any(right.delegation_id is None for right in here):
        return ()
    return tuple(Delegated(r.ceiling, r.giver_id is None or r.giver_id in avoid) for r in here)


def reaches(step: RequestStep, rights: Rights, version: RequestVersion) -> bool:
    """Does the actor hold the step's right in a way that reaches this request?"""
    if not has_right(step, rights):
        return False
    delegations = delegated(step, rights, concerned(version.fund_request))
    return cannot_use_any(delegations, version.band_amount) is None


def serves(step: RequestStep, rights: Rights, version: RequestVersion) -> bool:
    """Would the actor decide for the bureau on a group in which they hold a post?"""
    return step.role in BUREAU_ROLES and version.fund_request.fund.group_id in served_groups(rights)


def my_step(version: RequestVersion, rights: Rights) -> RequestStep | None:
    """The open step that the actor decides: the deciding one first, then one that consents, if several are theirs."""
    mine = [s for s in open_steps(version) if reaches(s, rights, version) and not serves(s, rights, version)]
    return min(mine, key=lambda s: (s.act != "approve", s.act != "consent", s.pk), default=None)


def step_standing(step: RequestStep | None, by: Any) -> Grant | None:
    """The grant by which somebody decides a step today: by appointment before by delegation."""
    if step is None:
        return None
    authority, model = ROLE_RIGHTS[step.role]
    version = step.version
    rows = access.grants(authority, model).filter(
        reaching(version.band_amount, concerned(version.fund_request)),
        user_id=by.pk,
        content_object_id=container_id(step),
    )
    return rows.order_by(F("delegation_id").asc(nulls_first=True), "pk").first()


def who_instead(step: RequestStep) -> str:
    """The names of those who may decide the step today, for somebody whose delegation does not reach it."""
    return gettext("、").join(user.name for user in chain.eligible(step)[:3])
