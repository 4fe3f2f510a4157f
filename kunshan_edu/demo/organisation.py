"""How groups and schools of the demonstration are set up: party, units, plaques, quotas, rule-sets and deviations."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from groups.choices import Line
from groups.models import Membership
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.demo.city import City, moment
from kunshan_edu.demo.places import FOUNDED, LEAGUES, League, Place
from kunshan_edu.demo.posts import SEPARATED, named
from personnel.actions import organisation as setup
from personnel.choices import PartyKind, PlaqueKind, QuotaLevel, RuleSetKind

C, G = PartyKind.COMMITTEE, PartyKind.GENERAL_BRANCH
# Beichen has none yet: red (4.1.c). The senior schools have a group without units: red (4.1.i).
PARTIES = {"tianshu": C, "wangshu": G, "yunhan": C, "yuheng": G}
UNITS = {
    "tianshu": (
        (Line.OFFICE, "综合办公室"),
        (Line.TEACHING, "教学管理中心"),
        (Line.RESEARCH, "教科研中心"),
        (Line.FINANCE, "财务办公室"),
    ),
    "wangshu": ((Line.OFFICE, "集团办公室"), (Line.TEACHING, "教学部"), (Line.FINANCE, "财务部")),
    "yunhan": ((Line.OFFICE, "集团办公室"), (Line.PARTY, "党建办公室"), (Line.RESEARCH, "课程中心")),
    "beichen": ((Line.OFFICE, "集团办公室"),),
}
SCHOOL_UNITS = (
    (Line.TEACHING, "教务处"),
    (Line.MORAL, "德育处"),
    (Line.LOGISTICS, "总务处"),
    (Line.RESEARCH, "教科室"),
)
WITHOUT_BRANCH = "ziwei"
HUNG = {"changgeng": 1, "chenjiao": 0, "qingqiu": 0, "penghu": 0, "yingzhou": 0}  # else both plaques
# (vice principals, department heads): the one vice principal of Tianshu is all that it may have.
QUOTAS = {
    "tianshu": (1, 5),
    "tianxuan": (2, 4),
    "tianji": (2, 4),
    "wangshu": (2, 6),
    "xihe": (2, 5),
    "yunhan": (3, 8),
    "beichen": (2, 6),
    "yuheng": (3, 9),
}
# (group office, deputy secretaries)
GROUP_QUOTAS = {"tianshu": (3, 1), "wangshu": (2, 1), "yunhan": (2, 1)}
SCHOOL_LEVELS = (QuotaLevel.VICE_PRINCIPAL, QuotaLevel.DEPARTMENT_HEAD)
GROUP_LEVELS = (QuotaLevel.GROUP_OFFICE, QuotaLevel.DEPUTY_SECRETARY)


def _separate(city: City) -> None:
    """书记、校长分设, before its president and its secretary are appointed."""
    setup.set_rules(
        group=city.groups[SEPARATED],
        kind=RuleSetKind.SEPARATED_2022,
        document=city.document("昆委教"),
        valid_from=FOUNDED,
        by=city.users["personnel"],
    )


def _record_parties(city: City) -> None:
    by, day = city.users["personnel"], clock.today()
    for key, kind in PARTIES.items():
        group = city.groups[key]
        name = f"中共{group.name}{'委员会' if kind == C else '总支部委员会'}"
        facts: dict[str, Any] = {"kind": kind, "name": name, "document": city.document("昆委教")}
        setup.record_party(group=group, **facts, valid_from=day, by=by)


def _record_branch(city: City, place: Place) -> None:
    setup.record_party(
        school=city.schools[place.key],
        kind=PartyKind.BRANCH,
        name=f"中共{place.name}支部委员会",
        document=city.document("昆委教"),
        valid_from=clock.today(),
        by=city.users["personnel"],
    )


def _record_units(city: City) -> None:
    """内设机构 of the groups, and of the first group's lead school, by their presidents (4.3.g)."""
    first = LEAGUES[0].key
    owners = [*(("groups", key, units) for key, units in UNITS.items()), ("schools", first, SCHOOL_UNITS)]
    for kind, key, units in owners:
        president, owner = city.users[named("president", key)], getattr(city, kind)[key]
        document = city.document(f"{city.groups[key].short_name}发")
        where = {"group" if kind == "groups" else "school": owner, "valid_from": clock.today()}
        for line, name in units:
            unit = setup.record_unit(line=line, name=name, document=document, **where, by=president)
            city.units[kind, key, line] = unit


def _hang(city: City, league: League, place: Place) -> None:
    """The school hangs its own name and the group's beside it (4.1.p, 4.1.q)."""
    membership = Membership.objects.in_force().get(school=city.schools[place.key])
    texts = {
        PlaqueKind.ORIGINAL: place.name,
        PlaqueKind.GROUP: f"昆山市{league.name}教育集团{place.short_name}",
    }
    for kind, text in list(texts.items())[: HUNG.get(place.key, len(texts))]:
        setup.hang(
            membership=membership,
            kind=kind,
            text=text,
            valid_from=clock.today(),
            by=city.users[named("principal", place.key)],
        )


def _set_quotas(city: City) -> None:
    """核定职数, one document for schools and groups (4.1.h, 4.1.o)."""
    document = city.document("昆编办")
    facts = {"document": document, "valid_from": clock.today(), "by": city.users["personnel"]}
    for key, posts in QUOTAS.items():
        for level, number in zip(SCHOOL_LEVELS, posts, strict=True):
            setup.set_quota(school=city.schools[key], level=level, posts=number, **facts)
    for key, posts in GROUP_QUOTAS.items():
        for level, number in zip(GROUP_LEVELS, posts, strict=True):
            setup.set_quota(group=city.groups[key], level=level, posts=number, **facts)


def _deviate(city: City, *, confirmed: bool, **facts: Any) -> None:
    """登记例外, and 审定 by the leader where it is not to wait."""
    document, day = city.document("昆教"), clock.today()
    row = setup.deviate(**facts, document=document, valid_from=day, by=city.users["personnel"])
    if confirmed:
        setup.confirm_deviation(row, by=city.users["leader"])


def _plan_deviations(city: City) -> None:
    """One group may do without a deputy secretary; a school without principal waits for the same."""
    plan = city.calendar.plan
    plan(
        dt.date(2023, 12, 4),
        lambda: _deviate(
            city,
            confirmed=True,
            group=city.groups["yuheng"],
            clause_id=Clause.C4_1_F.id,
            reason="联盟校党组织关系未划转，副书记人选待下一批统筹配备",
        ),
    )
    plan(
        dt.date(2026, 11, 10),
        lambda: _deviate(
            city,
            confirmed=False,
            school=city.schools["tianquan"],
            clause_id=Clause.C4_1_K.id,
            reason="执行校长空缺期间由集团派驻干部主持日常工作",
        ),
    )


def plan_organisation(city: City) -> None:
    """On the day of founding, between the presidents and those who work in the units; then the schools."""
    plan = city.calendar.plan
    plan(moment(FOUNDED, 9, 30), lambda: _separate(city))
    plan(moment(FOUNDED, 11), lambda: _record_parties(city))
    plan(moment(FOUNDED, 14), lambda: _record_units(city))
    plan(dt.date(2023, 9, 11), lambda: _set_quotas(city))
    for league in LEAGUES:
        for number, place in enumerate(league.schools):
            soon = moment(place.joined + dt.timedelta(days=20), 9, 3 * number)
            if place.key != WITHOUT_BRANCH:
                plan(soon, partial(_record_branch, city, place))
            plan(soon.replace(hour=15), partial(_hang, city, league, place))
    _plan_deviations(city)
