"""轮岗日历: who goes and who returns in a school year, the two shares of a group, and the 编制 that does not move."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, Membership, School
from kunshan_edu.core import clock
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages.frame import Framed
from personnel import forms
from personnel.actions.rotation import shares_of
from personnel.models import Rotation, Staff
from personnel.rules import rotation as rules
from personnel.views.rotation import ROTATION_CRUMB

A_DAY = dt.timedelta(days=1)
FIRST_YEAR = 2019


@dataclass(frozen=True)
class Gauge:
    """A share: so many of so many, what is asked, and how many are missing."""

    label: Any
    part: int
    whole: int
    share: float | None
    least: int
    missing: int
    asked: Any

    @property
    def percent(self) -> str:
        return "—" if self.share is None else f"{self.share:.1%}"

    @property
    def width(self) -> str:
        return f"{min(100.0, 100 * (self.share or 0)):.1f}"

    @property
    def chip(self) -> tuple[str, str]:
        if not self.missing:
            return "ok", gettext("达到 %(least)s%%") % {"least": self.least}
        short = ngettext("未达 %(least)s%%，还差 %(n)s 人", "未达 %(least)s%%，还差 %(n)s 人", self.missing)
        return "go", short % {"least": self.least, "n": self.missing}


@dataclass(frozen=True)
class Cell:
    """A month of a rotation: does one go, come back, or is one away all of it?"""

    month: dt.date
    goes: bool
    back: bool
    under_way: bool

    @property
    def ends(self) -> bool:
        return self.goes or self.back

    @property
    def away(self) -> bool:
        return self.under_way and not self.ends


@dataclass(frozen=True)
class Line:
    """A rotation over the months of the year."""

    row: Rotation
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Establishment:
    """编制 of a school: on the first day, what documents moved, on the day looked at, and who teaches there."""

    school: School
    at_first: int
    came: int
    left: int
    now: int
    out: int
    into: int

    @property
    def teaching(self) -> int:
        return self.now - self.out + self.into


def month_after(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


class Year:
    """A school year of a group, as far as its reader sees the staff of its schools."""

    def __init__(self, group: EducationGroup, year: int, user: Any) -> None:
        self.group, self.year, self.user = group, year, user
        self.first, self.after = rules.days_of(year)
        self.day = min(max(clock.today(), self.first), self.after - A_DAY)
        members = list(School.objects.members_of(group, self.day))
        rights = rights_of(user)
        seen = rights.ids(Authority.VIEW_SCHOOL_STAFF, School)
        everything = rights.anywhere(Authority.VIEW_ALL_STAFF, Bureau)
        self.schools = [school for school in members if everything or school.pk in seen]
        self.whole = self.schools == members

    def __str__(self) -> str:
        return gettext("%(first)s—%(last)s 学年") % {"first": self.year, "last": self.year + 1}

    @cached_property
    def rows(self) -> list[Rotation]:
        """Filed rotations of these schools that are under way in the year, by who goes first."""
        either = Q(from_school__in=self.schools) | Q(to_school__in=self.schools)
        rows = Rotation.objects.visible_to(self.user).during(self.first, self.after).filter(either)
        related = rows.select_related("staff__person", "from_school", "to_school")
        hidden = "staff__person__identity_number", "staff__person__phone"
        return list(related.defer(*hidden).order_by("valid_from", "pk"))

    @cached_property
    def months(self) -> list[dt.date]:
        found = [self.first]
        while len(found) < 12:
            found.append(month_after(found[-1]))
        return found

    @cached_property
    def lines(self) -> list[Line]:
        return [Line(row, tuple(self._cell(row, month) for month in self.months)) for row in self.rows]

    def _cell(self, row: Rotation, month: dt.date) -> Cell:
        following = month_after(month)
        return Cell(
            month,
            month <= row.valid_from < following,
            month <= row.valid_to - A_DAY < following,
            row.valid_from < following and row.valid_to > month,
        )

    @property
    def totals(self) -> Iterator[tuple[Any, list[tuple[dt.date, int]]]]:
        """(what, (month, how many)) for the foot of the table."""
        for label, name in (
            (_("去（人）"), "goes"),
            (_("返（人）"), "back"),
            (_("轮岗中（人）"), "under_way"),
        ):
            columns = zip(*(line.cells for line in self.lines), strict=True)
            counts = [sum(getattr(cell, name) for cell in column) for column in columns]
            yield label, list(zip(self.months, counts, strict=False))

    @cached_property
    def gauges(self) -> tuple[Gauge, Gauge]:
        """The shares of the group (10 % of its teachers, 20 % of those backbone)."""
        found = shares_of(self.group, self.year, self.day)
        return (
            Gauge(
                _("轮岗教师占比"),
                found.rotated,
                found.teachers,
                found.of_teachers,
                rules.TEACHERS_SHARE,
                found.missing_teachers,
                _("每学年轮岗教师不低于符合条件教师的 10%。"),
            ),
            Gauge(
                _("其中骨干教师占比"),
                found.backbone,
                found.rotated,
                found.of_backbone,
                rules.BACKBONE_SHARE,
                found.missing_backbone,
                _("轮岗教师中骨干教师不低于 20%。"),
            ),
        )

    def _employed(self, day: dt.date) -> dict[int, int]:
        """Staff → the school of whose establishment they are that day."""
        rows = Staff.objects.employed(day).filter(school_id__in=[school.pk for school in self.schools])
        return dict(rows.values_list("pk", "school_id"))

    @cached_property
    def _now(self) -> dict[int, int]:
        return self._employed(self.day)

    @cached_property
    def _today(self) -> list[Rotation]:
        return [row for row in self.rows if row.valid_from <= self.day < row.valid_to]

    @cached_property
    def establishments(self) -> list[Establishment]:
        first, now = set(self._employed(self.first).items()), set(self._now.items())
        came, left = (Counter(school for _pk, school in moved) for moved in (now - first, first - now))
        at_first, at_last = (Counter(school for _pk, school in rows) for rows in (first, now))
        out = Counter(row.from_school_id for row in self._today)
        into = Counter(row.to_school_id for row in self._today)
        return [
            Establishment(s, at_first[s.pk], came[s.pk], left[s.pk], at_last[s.pk], out[s.pk], into[s.pk])
            for s in self.schools
        ]

    @property
    def moved(self) -> int:
        """How many are away and no longer of the school that they went from (4.1.t): nobody."""
        ours = {school.pk for school in self.schools}
        away = [row for row in self._today if row.from_school_id in ours]
        return sum(self._now.get(row.staff_id) != row.from_school_id for row in away)


class RotationCalendar(Framed):
    """轮岗日历, for who sees the staff of a school of the group."""

    title, clause = _("轮岗日历"), Clause.C3_2_B
    crumb = ROTATION_CRUMB

    def groups(self) -> list[EducationGroup]:
        """Those some of whose schools' staff the reader sees."""
        rights = rights_of(self.request.user)
        if rights.anywhere(Authority.VIEW_ALL_STAFF, Bureau):
            return list(EducationGroup.objects.visible_to(self.request.user))
        seen = rights.ids(Authority.VIEW_SCHOOL_STAFF, School)
        current = Membership.objects.in_force().filter(school__in=seen)
        return list(EducationGroup.objects.filter(pk__in=current.values("group")))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        groups = self.groups()
        if not groups:
            raise Http404
        this = rules.school_year(clock.today())
        years = range(this + 1, FIRST_YEAR - 1, -1)
        form = forms.CalendarFilter(request.GET, groups=groups, years=years, this=this)
        group, year = form.chosen()
        if group is None:
            raise Http404
        shown = {**self.frame(), "form": form, "year": Year(group, year, request.user)}
        return render(request, "personnel/rotation_calendar.html", shown)
