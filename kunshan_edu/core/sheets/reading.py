"""A file against its sheet: where the header stands, every cell by its kind, and all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from kunshan_edu.core.denials import INVALID, Denial, Denied, _
from kunshan_edu.core.sheets.declarations import Column, Fault, Row, Sheet
from kunshan_edu.core.sheets.kinds import is_empty, key, spoken
from kunshan_edu.core.sheets.opening import Place, Table, tables
from kunshan_edu.core.sheets.workbooks import cell_name, letters_of

# The first cell of the template's example row begins so, and the row is not read.
EXAMPLE = "【示例】"
# The header of the column that is added to the rows given back; it is no unknown column when they come again.
REASON = gettext_lazy("原因")
HEADER_WITHIN = 30  # lines: above the header there may be a title and notes
BATCH = 1000

Reader = tuple[int, Column, Callable[[Any], Any]]


def _refusal(name: str, sentence: str, **params: Any) -> Denied:
    return Denied(Denial(f"sheet_{name}", sentence, status=INVALID, params=params))


EMPTY_CELL = Denial("cell_empty", _("不能为空，请填写。"), status=INVALID)


class Header:
    """Where the header of a sheet stands in a table: its line, and the place of each column that was found."""

    def __init__(self, sheet: Sheet, table: Table) -> None:
        self.table, self.least = table, min(2, len(sheet.columns))
        wanted = {name: column for column in sheet.columns for name in _names(column)}
        best: list[tuple[int, Column]] = []
        self.line = 0
        for line, cells in enumerate(table.rows[:HEADER_WITHIN], start=1):
            found = [(place, column) for place, cell in enumerate(cells) if (column := wanted.get(key(cell)))]
            if len({column.name for _place, column in found}) > len({c.name for _place, c in best}):
                best, self.line = found, line
        self.found = best

    @property
    def enough(self) -> bool:
        """A single word that happens to be a column's name is no header."""
        return len(self.found) >= self.least

    @property
    def cells(self) -> list[Any]:
        return self.table.rows[self.line - 1] if self.line else []

    def missing(self, sheet: Sheet) -> list[Column]:
        there = {column.name for _place, column in self.found}
        return [column for column in sheet.columns if column.required and column.name not in there]

    def double(self) -> Column | None:
        """A column that stands twice in the file."""
        seen: set[str] = set()
        for _place, column in self.found:
            if column.name in seen:
                return column
            seen.add(column.name)
        return None

    def ignored(self) -> list[str]:
        """The headers of columns that the sheet does not know."""
        known = {place for place, _column in self.found}
        reasons = spoken(REASON)
        cells = [cell for place, cell in enumerate(self.cells) if place not in known]
        return [str(cell).strip() for cell in cells if not is_empty(cell) and key(cell) not in reasons]


def _names(column: Column) -> set[str]:
    return spoken(column.label) | {key(name) for name in (column.name, *column.also)}


def _labels(columns: list[Column]) -> str:
    return "、".join(str(column.label) for column in columns)


