"""The roles that somebody holds, read from appointments and delegations, never from the permission rows."""

from __future__ import annotations

from typing import Any

from groups.choices import WHOLE_LINES
from kunshan_edu.rights.facts import Holding
from kunshan_edu.rights.matrix.roles import ROLE_OF
from kunshan_edu.rights.matrix.words import Role
from personnel.choices import DELEGABLE_POSTS, Post
from personnel.models import Appointment, Delegation, Person


def _held(row: Appointment) -> Holding:
    """A confirmed appointment as a role at its place; of a department of a group, of its line (4.1.j)."""
    department = row.unit if row.post == Post.GROUP_OFFICE else None
    line = "" if department is None or department.line in WHOLE_LINES else department.line
    return Holding(ROLE_OF[row.post], row.container.pk, row.post, row.valid_from, row.valid_to, line=line)


def _lent(row: Delegation) -> Holding:
    """A delegation: the giver's role for the days that both hold."""
    given = _held(row.appointment)
    giver = row.appointment.person.user_id if row.appointment.person else None
    ends = [day for day in (given.until, row.valid_to) if day is not None]
    return Holding(
        given.role,
        given.place,
        given.post,
        max(given.since, row.valid_from),
        min(ends, default=None),
        giver=giver,
        ceiling=row.ceiling,
    )


def holdings_of(user: Any) -> tuple[Holding, ...]:
    """Everything that an account holds, held, or will hold; `decide` asks which of it is in force on the day."""
    live = Appointment.objects.live().select_related(
        "person", "unit", "group", "school", "district", "bureau"
    )
    lent = Delegation.objects.filter(
        delegate__user=user, appointment__in=live, appointment__post__in=DELEGABLE_POSTS
    )
    related = (
        "appointment__person",
        *(f"appointment__{s}" for s in ("group", "school", "district", "bureau")),
    )
    known = Person.objects.filter(user=user).exists()
    found = [Holding(Role.TCH if known else Role.PUB)]
    if user.is_superuser:
        found.append(Holding(Role.ADM))
    found += [_held(row) for row in live.filter(person__user=user)]
    return (*found, *(_lent(row) for row in lent.select_related(*related)))
