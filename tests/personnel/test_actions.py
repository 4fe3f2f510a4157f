"""The verbs of personnel: who may appoint, what is written, and the first appointment of an installation."""

from __future__ import annotations

import datetime as dt

import pytest

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School
from kunshan_edu.core import access, clock
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, User
from personnel import actions, grants
from personnel.choices import Method, Post
from personnel.models import Appointment, Person
from tests.world import appoint

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def refused(call, code):
    with pytest.raises(Denied) as caught:
        call()
    assert caught.value.denial.code == code


def end(world, who, valid_to, by="personnel"):
    return actions.end(world.posts[who], valid_to=valid_to, document="昆教人〔2026〕20号", by=world.users[by])


@pytest.mark.parametrize("who", ["leader", "president", "basic", "principal_a", "admin", "parent"])
def test_only_the_personnel_section_appoints_ends_and_registers(world, who):
    by = world.users[who]
    person = Person.objects.get(user=world.teacher)
    refused(
        lambda: actions.appoint(
            person,
            post=Post.CLERK,
            container=world.school_a,
            method=Method.ASSIGNED,
            document="文",
            valid_from=clock.today(),
            by=by,
        ),
        "not_an_appointer",
    )
    refused(lambda: end(world, "clerk_a", clock.today(), by=who), "not_an_appointer")
    refused(lambda: actions.register_person(name="某人", by=by), "not_an_appointer")


def test_an_appointment_is_audited_with_its_clause_and_every_fact(world):
    row = appoint(world, "teacher", Post.CLERK, world.school_a)
    event = AuditEvent.objects.of(row).get()
    assert (event.verb, event.clause_id, event.actor) == ("personnel.appoint", "6.3.a", world.personnel)
    assert event.difference["school_id"] == [None, world.school_a.pk]
    assert "group_id" not in event.difference


def test_ending_writes_only_the_end_its_reason_and_its_document(world):
    row = end(world, "clerk_a", clock.today())
    event = AuditEvent.objects.of(row).first()
    assert event.verb == "personnel.end"
    assert set(event.difference) == {"valid_to", "end_document", "end_reason"}


def test_what_has_ended_is_not_ended_again_but_a_future_end_may_move(world):
    later = clock.today() + 10 * A_DAY
    end(world, "clerk_a", later)
    assert end(world, "clerk_a", later + A_DAY).valid_to == later + A_DAY
    end(world, "clerk_a", clock.today())
    refused(lambda: end(world, "clerk_a", later), "already_ended")


def test_an_appointment_does_not_end_before_it_begins(world):
    begins = world.posts["clerk_a"].valid_from
    refused(lambda: end(world, "clerk_a", begins - A_DAY), "ends_before_it_begins")
    assert end(world, "clerk_a", begins).valid_to == begins


def test_a_second_president_is_refused_with_the_clause(world):
    refused(lambda: appoint(world, "teacher", Post.GROUP_PRESIDENT, world.group), "one_president_per_group")
    assert not Appointment.objects.filter(person__user=world.teacher).exists()
    assert not access.has(world.teacher, Authority.APPROVE_AS_PRESIDENT, world.group)


def test_a_president_is_not_simply_assigned(world):
    person = Person.objects.get(user=world.teacher)
    refused(
        lambda: actions.appoint(
            person,
            post=Post.GROUP_PRESIDENT,
            container=world.preparing,
            method=Method.ASSIGNED,
            document="文",
            valid_from=clock.today(),
            by=world.personnel,
        ),
        "president_is_appointed_or_selected",
    )


def test_one_account_is_one_person(world):
    refused(
        lambda: actions.register_person(name="又一人", user=world.clerk_a, by=world.personnel),
        "account_taken",
    )


def test_rederiving_in_health_changes_nothing(world):
    before = AuditEvent.objects.count()
    assert actions.rederive(by=world.personnel) == 0
    assert AuditEvent.objects.count() == before


def test_a_right_depends_on_the_post_and_not_on_who_appoints(world):
    """The personnel section appoints presidents and yet may not decide on money."""
    for permission, model in (
        (Authority.APPROVE_AS_PRESIDENT, EducationGroup),
        (Authority.RECORD_PAYMENT, School),
    ):
        assert not access.objects_for(world.personnel, permission, model).exists()


# The first appointment


def test_nobody_is_installed_where_somebody_holds_a_post(world):
    with pytest.raises(ValueError, match="appoint"):
        actions.install(bureau=world.bureau, username="second", name="第二人")
    assert not User.objects.filter(username="second").exists()


def test_the_first_officer_holds_the_rights_of_the_personnel_section_and_nothing_else(world):
    rights = access.rights_of(world.personnel)
    held = {(r.permission, r.model) for r in rights.rows}
    conferred = grants.RIGHTS[Post.BUREAU_PERSONNEL]
    assert held == {(each.authority.value, "groups.bureau") for each in conferred}
    assert (Authority.CONFIRM_APPOINTMENTS.value, "groups.bureau") not in held
    first = Appointment.objects.get(person__user=world.personnel)
    assert (first.document, first.container) == ("系统安装", Bureau.objects.get())
    assert grants.drift() == (0, 0)
