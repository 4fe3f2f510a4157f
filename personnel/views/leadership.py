"""Who leads a group and its schools on a day: posts and vacancies, lights of the clauses, and the drawn chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Max
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.models import EducationGroup, School
from groups.views import GroupList
from kunshan_edu.core import lights
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, DetailPage, FormPage
from personnel.choices import GROUP_POSTS, Post
from personnel.models import Appointment, OrgUnit
from personnel.querysets import SCOPES

GROUP_SEATS = (Post.GROUP_PRESIDENT, Post.DEPUTY_SECRETARY)
SCHOOL_SEATS = (Post.EXECUTIVE_PRINCIPAL,)
SHOWN = (*GROUP_POSTS, Post.EXECUTIVE_PRINCIPAL, Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD)


@dataclass(frozen=True)
class Seat:
    """A post with who holds it, or how long it has been vacant."""

    label: str
    appointment: Appointment | None
    vacant_days: int | None = None


@dataclass(frozen=True)
class Body:
    """A group or a school with its seats and its lights."""

    row: Any
    seats: tuple[Seat, ...]
    lights: tuple[lights.Light, ...] = ()
    role: str = ""


class Leadership:
    """The posts of one group and its member schools on a day; a few queries, whatever the group's size."""

    def __init__(self, group: EducationGroup, on: dt.date) -> None:
        self.group, self.on = group, on
        self.schools = list(School.objects.members_of(group, on))
        rows = Appointment.objects.in_force(on).filter(post__in=[p.value for p in SHOWN])
        ids = [s.pk for s in self.schools]
        mine = rows.filter(group=group) | rows.filter(school__in=ids)
        self.posts = list(mine.select_related("person", "unit", *SCOPES).order_by("pk"))
        self.ended = self._ended(ids)

    def _ended(self, ids: list[int]) -> dict[tuple[str, int | None, int | None], dt.date]:
        """(post, group id, school id) → the day on which its last holder left."""
        past = Appointment.objects.live().filter(valid_to__lte=self.on)
        past = past.filter(group=self.group) | past.filter(school__in=ids)
        rows = past.order_by().values_list("post", "group", "school").annotate(last=Max("valid_to"))
        return {(post, group, school): last for post, group, school, last in rows}

    def held(self, post: Post, **where: int) -> list[Appointment]:
        """Who holds the post in the group or school."""
        return [
            a
            for a in self.posts
            if a.post == post and all(getattr(a, name) == value for name, value in where.items())
        ]

    def _seats(self, wanted: tuple[Post, ...], others: tuple[Post, ...], since: dt.date, **where: int) -> Any:
        for post in wanted:
            found = self.held(post, **where)
            if found:
                yield from (Seat(str(post.label), a) for a in found)
            else:
                key = (post.value, where.get("group_id"), where.get("school_id"))
                yield Seat(str(post.label), None, (self.on - self.ended.get(key, since)).days)
        for post in others:
            yield from (Seat(str(post.label), a) for a in self.held(post, **where))

    def head(self) -> Body:
        """The group itself."""
        others = (Post.GROUP_SECRETARY, Post.GROUP_OFFICE, Post.GROUP_FINANCE)
        seats = self._seats(GROUP_SEATS, others, self.group.founded_on, group_id=self.group.pk)
        lit = lights.lit(EducationGroup.objects.filter(pk=self.group.pk), self.on)
        return Body(self.group, tuple(seats), tuple(lit.get(self.group.pk, ())))

    def members(self) -> list[Body]:
        """The member schools, lead school first."""
        lit = lights.lit(School.objects.filter(pk__in=[s.pk for s in self.schools]), self.on)
        joined = {m.school_id: m.valid_from for m in self.group.memberships.in_force(self.on).order_by("pk")}
        others = (Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD)
        return [
            Body(
                school,
                tuple(self._seats(SCHOOL_SEATS, others, joined[school.pk], school_id=school.pk)),
                tuple(lit.get(school.pk, ())),
                gettext("牵头学校") if school.role == "lead" else gettext("成员学校"),
            )
            for school in self.schools
        ]


def _offered(light: lights.Light, request: HttpRequest) -> lights.Light:
    """The light as this reader gets it: without the way to mend it when the form behind it would refuse them."""
    page = getattr(resolve(urlsplit(light.url).path).func, "view_class", None) if light.action else None
    if page is None or not issubclass(page, FormPage):
        return light
    form = page()
    form.setup(request)
    return replace(light, url="", action="") if form.refusal() else light


def _read_by(request: HttpRequest, body: Body) -> Body:
    return replace(body, lights=tuple(_offered(light, request) for light in body.lights))


class GroupLeadership(DetailPage):
    """集团班子: who leads the group and each member school, vacancies in days, and the lights of the clauses."""

    model, clause = EducationGroup, Clause.C4_1_A
    template = "personnel/group_leadership.html"
    title = _("集团班子")
    crumb = ((GroupList.title or _("教育集团"), "groups:group_list"),)
    history = False

    def called(self, row: EducationGroup) -> str:
        return gettext("%(group)s · 班子") % {"group": row.name}

    def chip(self, row: EducationGroup) -> Any:
        return None

    def actions(self, row: EducationGroup) -> list[Action]:
        chart = reverse("personnel:group_chart", args=[row.pk])
        return [Action(_("组织架构图"), chart, icon="sitemap")]

    def context(self, row: EducationGroup) -> dict[str, Any]:
        leadership = Leadership(row, self.on())
        members = [_read_by(self.request, body) for body in leadership.members()]
        return {"head": _read_by(self.request, leadership.head()), "members": members}


