"""The verb of the calendar: enter or mend the arrangement of one day, by which deadlines are counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, workdays
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import demand
from kunshan_edu.core.models import CalendarDay
from personnel.rules import workdays as rules


def calendar_case(by: Any) -> rules.CalendarCase:
    """What the rule looks at."""
    return rules.CalendarCase(access.rights_of(by).anywhere(Authority.KEEP_CALENDAR, Bureau))


def set_day(*, day: dt.date, kind: str, name: str, document: str, by: Any) -> CalendarDay:
    """登记节假日安排: of one day, new or mended."""
    with acting("personnel.set_day", by):
        demand(rules.cannot_set_day(calendar_case(by)))
        return workdays.set_day(day, kind, name, document, by=by)
