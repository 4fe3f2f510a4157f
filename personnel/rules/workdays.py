"""The rule of the calendar of working days: who enters what the State Council arranged. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, Denial, _
from kunshan_edu.core.guideline import Clause


@dataclass(frozen=True)
class CalendarCase:
    """Whether the actor keeps the calendar."""

    may_keep: bool = False


def cannot_set_day(case: CalendarCase) -> Denial | None:
    """维护工作日历"""
    if case.may_keep:
        return None
    return Denial(
        "not_the_calendar_keeper",
        _("工作日历由市教育局人事科按国务院办公厅通知维护，您没有该权限。"),
        Clause.C6_2_A,
        status=FORBIDDEN,
    )
