"""The rotations of the demonstration: ninety, every one walked through its verbs, 13 of them back next summer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from random import Random

from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from kunshan_edu.demo.city import City, Teacher, at_work, moment
from kunshan_edu.demo.places import LEAGUES, League
from kunshan_edu.demo.posts import named
from personnel.actions import rotation as actions
from personnel.choices import BackboneLevel, Post
from personnel.models import Rotation


class Fate(IntEnum):
    """How many steps a rotation goes; STOPPED and RENEWED are filed first."""

    PROPOSED = 0
    SENDING = 1
    RECEIVING = 2
    APPROVED = 3
    FILED = 4
    STOPPED = 5
    RENEWED = 6
    REFUSED = 7
    WITHDRAWN = 8


@dataclass(frozen=True)
class Round:
    """So many rotations of the same days and fate, asked for from a day on. across: to a school of another group."""

    asked_on: dt.date
    begins: dt.date
    ends: dt.date
    count: int
    fate: Fate = Fate.FILED
    across: bool = False


def _september(year: int) -> dt.date:
    return dt.date(year, 9, 1)


SPRING = (dt.date(2027, 2, 22), dt.date(2028, 2, 1))
THIS_YEAR, TWO_YEARS = (_september(2026), _september(2027)), (_september(2026), _september(2028))
ROUNDS = (
    Round(dt.date(2024, 6, 3), _september(2024), _september(2025), 18),
    Round(dt.date(2025, 6, 3), _september(2025), _september(2026), 19),
    Round(dt.date(2025, 6, 4), _september(2025), _september(2026), 1, Fate.RENEWED),
    Round(dt.date(2025, 6, 4), _september(2025), _september(2026), 2, Fate.STOPPED),
    Round(dt.date(2025, 6, 5), _september(2025), _september(2027), 5),
    Round(dt.date(2026, 6, 2), *THIS_YEAR, 8),
    Round(dt.date(2026, 6, 3), *TWO_YEARS, 17),
    Round(dt.date(2026, 6, 4), *TWO_YEARS, 2, Fate.REFUSED),
    Round(dt.date(2026, 6, 5), *TWO_YEARS, 2, Fate.WITHDRAWN),
    Round(dt.date(2026, 6, 8), *TWO_YEARS, 1, across=True),
    Round(dt.date(2026, 11, 3), *SPRING, 3, Fate.APPROVED),
    Round(dt.date(2026, 11, 5), *SPRING, 1, Fate.RECEIVING, across=True),
    Round(dt.date(2026, 11, 9), *SPRING, 3, Fate.RECEIVING),
    Round(dt.date(2026, 11, 13), *SPRING, 3, Fate.SENDING),
    Round(dt.date(2026, 11, 18), *SPRING, 4, Fate.PROPOSED),
)
# The groups in turn, the first one more often than the others.
TURNS = ("tianshu", "wangshu", "tianshu", "yunhan", "beichen", "tianshu", "yuheng")
# Schools that take part only in what is asked for since, or until, a day: one joined late, one lost its principal.
SINCE, UNTIL = {"qingluan": _september(2025)}, {"tianquan": _september(2026)}
REASONS = (
    "骨干教师到薄弱学校任教，承担学科带头任务。",
    "集团统一安排的交流任教。",
    "接收校该学科缺编，轮岗支援。",
    "到牵头学校跟岗锻炼。",
)
SERVICE = dt.timedelta(days=3 * 365)  # at least, before a teacher is sent


@dataclass(frozen=True)
class Journey:
    """One rotation to come: who goes where, and who asks for it."""

    teacher: Teacher
    to: str
    by: str
    round: Round
    rng: Random

    def later(self) -> dt.datetime:
        """A moment within two days, in office hours."""
        hours = self.rng.uniform(3, 34)
        return at_work((clock.now() + dt.timedelta(hours=hours)).replace(microsecond=0))


def _propose(city: City, journey: Journey) -> Rotation:
    return actions.propose(
        journey.teacher.staff,
        to_school=city.schools[journey.to],
        valid_from=journey.round.begins,
        valid_to=journey.round.ends,
        reason=journey.rng.choice(REASONS),
        by=city.users[journey.by],
    )


def _principal(city: City, school_id: int) -> User:
    return city.holders(Post.EXECUTIVE_PRINCIPAL, school_id=school_id)[0]


def _send(city: City, row: Rotation) -> Rotation:
    return actions.agree_sending(row, by=_principal(city, row.from_school_id))


def _receive(city: City, row: Rotation) -> Rotation:
    return actions.agree_receiving(row, by=_principal(city, row.to_school_id))


def _approve(city: City, row: Rotation) -> Rotation:
    president = city.holders(Post.GROUP_PRESIDENT, group_id=row.group_id)[0]
    return actions.approve_rotation(row, by=president)


def _file(city: City, row: Rotation) -> Rotation:
    """备案, by one document for what a group sends on the same day."""
    known = Rotation.objects.filter(group=row.group_id, valid_from=row.valid_from).exclude(document="")
    document = known.values_list("document", flat=True).first() or city.document("昆教人")
    return actions.file(row, document=document, by=city.users["personnel2"])


def _walk(city: City, journey: Journey, row: Rotation) -> Generator[dt.datetime, None, Rotation]:
    """Step after step, as far as the fate lets it come; across groups nobody but the bureau approves."""
    steps = [_send, _receive, *([] if journey.round.across else [_approve]), _file]
    for act in steps[: journey.round.fate]:
        yield journey.later()
        row = act(city, row)
    return row


def _stop(city: City, row: Rotation) -> None:
    day, reason = clock.today(), "派出校学科教师产假，提前返校。"
    actions.stop_rotation(row, valid_to=day, reason=reason, by=city.users["personnel2"])


def told(city: City, journey: Journey) -> Iterator[dt.datetime]:
    """Play it; what it yields is the moment at which it goes on."""
    row, fate = _propose(city, journey), journey.round.fate
    if fate in (Fate.REFUSED, Fate.WITHDRAWN):
        yield journey.later()
        _end(city, journey, row)
        return
    row = yield from _walk(city, journey, row)
    if fate == Fate.STOPPED:
        yield at_work(moment(row.valid_from + dt.timedelta(days=160), 10))
        _stop(city, row)
    elif fate == Fate.RENEWED:
        yield at_work(moment(row.valid_to - dt.timedelta(days=85), 10))
        again = actions.renew(row, valid_to=_september(2028), by=city.users[journey.by])
        yield from _walk(city, journey, again)


def _end(city: City, journey: Journey, row: Rotation) -> None:
    if journey.round.fate == Fate.REFUSED:
        reason = "该教师担任毕业班教学，本学年不宜调整。"
        actions.refuse_rotation(row, reason=reason, by=_principal(city, row.from_school_id))
    else:
        actions.withdraw_rotation(row, by=city.users[journey.by])


@dataclass
class Draw:
    """Draws who goes where: between the lead school and the others by turns, every third one a backbone teacher."""

    city: City
    turns: Counter[str] = field(default_factory=Counter)
    busy_until: dict[int, dt.date] = field(default_factory=dict)

    def _schools(self, league: League, day: dt.date) -> list[str]:
        keys = [p.key for p in league.schools]
        return [k for k in keys if SINCE.get(k, day) <= day <= UNTIL.get(k, day)]

    def _teacher(self, key: str, round_: Round, *, backbone: bool) -> Teacher:
        """Of some years of service, and home again from any earlier rotation; backbone as wanted, if there is one."""
        for wanted in (backbone, not backbone):
            for teacher in reversed(self.city.teachers[key]):
                fits = (teacher.entry.backbone_level != BackboneLevel.NONE) == wanted
                served = round_.begins - teacher.entry.valid_from >= SERVICE
                free = self.busy_until.get(teacher.staff.pk, round_.begins) <= round_.begins
                if fits and served and free:
                    renewed = round_.fate == Fate.RENEWED
                    self.busy_until[teacher.staff.pk] = dt.date.max if renewed else round_.ends
                    return teacher
        raise LookupError(f"nobody left at {key}")

    def journey(self, number: int, round_: Round) -> Journey:
        """The next one of a round."""
        key = TURNS[number % len(TURNS)]
        league = next(x for x in LEAGUES if x.key == key)
        lead, *others = self._schools(league, round_.asked_on)
        turn = self.turns[key] = self.turns[key] + 1
        pair = (lead, others[turn // 2 % len(others)])
        home, to = pair if turn % 2 else pair[::-1]
        if round_.across:
            to = "beichen" if key != "beichen" else "yunhan"
        word = "principal" if round_.across or number % 3 == 0 else "office"
        return Journey(
            teacher=self._teacher(home, round_, backbone=number % 3 == 0),
            to=to,
            by=named(word, home if word == "principal" else key),
            round=round_,
            rng=Random(f"rotation {number}"),  # noqa: S311
        )


def plan_rotations(city: City) -> None:
    """Plan them all; who goes is drawn at once."""
    draw, number = Draw(city), 0
    for round_ in ROUNDS:
        for place in range(round_.count):
            when = moment(round_.asked_on, 9) + dt.timedelta(minutes=7 * place)
            telling = told(city, draw.journey(number, round_))
            city.calendar.plan(when, partial(next, telling, None))
            number += 1
