"""What the database alone refuses of people and appointments, each rule and constraint by name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from groups.models import EducationGroup, Membership
from kunshan_edu.core.changes import acting, sentences
from kunshan_edu.core.denials import Denied
from personnel.choices import SCOPE_OF, Post, Scope
from personnel.models import REFUSALS, Appointment, Person
from tests.world import SINCE

pytestmark = pytest.mark.django_db
LATER = dt.date(2027, 1, 1)
NEVER = dt.date(2000, 1, 1)


def person(world, who):
    return Person.objects.get(user=world.users[who])


def post(world, who, title, container, **facts):
    """An appointment, unsaved."""
    scope = SCOPE_OF[Post(title)].value
    base = {"method": "assigned", "document": "昆教人〔2026〕9号", "valid_from": SINCE, scope: container}
    return Appointment(person=person(world, who), post=title, **{**base, **facts})


def president(world, who, group, **facts):
    return post(world, who, Post.GROUP_PRESIDENT, group, method="competitive", **facts)


def principal(world, who, school, **facts):
    return post(world, who, Post.EXECUTIVE_PRINCIPAL, school, **facts)


def rewrite(world, **values):
    Appointment.objects.filter(pk=world.posts["clerk_a"].pk).update(**values)


def activate(world):
    EducationGroup.objects.filter(pk=world.preparing.pk).update(status="pilot")


# Which database refusal → a write that meets it and nothing before it.
WRITES = {
    "post_is_held_in_its_own_scope": lambda w: post(
        w, "teacher", Post.CLERK, w.school_a, group=w.group
    ).save(),
    "president_is_appointed_or_selected": lambda w: post(
        w, "teacher", Post.GROUP_PRESIDENT, w.preparing
    ).save(),
    "appointment_ends_after_it_begins": lambda w: post(
        w, "teacher", Post.CLERK, w.school_a, valid_to=NEVER
    ).save(),
    "only_president_and_principal_are_secretaries": lambda w: post(
        w, "teacher", Post.CLERK, w.school_a, secretary_on=SINCE
    ).save(),
    "only_the_principal_is_legal_representative": lambda w: president(
        w, "teacher", w.preparing, legal_representative_on=SINCE
    ).save(),
    "one_president_per_group": lambda w: president(w, "teacher", w.group).save(),
    "one_deputy_secretary_per_group": lambda w: post(w, "teacher", Post.DEPUTY_SECRETARY, w.group).save(),
    "one_executive_principal_per_school": lambda w: principal(w, "teacher", w.school_a).save(),
    "one_presidency_per_person": lambda w: president(w, "president", w.preparing).save(),
    "one_principalship_per_person": lambda w: principal(w, "principal_a", w.school_d).save(),
    "personnel_person_user_id_key": lambda w: Person(name="另一人", user=w.clerk_a).save(),
    "active_group_has_a_president": activate,
    "deputy_secretary_principal_of_the_same_group": lambda w: post(
        w, "principal_e", Post.DEPUTY_SECRETARY, w.preparing
    ).save(),
    "school_of_a_deputy_secretary_stays": lambda w: leave_with_a_deputy(w),
    "appointment_facts_are_not_rewritten": lambda w: rewrite(w, post=Post.CASHIER),
}


def leave_with_a_deputy(world):
    """The principal of school b becomes deputy secretary of its group, and then the school leaves."""
    Appointment.objects.filter(pk=world.posts["deputy"].pk).update(valid_to=LATER)
    post(world, "principal_b", Post.DEPUTY_SECRETARY, world.group, valid_from=LATER).save()
    with connection.cursor() as cursor:  # so far it holds
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    Membership.objects.filter(school=world.school_b).update(valid_to=LATER)


def test_every_rule_of_personnel_in_the_database_is_tried_here():
    constraints = {c.name for m in apps.get_app_config("personnel").get_models() for c in m._meta.constraints}
    assert set(WRITES) == constraints | set(REFUSALS)


@pytest.mark.parametrize("name", WRITES)
def test_the_database_refuses(world, name):
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        WRITES[name](world)
    assert caught.value.denial == sentences()[name]


# I1, I2, I5, I6 where they do not refuse: the neighbouring write goes through.
ALLOWED = {
    "a president follows another on the day he ends": lambda w: (
        Appointment.objects.filter(pk=w.posts["president"].pk).update(valid_to=LATER),
        president(w, "teacher", w.group, valid_from=LATER).save(),
    ),
    "one person acts as principal of a second school": lambda w: principal(
        w, "principal_a", w.school_d, method="acting"
    ).save(),
    "president and principal carry their secretaryship in one row": lambda w: (
        president(w, "teacher", w.preparing, secretary_on=SINCE).save(),
        principal(w, "head_a", w.school_d, secretary_on=SINCE, legal_representative_on=SINCE).save(),
    ),
    "a deputy secretary is principal of a member school": lambda w: (
        Appointment.objects.filter(pk=w.posts["deputy"].pk).update(valid_to=LATER),
        post(w, "principal_b", Post.DEPUTY_SECRETARY, w.group, valid_from=LATER).save(),
    ),
    "two groups have presidents at once": lambda w: president(w, "teacher", w.preparing).save(),
    "a president of one group heads another later": lambda w: (
        Appointment.objects.filter(pk=w.posts["president"].pk).update(valid_to=LATER),
        president(w, "president", w.preparing, valid_from=LATER).save(),
    ),
    "the end of an appointment is written later": lambda w: rewrite(w, valid_to=LATER, end_document="文"),
    "people without accounts": lambda _: (Person(name="甲").save(), Person(name="乙").save()),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_the_database_allows(world, case):
    with acting("personnel.test", world.admin):
        ALLOWED[case](world)


SCOPES = [(p, s) for p in Post for s in Scope]


@pytest.mark.parametrize(("title", "scope"), SCOPES)
def test_a_post_is_held_in_its_own_scope_only(world, title, scope):
    """I5 and the shape of the row: sixteen posts, four scopes, one right place each."""
    container = {"group": world.preparing, "school": world.school_d, "district": world.district}
    method = "appointed" if title == Post.GROUP_PRESIDENT else "assigned"
    row = Appointment(
        person=person(world, "teacher"),
        post=title,
        method=method,
        document="昆教人〔2026〕9号",
        valid_from=SINCE,
        **{scope.value: container.get(scope.value, world.bureau)},
    )
    right = SCOPE_OF[title] == scope
    if right:
        with acting("personnel.test", world.admin):
            row.save()
        assert row.container == getattr(row, scope.value)
    else:
        with pytest.raises(Denied, match="职务与任职单位不符"), acting("personnel.test", world.admin):
            row.save()


@pytest.mark.parametrize("column", ["person", "post", "group", "school", "district", "bureau", "valid_from"])
def test_no_fact_of_an_appointment_is_rewritten(world, column):
    other = {
        "person": person(world, "teacher"),
        "post": Post.CASHIER,
        "group": world.group,
        "school": world.school_b,
        "district": world.district,
        "bureau": world.bureau,
        "valid_from": LATER,
    }
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        rewrite(world, **{column: other[column]})
    assert caught.value.denial.code == "appointment_facts_are_not_rewritten"


def test_a_deputy_who_is_principal_must_stay_in_the_group_as_long_as_both_posts_last(world):
    """I6: when the school leaves before the posts end, the pair no longer fits."""
    with acting("personnel.test", world.admin):
        Membership.objects.filter(school=world.school_b).update(valid_to=LATER)
        Appointment.objects.filter(pk=world.posts["deputy"].pk).update(valid_to=SINCE)
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        post(world, "principal_b", Post.DEPUTY_SECRETARY, world.group).save()
    assert caught.value.denial.code == "deputy_secretary_principal_of_the_same_group"
    with acting("personnel.test", world.admin):
        post(world, "principal_b", Post.DEPUTY_SECRETARY, world.group, valid_to=LATER).save()


@pytest.mark.parametrize("status", ["pilot", "running", "extended"])
def test_a_group_is_founded_in_preparation_only(world, status):
    row = EducationGroup.objects.get(pk=world.preparing.pk)
    row.pk, row.name, row.short_name, row.code, row.status = None, "新教育集团", "新集团", "XJ", status
    with pytest.raises(Denied) as caught, acting("groups.test", world.admin):
        row.save(force_insert=True)
    assert caught.value.denial.code == "active_group_has_a_president"
