"""Midnight in Shanghai: rights begin and end at that instant with no job run; what was lost is refused at the click."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from groups import actions as register
from groups.choices import Authority
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import Denied
from personnel import actions, grants
from personnel.choices import Post
from personnel.models import Appointment
from tests.api_client import Api, refusal
from tests.finance import pages
from tests.finance.raw.decisions import decision
from tests.finance.requests import ask
from tests.personnel.rows import ended, person
from tests.personnel.test_lives import A_DAY, DOCUMENT, TODAY, recorded
from tests.world import appoint, end, fresh

pytestmark = pytest.mark.django_db
DAY = TODAY + 5 * A_DAY
BACKEND = "django.contrib.auth.backends.ModelBackend"
PRESIDE, LEAD, VIEW = (
    Authority.APPROVE_AS_PRESIDENT,
    Authority.APPROVE_AS_PRINCIPAL,
    Authority.VIEW_SCHOOL_FINANCE,
)


def sides(day):
    """The last second of the day before, and the first instant of the day, in Shanghai."""
    midnight = dt.datetime.combine(day, dt.time(0), tzinfo=clock.SHANGHAI)
    return midnight - dt.timedelta(seconds=1), midnight


def on_both_sides(day, ask):
    """What `ask()` answers before and after midnight; nothing runs in between, and nothing was to run."""
    found = []
    for instant in sides(day):
        with clock.at(instant):
            found.append(ask())
    assert grants.drift() == (0, 0)
    return found


def may(user, right, place):
    return lambda: access.has(fresh(user), right, place)


# Every door, to the second: the successor of a principal, and the principal; at eight, UTC's midnight, nothing turns


def utc(day, hour, minute=0, second=0):
    return dt.datetime.combine(day, dt.time(hour, minute, second), tzinfo=dt.UTC)


def doors(world, row):
    """What an account may do with the request of school a, and may write: by each door, none of which is used up."""

    def tried(deed):
        with transaction.atomic():
            answer = deed()
            transaction.set_rollback(True)
        return answer

    def written(who):
        with suppress(Denied), acting("finance.approve", world.users[who]):
            decision(world, who, row)()
            return True
        return False

    api, seen = f"fund-requests/{row.pk}/", pages.seen(row)
    address = reverse("finance:fund_request_verb", args=[row.pk, "approve"])
    return {
        "has": lambda who: access.has(fresh(world.users[who]), LEAD, world.school_a),
        "has_perm": lambda who: fresh(world.users[who]).has_perm(f"groups.{LEAD}", world.school_a),
        "page": lambda who: pages.get(world, who, "fund_request_detail", row.pk).status_code == 200,
        "click": lambda who: tried(lambda: pages.send(world, who, address, seen).status_code == 303),
        "api": lambda who: Api(world.users[who]).get(api).status_code == 200,
        "api verb": lambda who: tried(
            lambda: Api(world.users[who]).post(f"{api}approve/", seen).status_code == 200
        ),
        "trigger": lambda who: tried(lambda: written(who)),
    }


def test_every_door_turns_at_midnight_in_shanghai_and_at_no_other_instant(world):
    row = ask(world, "clerk_a", "4000.00")
    day = TODAY + A_DAY
    end(world, "principal_a", day)
    appoint(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_a, valid_from=day)
    before = (utc(TODAY, 15, 59, 59), {"principal_a": True, "teacher": False})
    after = {"principal_a": False, "teacher": True}
    eight = [utc(TODAY, 23, 59, 59), utc(day, 0), utc(day, 15, 59, 59)]
    for instant, expected in (before, *((each, after) for each in (utc(TODAY, 16), *eight))):
        with clock.at(instant):
            for name, opens in doors(world, row).items():
                assert {who: opens(who) for who in expected} == expected, (name, instant)
    row.refresh_from_db()
    assert row.state == "pending"
    assert grants.drift() == (0, 0)


def test_a_confirmed_appointment_begins_at_midnight(world):
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d, valid_from=DAY)
    actions.confirm(row, by=world.leader)
    assert on_both_sides(DAY, may(world.teacher, LEAD, world.school_d)) == [False, True]


def test_an_unconfirmed_one_does_not_begin_at_any_midnight(world):
    recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d, valid_from=DAY)
    assert on_both_sides(DAY, may(world.teacher, LEAD, world.school_d)) == [False, False]


def test_a_confirmed_end_ends_at_midnight_and_a_recorded_one_does_not(world):
    row = actions.end(world.posts["president"], valid_to=DAY, document=DOCUMENT, by=world.personnel)
    assert on_both_sides(DAY, may(world.president, PRESIDE, world.group)) == [True, True]
    actions.confirm_end(row, by=world.leader)
    assert on_both_sides(DAY, may(world.president, PRESIDE, world.group)) == [True, False]


def test_a_delegation_begins_and_ends_at_midnight(world):
    actions.give(
        world.posts["president"],
        delegate=person(world, "deputy"),
        valid_from=DAY,
        valid_to=DAY + 3 * A_DAY,
        reason="外出培训",
        by=world.president,
    )
    stands_in = may(world.deputy, PRESIDE, world.group)
    assert on_both_sides(DAY, stands_in) == [False, True]
    assert on_both_sides(DAY + 3 * A_DAY, stands_in) == [True, False]


def test_a_delegation_ends_with_the_post_of_its_giver(world):
    actions.give(
        world.posts["president"],
        delegate=person(world, "deputy"),
        valid_from=TODAY,
        valid_to=TODAY + 20 * A_DAY,
        reason="外出培训",
        by=world.president,
    )
    end(world, "president", DAY)
    assert on_both_sides(DAY, may(world.deputy, PRESIDE, world.group)) == [True, False]


@pytest.mark.parametrize(
    ("giver", "to", "right", "place"),
    [
        ("president", "deputy", PRESIDE, "group"),
        ("principal_a", "vice_a", LEAD, "school_a"),
        ("leader", "basic", Authority.APPROVE_AS_BUREAU_LEADER, "bureau"),
    ],
)
def test_a_delegation_ends_with_the_post_of_its_delegate(world, giver, to, right, place):
    lent = {"valid_from": TODAY, "valid_to": TODAY + 20 * A_DAY, "reason": "外出培训"}
    actions.give(world.posts[giver], delegate=person(world, to), by=world.users[giver], **lent)
    end(world, to, DAY)
    stands_in = may(world.users[to], right, getattr(world, place))
    assert on_both_sides(DAY, stands_in) == [True, False]
    assert on_both_sides(DAY, may(world.users[giver], right, getattr(world, place))) == [True, True]


def test_a_reassigned_approval_ends_with_the_last_post_of_its_delegate(world):
    appoint(world, "vice_a", Post.GROUP_OFFICE, world.group)
    office = world.posts["vice_a"]
    lent = {"valid_from": TODAY, "valid_to": TODAY + 20 * A_DAY, "reason": "久拖不办"}
    actions.reassign(world.posts["president"], delegate=person(world, "vice_a"), by=world.leader, **lent)
    stands_in = may(world.vice_a, PRESIDE, world.group)
    world.posts["vice_a"] = Appointment.objects.get(post=Post.VICE_PRINCIPAL, person=office.person)
    end(world, "vice_a", DAY)
    assert on_both_sides(DAY, stands_in) == [True, True]
    actions.end(office, valid_to=DAY + A_DAY, document=DOCUMENT, by=world.personnel)
    assert on_both_sides(DAY + A_DAY, stands_in) == [True, False]


def test_a_president_sees_a_school_until_the_midnight_on_which_it_leaves(world):
    membership = world.group.memberships.get(school=world.school_b)
    register.leave(membership, valid_to=DAY, leave_document="昆教〔2026〕9号", by=world.basic)
    assert on_both_sides(DAY, may(world.president, VIEW, world.school_b)) == [True, False]
    assert on_both_sides(DAY, may(world.principal_b, VIEW, world.school_b)) == [True, True]


def test_staff_of_a_school_that_left_are_not_found_from_that_midnight_on(world):
    """Not by the list, nor by the number in the address."""
    staff = actions.register_staff(
        person(world, "teacher"),
        staff_no="T0001",
        school=world.school_b,
        document=DOCUMENT,
        valid_from=TODAY,
        by=world.personnel,
    )
    register.leave(
        world.group.memberships.get(school=world.school_b),
        valid_to=DAY,
        leave_document="昆教〔2026〕9号",
        by=world.basic,
    )
    found = []
    for instant in sides(DAY):
        with clock.at(instant):
            api = Api(world.president)
            found += [api.get(f"staff/{staff.pk}/").status_code, api.get("staff/").json()["count"]]
            found.append(api.get(f"people/{staff.person_id}/").status_code)
    assert found == [200, 1, 200, 404, 0, 404]


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_right_that_was_lost_between_page_and_click_is_refused_at_the_click(world, door):
    """The leader opens the page at a quarter to twelve and clicks after midnight, in office no more."""
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    appoint(world, "supervision", Post.BUREAU_LEADER, world.bureau)
    ended(world, Appointment.objects.get(pk=world.posts["leader"].pk), DAY)
    grants.after_appointment(Appointment.objects.get(pk=world.posts["leader"].pk), world.personnel)
    client, address = Client(), reverse("personnel:appointment_verb", args=[row.pk, "confirm"])
    before, after = sides(DAY)
    with clock.at(before):
        client.force_login(world.leader, backend=BACKEND)
        page = client.get(row.get_absolute_url())
        assert page.status_code == 200
        assert f'formaction="{address}"' in page.content.decode()
    with clock.at(after):
        if door == "page":
            refused = client.post(address, {"idem": str(uuid.uuid4())})
            assert refused.status_code == 404  # a proposal is nobody's any more who holds no post
        else:
            path = f"appointments/{row.pk}/confirm/"
            assert refusal(Api(world.leader).post(path))[0] == 404
    row.refresh_from_db()
    assert row.state == "proposed"


def test_a_president_who_left_at_midnight_confirms_no_department_head(world):
    row = actions.nominate(
        person(world, "teacher"),
        post=Post.DEPARTMENT_HEAD,
        container=world.school_b,
        method="assigned",
        document=DOCUMENT,
        valid_from=TODAY,
        by=world.principal_b,
    )
    end(world, "president", DAY)
    before, after = sides(DAY)
    with clock.at(before):
        assert actions.may_confirm(Post.DEPARTMENT_HEAD, world.school_b, fresh(world.president))
        assert list(Appointment.objects.waiting_for(world.president)) == [row]
    with clock.at(after):
        assert not actions.may_confirm(Post.DEPARTMENT_HEAD, world.school_b, fresh(world.president))
        assert row not in Appointment.objects.waiting_for(fresh(world.president))
        assert row in Appointment.objects.waiting_for(fresh(world.leader))
