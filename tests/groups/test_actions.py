"""The verbs of the register: what changes, what the audit says, and that joining leaves a school as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from groups import actions
from groups.choices import FundingLevel, GroupStatus, MembershipRole
from groups.models import District, EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent
from personnel import grants
from personnel.choices import Post
from tests.world import appoint, credit_code

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
NEXT_YEAR = dt.date(2027, 1, 1)


def last(row, verb):
    """The newest audit event of a verb about a row."""
    return AuditEvent.objects.of(row).filter(verb=verb).first()


def rows_of(*models):
    """Every column of every row of the tables, as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {model._meta.db_table} t ORDER BY t.id")
            found[model] = cursor.fetchall()
    return found


def joined(world, **facts):
    base = {
        "school": world.school_d,
        "valid_from": TODAY,
        "join_document": "昆教〔2026〕9号",
        "by": world.basic,
    }
    return actions.join(world.group, **{**base, **facts})


def refused(call, code):
    with pytest.raises(Denied) as caught:
        call()
    assert caught.value.denial.code == code


# Joining and leaving


def test_joining_and_leaving_change_no_column_of_school_or_affiliation(world):
    """4.1.p-t: name, legal person, affiliation and staff stay as they were; only a dated row comes and goes."""
    before = rows_of(School, SchoolAffiliation)
    membership = joined(world)
    assert rows_of(School, SchoolAffiliation) == before
    actions.leave(membership, valid_to=NEXT_YEAR, leave_document="昆教〔2026〕10号", by=world.basic)
    assert rows_of(School, SchoolAffiliation) == before


def test_joining_is_audited_with_its_clause(world):
    membership = joined(world)
    event = last(membership, "groups.join")
    assert (event.actor, event.clause_id) == (world.basic, "4.1.p")
    assert event.difference["school_id"] == [None, world.school_d.pk]
    assert membership.role == MembershipRole.MEMBER


def test_leaving_writes_only_the_end_and_its_document(world):
    membership = Membership.objects.get(school=world.school_b)
    left = actions.leave(membership, valid_to=NEXT_YEAR, leave_document="昆教〔2026〕10号", by=world.basic)
    assert last(left, "groups.leave").difference == {
        "valid_to": [None, "2027-01-01"],
        "leave_document": ["", "昆教〔2026〕10号"],
    }
    assert School.objects.members_of(world.group, dt.date(2026, 12, 31)).filter(pk=world.school_b.pk).exists()
    assert not School.objects.members_of(world.group, NEXT_YEAR).filter(pk=world.school_b.pk).exists()


def test_a_school_cannot_join_a_second_group_or_twice(world):
    refused(lambda: joined(world, school=world.school_e), "school_in_one_group_at_a_time")
    refused(lambda: joined(world, school=world.school_a), "school_in_one_group_at_a_time")
    assert not AuditEvent.objects.filter(verb="groups.join", at__date=TODAY).exists()


def test_a_school_joins_another_group_the_day_it_has_left(world):
    membership = Membership.objects.get(school=world.school_b)
    actions.leave(membership, valid_to=NEXT_YEAR, leave_document="昆教〔2026〕10号", by=world.basic)
    row = actions.join(
        world.other_group,
        school=world.school_b,
        valid_from=NEXT_YEAR,
        join_document="昆教〔2026〕11号",
        by=world.basic,
    )
    assert EducationGroup.objects.of_school(world.school_b, NEXT_YEAR).get() == world.other_group
    assert row.pk


def test_a_dissolved_group_takes_no_more_schools(world):
    actions.dissolve(world.preparing, document="昆教〔2026〕9号", by=world.basic)
    refused(
        lambda: actions.join(
            world.preparing, school=world.school_d, valid_from=TODAY, join_document="文", by=world.basic
        ),
        "group_dissolved",
    )


