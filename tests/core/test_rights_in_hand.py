"""`Rights`: what is read once of one person answers by row, and tells the post that said yes."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, Membership, School
from kunshan_edu.core import access, clock
from kunshan_edu.core.access import Ground, Right, Rights

SCHOOL, GROUP = School._meta.label_lower, EducationGroup._meta.label_lower
PAY, VIEW, LEAD = "record_payment", "view_school_finance", "approve_as_president"
OWN = Right(SCHOOL, PAY, 1, "出纳", 11, document="甲")
ELSEWHERE = Right(SCHOOL, PAY, 2, "出纳", 12)
LENT = Right(SCHOOL, PAY, 1, "出纳（代）", 10, delegation_id=5)
SEES = Right(SCHOOL, VIEW, 1, "会计", 13)
LEADS = Right(GROUP, LEAD, 7, "总校长", 14)
EVERY = (LENT, OWN, ELSEWHERE, SEES, LEADS)


def member(school: int = 1, group: int = 7) -> Membership:
    return Membership(pk=99, school_id=school, group_id=group)


def test_the_ids_of_a_right_on_one_kind_of_container():
    rights = Rights(EVERY)
    assert rights.ids(PAY, School) == {1, 2}
    assert rights.ids(VIEW, School) == {1}
    assert rights.ids(PAY, EducationGroup) == set()
    assert Rights(()).ids(PAY, School) == set()


@pytest.mark.parametrize(
    ("permission", "row", "answer"),
    [
        (PAY, School(pk=1), True),
        (PAY, School(pk=3), False),
        (LEAD, School(pk=7), False),
        (LEAD, EducationGroup(pk=7), True),
        (PAY, None, False),
    ],
)
def test_a_right_on_a_row(permission, row, answer):
    assert Rights(EVERY).may(permission, row) is answer


def test_every_row_of_one_right():
    assert Rights(EVERY).held(PAY, School) == [LENT, OWN, ELSEWHERE]
    assert Rights(EVERY).held(LEAD, EducationGroup) == [LEADS]
    assert Rights(EVERY).held(LEAD, School) == []


def test_the_capacity_is_of_that_row_alone():
    assert Rights(EVERY).capacity(PAY, School(pk=2)) == ELSEWHERE
    assert Rights(EVERY).capacity(VIEW, School(pk=2)) is None
    assert Rights(EVERY).anywhere(VIEW, School)
    assert not Rights(EVERY).anywhere(VIEW, EducationGroup)


# Which right said yes


def test_nothing_said_yes_before_it_was_asked():
    assert Rights(EVERY).said_yes() == []


def test_what_was_asked_for_everywhere_said_yes_everywhere_an_own_post_first():
    rights = Rights(EVERY)
    rights.ids(PAY, School)
    assert rights.said_yes() == [OWN, ELSEWHERE, LENT]


def test_what_was_asked_of_a_row_said_yes_there_alone():
    rights = Rights(EVERY)
    assert rights.may(PAY, School(pk=2))
    assert rights.said_yes() == [ELSEWHERE]


def test_a_no_is_not_remembered():
    rights = Rights((OWN, SEES))
    assert not rights.may(PAY, School(pk=3))
    assert rights.ids(LEAD, EducationGroup) == set()
    assert rights.held(VIEW, School) == [SEES]  # looked at, not asked
    assert rights.said_yes() == []


@pytest.mark.parametrize(
    ("grounds", "row", "right"),
    [
        ((Ground(PAY),), member(), OWN),  # an own post before a delegation
        ((Ground(PAY),), member(school=2), ELSEWHERE),  # the place that the row names
        ((Ground(PAY),), School(pk=2), ELSEWHERE),  # or that it is
        ((Ground(PAY),), member(school=3), OWN),  # none of them: the first post
        ((Ground(LEAD), Ground(PAY)), member(), LEADS),  # the first ground
        ((Ground(PAY), Ground(LEAD)), member(), OWN),
        ((Ground(LEAD, "group"),), member(), LEADS),
        ((Ground(PAY, "group"),), member(school=2), OWN),  # the column named is not the one that names it
        ((Ground("nothing"),), member(), None),
        ((), member(), None),  # several posts said yes, and no ground says which
    ],
)
def test_the_ground_of_an_action(grounds, row, right):
    rights = Rights(EVERY)
    rights.ids(PAY, School)
    rights.ids(LEAD, EducationGroup)
    assert rights.ground(row, grounds) == right


def test_without_grounds_the_one_post_that_said_yes():
    rights = Rights(EVERY)
    rights.may(PAY, School(pk=2))
    assert rights.ground(member(), ()) == ELSEWHERE
    assert Rights(EVERY).ground(member(), ()) is None


# Days, and mistakes


@pytest.mark.parametrize(("days", "answer"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_dated_row_is_in_force_from_its_first_day_up_to_its_end(days, answer):
    first = dt.date(2021, 9, 1)
    row = SimpleNamespace(valid_from=first, valid_to=first + dt.timedelta(days=10))
    assert access.is_in_force(row, first + dt.timedelta(days=days)) is answer


def test_a_dated_row_is_looked_at_today_when_no_day_is_given():
    today = clock.today()
    assert access.is_in_force(SimpleNamespace(valid_from=today, valid_to=None))
    assert not access.is_in_force(SimpleNamespace(valid_from=today + dt.timedelta(days=1), valid_to=None))
    past = SimpleNamespace(valid_from=today - dt.timedelta(days=9), valid_to=today)
    assert not access.is_in_force(past)
    assert access.is_in_force(past, today - dt.timedelta(days=1))


@pytest.mark.django_db
def test_a_permission_that_nobody_declares_is_named(world):
    with pytest.raises(LookupError, match=r"groups\.School declares no permission fly"):
        access.permission_id(School, "fly")


@pytest.mark.django_db
def test_nobody_stands_on_nothing(world):
    right = Authority.APPROVE_AS_BUREAU_LEADER
    assert access.standing(world.leader, right, world.bureau).capacity == "局领导"
    assert access.standing(None, right, world.bureau) is None
    assert access.standing(AnonymousUser(), right, world.bureau) is None
    assert access.standing(world.leader, right, None) is None
    world.leader.is_active = False
    assert access.standing(world.leader, right, world.bureau) is None
    assert isinstance(world.bureau, Bureau)
