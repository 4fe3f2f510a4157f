"""Files that are meant to be spreadsheets: every encoding, and whatever cannot be read, each in one sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kunshan_edu.core.denials import Denied
from kunshan_edu.core.sheets import Sheet
from kunshan_edu.core.sheets.opening import decoded, fault_of, tables
from kunshan_edu.core.sheets.reading import EXAMPLE
from tests.core.account_sheet import ACCOUNTS, GOOD, HEAD, as_csv, book, read, refusal, saved, told

NO_HEADER = "没有找到表头；请下载模板，把数据填在模板里再上传。应有的列：工号、姓名。"


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_simply_works(encoding: str, delimiter: str) -> None:
    content = as_csv(
        HEAD,
        ["A00001", "张，三", "2024/9/1", "中文", "12", "1.5", "是"],
        encoding=encoding,
        delimiter=delimiter,
    )
    reading = read(content)
    assert reading.faults == []
    assert reading.good[0]["name"] == "张，三"


def test_a_csv_that_holds_on_to_its_zeros() -> None:
    assert read(as_csv(HEAD, ['="000001"', "张三"])).good[0]["number"] == "000001"


def test_lines_of_a_csv_are_counted_as_a_spreadsheet_shows_them() -> None:
    assert told(as_csv(HEAD, ["A00001", "两\n行"], [], ["A2", "李四"])) == [
        "2 姓名：含有换行或看不见的字符，请删去该单元格后重新手工输入。",
        "4 工号：工号应为 6 位，请核对。",
    ]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b" \r\n ", "文件是空的"),
        (OLE + b"\0" * 600, "这是旧的 xls（或 et）格式"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "文件设了打开密码"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "这其实是网页"),
        (b"\xef\xbb\xbf\r\n<table>", "这其实是网页"),
        (b"\xff\xfe\x00\x01\x02" * 40, "看不懂这个文件的文字编码"),
        (b"a,b\n\x00\x01,c\n", "看不懂这个文件的文字编码"),
        (book(HEAD, GOOD)[:-400], "文件已损坏"),
        (b"PK\x03\x04" + b"x" * 500, "文件已损坏"),
        (b"%PDF-1.7 no sheet", "没有找到表头"),
        (as_csv(["a" * 40_000, "b"]), "文件展开后过大"),
    ],
)
def test_what_is_no_readable_sheet_is_said_in_a_sentence(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_another_zip_is_no_workbook() -> None:
    assert "这不是 xlsx 表格" in refusal(zipped(**{"word/document.xml": b"<x/>"}))


def test_every_damaged_byte_is_a_sentence_or_no_damage() -> None:
    whole = book(HEAD, GOOD)
    for place in range(0, len(whole), 37):
        content = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            read(content)
        except Denied as refused:
            assert str(refused.denial).endswith("。")


def repacked(content: bytes, name: str, change: Any) -> bytes:
    """The archive with one member changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    return zipped(**{**members, name: change(members[name])})


def test_a_bomb_is_refused_before_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kunshan_edu.core.sheets.workbooks.MOST_BYTES", 3_000_000)
    large = repacked(book(HEAD, GOOD), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 4_000_000)
    assert "文件展开后过大" in refusal(large)


def test_a_bomb_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kunshan_edu.core.sheets.workbooks.MOST_BYTES", 3_000_000)
    large = repacked(book(HEAD, GOOD), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 4_000_000)
    with zipfile.ZipFile(io.BytesIO(large)) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = large.replace(struct.pack("<L", true), struct.pack("<L", 1000))
    assert lying != large
    assert "文件展开后过大" in refusal(lying)


def test_a_tag_without_an_end_is_a_broken_file() -> None:
    broken = repacked(
        book(HEAD, GOOD), "xl/worksheets/sheet1.xml", lambda xml: xml + b"<c " + b"x" * 3_000_000
    )
    assert "文件已损坏" in refusal(broken)


