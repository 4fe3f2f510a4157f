"""Raw writes to appraisals, trainings, attendance and merits."""

from __future__ import annotations

import datetime as dt

from personnel.models import Appraisal, AttendanceSummary, Merit, TrainingAttendance, TrainingEvent
from tests.finance.raw import Refuses
from tests.personnel.raw.people import teacher
from tests.personnel.rows import DOCUMENT, NEVER, change, kept, person

refuses = Refuses()
MONTH = dt.date(2026, 10, 1)


def appraisal(world, **facts):
    base = {
        "person": person(world, "teacher"),
        "year": 2025,
        "grade": "competent",
        "document": DOCUMENT,
        "school": world.school_a,
        "recorded_by": world.principal_a,
    }
    return Appraisal(**{**base, **facts})


def training(world, **facts):
    base = {"school": world.school_a, "title": "班主任培训", "held_on": MONTH, "hours": 8}
    return TrainingEvent(**{**base, **facts})


def attendance(world, **facts):
    base = {
        "staff": teacher(world),
        "school": world.school_a,
        "month": MONTH,
        "days_due": 20,
        "days_present": 19,
        "days_leave": 1,
    }
    return AttendanceSummary(**{**base, **facts})


@refuses("one_appraisal_per_person_year_and_post")
def a_second_grade_in_a_year(world):
    kept(world, appraisal(world))
    return lambda: appraisal(world, grade="excellent").save()


@refuses("appraisal_year_is_plausible")
def a_year_of_two_digits(world):
    return lambda: appraisal(world, year=25).save()


@refuses("appraisal_is_in_a_group_or_a_school")
def an_appraisal_in_both(world):
    return lambda: appraisal(world, group=world.group).save()


@refuses("training_is_held_by_a_group_or_a_school")
def training_of_nobody(world):
    return lambda: training(world, school=None).save()


@refuses("training_is_held_by_a_group_or_a_school")
def training_of_both(world):
    return lambda: training(world, group=world.group).save()


@refuses("training_hours_are_plausible")
def training_without_hours(world):
    return lambda: training(world, hours=0).save()


@refuses("training_hours_are_plausible")
def training_of_many_hours(world):
    return lambda: training(world, hours="200.5").save()


def attended(world, event=None, **facts):
    event = event or kept(world, training(world))
    return TrainingAttendance(**{"event": event, "staff": teacher(world), "hours": 8, **facts})


@refuses("staff_attends_a_training_once")
def attends_twice(world):
    first = kept(world, attended(world))
    return lambda: TrainingAttendance(event=first.event, staff=first.staff, hours=4).save()


@refuses("attended_hours_are_positive")
def attends_no_hour(world):
    row = attended(world, hours=0)
    return row.save


@refuses("attended_hours_within_the_event")
def attends_longer_than_it_lasts(world):
    row = attended(world, hours="8.5")
    return row.save


@refuses("attended_hours_within_the_event")
def attends_what_was_cancelled(world):
    row = attended(world, kept(world, training(world, is_cancelled=True)))
    return row.save


@refuses("one_attendance_summary_per_month")
def a_second_summary(world):
    first = kept(world, attendance(world))
    return lambda: AttendanceSummary(
        staff=first.staff, school=first.school, month=MONTH, days_due=1, days_present=1
    ).save()


@refuses("attendance_is_of_a_whole_month")
def a_month_that_begins_in_its_middle(world):
    row = attendance(world, month=dt.date(2026, 10, 15))
    return row.save


@refuses("attendance_days_add_up")
def days_that_do_not_add_up(world):
    row = attendance(world, days_present=20)
    return row.save


@refuses("attendance_days_add_up")
def more_days_than_a_month_has(world):
    row = attendance(world, days_due=32, days_present=31)
    return row.save


@refuses("merit_is_revoked_after_its_award")
def revoked_before_it_was_given(world):
    staff = teacher(world)
    merit = kept(
        world,
        Merit(
            staff=staff,
            school=world.school_a,
            title="示例先进",
            level="city",
            awarded_on=MONTH,
            document=DOCUMENT,
        ),
    )
    return lambda: change(merit, revoked_on=NEVER)
