"""Derives every guardian row from the appointments and memberships on record; nobody grants by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from groups.choices import WHOLE_LINES, Authority
from groups.models import Bureau, District, EducationGroup, Membership, School
from kunshan_edu.core.access import grant_model, permission_id
from kunshan_edu.core.changes import acting, record
from kunshan_edu.core.guideline import Clause
from personnel.choices import DELEGATED, SCOPE_OF, DelegationKind, Post
from personnel.models import Appointment, Delegation, Person
from personnel.rules.delegation import DELEGATES


@dataclass(frozen=True)
class Conferred:
    """One right a post confers: on its own container, or on every current member school of its group."""

    authority: Authority
    clause: Clause
    on_members: bool = False


def _own(clause: Clause, *authorities: Authority) -> tuple[Conferred, ...]:
    return tuple(Conferred(a, clause) for a in authorities)


def _members(clause: Clause, *authorities: Authority) -> tuple[Conferred, ...]:
    return tuple(Conferred(a, clause, on_members=True) for a in authorities)


# 职务 → 权限 (domain.md §2.2). The measures leave who checks and pays open; the clause is the one they stand on.
RIGHTS: dict[Post, tuple[Conferred, ...]] = {
    Post.GROUP_PRESIDENT: (
        Conferred(Authority.APPROVE_AS_PRESIDENT, Clause.C4_2_L),
        Conferred(Authority.VIEW_GROUP_FINANCE, Clause.C4_1_E),
        *_members(Clause.C4_1_E, Authority.VIEW_SCHOOL_FINANCE, Authority.VIEW_SCHOOL_STAFF),
        *_own(Clause.C6_3_B, Authority.NOMINATE_IN_GROUP, Authority.APPOINT_DEPARTMENT_HEADS),
        Conferred(Authority.MANAGE_GROUP_UNITS, Clause.C4_3_G),
        *_own(
            Clause.C4_1_U,
            Authority.ADOPT_POLICIES,
            Authority.APPROVE_ROTATION,
            Authority.RUN_TRAINING,
        ),
        Conferred(Authority.PROPOSE_GROUP_ROTATION, Clause.C3_2_B),
    ),
    Post.GROUP_SECRETARY: (
        Conferred(Authority.VIEW_GROUP_FINANCE, Clause.C4_1_D),
        *_members(Clause.C4_1_D, Authority.VIEW_SCHOOL_STAFF),
    ),
    Post.DEPUTY_SECRETARY: (
        Conferred(Authority.VIEW_GROUP_FINANCE, Clause.C4_1_F),
        *_members(Clause.C4_1_F, Authority.VIEW_SCHOOL_STAFF),
        Conferred(Authority.PROPOSE_GROUP_ROTATION, Clause.C3_2_B),
        Conferred(Authority.RUN_TRAINING, Clause.C4_1_U),
    ),
    Post.GROUP_OFFICE: (
        *_own(Clause.C4_1_I, Authority.VIEW_GROUP_FINANCE, Authority.DRAFT_GROUP_REQUEST),
        *_members(Clause.C4_1_J, Authority.VIEW_SCHOOL_STAFF),
        Conferred(Authority.PROPOSE_GROUP_ROTATION, Clause.C3_2_B),
        Conferred(Authority.RUN_TRAINING, Clause.C4_1_U),
    ),
    Post.GROUP_FINANCE: _own(
        Clause.C4_1_I,
        Authority.VIEW_GROUP_FINANCE,
        Authority.DRAFT_GROUP_REQUEST,
        Authority.CHECK_GROUP_ACCOUNTS,
    ),
    Post.EXECUTIVE_PRINCIPAL: (
        Conferred(Authority.APPROVE_AS_PRINCIPAL, Clause.C4_2_L),
        *_own(
            Clause.C4_1_N,
            Authority.VIEW_SCHOOL_FINANCE,
            Authority.DRAFT_SCHOOL_REQUEST,
            Authority.VIEW_SCHOOL_STAFF,
            Authority.REVEAL_SCHOOL_IDENTITIES,
        ),
        *_own(Clause.C3_3_A, Authority.EDIT_SCHOOL_PROFILE, Authority.AGREE_ROTATION),
        Conferred(Authority.PROPOSE_SCHOOL_ROTATION, Clause.C3_2_B),
        Conferred(Authority.NOMINATE_IN_SCHOOL, Clause.C4_1_O),
        *_own(Clause.C4_1_U, Authority.APPRAISE_STAFF, Authority.KEEP_STAFF_RECORDS),
    ),
    Post.VICE_PRINCIPAL: (
        *_own(
            Clause.C4_1_O,
            Authority.VIEW_SCHOOL_FINANCE,
            Authority.DRAFT_SCHOOL_REQUEST,
            Authority.VIEW_SCHOOL_STAFF,
        ),
        Conferred(Authority.EDIT_SCHOOL_PROFILE, Clause.C3_3_A),
        Conferred(Authority.PROPOSE_SCHOOL_ROTATION, Clause.C3_2_B),
        Conferred(Authority.KEEP_STAFF_RECORDS, Clause.C4_1_U),
    ),
    Post.DEPARTMENT_HEAD: _own(Clause.C4_1_O, Authority.DRAFT_SCHOOL_REQUEST),
    Post.CLERK: _own(Clause.C4_2_B, Authority.DRAFT_SCHOOL_REQUEST),
    Post.ENROLLMENT_CLERK: (),
    Post.SCHOOL_ACCOUNTANT: _own(
        Clause.C4_2_B,
        Authority.VIEW_SCHOOL_FINANCE,
        Authority.DRAFT_SCHOOL_REQUEST,
        Authority.KEEP_ACCOUNTS,
    ),
    Post.CASHIER: _own(Clause.C4_2_B, Authority.VIEW_SCHOOL_FINANCE, Authority.RECORD_PAYMENT),
    Post.BUREAU_LEADER: (
        *_own(Clause.C4_2_K, Authority.APPROVE_AS_BUREAU_LEADER, Authority.PUBLISH_MEASURES),
        Conferred(Authority.REASSIGN_APPROVALS, Clause.C4_2_L),
        *_own(Clause.C6_1_E, Authority.VIEW_ALL_FINANCE, Authority.MANAGE_REGISTER, Authority.VIEW_AUDIT),
        *_own(
            Clause.C6_3_A,
            Authority.CONFIRM_APPOINTMENTS,
            Authority.VIEW_ALL_STAFF,
            Authority.APPRAISE_HEADS,
            Authority.EXPLAIN_RIGHTS,
        ),
        Conferred(Authority.SET_QUOTAS, Clause.C4_1_H),
    ),
    Post.BUREAU_FINANCE: (
        *_own(Clause.C4_2_K, Authority.REVIEW_AS_BUREAU_FINANCE, Authority.PREPARE_MEASURES),
        *_own(Clause.C4_2_G, Authority.VIEW_ALL_FINANCE, Authority.ALLOCATE_BUDGET),
    ),
    Post.BUREAU_PERSONNEL: (
        *_own(
            Clause.C6_3_A,
            Authority.MANAGE_APPOINTMENTS,
            Authority.MANAGE_SCHOOLS,
            Authority.APPRAISE_HEADS,
            Authority.EXPLAIN_RIGHTS,
        ),
        *_own(Clause.C4_1_T, Authority.MANAGE_STAFF, Authority.VIEW_ALL_STAFF, Authority.REVEAL_IDENTITIES),
        Conferred(Authority.SET_QUOTAS, Clause.C4_1_H),
        Conferred(Authority.KEEP_CALENDAR, Clause.C6_2_A),
    ),
    Post.BUREAU_BASIC_EDUCATION: _own(Clause.C6_1_E, Authority.MANAGE_REGISTER),
    Post.BUREAU_SUPERVISION: (
        *_own(Clause.C4_3_H, Authority.VIEW_ALL_FINANCE, Authority.VIEW_AUDIT, Authority.VIEW_ALL_STAFF),
        *_own(Clause.C6_3_E, Authority.APPRAISE_HEADS, Authority.EXPLAIN_RIGHTS),
    ),
    Post.AUDITOR: _own(
        Clause.C6_1_E, Authority.VIEW_ALL_FINANCE, Authority.VIEW_ALL_STAFF, Authority.VIEW_AUDIT
    ),
    Post.VICE_MAYOR: _own(Clause.C6_1_E, Authority.VIEW_TOTALS),
    Post.DISTRICT_OFFICER: (
        *_own(Clause.C4_2_G, Authority.VIEW_DISTRICT_FINANCE, Authority.REVIEW_AS_DISTRICT),
        Conferred(Authority.NOMINATE_IN_DISTRICT, Clause.C4_1_K),
    ),
}

# What a delegate may do for the giver (使用办法): approve, and see what there is to approve. Never to delegate again.
DELEGABLE = {
    Authority.APPROVE_AS_PRESIDENT,
    Authority.APPROVE_AS_PRINCIPAL,
    Authority.APPROVE_AS_BUREAU_LEADER,
    Authority.VIEW_GROUP_FINANCE,
    Authority.VIEW_SCHOOL_FINANCE,
    Authority.VIEW_ALL_FINANCE,
}

Period = tuple[dt.date, dt.date | None]
CONTAINERS = (Bureau, District, EducationGroup, School)


def overlap(a: Period, b: Period) -> Period | None:
    """The days that two half-open periods share, or None."""
    start = max(a[0], b[0])
    ends = [end for end in (a[1], b[1]) if end is not None]
    end = min(ends) if ends else None
    return (start, end) if end is None or start < end else None


def _period(row: Appointment | Membership | Delegation) -> Period:
    return row.valid_from, row.valid_to


def _places(
    appointment: Appointment, right: Conferred, memberships: dict[int, list[Membership]]
) -> Iterator[tuple[type, int, Period]]:
    """The containers and days on which an appointment confers one right."""
    if right.on_members:
        for membership in memberships.get(appointment.group_id or 0, ()):
            shared = overlap(_period(appointment), _period(membership))
            if shared:
                yield School, membership.school_id, shared
        return
    days = overlap(_period(appointment), _period(appointment))
    if days:
        container = appointment.container
        yield type(container), container.pk, days


def _source_words(words: Any) -> str:
    """The words in Chinese whatever language is on: what is stored is translated where it is shown."""
    with override(None):
        return str(words)


def _row(appointment: Appointment, right: Conferred, model: type, pk: int, days: Period) -> Any:
    return grant_model(model)(
        user_id=appointment.person.user_id if appointment.person else None,
        permission_id=permission_id(model, right.authority.value),
        content_object_id=pk,
        source_id=appointment.pk,
        capacity=_source_words(Post(appointment.post).label),
        document=appointment.document,
        clause_id=right.clause.id,
        valid_from=days[0],
        valid_to=days[1],
        line=_line(appointment),
    )


def _line(appointment: Appointment) -> str:
    """The one line that the holder coordinates (4.1.j); empty: the whole of it, as for every other post."""
    if appointment.post != Post.GROUP_OFFICE or appointment.unit is None:
        return ""
    return "" if appointment.unit.line in WHOLE_LINES else appointment.unit.line


def _rests_on(delegation: Delegation, post: Appointment) -> bool:
    """Is this the post of the delegate by which the right was lent? A reassignment rests on any (4.2.l)."""
    if delegation.kind == DelegationKind.BUREAU:
        return True
    giver = delegation.appointment
    scope = f"{SCOPE_OF[Post(giver.post)].value}_id"
    return post.post in DELEGATES.get(giver.post, ()) and getattr(post, scope) == getattr(giver, scope)


def _throughout(delegation: Delegation, posts: Iterable[Appointment]) -> Period | None:
    """The days of a delegation until the delegate no longer holds the post it rests on; who returns is not lent it
    again. A post that follows upon another without a day between carries on."""
    start, end = delegation.valid_from, delegation.valid_from
    for post in sorted(posts, key=lambda p: p.valid_from):
        if post.valid_from <= end and _rests_on(delegation, post):
            if post.valid_to is None:
                return _period(delegation)
            end = max(end, post.valid_to)
    return overlap(_period(delegation), (start, end)) if start < end else None


def _delegated(delegation: Delegation, held: Period, row: Any) -> Any:
    """The giver's row as the delegate holds it: the days they share, the ceiling, shown as 代; None when none."""
    days = overlap(held, _period(row))
    if days is None or delegation.delegate.user_id is None:
        return None
    return type(row)(
        user_id=delegation.delegate.user_id,
        permission_id=row.permission_id,
        content_object_id=row.content_object_id,
        source_id=row.source_id,
        capacity=_source_words(DELEGATED[Post(delegation.appointment.post)]),
        document=row.document,
        clause_id=row.clause_id,
        valid_from=days[0],
        valid_to=days[1],
        line=row.line,
        delegation_id=delegation.pk,
        ceiling=delegation.ceiling,
        giver_id=row.user_id,
    )


