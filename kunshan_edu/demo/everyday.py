"""The ordinary requests of three years: how many, when, by whom, about what, and what becomes of each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from random import Random

from kunshan_edu.core.models import User
from kunshan_edu.demo import topics
from kunshan_edu.demo.city import TODAY, City, at_work, moment
from kunshan_edu.demo.money import ACTIVE
from kunshan_edu.demo.places import League
from kunshan_edu.demo.posts import PRINCIPAL_LEFT, named
from kunshan_edu.demo.stories import Fate, Story, told

# How many a year, and how the months share them: two terms, few in the holidays, none so late that it meets the
# closing of the year.
COUNTS = {2024: 118, 2025: 145, 2026: 178}
MONTHS = {2: 5, 3: 11, 4: 12, 5: 12, 6: 9, 7: 3, 8: 4, 9: 13, 10: 14, 11: 17}
LAST_DAY = {2024: dt.date(2024, 11, 22), 2025: dt.date(2025, 11, 21), 2026: TODAY}
LONGEST = dt.timedelta(days=21)  # between a draft and the last that its drafter does about it
FATES = {
    Fate.PAID: 76,
    Fate.MENDED: 7,
    Fate.APPROVED: 0,
    Fate.REJECTED: 5,
    Fate.WITHDRAWN: 4,
    Fate.CANCELLED: 3,
    Fate.RETURNED: 2,
    Fate.DRAFT: 1,
}


def _day(rng: Random, year: int) -> dt.date:
    month = rng.choices(list(MONTHS), list(MONTHS.values()))[0]
    return min(dt.date(year, month, rng.randint(1, 28)), LAST_DAY[year])


def _drafter(city: City, rng: Random, league: League, school: str | None, day: dt.date) -> User:
    if school is None:
        return city.users[named(rng.choice(("office", "office", "gfinance")), league.key)]
    words = ["clerk"] * 6
    if school == league.key:
        words += ["accountant", "accountant", "vice"]
    left = PRINCIPAL_LEFT.get(school)
    if left is None or day < left - LONGEST:
        words.append("principal")
    return city.users[named(rng.choice(words), school)]


def _bearers(
    city: City, rng: Random, league: League, year: int, category: str, school: str | None
) -> list[str]:
    """The schools that bear it: the school itself; for the group office the lead school, now and then another too."""
    if school:
        return [school]
    others = [s for g, y, s, c in city.purse if (g, y, c) == (league.key, year, category) and s != league.key]
    return [league.key, rng.choice(others)] if others and rng.random() < 0.4 else [league.key]


def _lines(
    city: City, rng: Random, league: League, year: int, topic: topics.Topic, school: str | None
) -> list[tuple[str, str, str, Decimal]]:
    """The lines of a request, or none when a school's money does not suffice."""
    bearers = _bearers(city, rng, league, year, topic.category, school)
    items = topic.items if rng.random() < 0.85 else topic.items[:1]
    lines = []
    for number, item in enumerate(items if len(bearers) == 1 else [topic.items[0]] * len(bearers)):
        words, yuan = item.priced(rng)
        lines.append((bearers[number % len(bearers)], topic.category, words, yuan))
    asked: dict[str, Decimal] = {}
    for bearer, _category, _words, yuan in lines:
        asked[bearer] = asked.get(bearer, Decimal(0)) + yuan
    keys = {bearer: (league.key, year, bearer, topic.category) for bearer in asked}
    if any(city.purse.get(keys[b], Decimal(0)) < yuan for b, yuan in asked.items()):
        return []
    for bearer, yuan in asked.items():
        city.purse[keys[bearer]] -= yuan
    return lines


def _school(rng: Random, league: League, year: int) -> str | None:
    """Who asks: the group office now and then, the lead school more often than the others."""
    members = [p.key for p in league.schools if p.joined < dt.date(year, 1, 10)]
    return rng.choices([None, *members], [3, 4, *[3] * (len(members) - 1)])[0]


def story(city: City, rng: Random, year: int) -> tuple[dt.datetime, Story] | None:
    """One request and the moment of its draft; None when the money is used up."""
    league = rng.choices(ACTIVE, [x.budget for x in ACTIVE])[0]
    school, day = _school(rng, league, year), _day(rng, year)
    when = at_work(moment(day, rng.randint(8, 16), rng.randint(0, 59)))
    for _attempt in range(8):
        topic = topics.pick(rng, by_group=school is None)
        lines = _lines(city, rng, league, year, topic, school)
        if lines:
            break
    else:
        return None
    own = Random(rng.random())  # noqa: S311
    words = topics.chosen(own, day.month)
    return when, Story(
        group=league.key,
        year=year,
        school=school,
        by=_drafter(city, rng, league, school, day),
        title=topic.title.format(**words),
        purpose=topic.purpose.format(**words),
        payee=own.choice(topic.payees),
        lines=lines,
        rng=own,
        fate=rng.choices(list(FATES), list(FATES.values()))[0],
    )


def plan_everyday(city: City) -> None:
    """Plan them all; the money of each is taken out of the purse at once, so that none is refused later."""
    for year, count in COUNTS.items():
        for number in range(count):
            found = story(city, Random(f"{year} {number}"), year)  # noqa: S311
            if found:
                when, told_story = found
                city.calendar.plan(when, partial(next, told(city, told_story), None))
