"""轮岗日历: who goes and who returns in which month of a school year, the shares, and the 编制 that stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from groups.models import EducationGroup, Membership, School
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages.frame import Framed
from personnel import forms
from personnel.actions import rotation as actions
from personnel.models import Rotation, StaffRecord
from personnel.querysets import Reach
from personnel.rules import rotation as rules
from personnel.views.rotation import ROTATION_CRUMB

A_DAY = dt.timedelta(days=1)
MONTHS = 12
YEARS_BACK, YEARS_ON = 5, 1


def groups_of(user: Any) -> Any:
    """The groups of whose staff this person sees some: all for the bureau, else those of one's schools."""
    reach = Reach(user)
    members = Membership.objects.in_force().filter(school__in=reach.schools).values("group")
    return reach.narrow(EducationGroup.objects.all(), Q(pk__in=members))


def month_of(year: int, day: dt.date) -> int:
    """Which month of the school year a day is in: September 0, August 11; outside it less or more."""
    return (day.year - year) * MONTHS + day.month - rules.YEAR_BEGINS


@dataclass(frozen=True)
class Cell:
    """One month of one rotation."""

    month: dt.date
    goes: bool
    back: bool
    away: bool

    @property
    def ends(self) -> bool:
        """Somebody leaves or comes back: what a phone shows of the year."""
        return self.goes or self.back


@dataclass(frozen=True)
class Line:
    """One rotation in the calendar; months count from September, and may lie outside the year."""

    row: Rotation
    first: int
    last: int
    months: list[dt.date]

    @property
    def cells(self) -> list[Cell]:
        return [
            Cell(month, n == self.first, n == self.last, self.first < n < self.last)
            for n, month in enumerate(self.months)
        ]


