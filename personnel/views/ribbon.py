"""The ribbon of a person's posts in time, measured for an SVG: lanes, bars, years; widths are parts of the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kunshan_edu.core.templatetags.kg import span
from personnel.choices import Method, RotationState

A_YEAR = dt.timedelta(days=365)
MOST_YEARS = 8  # labels of years that stand beside each other on a phone
LABEL = 9.0  # of a hundred: how wide the label of a year is on a phone
TOP, LANE, BAR = 26, 44, 14  # pixels: the years above, a lane, its bar
LEAST = 0.6  # of a hundred: a post of one day is still to be seen


@dataclass(frozen=True)
class Span:
    """Something that lasts: which lane it is drawn in, how, and what is said of it."""

    lane: str
    kind: str  # post, acting, pending, staff, rotation
    first: dt.date
    after: dt.date | None
    said: str


@dataclass(frozen=True)
class Bar:
    """A piece of a lane, x and width of a hundred. ahead: after the day looked at, drawn dashed."""

    kind: str
    x: str
    width: str
    y: int
    said: str
    ahead: bool = False


@dataclass
class Lane:
    """One line of the ribbon: its label, and where the label and the bars stand."""

    label: str
    y: int
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Tick:
    """A year, or the day looked at."""

    label: str
    x: str


class Ribbon:
    """Spans on one scale of time, from the January before the first to the one after the last."""

    bar_height = BAR

    def __init__(self, spans: Iterable[Span], on: dt.date) -> None:
        self.spans, self.on = list(spans), on
        days = [on, *(s.first for s in self.spans), *(s.after for s in self.spans if s.after)]
        self.start = dt.date(min(days).year, 1, 1)
        last = max([*days, on + A_YEAR] if any(s.after is None for s in self.spans) else days)
        self.end = dt.date(last.year + 1, 1, 1)
        self.lanes = list(self._lanes())

    def x(self, day: dt.date) -> float:
        """Where a day stands, of a hundred."""
        share = (day - self.start) / (self.end - self.start) * 100
        return min(max(share, 0.0), 100.0)

    @property
    def height(self) -> int:
        return TOP + LANE * len(self.lanes) + 22

    @property
    def bottom(self) -> int:
        return TOP + LANE * len(self.lanes)

    @property
    def now(self) -> Tick:
        return Tick(_("今天"), _share(self.x(self.on)))

    @property
    def kinds(self) -> set[str]:
        """What there is to explain below."""
        return {bar.kind for lane in self.lanes for bar in lane.bars} | (
            {"ahead"} if any(bar.ahead for lane in self.lanes for bar in lane.bars) else set()
        )

    def years(self) -> list[Tick]:
        """The Januaries, as many as fit; the line of the day looked at would strike out a label just before it."""
        struck = self.x(self.on) - LABEL
        count = self.end.year - self.start.year
        step = -(-count // MOST_YEARS)
        return [
            Tick("" if struck < x <= struck + LABEL else str(year), _share(x))
            for year in range(self.start.year, self.end.year, step)
            for x in [self.x(dt.date(year, 1, 1))]
        ]

    def _lanes(self) -> Iterator[Lane]:
        named: dict[str, list[Span]] = {}
        for each in self.spans:
            named.setdefault(each.lane, []).append(each)
        for number, (label, spans) in enumerate(named.items()):
            y = TOP + LANE * number
            bars = [bar for each in spans for bar in self._bars(each, y + LANE - BAR - 8)]
            yield Lane(label, y + 16, bars)

    def _bars(self, each: Span, y: int) -> Iterator[Bar]:
        """What has been is drawn full, what is to come dashed; a proposal is dashed as a whole."""
        after = each.after or self.end
        turn = each.first if each.kind == "pending" else min(max(self.on, each.first), after)
        if turn > each.first:
            yield self._bar(each, each.first, turn, y)
        if after > turn:
            yield self._bar(each, turn, after, y, ahead=True)

    def _bar(self, each: Span, first: dt.date, after: dt.date, y: int, *, ahead: bool = False) -> Bar:
        x = self.x(first)
        width = max(self.x(after) - x, LEAST)
        return Bar(each.kind, _share(x), _share(width), y, each.said, ahead)


def _share(value: float) -> str:
    return f"{value:.2f}%"


def spans_of(posts: Iterable[Any], records: Iterable[Any], rotations: Iterable[Any]) -> Iterator[Span]:
    """The posts of a person, then where the person is established, then the rotations; oldest first."""
    for post in sorted(posts, key=lambda row: row.valid_from):
        kind = "acting" if post.method == Method.ACTING else "post"
        lane = f"{post.container} {post.get_post_display()}"
        yield _span(lane, kind if post.is_live else "pending", post)
    for record in sorted(records, key=lambda row: row.valid_from):
        yield _span(_("编制：%(school)s") % {"school": record.school}, "staff", record)
    for rotation in sorted(rotations, key=lambda row: row.valid_from):
        kind = "rotation" if rotation.state == RotationState.FILED else "pending"
        yield _span(_("轮岗：%(school)s") % {"school": rotation.to_school}, kind, rotation)


def _span(lane: str, kind: str, row: Any) -> Span:
    return Span(lane, kind, row.valid_from, row.valid_to, f"{lane} {span(row)}")
