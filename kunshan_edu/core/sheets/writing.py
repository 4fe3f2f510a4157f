"""Spreadsheets out: an empty template, the wrong rows with their reasons, any list; text is never a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kunshan_edu.core import clock
from kunshan_edu.core.sheets.declarations import Column, Fault, Sheet
from kunshan_edu.core.sheets.kinds import DAY_FORMAT, EXACT, TEXT_FORMAT, key, spoken
from kunshan_edu.core.sheets.reading import EXAMPLE, REASON, Reading
from kunshan_edu.core.sheets.workbooks import letters_of
from kunshan_edu.core.templatetags.kg import say

# A cell that begins so is run as a formula by programs that read text; it is stored as text and marked as text.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MOST_TEXT = 32_767  # characters of a cell
MOST_WIDTH, MOST_TITLE = 60, 31
HEADER_LINE = 2
HEAD = PatternFill("solid", fgColor="E6EFF6")
GREY = Font(italic=True, color="7D7868")
EDGE = Border(bottom=Side(style="thin", color="7D7868"))


def safe_text(value: Any) -> str:
    """A text as a cell may hold it: without controls that XML forbids, of the length that a cell has."""
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:MOST_TEXT]


def plain_value(value: Any, words: dict[Any, str]) -> Any:
    """A value as people read it: a choice in its words, 是 or 否, dates and numbers as what they are."""
    if words and value in words:
        return words[value]
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if value is None or isinstance(value, str | float):
        return value
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(clock.SHANGHAI).replace(tzinfo=None)
    if isinstance(value, int | Decimal):
        return value if -EXACT < value < EXACT else str(value)
    return value if isinstance(value, dt.date) else str(value)


class Page:
    """One worksheet, written row by row and never held whole."""

    def __init__(self, book: Workbook, title: str, widths: Iterable[int], *, freeze: int = 0) -> None:
        name = "".join(" " if char in "[]:*?/\\" else char for char in title)[:MOST_TITLE].strip("' ")
        self.sheet = book.create_sheet(name or "1")
        for place, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[letters_of(place)].width = min(width, MOST_WIDTH)
        if freeze:
            self.sheet.freeze_panes = f"A{freeze + 1}"

    def line(self, values: Iterable[Any], **style: Any) -> None:
        """Append a row; style: font, fill, alignment, border of all its cells."""
        if style:
            self.sheet.append([self._cell(value, style) for value in values])
        else:
            self.sheet.append([self._bare(value) for value in values])

    def _bare(self, value: Any) -> Any:
        """As it is when the program cannot take it for anything else: most cells need no style."""
        if isinstance(value, str):
            kept = safe_text(value)
            return self._cell(kept, {}) if kept[:1] in {"#", *DANGEROUS} else kept
        return self._cell(value, {}) if isinstance(value, dt.date) else value

    def _cell(self, value: Any, style: dict[str, Any]) -> WriteOnlyCell:
        text = isinstance(value, str)
        cell = WriteOnlyCell(self.sheet, value=safe_text(value) if text else value)
        if text:
            cell.data_type = "s"
            if cell.value[:1] in DANGEROUS:
                cell.number_format, cell.quotePrefix = TEXT_FORMAT, True
        elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            cell.number_format = DAY_FORMAT
        for name, part in style.items():
            setattr(cell, name, part)
        return cell

    def head(self, labels: Iterable[str]) -> None:
        """The header row: bold, on a ground of its own."""
        middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.line(labels, font=Font(bold=True), fill=HEAD, border=EDGE, alignment=middle)

    def name(self, title: Any) -> None:
        self.line([str(title)], font=Font(bold=True, size=14))


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# The template


def header_of(column: Column) -> str:
    """The header as the template has it; a star for what must be filled in."""
    return f"{column.label}*" if column.required else str(column.label)


def template(sheet: Sheet, by: Any = None) -> bytes:
    """An empty xlsx to fill in: header, drop-downs of what this person may choose, an example, instructions."""
    book = Workbook(write_only=True)
    page = Page(book, str(sheet.title), [column.width for column in sheet.columns], freeze=HEADER_LINE)
    for place, column in enumerate(sheet.columns, start=1):
        page.sheet.column_dimensions[letters_of(place)].number_format = column.format
    pairs = {column.name: column.pairs(by) for column in sheet.columns if column.choices is not None}
    _drop_downs(page.sheet, sheet, pairs)
    page.name(sheet.title)
    page.head(header_of(column) for column in sheet.columns)
    page.line(_example(sheet, pairs), font=GREY)
    _instructions(book, sheet, pairs)
    _options(book, sheet, pairs)
    return _saved(book)


def _example(sheet: Sheet, pairs: dict[str, Any]) -> list[str]:
    first, *others = [_example_cell(column, pairs) for column in sheet.columns]
    return [f"{EXAMPLE}{first}", *others]


def _example_cell(column: Column, pairs: dict[str, Any]) -> str:
    if not column.example and pairs.get(column.name):
        return str(pairs[column.name][0][1])
    return str(column.example)


def _drop_downs(page: Worksheet, sheet: Sheet, pairs: dict[str, Any]) -> None:
    """A list to choose from in each column with choices; it stands on the hidden worksheet."""
    first, last = HEADER_LINE + 1, HEADER_LINE + 1 + sheet.most
    for place, name in enumerate(pairs, start=1):
        if not pairs[name]:
            continue
        letter = letters_of(place)
        source = f"'{gettext('选项')}'!${letter}$1:${letter}${len(pairs[name])}"
        menu = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        menu.errorTitle, menu.error = str(sheet.column(name).label), gettext("请从下拉列表中选择。")
        column = letters_of([each.name for each in sheet.columns].index(name) + 1)
        menu.add(f"{column}{first}:{column}{last}")
        page.data_validations.append(menu)


def _options(book: Workbook, sheet: Sheet, pairs: dict[str, Any]) -> None:
    page = Page(book, gettext("选项"), [sheet.column(name).width for name in pairs])
    page.sheet.sheet_state = "hidden"
    lists = [[str(label) for _value, label in each] for each in pairs.values()]
    for line in range(max(map(len, lists), default=0)):
        page.line(words[line] if line < len(words) else None for words in lists)


def _instructions(book: Workbook, sheet: Sheet, pairs: dict[str, Any]) -> None:
    page = Page(book, gettext("填表说明"), [18, 8, 26, 44, 24], freeze=HEADER_LINE)
    page.name(gettext("填表说明"))
    page.head((gettext("列"), gettext("必填"), gettext("格式"), gettext("说明"), gettext("示例")))
    wrap = Alignment(vertical="top", wrap_text=True)
    for column in sheet.columns:
        required = gettext("是") if column.required else gettext("否")
        line = [str(column.label), required, str(column.how), str(column.hint), _example_cell(column, pairs)]
        page.line(line, alignment=wrap)
    for sentence in (
        _filled(gettext("一次最多 %(most)s 行；不要合并单元格，不要用公式。"), most=sheet.most),
        _filled(gettext("以“%(example)s”开头的示例行不会导入，可以保留。"), example=EXAMPLE),
    ):
        page.line([sentence])


def _filled(words: str, **params: Any) -> str:
    return words % params


# The wrong rows, and any list


def bad_rows(reading: Reading) -> bytes:
    """The rows with faults, with every column that the file had and one more that says why, to mend and send again."""
    book = Workbook(write_only=True)
    header = [safe_text("" if cell is None else cell) for cell in reading.header.cells]
    kept = [place for place, cell in enumerate(header) if key(cell) not in spoken(REASON)]
    widths = {place: column.width for place, column in reading.header.found}
    page = Page(book, str(reading.sheet.title), [*(widths.get(place, 14) for place in kept), 60], freeze=1)
    page.head([*(header[place] for place in kept), str(REASON)])
    labels = {column.name: str(column.label) for column in reading.sheet.columns}
    for line, faults in reading.bad.items():
        cells = reading.raw(line)
        told = "\n".join(_told(fault, labels.get(fault.column, "")) for fault in faults)
        page.line([*(cells[place] if place < len(cells) else None for place in kept), told])
    return _saved(book)


def _told(fault: Fault, label: str) -> str:
    """「身份证号」：校验码不符，请逐位核对。"""
    sentence = say(fault.denial)
    return (
        _filled(gettext("「%(column)s」：%(sentence)s"), column=label, sentence=sentence)
        if label
        else sentence
    )


def export(sheet: Sheet, rows: Iterable[Sequence[Any]], *, by: Any, note: str = "", unit: str = "") -> bytes:
    """Any list as xlsx: title, who made it when and for which unit, header, rows in the order of the columns.

    20,000 rows in some two seconds. What it writes can be brought in again: nothing stands below the rows.
    """
    rows = rows if isinstance(rows, list) else list(rows)
    book = Workbook(write_only=True)
    page = Page(book, str(sheet.title), [column.width for column in sheet.columns], freeze=3)
    page.name(sheet.title)
    page.line([_origin(len(rows), by, note, unit)], font=GREY)
    page.head(str(column.label) for column in sheet.columns)
    words = [{code: str(label) for code, label in column.pairs(by)} for column in sheet.columns]
    for row in rows:
        page.line([plain_value(value, known) for value, known in zip(row, words, strict=True)])
    return _saved(book)


def _origin(count: int, by: Any, note: str, unit: str) -> str:
    now = clock.now().astimezone(clock.SHANGHAI)
    parts = [
        _filled(gettext("单位：%(unit)s"), unit=unit) if unit else "",
        _filled(gettext("制表时间：%(at)s"), at=f"{now:%Y-%m-%d %H:%M}"),
        _filled(gettext("操作人：%(name)s"), name=by) if by else "",
        _filled(gettext("共 %(n)s 条"), n=count),
        str(note),
    ]
    return "　".join(part for part in parts if part)
