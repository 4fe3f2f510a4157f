"""Staff, rotations and their sheets as the pages of `places` show them: every state, and a sheet with wrong rows."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.base import ContentFile
from django.test import override_settings

from kunshan_edu.core import jobs
from kunshan_edu.core.models import SheetImport
from kunshan_edu.core.sheets import Sheet, imports
from personnel.sheets import APPOINTMENTS, ATTENDANCE, ROTATIONS, STAFF
from tests.core.account_sheet import as_csv
from tests.personnel.staffing import DOCUMENT, filed, identity_number, on_staff, proposed, taken
from tests.world import fresh


def employed(world: Any) -> Any:
    return on_staff(world, world.school_a, title="senior", backbone_level="city", subject="chinese")


def teacher(world: Any) -> Any:
    """A member of staff with a past, who is rotated."""
    return filed(world, employed(world)).staff


def waiting(world: Any, steps: int = 0) -> Any:
    return taken(world, proposed(world, employed(world), world.school_b), steps)


def agreed_by_one(world: Any) -> Any:
    return waiting(world, 1)


def agreed_by_both(world: Any) -> Any:
    return waiting(world, 2)


def approved(world: Any) -> Any:
    return waiting(world, 3)


def lasting(world: Any) -> Any:
    return filed(world, employed(world))


def _checked(world: Any, sheet: Sheet, who: str, lines: list[list[Any]]) -> SheetImport:
    """A sheet of these rows after its dry run; what it kept of files is gone with the folder."""
    head = [str(column.label) for column in sheet.columns]
    content = ContentFile(as_csv(head[: len(lines[0])], *lines), name=f"{sheet.title}.csv")
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        row = imports.upload(content, sheet, by=fresh(world.users[who]))
        jobs.run(row.job_id)
    return SheetImport.objects.get(pk=row.pk)


def staff_import(world: Any) -> SheetImport:
    good = [["王小明", identity_number(n), "13900000000", f"DR{n}", "示例A小学", "", "", "", "2026-09-01", DOCUMENT]
            for n in range(5000, 5020)]  # fmt: skip
    bad = [[*good[0][:1], "320583199001010011", "12", "", "没有的学校", "", "", "", "昨天", "口头"]]
    return _checked(world, STAFF, "personnel", [*good, *bad])


def appointment_import(world: Any) -> SheetImport:
    line = ["示例teacher", "", "teacher", "经办人", "示例D小学", "任命", DOCUMENT, "2026-11-01"]
    return _checked(world, APPOINTMENTS, "personnel", [line, ["查无此人", "", "", *line[3:]]])


def rotation_import(world: Any) -> SheetImport:
    staff = employed(world)
    line = [staff.staff_no, "", "示例B小学", "2026-09-01", "2027-08-31"]
    return _checked(world, ROTATIONS, "office", [line, [staff.staff_no, "", "示例A小学", *line[3:]]])


def attendance_import(world: Any) -> SheetImport:
    row = employed(world)
    good = [row.staff_no, "", "2026-10-01", "20", "19", "1", "0", "0"]
    return _checked(world, ATTENDANCE, "principal_a", [good, ["XX", *good[1:]]])
