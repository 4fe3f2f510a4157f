"""The verbs of delegation: give one's right to approve to another for a time, reassign it, and take it back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, clock, inbox
from kunshan_edu.core.changes import acting, add, changing, locked
from kunshan_edu.core.denials import _, demand
from kunshan_edu.core.guideline import Clause
from personnel.choices import SCOPE_OF, DelegationKind, Post
from personnel.models import Appointment, Delegation, Person
from personnel.rules import delegation as rules


def delegable(by: Any) -> Any:
    """The posts of `by` in office whose right to approve may be delegated."""
    return Appointment.objects.in_force().of_user(by).filter(post__in=list(rules.DELEGATES))


def stand_ins(appointments: Any) -> Any:
    """The people who may be asked to stand in for any of these posts."""
    wanted = Q(pk__in=[])
    for appointment in appointments:
        scope = SCOPE_OF[Post(appointment.post)].value
        place = {f"{scope}_id": getattr(appointment, f"{scope}_id")}
        wanted |= Q(post__in=rules.DELEGATES[appointment.post], **place)
    held = Appointment.objects.in_force().filter(wanted)
    return Person.objects.filter(pk__in=held.values("person"), user__isnull=False)


def _posts_of(row: Delegation) -> frozenset[str]:
    """What the delegate holds on all days of the delegation: in the giver's container, of a reassignment anywhere."""
    held = Appointment.objects.in_force(row.valid_from).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=row.valid_to), person=row.delegate
    )
    if row.kind == DelegationKind.OWN:
        scope = SCOPE_OF[Post(row.appointment.post)].value
        held = held.filter(**{f"{scope}_id": getattr(row.appointment, f"{scope}_id")})
    return frozenset(held.values_list("post", flat=True))


def delegation_case(appointment: Appointment, by: Any) -> rules.DelegationCase:
    """What the rules look at before a delegate is chosen."""
    return rules.DelegationCase(
        is_giver=appointment.person is not None and appointment.person.user_id == getattr(by, "pk", None),
        may_reassign=access.rights_of(by).anywhere(Authority.REASSIGN_APPROVALS, Bureau),
        giver_post=appointment.post,
        giver_in_office=appointment.is_in_force,
    )


def case_of_anybody(by: Any) -> rules.DelegationCase:
    """What the rules look at before a post is chosen: has `by` one to delegate, and may `by` reassign others'?"""
    mine = delegable(by).first()
    if mine is not None:
        return delegation_case(mine, by)
    may = access.rights_of(by).anywhere(Authority.REASSIGN_APPROVALS, Bureau)
    return rules.DelegationCase(may_reassign=may, giver_post=Post.GROUP_PRESIDENT)


def entrust(appointment: Appointment, *, by: Any, **facts: Any) -> Delegation:
    """委托或改派: of one's own post, or of another's by the bureau."""
    own = delegation_case(appointment, by).is_giver
    return (give if own else reassign)(appointment, by=by, **facts)


def case_of(delegation: Delegation, by: Any) -> rules.DelegationCase:
    """What the rules of an existing delegation look at."""
    case = delegation_case(delegation.appointment, by)
    # what was taken back before it began is over, too
    ended = delegation.valid_to <= max(clock.today(), delegation.valid_from)
    return rules.DelegationCase(is_giver=case.is_giver, may_reassign=case.may_reassign, ended=ended)


def _as_holder(appointment: Appointment, by: Any) -> access.Right | None:
    """The giver's own post, as the audit tells it; None of who gives in another's place."""
    rows = access.rights_of(by).rows
    return next((r for r in rows if r.source_id == appointment.pk and r.delegation_id is None), None)


def _as_giver(delegation: Delegation, by: Any) -> access.Right | None:
    return _as_holder(delegation.appointment, by)


def _make(row: Delegation, kind: DelegationKind, verb: str, by: Any) -> Delegation:
    giver, row.kind, row.made_by = locked(row.appointment), kind, by
    reassigned = kind == DelegationKind.BUREAU
    case = rules.DelegationCase(giver_post=giver.post, posts=_posts_of(row), is_reassignment=reassigned)
    demand(rules.cannot_be_delegate(case))
    demand(rules.too_long(row.valid_from, row.valid_to))
    row = add(row, verb, by=by, clause=Clause.C4_2_L, standing=_as_holder(giver, by))
    told = [row.delegate.user, giver.person.user if reassigned and giver.person else None]
    text = _("%(giver)s的审批已委托给%(delegate)s办理，按“代”字署名。")
    words = {"giver": str(giver.holder), "delegate": row.delegate.name}
    inbox.tell([u for u in told if u], text, url=row.get_absolute_url(), params=words)
    return row


def give(
    appointment: Appointment,
    *,
    delegate: Person,
    valid_from: dt.date,
    valid_to: dt.date,
    reason: str,
    by: Any,
    ceiling: Decimal | None = None,
) -> Delegation:
    """委托审批: by the holder; the delegate's rights begin and end with its days, at midnight, by themselves.

    ceiling: yuan; what is asked of the delegate never exceeds what would be asked of the giver.
    """
    row = Delegation(
        appointment=appointment,
        delegate=delegate,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        ceiling=ceiling,
    )
    with acting("personnel.delegate", by):
        demand(rules.cannot_delegate(delegation_case(locked(appointment), by)))
        return _make(row, DelegationKind.OWN, "personnel.delegate", by)


def reassign(
    appointment: Appointment,
    *,
    delegate: Person,
    valid_from: dt.date,
    valid_to: dt.date,
    reason: str,
    by: Any,
    ceiling: Decimal | None = None,
) -> Delegation:
    """改派: by a bureau leader in the holder's place, when work lies too long; the holder and the delegate are told."""
    row = Delegation(
        appointment=appointment,
        delegate=delegate,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        ceiling=ceiling,
    )
    with acting("personnel.reassign", by):
        demand(rules.cannot_reassign(delegation_case(locked(appointment), by)))
        return _make(row, DelegationKind.BUREAU, "personnel.reassign", by)


def revoke(delegation: Delegation, *, by: Any) -> Delegation:
    """收回委托: from this instant on; what the delegate has decided stands."""
    verb, own = "personnel.revoke_delegation", partial(_as_giver, by=by)
    with changing(delegation, verb, by=by, clause=Clause.C4_2_L, standing=own) as delegation:
        demand(rules.cannot_revoke(case_of(delegation, by)))
        delegation.valid_to = max(delegation.valid_from, clock.today())
    return delegation
