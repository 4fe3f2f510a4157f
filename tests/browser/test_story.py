"""The main job as people live it, in a real browser: a fund request from draft to paid, returned and lifted."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from finance.actions import deciding
from finance.models import FundRequest
from kunshan_edu.core import clock
from tests.browser.visits import (
    TO_LEADER,
    TO_PRESIDENT,
    agree_on_its_page,
    enter,
    fill_line,
    fill_request,
    main_text,
    route_shown,
    sign_in,
    unread,
    wait_for_preview,
)
from tests.finance.requests import ask, totals


def test_a_request_travels_from_draft_to_paid(world: Any, page: Any, live_site: str) -> None:
    page.goto(live_site)
    sign_in(page, "clerk_a")
    page.click("main .head a:has-text('发起申请')")
    draft_with_wrong_amounts(world, page)
    preview_says_where_it_goes(world, page)
    page.click("button[name=submit] >> visible=true")
    expect(page.locator("main .note.ok")).to_contain_text("已提交。")
    row = FundRequest.objects.get()
    assert (row.state, row.amount) == ("pending", 12000)
    assert "待执行校长同意" in main_text(page)

    principal_agrees_in_the_inbox(world, page, live_site, row)
    for who in ("group_finance", "president"):
        enter(page, live_site, world.users[who])
        assert "1 件事项待办" in page.inner_text("h1")
        page.click("main .inbox a.ttl")
        agree_on_its_page(page)
    expect(page.locator("main .st", has_text="已批准").first).to_be_visible()

    cashier_pays(world, page, live_site)
    row.refresh_from_db()
    assert row.state == "paid"
    assert totals(world) == (200_000, 0, 11_900)
    everybody_was_told(world, page, live_site, row)


def draft_with_wrong_amounts(world: Any, page: Any) -> None:
    """What cannot be read is named at its row, what was typed stays, and nothing is written."""
    fill_request(page, clock.today(), title="六校联合教研活动")
    fill_line(page, 0, "-5", category="教科研活动费")
    page.click("button[name=submit] >> visible=true")
    expect(page.locator(".errors")).to_be_focused()
    for wrong, sentence in (("1e4", "科学计数法"), ("0.005", "最多精确到分"), ("0", "必须大于 0")):
        page.fill("#id_lines-0-amount", wrong)
        page.click("button[name=submit] >> visible=true")
        summary = page.locator(".errors")
        expect(summary).to_contain_text(sentence)
        summary.locator("a").click()
        expect(page.locator("#id_lines-0-amount")).to_be_focused()
        expect(page.locator("#id_lines-0-amount")).to_have_value(wrong)
        expect(page.locator("#id_title")).to_have_value("六校联合教研活动")
    assert not FundRequest.objects.exists()


def preview_says_where_it_goes(world: Any, page: Any) -> None:
    page.fill("#id_lines-0-amount", "１．２万")
    wait_for_preview(page, "12,000.00")
    shown = page.inner_text("#preview")
    assert "壹万贰仟元整" in shown
    assert "可用 200,000.00 → 188,000.00" in shown
    assert route_shown(page) == TO_PRESIDENT
    for who in ("principal_a", "group_finance", "president"):
        assert world.users[who].name in shown
    assert "计算金额 12,000.00 元，大于 10,000.00 元、不超过 50,000.00 元" in shown
    assert world.measures.document in shown


def principal_agrees_in_the_inbox(world: Any, page: Any, site: str, row: FundRequest) -> None:
    enter(page, site, world.principal_a)
    page.evaluate("window.stayed = true")
    inbox = page.locator("main .inbox tbody tr")
    expect(inbox).to_have_count(1)
    expect(inbox).to_contain_text("六校联合教研活动")
    expect(inbox).to_contain_text("12,000.00")
    inbox.locator("button:has-text('同意')").click()
    expect(page.locator("h1")).to_contain_text("没有待办事项")
    assert page.evaluate("window.stayed") is True
    assert row.versions.get().decisions.get().actor == world.principal_a


def cashier_pays(world: Any, page: Any, site: str) -> None:
    enter(page, site, world.cashier_a)
    page.click("main .inbox a:has-text('登记支付')")
    expect(page.locator("#id_amount")).to_have_value("12,000.00")
    page.fill("#id_amount", "12,000.01")
    page.fill("#id_voucher_no", "记-118")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("本校批准金额 12,000.00 元，支付 12,000.01 元超出")
    page.fill("#id_amount", "11,900")
    page.click("main form button[type=submit]")
    expect(page.locator("main .note.ok")).to_contain_text("支付已登记。")
    expect(page.locator("main .st", has_text="已支付").first).to_be_visible()


def everybody_was_told(world: Any, page: Any, site: str, row: FundRequest) -> None:
    waits = "六校联合教研活动（12,000.00 元）等待您办理。"
    for who in ("principal_a", "group_finance", "president"):
        enter(page, site, world.users[who], "/notifications/")
        expect(page.locator("main .lines li").first).to_contain_text(waits)
    enter(page, site, world.clerk_a, "/notifications/")
    assert unread(page) == 2
    newest = page.locator("main .lines li").first
    expect(newest).to_contain_text("六校联合教研活动已支付完毕。")
    newest.locator("button").click()
    page.wait_for_url(f"**{row.get_absolute_url()}")
    assert unread(page) == 1


def test_a_returned_request_comes_back_and_goes_to_the_bureau(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "9000.00")
    row = deciding.approve(ask(world, "clerk_a", "30000.00", payee="示例会展"), by=world.principal_a)
    row = deciding.approve(row, by=world.group_finance)

    enter(page, live_site, world.president, row.get_absolute_url())
    page.click("#decision .verbs button:has-text('退回')")
    expect(page.locator("textarea[name=opinion]")).to_be_focused()
    assert "请填写意见" in main_text(page)
    page.fill("textarea[name=opinion]", "请把两期合并申报。")
    page.click("main form button[type=submit]")
    expect(page.locator("main .note.ok")).to_contain_text("已退回")

    clerk_asks_again(world, page, live_site)
    row.refresh_from_db()
    assert (row.state, row.current, row.amount) == ("pending", 2, 60000)
    for who in ("principal_a", "group_finance", "president", "finance_1"):
        enter(page, live_site, world.users[who], row.get_absolute_url())
        assert "第 2 版" in main_text(page)
        agree_on_its_page(page)

    leader_waits_for_minutes(world, page, live_site, row)
    row.refresh_from_db()
    assert row.state == "approved"
    assert row.versions.get(number=2).decisions.count() == 5
    flow = page.inner_text("section[aria-labelledby=h-flow]")
    assert flow.index("请把两期合并申报。") < flow.index("修改后重新提交") < flow.index("登记会议纪要")


def clerk_asks_again(world: Any, page: Any, site: str) -> None:
    """Told why, in the notification and in the to-do list; the form holds the first version."""
    enter(page, site, world.clerk_a, "/notifications/")
    expect(page.locator("main .lines li").first).to_contain_text("被退回：请把两期合并申报。")
    page.goto(site)
    returned = page.locator("main .inbox tbody tr")
    expect(returned).to_contain_text("退回待改")
    returned.locator("a:has-text('修改')").click()
    expect(page.locator("#id_lines-0-amount")).to_have_value("30,000.00")
    page.fill("#id_lines-0-amount", "60,000")
    wait_for_preview(page, "60,000.00")
    assert route_shown(page) == TO_LEADER
    assert "终审前须登记会议纪要" in page.inner_text("#preview")
    page.click("button[name=submit] >> visible=true")
    expect(page.locator("main .note.ok")).to_contain_text("已提交。")


def leader_waits_for_minutes(world: Any, page: Any, site: str, row: FundRequest) -> None:
    """The refusal with its clause stands at the disabled button before anybody tries."""
    enter(page, site, world.leader)
    expect(page.locator("main .inbox")).to_contain_text("待登记纪要")
    expect(page.locator("main .inbox button:has-text('同意')")).to_have_count(0)
    page.click("main .inbox a.ttl")
    expect(page.locator("#decision .verbs button:has-text('同意')")).to_be_disabled()
    why = page.inner_text("#decision .why")
    assert "请先登记会议纪要再审批" in why
    assert "昆政办发〔2019〕132号 四、2" in why

    enter(page, site, world.office, row.get_absolute_url())
    page.click("#decision a:has-text('登记会议纪要')")
    for name, value in {"body": "集团党委会", "number": "2026-8", "held_on": f"{clock.today():%Y-%m-%d}",
                        "due": "9", "present": "5", "conclusion": "同意。"}.items():  # fmt: skip
        page.fill(f"#id_{name}", value)
    page.click("main form button[type=submit]")
    expect(page.locator("main [role=alert]").first).to_contain_text("三分之二")
    page.fill("#id_present", "7")
    page.click("main form button[type=submit]")
    expect(page.locator("main .note.ok")).to_contain_text("会议纪要已登记。")

    enter(page, site, world.leader, row.get_absolute_url())
    page.fill("#opinion", "同意，按会议决定办理。")
    agree_on_its_page(page)
