"""The posts of the demonstration: who is appointed where and when, and who leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from groups.choices import Line
from kunshan_edu.core import clock
from kunshan_edu.demo.city import City, moment
from kunshan_edu.demo.places import FOUNDED, HUAQIAO, LEAGUES
from personnel import actions as personnel
from personnel.choices import AppointmentState, EndReason, Method, Post
from personnel.models import Appointment, OrgUnit

TERM_ENDS = dt.date(2028, 8, 31)
# Presidents whose tenure ends before their term, and is lengthened (6.3.e): group → the day it first ends.
TENURES = {"tianshu": dt.date(2026, 9, 1), "beichen": dt.date(2027, 9, 1)}
SEPARATED = "yunhan"  # its secretary is not its president (4.1.d)
NEW_PRESIDENT = dt.date(2026, 8, 1)
VACANT_SINCE = dt.date(2026, 10, 12)
# School → the day from which its first principal is no longer in office.
PRINCIPAL_LEFT = {"tianquan": VACANT_SINCE, "changgeng": dt.date(2026, 11, 9)}
AUDITED = {"valid_from": dt.date(2026, 9, 1), "valid_to": dt.date(2028, 1, 1)}
BUREAU = (
    ("leader", Post.BUREAU_LEADER),
    ("leader2", Post.BUREAU_LEADER),
    ("finance1", Post.BUREAU_FINANCE),
    ("finance2", Post.BUREAU_FINANCE),
    ("personnel2", Post.BUREAU_PERSONNEL),
    ("basic", Post.BUREAU_BASIC_EDUCATION),
    ("basic2", Post.BUREAU_BASIC_EDUCATION),
    ("supervision", Post.BUREAU_SUPERVISION),
    ("mayor", Post.VICE_MAYOR),
)
SCHOOL = (
    ("principal", Post.EXECUTIVE_PRINCIPAL),
    ("clerk", Post.CLERK),
    ("cashier", Post.CASHIER),
)
LEAD_SCHOOL = (
    ("vice", Post.VICE_PRINCIPAL),
    ("accountant", Post.SCHOOL_ACCOUNTANT),
    ("enrollment", Post.ENROLLMENT_CLERK),
)
# Who works in which unit of the group's management (4.1.i), where the group has one for the line.
OFFICES = (
    ("office", Post.GROUP_OFFICE, Line.OFFICE),
    ("gfinance", Post.GROUP_FINANCE, Line.FINANCE),
)
WITH_DEPUTY = ("tianshu", "yunhan", "beichen")
# Department heads of the lead school of the first group: nominated by its principal, decided by the president.
HEADS = (("head", Line.TEACHING), ("head2", Line.MORAL), ("head3", Line.LOGISTICS))


@dataclass(frozen=True)
class Seat:
    """Who holds which post where; kind and key name the container in the city."""

    username: str
    post: Post
    kind: str
    key: str
    line: Line | None = None


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


def leader_seats() -> Iterator[Seat]:
    for league in LEAGUES:
        if league.founded_on == FOUNDED:
            yield Seat(named("president", league.key), Post.GROUP_PRESIDENT, "groups", league.key)
        if league.key in WITH_DEPUTY:
            yield Seat(named("deputy", league.key), Post.DEPUTY_SECRETARY, "groups", league.key)
    yield Seat(named("secretary", SEPARATED), Post.GROUP_SECRETARY, "groups", SEPARATED)


def office_seats() -> Iterator[Seat]:
    for league in LEAGUES:
        if league.founded_on == FOUNDED:
            for word, post, line in OFFICES:
                yield Seat(named(word, league.key), post, "groups", league.key, line)
    yield Seat("research", Post.GROUP_OFFICE, "groups", LEAGUES[0].key, Line.RESEARCH)


def school_seats() -> Iterator[Seat]:
    for league in LEAGUES:
        for place in league.schools:
            for word, post in SCHOOL:
                yield Seat(named(word, place.key), post, "schools", place.key)
        for word, post in LEAD_SCHOOL:
            yield Seat(named(word, league.key), post, "schools", league.key)


def head_seats() -> Iterator[Seat]:
    for username, line in HEADS:
        yield Seat(username, Post.DEPARTMENT_HEAD, "schools", LEAGUES[0].key, line)


SUCCESSOR, PREPARING_OFFICE = "president2-wangshu", "office-qingqiu"
NEXT_PRINCIPALS = {"tianquan": "principal2-tianquan", "changgeng": "principal2-changgeng"}
# Those who come later, by user name, with the place that they are on the staff of.
LATER = {
    SUCCESSOR: "wangshu",
    PREPARING_OFFICE: "qingqiu",
    "auditor": "",
    **{username: key for key, username in NEXT_PRINCIPALS.items()},
}


def all_seats(city: City) -> list[Seat]:
    """Every seat but those of who comes later."""
    bureau = (*bureau_seats(), *district_seats(city))
    return [*bureau, *leader_seats(), *office_seats(), *school_seats(), *head_seats()]


def _container(city: City, seat: Seat) -> Any:
    return city.bureau if seat.kind == "bureau" else getattr(city, seat.kind)[seat.key]


def _unit(city: City, seat: Seat) -> OrgUnit | None:
    return city.units.get((seat.kind, seat.key, seat.line)) if seat.line else None


def _facts(city: City, seat: Seat, valid_from: dt.date) -> dict[str, Any]:
    """The dates and the unit that go with the post (4.1.d, 4.1.l, 4.1.m)."""
    facts: dict[str, Any] = {"unit": _unit(city, seat)}
    if seat.post == Post.GROUP_PRESIDENT:
        secretary_on = None if seat.key == SEPARATED else valid_from
        facts |= {"secretary_on": secretary_on, "valid_to": TENURES.get(seat.key), "term_end": TERM_ENDS}
    if seat.post == Post.EXECUTIVE_PRINCIPAL:
        dates = ("secretary_on", "legal_representative_on")
        facts |= {"term_end": TERM_ENDS, **dict.fromkeys(dates, valid_from)}
    return facts


def appoint(
    city: City, seat: Seat, valid_from: dt.date, method: Method = Method.ASSIGNED, **facts: Any
) -> Appointment:
    """任职: recorded by the personnel section, of a cadre confirmed by the leader at once."""
    row = personnel.appoint(
        city.people[seat.username],
        post=seat.post,
        container=_container(city, seat),
        method=method,
        document=city.document("昆教人"),
        valid_from=valid_from,
        by=city.users["personnel"],
        **{**_facts(city, seat, valid_from), **facts},
    )
    if row.state == AppointmentState.PROPOSED:
        row = personnel.confirm(row, by=city.users["leader"])
    return seated(city, row, seat.username)


def seated(city: City, row: Appointment, username: str) -> Appointment:
    """Remember who holds it."""
    row.person = city.people[username]
    city.appointments.append(row)
    return row


def _appoint_all(city: City, seats: Iterable[Seat]) -> None:
    for seat in seats:
        president = seat.post == Post.GROUP_PRESIDENT
        appoint(city, seat, clock.today(), Method.APPOINTED if president else Method.ASSIGNED)


def held_by(city: City, username: str) -> Appointment:
    """The first appointment of that account."""
    return next(a for a in city.appointments if a.person and a.person.user == city.users[username])


def record_end(city: City, username: str, valid_to: dt.date, reason: EndReason) -> None:
    """办理免职, by a document of its own; it waits for the leader."""
    row, document = held_by(city, username), city.document("昆教人")
    personnel.end(row, valid_to=valid_to, document=document, end_reason=reason, by=city.users["personnel"])


def confirm_end(city: City, username: str) -> None:
    """审定免职"""
    row = held_by(city, username)
    row.valid_to = personnel.confirm_end(row, by=city.users["leader"]).valid_to


def _appoint_heads(city: City) -> None:
    """提名 by the principal and 审定 by the president, each head in a unit of the school (6.3.b)."""
    school = city.schools[LEAGUES[0].key]
    for seat in head_seats():
        row = personnel.nominate(
            city.people[seat.username],
            post=seat.post,
            container=school,
            method=Method.ASSIGNED,
            document=city.document("天枢校"),
            valid_from=clock.today(),
            unit=_unit(city, seat),
            by=city.users["principal"],
        )
        seated(city, personnel.confirm(row, by=city.users["president"]), seat.username)


def plan_posts(city: City) -> None:
    """Who is appointed and who leaves when; what becomes of presidents and candidates is told in `careers`."""
    plan = city.calendar.plan
    plan(moment(FOUNDED, 10), lambda: _appoint_all(city, leader_seats()))
    plan(moment(FOUNDED, 15), lambda: _appoint_all(city, office_seats()))
    plan(dt.date(2023, 9, 18), lambda: _appoint_heads(city))
    xihe = Seat("principal-xihe", Post.DEPUTY_SECRETARY, "groups", "wangshu")  # 4.1.g: a principal may be it
    plan(dt.date(2024, 9, 2), partial(appoint, city, xihe, dt.date(2024, 9, 2)))
    auditor = Seat("auditor", Post.AUDITOR, "bureau", "")
    plan(AUDITED["valid_from"], partial(appoint, city, auditor, **AUDITED))
    office = Seat(PREPARING_OFFICE, Post.GROUP_OFFICE, "groups", "qingqiu")
    plan(dt.date(2026, 9, 2), partial(appoint, city, office, dt.date(2026, 9, 2)))
    for key, day in PRINCIPAL_LEFT.items():
        username = named("principal", key)
        ending = partial(record_end, city, username, day, EndReason.TRANSFER)
        plan(moment(day - dt.timedelta(days=14), 9), ending)
        plan(moment(day - dt.timedelta(days=12), 10), partial(confirm_end, city, username))
    plan(dt.date(2026, 10, 30), partial(_replace_principal, city))


def _replace_principal(city: City) -> None:
    """The successor begins on the day that the predecessor left; the registration as legal person is yet to come."""
    seat = Seat(NEXT_PRINCIPALS["changgeng"], Post.EXECUTIVE_PRINCIPAL, "schools", "changgeng")
    appoint(city, seat, PRINCIPAL_LEFT["changgeng"], legal_representative_on=None)


def appoint_schools_and_bureau(city: City) -> None:
    """Everybody whose post does not wait for a group to be founded."""
    _appoint_all(city, [*bureau_seats(), *district_seats(city), *school_seats()])
