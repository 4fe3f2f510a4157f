"""Posts, the setup of groups, delegations and personnel records as the pages of `places` show them, in every state."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from groups import actions as register
from groups.choices import Line, PolicySlot
from kunshan_edu.core import clock, workdays
from personnel import actions
from personnel.actions import appraisal, organisation
from personnel.choices import (
    Grade,
    MeritLevel,
    Method,
    PartyKind,
    PlaqueKind,
    Post,
    QuotaLevel,
    RuleSetKind,
)
from personnel.models import (
    Appointment,
    Delegation,
    GroupRuleSet,
    IncentiveTerm,
    OrgUnit,
    PartyOrganisation,
    Person,
    Plaque,
    PostQuota,
    TermExtension,
)
from tests.browser.staff_places import employed
from tests.world import fresh

DOCUMENT = "昆教人〔2026〕30号"
DAY = dt.timedelta(days=1)
YEAR = clock.today().year


def first(rows: Any, make: Any) -> Any:
    """The row that an earlier page of the same world made, or a new one: there can be but one of it."""
    return rows.first() or make()


def person(world: Any, who: str = "teacher") -> Person:
    return Person.objects.get(user=world.users[who])


def recorded(
    world: Any, post: Post = Post.EXECUTIVE_PRINCIPAL, method: Method = Method.ASSIGNED
) -> Appointment:
    """A principal of the school outside, proposed; in a competition nobody yet."""
    return actions.appoint(
        None if method == Method.COMPETITIVE else person(world),
        post=post,
        container=world.school_d,
        method=method,
        document=DOCUMENT,
        valid_from=clock.today(),
        term_end=clock.today() + 1000 * DAY,
        by=fresh(world.personnel),
    )


def to_compete(world: Any) -> Appointment:
    return recorded(world, method=Method.COMPETITIVE)


def nominated(world: Any) -> Appointment:
    return actions.nominate(
        person(world),
        post=Post.VICE_PRINCIPAL,
        container=world.school_b,
        method=Method.ASSIGNED,
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.president),
    )


def competing(world: Any) -> Appointment:
    """A competition with two candidates."""
    row = actions.announce(
        to_compete(world),
        announced_on=clock.today() - 30 * DAY,
        document=DOCUMENT,
        requirements="任副校长三年以上，本科以上学历。",
        by=fresh(world.personnel),
    )
    for who, score in (("teacher", "88.5"), ("vice_a", "86.0")):
        row = actions.record_scores(
            row,
            person=person(world, who),
            written=Decimal(score),
            interview=Decimal(90),
            by=fresh(world.personnel),
        )
    return row


def noticed(world: Any) -> Appointment:
    first = clock.today() - 14 * DAY
    return actions.publish_notice(
        competing(world),
        person=person(world),
        notice_from=first,
        notice_to=workdays.add_workdays(first, 6),
        by=fresh(world.personnel),
    )


def ending(world: Any) -> Appointment:
    return first(Appointment.objects.filter(ending_on__isnull=False), lambda: _ending(world))


def _ending(world: Any) -> Appointment:
    """A principal whose end waits to be confirmed."""
    row = Appointment.objects.get(pk=world.posts["principal_b"].pk)
    return actions.end(row, valid_to=clock.today() + DAY, document=DOCUMENT, by=fresh(world.personnel))


def presidency(world: Any) -> Appointment:
    return first(Appointment.objects.in_force().filter(group=world.preparing), lambda: _presidency(world))


def _presidency(world: Any) -> Appointment:
    """A president of a group in preparation with a last day before the term's, appraised excellent."""
    row = actions.appoint(
        person(world),
        post=Post.GROUP_PRESIDENT,
        container=world.preparing,
        method=Method.APPOINTED,
        document=DOCUMENT,
        valid_from=clock.today(),
        valid_to=clock.today() + 300 * DAY,
        term_end=clock.today() + 900 * DAY,
        by=fresh(world.personnel),
    )
    row = actions.confirm(row, by=fresh(world.leader))
    appraisal.appraise(
        person(world),
        year=YEAR - 1,
        grade=Grade.EXCELLENT,
        document=DOCUMENT,
        post=Post.GROUP_PRESIDENT,
        group=world.preparing,
        by=fresh(world.supervision),
    )
    return row


def extension(world: Any) -> TermExtension:
    return first(TermExtension.objects.filter(state="proposed"), lambda: _extension(world))


def _extension(world: Any) -> TermExtension:
    row = presidency(world)
    actions.extend(
        row,
        new_end=clock.today() + 600 * DAY,
        document=DOCUMENT,
        reason="新校区启用在即",
        by=fresh(world.personnel),
    )
    return row.extensions.get()


