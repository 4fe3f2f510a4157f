"""工作日: working days by the calendar of public holidays, with the weekend days worked for them (调休).

Deadlines are counted in working days. A year whose arrangement is not entered yet has only weekends, and `is_known`
says so. Who has many days to judge takes `calendar()` once and asks it; the functions take one journey each.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kunshan_edu.core.changes import add, changing
from kunshan_edu.core.models import CalendarDay, DayKind

DAY = dt.timedelta(days=1)
SATURDAY = 5
# The statutory holidays are thirteen days a year (eleven until 2024); fewer entries are no year's arrangement.
LEAST_HOLIDAYS = 11


@dataclass(frozen=True)
class Calendar:
    """The arrangements as they were read: the days off, and the weekend days that are worked."""

    off: frozenset[dt.date]
    worked: frozenset[dt.date]

    def is_workday(self, day: dt.date) -> bool:
        """Is it worked on that day?"""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def _days(self, after: dt.date, step: dt.timedelta = DAY) -> Iterator[dt.date]:
        """The working days after (with a step back: before) a day, without end."""
        while True:
            after += step
            if self.is_workday(after):
                yield after

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many working days are in (first, last]; negative when last is before first."""
        if last < first:
            return -self.between(last, first)
        return sum(self.is_workday(first + n * DAY) for n in range(1, (last - first).days + 1))

    def add(self, day: dt.date, count: int) -> dt.date:
        """The count-th working day after `day` (before it, when negative); 0 is the day itself, worked or not."""
        days = self._days(day, DAY if count > 0 else -DAY)
        for _passed in range(abs(count)):
            day = next(days)
        return day

    def is_known(self, year: int) -> bool:
        """Has the arrangement of that year been entered?"""
        return Counter(day.year for day in self.off)[year] >= LEAST_HOLIDAYS


def calendar() -> Calendar:
    """Everything that has been entered, in one query: some forty rows a year."""
    found: dict[str, set[dt.date]] = {kind: set() for kind in DayKind.values}
    for day, kind in CalendarDay.objects.values_list("day", "kind").order_by():
        found[kind].add(day)
    return Calendar(frozenset(found[DayKind.HOLIDAY]), frozenset(found[DayKind.WORKDAY]))


def is_workday(day: dt.date) -> bool:
    """Is it worked on that day?"""
    return calendar().is_workday(day)


def workdays_between(first: dt.date, last: dt.date) -> int:
    """How many working days are in (first, last]; negative when last is before first."""
    return calendar().between(first, last)


def add_workdays(day: dt.date, count: int) -> dt.date:
    """The count-th working day after `day`, which does not count itself; before it, when negative."""
    return calendar().add(day, count)


def is_known(year: int) -> bool:
    """Has the arrangement of that year been entered? Otherwise only its weekends are off."""
    return calendar().is_known(year)


def set_day(day: dt.date, kind: DayKind | str, name: str, document: str, *, by: Any) -> CalendarDay:
    """Enter or mend the arrangement of one day. Who may is the caller's to judge.

    An entry is not taken back but mended: a weekday entered by mistake becomes a day that is worked.
    """
    facts = {"kind": DayKind(kind), "name": name.strip(), "document": document.strip()}
    row = CalendarDay.objects.filter(day=day).first()
    if row is None:
        return add(CalendarDay(day=day, **facts), "core.set_day", by=by)
    with changing(row, "core.set_day", by=by) as row:
        for field, value in facts.items():
            setattr(row, field, value)
    return row