def test_dissolving_a_working_group_has_its_schools_leave_the_same_day(world):
    group = actions.dissolve(world.group, document="昆教〔2026〕9号", by=world.basic)
    assert group.status == GroupStatus.DISSOLVED
    assert not group.memberships.in_force().exists()
    assert set(group.memberships.values_list("valid_to", "leave_document")) == {
        (clock.today(), "昆教〔2026〕9号")
    }


def test_the_lead_school_of_a_working_group_cannot_just_leave(world):
    membership = Membership.objects.get(school=world.school_a)
    refused(
        lambda: actions.leave(membership, valid_to=clock.today(), leave_document="文", by=world.basic),
        "active_group_has_a_lead_school",
    )
    membership.refresh_from_db()
    assert membership.valid_to is None


# Statuses


def prepared(world):
    """The group in preparation, with a lead school."""
    actions.join(
        world.preparing,
        school=world.school_d,
        role=MembershipRole.LEAD,
        valid_from=clock.today(),
        join_document="昆教〔2026〕9号",
        by=world.basic,
    )
    return world.preparing


def test_a_group_without_president_is_not_activated(world):
    group = prepared(world)
    refused(
        lambda: actions.advance(group, status=GroupStatus.PILOT, by=world.basic),
        "active_group_has_a_president",
    )
    appoint(world, "teacher", Post.GROUP_PRESIDENT, group, valid_from=clock.today() + dt.timedelta(days=1))
    refused(
        lambda: actions.advance(group, status=GroupStatus.PILOT, by=world.basic),
        "active_group_has_a_president",
    )
    with clock.at(clock.today() + dt.timedelta(days=1)):
        assert actions.advance(group, status=GroupStatus.PILOT, by=world.basic).status == GroupStatus.PILOT


def test_a_group_with_president_but_without_lead_is_not_activated(world):
    appoint(world, "teacher", Post.GROUP_PRESIDENT, world.preparing)
    refused(
        lambda: actions.advance(world.preparing, status=GroupStatus.PILOT, by=world.basic),
        "active_group_has_a_lead_school",
    )


def test_advancing_writes_the_status_and_nothing_else(world):
    event = last(actions.advance(world.group, status=GroupStatus.EXTENDED, by=world.basic), "groups.advance")
    assert event.difference == {"status": ["running", "extended"]}
    assert event.clause_id == "3.1.c"


# Founding, schools, affiliations


def found(world, by):
    return actions.found(
        name="示例新教育集团",
        short_name="新集团",
        code="XJ",
        model_type="lead_and_weak",
        founded_on=TODAY,
        founding_document="昆教〔2026〕20号",
        decision="专项工作组第 2 次会议",
        by=by,
    )


def register(world, by, **facts):
    base = {
        "name": "示例F小学",
        "short_name": "示例F小",
        "identifier": "2132000006",
        "credit_code": credit_code(6),
        "stage": "primary",
        "opened_on": dt.date(2020, 9, 1),
        "level": FundingLevel.CITY,
        "document": "昆编〔2020〕1号",
    }
    return actions.register_school(**{**base, **facts}, by=by)


def test_a_group_begins_in_preparation(world):
    group = found(world, world.basic)
    assert group.status == GroupStatus.PREPARING
    assert last(group, "groups.found").clause_id == "6.1.e"


@pytest.mark.parametrize("who", ["president", "personnel", "finance_1", "admin", "principal_a"])
def test_only_those_who_manage_the_register_found_and_admit(world, who):
    by = world.users[who]
    refused(lambda: found(world, by), "not_a_registrar")
    refused(lambda: joined(world, by=by), "not_a_registrar")
    refused(lambda: actions.advance(world.group, status=GroupStatus.EXTENDED, by=by), "not_a_registrar")
    membership = Membership.objects.get(school=world.school_b)
    refused(
        lambda: actions.leave(membership, valid_to=NEXT_YEAR, leave_document="文", by=by), "not_a_registrar"
    )


