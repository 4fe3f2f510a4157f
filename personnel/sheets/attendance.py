"""The monthly attendance as a sheet: one line per teacher and month, by the school taught at; again corrects it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from groups.choices import Authority
from groups.models import School
from kunshan_edu.core import access
from kunshan_edu.core.changes import add_all, changing
from kunshan_edu.core.denials import INVALID, Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.sheets import Column, Fault, Kind, Row, Sheet, code, day, decimal, integer, text
from personnel.models import AttendanceSummary, Staff
from personnel.rules import appraisal as rules

VERB = "personnel.keep_attendance"
DAYS = ("days_present", "days_leave", "days_absent")
SEVERAL = 500
UNKNOWN = Denial(
    "no_such_staff",
    gettext_noop("本校这个月没有这个工号的任教教师，请核对工号和月份。"),
    Clause.C4_1_U,
    field="staff_no",
    status=INVALID,
)
DO_NOT_ADD_UP = Denial(
    "attendance_days_add_up",
    gettext_noop("应出勤天数须等于实出勤、请假、旷工天数之和，且不超过 31 天。"),
    Clause.C4_1_U,
    field="days_due",
    status=INVALID,
)


def _own(by: Any) -> set[int]:
    return access.rights_of(by).ids(Authority.KEEP_STAFF_RECORDS, School)


def taught(rows: list[Row], by: Any) -> dict[tuple[str, Any], tuple[int, int]]:
    """(staff number, month) → (staff, school taught at on its first day), where it is a school of one's own."""
    own = _own(by)
    found: dict[tuple[str, Any], tuple[int, int]] = {}
    for month in {row["month"] for row in rows}:
        numbers = [row["staff_no"] for row in rows if row["month"] == month]
        staff = Staff.objects.filter(staff_no__in=numbers).employed(month)
        for pk, number, school in staff.values_list("pk", "staff_no", "teaching_id"):
            if school in own:
                found[number, month] = (pk, school)
    return found


def check(rows: list[Row], by: Any) -> list[Fault]:
    known = taught(rows, by)
    faults = [r.fault("staff_no", UNKNOWN) for r in rows if (r["staff_no"], r["month"]) not in known]
    for row in rows:
        told = sum(row[name] or 0 for name in DAYS)
        if row["days_due"] != told or row["days_due"] > 31:
            faults.append(row.fault("days_due", DO_NOT_ADD_UP))
    return faults


def _facts(row: Row) -> dict[str, Any]:
    facts = {name: row[name] or 0 for name in ("days_due", *DAYS)}
    return {**facts, "times_late": row["times_late"] or 0}


def write(rows: list[Row], by: Any) -> Iterator[int]:
    known = taught(rows, by)
    there = {
        (a.staff_id, a.month): a
        for a in AttendanceSummary.objects.filter(staff__in={staff for staff, _school in known.values()})
    }
    for start in range(0, len(rows), SEVERAL):
        part = rows[start : start + SEVERAL]
        new: list[AttendanceSummary] = []
        for row in part:
            staff, school = known[row["staff_no"], row["month"]]
            old = there.get((staff, row["month"]))
            if old is None:
                new.append(
                    AttendanceSummary(staff_id=staff, school_id=school, month=row["month"], **_facts(row))
                )
            else:
                with changing(old, VERB, by=by, clause=Clause.C4_1_U) as again:
                    for name, value in _facts(row).items():
                        setattr(again, name, value)
        add_all(new, verb=VERB, by=by)
        yield len(part)


def cannot(by: Any) -> Denial | None:
    return rules.cannot_keep_attendance(rules.RecordCase(bool(_own(by))))


def month() -> Kind:
    """月份: any day of it, kept as its first."""
    plain = day()
    return Kind(lambda cell: plain.read(cell).replace(day=1), plain.how, plain.format)


def days() -> Kind:
    """天数, to half a day."""
    return decimal(places=1, most=31)


ATTENDANCE = Sheet(
    name="personnel.attendance",
    title=_("考勤月报"),
    about=_("每名教师每月一行；同一教师同一月再次导入，以后一次为准。"),
    columns=(
        Column("staff_no", _("工号"), code(upper=False), required=True, example="JS00001"),
        Column("name", _("姓名"), text(most=40), hint=_("仅供核对，不导入"), example="张三"),
        Column("month", _("月份"), month(), required=True, hint=_("该月任意一天"), example="2026-10-01"),
        Column("days_due", _("应出勤天数"), days(), required=True, example="20"),
        Column("days_present", _("实出勤天数"), days(), required=True, example="19"),
        Column("days_leave", _("请假天数"), days(), hint=_("不填为 0"), example="1"),
        Column("days_absent", _("旷工天数"), days(), hint=_("不填为 0"), example="0"),
        Column("times_late", _("迟到早退次数"), integer(least=0, most=200), hint=_("不填为 0"), example="0"),
    ),
    check=check,
    write=write,
    cannot=cannot,
    route="personnel:attendance_import",
    unique=(("staff_no", "month"),),
)