def _lent(appointments: list[Appointment]) -> dict[int, list[tuple[Delegation, Period]]]:
    """appointment → its delegations, each with the days on which the delegate holds the post it rests on."""
    given = Delegation.objects.filter(appointment__in=appointments).select_related("delegate", "appointment")
    posts: dict[int | None, list[Appointment]] = {}
    for post in Appointment.objects.live().filter(person__in=[d.delegate_id for d in given]):
        posts.setdefault(post.person_id, []).append(post)
    found: dict[int, list[tuple[Delegation, Period]]] = {}
    for delegation in given:
        days = _throughout(delegation, posts.get(delegation.delegate_id, ()))
        if days:
            found.setdefault(delegation.appointment_id, []).append((delegation, days))
    return found


def _delegations(rows: list[Any], appointments: list[Appointment]) -> Iterator[Any]:
    """What the delegates of these appointments hold of the rows that they confer."""
    by_source = _lent(appointments)
    if not by_source:
        return
    ids = {permission_id(container, a.value) for container, a in _delegable()}
    for row in rows:
        if row.permission_id in ids:
            for delegation, days in by_source.get(row.source_id, ()):
                held = _delegated(delegation, days, row)
                if held is not None:
                    yield held


def _delegable() -> Iterator[tuple[Any, Authority]]:
    for container in CONTAINERS:
        declared = dict(container._meta.permissions)
        yield from ((container, a) for a in DELEGABLE if a.value in declared)


