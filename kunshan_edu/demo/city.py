"""What the parts of the demonstration share: its calendar, its document numbers, and who and what there is."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from kunshan_edu.core import clock
from kunshan_edu.core.access import is_in_force

if TYPE_CHECKING:
    from finance.models import ExpenseCategory, GroupFund
    from groups.choices import Line
    from groups.models import Bureau, District, EducationGroup, School
    from kunshan_edu.core.models import User
    from personnel.actions.staff import Entry
    from personnel.models import Appointment, OrgUnit, Person, Staff

SET_UP = dt.date(2023, 8, 15)
# The last day of the story. It is fixed, so that the data are the same whenever they are loaded; what is pending
# then stays pending, however old it looks later (no rule knows of deadlines yet).
TODAY = dt.date(2026, 11, 23)
OPENS, CLOSES = dt.time(8, 30), dt.time(17, 30)
Act = Callable[[], Any]


def moment(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=clock.SHANGHAI)


def at_work(when: dt.datetime) -> dt.datetime:
    """The moment itself in office hours, or else as many minutes into the next working day."""
    if when.time() > CLOSES or when.time() < OPENS:
        day = when.date() + dt.timedelta(days=when.time() > CLOSES)
        when = dt.datetime.combine(day, OPENS, tzinfo=clock.SHANGHAI) + dt.timedelta(minutes=when.minute)
    while when.weekday() >= 5:
        when += dt.timedelta(days=1)
    return when


@dataclass
class Calendar:
    """Acts with their moments, done one after another in the order of time."""

    planned: list[tuple[dt.datetime, int, Act]] = field(default_factory=list)
    count: int = 0

    def plan(self, when: dt.datetime | dt.date, act: Act) -> None:
        """Do `act` then; when it returns a moment it is done again at that moment."""
        if not isinstance(when, dt.datetime):
            when = moment(when)
        self.count += 1
        heapq.heappush(self.planned, (when, self.count, act))

    def run(self, until: dt.date) -> None:
        """Do all that is planned up to the end of that day; later acts never happen."""
        last = moment(until, 23)
        while self.planned and self.planned[0][0] <= last:
            when, _number, act = heapq.heappop(self.planned)
            with clock.at(when):
                again = act()
            if isinstance(again, dt.datetime):
                self.plan(again, act)


@dataclass
class Documents:
    """文号: the next number of an office in a year; invented, like all that it is written on."""

    last: dict[tuple[str, int], int] = field(default_factory=dict)

    def __call__(self, office: str, year: int | None = None) -> str:
        year = year or clock.today().year
        number = self.last[office, year] = self.last.get((office, year), 0) + 1
        return f"{office}〔{year}〕{number}号"


class Teacher(NamedTuple):
    """A member of staff without an account, and as what he or she was put on the staff."""

    staff: Staff
    entry: Entry


@dataclass
class City:
    """Everything that exists so far.

    users, people: by user name; schools, groups, teachers: by key; funds: by (key, year).
    units: by (kind of owner, key, line); names: those that nobody bears yet."""

    bureau: Bureau
    rng: Random
    calendar: Calendar = field(default_factory=Calendar)
    document: Documents = field(default_factory=Documents)
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    teachers: dict[str, list[Teacher]] = field(default_factory=dict)
    districts: dict[str, District] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    groups: dict[str, EducationGroup] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    units: dict[tuple[str, str, Line], OrgUnit] = field(default_factory=dict)
    categories: dict[str, ExpenseCategory] = field(default_factory=dict)
    funds: dict[tuple[str, int], GroupFund] = field(default_factory=dict)
    # (group, year, school, category) → yuan that no request of the story asks for yet.
    purse: dict[tuple[str, int, str, str], Decimal] = field(default_factory=dict)
    vouchers: dict[int, int] = field(default_factory=dict)  # school id → its last voucher number

    def holders(self, post: str, **place: int | None) -> list[User]:
        """Who holds the post today, in the order of appointment. place: the id of its container, as school_id=3."""
        day = clock.today()
        return [
            a.person.user
            for a in self.appointments
            if a.post == post
            and all(getattr(a, column) == pk for column, pk in place.items())
            and is_in_force(a, day)
        ]
