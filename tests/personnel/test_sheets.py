"""Spreadsheets of personnel: 491 of 500 in and 9 back with reasons, every bad cell a sentence, thousands in seconds."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import uuid
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kunshan_edu.core import jobs
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, ImportState, JobState, Notification, SheetImport
from kunshan_edu.core.sheets import Reading, Row, known, template
from personnel import actions as personnel
from personnel.models import Appointment, Person, Rotation, Staff, StaffRecord
from personnel.sheets import APPOINTMENTS, ROTATIONS, SHEETS, STAFF
from tests.core.account_sheet import as_csv, book
from tests.personnel.staffing import AFTER, DOCUMENT, FIRST, filed, identity_number, on_staff, proposed
from tests.world import fresh

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = dt.timedelta(days=1)
HEAD = [
    "姓名",
    "身份证号",
    "手机",
    "工号",
    "编制所在校",
    "职称",
    "骨干级别",
    "任教学科",
    "起始日期",
    "依据文件",
]
SCHOOL = "示例A小学"


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def line(n: int, **cells: Any) -> list[Any]:
    """A good row of the staff sheet, but for the cells named."""
    good = dict(
        zip(
            HEAD,
            [f"教师{n}", identity_number(n), f"139{n:08d}", f"JS{n:05d}", SCHOOL, "一级教师", "县级骨干", "语文",
             "2026-09-01", DOCUMENT],
            strict=True,
        )
    )  # fmt: skip
    return list({**good, **cells}.values())


def wrong_check(n: int) -> str:
    number = identity_number(n)
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def bad_lines(taken: Staff) -> list[tuple[list[Any], str]]:
    """Nine rows, each wrong in its own way, with what is said of it."""
    number = "身份证号"
    return [
        (line(901, **{number: wrong_check(901)}), "身份证号码的校验码不符"),
        (line(902, **{number: identity_number(902)[:17]}), "身份证号码应为 18 位"),
        (line(903, 姓名=""), "不能为空，请填写。"),
        (line(904, 手机="12345"), "电话应为 11 位手机号码"),
        (line(905, 编制所在校="不存在小学"), "没有“不存在小学”这一项"),
        (line(906, 起始日期="昨天"), "看不懂日期“昨天”"),
        (line(907, 依据文件="昆教人(2026)9号"), "六角括号"),
        (line(908, 工号=taken.staff_no), "该工号已登记在另一名教职工名下。"),
        (line(909, **{number: taken.person.identity_number, "姓名": taken.person.name}), "该人已是教职工"),
    ]


def upload(client: Client, address: str, content: bytes, name: str = "表.xlsx") -> Any:
    form = {"file": SimpleUploadedFile(name, content), "idem": str(uuid.uuid4())}
    return client.post(address, form)


def checked(client: Client, address: str, content: bytes, name: str = "表.xlsx") -> SheetImport:
    """Uploaded, and the dry run at its end."""
    answer = upload(client, address, content, name)
    assert answer.status_code == 303, text(answer)
    return worked(SheetImport.objects.latest("id"))


def worked(row: SheetImport) -> SheetImport:
    jobs.run(row.job_id)
    return SheetImport.objects.select_related("job", "bad_file", "stored").get(pk=row.pk)


def imported(client: Client, row: SheetImport) -> SheetImport:
    """The button 导入, and the job at its end."""
    assert client.post(row.get_absolute_url(), {"idem": str(uuid.uuid4())}).status_code == 303
    return worked(SheetImport.objects.get(pk=row.pk))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def said(row: SheetImport) -> dict[int, str]:
    """Line → what is said of it, with the column before it."""
    found: dict[int, str] = {}
    for each in row.faults:
        sentence = each["message"] % each["params"] if each["params"] else each["message"]
        found[each["line"]] = found.get(each["line"], "") + f"{each['column']}：{sentence}"
    return found


def back(client: Client, row: SheetImport) -> list[list[Any]]:
    """The file of the wrong rows."""
    content = b"".join(client.get(f"{row.get_absolute_url()}bad/").streaming_content)
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in each] for each in page.iter_rows()]


# Staff


def test_of_500_rows_491_go_in_and_9_come_back_with_reasons(world, enter):
    taken = on_staff(world, world.school_b)
    client = enter("personnel")
    lines, wrong = [line(1000 + n) for n in range(491)], bad_lines(taken)
    for n, (cells, _sentence) in enumerate(wrong):
        lines.insert(50 * n, cells)
    row = checked(client, "/staff/import/", book(HEAD, *lines))
    assert (row.state, row.good, row.bad) == (ImportState.CHECKED, 491, 9)
    assert Staff.objects.count() == 1
    page = text(client.get(row.get_absolute_url()))
    assert "可以导入 <b>491</b> 行，有误 <b>9</b> 行" in page
    row = imported(client, row)
    assert (row.state, row.imported, Staff.objects.count()) == (ImportState.IMPORTED, 491, 492)
    assert Person.objects.filter(identity_hash__isnull=False).count() == 492
    assert StaffRecord.objects.in_force().filter(school=world.school_a, subject="chinese").count() == 491

    returned = back(client, row)
    assert (len(returned), returned[0]) == (10, [*HEAD, "原因"])
    for cells, (_line, sentence) in zip(returned[1:], wrong, strict=True):
        assert sentence in cells[-1]
    event = AuditEvent.objects.get(verb="personnel.import_staff")
    assert (event.actor, event.difference["imported"]) == (world.personnel, [0, 491])
    mended = [[*line(901 + n)[:-2], "2026-09-01", DOCUMENT, "改好"] for n in range(9)]
    again = imported(client, checked(client, "/staff/import/", book(returned[0], *mended)))
    assert (again.imported, Staff.objects.count()) == (9, 501)


def test_what_is_imported_is_what_would_have_been_registered_one_by_one(world, enter):
    client = enter("personnel")
    person = personnel.register_person(name="老王", identity_number=identity_number(5), by=world.personnel)
    linked = Person.objects.get(user=world.teacher)
    head = [*HEAD, "用户名"]
    lines = [
        [*line(5, 姓名="老王"), ""],
        [*line(6, 姓名=linked.name), "teacher"],
        [*line(7, 姓名="示例家长", 职称="", 骨干级别="", 任教学科=""), "parent"],
        [*line(8, 编制所在校=world.school_b.identifier, 手机="+86 139-0000-0008"), ""],
    ]
    row = imported(client, checked(client, "/staff/import/", book(head, *lines)))
    assert (row.imported, said(row)) == (4, {})
    assert Staff.objects.get(staff_no="JS00005").person == person
    staff = Staff.objects.get(staff_no="JS00006")
    assert staff.person == linked
    assert staff.person.identity_number == identity_number(6)
    parent = Staff.objects.get(staff_no="JS00007")
    assert parent.person.user == world.parent
    assert parent.records.get().title == "none"
    last = Staff.objects.get(staff_no="JS00008")
    assert (last.person.phone, last.records.get().school) == ("13900000008", world.school_b)
    assert last.person.sex in "12"
    assert f"{last.person.birth_date:%Y%m%d}" == identity_number(8)[6:14]
    assert AuditEvent.objects.filter(verb="personnel.register_person", object_id=linked.pk).exists()


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"身份证号": 320583199001010011}, "identity_number", "末几位已经丢失"),
        ({"身份证号": "320583199013010011"}, "identity_number", "不是合理的出生日期"),
        ({"姓名": "张\n三"}, "name", "看不见的字符"),
        ({"工号": "X" * 21}, "staff_no", "工号最多 20 位"),
        ({"职称": "特约教师"}, "title", "没有“特约教师”这一项"),
        ({"依据文件": "无"}, "document", "文号由机关代字"),
        ({"起始日期": "2026-02-30"}, "valid_from", "没有“2026-02-30”这一天"),
        ({"用户名": "nobody"}, "username", "没有这个用户名的账号"),
        ({"用户名": "clerk_a"}, "username", "该账号登记的姓名与所填姓名不符"),
    ],
)
def test_a_wrong_cell_gets_one_sentence(world, enter, cells, column, sentence):
    base = {**dict(zip(HEAD, line(1), strict=True)), "用户名": ""}
    content = book(list(base), list({**base, **cells}.values()))
    row = checked(enter("personnel"), "/staff/import/", content)
    assert (row.good, row.bad) == (0, 1)
    [told] = said(row).values()
    assert told.startswith(f"{column}：")
    assert sentence in told
    assert told.count("。") == 1


def test_the_same_number_twice_in_a_file_is_said(world, enter):
    twice = line(2, 身份证号=identity_number(1)), line(3, 工号="JS00001")
    row = checked(enter("personnel"), "/staff/import/", book(HEAD, line(1), *twice))
    assert (row.good, row.bad) == (1, 2)
    assert all("与第 2 行重复" in told for told in said(row).values())


def test_a_csv_in_gbk_with_a_title_above_is_read(world, enter):
    content = as_csv(["教职工名册"], [], HEAD, line(1), encoding="gbk")
    row = imported(enter("personnel"), checked(enter("personnel"), "/staff/import/", content, "名册.csv"))
    assert (row.imported, Staff.objects.get().person.name) == (1, "教师1")


def merged() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book(HEAD, line(1), line(2))))
    made.active.merge_cells("E2:E3")
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: book(HEAD, line(1, 工号='="JS"&"1"')), "是公式"),
        (merged, "E2:E3 是合并单元格"),
        (lambda: book(HEAD[1:], line(1)[1:]), "缺少列：姓名"),
        (lambda: book(["甲", "乙"], ["一", "二"]), "没有找到表头"),
        (lambda: book(HEAD), "表头下面没有数据"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_on_its_page_and_nothing_is_lost(world, enter, content, sentence):
    client = enter("personnel")
    row = checked(client, "/staff/import/", content())
    assert row.state == ImportState.FAILED
    assert sentence in text(client.get(row.get_absolute_url()))
    assert not Staff.objects.exists()


def test_two_thousand_staff_take_seconds(world, enter):
    """The order of size: 20,000 take less than 30 s on two cores, see docs/performance.md."""
    client = enter("personnel")
    content = book(HEAD, *(line(n) for n in range(2000)))
    assert upload(client, "/staff/import/", content).status_code == 303
    row, begun = SheetImport.objects.get(), time.monotonic()
    row = imported(client, worked(row))
    took = time.monotonic() - begun
    assert (row.imported, StaffRecord.objects.count()) == (2000, 2000)
    assert took < 12, f"{took:.1f} s"
    assert row.job.state == JobState.DONE
    assert row.job.total == row.job.done == 2000


# Rotations

TURNS = ["工号", "姓名", "接收校", "起始日期", "最后一日", "任教学科", "工作量占比（%）", "事由"]


def turn(staff: Any, **cells: Any) -> list[Any]:
    base = dict(
        zip(
            TURNS,
            [getattr(staff, "staff_no", staff), "", "示例B小学", FIRST, AFTER - A_DAY, "", "", ""],
            strict=True,
        )
    )
    return list({**base, **cells}.values())


def test_rotations_are_proposed_by_rows_and_wrong_ones_come_back(world, enter):
    good = [on_staff(world, world.school_a) for _n in range(3)]
    away = proposed(world, on_staff(world, world.school_a), world.school_c).staff
    home = on_staff(world, world.school_a)
    stranger = on_staff(world, world.school_e)
    wrong = [
        (turn(home, 接收校="示例A小学"), "to_school：接收校不能是派出校本身"),
        (turn(away), "valid_from：该教师在这段时间已有轮岗安排"),
        (turn(good[0], 起始日期=AFTER - A_DAY), "valid_from：该教师在这段时间已有轮岗安排"),
        (turn(home, 最后一日=FIRST - A_DAY), "valid_to：轮岗的最后一日不能早于第一日"),
        (turn(stranger), "staff_no：您所管的学校没有这个工号"),
        (turn("JS404"), "staff_no：您所管的学校没有这个工号"),
        (turn(home, 姓名="别人"), "name：姓名与工号不符"),
        (turn(home, **{"工作量占比（%）": 120}), "workload：应在 1 至 100 之间"),
        (turn(home, 起始日期=dt.date(2019, 9, 1)), "staff_no：该人在起始日没有编制所在校"),
    ]
    before = list(StaffRecord.objects.order_by("pk").values())
    client = enter("principal_a")
    rows = [*(turn(staff) for staff in good), *(cells for cells, _sentence in wrong)]
    row = checked(client, "/rotations/import/", book(TURNS, *rows))
    assert (row.state, row.good, row.bad) == (ImportState.CHECKED, 3, 9)
    told = said(row)
    for number, (_cells, sentence) in enumerate(wrong, start=5):
        assert sentence in told[number], number
    assert Rotation.objects.count() == 1
    assert (
        not Notification.objects.filter(text__contains="拟由").exclude(params__name=away.person.name).exists()
    )
    row = imported(client, row)
    assert (
        row.imported,
        Rotation.objects.filter(state="proposed", proposed_by=world.principal_a).count(),
    ) == (3, 4)
    assert list(StaffRecord.objects.order_by("pk").values()) == before
    assert len(back(client, row)) == 10


def test_a_group_sends_only_within_itself_by_sheet_too(world, enter):
    staff = on_staff(world, world.school_a)
    row = checked(enter("office"), "/rotations/import/", book(TURNS, turn(staff, 接收校="示例E小学")))
    [told] = said(row).values()
    assert told.startswith("to_school：没有“示例E小学”这一项")
    assert checked(enter("office"), "/rotations/import/", book(TURNS, turn(staff))).good == 1


# Appointments

POSTS = [
    "姓名",
    "身份证号",
    "用户名",
    "职务",
    "任职单位",
    "任用方式",
    "任职文号",
    "任职日期",
    "最后在任日",
    "补录说明",
]


def post(
    name: str, username: str = "", title: str = "经办人", place: str = "示例D小学", **cells: Any
) -> list[Any]:
    base = dict(
        zip(POSTS, [name, "", username, title, place, "任命", DOCUMENT, "2026-11-01", "", ""], strict=True)
    )
    return list({**base, **cells}.values())


def test_appointments_come_in_as_recorded_and_cadres_wait_for_the_leader(world, enter):
    wrong = [
        (post("示例teacher", "teacher", "执行校长", "示例A小学"), "valid_from：成员学校设执行校长 1 名"),
        (post("示例teacher", "teacher", "经办人", "示例示例教育集团"), "container：职务与任职单位不符"),
        (post("查无此人"), "name：没有登记这个人"),
        (post("示例teacher", "nobody"), "username：没有登记这个人"),
        (post("示例teacher", "teacher", 任职日期="2025-01-01"), "remark：任职日期早于今天 30 天以上"),
        (post("示例teacher", "teacher", 最后在任日="2026-10-01"), "valid_to：免职日期不能早于任职日期"),
        (post("示例teacher", "teacher", 任职文号="口头"), "document：文号由机关代字"),
        (post("示例teacher", "teacher", "总校长", "示例筹备教育集团"), "method：总校长由聘任或竞聘产生"),
    ]
    good = [
        post("示例teacher", "teacher"),
        post("示例head_a", "head_a", "执行校长", "示例D小学"),
        post("示例teacher", "teacher", "审计人员", "bureau", 最后在任日="2027-10-31"),
    ]
    before = Appointment.objects.count()
    client = enter("personnel")
    row = checked(client, "/appointments/import/", book(POSTS, *good, *(cells for cells, _s in wrong)))
    told = said(row)
    for number, (_cells, sentence) in enumerate(wrong, start=5):
        assert told[number].startswith(sentence), number
    assert (row.good, row.bad) == (3, 8)
    assert Appointment.objects.count() == before
    row = imported(client, row)
    assert (row.imported, Appointment.objects.count()) == (3, before + 3)
    states = Appointment.objects.order_by("-pk").values_list("post", "state", "valid_to")[:3]
    assert set(states) == {
        ("clerk", "active", None), ("executive_principal", "proposed", None),
        ("auditor", "active", dt.date(2027, 11, 1)),
    }  # fmt: skip
    assert Notification.objects.filter(user=world.leader, text__contains="拟任").exists()


def test_namesakes_are_told_apart_by_number(world, enter):
    for n in (1, 2):
        personnel.register_person(name="同名", identity_number=identity_number(n), by=fresh(world.personnel))
    rows = [post("同名"), post("同名", 身份证号=identity_number(2))]
    row = checked(enter("personnel"), "/appointments/import/", book(POSTS, *rows))
    assert said(row) == {2: "identity_number：登记有同名的人，请填写身份证号或用户名。"}
    imported(enter("personnel"), row)
    assert Appointment.objects.latest("pk").person.identity_number == identity_number(2)


# Who may, templates, exports

MAY = {
    "/staff/import/": {"personnel"},
    "/appointments/import/": {"personnel"},
    "/rotations/import/": {
        "president", "deputy", "office", "principal_a", "principal_b", "principal_c", "principal_e", "vice_a",
        "other_president",
    },
}  # fmt: skip


@pytest.mark.parametrize("address", MAY)
def test_only_who_may_opens_the_import(world, enter, address):
    for who in world.users:
        client = enter(who)
        expected = 200 if who in MAY[address] else 403
        assert client.get(address).status_code == expected, who
        assert client.get(f"{address}template/").status_code == expected, who
        if expected == 403:
            assert upload(client, address, book(HEAD, line(1))).status_code == 403, who
    assert not SheetImport.objects.exists()


@pytest.mark.parametrize(
    ("sheet", "who"), [(STAFF, "personnel"), (APPOINTMENTS, "personnel"), (ROTATIONS, "office")]
)
def test_the_template_has_lists_to_choose_from_and_takes_its_own_example_for_none(world, sheet, who):
    by = world.users[who]
    content = template(sheet, by)
    made = openpyxl.load_workbook(io.BytesIO(content))
    page = made.worksheets[0]
    menus = {str(each.sqref).split(":")[0][0] for each in page.data_validations.dataValidation}
    chosen = [n for n, column in enumerate(sheet.columns) if column.choices is not None]
    assert menus == {"ABCDEFGHIJKLM"[n] for n in chosen}
    options = [cell.value for cell in made.worksheets[-1]["A"] if cell.value]
    assert options == [label for _value, label in sheet.columns[chosen[0]].pairs(by)]
    assert [cell.value.rstrip("*") for cell in page[2]] == [str(column.label) for column in sheet.columns]
    with pytest.raises(Denied, match="表头下面没有数据"):
        Reading(sheet, content, by)
    if sheet is ROTATIONS:
        assert "示例E小学" not in options


def test_every_sheet_is_known_with_its_words(world):
    from kunshan_edu.core.verbs import words

    for sheet in SHEETS:
        assert known()[sheet.name] is sheet
        assert sheet.verb in words()
        assert all(column.label for column in sheet.columns)


def test_the_lists_are_exported_as_they_are_filtered(world, enter):
    def lines(address: str) -> list[list[Any]]:
        content = b"".join(client.post(address).streaming_content)
        page = openpyxl.load_workbook(io.BytesIO(content)).active
        return [[cell.value for cell in each] for each in page.iter_rows(min_row=4)]

    row = filed(world, on_staff(world, world.school_a))
    proposed(world, on_staff(world, world.school_a), world.school_c)
    client = enter("principal_b")
    [told] = lines("/rotations/export/")
    assert told[:5] == [row.staff.staff_no, row.staff.person.name, "示例A小", "示例B小", "示例集团"]
    assert [told[n].date() if isinstance(told[n], dt.datetime) else told[n] for n in (5, 6)] == [
        FIRST,
        AFTER - A_DAY,
    ]
    assert told[9] == "已报局备案"
    assert len(lines("/rotations/export/?show=all")) == 1
    client = enter("principal_a")
    assert len(lines("/rotations/export/")) == 2
    [told] = lines(f"/appointments/export/?post=group_president&group={world.group.pk}")
    assert told[:5] == ["示例president", "总校长", "示例集团", "聘任", "昆教人〔2024〕1号"]


def test_rows_know_their_line():
    assert Row(7, {}).fault("", None).line == 7