def desired(appointments: Iterable[Appointment]) -> list[Any]:
    """The rows that the appointments confer, unsaved; only confirmed ones do, and only to people with an account."""
    appointments = [a for a in appointments if a.is_live and a.person is not None and a.person.user_id]
    memberships: dict[int, list[Membership]] = {}
    groups = {a.group_id for a in appointments if a.group_id}
    for membership in Membership.objects.filter(group_id__in=groups):
        memberships.setdefault(membership.group_id, []).append(membership)
    rows = [
        _row(appointment, right, *place)
        for appointment in appointments
        for right in RIGHTS[Post(appointment.post)]
        for place in _places(appointment, right, memberships)
    ]
    return rows + list(_delegations(rows, appointments))


def _facts(row: Any) -> tuple[Any, ...]:
    return (
        row.user_id,
        row.permission_id,
        row.content_object_id,
        row.source_id,
        row.capacity,
        row.document,
        row.clause_id,
        row.valid_from,
        row.valid_to,
        row.delegation_id,
        row.ceiling,
        row.giver_id,
        row.line,
    )


def _differences(appointments: list[Appointment]) -> Iterator[tuple[Any, list[Any], list[int]]]:
    """Per grant model: rows to add and ids to remove so that the table says what the appointments confer."""
    wanted = desired(appointments)
    ids = [a.pk for a in appointments]
    for container in CONTAINERS:
        model = grant_model(container)
        want = {_facts(r): r for r in wanted if type(r) is model}
        have = {_facts(r): r.pk for r in model.objects.filter(source_id__in=ids)}
        yield (
            model,
            [r for f, r in want.items() if f not in have],
            [pk for f, pk in have.items() if f not in want],
        )