@pytest.mark.parametrize("who", ["basic", "president", "leader", "admin"])
def test_only_the_personnel_section_registers_schools(world, who):
    by = world.users[who]
    refused(lambda: register(world, by), "not_a_school_registrar")
    refused(
        lambda: actions.change_affiliation(
            world.school_d, level="city", document="文", valid_from=TODAY, by=by
        ),
        "not_a_school_registrar",
    )


def test_a_school_is_affiliated_from_its_first_day(world):
    school = register(world, world.personnel)
    assert school.affiliations.get().valid_from == school.opened_on


def test_a_district_is_written_at_district_level_only(world):
    school = register(world, world.personnel, district=world.district)
    assert school.affiliations.get().district is None
    refused(
        lambda: register(
            world,
            world.personnel,
            level=FundingLevel.DISTRICT,
            name="示例G小学",
            short_name="示例G小",
            identifier="2132000007",
            credit_code=credit_code(7),
        ),
        "affiliation_names_a_district_iff_district_level",
    )
    assert not School.objects.filter(name="示例G小学").exists()


def test_an_affiliation_ends_the_day_the_next_begins(world):
    actions.change_affiliation(
        world.school_d,
        level=FundingLevel.DISTRICT,
        district=world.district,
        document="昆编〔2026〕3号",
        valid_from=NEXT_YEAR,
        by=world.personnel,
    )
    old, new = world.school_d.affiliations.order_by("valid_from")
    assert (old.valid_to, new.valid_from, new.valid_to) == (NEXT_YEAR, NEXT_YEAR, None)
    assert last(old, "groups.affiliate").clause_id == "4.1.s"
    in_force = SchoolAffiliation.objects.in_force(dt.date(2026, 12, 31)).get(school=world.school_d)
    assert in_force.level == FundingLevel.CITY


def test_a_wrong_credit_code_is_refused_with_its_sentence(world):
    refused(
        lambda: register(world, world.personnel, credit_code=credit_code(6)[:17] + "0"),
        "credit_code_check_digit_is_right",
    )


def test_the_twelve_districts_are_there_from_the_first_migration(world):
    assert District.objects.count() == 12
    assert list(District.objects.values_list("kind", flat=True)) == ["zone"] * 4 + ["town"] * 8
    towns = District.objects.get(name="旅游度假区").towns.values_list("name", flat=True)
    assert list(towns) == ["淀山湖镇", "周庄镇", "锦溪镇"]


# Profiles


def test_a_school_writes_its_own_profile(world):
    school = actions.edit_profile(world.school_a, feature=" 昆曲进校园 ", by=world.principal_a)
    assert school.feature == "昆曲进校园"
    assert last(school, "groups.edit_profile").difference == {"feature": ["", "昆曲进校园"]}


@pytest.mark.parametrize("who", ["president", "principal_b", "clerk_a", "basic", "admin"])
def test_nobody_else_writes_it_not_even_the_president(world, who):
    refused(
        lambda: actions.edit_profile(world.school_a, feature="代写", by=world.users[who]), "not_your_school"
    )
    world.school_a.refresh_from_db()
    assert world.school_a.feature == ""


# Reads


def test_member_schools_come_with_the_lead_first(world):
    members = School.objects.members_of(world.group)
    assert list(members) == [world.school_a, world.school_b, world.school_c]
    assert [m.role for m in members] == ["lead", "member", "member"]


def test_a_school_is_open_from_its_first_day_to_the_day_before_it_closes(world):
    school = register(world, world.personnel, closed_on=NEXT_YEAR)
    opened = school.opened_on
    for day, is_open in (
        (opened - dt.timedelta(days=1), False),
        (opened, True),
        (NEXT_YEAR - dt.timedelta(days=1), True),
        (NEXT_YEAR, False),
    ):
        assert School.objects.open(day).filter(pk=school.pk).exists() == is_open


def test_rights_follow_joining_and_leaving_in_the_same_instant(world):
    membership = joined(world)
    assert grants.drift() == (0, 0)
    actions.leave(membership, valid_to=NEXT_YEAR, leave_document="昆教〔2026〕10号", by=world.basic)
    assert grants.drift() == (0, 0)
