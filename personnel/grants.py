"""Derives every guardian row from the appointments and memberships on record; nobody grants by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from groups.choices import Authority
from groups.models import Bureau, District, EducationGroup, Membership, School
from kunshan_edu.core.access import grant_model, permission_id
from kunshan_edu.core.changes import acting
from kunshan_edu.core.guideline import Clause
from personnel.choices import SCOPE_OF, Post
from personnel.models import Appointment, Person


@dataclass(frozen=True)
class Conferred:
    """One right a post confers: on its own container, or on every current member school of its group."""

    authority: Authority
    clause: Clause
    on_members: bool = False


def _own(clause: Clause, *authorities: Authority) -> tuple[Conferred, ...]:
    return tuple(Conferred(a, clause) for a in authorities)


# 职务 → 权限 (domain.md §2.2). The measures leave who checks and pays open; the clause is the one they stand on.
RIGHTS: dict[Post, tuple[Conferred, ...]] = {
    Post.GROUP_PRESIDENT: (
        Conferred(Authority.APPROVE_AS_PRESIDENT, Clause.C4_2_L),
        Conferred(Authority.VIEW_GROUP_FINANCE, Clause.C4_1_E),
        Conferred(Authority.VIEW_SCHOOL_FINANCE, Clause.C4_1_E, on_members=True),
    ),
    Post.DEPUTY_SECRETARY: _own(Clause.C4_1_F, Authority.VIEW_GROUP_FINANCE),
    Post.GROUP_OFFICE: _own(Clause.C4_1_I, Authority.VIEW_GROUP_FINANCE, Authority.DRAFT_GROUP_REQUEST),
    Post.GROUP_FINANCE: _own(
        Clause.C4_1_I,
        Authority.VIEW_GROUP_FINANCE,
        Authority.DRAFT_GROUP_REQUEST,
        Authority.CHECK_GROUP_ACCOUNTS,
    ),
    Post.EXECUTIVE_PRINCIPAL: (
        Conferred(Authority.APPROVE_AS_PRINCIPAL, Clause.C4_2_L),
        *_own(Clause.C4_1_N, Authority.VIEW_SCHOOL_FINANCE, Authority.DRAFT_SCHOOL_REQUEST),
        Conferred(Authority.EDIT_SCHOOL_PROFILE, Clause.C3_3_A),
    ),
    Post.VICE_PRINCIPAL: (
        *_own(Clause.C4_1_O, Authority.VIEW_SCHOOL_FINANCE, Authority.DRAFT_SCHOOL_REQUEST),
        Conferred(Authority.EDIT_SCHOOL_PROFILE, Clause.C3_3_A),
    ),
    Post.DEPARTMENT_HEAD: _own(Clause.C4_1_O, Authority.DRAFT_SCHOOL_REQUEST),
    Post.CLERK: _own(Clause.C4_2_B, Authority.DRAFT_SCHOOL_REQUEST),
    Post.SCHOOL_ACCOUNTANT: _own(
        Clause.C4_2_B,
        Authority.VIEW_SCHOOL_FINANCE,
        Authority.DRAFT_SCHOOL_REQUEST,
        Authority.KEEP_ACCOUNTS,
    ),
    Post.CASHIER: _own(Clause.C4_2_B, Authority.VIEW_SCHOOL_FINANCE, Authority.RECORD_PAYMENT),
    Post.BUREAU_LEADER: (
        *_own(Clause.C4_2_K, Authority.APPROVE_AS_BUREAU_LEADER, Authority.PUBLISH_MEASURES),
        *_own(Clause.C6_1_E, Authority.VIEW_ALL_FINANCE, Authority.MANAGE_REGISTER, Authority.VIEW_AUDIT),
    ),
    Post.BUREAU_FINANCE: (
        *_own(Clause.C4_2_K, Authority.REVIEW_AS_BUREAU_FINANCE, Authority.PREPARE_MEASURES),
        *_own(Clause.C4_2_G, Authority.VIEW_ALL_FINANCE, Authority.ALLOCATE_BUDGET),
    ),
    Post.BUREAU_PERSONNEL: _own(Clause.C6_3_A, Authority.MANAGE_APPOINTMENTS, Authority.MANAGE_SCHOOLS),
    Post.BUREAU_BASIC_EDUCATION: _own(Clause.C6_1_E, Authority.MANAGE_REGISTER),
    Post.BUREAU_SUPERVISION: _own(Clause.C4_3_H, Authority.VIEW_ALL_FINANCE, Authority.VIEW_AUDIT),
    Post.DISTRICT_OFFICER: _own(Clause.C4_2_G, Authority.VIEW_DISTRICT_FINANCE, Authority.REVIEW_AS_DISTRICT),
}

Period = tuple[dt.date, dt.date | None]
CONTAINERS = (Bureau, District, EducationGroup, School)


def overlap(a: Period, b: Period) -> Period | None:
    """The days that two half-open periods share, or None."""
    start = max(a[0], b[0])
    ends = [end for end in (a[1], b[1]) if end is not None]
    end = min(ends) if ends else None
    return (start, end) if end is None or start < end else None


def _period(row: Appointment | Membership) -> Period:
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


def _source_words(post: Post) -> str:
    """The post in Chinese whatever language is on: what is stored is translated where it is shown."""
    with override(None):
        return str(post.label)


def _row(appointment: Appointment, right: Conferred, model: type, pk: int, days: Period) -> Any:
    return grant_model(model)(
        user_id=appointment.person.user_id,
        permission_id=permission_id(model, right.authority.value),
        content_object_id=pk,
        source_id=appointment.pk,
        capacity=_source_words(Post(appointment.post)),
        document=appointment.document,
        clause_id=right.clause.id,
        valid_from=days[0],
        valid_to=days[1],
    )


def desired(appointments: Iterable[Appointment]) -> list[Any]:
    """The rows that the appointments confer, unsaved; people without an account hold none."""
    appointments = [a for a in appointments if a.person.user_id]
    memberships: dict[int, list[Membership]] = {}
    groups = {a.group_id for a in appointments if a.group_id}
    for membership in Membership.objects.filter(group_id__in=groups):
        memberships.setdefault(membership.group_id, []).append(membership)
    return [
        _row(appointment, right, *place)
        for appointment in appointments
        for right in RIGHTS[Post(appointment.post)]
        for place in _places(appointment, right, memberships)
    ]


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
    return list(Appointment.objects.filter(condition).select_related("person", *SCOPE_NAMES))


SCOPE_NAMES = sorted(set(SCOPE_OF.values()))


def after_appointment(appointment: Appointment, by: Any) -> None:
    """An appointment was made, changed or ended: its rights follow in the same transaction."""
    derive(_with_people(Q(pk=appointment.pk)), by=by)


def after_membership(membership: Membership, by: Any) -> None:
    """A school joined or left: the rights of the group's posts over its schools follow."""
    derive(_with_people(Q(group_id=membership.group_id)), by=by)


def after_person(person: Person, by: Any) -> None:
    """A person got or lost an account."""
    derive(_with_people(Q(person_id=person.pk)), by=by)


def drift() -> tuple[int, int]:
    """(missing, unfounded) guardian rows: what differs from the appointments on record. Zero in health."""
    everyone = _with_people(Q())
    missing = sum(len(extra) for _model, extra, _gone in _differences(everyone))
    known = {_facts(r) for r in desired(everyone)}
    unfounded = sum(
        _facts(row) not in known for container in CONTAINERS for row in grant_model(container).objects.all()
    )
    return missing, unfounded


def remove_unfounded(*, by: Any = None) -> int:
    """Remove rows whose appointment does not exist; returns how many."""
    known = Appointment.objects.values("pk")
    with acting("personnel.derive_rights", by):
        return sum(
            grant_model(container).objects.exclude(source_id__in=known).delete()[0]
            for container in CONTAINERS
        )
