"""The way of an upload: dry run, page, wrong rows back, good rows in, once; who may, and what happens in between."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import clear_url_caches, reverse

from kunshan_edu.core import clock, inbox, jobs
from kunshan_edu.core.models import (
    AuditEvent,
    ImportState,
    Job,
    JobState,
    Notification,
    SheetImport,
    StoredFile,
    User,
)
from kunshan_edu.core.sheets import imports, known
from kunshan_edu.core.sheets.imports import MOST_FAULTS
from tests.core.account_sheet import ACCOUNTS, HEAD, NOT_YOU, TAKEN, WHO_MAY, as_csv, book

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
UPLOAD, TEMPLATE = "/tests/accounts/", "/tests/accounts/template/"
WRONG = ["A1", "", "昨天"]


@pytest.fixture(autouse=True)
def _sheet(settings: Any, tmp_path: Path, world: Any) -> Iterator[None]:
    """The tests' sheet and its addresses, for this test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ROOT_URLCONF = "tests.core.sheet_urls"
    clear_url_caches()
    known()[ACCOUNTS.name] = ACCOUNTS
    WHO_MAY.update({world.users["personnel"].username, world.users["leader"].username})
    yield
    WHO_MAY.clear()
    del known()[ACCOUNTS.name]
    clear_url_caches()


@pytest.fixture
def clerk(world: Any) -> User:
    return world.users["personnel"]


@pytest.fixture
def visit(client: Client, clerk: User) -> Client:
    client.force_login(clerk, backend=BACKEND)
    return client


def rows_of(good: int, bad: int = 0) -> list[list[Any]]:
    """So many good rows with the bad ones among them."""
    rows = [[f"B{n:05}", f"王{n}", "2024年9月1日", "中文", "8", "0.5", "否"] for n in range(good)]
    for n in range(bad):
        rows.insert(3 * n, [f"A{n}", "", "昨天", "中文", "8", "0.5", "否"])
    return rows


def send(client: Client, content: bytes, name: str = "账号.xlsx") -> Any:
    form = {"file": SimpleUploadedFile(name, content), "idem": str(uuid.uuid4())}
    return client.post(UPLOAD, form)


def uploaded(client: Client, content: bytes, name: str = "账号.xlsx") -> SheetImport:
    """Upload, and let the dry run come to its end."""
    answer = send(client, content, name)
    assert answer.status_code == 303, answer.content.decode()
    row = SheetImport.objects.latest("id")
    assert answer["Location"] == row.get_absolute_url() == f"/tests/accounts/{row.pk}/"
    return worked(row)


def worked(row: SheetImport) -> SheetImport:
    jobs.run(row.job_id)
    return SheetImport.objects.select_related("job", "bad_file", "stored").get(pk=row.pk)


def press(client: Client, row: SheetImport) -> Any:
    """The button 导入."""
    return client.post(row.get_absolute_url(), {"idem": str(uuid.uuid4())})


def body(client: Client, row: SheetImport) -> str:
    answer = client.get(row.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def imported() -> int:
    return User.objects.filter(username__startswith="B").count()


def downloaded(client: Client, row: SheetImport) -> bytes:
    answer = client.get(f"{row.get_absolute_url()}bad/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def test_of_500_rows_491_go_in_and_9_come_back_with_reasons(visit: Client, clerk: User) -> None:
    row = uploaded(visit, as_csv(HEAD, *rows_of(491, 9)), "账号.csv")
    assert (row.state, row.good, row.bad, imported()) == (ImportState.CHECKED, 491, 9, 0)
    page = body(visit, row)
    for words in ("可以导入 <b>491</b> 行，有误 <b>9</b> 行", "导入 491 行", "下载有误的 9 行", "共 27 处"):
        assert words in page
    assert "第 2 行" in page
    assert "看不懂日期“昨天”，请写成 2024-09-01 的样子。" in page
    assert press(visit, row)["Location"] == row.get_absolute_url()
    row = worked(SheetImport.objects.get(pk=row.pk))
    assert (row.state, row.imported, imported()) == (ImportState.IMPORTED, 491, 491)
    assert "已导入 491 行。" in body(visit, row)
    assert "有误的 9 行没有导入" in body(visit, row)
    event = AuditEvent.objects.get(verb="tests.import_account")
    assert (event.actor, event.difference["imported"]) == (clerk, [0, 491])

    back = openpyxl.load_workbook(io.BytesIO(downloaded(visit, row)))
    lines = [[cell.value for cell in line] for line in back.active.iter_rows()]
    assert (len(lines), lines[0]) == (10, [*HEAD, "原因"])
    assert lines[1][-1].startswith("「工号」：工号应为 6 位，请核对。\n「姓名」：不能为空，请填写。\n")
    for place, line in enumerate(back.active.iter_rows(min_row=2)):
        line[0].value, line[1].value, line[2].value = f"B9999{place}", "补正", "2024-09-02"
    content = io.BytesIO()
    back.save(content)
    again = uploaded(visit, content.getvalue())
    assert (again.good, again.bad, again.ignored) == (9, 0, [])
    press(visit, again)
    worked(SheetImport.objects.get(pk=again.pk))
    assert imported() == 500


def test_what_is_imported_is_not_imported_again(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, *rows_of(3)))
    press(visit, row)
    row = worked(SheetImport.objects.get(pk=row.pk))
    answer = press(visit, row)
    assert answer.status_code == 409
    assert str(imports.ALREADY) in answer.content.decode()
    for name in ("core.import_sheet", "core.check_sheet"):
        job = Job.objects.create(name=name, by=row.by, arguments={"pk": row.pk})
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.outcome_params) == (JobState.DONE, {"imported": 3, "bad": 0})
    row.refresh_from_db()
    assert (row.state, row.imported, imported()) == (ImportState.IMPORTED, 3, 3)
    twice = uploaded(visit, book(HEAD, *rows_of(3)))
    assert (twice.good, twice.bad) == (0, 3)
    assert press(visit, twice).status_code == 422


