"""Spreadsheets in and out: cells by their kind, files that cannot be read, text that is never a formula."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.utils.translation import gettext_lazy, override
from hypothesis import given, settings
from hypothesis import strategies as st

from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import JobState
from kunshan_edu.core.sheets import (
    Column,
    Sheet,
    code,
    day,
    decimal,
    export,
    integer,
    template,
    text,
    yes_no,
)
from kunshan_edu.core.sheets.kinds import choice
from kunshan_edu.core.sheets.reading import EXAMPLE
from kunshan_edu.core.sheets.workbooks import cell_name, letters_of, number_of
from kunshan_edu.core.sheets.writing import bad_rows
from tests.core.account_sheet import ACCOUNTS, GOOD, HEAD, MIDNIGHT, book, read, refusal, saved, told

# Cells


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2024, 9, 1), MIDNIGHT, "2024-09-01", "2024/9/1", "2024.9.1", "2024年9月1日", "20240901",
        20240901, 20240901.0, " ２０２４年 9 月 1 日 ", "2024-09-01 00:00:00", "2024-09-01T00:00:00",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: Any) -> None:
    assert day().read(cell) == dt.date(2024, 9, 1)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("2024-13-01", "没有“2024-13-01”这一天，请核对。"),
        ("2023年2月29日", "没有“2023年2月29日”这一天，请核对。"),
        ("24-9-1", "看不懂日期“24-9-1”，请写成 2024-09-01 的样子。"),
        ("2024年9/1", "看不懂日期“2024年9/1”，请写成 2024-09-01 的样子。"),
        ("2024-09-01 08:30", "看不懂日期“2024-09-01 08:30”，请写成 2024-09-01 的样子。"),
        (45536, "看不懂日期“45536”，请写成 2024-09-01 的样子。"),
        (True, "看不懂日期“True”，请写成 2024-09-01 的样子。"),
        (dt.time(8, 30), "看不懂日期“08:30:00”，请写成 2024-09-01 的样子。"),
        ("2204-09-01", "日期应在 1900-01-01 至 2100-12-31 之间，现为 2204-09-01，请核对年份。"),
    ],
)
def test_a_wrong_day_says_what_to_do(cell: Any, sentence: str) -> None:
    assert wrong(day().read, cell) == sentence


def wrong(reader: Any, cell: Any) -> str:
    with pytest.raises(Denied) as refused:
        reader(cell)
    return str(refused.value.denial)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (text(), "  张\u00a0三  ", "张 三"),
        (text(), "e\u0301", "é"),
        (text(), 13812345678.0, "13812345678"),
        (text(), 0.5, "0.5"),
        (code(), " ３２０５ 83x ", "320583X"),
        (code(upper=False), "aB", "aB"),
        (integer(), 12.0, 12),
        (integer(), "１,２００", 1200),
        (integer(), "12.0", 12),
        (integer(least=-5), "-5", -5),
        (decimal(), 0.1 + 0.2, Decimal("0.30")),
        (decimal(), "1,234.5", Decimal("1234.50")),
        (decimal(places=0), 3, Decimal(3)),
        (yes_no(), "是", True),
        (yes_no(), "×", False),
        (yes_no(), True, True),
        (yes_no(), 0.0, False),
        (yes_no(), "ＮＯ", False),
    ],
)
def test_a_cell_becomes_its_value(kind: Any, cell: Any, value: Any) -> None:
    found = kind.read(cell)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "cell", "sentence"),
    [
        (text(most=3), "一二三四", "最多 3 个字，现有 4 个，请缩短。"),
        (text(), "张\u202e三", "含有换行或看不见的字符，请删去该单元格后重新手工输入。"),
        (text(), "张\n三", "含有换行或看不见的字符，请删去该单元格后重新手工输入。"),
        (text(), "张\u200b三", "含有换行或看不见的字符，请删去该单元格后重新手工输入。"),
        (text(), "a\x00b", "含有换行或看不见的字符，请删去该单元格后重新手工输入。"),
        (
            code(),
            3.20583199001010012e17,
            "被表格软件存成了数字，末几位已经丢失，请把该列设为文本格式后重填。",
        ),
        (code(), dt.date(2024, 2, 3), "被表格软件改成了日期或时间，请把该列设为文本格式后重填。"),
        (integer(), 12.5, "应为整数，现为“12.5”，请改正。"),
        (integer(), True, "应为整数，现为“True”，请改正。"),
        (integer(), "12,34", "应为整数，现为“12,34”，请改正。"),
        (integer(), "9" * 40, f"应为整数，现为“{'9' * 20}…”，请改正。"),
        (integer(), 1e300, "应为整数，现为“1e+300”，请改正。"),
        (integer(), -1, "应在 0 至 1000000000 之间，现为 -1，请改正。"),
        (decimal(), "1.234", "最多 2 位小数，现为“1.234”，请改正。"),
        (decimal(), "NaN", "应为数字，现为“NaN”，请改正。"),
        (decimal(), float("inf"), "应为数字，现为“inf”，请改正。"),
        (decimal(most=10), "10.01", "应在 0 至 10 之间，现为 10.01，请改正。"),
        (yes_no(), "也许", "应填“是”或“否”，现为“也许”，请改正。"),
    ],
)
def test_a_wrong_cell_says_what_to_do(kind: Any, cell: Any, sentence: str) -> None:
    assert wrong(kind.read, cell) == sentence


def test_a_choice_goes_by_label_or_code_in_any_language() -> None:
    kind = choice(JobState.choices)
    for cell in ("已完成", " 已完成 ", "done", "DONE", "Done"):
        assert kind.read(cell) == "done"
    with override("en"):
        assert kind.read(str(JobState.FAILED.label)) == "failed"
    assert wrong(kind.read, "完成") == "没有“完成”这一项，可以填：排队中、进行中、已完成、未完成。"


def test_a_label_of_two_is_refused_and_a_code_never() -> None:
    kind = choice([(7, "实验小学"), (8, "实验小学"), *((n, f"第{n}小学") for n in range(10, 30))])
    assert wrong(kind.read, "实验小学") == "“实验小学”不止一个，请改填代码。"
    assert kind.read(8.0) == 8
    assert wrong(kind.read, "没有的学校") == "没有“没有的学校”这一项，请从下拉列表中选择。"


# Rows


def test_good_rows_come_with_their_values_and_lines() -> None:
    reading = read(book(HEAD, GOOD, [], ["A00002", "李四"]))
    assert reading.faults == []
    first, second = reading.good
    assert (first.line, second.line) == (2, 4)
    assert first.values == {
        "number": "A00001", "name": "张三", "joined": dt.date(2024, 9, 1), "language": "zh-hans", "hours": 12,
        "rate": Decimal("1.50"), "staffed": True,
    }  # fmt: skip
    assert second.values == {**dict.fromkeys(first.values), "number": "A00002", "name": "李四"}


def test_every_wrong_cell_has_one_sentence_with_its_row_and_column() -> None:
    rows = [HEAD, GOOD, ["A1", None, "昨天", "法文", "x", 99, "?"], ["A00001", "王五"], ["A00003", "赵六"]]
    assert told(book(*rows)) == [
        "3 工号：工号应为 6 位，请核对。",
        "3 姓名：不能为空，请填写。",
        "3 入职日期：看不懂日期“昨天”，请写成 2024-09-01 的样子。",
        "3 语言：没有“法文”这一项，可以填：中文、英文。",
        "3 课时：应为整数，现为“x”，请改正。",
        "3 系数：应在 0 至 10 之间，现为 99，请改正。",
        "3 在编：应填“是”或“否”，现为“?”，请改正。",
        "4 工号：与第 2 行重复，请只保留一行。",
    ]
    assert [row.line for row in read(book(*rows)).good] == [2, 5]


@pytest.mark.parametrize(
    "head",
    [
        ["姓 名", "工号＊", "备注"], ["姓名*", " 工号 "], ["name", "NUMBER"], ["姓名", "人员编号"],
    ],
)  # fmt: skip
def test_headers_are_matched_with_tolerance_in_any_order(head: list[str]) -> None:
    reading = read(book(["2024 学年账号"], [], head, ["张三", "A00001", "新来的"]))
    assert (reading.good[0]["name"], reading.good[0]["number"], reading.good[0].line) == ("张三", "A00001", 4)
    assert reading.header.ignored() == head[2:]


def test_the_header_may_stand_on_another_worksheet() -> None:
    content = book(["说明"], 名单=[HEAD, GOOD])
    assert len(read(content).good) == 1


def test_a_hidden_worksheet_is_not_read() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(["说明"], 名单=[HEAD, GOOD])))
    made["名单"].sheet_state = "hidden"
    assert "没有找到表头" in refusal(saved(made))


def test_letters_and_numbers_of_columns() -> None:
    assert [cell_name(17, n) for n in (1, 26, 27, 702, 703)] == ["A17", "Z17", "AA17", "ZZ17", "AAA17"]
    assert all(number_of(letters_of(n).encode()) == n for n in range(1, 2000))


# Out


def test_the_template_is_ready_to_be_filled_in() -> None:
    made = openpyxl.load_workbook(io.BytesIO(template(ACCOUNTS)))
    page, how, options = made["账号"], made["填表说明"], made["选项"]
    assert [cell.value for cell in page[2]][:4] == ["工号*", "姓名*", "入职日期", "语言"]
    assert page["A2"].font.bold
    assert page.freeze_panes == "A3"
    assert page["A3"].value == f"{EXAMPLE}A00001"
    (menu,) = page.data_validations.dataValidation
    assert (str(menu.sqref), menu.formula1) == ("D3:D50003", "'选项'!$A$1:$A$2")
    assert ([options["A1"].value, options["A2"].value], options.sheet_state) == (["中文", "英文"], "hidden")
    assert [page.column_dimensions[letter].number_format for letter in "ABC"] == ["@", "@", "yyyy-mm-dd"]
    said = {row[0].value: [cell.value for cell in row[1:5]] for row in how.iter_rows(min_row=3)}
    assert said["姓名"] == ["是", "文字", "与身份证一致", "张三"]


def test_a_filled_template_comes_in_without_its_example() -> None:
    made = openpyxl.load_workbook(io.BytesIO(template(ACCOUNTS)))
    for place, value in enumerate(GOOD, start=1):
        made["账号"].cell(4, place, value)
    reading = read(saved(made))
    assert ([row.line for row in reading.good], reading.faults, reading.header.ignored()) == ([4], [], [])


def test_an_english_template_comes_in_as_well() -> None:
    sheet = Sheet(
        "tests.two",
        gettext_lazy("人员"),
        (Column("a", gettext_lazy("姓名"), required=True), Column("b", "工号")),
    )
    with override("en"):
        content = template(sheet)
        header = str(sheet.columns[0].label)
    assert header != "姓名"
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert made.worksheets[0]["A2"].value == f"{header}*"
    made.worksheets[0]["A4"], made.worksheets[0]["B4"] = "张三", "1"
    assert read(saved(made), sheet).good[0]["a"] == "张三"


def test_the_wrong_rows_come_back_with_every_column_and_why_and_go_in_when_mended() -> None:
    rows = [[*HEAD, "备注"], [*GOOD, "好"], ["A2", "", dt.date(2024, 9, 1), "中文", 3, 0.5, "否", "=坏"]]
    made = openpyxl.load_workbook(io.BytesIO(book(*rows[:2], rows[2][:7])))
    made.active["H3"].value, made.active["H3"].data_type = "=坏", "s"
    back = openpyxl.load_workbook(io.BytesIO(bad_rows(read(saved(made)))))
    lines = [[cell.value for cell in row] for row in back.active.iter_rows()]
    assert lines[0] == [*HEAD, "备注", "原因"]
    assert lines[1][2:8] == [MIDNIGHT, "中文", 3, 0.5, "否", "=坏"]
    assert back.active["H2"].data_type == "s"
    assert lines[1][8] == "「工号」：工号应为 6 位，请核对。\n「姓名」：不能为空，请填写。"
    assert len(lines) == 2
    back.active["A2"], back.active["B2"] = "A00002", "李四"
    again = read(saved(back))
    assert (len(again.good), again.faults, again.header.ignored()) == (1, [], ["备注"])
    back.active["A2"] = "A2"
    twice = openpyxl.load_workbook(io.BytesIO(bad_rows(read(saved(back)))))
    assert [cell.value for cell in twice.active[1]].count("原因") == 1


def test_an_export_says_what_it_is_and_comes_in_again() -> None:
    rows = [
        ["A00001", "张三", dt.date(2024, 9, 1), "en", 12, Decimal("1.50"), True],
        ["A00002", "李四", *[None] * 5],
    ]
    content = export(ACCOUNTS, rows, by="王主任", unit="市教育局", note="在编人员")
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page["A1"].value == "账号"
    for part in ("单位：市教育局", "制表时间：20", "操作人：王主任", "共 2 条", "在编人员"):
        assert part in page["A2"].value
    assert [cell.value for cell in page[3]] == HEAD
    assert [cell.value for cell in page[4]] == [
        "A00001",
        "张三",
        MIDNIGHT,
        "英文",
        12,
        1.5,
        "是",
    ]
    reading = read(content)
    assert reading.faults == []
    assert reading.good[0]["language"] == "en"


PLAIN = Sheet("tests.words", "词", (Column("a", "甲"), Column("b", "乙")))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
beginnings = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "#N/A", "=cmd|' /C calc'!A0", ""])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.builds(str.__add__, beginnings, words), words), min_size=1, max_size=8))
def test_no_text_ever_becomes_a_formula(rows: list[tuple[str, str]]) -> None:
    content = export(PLAIN, rows, by=None)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in xml.replace(b"<fo", b"").replace(b"<fi", b"")
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    for line, row in enumerate(rows, start=4):
        for place, value in enumerate(row, start=1):
            cell = page.cell(line, place)
            assert cell.value is None or cell.data_type == "s", value
            if value[:1] in ("=", "+", "-", "@") and cell.value:
                assert cell.quotePrefix


def test_twenty_thousand_rows_are_read_and_written_in_seconds() -> None:
    rows = [
        [f"A{n:05}", f"张三{n}", dt.date(2020, 9, 1), "en", n % 40, Decimal("1.50"), True]
        for n in range(20_000)
    ]
    started = time.process_time()
    content = export(ACCOUNTS, rows, by=None)
    written = time.process_time()
    reading = read(content)
    assert (len(reading.good), reading.faults) == (20_000, [])
    assert written - started < 5
    assert time.process_time() - written < 4
