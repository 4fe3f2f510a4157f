"""The staff of the forty schools: about 1,200 people, put on the staff as their sheet is; who is promoted or leaves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from groups.choices import Stage
from kunshan_edu.core import clock, codes
from kunshan_edu.core.changes import acting, record
from kunshan_edu.core.guideline import Clause
from kunshan_edu.demo.city import SET_UP, City, Teacher
from kunshan_edu.demo.places import LEAGUES, OTHERS
from kunshan_edu.demo.posts import LATER, all_seats
from personnel import actions as personnel
from personnel.actions.staff import Entry, enlist_all
from personnel.choices import BackboneLevel, Subject, Title
from personnel.models import Staff

VERB = "personnel.import_staff"
SIZES = {Stage.KINDERGARTEN: 18, Stage.PRIMARY: 28, Stage.JUNIOR: 30, Stage.NINE_YEAR: 36, Stage.SENIOR: 38}
BEGINNERS = (2024, 2025, 2026)  # the last two of each school began in one of these summers
DEGREE = 22  # years of age at which a teacher begins
# Years of service up to which a title is usual: (up to, titles and their weights).
TITLES = (
    (2, {Title.NONE: 3, Title.SECOND: 1}),
    (8, {Title.THIRD: 1, Title.SECOND: 14, Title.FIRST: 5}),
    (18, {Title.SECOND: 4, Title.FIRST: 14, Title.SENIOR: 2}),
    (50, {Title.FIRST: 9, Title.SENIOR: 10, Title.FULL_SENIOR: 1}),
)
# In a hundred teachers of some experience.
BACKBONE = {
    BackboneLevel.NONE: 75,
    BackboneLevel.COUNTY: 15,
    BackboneLevel.CITY: 7,
    BackboneLevel.PROVINCE: 2,
    BackboneLevel.SPECIAL: 1,
}
EXPERIENCED = 5
YOUNG = {
    Subject.CHINESE: 30,
    Subject.MATHEMATICS: 24,
    Subject.ENGLISH: 12,
    Subject.SPORT: 8,
    Subject.SCIENCE: 6,
    Subject.MUSIC: 5,
    Subject.ART: 5,
    Subject.CIVICS: 4,
    Subject.COMPUTING: 3,
    Subject.LABOUR: 2,
    Subject.PSYCHOLOGY: 1,
}
OLDER = {
    Subject.CHINESE: 16,
    Subject.MATHEMATICS: 16,
    Subject.ENGLISH: 15,
    Subject.PHYSICS: 9,
    Subject.SPORT: 7,
    Subject.CIVICS: 6,
    Subject.HISTORY: 6,
    Subject.CHEMISTRY: 5,
    Subject.BIOLOGY: 5,
    Subject.GEOGRAPHY: 5,
    Subject.MUSIC: 3,
    Subject.ART: 3,
    Subject.COMPUTING: 3,
    Subject.PSYCHOLOGY: 1,
}
SMALL = {Subject.OTHER: 12, Subject.MUSIC: 2, Subject.ART: 2, Subject.SPORT: 2}
TAUGHT = {
    Stage.KINDERGARTEN: SMALL,
    Stage.PRIMARY: YOUNG,
    Stage.JUNIOR: OLDER,
    Stage.NINE_YEAR: {s: YOUNG.get(s, 0) + OLDER.get(s, 0) for s in Subject},
    Stage.SENIOR: OLDER,
}


@dataclass
class Numbers:
    """Staff, identity and telephone numbers, all invented: born on the first of a month, with serials 001 to 008."""

    count: int = 0
    born: Counter[tuple[int, bool]] = field(default_factory=Counter)

    def identity(self, year: int, *, male: bool) -> str:
        pair, month = divmod(self.born[year, male], 12)
        self.born[year, male] += 1
        body = f"320583{year}{month + 1:02d}01{2 * pair + (1 if male else 2):03d}"
        return body + codes.identity_number_check(body)

    def next(self, rng: Random, year: int) -> dict[str, str]:
        """All numbers of one more person, born in that year."""
        self.count += 1
        return {
            "identity_number": self.identity(year, male=rng.random() < 0.3),
            "staff_no": f"JS{self.count:05d}",
            "phone": f"1390000{self.count:04d}",
        }


def _accounts(city: City) -> dict[str, list[str]]:
    """School key → who holds a post there or in its group, by user name."""
    found: dict[str, list[str]] = {}
    for seat in all_seats(city):
        if seat.kind in ("schools", "groups"):
            found.setdefault(seat.key, []).append(seat.username)
    for username, key in LATER.items():
        if key:
            found.setdefault(key, []).append(username)
    return {key: list(dict.fromkeys(names)) for key, names in found.items()}


def _weighed(rng: Random, weights: dict[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _career(rng: Random, stage: Stage, years: int) -> dict[str, str]:
    """Title, backbone level and subject of somebody with so many years of service."""
    title = _weighed(rng, next(titles for up_to, titles in TITLES if years <= up_to))
    level = _weighed(rng, BACKBONE) if years >= EXPERIENCED else BackboneLevel.NONE
    return {"title": title, "backbone_level": level, "subject": _weighed(rng, TAUGHT[stage])}


def _school_staff(city: City, key: str, stage: Stage, numbers: Numbers) -> Iterator[Entry]:
    """The people of one school, those with accounts first, the beginners last."""
    rng, accounts = Random(f"staff {key}"), _accounts(city).get(key, [])  # noqa: S311
    size = max(SIZES[stage] + rng.randint(-2, 2), len(accounts) + 20)
    for number in range(size):
        username = accounts[number] if number < len(accounts) else ""
        hired = rng.randint(1992, 2010) if username else rng.randint(1990, 2022)
        if number >= size - 2:
            hired = rng.choice(BEGINNERS)
        yield Entry(
            name=city.users[username].name if username else city.names.pop(),
            username=username,
            school_id=city.schools[key].pk,
            document=f"昆教人〔{hired}〕{rng.randint(2, 60)}号",
            valid_from=dt.date(hired, 9, 1),
            **numbers.next(rng, hired - DEGREE),
            **_career(rng, stage, SET_UP.year - hired),
        )


def _put_on_the_staff(city: City, entries: Iterable[tuple[str, Entry]]) -> None:
    """登记教职工, all of them under one verb; the audit trail tells how many."""
    members, by = list(entries), city.users["personnel"]
    with acting(VERB, by):
        written = sum(enlist_all([entry for _key, entry in members], verb=VERB, by=by))
        told = {"imported": [None, written]}
        record(city.bureau, VERB, by=by, difference=told, clause=Clause.C4_1_T)
    rows = Staff.objects.select_related("person").defer("person__identity_number", "person__phone")
    known = {row.staff_no: row for row in rows.filter(staff_no__in=[e.staff_no for _key, e in members])}
    for key, entry in members:
        if not entry.username:
            city.teachers.setdefault(key, []).append(Teacher(known[entry.staff_no], entry))


def plan_staff(city: City) -> None:
    """Those who are there put on the staff now, the beginners in their summers; then who rises, moves and leaves."""
    places, numbers = [*(place for league in LEAGUES for place in league.schools), *OTHERS], Numbers()
    every = [(p.key, e) for p in places for e in _school_staff(city, p.key, p.stage, numbers)]
    _put_on_the_staff(city, [(key, e) for key, e in every if e.valid_from <= SET_UP])
    for year in BEGINNERS:
        new = [(key, e) for key, e in every if e.valid_from.year == year]
        city.calendar.plan(dt.date(year, 8, 20), partial(_put_on_the_staff, city, new))
    city.calendar.plan(dt.date(2025, 8, 25), partial(_promote, city))
    city.calendar.plan(dt.date(2026, 8, 25), partial(_move, city))


RISING = ("kunchi", "pengju", "nanji", "weidou", "fangxiu", "xinxiu")
LEAVING = ("yuchan", "jiaoxiu", "kangxiu", "dixiu", "weixiu")
MOVING = (("kunchi", "tianxuan"), ("pengju", "xihe"))


def _changed(city: City, teacher: Teacher, school: str, **facts: str) -> None:
    entry = teacher.entry
    kept = {"title": entry.title, "backbone_level": entry.backbone_level, "subject": entry.subject}
    personnel.change_record(
        teacher.staff,
        school=city.schools[school],
        document=city.document("昆教人"),
        valid_from=dt.date(clock.today().year, 9, 1),
        by=city.users["personnel"],
        **{**kept, **facts},
    )


def _promote(city: City) -> None:
    """A better title or backbone level for one teacher of some schools."""
    for number, key in enumerate(RISING):
        teacher = next(t for t in city.teachers[key] if t.entry.title == Title.SECOND)
        level = BackboneLevel.COUNTY if number % 2 else teacher.entry.backbone_level
        _changed(city, teacher, key, title=Title.FIRST, backbone_level=level)


def _move(city: City) -> None:
    """Two transfers, by a document of the bureau and never by a group (4.1.t); five retire."""
    for old, new in MOVING:
        _changed(city, next(t for t in city.teachers[old] if t.entry.title == Title.FIRST), new)
    for key in LEAVING:
        eldest = min(city.teachers[key], key=lambda t: t.entry.valid_from)
        last, document = dt.date(2026, 9, 1), city.document("昆教人")
        personnel.leave(eldest.staff, valid_to=last, document=document, by=city.users["personnel"])
