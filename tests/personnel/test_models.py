"""What the database alone refuses and allows of people and appointments, and that its tables are those of the code."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from groups.models import EducationGroup, Membership
from kunshan_edu.core.changes import acting, refusal_of, sentences
from kunshan_edu.core.denials import Denied
from personnel.choices import (
    CONFIRMED_POSTS,
    LIVE_STATES,
    NEXT_STATES,
    SCOPE_OF,
    AppointmentState,
    Post,
    Scope,
)
from personnel.models import REFUSALS, Appointment, GroupRuleSet, Person
from tests.personnel.raw import every_case
from tests.personnel.rows import (
    DOCUMENT,
    LATER,
    TODAY,
    change,
    changed,
    competition,
    end_in_two_steps,
    extension,
    kept,
    person,
    post,
    president,
    principal,
)
from tests.world import SINCE

pytestmark = pytest.mark.django_db
CASES = every_case()


@pytest.mark.parametrize(("name", "prepare"), CASES)
def test_the_database_refuses(world, name, prepare):
    write = prepare(world)
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        write()
    assert caught.value.denial == sentences()[name]
    assert caught.value.denial.code == REFUSALS[name].code if name in REFUSALS else name


def test_every_rule_of_personnel_in_the_database_is_tried():
    constraints = {c.name for m in apps.get_app_config("personnel").get_models() for c in m._meta.constraints}
    tried = {case.values[0] for case in CASES}
    assert (constraints | set(REFUSALS)) - tried == set()
    assert tried - (constraints | set(REFUSALS)) == set()


TABLES = sorted(m._meta.db_table for m in apps.get_app_config("personnel").get_models())


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("using", ["default", "owner"])
def test_nothing_is_written_without_a_verb(world, table, using):
    for sql in (f"INSERT INTO {table} DEFAULT VALUES", f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with (
            pytest.raises(DatabaseError) as caught,
            transaction.atomic(using),
            connections[using].cursor() as cursor,
        ):
            cursor.execute(sql)
        assert refusal_of(caught.value).code == "change_without_a_verb", sql


# I1, I2, I5, I6 where they do not refuse: the neighbouring write goes through.


def end_of(world, who):
    end_in_two_steps(world, Appointment.objects.get(pk=world.posts[who].pk), LATER)


ALLOWED = {
    "a president follows another on the day he ends": lambda w: (
        end_of(w, "president"),
        president(w, "teacher", w.group, valid_from=LATER).save(),
    ),
    "a successor is proposed while the president is in office": lambda w: president(
        w, "teacher", w.group, state="proposed", confirmed_by=None
    ).save(),
    "one person acts as principal of a second school": lambda w: principal(
        w, "principal_a", w.school_d, method="acting"
    ).save(),
    "president and principal carry their secretaryship in one row": lambda w: (
        president(w, "teacher", w.preparing, secretary_on=SINCE).save(),
        principal(w, "head_a", w.school_d, secretary_on=SINCE, legal_representative_on=SINCE).save(),
    ),
    "a deputy secretary is principal of a member school": lambda w: (
        end_of(w, "deputy"),
        post(w, "principal_b", Post.DEPUTY_SECRETARY, w.group, valid_from=LATER).save(),
    ),
    "a principal elsewhere is only proposed as deputy secretary": lambda w: post(
        w, "principal_e", Post.DEPUTY_SECRETARY, w.preparing, state="proposed", confirmed_by=None
    ).save(),
    "two groups have presidents at once": lambda w: president(w, "teacher", w.preparing).save(),
    "a president of one group heads another later": lambda w: (
        end_of(w, "president"),
        president(w, "president", w.preparing, valid_from=LATER).save(),
    ),
    "the end of an appointment is written later": lambda w: end_of(w, "clerk_a"),
    "the end of a clerk's post is one person's": lambda w: change(
        Appointment.objects.get(pk=w.posts["clerk_a"].pk), valid_to=LATER
    ),
    "an end that two people have set is brought nearer by two": lambda w: (
        end_of(w, "president"),
        end_in_two_steps(w, Appointment.objects.get(pk=w.posts["president"].pk), TODAY),
    ),
    "a proposal's days move": lambda w: change(
        kept(w, president(w, "teacher", w.preparing, state="proposed", confirmed_by=None)), valid_to=LATER
    ),
    "the first leader is confirmed by nobody": lambda w: (
        end_in_two_steps(w, Appointment.objects.get(pk=w.posts["leader"].pk), TODAY),
        post(w, "teacher", Post.BUREAU_LEADER, w.bureau, valid_from=TODAY, confirmed_by=None).save(),
    ),
    "a group with its own rule-set has a secretary beside the president": lambda w: (
        GroupRuleSet(group=w.group, kind="separated_2022", document=DOCUMENT, valid_from=SINCE).save(),
        post(w, "teacher", Post.GROUP_SECRETARY, w.group).save(),
    ),
    "people without accounts": lambda _: (Person(name="甲").save(), Person(name="乙").save()),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_the_database_allows(world, case):
    with acting("personnel.test", world.admin):
        ALLOWED[case](world)


def test_a_competition_ends_in_office_after_its_notice(world):
    row = changed(world, competition(world), state="active", confirmed_by=world.leader)
    assert (row.state, row.person.user) == ("active", world.teacher)


def test_a_confirmed_extension_moves_the_end(world):
    row = kept(world, extension(world, state="confirmed", confirmed_by=world.leader))
    assert changed(world, row.appointment, valid_to=row.new_end, state="extended").valid_to == row.new_end


SCOPES = [(p, s) for p in Post for s in Scope]


@pytest.mark.parametrize(("title", "scope"), SCOPES)
def test_a_post_is_held_in_its_own_scope_only(world, title, scope):
    """I5 and the shape of the row: twenty posts, four scopes, one right place each."""
    container = {"group": world.preparing, "school": world.school_d, "district": world.district}
    row = Appointment(
        person=person(world, "teacher"),
        post=title,
        method="appointed" if title == Post.GROUP_PRESIDENT else "assigned",
        document=DOCUMENT,
        valid_from=SINCE,
        valid_to=LATER,
        **{scope.value: container.get(scope.value, world.bureau)},
    )
    if SCOPE_OF[title] == scope:
        kept(world, row)
        assert row.container == getattr(row, scope.value)
    else:
        with pytest.raises(Denied, match="职务与任职单位不符"), acting("personnel.test", world.admin):
            row.save()


@pytest.mark.parametrize(
    "column", ["person", "post", "method", "group", "school", "district", "bureau", "valid_from"]
)
def test_no_fact_of_an_appointment_is_rewritten(world, column):
    other = {
        "person": person(world, "teacher"),
        "post": Post.CASHIER,
        "method": "acting",
        "group": world.group,
        "school": world.school_b,
        "district": world.district,
        "bureau": world.bureau,
        "valid_from": LATER,
    }
    row = Appointment.objects.get(pk=world.posts["clerk_a"].pk)
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        change(row, **{column: other[column]})
    assert caught.value.denial.code == "appointment_facts_are_not_rewritten"


def test_a_deputy_who_is_principal_must_stay_in_the_group_as_long_as_both_posts_last(world):
    """I6: when the school leaves before the posts end, the pair no longer fits."""
    with acting("personnel.test", world.admin):
        Membership.objects.filter(school=world.school_b).update(valid_to=LATER)
        end_in_two_steps(world, Appointment.objects.get(pk=world.posts["deputy"].pk), SINCE)
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        post(world, "principal_b", Post.DEPUTY_SECRETARY, world.group).save()
    assert caught.value.denial.code == "deputy_secretary_principal_of_the_same_group"
    kept(world, post(world, "principal_b", Post.DEPUTY_SECRETARY, world.group, valid_to=LATER))


@pytest.mark.parametrize("status", ["pilot", "running", "extended"])
def test_a_group_is_founded_in_preparation_only(world, status):
    row = EducationGroup.objects.get(pk=world.preparing.pk)
    row.pk, row.name, row.short_name, row.code, row.status = None, "新教育集团", "新集团", "XJ", status
    with pytest.raises(Denied) as caught, acting("groups.test", world.admin):
        row.save(force_insert=True)
    assert caught.value.denial.code == "active_group_has_a_president"


# The tables of the code and those of the database


def source(function):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        return cursor.fetchone()[0]


def test_states_follow_one_another_in_the_database_as_in_the_code(world):
    found = set(re.findall(r"'(\w+)>(\w+)'", source("appointment_goes_its_way")))
    told = {(a.value, b.value) for a, after in NEXT_STATES.items() for b in after if a != b}
    assert found == told
    assert set(NEXT_STATES) == set(AppointmentState)


def test_the_database_knows_the_same_posts_that_a_second_person_confirms(world):
    listed = re.search(r"NEW\.post IN \(([^)]*)\)", source("appointment_goes_its_way")).group(1)
    assert set(re.findall(r"'(\w+)'", listed)) == {post.value for post in CONFIRMED_POSTS}
    live = re.search(r"NEW\.state IN \(([^)]*)\)", source("appointment_goes_its_way")).group(1)
    assert set(re.findall(r"'(\w+)'", live)) == {state.value for state in LIVE_STATES}