def derive(appointments: Iterable[Appointment], *, by: Any = None) -> int:
    """Make the guardian rows of these appointments say what they confer; returns how many rows changed."""
    changed = 0
    with acting("personnel.derive_rights", by):
        for model, extra, gone in _differences(list(appointments)):
            if gone:
                model.objects.filter(pk__in=gone).delete()
            if extra:
                model.objects.bulk_create(extra)
            changed += len(extra) + len(gone)
    return changed


def _with_people(condition: Q) -> list[Appointment]:
    rows = Appointment.objects.filter(condition).select_related("person", "unit", *SCOPE_NAMES)
    return list(rows.distinct())


SCOPE_NAMES = sorted(set(SCOPE_OF.values()))


def after_appointment(appointment: Appointment, by: Any) -> None:
    """An appointment was made, changed or ended: its rights follow in the same transaction, and what rests on it."""
    lent = Q(delegations__delegate_id=appointment.person_id) if appointment.person_id else Q()
    derive(_with_people(Q(pk=appointment.pk) | lent), by=by)


def after_delegation(delegation: Delegation, by: Any) -> None:
    """An approval was delegated or the delegation was ended."""
    derive(_with_people(Q(pk=delegation.appointment_id)), by=by)


def after_membership(membership: Membership, by: Any) -> None:
    """A school joined or left: the rights of the group's posts over its schools follow."""
    derive(_with_people(Q(group_id=membership.group_id)), by=by)