class Reading:
    """One file as one sheet. Opening it refuses what cannot be read at all; then `parse`, then `check`."""

    def __init__(self, sheet: Sheet, content: bytes, by: Any) -> None:
        self.sheet, self.by = sheet, by
        self.header = _header(sheet, content)
        self.table = self.header.table
        self.places = [place for place, _column in self.header.found]
        self.lines = [
            line
            for line, cells in enumerate(self.table.rows[self.header.line :], start=self.header.line + 1)
            if self._is_data(cells)
        ]
        self.rows: list[Row] = []
        self.faults: list[Fault] = []
        self._refuse()

    def _is_data(self, cells: list[Any]) -> bool:
        width = len(cells)
        if all(is_empty(cells[place]) for place in self.places if place < width):
            return False
        return not any(isinstance(cell, str) and cell.startswith(EXAMPLE) for cell in cells)

    def _refuse(self) -> None:
        """What spoils a file as a whole; checked before any cell is read."""
        if not self.lines:
            raise _refusal("no_rows", _("表头下面没有数据；请填好后再上传。"))
        if len(self.lines) > self.sheet.most:
            sentence = _("共 %(now)s 行，一次最多 %(most)s 行；请拆成几个文件分次上传。")
            raise _refusal("too_many_rows", sentence, now=len(self.lines), most=self.sheet.most)
        self._refuse_merged()
        self._refuse_places(
            self.table.formulas,
            "formula",
            _("%(cell)s 单元格等 %(n)s 处是公式；请全选后复制，选择性粘贴为“数值”，再上传。"),
        )
        self._refuse_places(
            self.table.errors,
            "error_value",
            _("%(cell)s 单元格等 %(n)s 处是错误值（如 #N/A）；请改正或清空后再上传。"),
        )

    def _refuse_places(self, places: list[Place], name: str, sentence: str) -> None:
        data, known = set(self.lines), set(self.places)
        found = [place for place in places if place[0] in data and place[1] - 1 in known]
        if found:
            raise _refusal(name, sentence, cell=cell_name(*found[0]), n=len(found))

    def _refuse_merged(self) -> None:
        for (top, left), (bottom, right) in self.table.merged:
            if bottom > self.header.line and any(left - 1 <= place < right for place in self.places):
                sentence = _("%(cells)s 是合并单元格；请取消合并，每行都填上内容，再上传。")
                cells = f"{cell_name(top, left)}:{letters_of(right)}{bottom}"
                raise _refusal("merged", sentence, cells=cells)

    def raw(self, line: int) -> list[Any]:
        """The cells of a line as they stand in the file."""
        return self.table.rows[line - 1]

    def parse(self) -> Iterator[int]:
        """Read every cell by its kind; yields how many rows were read since last time."""
        readers = [(place, column, column.kind_for(self.by).read) for place, column in self.header.found]
        absent = {column.name: None for column in self.sheet.columns}
        for start in range(0, len(self.lines), BATCH):
            lines = self.lines[start : start + BATCH]
            for line in lines:
                self.rows.append(self._row(line, readers, dict(absent)))
            yield len(lines)
        self._refuse_doubles()

    def _row(self, line: int, readers: list[Reader], values: dict[str, Any]) -> Row:
        cells = self.raw(line)
        width = len(cells)
        for place, column, read in readers:
            cell = cells[place] if place < width else None
            if cell is None or cell == "" or is_empty(cell):
                if column.required:
                    self.faults.append(Fault(line, column.name, EMPTY_CELL))
                continue
            try:
                values[column.name] = read(cell)
            except Denied as refusal:
                self.faults.append(Fault(line, column.name, refusal.denial))
        return Row(line, values)

    def _refuse_doubles(self) -> None:
        for names in self.sheet.unique:
            first: dict[tuple[Any, ...], int] = {}
            for row in self.rows:
                values = tuple(row.values[name] for name in names)
                if None not in values and first.setdefault(values, row.line) != row.line:
                    self.faults.append(Fault(row.line, names[0], _double(first[values])))

    def check(self) -> None:
        """Ask the sheet about the rows without a wrong cell: what needs the database, all rows at once."""
        self.faults += self.sheet.check(self.good, self.by)
        order = {column.name: place for place, column in enumerate(self.sheet.columns, start=1)}
        self.faults.sort(key=lambda fault: (fault.line, order.get(fault.column, 0)))

    @property
    def good(self) -> list[Row]:
        wrong = {fault.line for fault in self.faults}
        return [row for row in self.rows if row.line not in wrong]

    @property
    def bad(self) -> dict[int, list[Fault]]:
        """The faults of each wrong row, by its line."""
        found: dict[int, list[Fault]] = {}
        for fault in self.faults:
            found.setdefault(fault.line, []).append(fault)
        return found


def _double(line: int) -> Denial:
    sentence = _("与第 %(line)s 行重复，请只保留一行。")
    return Denial("row_double", sentence, status=INVALID, params={"line": line})


def _header(sheet: Sheet, content: bytes) -> Header:
    """The header that has most of the sheet's columns, on whichever visible worksheet it stands."""
    headers = [Header(sheet, table) for table in tables(content)]
    best = max(headers, key=lambda header: len(header.found), default=None)
    if best is None or not best.enough:
        raise _refusal(
            "no_header", _("没有找到表头；请下载模板，把数据填在模板里再上传。应有的列：%(columns)s。"),
            columns=_labels([column for column in sheet.columns if column.required] or list(sheet.columns)),
        )  # fmt: skip
    if missing := best.missing(sheet):
        raise _refusal(
            "no_column", _("缺少列：%(columns)s；请对照模板补上再上传。"), columns=_labels(missing)
        )
    if double := best.double():
        raise _refusal(
            "double_column", _("“%(column)s”列出现了两次；请只保留一列再上传。"), column=str(double.label)
        )
    return best
