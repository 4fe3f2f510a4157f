"""From a file to its cells: what it is by its content, xlsx or csv in whatever encoding, or why it is neither."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kunshan_edu.core.denials import INVALID, Denial, Denied, _
from kunshan_edu.core.sheets.workbooks import BROKEN, TOO_LARGE, Traces, inspected

Place = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """The cells of one worksheet from A1 on; places of formulas, error values and merged ranges count from 1."""

    rows: list[list[Any]]
    formulas: list[Place] = field(default_factory=list)
    errors: list[Place] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# The content tells the encoding: UTF-8, with a byte order mark or without, if it is that without a fault; else GB18030.
ENCODINGS = ("utf-8-sig", "gb18030")
# What no text has: controls other than tab and line ends.
BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
DELIMITERS = ",\t;"
MOST_CSV_CELL = 32_767  # as a cell of a spreadsheet program
HELD = re.compile(r'="([^"]*)"')  # how programs hold on to leading zeros in csv: ="0012"


def _refusal(name: str, sentence: str) -> Denial:
    return Denial(f"sheet_{name}", sentence, status=INVALID)


OLD_FORMAT = _refusal("old_format", _("这是旧的 xls（或 et）格式；请用表格软件打开后另存为 xlsx 再上传。"))
PROTECTED = _refusal("protected", _("文件设了打开密码；请取消密码后保存，再上传。"))
WEB_PAGE = _refusal("web_page", _("这其实是网页，只是改了扩展名；请用表格软件打开后另存为 xlsx 再上传。"))
UNREADABLE = _refusal("unreadable", _("看不懂这个文件的文字编码；请用表格软件打开后另存为 xlsx 再上传。"))
EMPTY = _refusal("empty", _("文件是空的；请填好后再上传。"))


def fault_of(head: bytes) -> Denial | None:
    """What can be said against a file by its content alone, before it is kept. head: the whole of it, or its start."""
    if not head.strip():
        return EMPTY
    if head.startswith(OLE):
        return PROTECTED if ENCRYPTED_PACKAGE in head else OLD_FORMAT
    if not head.startswith(ZIP) and head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return WEB_PAGE
    return None


def tables(content: bytes) -> Iterator[Table]:
    """The visible worksheets of a file, or the one table of a csv file. Denied with a sentence for all else."""
    fault = fault_of(content)
    if fault:
        raise Denied(fault)
    if content.startswith(ZIP):
        yield from _worksheets(content)
    else:
        yield _csv_table(decoded(content))


def _worksheets(content: bytes) -> Iterator[Table]:
    traces = inspected(content)
    with _opened(content) as book:
        for place, sheet in enumerate(book.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                yield _worksheet(book, sheet, traces[place] if place < len(traces) else Traces())


def _opened(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise Denied(BROKEN) from error


def _worksheet(book: CalamineWorkbook, sheet: SheetMetadata, traces: Traces) -> Table:
    try:
        found: CalamineSheet = book.get_sheet_by_name(sheet.name)
        rows = found.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Denied(BROKEN) from error
    merged = [
        ((top + 1, left + 1), (bottom + 1, right + 1))
        for (top, left), (bottom, right) in found.merged_cell_ranges or ()
    ]
    return Table(rows, traces.formulas, traces.errors, merged)


def decoded(content: bytes) -> str:
    """The text of a csv file; Denied when it is not text in UTF-8 or GB18030."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if BINARY.search(text):
            break
        return text
    raise Denied(UNREADABLE)


def _csv_table(text: str) -> Table:
    rows: list[list[Any]] = []
    formulas = []
    for line, cells in enumerate(_records(text), start=1):
        for place, cell in enumerate(cells, start=1):
            if cell[:1] == "=":
                held = HELD.fullmatch(cell)
                if held:
                    cells[place - 1] = held[1]
                else:
                    formulas.append((line, place))
        rows.append(cells)
    return Table(rows, formulas)


def _records(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(MOST_CSV_CELL)
    first = next((line for line in text.splitlines() if line.strip(f"{DELIMITERS} ")), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        yield from csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    except csv.Error as error:
        raise Denied(TOO_LARGE) from error
