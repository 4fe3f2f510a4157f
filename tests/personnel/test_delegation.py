"""Delegation: who may give what to whom, when it begins and ends, who is told, and a request decided by a delegate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from groups.choices import Authority
from kunshan_edu.core import access, clock
from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent, Notification
from personnel import actions, grants
from personnel.choices import DelegationKind, Post
from personnel.models import Appointment, Delegation
from personnel.rules import delegation as rules
from personnel.rules.delegation import DelegationCase
from tests.personnel.rows import person
from tests.world import appoint, end, fresh

TODAY = clock.today()
A_DAY = dt.timedelta(days=1)
PRESIDE, LEAD = Authority.APPROVE_AS_PRESIDENT, Authority.APPROVE_AS_PRINCIPAL
REASON = "外出培训"


def given(world: Any, giver: str = "president", to: str = "deputy", **facts: Any) -> Delegation:
    """For ten days from today."""
    base = {"valid_from": TODAY, "valid_to": TODAY + 10 * A_DAY, "reason": REASON}
    return actions.give(
        world.posts[giver], delegate=person(world, to), by=fresh(world.users[giver]), **{**base, **facts}
    )


def reassigned(world: Any, giver: str = "president", to: str = "deputy", **facts: Any) -> Delegation:
    base = {
        "valid_from": TODAY,
        "valid_to": TODAY + 10 * A_DAY,
        "reason": "久拖不办",
        "by": fresh(world.leader),
    }
    return actions.reassign(world.posts[giver], delegate=person(world, to), **{**base, **facts})


def refused(code: str, deed: Any, *args: Any, **facts: Any) -> Any:
    with pytest.raises(Denied) as caught:
        deed(*args, **facts)
    assert caught.value.denial.code == code, caught.value.denial
    return caught.value.denial


def presides(world: Any, who: str = "deputy") -> bool:
    return access.has(fresh(world.users[who]), PRESIDE, world.group)


# 规则


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (DelegationCase(), "delegation_is_of_an_approver"),
        (DelegationCase(is_giver=True), "delegation_is_of_an_approver"),
        (DelegationCase(is_giver=True, giver_post="clerk"), "delegation_is_of_an_approver"),
        (DelegationCase(is_giver=False, giver_post="group_president"), "delegation_is_of_an_approver"),
        (
            DelegationCase(is_giver=True, giver_post="group_president", giver_in_office=False),
            "delegation_is_of_an_approver",
        ),
        *((DelegationCase(is_giver=True, giver_post=post), None) for post in rules.DELEGATES),
    ],
)
def test_an_approver_in_office_delegates_the_own_post(case, code):
    denial = rules.cannot_delegate(case)
    assert (denial and denial.code) == code
    assert denial is None or (denial.status, denial.clause) == (FORBIDDEN, Clause.C4_2_L)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (DelegationCase(giver_post="group_president"), "not_a_reassigner"),
        (DelegationCase(is_giver=True, giver_post="group_president"), "not_a_reassigner"),
        (DelegationCase(may_reassign=True, giver_post="group_finance"), "delegation_is_of_an_approver"),
        (
            DelegationCase(may_reassign=True, giver_post="group_president", giver_in_office=False),
            "delegation_is_of_an_approver",
        ),
        (DelegationCase(may_reassign=True, giver_post="executive_principal"), None),
    ],
)
def test_a_leader_reassigns_the_post_of_another(case, code):
    denial = rules.cannot_reassign(case)
    assert (denial and denial.code) == code


@pytest.mark.parametrize("giver", rules.DELEGATES)
@pytest.mark.parametrize("held", [post.value for post in Post])
def test_who_may_stand_in_for_whom(giver, held):
    case = DelegationCase(giver_post=giver, posts=frozenset({held}))
    denial = rules.cannot_be_delegate(case)
    assert (denial is None) is (held in rules.DELEGATES[giver])
    if denial:
        assert (denial.code, denial.field, denial.status) == (
            "delegate_holds_the_wrong_post",
            "delegate",
            INVALID,
        )
        assert str(rules.WHO[giver]) in str(denial)


def test_nobody_of_finance_stands_in_and_no_approver_is_forgotten():
    from personnel.choices import DELEGABLE_POSTS, FINANCE_POSTS

    assert not {p.value for p in FINANCE_POSTS} & {p for posts in rules.DELEGATES.values() for p in posts}
    assert set(rules.DELEGATES) == {p.value for p in DELEGABLE_POSTS} == set(rules.WHO)


def test_a_reassignment_is_to_somebody_in_office():
    case = DelegationCase(giver_post="group_president", is_reassignment=True)
    assert rules.cannot_be_delegate(case).code == "delegate_holds_no_post"
    assert rules.cannot_be_delegate(DelegationCase(giver_post="group_president", is_reassignment=True,
                                                   posts=frozenset({"clerk"}))) is None  # fmt: skip


@pytest.mark.parametrize(("days", "code"), [(1, None), (30, None), (31, "delegation_is_at_most_thirty_days")])
def test_thirty_days_at_most(days, code):
    denial = rules.too_long(TODAY, TODAY + days * A_DAY)
    assert (denial and denial.code) == code
    assert denial is None or denial.field == "valid_to"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (DelegationCase(), "delegation_is_of_an_approver"),
        (DelegationCase(is_giver=True), None),
        (DelegationCase(may_reassign=True), None),
        (DelegationCase(is_giver=True, ended=True), "already_ended"),
    ],
)
def test_who_takes_it_back(case, code):
    denial = rules.cannot_revoke(case)
    assert (denial and denial.code) == code


# 办理


@pytest.mark.django_db
def test_giving_is_recorded_and_told(world):
    row = given(world, ceiling=Decimal("30000.00"))
    event = AuditEvent.objects.of(row).get()
    assert (event.verb, event.actor, event.clause_id) == ("personnel.delegate", world.president, "4.2.l")
    assert (row.kind, row.made_by) == (DelegationKind.OWN, world.president)
    told = Notification.objects.latest("pk")
    assert (told.user, told.url) == (world.deputy, row.get_absolute_url())
    assert "示例president" in str(told.params)
    assert not Notification.objects.filter(user=world.president, url=row.get_absolute_url()).exists()


@pytest.mark.django_db
def test_reassigning_tells_both(world):
    row = reassigned(world)
    event = AuditEvent.objects.of(row).get()
    assert (event.verb, event.actor) == ("personnel.reassign", world.leader)
    assert (row.kind, row.made_by) == (DelegationKind.BUREAU, world.leader)
    told = Notification.objects.filter(url=row.get_absolute_url())
    assert {n.user for n in told} == {world.deputy, world.president}
    assert presides(world)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("giver", "to", "code"),
    [
        ("president", "president", "delegation_is_not_to_oneself"),
        ("president", "office", "delegate_holds_the_wrong_post"),
        ("president", "group_finance", "delegate_holds_the_wrong_post"),
        ("president", "principal_a", "delegate_holds_the_wrong_post"),
        ("president", "teacher", "delegate_holds_the_wrong_post"),
        ("president", "other_president", "delegate_holds_the_wrong_post"),
        ("principal_a", "vice_a", None),
        ("principal_b", "vice_a", "delegate_holds_the_wrong_post"),
        ("principal_a", "deputy", "delegate_holds_the_wrong_post"),
        ("leader", "basic", None),
        ("leader", "finance_1", "delegate_holds_the_wrong_post"),
    ],
)
def test_to_whom_a_post_is_delegated(world, giver, to, code):
    if to == giver:  # a president who is also deputy cannot be written; the database still says it
        with pytest.raises(Denied):
            given(world, giver, to)
    elif code:
        refused(code, given, world, giver, to)
        assert not Delegation.objects.exists()
    else:
        given(world, giver, to)


@pytest.mark.django_db
def test_nobody_gives_what_is_another_s(world):
    for who in ("deputy", "principal_a", "leader", "teacher", "admin"):
        refused(
            "delegation_is_of_an_approver",
            actions.give,
            world.posts["president"],
            delegate=person(world, "deputy"),
            valid_from=TODAY,
            valid_to=TODAY + A_DAY,
            reason=REASON,
            by=fresh(world.users[who]),
        )
    for who in ("president", "personnel", "finance_1", "teacher"):
        refused("not_a_reassigner", reassigned, world, by=fresh(world.users[who]))


@pytest.mark.django_db
def test_a_reassignment_is_neither_to_finance_nor_to_who_holds_nothing(world):
    refused("delegate_is_not_of_finance", reassigned, world, to="group_finance")
    refused("delegate_is_not_of_finance", reassigned, world, to="cashier_a")
    refused("delegate_holds_no_post", reassigned, world, to="teacher")
    refused("delegation_is_not_to_oneself", reassigned, world, to="president")
    reassigned(world, to="vice_a")


@pytest.mark.django_db
def test_the_delegate_holds_the_post_on_all_days_of_the_delegation(world):
    end(world, "deputy", TODAY + 5 * A_DAY)
    refused("delegate_holds_the_wrong_post", given, world, valid_to=TODAY + 6 * A_DAY)
    given(world, valid_to=TODAY + 5 * A_DAY)


@pytest.mark.django_db
def test_a_delegate_takes_no_post_in_finance_meanwhile(world):
    given(world)
    refused(
        "delegate_is_not_of_finance", appoint, world, "deputy", Post.CASHIER, world.school_b, valid_from=TODAY
    )
    appoint(world, "deputy", Post.CASHIER, world.school_b, valid_from=TODAY + 10 * A_DAY)


@pytest.mark.django_db
def test_a_delegation_is_not_delegated_again(world):
    given(world)
    assert not actions.delegable(fresh(world.deputy)).exists()
    refused(
        "delegation_is_of_an_approver",
        actions.give,
        world.posts["deputy"],
        delegate=person(world, "office"),
        valid_from=TODAY,
        valid_to=TODAY + A_DAY,
        reason=REASON,
        by=fresh(world.deputy),
    )


@pytest.mark.django_db
def test_one_at_a_time_and_the_next_after_it(world):
    given(world)
    refused("one_delegate_at_a_time", reassigned, world, to="vice_a", valid_from=TODAY + 9 * A_DAY,
            valid_to=TODAY + 12 * A_DAY)  # fmt: skip
    reassigned(world, to="vice_a", valid_from=TODAY + 10 * A_DAY, valid_to=TODAY + 12 * A_DAY)


@pytest.mark.django_db
def test_thirty_days_are_counted_by_the_action_too(world):
    assert (
        refused("delegation_is_at_most_thirty_days", given, world, valid_to=TODAY + 31 * A_DAY).field
        == "valid_to"
    )
    given(world, valid_to=TODAY + 30 * A_DAY)


# 权限


@pytest.mark.django_db
def test_what_the_delegate_holds_is_what_the_giver_approves_and_no_more(world):
    row = given(world, ceiling=Decimal("30000.00"))
    mine = [r for r in access.rights_of(fresh(world.deputy)).rows if r.delegation_id]
    assert {(r.permission, r.object_id) for r in mine} == {
        (PRESIDE, world.group.pk),
        (Authority.VIEW_GROUP_FINANCE, world.group.pk),
        *((Authority.VIEW_SCHOOL_FINANCE, world.schools[f"school_{key}"].pk) for key in "abc"),
    }
    assert {(r.capacity, r.ceiling, r.delegation_id, r.giver_id, r.source_id) for r in mine} == {
        ("总校长（代）", Decimal("30000.00"), row.pk, world.president.pk, world.posts["president"].pk)
    }
    assert presides(world, "president"), "the giver keeps the right"
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("giver", "to", "right", "place"),
    [
        ("president", "deputy", PRESIDE, "group"),
        ("principal_a", "vice_a", LEAD, "school_a"),
        ("leader", "basic", Authority.APPROVE_AS_BUREAU_LEADER, "bureau"),
    ],
)
def test_rights_begin_and_end_at_midnight_in_shanghai(world, giver, to, right, place):
    first, after = TODAY + 3 * A_DAY, TODAY + 5 * A_DAY
    given(world, giver, to, valid_from=first, valid_to=after)
    container, found = getattr(world, place), []
    for day in (first, after):
        midnight = dt.datetime.combine(day, dt.time(0), tzinfo=clock.SHANGHAI)
        for instant in (midnight - dt.timedelta(microseconds=1), midnight):
            with clock.at(instant):
                found.append(access.has(fresh(world.users[to]), right, container))
    assert found == [False, True, True, False]


@pytest.mark.django_db
def test_taking_it_back_takes_effect_at_once(world):
    row = given(world)
    assert presides(world)
    row = actions.revoke(row, by=fresh(world.president))
    assert not presides(world)
    assert (row.valid_to, AuditEvent.objects.of(row).latest("pk").verb) == (
        TODAY,
        "personnel.revoke_delegation",
    )
    refused("already_ended", actions.revoke, row, by=fresh(world.president))
    given(world)  # the same day, anew
    assert presides(world)
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_what_has_not_begun_is_taken_back_whole(world):
    row = given(world, valid_from=TODAY + 3 * A_DAY)
    row = actions.revoke(row, by=fresh(world.president))
    assert row.valid_to == row.valid_from
    refused("already_ended", actions.revoke, row, by=fresh(world.president))
    with clock.at(TODAY + 3 * A_DAY):
        assert not presides(world)


@pytest.mark.django_db
def test_the_bureau_takes_back_what_it_reassigned_and_the_giver_too(world):
    for who in ("leader", "president"):
        actions.revoke(reassigned(world), by=fresh(world.users[who]))
    row = reassigned(world)
    for who in ("deputy", "principal_a", "personnel"):
        refused("delegation_is_of_an_approver", actions.revoke, row, by=fresh(world.users[who]))


@pytest.mark.django_db
def test_it_ends_with_the_post_of_the_giver(world):
    given(world)
    end(world, "president", TODAY + 2 * A_DAY)
    held = []
    for days in (1, 2, 3):
        with clock.at(TODAY + days * A_DAY):
            held.append(presides(world))
    assert held == [True, False, False]
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_it_goes_on_under_a_new_appointment_and_not_after_a_gap(world):
    """The deputy's post ends in five days: a new one from the same day carries the delegation, a later one does not."""
    given(world)
    end(world, "deputy", TODAY + 5 * A_DAY)
    days = [TODAY + n * A_DAY for n in (4, 5, 6, 9, 10)]

    def held():
        found = []
        for day in days:
            with clock.at(day):
                found.append(presides(world))
        assert grants.drift() == (0, 0)
        return found

    assert held() == [True, False, False, False, False]
    again = appoint(world, "deputy", Post.DEPUTY_SECRETARY, world.group, valid_from=TODAY + 6 * A_DAY)
    assert held() == [True, False, False, False, False]
    end(world, "deputy", TODAY + 6 * A_DAY)
    assert again.valid_from == TODAY + 6 * A_DAY
    appoint(world, "deputy", Post.DEPUTY_SECRETARY, world.group, valid_from=TODAY + 5 * A_DAY)
    assert held() == [True, True, True, True, False]


@pytest.mark.django_db
def test_another_post_in_the_same_place_does_not_carry_it(world):
    given(world)
    appoint(world, "deputy", Post.GROUP_OFFICE, world.group)
    world.posts["deputy"] = Appointment.objects.get(
        post=Post.DEPUTY_SECRETARY, person=person(world, "deputy")
    )
    end(world, "deputy", TODAY)
    assert not presides(world)
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_schools_that_join_are_the_delegate_s_to_see(world):
    given(world)
    from groups import actions as register

    register.join(
        world.group,
        school=world.school_d,
        valid_from=TODAY,
        join_document="昆教〔2026〕9号",
        by=fresh(world.basic),
    )
    assert access.has(fresh(world.deputy), Authority.VIEW_SCHOOL_FINANCE, world.school_d)
