"""The unified rules on the people of the demonstration: appraisals, trainings, attendance and honours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from random import Random

from kunshan_edu.core import clock
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.changes import acting, add_all, record
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.workdays import workdays_between
from kunshan_edu.demo.city import City, Teacher, moment
from kunshan_edu.demo.places import LEAGUES
from kunshan_edu.demo.posts import named
from personnel.actions import appraisal as actions
from personnel.choices import Appraised, BackboneLevel, Grade, MeritLevel, Post
from personnel.models import AttendanceSummary, Staff

HEADS = (Post.GROUP_PRESIDENT, Post.GROUP_SECRETARY, Post.DEPUTY_SECRETARY, Post.EXECUTIVE_PRINCIPAL)
# Both presidents whose tenure is lengthened are excellent (6.3.e).
EXCELLENT = (
    "president",
    "president-beichen",
    "principal",
    "principal-hegu",
    "principal-xingcha",
    "principal-kaiyang",
)
BASIC = {("principal-chenjiao", 2024)}
# Month → its documents; the lead school of the first group appraises its staff, the bureau the heads.
YEARS = (2024, 2025)
FIRST = LEAGUES[0]
# (day, group, school, title, hours, place, how many come)
TRAININGS = (
    (dt.date(2025, 8, 27), "tianshu", "", "新学期全员师德与教学常规培训", "6.0", "天枢小学报告厅", 30),
    (dt.date(2025, 11, 14), "wangshu", "", "大单元教学设计研修", "4.0", "望舒中学", 12),
    (dt.date(2026, 4, 10), "yunhan", "", "九年贯通课程衔接工作坊", "3.5", "云汉学校", 12),
    (dt.date(2026, 8, 28), "tianshu", "", "轮岗教师岗前培训", "3.0", "天枢小学", 15),
    (dt.date(2026, 10, 16), "", "tianshu", "作业设计校本培训", "2.0", "天枢小学", 14),
    (dt.date(2026, 11, 13), "tianshu", "", "课堂评价专题研修", "4.0", "天璇小学", 16),
    (dt.date(2026, 10, 23), "beichen", "", "跨学科学习观摩", "3.0", "河鼓小学", 0),
)
CANCELLED = "跨学科学习观摩"
MONTHS = (dt.date(2026, 9, 1), dt.date(2026, 10, 1))
MERITS = (
    (MeritLevel.SCHOOL, "优秀教研组长"),
    (MeritLevel.GROUP, "集团优秀轮岗教师"),
    (MeritLevel.COUNTY, "昆山市课堂教学评比一等奖"),
    (MeritLevel.CITY, "苏州市优秀班主任"),
)


def _grade(rng: Random, username: str, year: int) -> Grade:
    if username in EXCELLENT:
        return Grade.EXCELLENT
    if (username, year) in BASIC:
        return Grade.BASIC
    return Grade.EXCELLENT if rng.random() < 0.1 else Grade.COMPETENT


def _appraise_heads(city: City, year: int) -> None:
    """Who was in office on the last day of the year, by one document of the bureau."""
    document, rng, last = city.document("昆教督"), Random(f"heads {year}"), dt.date(year, 12, 31)  # noqa: S311
    for row in [a for a in city.appointments if a.post in HEADS and is_in_force(a, last)]:
        person = row.person
        if person is None or person.user is None:
            continue
        actions.appraise(
            person,
            year=year,
            grade=_grade(rng, person.user.username, year),
            document=document,
            post=Appraised(row.post),
            group=row.group,
            school=row.school,
            by=city.users["supervision"],
        )


def _appraise_staff(city: City, year: int) -> None:
    """年度考核 of the teachers of the first lead school, by its principal; a fifth at most is excellent."""
    document, rng = city.document("天枢校"), Random(f"staff {year}")  # noqa: S311
    teachers = [t for t in city.teachers[FIRST.key] if t.entry.valid_from.year <= year]
    best = set(rng.sample(range(len(teachers)), len(teachers) // 6))
    for number, teacher in enumerate(teachers):
        actions.appraise(
            teacher.staff.person,
            year=year,
            grade=Grade.EXCELLENT if number in best else Grade.COMPETENT,
            document=document,
            school=city.schools[FIRST.key],
            by=city.users["principal"],
        )


def _hold(city: City, training: tuple[dt.date, str, str, str, str, str, int]) -> None:
    """A training with those who attended it; one is cancelled."""
    day, group, school, title, hours, place, count = training
    by = city.users[named("president", group) if group else named("principal", school)]
    event = actions.hold_training(
        group=city.groups[group] if group else None,
        school=None if group else city.schools[school],
        title=title,
        held_on=day,
        hours=Decimal(hours),
        place=place,
        by=by,
    )
    if title == CANCELLED:
        actions.cancel_training(event, reason="承办校场地维修，改期举行。", by=by)
        return
    staff = [t.staff for t in _teachers_of(city, group or school, count)]
    actions.record_training(event, staff=staff, by=by)


def _teachers_of(city: City, key: str, count: int) -> list[Teacher]:
    """So many teachers, the same number of each school of the group, or of the one school."""
    schools = next(([p.key for p in x.schools] for x in LEAGUES if x.key == key), [key])
    each = -(-count // len(schools))
    return [teacher for school in schools for teacher in city.teachers[school][:each]][:count]


def _keep_attendance(city: City, key: str, month: dt.date) -> None:
    """考勤月报 of who taught there on the first of the month, as the sheet brings it in."""
    school, by, rng = city.schools[key], city.users[named("principal", key)], Random(f"{key} {month}")  # noqa: S311
    last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    due = workdays_between(month - dt.timedelta(days=1), last)
    rows = []
    for member in Staff.objects.teaching_at(school, month):
        leave = rng.choices((0, 1, 2, 5), (80, 12, 6, 2))[0]
        late = rng.choices((0, 1, 2), (90, 8, 2))[0]
        days = {"days_due": due, "days_present": due - leave, "days_leave": leave, "times_late": late}
        rows.append(AttendanceSummary(staff=member, school=school, month=month, **days))
    verb = "personnel.keep_attendance"
    with acting(verb, by):
        add_all(rows, verb=verb, by=by)
        record(school, verb, by=by, difference={"attendances": [None, len(rows)]}, clause=Clause.C4_1_U)


def _award(city: City, number: int, key: str) -> None:
    level, title = MERITS[number % len(MERITS)]
    backbone = [t for t in city.teachers[key] if t.entry.backbone_level != BackboneLevel.NONE]
    actions.record_merit(
        staff=backbone[number % len(backbone)].staff,
        school=city.schools[key],
        title=title,
        level=level,
        awarded_on=clock.today(),
        document=city.document("昆教评"),
        by=city.users[named("principal", key)],
    )


def plan_records(city: City) -> None:
    """Appraisals each January, trainings on their days, attendance of the first group in the first days of a month."""
    plan = city.calendar.plan
    for year in YEARS:
        plan(dt.date(year + 1, 1, 9), partial(_appraise_staff, city, year))
        plan(moment(dt.date(year + 1, 1, 13), 15), partial(_appraise_heads, city, year))
    for training in TRAININGS:
        plan(moment(training[0], 16), partial(_hold, city, training))
    for month in MONTHS:
        day = (month + dt.timedelta(days=40)).replace(day=9)
        for number, place in enumerate(p for p in FIRST.schools if p.key != "tianquan"):
            plan(moment(day, 10, 5 * number), partial(_keep_attendance, city, place.key, month))
    for number, key in enumerate(
        ("tianshu", "tianxuan", "wangshu", "yunhan", "beichen", "tianshu", "yuheng", "hegu")
    ):
        plan(dt.date(2025, 6, 16) + dt.timedelta(weeks=8 * number), partial(_award, city, number, key))
