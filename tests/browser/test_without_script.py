"""Without JavaScript one still reads, filters, looks at the chain, decides, and is told what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from finance.models import FundRequest
from kunshan_edu.core import clock
from tests.browser.visits import enter, fill_line, fill_request, main_text, route_shown, sign_in
from tests.finance.requests import ask


@pytest.fixture
def page(browser: Any, live_site: str) -> Iterator[Any]:
    """A page of the running site in a browser that runs no scripts."""
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    context.set_default_timeout(5000)
    yield context.new_page()
    context.close()


def test_one_signs_in_and_agrees_in_the_inbox(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    page.goto(f"{live_site}/fund-requests/?state=pending")
    page.fill("[name=username]", "principal_a")
    page.fill("[name=password]", "wrong")
    page.click("main form[method=post] button")
    expect(page.locator("main [role=alert]")).to_contain_text("用户名或密码不正确")
    expect(page.locator("input[name=username]")).to_have_value("principal_a")
    sign_in(page, "principal_a")
    assert page.url == f"{live_site}/fund-requests/?state=pending"
    page.click("header .brand")
    page.click("main .inbox button:has-text('同意')")
    expect(page.locator("main .note.ok")).to_contain_text("已同意。")
    expect(page.locator("h1")).to_contain_text("没有待办事项")
    row.refresh_from_db()
    assert row.state == "approved"


def test_one_decides_on_the_page_of_a_request(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a, row.get_absolute_url())
    page.click("#decision .verbs button:has-text('退回')")
    assert "请填写意见" in main_text(page)
    page.fill("textarea[name=opinion]", "请补充报价单。")
    page.click("main form button[type=submit]")
    expect(page.locator("main .note.ok")).to_contain_text("已退回")
    expect(page.locator("main .flow")).to_contain_text("请补充报价单。")
    row.refresh_from_db()
    assert row.state == "returned"
    page.click("details.user summary")
    page.click("details.user button:has-text('退出')")
    page.goto(live_site + row.get_absolute_url())
    assert "/sign-in/" in page.url


def test_the_form_shows_the_chain_by_a_button(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, world.clerk_a, "/fund-requests/new/")
    fill_request(page, clock.today())
    fill_line(page, 0, "12,000", category="教科研活动费")
    page.click("button[name=look]")
    assert route_shown(page) == ["执行校长同意", "集团财务审核", "总校长审批（终审）"]
    assert "可用 200,000.00 → 188,000.00" in page.inner_text("#preview")
    assert not FundRequest.objects.exists()
    page.click("#more button")
    fill_line(page, 3, "abc", category="培训费")
    page.click("button[name=submit] >> visible=true")
    assert "第 4 行：看不懂这个金额" in page.inner_text(".errors")
    page.click("button[name=drop][value='3']")
    expect(page.locator("#id_lines-0-amount")).to_have_value("12,000.00")
    page.click("button[name=submit] >> visible=true")
    expect(page.locator("main .note.ok")).to_contain_text("已提交。")
    assert FundRequest.objects.get().amount == 12000


def test_a_list_is_filtered_by_a_button(world: Any, page: Any, live_site: str) -> None:
    ask(world, "clerk_a", "4860.00", payee="示例印刷厂")
    ask(world, "clerk_a", "300.00", payee="示例书店")
    enter(page, live_site, world.president, "/fund-requests/")
    rows = page.locator("#rows tbody tr")
    expect(rows).to_have_count(2)
    page.fill("[name=q]", "印刷")
    page.click("form[role=search] button")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("4,860.00")
    page.click("form[role=search] a:has-text('清除')")
    expect(rows).to_have_count(2)
    page.click(".tabs a:has-text('审批中')")
    expect(rows).to_have_count(2)
    assert "state=pending" in page.url


def test_language_and_appearance_work_by_buttons(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, world.clerk_a, "/profile/")
    page.click("main button:has-text('深色')")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.click("main button:has-text('English')")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(live_site)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
