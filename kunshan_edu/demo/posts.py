"""The people of the demonstration, with accounts and posts: about a hundred and twenty, all invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password

from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from kunshan_edu.demo.cast import ADMIN, PASSWORD
from kunshan_edu.demo.city import City, moment
from kunshan_edu.demo.places import FOUNDED, HUAQIAO, LEAGUES
from personnel import actions as personnel
from personnel.choices import Method, Post
from personnel.models import Appointment, Person

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜"
)
GIVEN = (
    *(
        "望川",
        "知微",
        "清和",
        "思衡",
        "云岫",
        "若谷",
        "砚秋",
        "明澈",
        "景行",
        "清越",
        "书白",
        "映雪",
        "临溪",
        "安歌",
    ),
    *(
        "予宁",
        "听澜",
        "既白",
        "星野",
        "疏影",
        "问渠",
        "望舒",
        "南乔",
        "星河",
        "采薇",
        "子衿",
        "修远",
        "长青",
        "照野",
    ),
    *(
        "以墨",
        "初霁",
        "闻笛",
        "半夏",
        "千寻",
        "如晦",
        "鹤鸣",
        "松年",
        "杏林",
        "竹里",
        "远舟",
        "晚晴",
        "小满",
        "立夏",
    ),
    *(
        "秋实",
        "冬青",
        "春和",
        "木兰",
        "石泉",
        "青禾",
        "丹枫",
        "素问",
        "孟秋",
        "仲夏",
        "季冬",
        "远山",
        "云笺",
        "文渊",
    ),
)
TERM_ENDS = dt.date(2028, 8, 31)
NEW_PRESIDENT = dt.date(2026, 8, 1)
VACANT_SINCE = dt.date(2026, 10, 12)
BUREAU = (
    ("leader", Post.BUREAU_LEADER),
    ("leader2", Post.BUREAU_LEADER),
    ("finance1", Post.BUREAU_FINANCE),
    ("finance2", Post.BUREAU_FINANCE),
    ("personnel2", Post.BUREAU_PERSONNEL),
    ("basic", Post.BUREAU_BASIC_EDUCATION),
    ("basic2", Post.BUREAU_BASIC_EDUCATION),
    ("supervision", Post.BUREAU_SUPERVISION),
)
SCHOOL = (
    ("principal", Post.EXECUTIVE_PRINCIPAL),
    ("clerk", Post.CLERK),
    ("cashier", Post.CASHIER),
)
LEAD_SCHOOL = (("vice", Post.VICE_PRINCIPAL), ("accountant", Post.SCHOOL_ACCOUNTANT))
GROUP = (
    ("president", Post.GROUP_PRESIDENT),
    ("office", Post.GROUP_OFFICE),
    ("gfinance", Post.GROUP_FINANCE),
)
WITH_DEPUTY = ("tianshu", "yunhan", "beichen")


@dataclass(frozen=True)
class Seat:
    """Who holds which post where; kind and key name the container in the city."""

    username: str
    post: Post
    kind: str
    key: str


def named(word: str, key: str) -> str:
    """The plain word for the first group and its lead school, whose accounts are shown; else with its key."""
    return word if key == LEAGUES[0].key else f"{word}-{key}"


def bureau_seats() -> Iterator[Seat]:
    for username, post in BUREAU:
        yield Seat(username, post, "bureau", "")


def district_seats(city: City) -> Iterator[Seat]:
    for number, name in enumerate(city.districts, 1):
        username = "district" if name == HUAQIAO else f"district-{number:02d}"
        yield Seat(username, Post.DISTRICT_OFFICER, "districts", name)


def group_seats() -> Iterator[Seat]:
    for league in LEAGUES:
        if league.founded_on == FOUNDED:
            for word, post in GROUP:
                yield Seat(named(word, league.key), post, "groups", league.key)
        if league.key in WITH_DEPUTY:
            yield Seat(named("deputy", league.key), Post.DEPUTY_SECRETARY, "groups", league.key)


def school_seats() -> Iterator[Seat]:
    for league in LEAGUES:
        for place in league.schools:
            for word, post in SCHOOL:
                yield Seat(named(word, place.key), post, "schools", place.key)
        for word, post in LEAD_SCHOOL:
            yield Seat(named(word, league.key), post, "schools", league.key)
    yield Seat("head", Post.DEPARTMENT_HEAD, "schools", LEAGUES[0].key)


def first_seats(city: City) -> list[Seat]:
    """Everybody who is appointed at the start."""
    return [*bureau_seats(), *district_seats(city), *group_seats(), *school_seats()]


# Those who come later, by user name.
SUCCESSOR, PREPARING_OFFICE = "president2-wangshu", "office-qingqiu"


def _names(city: City, count: int) -> list[str]:
    every = [surname + given for surname in SURNAMES for given in GIVEN]
    return city.rng.sample(every, count)


def register_people(city: City) -> None:
    """An account and a person for everybody; one password for all, hashed once."""
    hashed = make_password(PASSWORD)
    usernames = [*(seat.username for seat in first_seats(city)), SUCCESSOR, PREPARING_OFFICE]
    names = _names(city, len(usernames) + 1)
    first = personnel.install(bureau=city.bureau, username="personnel", name=names.pop())
    city.users["personnel"] = first.person.user
    rows = [
        User(username=u, name=n, password=hashed, date_joined=clock.now())
        for u, n in zip(usernames, names, strict=True)
    ]
    for user in User.objects.bulk_create(rows):
        city.users[user.username] = user
        personnel.register_person(name=user.name, user=user, by=first.person.user)
    User.objects.create_superuser(ADMIN, None, name="系统管理员")
    User.objects.filter(username__in=["personnel", ADMIN]).update(password=hashed)


def _container(city: City, seat: Seat) -> Any:
    return city.bureau if seat.kind == "bureau" else getattr(city, seat.kind)[seat.key]


def appoint(city: City, seat: Seat, valid_from: dt.date, method: Method = Method.ASSIGNED) -> Appointment:
    """任职, with the dates that go with the post (4.1.d, 4.1.l, 4.1.m)."""
    dates: dict[str, dt.date] = {}
    if seat.post in (Post.GROUP_PRESIDENT, Post.EXECUTIVE_PRINCIPAL):
        dates = {"secretary_on": valid_from, "term_end": TERM_ENDS}
    if seat.post == Post.EXECUTIVE_PRINCIPAL:
        dates["legal_representative_on"] = valid_from
    row = personnel.appoint(
        Person.objects.select_related("user").get(user__username=seat.username),
        post=seat.post,
        container=_container(city, seat),
        method=method,
        document=city.document("昆教人"),
        valid_from=valid_from,
        by=city.users["personnel"],
        **dates,
    )
    row.person.user = city.users[seat.username]
    city.appointments.append(row)
    return row


def _appoint_first(city: City, seats: Iterator[Seat]) -> None:
    for seat in seats:
        president = seat.post == Post.GROUP_PRESIDENT
        appoint(city, seat, clock.today(), Method.APPOINTED if president else Method.ASSIGNED)


def end(city: City, username: str, valid_to: dt.date) -> None:
    """免职, by a document of its own."""
    row = next(a for a in city.appointments if a.person.user.username == username)
    ended = personnel.end(
        row, valid_to=valid_to, document=city.document("昆教人"), by=city.users["personnel"]
    )
    row.valid_to = ended.valid_to


def _change_president(city: City) -> None:
    end(city, "president-wangshu", NEW_PRESIDENT)
    seat = Seat(SUCCESSOR, Post.GROUP_PRESIDENT, "groups", "wangshu")
    appoint(city, seat, NEW_PRESIDENT, Method.COMPETITIVE)


def plan_posts(city: City) -> None:
    """Who is appointed and who leaves when: a new president this summer, a school without principal since October."""
    plan = city.calendar.plan
    plan(moment(FOUNDED, 10), lambda: _appoint_first(city, group_seats()))
    deputy = Seat(
        "principal-xihe", Post.DEPUTY_SECRETARY, "groups", "wangshu"
    )  # 4.1.g: a principal may be it
    plan(dt.date(2024, 9, 2), partial(appoint, city, deputy, dt.date(2024, 9, 2)))
    plan(dt.date(2026, 7, 20), partial(_change_president, city))
    office = Seat(PREPARING_OFFICE, Post.GROUP_OFFICE, "groups", "qingqiu")
    plan(dt.date(2026, 9, 2), partial(appoint, city, office, dt.date(2026, 9, 2)))
    plan(dt.date(2026, 9, 30), lambda: end(city, "principal-tianquan", VACANT_SINCE))


def appoint_schools_and_bureau(city: City) -> None:
    """Everybody whose post does not wait for a group to be founded."""
    _appoint_first(city, iter([*bureau_seats(), *district_seats(city), *school_seats()]))
