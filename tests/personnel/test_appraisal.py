"""How the unified personnel rules act on people: who grades, trains, keeps attendance and honours, and what is kept."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.sheets import Row
from personnel import actions as personnel
from personnel.actions import appraisal as actions
from personnel.choices import Appraised, Grade, MeritLevel
from personnel.models import Appraisal, AttendanceSummary, Merit, Person, Staff, TrainingEvent
from personnel.rules import appraisal as rules
from personnel.sheets import ATTENDANCE
from tests.world import SINCE, fresh

pytestmark = pytest.mark.django_db
DOCUMENT = "昆教人〔2026〕30号"
DAY = dt.date(2026, 10, 16)


def person(world, who):
    return Person.objects.get(user=world.users[who])


@pytest.fixture
def staff(world):
    """The teacher on the staff of school a, another person on that of school b."""
    return {
        who: personnel.register_staff(
            person(world, who),
            staff_no=f"JS{number}",
            school=school,
            document=DOCUMENT,
            valid_from=SINCE,
            by=world.personnel,
        )
        for number, (who, school) in enumerate((("teacher", world.school_a), ("clerk_b", world.school_b)), 1)
    }


def grade(world, who, by, grade=Grade.EXCELLENT, post=Appraised.STAFF, year=2025, **place):
    return actions.appraise(
        person(world, who),
        year=year,
        grade=grade,
        document=DOCUMENT,
        post=post,
        by=fresh(world.users[by]),
        **place,
    )


def refused(code, call, *args, **kwargs):
    with pytest.raises(Denied) as caught:
        call(*args, **kwargs)
    assert caught.value.denial.code == code
    return caught.value.denial


def test_the_principal_grades_the_own_staff_and_nobody_elses(world, staff):
    row = grade(world, "teacher", "principal_a", school=world.school_a)
    assert (row.grade, row.recorded_by) == ("excellent", world.principal_a)
    for by in ("principal_b", "president", "vice_a", "personnel", "teacher"):
        denial = refused("not_an_appraiser", grade, world, "teacher", by, school=world.school_a, year=2024)
        assert denial.status == 403
    assert Appraisal.objects.count() == 1


@pytest.mark.parametrize("by", ["personnel", "supervision", "leader"])
def test_the_bureau_grades_the_heads(world, by):
    row = grade(world, "president", by, post=Appraised.GROUP_PRESIDENT, group=world.group)
    assert row.group == world.group


@pytest.mark.parametrize("by", ["president", "principal_a", "deputy", "basic", "finance_1"])
def test_nobody_else_grades_the_heads(world, by):
    refused(
        "not_an_appraiser",
        grade,
        world,
        "president",
        by,
        post=Appraised.GROUP_PRESIDENT,
        group=world.group,
    )


def test_nobody_grades_oneself(world):
    personnel.register_staff(
        person(world, "principal_a"),
        staff_no="JS9",
        school=world.school_a,
        document=DOCUMENT,
        valid_from=SINCE,
        by=world.personnel,
    )
    refused("own_personnel_record", grade, world, "principal_a", "principal_a", school=world.school_a)


def test_a_second_grade_of_the_year_is_refused_and_a_correction_keeps_the_first_in_the_audit(world, staff):
    row = grade(world, "teacher", "principal_a", school=world.school_a)
    refused(
        "one_appraisal_per_person_year_and_post",
        grade,
        world,
        "teacher",
        "principal_a",
        school=world.school_a,
    )
    actions.correct_grade(row, grade=Grade.COMPETENT, reason="登记有误", by=fresh(world.principal_a))
    event = AuditEvent.objects.filter(verb="personnel.correct_grade").get()
    assert event.difference == {"grade": ["excellent", "competent"]}
    assert event.reason == "登记有误"


def seen_by(model, user):
    return set(model.objects.visible_to(fresh(user)).values_list("pk", flat=True))


def test_who_sees_a_grade(world, staff):
    mine = grade(world, "teacher", "principal_a", school=world.school_a).pk
    top = grade(world, "president", "personnel", post=Appraised.GROUP_PRESIDENT, group=world.group).pk
    assert seen_by(Appraisal, world.teacher) == {mine}
    assert seen_by(Appraisal, world.principal_a) == {mine}
    assert seen_by(Appraisal, world.principal_b) == set()
    assert seen_by(Appraisal, world.president) == {mine, top}
    assert seen_by(Appraisal, world.other_president) == set()
    assert seen_by(Appraisal, world.supervision) == {mine, top}
    assert seen_by(Appraisal, world.parent) == set()
    assert seen_by(Appraisal, world.admin) == set()


def training(world, by="president", **facts):
    base = {"group": world.group, "title": "集团教研培训", "held_on": DAY, "hours": Decimal("6.0")}
    return actions.hold_training(by=fresh(world.users[by]), **{**base, **facts})


def test_the_group_trains_and_the_hours_of_each_are_kept(world, staff):
    event = training(world)
    actions.record_training(event, staff=staff.values(), by=fresh(world.office))
    assert [a.hours for a in event.attendances.all()] == [6, 6]
    actions.record_training(event, staff=[staff["teacher"]], hours=Decimal("4.5"), by=fresh(world.president))
    assert {a.staff_id: a.hours for a in event.attendances.all()}[staff["teacher"].pk] == Decimal("4.5")


def test_hours_beyond_the_training_are_refused_by_the_database(world, staff):
    event = training(world)
    refused(
        "attended_hours_within_the_event",
        actions.record_training,
        event,
        staff=[staff["teacher"]],
        hours=Decimal("6.5"),
        by=fresh(world.president),
    )
    assert not event.attendances.exists()


@pytest.mark.parametrize("by", ["other_president", "principal_a", "personnel", "group_finance", "teacher"])
def test_others_hold_no_training_of_the_group(world, by):
    refused("not_a_trainer", training, world, by)


def test_a_cancelled_training_takes_no_one(world, staff):
    event = actions.cancel_training(training(world), reason="台风", by=fresh(world.president))
    refused(
        "training_cancelled",
        actions.record_training,
        event,
        staff=[staff["teacher"]],
        by=fresh(world.president),
    )


def test_a_school_sees_its_groups_trainings_and_another_group_does_not(world):
    event = training(world).pk
    assert seen_by(TrainingEvent, world.principal_b) == {event}
    assert seen_by(TrainingEvent, world.principal_e) == set()
    assert seen_by(TrainingEvent, world.teacher) == set()


def merit(world, staff, by="principal_a", who="teacher", school="school_a"):
    return actions.record_merit(
        staff=staff[who],
        school=world.schools[school],
        title="示例先进教师",
        level=MeritLevel.CITY,
        awarded_on=DAY,
        document=DOCUMENT,
        by=fresh(world.users[by]),
    )


def test_the_school_records_merit_and_a_revocation_stays_on_record(world, staff):
    row = merit(world, staff)
    refused("not_a_record_keeper", merit, world, staff, by="principal_b")
    actions.revoke_merit(row, revoked_on=DAY, reason="评选有误", by=fresh(world.vice_a))
    row.refresh_from_db()
    assert row.revoked_on == DAY
    refused("merit_revoked", actions.revoke_merit, row, revoked_on=DAY, reason="再次", by=fresh(world.vice_a))
    assert seen_by(Merit, world.teacher) == {row.pk}
    assert seen_by(Merit, world.principal_b) == set()


@pytest.mark.parametrize(
    ("rule", "case", "code"),
    [
        (rules.cannot_appraise, rules.RecordCase(), "not_an_appraiser"),
        (rules.cannot_appraise, rules.RecordCase(True, True), "own_personnel_record"),
        (rules.cannot_appraise, rules.RecordCase(True), None),
        (rules.cannot_hold_training, rules.RecordCase(), "not_a_trainer"),
        (rules.cannot_hold_training, rules.RecordCase(True), None),
        (rules.cannot_record_training, rules.RecordCase(), "not_a_trainer"),
        (rules.cannot_record_training, rules.RecordCase(True, closed=True), "training_cancelled"),
        (rules.cannot_record_training, rules.RecordCase(True), None),
        (rules.cannot_keep_attendance, rules.RecordCase(), "not_a_record_keeper"),
        (rules.cannot_keep_attendance, rules.RecordCase(True), None),
        (rules.cannot_record_merit, rules.RecordCase(), "not_a_record_keeper"),
        (rules.cannot_record_merit, rules.RecordCase(True, True), "own_personnel_record"),
        (rules.cannot_record_merit, rules.RecordCase(True), None),
        (rules.cannot_revoke_merit, rules.RecordCase(), "not_a_record_keeper"),
        (rules.cannot_revoke_merit, rules.RecordCase(True, closed=True), "merit_revoked"),
        (rules.cannot_revoke_merit, rules.RecordCase(True), None),
    ],
)
def test_the_rules(rule, case, code):
    denial = rule(case)
    assert (denial.code if denial else None) == code


PAGES = ("appraisal", "training", "merit")


@pytest.mark.parametrize("noun", PAGES)
@pytest.mark.parametrize(("who", "may"), [("principal_a", True), ("teacher", False), ("parent", False)])
def test_the_button_to_record_is_for_who_may(world, client, noun, who, may):
    client.force_login(world.users[who])
    new = reverse(f"personnel:{noun}_new")
    page = client.get(reverse(f"personnel:{noun}_list"))
    assert (new in page.content.decode()) is may
    assert client.get(new).status_code == (200 if may else 403)


def test_a_grade_is_typed_with_a_wrong_person_and_nothing_is_lost(world, client, staff):
    client.force_login(world.principal_a)
    typed = {
        "person": person(world, "clerk_a").pk,
        "year": 2025,
        "post": "staff",
        "grade": "excellent",
        "document": DOCUMENT,
        "idem": uuid.uuid4(),
    }
    page = client.post(reverse("personnel:appraisal_new"), typed)
    assert page.status_code == 422
    assert "该人今天没有编制所在校" in page.content.decode()
    assert DOCUMENT in page.content.decode()
    page = client.post(reverse("personnel:appraisal_new"), {**typed, "person": staff["teacher"].person_id})
    assert page.status_code == 303
    assert Appraisal.objects.get().school == world.school_a


def test_attendance_comes_by_sheet_and_again_corrects(world, staff):
    def line(**facts):
        base = {
            "staff_no": "JS1",
            "name": None,
            "month": dt.date(2026, 10, 1),
            "days_due": Decimal(20),
            "days_present": Decimal(20),
            "days_leave": None,
            "days_absent": None,
            "times_late": None,
        }
        return Row(2, {**base, **facts})

    by = fresh(world.principal_a)
    assert ATTENDANCE.check([line()], by) == []
    assert list(ATTENDANCE.write([line()], by)) == [1]
    assert list(ATTENDANCE.write([line(days_present=Decimal(19), days_leave=Decimal(1))], by)) == [1]
    row = AttendanceSummary.objects.get()
    assert (row.school, row.days_leave) == (world.school_a, 1)
    codes = [
        f.denial.code for f in ATTENDANCE.check([line(staff_no="JS2"), line(days_present=Decimal(18))], by)
    ]
    assert codes == ["no_such_staff", "attendance_days_add_up"]
    assert ATTENDANCE.cannot(fresh(world.teacher)).code == "not_a_record_keeper"
    assert Staff.objects.count() == 2
