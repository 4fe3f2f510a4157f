"""What the database alone refuses in the register, each rule and constraint by name: raw writes, rules set aside."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.choices import MembershipRole
from groups.models import (
    REFUSALS,
    Bureau,
    BureauGrant,
    District,
    DistrictGrant,
    EducationGroup,
    GroupGrant,
    GroupPolicy,
    Membership,
    School,
    SchoolAffiliation,
    SchoolGrant,
)
from kunshan_edu.core import codes
from kunshan_edu.core.changes import acting, sentences
from kunshan_edu.core.denials import Denied
from tests.world import SINCE, credit_code

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 1, 1)
NEVER = dt.date(2000, 1, 1)


def school(**facts):
    base = {
        "name": "示例新校",
        "short_name": "新校",
        "identifier": "2132009999",
        "credit_code": credit_code(999),
        "stage": "primary",
        "opened_on": SINCE,
    }
    return School(**{**base, **facts})


def policy(world, **facts):
    base = {
        "group": world.group,
        "slot": 3,
        "title": "教师流动办法",
        "document": "示集〔2026〕3号",
        "text": "全文",
        "adopted_by": world.president,
        "valid_from": SINCE,
    }
    return GroupPolicy(**{**base, **facts})


def second_policy(world):
    policy(world).save()
    policy(world, valid_from=LATER).save()


def group(**facts):
    base = {
        "name": "示例新集团",
        "short_name": "新集团",
        "code": "XX",
        "model_type": "lead_and_new",
        "founded_on": SINCE,
        "founding_document": "昆教〔2024〕9号",
        "decision": "第 9 次会议",
    }
    return EducationGroup(**{**base, **facts})


def member(world, key, *, where="other_group", **facts):
    base = {"role": MembershipRole.MEMBER, "valid_from": SINCE, "join_document": "昆教〔2024〕9号"}
    return Membership(group=getattr(world, where), school=world.schools[key], **{**base, **facts})


def affiliation(world, key, **facts):
    base = {"level": "city", "document": "昆编〔2024〕9号", "valid_from": SINCE}
    return SchoolAffiliation(school=world.schools[key], **{**base, **facts})


def again(model, **facts):
    """A copy of an existing row, but for what is said."""

    def write(_world):
        row = model.objects.order_by("pk").last()
        row.pk = None
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return write


def change(model, pick=None, **values):
    return lambda world: model.objects.filter(pk=pick(world).pk if pick else 1).update(**values)


def end_affiliation(world):
    SchoolAffiliation.objects.filter(school=world.school_d).update(valid_to=LATER)


def twin_school(**facts):
    """A new school that shares one thing with school A."""
    return lambda world: school(**{k: getattr(world.school_a, k) for k in facts.get("shared")}).save()


# Which database refusal → a write that meets it and nothing before it.
WRITES = {
    "there_is_one_bureau": lambda _: Bureau(pk=2, name="另一个教育局").save(force_insert=True),
    "school_closes_after_it_opens": change(School, lambda w: w.school_d, closed_on=NEVER),
    "school_identifier_has_ten_digits": lambda _: school(identifier="21320A").save(),
    "credit_code_check_digit_is_right": lambda _: school(credit_code=credit_code(999)[:17] + "0").save(),
    "affiliation_names_a_district_iff_district_level": lambda w: affiliation(
        w, "school_d", level="district"
    ).save(),
    "affiliation_ends_after_it_begins": lambda w: affiliation(w, "school_d", valid_to=NEVER).save(),
    "one_affiliation_at_a_time": lambda w: affiliation(w, "school_d").save(),
    "group_is_founded_by_a_decision": lambda _: group(decision="").save(),
    "group_model_type_is_listed": lambda _: group(model_type="franchise").save(),
    "membership_ends_after_it_begins": lambda w: member(w, "school_d", valid_to=NEVER).save(),
    "school_in_one_group_at_a_time": lambda w: member(w, "school_a").save(),
    "one_lead_school_at_a_time": lambda w: member(w, "school_d", role=MembershipRole.LEAD).save(),
    "policy_fills_a_slot": lambda w: policy(w, slot=99).save(),
    "policy_has_text_or_attachment": lambda w: policy(w, text="").save(),
    "policy_ends_after_it_begins": lambda w: policy(w, valid_to=NEVER).save(),
    "one_policy_per_slot_and_day": second_policy,
    "schoolgrant_has_one_row_per_source": again(SchoolGrant),
    "groupgrant_has_one_row_per_source": again(GroupGrant),
    "districtgrant_has_one_row_per_source": again(DistrictGrant),
    "bureaugrant_has_one_row_per_source": again(BureauGrant),
    "groups_school_name_key": twin_school(shared=["name"]),
    "groups_school_short_name_key": twin_school(shared=["short_name"]),
    "groups_school_identifier_key": twin_school(shared=["identifier"]),
    "groups_school_credit_code_key": twin_school(shared=["credit_code"]),
    "groups_educationgroup_name_key": lambda w: group(name=w.group.name).save(),
    "groups_educationgroup_short_name_key": lambda w: group(short_name=w.group.short_name).save(),
    "groups_educationgroup_code_key": lambda w: group(code=w.group.code).save(),
    "groups_district_code_key": again(District, name="无此镇"),
    "groups_district_name_key": again(District, code="000000000"),
    "active_group_has_a_lead_school": lambda w: Membership.objects.filter(school=w.school_a).update(
        valid_to=LATER
    ),
    "open_school_is_affiliated_every_day": end_affiliation,
    "school_identity_is_changed_by_document": change(
        School, lambda w: w.school_a, legal_person_type="private_non_enterprise"
    ),
}


def test_every_rule_of_the_register_in_the_database_is_tried_here():
    constraints = {c.name for m in apps.get_app_config("groups").get_models() for c in m._meta.constraints}
    assert set(WRITES) == constraints | set(REFUSALS)


@pytest.mark.parametrize("name", WRITES)
def test_the_database_refuses(world, name):
    with pytest.raises(Denied) as caught, acting("groups.test", world.admin):
        WRITES[name](world)
    assert caught.value.denial == sentences()[name]
    assert caught.value.denial.message.endswith("。")


# The same rules where they do not refuse: the neighbouring write goes through.
ALLOWED = {
    "a school closes on the day it opened": change(
        School, lambda w: w.school_d, closed_on=dt.date(2010, 9, 1)
    ),
    "a school leaves the day another group takes it": lambda w: (
        Membership.objects.filter(school=w.school_b).update(valid_to=LATER),
        member(w, "school_b", valid_from=LATER).save(),
    ),
    "the lead changes within one transaction": lambda w: (
        Membership.objects.filter(school=w.school_a).update(valid_to=LATER),
        member(w, "school_d", where="group", role=MembershipRole.LEAD, valid_from=LATER).save(),
    ),
    "an affiliation follows another on the same day": lambda w: (
        end_affiliation(w),
        affiliation(w, "school_d", level="district", district=w.district, valid_from=LATER).save(),
    ),
    "a group in preparation has no lead": lambda _: group().save(),
    "a dissolved group needs no lead": lambda w: (
        EducationGroup.objects.filter(pk=w.group.pk).update(status="dissolved"),
        Membership.objects.filter(group=w.group).update(valid_to=LATER),
    ),
    "a name changes by a document of its own": change(School, lambda w: w.school_a, name="示例改名小学"),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_the_database_allows(world, case):
    with acting("groups.test", world.admin):
        ALLOWED[case](world)


def test_an_identity_changes_only_under_the_verb_of_a_document(world):
    with acting("groups.rename_by_document", world.personnel):
        School.objects.filter(pk=world.school_a.pk).update(credit_code=credit_code(777))


def test_a_group_cannot_be_activated_without_a_lead_even_by_a_raw_write(world):
    with acting("groups.test", world.admin):
        Membership.objects.filter(group=world.preparing).delete()
    with pytest.raises(Denied) as caught, acting("groups.test", world.admin):
        EducationGroup.objects.filter(pk=world.preparing.pk).update(status="pilot")
    assert caught.value.denial.code == "active_group_has_a_president"


def test_deleting_the_lead_membership_is_refused_at_the_end(world):
    with pytest.raises(Denied) as caught, acting("groups.test", world.admin):
        Membership.objects.filter(school=world.school_a).delete()
    assert caught.value.denial.code == "active_group_has_a_lead_school"


# Credit codes: the database computes the same check digit as Python


def ok_in_the_database(code):
    with connection.cursor() as cursor:
        cursor.execute("SELECT credit_code_ok(%s)", [code])
        return cursor.fetchone()[0]


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.builds(
    lambda head, place, tail: head + place + tail,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)
STRINGS = st.text(st.sampled_from(ALPHABET + "IOSVZabc一 -"), max_size=20)


def test_both_check_digits_agree(world):
    """On every code with its right last character, on every other last character, and on other strings."""

    @settings(max_examples=60, deadline=None)
    @given(BODIES, st.sampled_from(ALPHABET), STRINGS)
    def agree(body, last, text):
        for code in (body + codes.credit_code_check(body), body + last, text):
            assert ok_in_the_database(code) == codes.credit_code_ok(code), code

    agree()


def test_published_examples_are_right_in_the_database(world):
    assert ok_in_the_database("91350100M000100Y43")
    assert not ok_in_the_database("91350100M000100Y4Z")