def test_two_clicks_are_one_import(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, *rows_of(2)))
    assert press(visit, row).status_code == 303
    answer = press(visit, row)
    assert answer.status_code == 409
    assert str(imports.BUSY) in answer.content.decode()
    assert Job.objects.filter(name="core.import_sheet").count() == 1


def test_the_same_form_sent_twice_is_one_upload(visit: Client) -> None:
    idem, content = str(uuid.uuid4()), book(HEAD, *rows_of(2))
    answers = [
        visit.post(UPLOAD, {"file": SimpleUploadedFile("a.xlsx", content), "idem": idem}) for _ in range(2)
    ]
    assert len({answer["Location"] for answer in answers}) == 1
    assert SheetImport.objects.count() == 1


def test_under_way_it_shows_its_progress_and_the_end_is_told_with_the_page(
    visit: Client, clerk: User
) -> None:
    send(visit, book(HEAD, *rows_of(4)))
    row = SheetImport.objects.get()
    page = body(visit, row)
    assert 'hx-trigger="every 1s"' in page
    assert "<progress" in page
    assert '<button type="submit" class="btn p">' not in page
    row = worked(row)
    assert "<progress" not in body(visit, row)
    told = Notification.objects.get(user=clerk, url=row.get_absolute_url())
    assert (str(told), told.url) == (
        "表格已核对：4 行可以导入，0 行有误。打开页面继续。",
        row.get_absolute_url(),
    )
    assert row.get_absolute_url() in visit.get(row.job.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "这是旧的 xls（或 et）格式"),
        (b"<html><table></table></html>", "这其实是网页"),
        (b"PK\x03\x04" + b"x" * 900, "已损坏"),
        (b"%PDF-1.7", "XLSX、CSV"),
        (None, "请选择表格文件。"),
    ],
)
def test_what_can_be_said_at_once_is_said_beside_the_file(
    visit: Client, content: bytes | None, sentence: str
) -> None:
    form: dict[str, Any] = {"idem": str(uuid.uuid4())}
    if content is not None:
        form["file"] = SimpleUploadedFile("账号.xlsx", content)
    answer = visit.post(UPLOAD, form)
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["file"])
    assert not SheetImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_the_dry_run_finds_unreadable_is_said_on_the_page(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, ["A00001", "=1+1"]))
    assert row.state == ImportState.FAILED
    assert row.job.state == JobState.DONE
    page = body(visit, row)
    assert "B2 单元格等 1 处是公式" in page
    assert "上传另一个文件" in page
    assert press(visit, row).status_code == 409
    assert "缺少列：姓名" in body(visit, uploaded(visit, book(["工号", "课时"], ["A00001", 1])))


def test_the_first_faults_are_shown_and_the_file_has_all(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, *([f"A{n}", "张三"] for n in range(MOST_FAULTS + 20))))
    assert (row.bad, len(row.faults)) == (MOST_FAULTS + 20, MOST_FAULTS)
    assert "前 100 处" in body(visit, row)
    back = openpyxl.load_workbook(io.BytesIO(downloaded(visit, row)))
    assert back.active.max_row == MOST_FAULTS + 21


def test_columns_that_nobody_reads_are_named(visit: Client) -> None:
    row = uploaded(visit, book([*HEAD, "备注", "身高"], *rows_of(1)))
    assert "没有读取的列：备注、身高" in body(visit, row)


def test_the_pages_speak_the_reader_s_language(visit: Client, clerk: User) -> None:
    row = uploaded(visit, book(HEAD, WRONG))
    User.objects.filter(pk=clerk.pk).update(language="en")
    for address in (UPLOAD, row.get_absolute_url()):
        assert '<html lang="en"' in visit.get(address).content.decode()
    assert openpyxl.load_workbook(io.BytesIO(b"".join(visit.get(TEMPLATE).streaming_content)))


