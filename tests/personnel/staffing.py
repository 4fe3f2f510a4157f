"""Staff and rotations made through actions, for the tests of both and of their sheets."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from kunshan_edu.core import clock
from kunshan_edu.core.codes import identity_number_check
from personnel import actions as personnel
from personnel.actions import rotation as actions
from personnel.models import Person, Rotation, Staff
from personnel.rules.rotation import school_year
from tests.world import SINCE, fresh

DOCUMENT = "昆教人〔2026〕12号"
FILED = "昆教人〔2026〕40号"
NUMBERS = count(1)
YEAR = school_year(clock.today())
FIRST, AFTER = dt.date(YEAR, 9, 1), dt.date(YEAR + 1, 9, 1)


def identity_number(n: int) -> str:
    """A fictitious, valid identity number of Kunshan; another for each n below 300,000."""
    day = dt.date(1970, 1, 1) + dt.timedelta(days=n % 9000)
    body = f"320583{day:%Y%m%d}{n // 9000 % 1000:03d}"
    return body + identity_number_check(body)


def on_staff(world: Any, school: Any, *, who: str = "", since: dt.date = SINCE, **facts: Any) -> Staff:
    """A member of staff of a school: the person of a word of the world, or somebody without an account."""
    n, by = next(NUMBERS), fresh(world.users["personnel"])
    person = Person.objects.get(user=world.users[who]) if who else None
    if person is None:
        person = personnel.register_person(
            name=f"教师{n}", identity_number=identity_number(n), phone=f"139{n:08d}", by=by
        )
    return personnel.register_staff(
        person, staff_no=f"JS{n:05d}", school=school, document=DOCUMENT, valid_from=since, by=by, **facts
    )


def proposed(
    world: Any, staff: Staff, to_school: Any, *, by: str = "principal_a", first: dt.date = FIRST,
    after: dt.date = AFTER, **facts: Any,
) -> Rotation:  # fmt: skip
    user = fresh(world.users[by])
    return actions.propose(staff, to_school=to_school, valid_from=first, valid_to=after, by=user, **facts)


# Each step of the way, and who of the world takes it for schools a and b of the group.
WAY = (
    (actions.agree_sending, "principal_a", {}),
    (actions.agree_receiving, "principal_b", {}),
    (actions.approve_rotation, "president", {}),
    (actions.file, "personnel", {"document": FILED}),
)


def taken(world: Any, row: Rotation, steps: int = 4) -> Rotation:
    """The rotation so many steps further, of the group's school a to its school b."""
    for act, who, facts in WAY[:steps]:
        row = act(row, by=fresh(world.users[who]), **facts)
    return row


def filed(world: Any, staff: Staff | None = None, **facts: Any) -> Rotation:
    """A filed rotation from school a to school b."""
    row = proposed(world, staff or on_staff(world, world.school_a), world.school_b, **facts)
    return taken(world, row)