BOX, HEIGHT, GAP, LEVEL = 176, 58, 20, 104


@dataclass(frozen=True)
class Box:
    """A box of the chart: place in pixels, what stands in it, and where it leads."""

    x: int
    y: int
    title: str
    name: str
    url: str = ""
    tone: str = ""

    @property
    def middle(self) -> int:
        return self.x + BOX // 2

    @property
    def bottom(self) -> int:
        return self.y + HEIGHT


@dataclass(frozen=True)
class Line:
    """A line from one box down to another, by a bend half way."""

    start: Box
    end: Box

    @property
    def path(self) -> str:
        bend = (self.start.bottom + self.end.y) // 2
        return f"M{self.start.middle} {self.start.bottom}V{bend}H{self.end.middle}V{self.end.y}"


class Chart:
    """The organisation chart of a group as boxes and lines, in four rows: president, office, schools, their posts."""

    def __init__(self, leadership: Leadership) -> None:
        self.leadership = leadership
        self.units = list(OrgUnit.objects.in_force(leadership.on).filter(group=leadership.group))
        self.boxes: list[Box] = []
        self.lines: list[Line] = []
        self._draw()

    @property
    def width(self) -> int:
        return max((box.x + BOX for box in self.boxes), default=BOX) + 4

    @property
    def height(self) -> int:
        return max((box.bottom for box in self.boxes), default=HEIGHT) + 4

    def _across(self, count: int) -> int:
        """The left edge of a row of `count` boxes that stands in the middle."""
        widest = max(len(self.leadership.schools), len(self.units) + 1, 1)
        return 2 + (widest - count) * (BOX + GAP) // 2

    def _seat(self, x: int, y: int, post: Post, found: list[Appointment]) -> Box:
        if found:
            names = gettext("、").join(str(a.holder) for a in found)
            return Box(x, y, str(post.label), names, found[0].get_absolute_url())
        return Box(x, y, str(post.label), gettext("空缺"), tone="bad")

    def _draw(self) -> None:
        group = self.leadership.group
        held = self.leadership.held
        top = self._seat(
            self._across(1),
            2,
            Post.GROUP_PRESIDENT,
            held(Post.GROUP_PRESIDENT, group_id=group.pk),
        )
        self.boxes.append(top)
        deputy = held(Post.DEPUTY_SECRETARY, group_id=group.pk)
        row = [
            self._seat(0, 0, Post.DEPUTY_SECRETARY, deputy),
            *(self._unit(unit) for unit in self.units),
        ]
        self._row(row, top, 1)
        schools = [
            Box(0, 0, school.short_name, self._principal(school), school.get_absolute_url())
            for school in self.leadership.schools
        ]
        for box, school in zip(self._row(schools, top, 2), self.leadership.schools, strict=True):
            self._column(box, school)

    def _unit(self, unit: OrgUnit) -> Box:
        people = [a for a in self.leadership.posts if a.unit_id == unit.pk]
        names = gettext("、").join(str(a.holder) for a in people) or str(unit.get_line_display())
        return Box(0, 0, unit.name, names, unit.get_absolute_url())

    def _principal(self, school: School) -> str:
        found = self.leadership.held(Post.EXECUTIVE_PRINCIPAL, school_id=school.pk)
        return gettext("执行校长 %(name)s") % {"name": found[0].holder if found else gettext("空缺")}

    def _row(self, boxes: list[Box], above: Box, level: int) -> list[Box]:
        left = self._across(len(boxes))
        placed = [
            Box(left + i * (BOX + GAP), 2 + level * LEVEL, b.title, b.name, b.url, b.tone)
            for i, b in enumerate(boxes)
        ]
        self.boxes += placed
        self.lines += [Line(above, box) for box in placed]
        return placed

    def _column(self, top: Box, school: School) -> None:
        """Below a school: vice principals and department heads, one box for each post."""
        above = top
        for post in (Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD):
            found = self.leadership.held(post, school_id=school.pk)
            if found:
                box = self._seat(top.x, above.bottom + GAP, post, found)
                self.boxes.append(box)
                self.lines.append(Line(above, box))
                above = box


class GroupChart(DetailPage):
    """组织架构图: drawn and printable, as of any day; the same posts as a list below for who cannot see it."""

    model, clause = EducationGroup, Clause.C4_1_J
    template = "personnel/group_chart.html"
    crumb = GroupLeadership.crumb
    history = False

    def called(self, row: EducationGroup) -> str:
        return gettext("%(group)s · 组织架构图") % {"group": row.name}

    def chip(self, row: EducationGroup) -> Any:
        return None

    def actions(self, row: EducationGroup) -> list[Action]:
        url = reverse("personnel:group_leadership", args=[row.pk])
        return [Action(_("集团班子"), url, icon="users")]

    def context(self, row: EducationGroup) -> dict[str, Any]:
        chart = Chart(Leadership(row, self.on()))
        return {"title": self.called(row), "actions": self.actions(row), "chart": chart}
