"""A sheet that only tests know, of accounts; and files made for it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from kunshan_edu.core.denials import INVALID, Denial, Denied
from kunshan_edu.core.models import User
from kunshan_edu.core.sheets import Column, Reading, Sheet, code, day, decimal, integer, text, yes_no

TAKEN = Denial("account_taken", "该用户名已有账号，请换一个。", status=INVALID)
NOT_YOU = Denial("not_you", "您不能导入账号。", status=403)
LAST = dt.date(2030, 12, 31)


def number_fault(number: str) -> Denial | None:
    return None if len(number) == 6 else Denial("number", "工号应为 6 位，请核对。", status=INVALID)


def taken(rows: list[Any], by: Any) -> list[Any]:
    """One query, however many rows."""
    known = set(
        User.objects.filter(username__in=[row["number"] for row in rows]).values_list("username", flat=True)
    )
    return [row.fault("number", TAKEN) for row in rows if row["number"] in known]


def write(rows: list[Any], by: Any) -> Any:
    for start in range(0, len(rows), 100):
        part = rows[start : start + 100]
        User.objects.bulk_create(
            User(username=row["number"], name=row["name"], language=row["language"] or "zh-hans")
            for row in part
        )
        if any(row["name"] == "坏行" for row in part):
            raise Denied(Denial("late", "写入时发现问题，请重新核对。"))
        yield len(part)


def cannot(by: Any) -> Denial | None:
    return None if by is None or by.username in WHO_MAY else NOT_YOU


WHO_MAY: set[str] = set()
ACCOUNTS = Sheet(
    name="tests.account",
    title="账号",
    columns=(
        Column("number", "工号", code(number_fault), required=True, example="A00001", also=("人员编号",)),
        Column("name", "姓名", text(most=10), required=True, example="张三", hint="与身份证一致"),
        Column("joined", "入职日期", day(last=LAST), example="2024-09-01"),
        Column("language", "语言", choices=[("zh-hans", "中文"), ("en", "英文")]),
        Column("hours", "课时", integer(most=40)),
        Column("rate", "系数", decimal(places=2, most=10)),
        Column("staffed", "在编", yes_no()),
    ),
    check=taken,
    write=write,
    cannot=cannot,
    route="tests:account_import",
    unique=(("number",),),
    about="每行一个账号。",
)
HEAD = ["工号", "姓名", "入职日期", "语言", "课时", "系数", "在编"]

UNCHECKED = Sheet("tests.plain", "名单", ACCOUNTS.columns, unique=(("number",),))
MIDNIGHT = dt.datetime(2024, 9, 1)  # noqa: DTZ001 - spreadsheets know no time zones
GOOD = ["A00001", "张三", dt.date(2024, 9, 1), "中文", 12, 1.5, "是"]


def book(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    """An xlsx of these rows, and of further worksheets."""
    made = openpyxl.Workbook()
    made.active.title = "数据"
    for row in rows:
        made.active.append(row)
    for name, lines in sheets.items():
        other = made.create_sheet(name)
        for line in lines:
            other.append(line)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def as_csv(*rows: list[Any], encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows(rows)
    return content.getvalue().encode(encoding)


def read(content: bytes, sheet: Sheet = UNCHECKED) -> Reading:
    reading = Reading(sheet, content, None)
    assert sum(reading.parse()) == len(reading.lines)
    reading.check()
    return reading


def told(content: bytes, sheet: Sheet = UNCHECKED) -> list[str]:
    """The faults of a file as people read them."""
    labels = {column.name: column.label for column in sheet.columns}
    return [f"{f.line} {labels[f.column]}：{f.denial}" for f in read(content, sheet).faults]


def refusal(content: bytes, sheet: Sheet = UNCHECKED) -> str:
    with pytest.raises(Denied) as refused:
        Reading(sheet, content, None)
    sentence = str(refused.value.denial)
    assert sentence.endswith("。")
    assert "%" not in sentence
    return sentence
