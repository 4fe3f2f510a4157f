"""Rotations as a sheet: each row is proposed by the one action and then goes the way of every rotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from groups.models import School
from kunshan_edu.core import clock
from kunshan_edu.core.denials import INVALID, Denial, Denied
from kunshan_edu.core.sheets import Column, Fault, Row, Sheet, code, day, integer, text
from personnel.actions import rotation as actions
from personnel.choices import RotationState, Subject
from personnel.models import Rotation, Staff
from personnel.rules import rotation as rules
from personnel.sheets.cells import A_DAY, last
from personnel.sheets.trial import column_finder, done, tried

# Constraints, triggers and rules that name no cell of the sheet → the cell that people look at.
COLUMNS = {
    "not_on_the_staff": "staff_no",
    "not_a_rotation_proposer": "to_school",
    "staff_stays_with_its_rotations": "valid_to",
}


def staff_of(row: Row, by: Any) -> Staff:
    """The member of staff of that number, if this person may propose the rotation and the name is right."""
    found = Staff.objects.proposable_by(by).filter(staff_no=row["staff_no"]).select_related("person").first()
    if found is None:
        sentence = gettext_noop("您所管的学校没有这个工号的在编教师，请核对。")
        raise Denied(Denial("no_such_staff", sentence, field="staff_no", status=INVALID))
    if row["name"] and row["name"] != found.person.name:
        sentence = gettext_noop("姓名与工号不符，请核对。")
        raise Denied(Denial("another_name", sentence, field="name", status=INVALID))
    return found


def receiving(by: Any) -> list[tuple[str, str]]:
    """(identifier, name) of the schools that this person may send teachers to."""
    rows = actions.receiving_schools(by, clock.today()).order_by("position", "pk")
    return list(rows.values_list("identifier", "name"))


def propose(row: Row, by: Any) -> Rotation:
    """提出轮岗 by one row."""
    return actions.propose(
        staff_of(row, by),
        to_school=School.objects.get(identifier=row["to_school"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"] + A_DAY,
        subject=row["subject"] or "",
        workload=row["workload"] or 100,
        reason=row["reason"] or "",
        by=by,
    )


def check(rows: list[Row], by: Any) -> list[Fault]:
    return tried(rows, by, propose, column_finder(lambda: ROTATIONS, COLUMNS))


def write(rows: list[Row], by: Any) -> Iterator[int]:
    yield from done(rows, by, propose)


def cannot(by: Any) -> Denial | None:
    return rules.cannot_propose(actions.proposer_case(by))


ROTATIONS = Sheet(
    name="personnel.rotations",
    title=_("轮岗"),
    about=_("每行提出一次轮岗，导入后照常由两校同意、集团批准、局备案。"),
    columns=(
        Column("staff_no", _("工号"), code(upper=False), required=True, example="JS00001"),
        Column("name", _("姓名"), text(most=40), hint=_("填写则核对是否与工号相符"), example="张三"),
        Column("to_school", _("接收校"), required=True, choices=receiving, width=24),
        Column("valid_from", _("起始日期"), day(), required=True, example="2026-09-01"),
        Column("valid_to", _("最后一日"), day(), required=True, example="2027-08-31"),
        Column("subject", _("任教学科"), choices=Subject.choices, hint=_("不填则与人事记录相同")),
        Column("workload", _("工作量占比（%）"), integer(least=1, most=100), hint=_("不填为 100")),
        Column("reason", _("事由"), text(most=200), width=30),
    ),
    check=check,
    write=write,
    cannot=cannot,
    route="personnel:rotation_import",
    most=2000,
)

ROTATION_LIST = Sheet(
    name="personnel.rotation_list",
    title=_("轮岗名册"),
    columns=(
        Column("staff_no", _("工号")),
        Column("name", _("姓名")),
        Column("from_school", _("派出校"), width=24),
        Column("to_school", _("接收校"), width=24),
        Column("group", _("教育集团"), width=24),
        Column("valid_from", _("起始日期")),
        Column("valid_to", _("最后一日")),
        Column("subject", _("任教学科"), choices=Subject.choices),
        Column("workload", _("工作量占比（%）")),
        Column("state", _("状态"), choices=RotationState.choices),
        Column("document", _("备案文号"), width=22),
    ),
)


def rotation_line(row: Rotation) -> list[Any]:
    """A row of the list of rotations."""
    return [
        row.staff.staff_no, row.staff.person.name, str(row.from_school), str(row.to_school), str(row.group or ""),
        row.valid_from, last(row.valid_to), row.subject, row.workload, row.state, row.document,
    ]  # fmt: skip
