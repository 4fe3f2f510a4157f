"""What becomes of posts in the demonstration: competitions, nominations, a longer tenure, incentives, delegations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator
from decimal import Decimal
from functools import partial

from groups.choices import Line
from kunshan_edu.core import clock
from kunshan_edu.demo.city import TODAY, City, Teacher, moment
from kunshan_edu.demo.posts import (
    NEW_PRESIDENT,
    NEXT_PRINCIPALS,
    SUCCESSOR,
    TERM_ENDS,
    confirm_end,
    held_by,
    named,
    record_end,
    seated,
)
from personnel import actions as personnel
from personnel.choices import BackboneLevel, EndReason, Method, Post, Title
from personnel.models import Appointment, IncentiveTerm, Person, TermExtension

REQUIREMENTS = "任副校长或副书记三年以上，近两年考核合格以上，熟悉集团各校情况。"
SCORES = (
    (Decimal("88.50"), Decimal("91.00")),
    (Decimal(90), Decimal("84.50")),
    (Decimal(79), Decimal("86.50")),
)
# Tianshu: tenure lengthened to the end of the term (6.3.f). Beichen: recorded, the leader has not decided yet.
LENGTHENED, WAITING = "president", "president-beichen"


def _announced(city: City, group: str, begins: dt.date) -> Appointment:
    """公告竞聘 for the post of president, recorded without a person (4.1.b)."""
    by = city.users["personnel"]
    row = personnel.appoint(
        None,
        post=Post.GROUP_PRESIDENT,
        container=city.groups[group],
        method=Method.COMPETITIVE,
        document=city.document("昆教人"),
        valid_from=begins,
        term_end=TERM_ENDS,
        by=by,
    )
    return personnel.announce(
        row,
        announced_on=clock.today(),
        document=city.document("昆教竞"),
        requirements=REQUIREMENTS,
        by=by,
    )


def _compete(
    city: City, group: str, people: list[Person], days: tuple[dt.date, ...]
) -> Generator[dt.datetime, None, Appointment]:
    """竞聘: announced, three people with their scores, then the notice of the first of them.

    days: of the scores, of the notice the first and the last, and the first of the term.
    """
    scored, noticed, last, begins = days
    row, by = _announced(city, group, begins), city.users["personnel"]
    yield moment(scored, 15)
    for person, (written, interview) in zip(people, SCORES, strict=True):
        row = personnel.record_scores(row, person=person, written=written, interview=interview, by=by)
    yield moment(noticed, 8, 40)
    return personnel.publish_notice(row, notice_from=noticed, notice_to=last, person=people[0], by=by)


def _new_president(city: City) -> Iterator[dt.datetime]:
    """The old president's end is recorded first, so that a successor may be looked for; a leader confirms both."""
    old = named("president", "wangshu")
    record_end(city, old, NEW_PRESIDENT, EndReason.RETIRED)
    people = [city.people[SUCCESSOR], city.people["vice-wangshu"], city.people["deputy-yunhan"]]
    days = (dt.date(2026, 6, 24), dt.date(2026, 7, 6), dt.date(2026, 7, 15), NEW_PRESIDENT)
    row = yield from _compete(city, "wangshu", people, days)
    yield moment(dt.date(2026, 7, 20), 9)
    confirm_end(city, old)
    seated(city, personnel.confirm(row, by=city.users["leader"]), SUCCESSOR)


def _first_president(city: City) -> Iterator[dt.datetime]:
    """The group in preparation looks for its president: the notice still runs on the last day."""
    people = [city.people[name] for name in ("vice-qingqiu", "principal-penghu", "vice")]
    days = (dt.date(2026, 11, 6), dt.date(2026, 11, 18), dt.date(2026, 11, 27), dt.date(2027, 1, 1))
    yield from _compete(city, "qingqiu", people, days)


def _senior(city: City, key: str) -> Teacher:
    """A proven teacher of the school."""
    return next(
        t
        for t in city.teachers[key]
        if t.entry.backbone_level != BackboneLevel.NONE and t.entry.title in (Title.FIRST, Title.SENIOR)
    )


def _nominate_vice(city: City) -> None:
    """提名 by the president: it waits for the personnel section."""
    personnel.nominate(
        _senior(city, "tianxuan").staff.person,
        post=Post.VICE_PRINCIPAL,
        container=city.schools["tianxuan"],
        method=Method.ASSIGNED,
        document=city.document("天枢集团"),
        valid_from=dt.date(2027, 1, 1),
        by=city.users["president"],
    )


