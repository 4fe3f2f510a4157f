"""组织架构图: the posts of a group drawn as boxes and lines, as of any day, and the page that shows them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.models import EducationGroup, School
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, DetailPage
from personnel.choices import Post
from personnel.models import Appointment, OrgUnit
from personnel.views.leadership import GroupLeadership, Leadership

# Pixels: the width of a box, the room between boxes, between rows, around text, and the height of a line of it.
BOX, GAP, FALL, ROOM, LEADING = 176, 20, 44, 12, 19
FONT = 13
OFFICE = (Post.GROUP_SECRETARY, Post.GROUP_OFFICE, Post.GROUP_FINANCE)
IN_SCHOOL = (Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD)
# A word of Latin letters is not broken; between Han characters a line may end anywhere.
PIECES = re.compile(r"[\x21-\x7e]+\s*|.", re.DOTALL)


def wide(text: str) -> float:
    """About how many pixels a text takes: a Han character is as wide as it is high, a Latin one half that."""
    return sum(FONT if unicodedata.east_asian_width(c) in "WF" else FONT * 0.58 for c in text)


def wrapped(text: str) -> tuple[str, ...]:
    """The text in lines that fit into a box."""
    lines = [""]
    for piece in PIECES.findall(text):
        if lines[-1] and wide(lines[-1] + piece.rstrip()) > BOX - 2 * ROOM:
            lines.append("")
        lines[-1] += piece
    return tuple(line.strip() for line in lines)


@dataclass(frozen=True)
class Text:
    """A line of text in a box: where it stands, what it says, and whether it is the title."""

    x: int
    y: int
    words: str
    is_title: bool


@dataclass(frozen=True)
class Box:
    """A box of the chart: place and height in pixels, what stands in it, and where it leads. vacant: nobody there."""

    title: str
    name: str
    url: str = ""
    vacant: bool = False
    x: int = 0
    y: int = 0
    height: int = 0

    @property
    def middle(self) -> int:
        return self.x + BOX // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def needs(self) -> int:
        """How high it must be for its text."""
        return 2 * ROOM + LEADING * (len(wrapped(self.title)) + len(wrapped(self.name)))

    @property
    def texts(self) -> list[Text]:
        lines = [(words, True) for words in wrapped(self.title)]
        lines += [(words, False) for words in wrapped(self.name)]
        top = self.y + (self.height - LEADING * len(lines)) // 2 + FONT + 1
        return [Text(self.middle, top + i * LEADING, *line) for i, line in enumerate(lines)]


@dataclass(frozen=True)
class Line:
    """A line from one box down to another: it turns just above the lower one, so that it crosses no row between."""

    start: Box
    end: Box

    @property
    def path(self) -> str:
        bend = self.end.y - min(GAP, self.end.y - self.start.bottom)
        return f"M{self.start.middle} {self.start.bottom}V{bend}H{self.end.middle}V{self.end.y}"


class Chart:
    """The chart of a group in rows: its president; secretaries and offices at both sides; schools and their posts.

    The boxes are first placed around a trunk at x = 0, then moved to the right of the edge.
    """

    def __init__(self, leadership: Leadership) -> None:
        self.leadership = leadership
        self.units = list(OrgUnit.objects.in_force(leadership.on).filter(group=leadership.group))
        self.boxes: list[Box] = []
        self.links: list[tuple[int, int]] = []
        self._draw()

    @property
    def width(self) -> int:
        return max(box.x + BOX for box in self.boxes) + 2

    @property
    def height(self) -> int:
        return max(box.bottom for box in self.boxes) + 2

    @property
    def lines(self) -> list[Line]:
        return [Line(self.boxes[above], self.boxes[below]) for above, below in self.links]

    @property
    def outline(self) -> list[tuple[int, Box]]:
        """(depth, box) from the president downwards, each box followed by what hangs below it."""
        found: list[tuple[int, Box]] = []

        def walk(index: int, depth: int) -> None:
            found.append((depth, self.boxes[index]))
            for above, below in self.links:
                if above == index:
                    walk(below, depth + 1)

        walk(0, 0)
        return found

    def _draw(self) -> None:
        top = self._place(self._seat(Post.GROUP_PRESIDENT), -BOX // 2, 2)
        self._row(self._office(), top, self._at_both_sides)
        schools = self.leadership.schools
        placed = self._row([self._school(school) for school in schools], top, self._centred)
        for index, school in zip(placed, schools, strict=True):
            self._column(index, school)
        shift = 2 - min(box.x for box in self.boxes)
        self.boxes = [replace(box, x=box.x + shift) for box in self.boxes]

    def _place(self, box: Box, x: int, y: int, height: int = 0) -> int:
        self.boxes.append(replace(box, x=x, y=y, height=height or box.needs))
        return len(self.boxes) - 1

    def _row(self, boxes: list[Box], top: int, lefts: Any) -> list[int]:
        """Boxes of one height beside one another, below the last row, each linked to the box `top`."""
        y = max(box.bottom for box in self.boxes) + FALL
        height = max((box.needs for box in boxes), default=0)
        placed = [self._place(box, x, y, height) for box, x in zip(boxes, lefts(len(boxes)), strict=True)]
        self.links += [(top, index) for index in placed]
        return placed

    @staticmethod
    def _centred(count: int) -> list[int]:
        left = -(count * (BOX + GAP) - GAP) // 2
        return [left + i * (BOX + GAP) for i in range(count)]

    @staticmethod
    def _at_both_sides(count: int) -> list[int]:
        """Half of them left and half right of the trunk, which runs on to the schools between them."""
        left = -(count + 1) // 2 * (BOX + GAP) + GAP // 2
        return [left + i * (BOX + GAP) for i in range(count)]

    def _seat(self, post: Post, **where: int) -> Box:
        found = self.leadership.held(post, **(where or {"group_id": self.leadership.group.pk}))
        return self._held(str(post.label), found)

    @staticmethod
    def _held(title: str, found: list[Appointment]) -> Box:
        if not found:
            return Box(title, gettext("空缺"), vacant=True)
        names = gettext("、").join(str(a.holder) for a in found)
        return Box(title, names, found[0].get_absolute_url())

    def _office(self) -> list[Box]:
        """The deputy secretary, the units with their people, and who works for the group outside any unit."""
        group = self.leadership.group.pk
        others = [(p, [a for a in self.leadership.held(p, group_id=group) if not a.unit_id]) for p in OFFICE]
        return [
            self._seat(Post.DEPUTY_SECRETARY),
            *(self._held(str(post.label), found) for post, found in others if found),
            *(self._unit(unit) for unit in self.units),
        ]

    def _unit(self, unit: OrgUnit) -> Box:
        people = [a for a in self.leadership.posts if a.unit_id == unit.pk]
        line = gettext("%(line)s条线") % {"line": unit.get_line_display()}
        names = gettext("、").join(str(a.holder) for a in people) or line
        return Box(unit.name, names, unit.get_absolute_url())

    def _school(self, school: School) -> Box:
        found = self.leadership.held(Post.EXECUTIVE_PRINCIPAL, school_id=school.pk)
        name = gettext("执行校长 %(name)s") % {"name": found[0].holder if found else gettext("空缺")}
        return Box(school.short_name, name, school.get_absolute_url(), vacant=not found)

    def _column(self, above: int, school: School) -> None:
        """Below a school: vice principals and department heads, one box for each post."""
        for post in IN_SCHOOL:
            if self.leadership.held(post, school_id=school.pk):
                upper = self.boxes[above]
                below = self._place(self._seat(post, school_id=school.pk), upper.x, upper.bottom + GAP)
                self.links.append((above, below))
                above = below


class GroupChart(DetailPage):
    """组织架构图: drawn and printable, as of any day; the same posts as a list below for who cannot see it."""

    model, clause = EducationGroup, Clause.C4_1_J
    template = "personnel/group_chart.html"
    crumb = GroupLeadership.crumb
    history = False

    def called(self, row: EducationGroup) -> str:
        return gettext("%(group)s · 组织架构图") % {"group": row.name}

    def actions(self, row: EducationGroup) -> list[Action]:
        url = reverse("personnel:group_leadership", args=[row.pk])
        return [Action(_("集团班子"), url, icon="users", quiet=True)]

    def context(self, row: EducationGroup) -> dict[str, Any]:
        chart = Chart(Leadership(row, self.on()))
        return {"title": self.called(row), "actions": self.actions(row), "chart": chart}
