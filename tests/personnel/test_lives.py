"""The whole life of an appointment by its verbs: nominated, competed for, published, confirmed, extended, ended."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from groups import actions as register
from groups.choices import Authority
from kunshan_edu.core import access, clock, workdays
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, Notification
from personnel import actions, grants
from personnel.actions import organisation
from personnel.choices import Method, Post
from personnel.models import Appointment
from tests.personnel.rows import person
from tests.world import SINCE, appoint, fresh
from tests.world import end as end_both

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)
TODAY = clock.today()
DOCUMENT = "昆教人〔2026〕20号"


def refused(call, code, field=None):
    with pytest.raises(Denied) as caught:
        call()
    denial = caught.value.denial
    assert (denial.code, denial.field) == (code, field)
    return denial


def recorded(world, who, post, container, **facts):
    """What the personnel section has recorded of an appointment."""
    method = Method.APPOINTED if post == Post.GROUP_PRESIDENT else Method.ASSIGNED
    base = {"method": method, "document": DOCUMENT, "valid_from": TODAY, "by": world.users["personnel"]}
    return actions.appoint(
        person(world, who) if who else None, post=post, container=container, **{**base, **facts}
    )


def nominated(world, who, post, container, by):
    return actions.nominate(
        person(world, who),
        post=post,
        container=container,
        method=Method.ASSIGNED,
        document=DOCUMENT,
        valid_from=TODAY,
        by=world.users[by],
    )


def inbox(user):
    return [note.text % note.params for note in Notification.objects.filter(user=user).order_by("pk")]


def events(row):
    return list(AuditEvent.objects.of(row).order_by("pk").values_list("verb", "actor__username"))


# 两人办理


def test_a_cadre_is_recorded_by_one_and_confirmed_by_another(world):
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    assert (row.state, row.recorded_by, row.confirmed_by) == ("proposed", world.personnel, None)
    assert not access.has(world.teacher, Authority.APPROVE_AS_PRINCIPAL, world.school_d)
    assert inbox(world.leader)[-1] == "示例teacher拟任执行校长，请审定。"
    refused(lambda: actions.confirm(row, by=world.personnel), "not_a_confirmer")
    row = actions.confirm(row, by=world.leader)
    assert (row.state, row.confirmed_by) == ("active", world.leader)
    assert access.has(world.teacher, Authority.APPROVE_AS_PRINCIPAL, world.school_d)
    assert inbox(world.teacher) == ["示例teacher任执行校长已审定，权限随任职日期生效。"]
    assert inbox(world.personnel)[-1] == inbox(world.teacher)[-1]
    assert events(row) == [("personnel.appoint", "personnel"), ("personnel.confirm", "leader")]
    assert grants.drift() == (0, 0)


def test_whoever_recorded_it_does_not_confirm_it_even_as_a_leader(world):
    """An officer who is made a leader confirms nothing of what he has recorded."""
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    appoint(world, "personnel", Post.BUREAU_LEADER, world.bureau)
    refused(lambda: actions.confirm(row, by=fresh(world.personnel)), "recorded_by_yourself")


def test_nobody_confirms_the_own_post(world):
    row = recorded(world, "leader", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    refused(lambda: actions.confirm(row, by=world.leader), "own_post")


@pytest.mark.parametrize("post", [Post.CLERK, Post.CASHIER, Post.SCHOOL_ACCOUNTANT, Post.ENROLLMENT_CLERK])
def test_what_is_no_cadre_begins_when_it_is_recorded(world, post):
    assert recorded(world, "teacher", post, world.school_a).state == "active"


def test_a_second_leader_is_confirmed_by_the_first(world):
    row = recorded(world, "teacher", Post.BUREAU_LEADER, world.bureau)
    assert row.state == "proposed"
    assert actions.confirm(row, by=world.leader).state == "active"


def test_what_is_not_wanted_is_cancelled_with_its_reason(world):
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    row = actions.cancel(row, reason="考察不合格", by=world.leader)
    assert row.state == "cancelled"
    assert AuditEvent.objects.of(row).first().reason == "考察不合格"
    assert inbox(world.personnel)[-1] == "示例teacher拟任执行校长未获任用。"
    refused(lambda: actions.confirm(row, by=world.leader), "already_cancelled")


# Nominations


@pytest.mark.parametrize(
    ("by", "post", "place", "may"),
    [
        ("president", Post.DEPUTY_SECRETARY, "group", True),
        ("president", Post.EXECUTIVE_PRINCIPAL, "school_b", True),
        ("president", Post.VICE_PRINCIPAL, "school_c", True),
        ("president", Post.DEPARTMENT_HEAD, "school_a", False),
        ("president", Post.GROUP_PRESIDENT, "group", False),
        ("president", Post.VICE_PRINCIPAL, "school_e", False),
        ("president", Post.VICE_PRINCIPAL, "school_d", False),
        ("other_president", Post.VICE_PRINCIPAL, "school_a", False),
        ("principal_a", Post.VICE_PRINCIPAL, "school_a", True),
        ("principal_a", Post.DEPARTMENT_HEAD, "school_a", True),
        ("principal_a", Post.DEPARTMENT_HEAD, "school_b", False),
        ("principal_a", Post.EXECUTIVE_PRINCIPAL, "school_a", False),
        ("district_officer", Post.EXECUTIVE_PRINCIPAL, "school_c", True),
        ("district_officer", Post.EXECUTIVE_PRINCIPAL, "school_a", False),
        ("district_officer", Post.VICE_PRINCIPAL, "school_c", False),
        ("vice_a", Post.DEPARTMENT_HEAD, "school_a", False),
        ("teacher", Post.DEPARTMENT_HEAD, "school_a", False),
        ("admin", Post.DEPARTMENT_HEAD, "school_a", False),
    ],
)
def test_who_nominates_for_what(world, by, post, place, may):
    container = world.group if place == "group" else world.schools[place]
    assert actions.may_nominate(post, container, world.users[by]) is may
    if may:
        row = nominated(world, "teacher", post, container, by)
        assert row.nominated_by == row.recorded_by == world.users[by]
    else:
        refused(lambda: nominated(world, "teacher", post, container, by), "not_a_nominator")


def test_a_nomination_goes_to_the_personnel_section_and_then_to_the_leader(world):
    row = nominated(world, "teacher", Post.VICE_PRINCIPAL, world.school_b, "president")
    assert row.state == "nominated"
    assert inbox(world.personnel)[-1] == "示例teacher被提名为副校长，请办理。"
    assert inbox(world.leader)[-1] != inbox(world.personnel)[-1]
    refused(lambda: actions.confirm(row, by=world.leader), "not_at_this_stage")
    row = actions.accept(row, by=world.personnel)
    assert (row.state, row.recorded_by, row.nominated_by) == ("proposed", world.personnel, world.president)
    assert Appointment.objects.visible_to(world.president).filter(pk=row.pk).exists()
    assert actions.confirm(row, by=world.leader).state == "active"
    assert inbox(world.president)[-1] == "示例teacher任副校长已审定，权限随任职日期生效。"


def test_a_department_head_is_the_president_s_to_decide(world):
    row = nominated(world, "teacher", Post.DEPARTMENT_HEAD, world.school_b, "principal_b")
    assert row.state == "proposed"
    assert inbox(world.president)[-1] == "示例teacher拟任中层干部，请审定。"
    for who in ("leader", "principal_b", "other_president", "deputy"):
        refused(lambda by=world.users[who]: actions.confirm(row, by=by), "not_the_president")
    assert actions.confirm(row, by=world.president).state == "active"


def test_where_there_is_no_president_a_leader_decides_on_a_department_head(world):
    end_both(world, "president", TODAY)
    row = nominated(world, "teacher", Post.DEPARTMENT_HEAD, world.school_b, "principal_b")
    assert inbox(world.leader)[-1] == "示例teacher拟任中层干部，请审定。"
    refused(lambda: actions.confirm(row, by=fresh(world.president)), "not_the_president")
    assert actions.confirm(row, by=fresh(world.leader)).state == "active"


def test_a_nomination_is_seen_by_its_maker_and_the_bureau_alone(world):
    row = nominated(world, "teacher", Post.VICE_PRINCIPAL, world.school_b, "president")
    seen = {
        who
        for who, user in world.users.items()
        if Appointment.objects.visible_to(user).filter(pk=row.pk).exists()
    }
    assert seen == {"president", "personnel", "leader", "supervision"}


# 竞聘与公示


def competed(world, *, days=8):
    """A competition for the presidency that is vacant, published for some days."""
    row = recorded(world, "", Post.GROUP_PRESIDENT, world.preparing, method=Method.COMPETITIVE)
    row = actions.announce(
        row, announced_on=TODAY, document=DOCUMENT, requirements="校长任职五年以上", by=world.personnel
    )
    for who, written, interview in (("teacher", 80, 90), ("clerk_a", 95, 70)):
        row = actions.record_scores(
            row,
            person=person(world, who),
            written=Decimal(written),
            interview=Decimal(interview),
            by=world.personnel,
        )
    return actions.publish_notice(
        row,
        person=person(world, "teacher"),
        notice_from=TODAY,
        notice_to=TODAY + days * A_DAY,
        by=world.personnel,
    )


def test_a_competition_is_announced_scored_and_published_before_it_is_confirmed(world):
    row = competed(world)
    assert (row.state, row.person.user) == ("notice", world.teacher)
    ranked = [(c.person.user.username, c.total) for c in row.selection.candidates.all()]
    assert ranked == [("teacher", Decimal("86.00")), ("clerk_a", Decimal("80.00"))]
    refused(lambda: actions.confirm(row, by=world.leader), "notice_has_run_its_days")
    with clock.at(row.notice_to + A_DAY):
        assert actions.confirm(row, by=fresh(world.leader)).state == "active"
        assert access.has(world.teacher, Authority.APPROVE_AS_PRESIDENT, world.preparing)


def test_a_notice_is_public_while_the_proposal_is_not(world):
    row = recorded(world, "", Post.GROUP_PRESIDENT, world.preparing, method=Method.COMPETITIVE)
    assert row.person is None
    assert not Appointment.objects.visible_to(world.parent).filter(pk=row.pk).exists()
    row = competed(world)
    assert Appointment.objects.visible_to(world.parent).filter(pk=row.pk).exists()


def test_scores_that_are_recorded_again_are_corrected(world):
    row = recorded(world, "", Post.GROUP_PRESIDENT, world.preparing, method=Method.COMPETITIVE)
    row = actions.announce(row, announced_on=TODAY, document=DOCUMENT, requirements="无", by=world.personnel)
    for written in (60, 70):
        actions.record_scores(
            row,
            person=person(world, "teacher"),
            written=Decimal(written),
            interview=Decimal(70),
            by=world.personnel,
        )
    [candidate] = row.selection.candidates.all()
    assert (candidate.written, candidate.total) == (70, 70)


def test_only_a_candidate_is_published(world):
    row = recorded(world, "", Post.GROUP_PRESIDENT, world.preparing, method=Method.COMPETITIVE)
    row = actions.announce(row, announced_on=TODAY, document=DOCUMENT, requirements="无", by=world.personnel)

    def publish(who=None):
        return actions.publish_notice(
            row,
            person=who and person(world, who),
            notice_from=TODAY,
            notice_to=TODAY + 20 * A_DAY,
            by=world.personnel,
        )

    refused(publish, "no_candidates")
    actions.record_scores(
        row, person=person(world, "clerk_a"), written=Decimal(60), interview=Decimal(60), by=world.personnel
    )
    refused(publish, "not_a_candidate", "person")
    refused(lambda: publish("teacher"), "not_a_candidate", "person")
    assert publish("clerk_a").person == person(world, "clerk_a")


def test_a_notice_counts_working_days_with_its_first_day(world):
    days = workdays.calendar()
    first = next(TODAY + n * A_DAY for n in range(9) if days.is_workday(TODAY + n * A_DAY))
    fifth = days.add(first, 4)
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)

    def publish(last):
        return actions.publish_notice(row, notice_from=first, notice_to=last, by=world.personnel)

    refused(lambda: publish(fifth - A_DAY), "notice_too_short", "notice_to")
    assert publish(fifth).state == "notice"


def test_a_competition_asks_for_nobody_and_an_appointment_for_somebody(world):
    refused(
        lambda: recorded(world, "", Post.EXECUTIVE_PRINCIPAL, world.school_d), "appointment_names_its_person"
    )


# Overlapping terms, a dissolved group, a quota


def test_a_seat_that_is_taken_is_said_when_it_is_recorded(world):
    denial = refused(
        lambda: recorded(world, "teacher", Post.GROUP_PRESIDENT, world.group),
        "one_president_per_group",
        "valid_from",
    )
    assert "示例president" in str(denial)


def test_a_successor_is_recorded_beside_the_recorded_end_and_both_are_confirmed(world):
    day = TODAY + 5 * A_DAY
    ending = actions.end(world.posts["president"], valid_to=day, document=DOCUMENT, by=world.personnel)
    row = recorded(world, "teacher", Post.GROUP_PRESIDENT, world.group, valid_from=day)
    refused(lambda: actions.confirm(row, by=world.leader), "one_president_per_group", "valid_from")
    actions.confirm_end(ending, by=world.leader)
    assert actions.confirm(row, by=world.leader).state == "active"


def test_one_person_is_not_recorded_as_principal_of_two_schools_unless_acting(world):
    refused(
        lambda: recorded(world, "principal_a", Post.EXECUTIVE_PRINCIPAL, world.school_d),
        "one_principalship_per_person",
        "person",
    )
    row = recorded(world, "principal_a", Post.EXECUTIVE_PRINCIPAL, world.school_d, method=Method.ACTING)
    assert actions.confirm(row, by=world.leader).method == Method.ACTING


@pytest.mark.parametrize("stage", ["recorded", "confirmed"])
def test_a_dissolved_group_gets_no_president(world, stage):
    row = recorded(world, "teacher", Post.GROUP_PRESIDENT, world.preparing) if stage == "confirmed" else None
    register.dissolve(world.preparing, document="昆教〔2026〕9号", by=world.basic)
    world.preparing.refresh_from_db()
    call = (
        (lambda: actions.confirm(row, by=world.leader))
        if row
        else (lambda: recorded(world, "teacher", Post.GROUP_PRESIDENT, world.preparing))
    )
    refused(call, "dissolved_group_has_no_posts", "container")


def quota(world, posts, school="school_a", **facts):
    return organisation.set_quota(
        school=world.schools[school],
        level=1,
        posts=posts,
        document="昆教人〔2026〕3号",
        by=world.personnel,
        **{"valid_from": SINCE, **facts},
    )


def test_a_quota_that_is_used_up_is_said_with_its_document(world):
    quota(world, 1)
    denial = refused(
        lambda: recorded(world, "teacher", Post.VICE_PRINCIPAL, world.school_a),
        "quota_is_not_exceeded",
        "container",
    )
    assert "示例A小核定 1 名（昆教人〔2026〕3号）" in str(denial)
    assert not Appointment.objects.filter(person__user=world.teacher).exists()


def test_a_quota_that_is_used_up_in_between_is_said_when_it_is_confirmed(world):
    first = recorded(world, "teacher", Post.VICE_PRINCIPAL, world.school_b)
    second = recorded(world, "clerk_e", Post.VICE_PRINCIPAL, world.school_b)
    quota(world, 1, "school_b")
    actions.confirm(first, by=world.leader)
    refused(lambda: actions.confirm(second, by=world.leader), "quota_is_not_exceeded", "container")


def test_a_deviation_that_is_confirmed_makes_room(world):
    quota(world, 1)
    row = organisation.deviate(
        clause_id="4.1.o",
        school=world.school_a,
        reason="支教返岗过渡",
        document="昆教人〔2026〕4号",
        valid_from=SINCE,
        by=world.personnel,
    )
    refused(
        lambda: recorded(world, "teacher", Post.VICE_PRINCIPAL, world.school_a),
        "quota_is_not_exceeded",
        "container",
    )
    organisation.confirm_deviation(row, by=world.leader)
    assert recorded(world, "teacher", Post.VICE_PRINCIPAL, world.school_a).state == "proposed"


def test_a_secretary_needs_the_group_s_own_rule_set(world):
    refused(
        lambda: recorded(world, "teacher", Post.GROUP_SECRETARY, world.group),
        "secretary_is_separate_by_rule_set",
        "container",
    )
    organisation.set_rules(
        group=world.group, kind="separated_2022", document=DOCUMENT, valid_from=TODAY, by=world.personnel
    )
    row = recorded(world, "teacher", Post.GROUP_SECRETARY, world.group)
    assert actions.confirm(row, by=world.leader).state == "active"


# The end


def test_the_end_of_a_cadre_waits_for_the_second_person(world):
    row = actions.end(world.posts["principal_b"], valid_to=TODAY, document=DOCUMENT, by=world.personnel)
    assert (row.valid_to, row.ending_on, row.ending_by) == (None, TODAY, world.personnel)
    assert access.has(world.principal_b, Authority.APPROVE_AS_PRINCIPAL, world.school_b)
    assert inbox(world.leader)[-1] == "示例principal_b的执行校长职务拟免去，请审定。"
    refused(lambda: actions.confirm_end(row, by=world.personnel), "not_a_confirmer")
    row = actions.confirm_end(row, by=world.leader)
    assert (row.valid_to, row.ending_on, row.end_document) == (TODAY, None, DOCUMENT)
    assert (row.ending_by, row.end_confirmed_by) == (world.personnel, world.leader)
    assert not access.has(world.principal_b, Authority.APPROVE_AS_PRINCIPAL, world.school_b)
    assert inbox(world.principal_b)[-1] == "示例principal_b的执行校长职务已审定免去。"


def test_an_end_is_brought_nearer_by_two_people_and_never_put_off(world):
    row = end_both(world, "principal_b", TODAY + 20 * A_DAY)
    late = {"valid_to": TODAY + 21 * A_DAY, "document": DOCUMENT, "by": world.personnel}
    refused(lambda: actions.end(row, **late), "appointment_is_not_lengthened", "valid_to")
    row = actions.end(row, valid_to=TODAY + A_DAY, document=DOCUMENT, by=world.personnel)
    assert (row.valid_to, row.end_confirmed_by) == (TODAY + 20 * A_DAY, None)
    row = actions.confirm_end(row, by=world.leader)
    assert (row.valid_to, row.end_confirmed_by) == (TODAY + A_DAY, world.leader)


def test_a_recorded_end_is_withdrawn_before_it_is_confirmed(world):
    row = actions.end(
        world.posts["principal_b"],
        valid_to=TODAY,
        document=DOCUMENT,
        end_reason="transfer",
        by=world.personnel,
    )
    row = actions.withdraw_end(row, by=world.personnel)
    assert (row.ending_on, row.ending_by, row.end_document, row.end_reason) == (None, None, "", "")
    refused(lambda: actions.confirm_end(row, by=world.leader), "no_end_recorded")


def test_a_leader_who_recorded_the_end_does_not_confirm_it(world):
    appoint(world, "personnel", Post.BUREAU_LEADER, world.bureau)
    row = actions.end(
        world.posts["principal_b"], valid_to=TODAY, document=DOCUMENT, by=fresh(world.personnel)
    )
    refused(lambda: actions.confirm_end(row, by=world.personnel), "recorded_by_yourself")


# Dates of registration


def test_dates_of_registration_are_kept_when_one_comes_later(world):
    row = world.posts["principal_a"]
    actions.register_dates(row, secretary_on=SINCE, by=world.personnel)
    row = actions.register_dates(row, legal_representative_on=TODAY, by=world.personnel)
    assert (row.secretary_on, row.legal_representative_on) == (SINCE, TODAY)


def test_what_is_dated_far_back_says_why(world):
    refused(
        lambda: recorded(world, "teacher", Post.CLERK, world.school_a, valid_from=TODAY - 31 * A_DAY),
        "backdated_without_a_reason",
        "remark",
    )
    assert recorded(world, "teacher", Post.CLERK, world.school_a, valid_from=TODAY - 30 * A_DAY).is_live
    row = recorded(
        world, "teacher", Post.CASHIER, world.school_b, valid_from=TODAY - 31 * A_DAY, remark="文件迟到"
    )
    assert row.remark == "文件迟到"


def test_people_without_accounts_are_appointed_and_nobody_is_told_in_vain(world):
    row = actions.register_person(name="无账号者", by=world.personnel)
    made = actions.appoint(
        row,
        post=Post.EXECUTIVE_PRINCIPAL,
        container=world.school_d,
        method=Method.ASSIGNED,
        document=DOCUMENT,
        valid_from=TODAY,
        by=world.personnel,
    )
    assert actions.confirm(made, by=world.leader).state == "active"
