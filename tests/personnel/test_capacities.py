"""In what capacity somebody acted: the audit tells the post whose right said yes, of who holds several that one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from groups import actions as register
from groups.choices import Authority, ModelType
from groups.verbs import GROUNDS as GROUPS_GROUNDS
from groups.verbs import WORDS as GROUPS_WORDS
from kunshan_edu.core import access, clock
from kunshan_edu.core.access import Ground, Right, Rights
from kunshan_edu.core.changes import changing
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.verbs import grounds, words
from personnel import actions, verbs
from personnel.actions import appraisal, organisation, rotation
from personnel.choices import Method, Post
from personnel.models import Appointment
from tests.personnel.rows import person
from tests.personnel.staffing import DOCUMENT, filed, on_staff, proposed
from tests.world import appoint, end, fresh

TODAY = clock.today()
A_DAY = dt.timedelta(days=1)
# Who acts by nobody's right: the first officer at the installation, the program itself, the giver for the own post.
WITHOUT = {
    "personnel.install",
    "personnel.derive_rights",
    "personnel.rederive",
    "personnel.delegate",
    "personnel.agree_sending",
    "personnel.agree_receiving",
}


def last(verb: str) -> AuditEvent:
    return AuditEvent.objects.filter(verb=verb).latest("pk")


def capacity(verb: str) -> str:
    return last(verb).capacity.get("capacity", "")


def test_every_verb_says_on_what_it_stands():
    told = {**verbs.GROUNDS, **GROUPS_GROUNDS}
    words_ = {*verbs.WORDS, *GROUPS_WORDS}
    assert words_ - set(told) == WITHOUT - {"personnel.agree_sending", "personnel.agree_receiving"}
    assert set(told) - words_ == set()
    assert set(told) <= set(grounds())
    assert set(told) <= set(words())
    known = {right.value for right in Authority}
    assert {g.right for each in told.values() for g in each} <= known


@pytest.mark.django_db
def test_nothing_was_done_in_the_world_without_a_capacity(world):
    filed(world)
    rows = AuditEvent.objects.filter(actor__isnull=False).exclude(verb__in=WITHOUT)
    mine = [row for row in rows if row.verb.split(".")[0] in ("personnel", "groups")]
    assert {(row.verb, row.actor.username) for row in mine if not row.capacity} == set()
    told = {(row.verb, row.capacity["capacity"]) for row in mine}
    assert {
        ("personnel.appoint", "人事科"),
        ("personnel.confirm", "局领导"),
        ("personnel.confirm", "总校长"),
        ("personnel.register_staff", "人事科"),
        ("personnel.propose_rotation", "执行校长"),
        ("personnel.approve_rotation", "总校长"),
        ("personnel.file_rotation", "人事科"),
        ("groups.register_school", "人事科"),
        ("groups.join", "基教科"),
        ("groups.advance", "基教科"),
    } <= told
    row = last("personnel.approve_rotation")
    source = Appointment.objects.get(pk=row.capacity["appointment"])
    assert (source.person.user, source.document) == (row.actor, row.capacity["document"])


@pytest.mark.django_db
def test_of_two_posts_that_one_is_told_which_the_verb_asks_for(world):
    appoint(world, "basic", Post.BUREAU_PERSONNEL, world.bureau)
    appoint(world, "basic", Post.BUREAU_LEADER, world.bureau)
    facts = {"method": Method.ASSIGNED, "document": DOCUMENT, "valid_from": TODAY}
    facts |= {"post": Post.EXECUTIVE_PRINCIPAL, "container": world.school_d}
    row = actions.appoint(person(world, "teacher"), **facts, by=fresh(world.personnel))
    actions.confirm(row, by=fresh(world.basic))
    assert capacity("personnel.confirm") == "局领导"
    actions.end(row, valid_to=TODAY, document=DOCUMENT, by=fresh(world.basic))
    assert capacity("personnel.end") == "人事科"
    actions.withdraw_end(row, by=fresh(world.basic))
    assert capacity("personnel.withdraw_end") == "人事科"
    register.found(
        name="示例第九教育集团", short_name="示例九", code="SLJ", model_type=ModelType.choices[0][0], founded_on=TODAY,
        founding_document=DOCUMENT, decision=DOCUMENT, by=fresh(world.basic),
    )  # fmt: skip
    assert capacity("groups.found") == "基教科"  # a right of two posts: the one that is held longer


@pytest.mark.django_db
def test_who_heads_both_schools_agrees_for_each_as_its_head(world):
    end(world, "principal_b", TODAY)
    appoint_acting(world, "principal_a", world.school_b)
    row = rotation.agree_sending(
        proposed(world, on_staff(world, world.school_a), world.school_b), by=fresh(world.principal_a)
    )
    rotation.agree_receiving(row, by=fresh(world.principal_a))
    schools = [
        Appointment.objects.get(pk=last(verb).capacity["appointment"]).school
        for verb in ("personnel.agree_sending", "personnel.agree_receiving")
    ]
    assert schools == [world.school_a, world.school_b]


def appoint_acting(world: Any, who: str, school: Any) -> None:
    facts = {"post": Post.EXECUTIVE_PRINCIPAL, "container": school, "method": Method.ACTING}
    row = actions.appoint(
        person(world, who), **facts, document=DOCUMENT, valid_from=TODAY, by=fresh(world.personnel)
    )
    actions.confirm(row, by=fresh(world.leader))


@pytest.mark.django_db
def test_what_is_given_and_taken_back_is_the_giver_s_or_the_bureau_s(world):
    days = {"valid_from": TODAY, "valid_to": TODAY + 5 * A_DAY, "reason": "出差"}
    deputy, source = person(world, "deputy"), world.posts["president"]
    row = actions.give(source, delegate=deputy, by=fresh(world.president), **days)
    assert last("personnel.delegate").capacity["appointment"] == source.pk
    assert capacity("personnel.delegate") == "总校长"
    actions.revoke(row, by=fresh(world.president))
    assert capacity("personnel.revoke_delegation") == "总校长"
    row = actions.reassign(source, delegate=deputy, by=fresh(world.leader), **days)
    assert capacity("personnel.reassign") == "局领导"
    actions.revoke(row, by=fresh(world.leader))
    assert capacity("personnel.revoke_delegation") == "局领导"


@pytest.mark.django_db
def test_the_other_verbs_tell_it_too(world):
    staff = on_staff(world, world.school_a, who="teacher")
    unit = {"group": world.group, "name": "教学中心", "line": "teaching", "document": DOCUMENT}
    organisation.record_unit(**unit, valid_from=TODAY, by=fresh(world.president))
    assert capacity("personnel.record_unit") == "总校长"
    appraisal.appraise(
        staff.person, year=2025, grade="competent", document=DOCUMENT, school=world.school_a,
        by=fresh(world.principal_a),
    )  # fmt: skip
    assert capacity("personnel.appraise") == "执行校长"
    actions.reveal(staff, reason="核对", by=fresh(world.principal_a))
    assert capacity("personnel.reveal") == "执行校长"
    actions.reveal(staff, reason="本人", by=fresh(world.teacher))
    assert capacity("personnel.reveal") == ""  # by no right: it is the own number


@pytest.mark.django_db
def test_a_right_that_nobody_asked_for_is_not_claimed(world):
    access.rights_of(fresh(world.personnel))
    with changing(world.posts["clerk_a"], "personnel.end", by=world.personnel) as row:
        row.end_document = DOCUMENT
    assert last("personnel.end").capacity == {}


@pytest.mark.django_db
def test_the_history_of_an_appointment_shows_it_to_who_may_read_the_audit(world, client: Client):
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(world.posts["principal_a"].get_absolute_url()).content.decode()
    assert "登记任职" in page
    assert "· 人事科" in page
    assert "· 局领导" in page


# Which of several rights


def right(source: int, permission: str, place: int, model: str = "groups.school", **facts: Any) -> Right:
    return Right(model, permission, place, capacity=f"职务{source}", source_id=source, **facts)


def ground(rows: list[Right], asked: list[tuple[Any, ...]], row: Any, *wanted: Ground) -> int | None:
    rights = Rights(rows)
    for permission, place in asked:
        rights.ids(permission, place) if isinstance(place, type) else rights.may(permission, place)
    found = rights.ground(row, wanted)
    return found.source_id if found else None


@pytest.mark.django_db
def test_an_own_post_goes_before_a_delegation_and_the_place_of_the_row_before_others(world):
    a, b, school = world.school_a, world.school_b, type(world.school_a)
    lent = right(1, "agree_rotation", a.pk, delegation_id=7)
    own, other = right(2, "agree_rotation", a.pk), right(1, "agree_rotation", b.pk)
    agree, profile = Ground("agree_rotation"), Ground("edit_school_profile")
    assert ground([lent, own], [("agree_rotation", a)], a, agree) == 2
    assert ground([lent], [("agree_rotation", a)], a, agree) == 1
    assert ground([other, own], [("agree_rotation", school)], a, agree) == 2
    assert ground([own, other], [("agree_rotation", school)], b, agree) == 1
    assert ground([own, other], [("agree_rotation", b)], a, agree) == 1, "only what said yes"
    assert ground([own], [], a, agree) is None
    assert ground([own], [("agree_rotation", b)], b, agree) is None
    assert ground([own], [("agree_rotation", a)], a, profile) is None
    edits = right(3, "edit_school_profile", a.pk)
    both = [("agree_rotation", a), ("edit_school_profile", a)]
    assert ground([own, edits], both, a, profile, agree) == 3
    assert ground([own, edits], both, a, agree, profile) == 2
    assert ground([own, edits], both, a) is None, "without grounds nobody guesses between two posts"
    assert ground([own, right(2, "edit_school_profile", a.pk)], both, a) == 2