def _nominate_head(city: City) -> None:
    """提名 by the principal: it waits for the president (6.3.b)."""
    personnel.nominate(
        _senior(city, "tianshu").staff.person,
        post=Post.DEPARTMENT_HEAD,
        container=city.schools["tianshu"],
        method=Method.ASSIGNED,
        document=city.document("天枢校"),
        valid_from=dt.date(2026, 12, 1),
        unit=city.units["schools", "tianshu", Line.RESEARCH],
        by=city.users["principal"],
    )


def _propose_principal(city: City) -> None:
    """For the school without one: recorded, it waits for the leader."""
    personnel.appoint(
        city.people[NEXT_PRINCIPALS["tianquan"]],
        post=Post.EXECUTIVE_PRINCIPAL,
        container=city.schools["tianquan"],
        method=Method.ASSIGNED,
        document=city.document("昆教人"),
        valid_from=dt.date(2026, 12, 1),
        term_end=TERM_ENDS,
        by=city.users["personnel"],
    )


def _extend(city: City, username: str) -> None:
    """登记延长任职: appraised excellent, needed, within the term (6.3.e)."""
    personnel.extend(
        held_by(city, username),
        new_end=TERM_ENDS,
        document=city.document("昆教组"),
        reason="集团扩容和新校接收正在进行，需要其完成本聘期。",
        by=city.users["personnel"],
    )


def _confirm_extension(city: City) -> None:
    row = held_by(city, LENGTHENED)
    extension = TermExtension.objects.get(appointment=row)
    row.valid_to = personnel.confirm_extension(extension, by=city.users["leader"]).new_end


def _reward(city: City, username: str, valid_from: dt.date, *, treatment: bool) -> None:
    """登记激励待遇 (6.3.c); the treatment is for presidents of compulsory schools only (6.3.d)."""
    personnel.reward(
        held_by(city, username),
        base_coefficient=Decimal("1.40"),
        coefficient=Decimal("1.60"),
        deputy_section_treatment=treatment,
        document=city.document("昆教人"),
        valid_from=valid_from,
        by=city.users["personnel"],
    )


def _confirm_incentives(city: City) -> None:
    for row in IncentiveTerm.objects.filter(state="proposed"):
        personnel.confirm_incentive(row, by=city.users["leader"])


def _delegate(
    city: City, giver: str, delegate: str, first: dt.date, last: dt.date, reason: str, ceiling: str
) -> None:
    personnel.give(
        held_by(city, giver),
        delegate=city.people[delegate],
        valid_from=first,
        valid_to=last + dt.timedelta(days=1),
        reason=reason,
        ceiling=Decimal(ceiling) if ceiling else None,
        by=city.users[giver],
    )


def _plan_delegations(city: City) -> None:
    """One is over, one is in force on the last day, one is yet to come."""
    for day, giver, to, first, last, reason, ceiling in (
        (dt.date(2026, 7, 8), "president", "deputy", 10, 30, "赴外地挂职研修。", ""),
        (dt.date(2026, 11, 18), "principal", "vice", 19, 30, "参加全市校长研修班。", "5000.00"),
        (dt.date(2026, 11, 20), "leader", "leader2", 25, 30, "外出考察。", ""),
    ):
        days = (day.replace(day=first), day.replace(day=last))
        city.calendar.plan(day, partial(_delegate, city, giver, to, *days, reason, ceiling))


def plan_careers(city: City) -> None:
    """Two competitions, two extensions, three incentives; what waits for the personnel section and the leader."""
    plan = city.calendar.plan
    for day, telling in ((dt.date(2026, 5, 25), _new_president), (dt.date(2026, 10, 12), _first_president)):
        plan(day, partial(next, telling(city), None))
    plan(dt.date(2024, 1, 8), partial(_reward, city, "president", dt.date(2024, 1, 1), treatment=True))
    plan(
        dt.date(2024, 1, 9), partial(_reward, city, "president-yuheng", dt.date(2024, 1, 1), treatment=False)
    )
    plan(dt.date(2024, 1, 15), lambda: _confirm_incentives(city))
    plan(dt.date(2026, 6, 15), partial(_extend, city, LENGTHENED))
    plan(dt.date(2026, 6, 22), lambda: _confirm_extension(city))
    plan(dt.date(2026, 11, 9), partial(_extend, city, WAITING))
    plan(dt.date(2026, 11, 12), partial(_reward, city, SUCCESSOR, NEW_PRESIDENT, treatment=True))
    plan(dt.date(2026, 11, 16), lambda: _propose_principal(city))
    plan(dt.date(2026, 11, 17), lambda: _nominate_vice(city))
    plan(moment(TODAY - dt.timedelta(days=4), 14), lambda: _nominate_head(city))
    _plan_delegations(city)