def after_person(person: Person, by: Any) -> None:
    """A person got or lost an account."""
    derive(_with_people(Q(person_id=person.pk) | Q(delegations__delegate_id=person.pk)), by=by)


def drifted() -> tuple[list[Any], list[Any]]:
    """(missing, unfounded) rows: what appointments confer and no row says, and rows that no appointment confers."""
    wanted = desired(_with_people(Q()))
    related = ("user", "permission", "content_object")
    have = [
        row for container in CONTAINERS for row in grant_model(container).objects.select_related(*related)
    ]
    known, held = {_facts(row) for row in wanted}, {_facts(row) for row in have}
    return [r for r in wanted if _facts(r) not in held], [r for r in have if _facts(r) not in known]


def drift() -> tuple[int, int]:
    """How many guardian rows are missing, and how many unfounded. Zero in health."""
    missing, unfounded = drifted()
    return len(missing), len(unfounded)


def tell_unfounded(*, by: Any = None) -> None:
    """Keep in the audit trail what was added or altered by hand, before it is put right: it would leave no trace."""
    columns = ("user_id", "permission_id", "content_object_id", "source_id", "valid_from", "valid_to")
    with acting("personnel.derive_rights", by):
        for row in drifted()[1]:
            difference = {name: [str(getattr(row, name)), None] for name in columns}
            record(row, "personnel.derive_rights", by=by, difference=difference, clause=Clause.C6_3_A)


def remove_unfounded(*, by: Any = None) -> int:
    """Remove rows whose appointment does not exist; returns how many."""
    known = Appointment.objects.values("pk")
    with acting("personnel.derive_rights", by):
        return sum(
            grant_model(container).objects.exclude(source_id__in=known).delete()[0]
            for container in CONTAINERS
        )
