"""Rights follow appointments and memberships at once and by date; drift shows, and deriving anew repairs it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import actions as register
from groups.choices import Authority
from groups.models import Membership, SchoolGrant
from kunshan_edu.core import access, clock
from kunshan_edu.core.access import permission_id
from kunshan_edu.core.changes import acting
from kunshan_edu.core.models import User
from personnel import actions, grants, tasks
from personnel.actions import organisation
from personnel.choices import Post
from personnel.grants import RIGHTS, overlap
from personnel.models import Appointment, Person
from tests.world import SINCE, appoint, end

A_DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 23)
VIEW, PRESIDE = Authority.VIEW_SCHOOL_FINANCE, Authority.APPROVE_AS_PRESIDENT


# Which post confers what (domain.md §2.2): every post is in the table, on containers that know the right


def needed(world, post):
    """What else a post asks for: a secretary's group has a rule-set of its own, an auditor's days are numbered."""
    if post == Post.GROUP_SECRETARY:
        document = "昆委教〔2022〕1号"
        organisation.set_rules(
            group=world.preparing,
            kind="separated_2022",
            document=document,
            valid_from=SINCE,
            by=world.personnel,
        )
    return {"valid_to": clock.today() + A_DAY} if post == Post.AUDITOR else {}


@pytest.mark.django_db
@pytest.mark.parametrize("post", Post)
def test_a_post_confers_exactly_its_rights(world, post):
    container = {
        "group": world.preparing,
        "school": world.school_d,
        "district": world.district,
        "bureau": world.bureau,
    }[grants.SCOPE_OF[post]]
    row = appoint(world, "teacher", post, container, **needed(world, post))
    held = {(r.permission, r.model, r.object_id) for r in access.rights_of(world.teacher, fresh=True).rows}
    own = {c.authority.value for c in RIGHTS[post] if not c.on_members}
    assert held == {(a, container._meta.label_lower, container.pk) for a in own}
    if post == Post.ENROLLMENT_CLERK:  # its rights come with the app of enrollment
        assert not own
        return
    assert own
    for grant in access.grants(next(iter(own)), type(container)).filter(user=world.teacher):
        assert (grant.capacity, grant.source_id, grant.document) == (post.label, row.pk, row.document)


def test_those_who_decide_do_not_pay_and_those_who_pay_do_not_decide():
    decide = {a for a in Authority if a.value.startswith(("approve_", "review_", "check_"))}
    for post, conferred in RIGHTS.items():
        held = {c.authority for c in conferred}
        assert not (Authority.RECORD_PAYMENT in held and held & decide), post
    assert set(RIGHTS) == set(Post)


# At once: appointing, ending, joining, leaving


@pytest.mark.django_db
def test_a_right_begins_and_ends_with_the_appointment(world):
    teacher, school = world.teacher, world.school_a
    assert not access.has(teacher, Authority.RECORD_PAYMENT, school)
    row = appoint(world, "teacher", Post.CASHIER, school)
    assert access.has(teacher, Authority.RECORD_PAYMENT, school)
    actions.end(row, valid_to=clock.today(), document="昆教人〔2026〕9号", by=world.personnel)
    assert not access.has(teacher, Authority.RECORD_PAYMENT, school)
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_the_president_sees_a_school_from_the_day_it_joins_to_the_day_before_it_leaves(world):
    membership = register.join(
        world.group,
        school=world.school_d,
        valid_from=TODAY,
        join_document="昆教〔2026〕9号",
        by=world.basic,
    )
    leaves = TODAY + 30 * A_DAY
    register.leave(membership, valid_to=leaves, leave_document="昆教〔2026〕10号", by=world.basic)
    seen = {
        day: access.has(world.president, VIEW, world.school_d, day)
        for day in (TODAY - A_DAY, TODAY, leaves - A_DAY, leaves)
    }
    assert list(seen.values()) == [False, True, True, False]
    assert not access.has(world.other_president, VIEW, world.school_d, TODAY)
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_a_successor_takes_over_at_midnight_without_any_job(world):
    day = clock.today() + 5 * A_DAY
    end(world, "president", day)
    appoint(world, "teacher", Post.GROUP_PRESIDENT, world.group, valid_from=day)
    before = dt.datetime.combine(day, dt.time(0), tzinfo=clock.SHANGHAI) - dt.timedelta(seconds=1)
    with clock.at(before):
        assert list(access.holders(PRESIDE, world.group)) == [world.president]
    with clock.at(before + dt.timedelta(seconds=1)):
        assert list(access.holders(PRESIDE, world.group)) == [world.teacher]
        assert access.objects_for(world.teacher, VIEW, type(world.school_a)).count() == 3
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_two_posts_give_their_rights_twice_and_one_may_end(world):
    first = appoint(world, "teacher", Post.CLERK, world.school_a)
    appoint(world, "teacher", Post.DEPARTMENT_HEAD, world.school_a)
    actions.end(first, valid_to=clock.today(), document="文", by=world.personnel)
    assert access.has(world.teacher, Authority.DRAFT_SCHOOL_REQUEST, world.school_a)


@pytest.mark.django_db
def test_a_person_without_account_holds_nothing_until_there_is_one(world):
    person = actions.register_person(name="无账号者", by=world.personnel)
    row = actions.appoint(
        person,
        post=Post.CLERK,
        container=world.school_a,
        method="assigned",
        document="文",
        valid_from=SINCE,
        remark="补录",
        by=world.personnel,
    )
    assert not SchoolGrant.objects.filter(source_id=row.pk).exists()
    with acting("personnel.test", world.personnel):
        Person.objects.filter(pk=person.pk).update(user=User.objects.create_user("late", None, name="某"))
    assert grants.drift() == (1, 0)
    grants.after_person(person, world.personnel)
    assert grants.drift() == (0, 0)
    assert SchoolGrant.objects.filter(source_id=row.pk).count() == 1


@pytest.mark.django_db
def test_an_appointment_of_no_day_confers_nothing(world):
    row = appoint(world, "teacher", Post.CLERK, world.school_a, valid_from=TODAY, valid_to=TODAY)
    assert not SchoolGrant.objects.filter(source_id=row.pk).exists()
    assert grants.drift() == (0, 0)


# Drift


def tampered(world):
    """(what is done to the rows by hand, the drift that shows): a right lost, forged, stretched, of nobody."""
    mine = SchoolGrant.objects.filter(user=world.principal_a)
    forged = mine.first()
    forged.pk, forged.user = None, world.parent
    orphan = mine.first()
    orphan.pk, orphan.source_id = None, 10**9
    return {
        "lost": (lambda: mine.filter(content_object=world.school_a).first().delete(), (1, 0)),
        "forged": (lambda: forged.save(force_insert=True), (0, 1)),
        "stretched": (lambda: mine.filter(pk=mine.first().pk).update(valid_to=dt.date(2099, 1, 1)), (1, 1)),
        "of no appointment": (lambda: orphan.save(force_insert=True), (0, 1)),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["lost", "forged", "stretched", "of no appointment"])
def test_what_is_done_by_hand_shows_as_drift_and_is_put_right(world, how):
    act, shows = tampered(world)[how]
    assert grants.drift() == (0, 0)
    with acting("personnel.test", world.admin):
        act()
    assert grants.drift() == shows
    assert actions.rederive(by=world.personnel) == sum(shows)
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_the_worker_puts_it_right_as_well(world):
    with acting("personnel.test", world.admin):
        SchoolGrant.objects.all().delete()
    assert not access.has(world.principal_a, Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    assert tasks.sync_grants() > 0
    assert access.has(world.principal_a, Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    assert tasks.sync_grants() == 0


@pytest.mark.django_db
def test_the_job_counts_every_appointment_and_puts_it_right(world):
    with acting("personnel.test", world.admin):
        SchoolGrant.objects.filter(user=world.clerk_a).delete()
    steps = list(tasks.rederive(by=world.personnel))
    assert steps[0] == len(steps) - 1 == Appointment.objects.count()
    assert grants.drift() == (0, 0)


@pytest.mark.django_db
def test_rights_on_members_are_kept_for_schools_that_left(world):
    """A past membership still says what the president could see then."""
    Membership.objects.get(school=world.school_b)
    row = SchoolGrant.objects.get(
        user=world.president,
        content_object=world.school_b,
        permission_id=permission_id(type(world.school_b), VIEW),
    )
    assert (row.valid_from, row.valid_to, row.clause_id) == (SINCE, None, "4.1.e")


# Periods, pure


DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 2, 1))
PERIODS = st.tuples(DAYS, st.none() | DAYS)


@given(PERIODS, PERIODS)
def test_an_overlap_holds_exactly_the_days_that_both_hold(a, b):
    def covers(period, day):
        return period is not None and period[0] <= day and (period[1] is None or day < period[1])

    shared = overlap(a, b)
    for offset in range(-1, 34):
        day = dt.date(2024, 1, 1) + offset * A_DAY
        assert covers(shared, day) == (covers(a, day) and covers(b, day))
