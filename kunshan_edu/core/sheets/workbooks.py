"""What an xlsx file hides from its reader: its true size, formulas, error values, and how far its cells reach."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from kunshan_edu.core.denials import INVALID, Denial, Denied, _

# Unpacked, 50,000 rows of 40 columns are some 100 MB; what is larger is no list that anybody typed.
MOST_BYTES = 256 * 1024 * 1024
MOST_MEMBERS = 2000
# The reader lays out a rectangle around all filled cells: one stray cell far away would fill the memory.
MOST_CELLS = 5_000_000
CHUNK = 1 << 20
TOKEN = re.compile(
    rb"<(?:\w+:)?(?:"
    rb"(row)\b(?:[^>]*?\sr=[\"']([0-9]{1,7})[\"'])?"
    rb"|(c)\b(?:[^>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'])?"
    rb"|(f)[\s/>]"
    rb"|(v|is)[\s>])"
)
ERROR = re.compile(rb"<(?:\w+:)?c\b(?=[^>]*\st=[\"']e[\"'])[^>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
SHEET_ID = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\s\w+:id=[\"']([^\"']+)[\"']")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
BROKEN = Denial(
    "sheet_broken",
    _("文件已损坏或没有传完整，打不开；请用表格软件打开后另存为 xlsx 再上传。"),
    status=INVALID,
)
TOO_LARGE = Denial(
    "sheet_too_large", _("文件展开后过大，不像是填报的表格；请把数据复制到空白模板再上传。"), status=INVALID
)
TOO_FAR = Denial(
    "sheet_too_far",
    _("最远的内容写在了 %(cell)s 单元格，表格铺得太大；请删去数据以外的内容，或把数据复制到空白模板再上传。"),
    status=INVALID,
)
NOT_A_WORKBOOK = Denial(
    "sheet_not_a_workbook", _("这不是 xlsx 表格；请用表格软件打开后另存为 xlsx 再上传。"), status=INVALID
)
FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
)


@dataclass
class Traces:
    """What a worksheet's XML tells: (row, column) of formulas and of error values, counted from 1; its far corner."""

    formulas: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    row: int = 0
    column: int = 0

    def take(self, chunk: bytes) -> None:
        """Look at a piece of XML that ends between two tags."""
        if b'="e"' in chunk or b"='e'" in chunk:
            self.errors += [(int(m[2]), number_of(m[1])) for m in ERROR.finditer(chunk)]
        for match in TOKEN.finditer(chunk):
            self._step(match)

    def _step(self, match: re.Match[bytes]) -> None:
        what = match.lastindex  # of the groups above, the last that took part
        if what == 5:
            self.row, self.column = int(match[5]), number_of(match[4])
        elif what == 7:
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)
        elif what == 3:
            self.column += 1
        elif what == 6:
            self.formulas.append((self.row, self.column))
        else:
            self.row, self.column = int(match[2] or self.row + 1), 0


def number_of(letters: bytes) -> int:
    """A → 1, AB → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def letters_of(number: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """(17, 2) → B17."""
    return f"{letters_of(column)}{row}"


def inspected(content: bytes) -> list[Traces]:
    """Unpack a whole file once, piece by piece, and give what its worksheets tell, in the order of their tabs.

    Denied for a broken archive, one that unpacks to more than it says or to too much, or one without a workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_MEMBERS:
                raise Denied(TOO_LARGE)
            if "xl/workbook.xml" not in names:
                raise Denied(NOT_A_WORKBOOK)
            found = _traces(archive)
            return [found.get(name, Traces()) for name in _in_order(archive)]
    except FAILURES as error:
        raise Denied(BROKEN) from error


def _traces(archive: zipfile.ZipFile) -> dict[str, Traces]:
    found, left = {}, MOST_BYTES
    for member in archive.infolist():
        traces = Traces() if member.filename.startswith("xl/worksheets/") else None
        for chunk in _pieces(archive, member, left):
            left -= len(chunk)
            if traces is not None:
                traces.take(chunk)
        if traces is not None:
            found[member.filename] = _near(traces)
    return found


def _near(traces: Traces) -> Traces:
    if traces.last_row * traces.last_column > MOST_CELLS:
        raise Denied(
            Denial(TOO_FAR.code, TOO_FAR.message, status=INVALID,
                   params={"cell": cell_name(traces.last_row, traces.last_column)})
        )  # fmt: skip
    return traces


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The content of a member, cut between tags. Read to its real end, whatever length the archive declares."""
    member.file_size = most + 2 * CHUNK  # further than it will be read
    rest = b""
    with archive.open(member) as stream:
        for chunk in _chunks(stream):
            most -= len(chunk)
            if most < 0:
                raise Denied(TOO_LARGE)
            whole = rest + chunk
            end = whole.rfind(b"<")
            cut = end if end > whole.rfind(b">") else len(whole)
            yield whole[:cut]
            rest = whole[cut:]
            if len(rest) > CHUNK:  # a tag without an end
                raise Denied(BROKEN)
    yield rest


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _in_order(archive: zipfile.ZipFile) -> list[str]:
    """The members of the worksheets in the order of the tabs."""
    targets = {}
    for relation in RELATION.findall(_small(archive, "xl/_rels/workbook.xml.rels")):
        told = dict(re.findall(rb"\b(Id|Target)=[\"']([^\"']*)[\"']", relation))
        targets[told.get(b"Id")] = told.get(b"Target", b"").decode()
    ids = SHEET_ID.findall(_small(archive, "xl/workbook.xml"))
    return [_absolute(targets.get(each, "")) for each in ids]


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(CHUNK)


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