def incentive(world: Any) -> IncentiveTerm:
    return first(IncentiveTerm.objects.filter(state="proposed"), lambda: _incentive(world))


def _incentive(world: Any) -> IncentiveTerm:
    row = Appointment.objects.get(pk=world.posts["president"].pk)
    actions.reward(
        row,
        base_coefficient=Decimal("1.20"),
        coefficient=Decimal("1.50"),
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.personnel),
    )
    return row.incentives.get()


def rewarded(world: Any) -> IncentiveTerm:
    return first(IncentiveTerm.objects.filter(state="confirmed"), lambda: _rewarded(world))


def _rewarded(world: Any) -> IncentiveTerm:
    return actions.confirm_incentive(incentive(world), by=fresh(world.leader))


def delegation(world: Any) -> Delegation:
    return first(Delegation.objects.in_force(), lambda: _delegation(world))


def _delegation(world: Any) -> Delegation:
    return actions.give(
        Appointment.objects.get(pk=world.posts["principal_a"].pk),
        delegate=person(world, "vice_a"),
        valid_from=clock.today(),
        valid_to=clock.today() + 7 * DAY,
        reason="外出培训",
        ceiling=Decimal("8000.00"),
        by=fresh(world.principal_a),
    )


def party(world: Any) -> Any:
    return first(PartyOrganisation.objects.all(), lambda: _party(world))


def _party(world: Any) -> Any:
    return organisation.record_party(
        group=world.group,
        kind=PartyKind.COMMITTEE,
        name="中共示例教育集团委员会",
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.personnel),
    )


def unit(world: Any) -> Any:
    return first(OrgUnit.objects.all(), lambda: _unit(world))


def _unit(world: Any) -> Any:
    return organisation.record_unit(
        group=world.group,
        name="集团教学部",
        line=Line.TEACHING,
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.president),
    )


def plaque(world: Any) -> Any:
    return first(Plaque.objects.all(), lambda: _plaque(world))


def _plaque(world: Any) -> Any:
    return organisation.hang(
        membership=world.group.memberships.get(school=world.school_a),
        kind=PlaqueKind.ORIGINAL,
        text=world.school_a.name,
        valid_from=clock.today(),
        by=fresh(world.principal_a),
    )


def quota(world: Any) -> Any:
    return first(PostQuota.objects.all(), lambda: _quota(world))


def _quota(world: Any) -> Any:
    return organisation.set_quota(
        school=world.school_a,
        level=QuotaLevel.VICE_PRINCIPAL,
        posts=3,
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.personnel),
    )


def rule_set(world: Any) -> Any:
    return first(GroupRuleSet.objects.all(), lambda: _rule_set(world))


def _rule_set(world: Any) -> Any:
    return organisation.set_rules(
        group=world.preparing,
        kind=RuleSetKind.SEPARATED_2022,
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.personnel),
    )


def deviation(world: Any) -> Any:
    return organisation.deviate(
        group=world.group,
        clause_id="4.1.f",
        reason="副书记人选正在考察",
        document=DOCUMENT,
        valid_from=clock.today(),
        by=fresh(world.personnel),
    )


def explained(world: Any) -> Any:
    return organisation.confirm_deviation(deviation(world), by=fresh(world.leader))


def grade(world: Any) -> Any:
    return appraisal.appraise(
        employed(world).person,
        year=YEAR - 1,
        grade=Grade.COMPETENT,
        document=DOCUMENT,
        school=world.school_a,
        by=fresh(world.principal_a),
    )


def training(world: Any) -> Any:
    row = appraisal.hold_training(
        group=world.group,
        title="集团教研组长培训",
        held_on=clock.today(),
        hours=Decimal("6.0"),
        by=fresh(world.president),
    )
    return appraisal.record_training(row, staff=[employed(world)], by=fresh(world.president))


def merit(world: Any) -> Any:
    return appraisal.record_merit(
        staff=employed(world),
        school=world.school_a,
        title="示例先进教师",
        level=MeritLevel.CITY,
        awarded_on=clock.today(),
        document=DOCUMENT,
        by=fresh(world.principal_a),
    )


def policy(world: Any) -> Any:
    return register.adopt(
        world.group,
        slot=PolicySlot.MOBILITY,
        title="教师流动办法",
        document="示集〔2026〕3号",
        valid_from=clock.today(),
        text="第一条　骨干教师在成员学校之间柔性流动。",
        by=fresh(world.president),
    )
