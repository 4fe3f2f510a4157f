"""Files in and out: spreadsheets to import with what became of them, lists as files, photographs, attachments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kunshan_edu.core import jobs
from kunshan_edu.core.models import SheetImport
from kunshan_edu.core.sheets import imports
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import FORM, PAGE, Deed, Scene, Thing, blank, maker, ways
from kunshan_edu.rights.proof.things.people import number
from kunshan_edu.rights.proof.things.personnel import DOCUMENT
from personnel import sheets

XLSX = b"PK\x03\x04"
ANYWHERE = Facts(anywhere=True)
# Sheet → the door that it is, who brings it in, and a good line of it.
CODES = {
    "staff": "staff.register",
    "rotation": "rotation.propose",
    "appointment": "appointment.propose",
    "attendance": "attendance.import",
}


def _lines(scene: Scene) -> dict[str, tuple[Any, str, list[Any]]]:
    day, later = (scene.today + dt.timedelta(days=n) for n in (30, 400))
    teacher = scene.of("staff")[0].row.staff_no
    month = (scene.today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    tutor = ["示例新人", number(29_000), "13900000000", "PX9000", "示例A小学", "", "", "", str(day), DOCUMENT]
    post = ["示例teacher", "", "teacher", "经办人", "示例D小学", "任命", DOCUMENT, str(day)]
    return {
        "staff": (sheets.STAFF, "personnel", tutor),
        "rotation": (sheets.ROTATIONS, "office", [teacher, "", "示例B小学", str(day), str(later)]),
        "appointment": (sheets.APPOINTMENTS, "personnel", post),
        "attendance": (
            sheets.ATTENDANCE,
            "principal_a",
            [teacher, "", str(month), "20", "19", "1", "0", "0"],
        ),
    }


def _file(sheet: Any, *lines: list[Any]) -> SimpleUploadedFile:
    head = [str(column.label) for column in sheet.columns][: len(lines[0])]
    content = developer("tests.core.account_sheet").as_csv(head, *lines)
    return SimpleUploadedFile(f"{sheet.title}.csv", content)


@maker("sheet_import")
def sheet_imports(scene: Scene) -> Iterator[Thing]:
    """Of each sheet an upload with a good and a bad row; the same once more, of somebody who has no right any more."""
    with mock.patch.object(jobs, "send"):  # no worker is at hand
        for name, (sheet, who, line) in _lines(scene).items():
            for word in (who, "teacher"):
                file = _file(sheet, line, [f"没有的{line[0]}", *line[1:4], "没有的", *line[5:]])
                row = imports.upload(file, sheet, by=scene.world.users[who])
                jobs.run(row.job_id)
                SheetImport.objects.filter(pk=row.pk).update(by=scene.world.users[word])
                yield _of_upload(scene, name, row, word)


def _of_upload(scene: Scene, name: str, row: Any, word: str) -> Thing:
    row = SheetImport.objects.select_related("bad_file", "stored").get(pk=row.pk)
    facts = Facts(anywhere=True, owner=scene.world.users[word].pk)
    return Thing("sheet_import", f"{name}，{word} 上传", row, facts, more={"sheet": name}, private=True)


@ways
def uploads(scene: Scene) -> Iterator[Deed]:
    """The form with its template, the upload, and of each upload the result, the bad rows, the import."""
    lines = _lines(scene)
    for name, code in CODES.items():
        sheet, _who, line = lines[name]
        route, thing = f"personnel:{name}_import", blank("sheet_import", f"导入 {name}", ANYWHERE)
        yield Deed(code, thing, PAGE, reverse(route), dict, "GET", b'type="file"')
        yield Deed(code, thing, PAGE, reverse(f"{route}_template"), dict, "GET", XLSX)
        yield Deed(code, thing, FORM, reverse(route), lambda s=sheet, cells=line: {"file": _file(s, cells)})
    for thing in scene.of("sheet_import"):
        name = thing.more["sheet"]
        route, code, args = f"personnel:{name}_import", CODES[name], [thing.pk]
        bad = reverse(f"{route}_bad", args=args)
        page = reverse(f"{route}_detail", args=args)
        yield Deed(code, thing, PAGE, page, dict, "GET", bad.encode())
        yield Deed(code, thing, PAGE, bad, dict, "GET", XLSX)
        yield Deed(code, thing, FORM, page)


@ways
def exports(_scene: Scene) -> Iterator[Deed]:
    """Lists as files: everybody may take with them what they see."""
    for name in ("staff", "rotation", "appointment"):
        path, thing = reverse(f"personnel:{name}_export"), blank("list", f"导出 {name}", ANYWHERE, own=True)
        yield Deed("list.export", thing, FORM, path, dict, "POST", XLSX)


@ways
def attachments(scene: Scene) -> Iterator[Deed]:
    """The photograph of a plaque and the document of a policy, by their first bytes."""
    for noun, name, mark in (
        ("plaque", "personnel:plaque_photo", b"\x89PNG"),
        ("policy", "groups:policy_attachment", b"%PDF-"),
    ):
        for thing in scene.of(noun):
            if thing.more.get("file"):
                path = reverse(name, args=[thing.pk])
                yield Deed(f"{noun}.see", thing, PAGE, path, dict, "GET", mark)
