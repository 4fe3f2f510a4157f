"""The staff of schools as a sheet: thousands of rows at once, each a person, a staff number and the first record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from groups.models import School
from kunshan_edu.core.denials import INVALID, Denial
from kunshan_edu.core.sheets import Column, Fault, Row, Sheet, code, day, text
from personnel import actions, rules
from personnel.actions.staff import Entry, Register, enlist_all
from personnel.choices import BackboneLevel, Subject, Title
from personnel.models import Staff
from personnel.sheets.cells import all_schools, document, identity_number, phone

MOST_NUMBER = 20
# A refusal that is about no field of a form → the cell that people look at.
COLUMNS = {"person_is_staff_already": "identity_number", "account_taken": "username"}


def number_fault(number: str) -> Denial | None:
    """What is wrong with a staff number."""
    if len(number) <= MOST_NUMBER:
        return None
    return Denial("staff_no_length", gettext_noop("工号最多 20 位，请核对。"), status=INVALID)


def entries(rows: list[Row]) -> list[Entry]:
    """The rows as the action takes them."""
    schools = dict(School.objects.values_list("identifier", "pk"))
    return [
        Entry(
            school_id=schools[row["school"]],
            valid_from=row["valid_from"],
            **{name: row[name] or "" for name in TEXTS},
        )
        for row in rows
    ]


TEXTS = (
    "name", "identity_number", "staff_no", "document", "phone", "username", "title", "backbone_level", "subject",
)  # fmt: skip


def check(rows: list[Row], _by: Any) -> list[Fault]:
    """Who is known already, three queries for all rows."""
    wanted = entries(rows)
    register = Register(wanted)
    found = ((row, register.fault(entry)) for row, entry in zip(rows, wanted, strict=True))
    return [
        row.fault(COLUMNS.get(denial.code, denial.field or ""), denial) for row, denial in found if denial
    ]


def write(rows: list[Row], by: Any) -> Iterator[int]:
    yield from enlist_all(entries(rows), verb=STAFF.verb, by=by)


def cannot(by: Any) -> Denial | None:
    return rules.cannot_register_staff(actions.staff_case(None, by))


STAFF = Sheet(
    name="personnel.staff",
    title=_("教职工"),
    about=_("每行一名教职工及其第一条人事记录；身份证号已登记过的，认作同一人。"),
    columns=(
        Column("name", _("姓名"), text(most=40), required=True, hint=_("与身份证一致"), example="张三"),
        Column(
            "identity_number", _("身份证号"), identity_number(), required=True, width=22, also=("身份证号码",)
        ),
        Column("phone", _("手机"), phone(), also=("手机号码", "联系电话")),
        Column(
            "staff_no", _("工号"), code(number_fault, upper=False), required=True,
            hint=_("全市不重复"), example="JS00001",
        ),
        Column("school", _("编制所在校"), required=True, choices=all_schools, width=24),
        Column("title", _("职称"), choices=Title.choices),
        Column("backbone_level", _("骨干级别"), choices=BackboneLevel.choices),
        Column("subject", _("任教学科"), choices=Subject.choices, also=("学科",)),
        Column("valid_from", _("起始日期"), day(), required=True, example="2026-09-01"),
        Column("document", _("依据文件"), document(), required=True, width=22, example="昆教人〔2026〕9号"),
        Column("username", _("用户名"), text(most=60), hint=_("已有账号的人填写，其他人留空")),
    ),
    check=check,
    write=write,
    cannot=cannot,
    route="personnel:staff_import",
    unique=(("identity_number",), ("staff_no",), ("username",)),
)  # fmt: skip

STAFF_LIST = Sheet(
    name="personnel.staff_list",
    title=_("教职工名册"),
    columns=(
        Column("name", _("姓名")),
        Column("staff_no", _("工号")),
        Column("school", _("编制所在校"), width=24),
        Column("teaching", _("任教校"), width=24),
        Column("title", _("职称"), choices=Title.choices),
        Column("backbone_level", _("骨干级别"), choices=BackboneLevel.choices),
        Column("subject", _("任教学科"), choices=Subject.choices),
    ),
)


def staff_line(row: Staff) -> list[Any]:
    """A row of the list of staff, without identity and telephone numbers."""
    return [
        row.person.name, row.staff_no, row.school_name, row.teaching_name, row.title, row.backbone_level, row.subject,
    ]  # fmt: skip