def test_what_others_registered_in_between_stays_out_and_is_said(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, *rows_of(5)))
    press(visit, row)
    User.objects.create_user("B00002", name="先来的")
    row = worked(SheetImport.objects.get(pk=row.pk))
    assert (row.state, row.good, row.bad, row.imported, imported()) == (ImportState.IMPORTED, 4, 1, 4, 5)
    assert str(TAKEN) in body(visit, row)
    assert b"".join([downloaded(visit, row)[:2]]) == b"PK"


def test_a_refusal_while_writing_leaves_nothing_written_and_can_be_tried_again(visit: Client) -> None:
    rows = rows_of(250)
    rows[249][1] = "坏行"
    row = uploaded(visit, book(HEAD, *rows))
    press(visit, row)
    row = worked(SheetImport.objects.get(pk=row.pk))
    assert (row.state, row.imported, imported()) == (ImportState.CHECKED, 0, 0)
    assert row.job.state == JobState.FAILED
    page = body(visit, row)
    assert "写入时发现问题，请重新核对。" in page
    assert "导入 250 行" in page
    assert press(visit, row).status_code == 303


# Who may


def addresses(row: SheetImport) -> list[str]:
    return [UPLOAD, TEMPLATE, row.get_absolute_url(), f"{row.get_absolute_url()}bad/"]


def test_whoever_may_not_is_refused_at_every_address(visit: Client, world: Any) -> None:
    row = uploaded(visit, book(HEAD, WRONG))
    visit.force_login(world.users["parent"], backend=BACKEND)
    for address in addresses(row):
        for answer in (visit.get(address), visit.post(address, {"idem": str(uuid.uuid4())})):
            assert answer.status_code == 403
            assert str(NOT_YOU) in answer.content.decode()


def test_another_s_import_is_not_there(visit: Client, world: Any) -> None:
    row = uploaded(visit, book(HEAD, WRONG, *rows_of(1)))
    visit.force_login(world.users["leader"], backend=BACKEND)
    assert [visit.get(address).status_code for address in addresses(row)] == [200, 200, 404, 404]
    assert press(visit, row).status_code == 404
    assert imported() == 0


def test_a_right_lost_before_the_click_is_refused_at_the_click(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, *rows_of(1)))
    WHO_MAY.clear()
    assert press(visit, row).status_code == 403
    assert not Job.objects.filter(name="core.import_sheet").exists()


@pytest.mark.parametrize("step", ["check", "import"])
def test_a_right_lost_before_the_job_runs_writes_nothing(visit: Client, step: str) -> None:
    send(visit, book(HEAD, *rows_of(1)))
    row = SheetImport.objects.get()
    if step == "import":
        row = worked(row)
        press(visit, row)
        row.refresh_from_db()
    WHO_MAY.clear()
    row = worked(row)
    assert row.imported == imported() == 0
    WHO_MAY.add(row.by.username)
    assert str(NOT_YOU) in body(visit, row)


def test_looking_changes_nothing(visit: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    row = uploaded(visit, book(HEAD, WRONG, *rows_of(1)))
    before = list(SheetImport.objects.values()), Job.objects.count(), StoredFile.objects.count()
    for address in addresses(row):
        with django_assert_max_num_queries(14):
            assert visit.get(address).status_code == 200
    assert visit.get(f"{UPLOAD}{row.pk + 1}/").status_code == 404
    assert (list(SheetImport.objects.values()), Job.objects.count(), StoredFile.objects.count()) == before


def test_without_wrong_rows_there_is_no_file_of_them(visit: Client) -> None:
    row = uploaded(visit, book(HEAD, *rows_of(1)))
    assert visit.get(f"{row.get_absolute_url()}bad/").status_code == 404
    assert "下载有误" not in body(visit, row)


def test_the_template_comes_under_its_name(visit: Client) -> None:
    answer = visit.get(TEMPLATE)
    assert f"{clock.today():%Y%m%d}.xlsx" in answer["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).sheetnames[0] == "账号"
    assert visit.post(TEMPLATE).status_code == 405


def test_an_export_has_exactly_what_the_list_shows(visit: Client, clerk: User, world: Any) -> None:
    for user, text in ((clerk, "甲一。"), (clerk, "乙二。"), (world.users["leader"], "甲三。")):
        inbox.tell([user], text)
    address = reverse("tests:words_export")
    assert visit.get(f"{address}?text=甲").status_code == 405
    answer = visit.post(f"{address}?text=甲")
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in page["A"]][2:] == ["内容", "甲一。"]
    assert clerk.name in page["A2"].value
    event = AuditEvent.objects.get(verb="core.export_sheet")
    assert (event.actor, event.model, event.object_text) == (clerk, "core.notification", "通知")
    assert event.difference["rows"] == [None, 1]
    assert event.difference["filter"] == [None, "text＝甲"]
