"""The way of an upload: kept, read and checked by a job, shown; then its good rows written by another, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from kunshan_edu.core import clock, files, jobs
from kunshan_edu.core.changes import changing, locked
from kunshan_edu.core.denials import INVALID, Denial, Denied, _, demand
from kunshan_edu.core.jobs import Work, job
from kunshan_edu.core.models import ImportState, SheetImport, StoredFile
from kunshan_edu.core.sheets.declarations import Sheet
from kunshan_edu.core.sheets.reading import Reading
from kunshan_edu.core.sheets.writing import bad_rows

MOST_FAULTS = 100  # kept for the page; the file of wrong rows has all of them
UNREAD = _("上传的表格不能导入，请打开页面查看原因。")
CHECKED = _("表格已核对：%(good)s 行可以导入，%(bad)s 行有误。打开页面继续。")
DONE = _("已导入 %(imported)s 行。")
DONE_IN_PART = _("已导入 %(imported)s 行，%(bad)s 行有误没有导入，请下载改正后只上传这些行。")

ALREADY = Denial("sheet_already_imported", _("该表格已经导入，不会重复写入。"))
BUSY = Denial("sheet_busy", _("该表格正在处理，请等待完成。"))
NOT_CHECKED = Denial("sheet_not_checked", _("该表格没有通过核对，请改正后重新上传。"))
NOTHING_GOOD = Denial(
    "sheet_nothing_good", _("没有可以导入的行，请下载有误的行，改正后重新上传。"), status=INVALID
)


def cannot_bring_in(row: SheetImport) -> Denial | None:
    """Why the good rows of an upload cannot be written now."""
    if row.state == ImportState.IMPORTED:
        return ALREADY
    if row.stored.is_over:
        return files.OVER
    if row.is_busy:
        return BUSY
    if row.state != ImportState.CHECKED:
        return NOT_CHECKED
    return None if row.good else NOTHING_GOOD


@transaction.atomic
def upload(file: Any, sheet: Sheet, *, by: Any) -> SheetImport:
    """上传: keep the file and have it checked."""
    demand(sheet.cannot(by))
    stored = files.keep(file, by=by, kinds=files.SHEETS, days=settings.SHEET_FILES_DAYS)
    row = SheetImport.objects.create(sheet=sheet.name, stored=stored, by=by)
    return _set_to_work(row, "core.check_sheet")


@transaction.atomic
def bring_in(row: SheetImport, *, by: Any) -> SheetImport:
    """导入: have the good rows written."""
    row = locked(row)
    demand(row.declared.cannot(by))
    demand(cannot_bring_in(row))
    return _set_to_work(row, "core.import_sheet")


def _set_to_work(row: SheetImport, name: str) -> SheetImport:
    row.job = jobs.start(name, by=row.by, page=row.get_absolute_url(), pk=row.pk)
    row.save(update_fields=["job"])
    return row


@job("core.check_sheet")
def check_sheet(*, by: Any, pk: int) -> Work:
    """核对表格: read every cell and ask the database; nothing is written but what was found."""
    row = SheetImport.objects.get(pk=pk)
    if row.state == ImportState.IMPORTED:
        yield 0
        return _ending(row)
    try:
        reading = _reading(row, by)
        yield len(reading.lines)
        yield from reading.parse()
        reading.check()
    except Denied as refusal:
        failure = {"message": refusal.denial.message, "params": dict(refusal.denial.params)}
        _remember(row, state=ImportState.FAILED, failure=failure)
        return UNREAD
    _remember(row, **_found(reading), bad_file=_bad_file(reading, row))
    return CHECKED, {"good": len(reading.good), "bad": len(reading.bad)}


@job("core.import_sheet")
def import_sheet(*, by: Any, pk: int) -> Work:
    """导入表格: read and check again, since time has passed, and write what is good now, in one transaction."""
    row = SheetImport.objects.get(pk=pk)
    if row.state == ImportState.IMPORTED:
        yield 0
        return _ending(row)
    reading = _reading(row, by)
    for _n in reading.parse():
        pass
    reading.check()
    good, found = reading.good, _found(reading)
    if any(getattr(row, name) != value for name, value in found.items()):
        _remember(row, **found, bad_file=_bad_file(reading, row))
    yield len(good)
    with changing(row, row.declared.verb, by=by) as fresh:
        if fresh.state != ImportState.IMPORTED:
            yield from row.declared.write(good, by)
            fresh.state, fresh.imported = ImportState.IMPORTED, len(good)
    return _ending(fresh)


def _ending(row: SheetImport) -> tuple[str, dict[str, Any]]:
    return (DONE_IN_PART if row.bad else DONE), {"imported": row.imported, "bad": row.bad}


def _reading(row: SheetImport, by: Any) -> Reading:
    """The file of an upload, opened as its sheet, if this person still may."""
    demand(row.declared.cannot(by))
    with files.opened(row.stored) as file:
        return Reading(row.declared, file.read(), by)


def _found(reading: Reading) -> dict[str, Any]:
    """What a dry run found, as columns of the import."""
    return {
        "state": ImportState.CHECKED,
        "good": len(reading.good),
        "bad": len(reading.bad),
        "faults": [
            {"line": fault.line, "column": fault.column, "message": fault.denial.message,
             "params": {name: str(value) for name, value in fault.denial.params.items()}}
            for fault in reading.faults[:MOST_FAULTS]
        ],
        "failure": {},
        "ignored": reading.header.ignored(),
    }  # fmt: skip


def _bad_file(reading: Reading, row: SheetImport) -> StoredFile | None:
    if not reading.bad:
        return None
    with translation.override(row.by.language):
        content = bad_rows(reading)
        name = translation.gettext("%(name)s（有误的行）.xlsx") % {"name": Path(row.stored.name).stem}
    days = settings.SHEET_FILES_DAYS
    return files.keep(ContentFile(content, name=name), by=row.by, kinds=(files.FileKind.XLSX,), days=days)


def forget() -> int:
    """What the dry runs quoted of files whose time is over; the counts stay. How many."""
    over = SheetImport.objects.filter(stored__kept_until__lte=clock.now(), bad_file__isnull=False)
    return over.update(faults=[], bad_file=None)


def _remember(row: SheetImport, **found: Any) -> None:
    """Store what a dry run found, unless the rows have been written in the meantime."""
    SheetImport.objects.filter(pk=row.pk).exclude(state=ImportState.IMPORTED).update(**found)
