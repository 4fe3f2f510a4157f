"""A spreadsheet in Chromium: chosen, checked with a bar of progress, shown cell by cell, imported; on a phone too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import clear_url_caches
from playwright.sync_api import expect

from kunshan_edu.core import jobs
from kunshan_edu.core.models import SheetImport, User
from kunshan_edu.core.sheets import known
from tests.browser.visits import enter
from tests.core.account_sheet import ACCOUNTS, HEAD, WHO_MAY, as_csv


@pytest.fixture
def sheet(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tests' sheet on the site, and a file for it: GBK, 40 rows of which 3 are wrong."""
    settings.MEDIA_ROOT, settings.ROOT_URLCONF = tmp_path / "files", "tests.core.sheet_urls"
    clear_url_caches()
    monkeypatch.setitem(known(), ACCOUNTS.name, ACCOUNTS)
    monkeypatch.setattr(jobs, "send", lambda _row: None)
    rows = [[f"B{n:05}", f"王{n}", "2024年9月1日", "中文", "8", "0.5", "否"] for n in range(40)]
    rows[3][0], rows[5][2], rows[9][3] = "A1", "昨天", "法文"
    file = tmp_path / "账号.csv"
    file.write_bytes(as_csv(HEAD, *rows))
    yield file
    WHO_MAY.clear()
    clear_url_caches()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_sheet_is_checked_and_its_good_rows_go_in(
    world: Any, page: Any, live_site: str, sheet: Path, width: int
) -> None:
    user = world.users["personnel"]
    WHO_MAY.add(user.username)
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, live_site, user, "/tests/accounts/")
    page.get_by_label("表格文件").set_input_files(sheet)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    jobs.run(SheetImport.objects.get().job_id)
    expect(page.get_by_role("heading", name="核对结果")).to_be_focused()
    expect(page.get_by_role("row", name="第 7 行")).to_contain_text(
        "看不懂日期“昨天”，请写成 2024-09-01 的样子。"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_download() as wrong_rows:
        page.get_by_role("link", name="下载有误的 3 行").click()
    assert wrong_rows.value.suggested_filename == "账号（有误的行）.xlsx"
    page.get_by_role("button", name="导入 37 行").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    jobs.run(SheetImport.objects.get().job_id)
    expect(page.get_by_text("已导入 37 行。")).to_be_visible()
    assert User.objects.filter(username__startswith="B").count() == 37