@dataclass(frozen=True)
class Gauge:
    """A share with its parts, and how far it is from what is asked."""

    label: Any
    part: int
    whole: int
    least: int
    missing: int
    asked: Any

    @property
    def width(self) -> int:
        """Percent of the bar, whole."""
        return min(100, round(100 * self.part / self.whole)) if self.whole else 0

    @property
    def percent(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else "—"

    @property
    def chip(self) -> tuple[str, Any]:
        if not self.whole:
            return "na", _("没有可计的教师")
        if self.missing:
            words = ngettext(
                "未达 %(least)s%%，还差 %(n)s 人", "未达 %(least)s%%，还差 %(n)s 人", self.missing
            )
            return "go", words % {"least": self.least, "n": self.missing}
        return "ok", gettext("达到 %(least)s%%") % {"least": self.least}


@dataclass(frozen=True)
class Establishment:
    """The 编制 of a school over a school year: it moves by documents alone, never by a rotation."""

    school: School
    at_first: int
    came: int
    left: int
    now: int
    out: int
    into: int

    @property
    def teaching(self) -> int:
        """How many teach there: the establishment without those rotated away, with those rotated here."""
        return self.now - self.out + self.into


class Year:
    """A group in a school year, as far as one person sees its staff.

    day: on which it is counted, the last day of a past year, the first of one to come.
    """

    def __init__(self, group: EducationGroup, year: int, user: Any) -> None:
        self.group, self.year, self.user = group, year, user
        self.first, self.after = rules.days_of(year)
        self.day = min(max(clock.today(), self.first), self.after - A_DAY)
        self.members = list(School.objects.members_of(group, self.day))
        reach = Reach(user)
        self.schools = [s for s in self.members if reach.everybody or s.pk in reach.schools]

    def __str__(self) -> str:
        return gettext("%(first)s—%(last)s 学年") % {"first": self.year, "last": self.year + 1}

    @property
    def whole(self) -> bool:
        """Every member school is seen; sister schools see nothing of one another."""
        return len(self.schools) == len(self.members)

    @property
    def months(self) -> list[dt.date]:
        """The first day of each month, September first."""
        numbers = [rules.YEAR_BEGINS - 1 + n for n in range(MONTHS)]
        return [dt.date(self.year + n // MONTHS, n % MONTHS + 1, 1) for n in numbers]

    @cached_property
    def rows(self) -> list[Rotation]:
        """The rotations out of or into a member school that are under way in the year."""
        within = Rotation.objects.visible_to(self.user).during(self.first, self.after)
        either = within.filter(Q(from_school__in=self.schools) | Q(to_school__in=self.schools))
        related = either.select_related("staff__person", "from_school", "to_school")
        masked = related.defer("staff__person__identity_number", "staff__person__phone")
        return list(masked.order_by("from_school__position", "valid_from", "pk"))

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(row) for row in self.rows]

    def _line(self, row: Rotation) -> Line:
        first, last = (month_of(self.year, day) for day in (row.valid_from, row.valid_to - A_DAY))
        return Line(row, first, last, self.months)

    @property
    def totals(self) -> list[tuple[Any, list[tuple[dt.date, int]]]]:
        """Per month: how many go, how many return, how many are away."""
        goes = Counter(line.first for line in self.lines)
        back = Counter(line.last for line in self.lines)
        away = Counter(m for line in self.lines for m in range(MONTHS) if line.first <= m <= line.last)
        counted = ((_("去（人）"), goes), (_("返（人）"), back), (_("轮岗中（人）"), away))
        return [(label, [(day, n[m]) for m, day in enumerate(self.months)]) for label, n in counted]

    @property
    def gauges(self) -> list[Gauge]:
        """轮岗比例: rotated among the teachers, backbone among the rotated."""
        s = actions.shares_of(self.group, self.year, self.day)
        teachers, backbone = _("每学年轮岗教师不低于教师总数的 10%"), _("轮岗教师中骨干教师不低于 20%")
        return [
            Gauge(_("轮岗教师"), s.rotated, s.teachers, rules.TEACHERS_SHARE, s.missing_teachers, teachers),
            Gauge(_("其中骨干"), s.backbone, s.rotated, rules.BACKBONE_SHARE, s.missing_backbone, backbone),
        ]

    @cached_property
    def establishments(self) -> list[Establishment]:
        """Per school that is seen, by two queries however many there are."""
        records = StaffRecord.objects.filter(school__in=self.schools)
        at_first, now = (_held(records, day) for day in (self.first, self.day))
        out = Counter(row.from_school_id for row in self._today())
        into = Counter(row.to_school_id for row in self._today())
        return [
            Establishment(school, len(before), len(after - before), len(before - after), len(after),
                          out[school.pk], into[school.pk])
            for school in self.schools
            for before, after in ((at_first.get(school.pk, set()), now.get(school.pk, set())),)
        ]  # fmt: skip

    def _today(self) -> list[Rotation]:
        return [row for row in self.rows if row.valid_from <= self.day < row.valid_to]

    @property
    def moved(self) -> int:
        """Rotated teachers whose establishment school is no longer the one they were sent from: always 0."""
        current = self._today()
        records = StaffRecord.objects.in_force(self.day).filter(staff__in=[row.staff_id for row in current])
        there = dict(records.values_list("staff", "school"))
        return sum(there.get(row.staff_id) != row.from_school_id for row in current)


def _held(records: Any, day: dt.date) -> dict[int, set[int]]:
    """school → the staff on its establishment that day."""
    found: dict[int, set[int]] = {}
    for school, staff in records.in_force(day).values_list("school", "staff"):
        found.setdefault(school, set()).add(staff)
    return found


class RotationCalendar(Framed):
    """轮岗日历 of a group in a school year; it prints."""

    title, clause, crumb = _("轮岗日历"), Clause.C3_2_B, ROTATION_CRUMB

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = list(groups_of(request.user))
        if not groups:
            raise Http404
        this = rules.school_year(clock.today())
        years = range(this + YEARS_ON, this - YEARS_BACK - 1, -1)
        form = forms.CalendarFilter(request.GET, groups=groups, years=years, this=this)
        group, year = form.chosen()
        if group is None:
            raise Http404
        shown = {**self.frame(), "form": form, "year": Year(group, year, request.user)}
        return render(request, "personnel/rotation_calendar.html", shown)