def test_one_stray_cell_far_away_is_named() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(HEAD, GOOD)))
    made["数据"]["XFD1048576"] = "x"
    assert "XFD1048576" in refusal(saved(made))


def test_far_cells_that_are_only_formatted_do_no_harm() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(HEAD, GOOD)))
    made["数据"]["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    made["数据"].row_dimensions[1_000_000].height = 30
    assert len(read(saved(made)).good) == 1


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["随便", "什么"], ["A00001", "张三"]], NO_HEADER),
        ([["工号", "入职日期"], ["A00001", "2024-09-01"]], "缺少列：姓名；请对照模板补上再上传。"),
        ([["工号", "姓名", "工 号"], ["A00001", "张三"]], "“工号”列出现了两次；请只保留一列再上传。"),
        ([HEAD, [], []], "表头下面没有数据；请填好后再上传。"),
        ([HEAD, [f"{EXAMPLE}A00001", "张三"]], "表头下面没有数据；请填好后再上传。"),
        ([HEAD, GOOD, ["A00002", "=1+1"]], "B3 单元格等 1 处是公式；请全选后复制，选择性粘贴为“数值”，再上传。"),
        ([HEAD, GOOD, ["A00002", "李四", None, None, "#N/A"]],
         "E3 单元格等 1 处是错误值（如 #N/A）；请改正或清空后再上传。"),
    ],
)  # fmt: skip
def test_what_spoils_the_whole_file_is_one_sentence(rows: list[list[Any]], sentence: str) -> None:
    assert refusal(book(*rows)) == sentence


def test_a_formula_in_a_csv_is_named() -> None:
    assert refusal(as_csv(HEAD, ["A00001", "=HYPERLINK(1)"])).startswith("B2 单元格等 1 处是公式")


def test_formulas_outside_the_data_do_no_harm() -> None:
    assert len(read(book(["=1+1"], [*HEAD, "备注"], [*GOOD, "=1+1"])).good) == 1


def test_merged_cells_inside_the_data_are_named_and_others_left_alone() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(["标题"], [*HEAD, "备注"], GOOD, ["A00002", "李四"])))
    made.active.merge_cells("A1:G1")
    made.active.merge_cells("H3:H4")
    assert len(read(saved(made)).good) == 2
    made.active.merge_cells("D3:D4")
    assert refusal(saved(made)) == "D3:D4 是合并单元格；请取消合并，每行都填上内容，再上传。"


def test_too_many_rows_are_counted() -> None:
    small = Sheet("tests.small", "名单", ACCOUNTS.columns, most=2)
    rows = [[f"A0000{n}", "张三"] for n in range(3)]
    assert refusal(book(HEAD, *rows), small) == "共 3 行，一次最多 2 行；请拆成几个文件分次上传。"
    assert len(read(book(HEAD, *rows[:2]), small).good) == 2


cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"]), max_size=12)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(cells, cells), min_size=1, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.sampled_from([",", "\t", ";"]),
)
def test_a_csv_gives_back_its_cells(rows: list[tuple[str, str]], encoding: str, delimiter: str) -> None:
    content = as_csv(["甲", "乙"], *map(list, rows), encoding=encoding, delimiter=delimiter)
    assume(
        decoded(content) == content.decode(encoding)
    )  # some odd pairs of letters are sound in both encodings
    (table,) = tables(content)
    assert [tuple(row) for row in table.rows[1:]] == [tuple(_unheld(cell) for cell in row) for row in rows]


def _unheld(cell: str) -> str:
    return (
        cell[2:-1]
        if len(cell) > 2 and cell.startswith('="') and cell.endswith('"') and cell.count('"') == 2
        else cell
    )


@pytest.mark.parametrize(
    "head", [b"a,b\n", "工号,姓名".encode("gbk"), book(HEAD)[:100]], ids=["utf-8", "gbk", "xlsx"]
)
def test_nothing_is_said_against_a_sound_beginning(head: bytes) -> None:
    assert fault_of(head) is None
