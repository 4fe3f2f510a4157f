"""What goes wrong while one works: each mishap gets its own sentence, nothing typed is lost, nothing is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from finance.actions import deciding, drafting, submitting
from finance.models import Decision, FundRequest
from kunshan_edu.core import clock
from kunshan_edu.core.models import AuditEvent
from tests.browser.visits import (
    enter,
    fill_line,
    fill_request,
    main_text,
    of_request,
    sign_in,
    wait_for_preview,
)
from tests.finance.requests import ask, line, make, totals

NEW = "/fund-requests/new/"
SUBMIT = "button[name=submit] >> visible=true"
AGREE = "#decision .verbs button:has-text('同意')"
WRONG = {
    "0": "金额必须大于 0",
    "-5": "金额必须大于 0",
    "NaN": "看不懂这个金额",
    "1e3": "科学计数法",
    "0.005": "最多精确到分",
    "12,00": "千位逗号的位置不对",
}
# In a hidden field: no screen is asked to draw it.
TWENTY_MB = """() => { const input = document.createElement('input'); input.type = 'hidden'; input.name = 'more';
    input.value = 'x'.repeat(20 * 1024 * 1024); document.getElementById('request-form').append(input) }"""
TWICE = """() => { const form = document.getElementById('decision')
    const send = () => fetch(form.querySelector('.verbs [data-key=a]').formAction,
        {method: 'POST', body: new URLSearchParams(new FormData(form))}).then(r => [r.status, r.url])
    return Promise.all([send(), send()]) }"""


def expire(page: Any) -> None:
    page.context.clear_cookies(name="sessionid")


def test_wrong_amounts_each_have_a_sentence(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, world.clerk_a, NEW)
    fill_request(page, clock.today(), title="六校联合教研活动")
    for typed, sentence in WRONG.items():
        fill_line(page, 0, typed, category="培训费")
        with page.expect_navigation():
            page.click(SUBMIT)
        assert sentence in page.inner_text(".errors")
        assert sentence in page.inner_text("#lines tbody tr >> nth=0")
        assert page.input_value("#id_lines-0-amount") == typed
        assert page.input_value("#id_title") == "六校联合教研活动"
    for typed, amount in (("1,200.00", "1,200.00"), ("１２００", "1,200.00"), ("1.2万", "12,000.00")):
        page.fill("#id_lines-0-amount", typed)
        wait_for_preview(page, amount)
    assert not FundRequest.objects.exists()


def test_over_budget_is_refused_with_both_figures_on_the_screen(
    world: Any, page: Any, live_site: str
) -> None:
    enter(page, live_site, world.clerk_a, NEW)
    fill_request(page, clock.today(), title="六校联合教研活动")
    fill_line(page, 0, "250,000", category="教科研活动费")
    sentence = "可用 200,000.00 元，本次 250,000.00 元，差 50,000.00 元"
    expect(page.locator("#preview .note.bad")).to_contain_text(sentence)
    page.click(SUBMIT)
    alert = page.locator("main [role=alert]")
    expect(alert).to_contain_text(sentence)
    expect(alert).to_contain_text("昆政办发〔2019〕132号 四、2")
    expect(alert).to_be_focused()
    assert page.input_value("#id_title") == "六校联合教研活动"
    assert page.input_value("#id_lines-0-amount") == "250,000.00"
    assert not FundRequest.objects.exists()
    page.fill("#id_lines-0-amount", "200,000")
    page.click(SUBMIT)
    expect(page.locator("main .note.ok")).to_contain_text("已提交。")
    assert totals(world) == (200_000, 200_000, 0)


def test_an_opinion_survives_an_expired_session(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a, row.get_absolute_url())
    page.type("#opinion", "请补充三家单位的报价。")
    expire(page)
    page.click("#decision .verbs button:has-text('退回')")
    assert "登录已过期" in main_text(page)
    assert not Decision.objects.exists()
    sign_in(page, "principal_a")
    assert page.url == live_site + row.get_absolute_url()
    expect(page.locator("#opinion")).to_have_value("请补充三家单位的报价。")
    page.click("#decision .verbs button:has-text('退回')")
    expect(page.locator("main .note.ok")).to_contain_text("已退回")
    assert Decision.objects.get().opinion == "请补充三家单位的报价。"


def test_another_person_on_the_same_machine_does_not_get_the_draft(
    world: Any, page: Any, live_site: str
) -> None:
    enter(page, live_site, world.clerk_a, NEW)
    page.type("#id_title", "六校联合教研活动")
    expect(page.locator("[data-draft-note]")).to_contain_text("草稿已保存")
    expire(page)
    page.click(SUBMIT)
    sign_in(page, "clerk_b")
    expect(page.locator("#id_title")).to_have_value("")
    enter(page, live_site, world.clerk_a, NEW)
    expect(page.locator("#id_title")).to_have_value("六校联合教研活动")


def test_an_expired_session_in_the_inbox_leads_to_the_sign_in_page_and_back(
    world: Any, page: Any, live_site: str
) -> None:
    ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a)
    expire(page)
    page.click("main .inbox button:has-text('同意')")
    page.wait_for_url("**/sign-in/**")
    assert "登录已过期" in main_text(page)
    sign_in(page, "principal_a")
    assert "1 件事项待办" in page.inner_text("h1")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("place", ["inbox", "detail"])
def test_a_double_click_is_one_decision(world: Any, page: Any, live_site: str, place: str) -> None:
    row = ask(world, "clerk_a", "30000.00")
    enter(page, live_site, world.principal_a, row.get_absolute_url() if place == "detail" else "/")
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status))
    page.dblclick(AGREE if place == "detail" else "main .inbox button:has-text('同意')")
    expect(page.locator("main .note.ok").first).to_contain_text("已同意。")
    page.wait_for_load_state("networkidle")  # the second answer too
    assert max(answers) < 400
    expect(page.locator("main .note.bad")).to_have_count(0)
    one_decision(world, row)


def one_decision(world: Any, row: FundRequest) -> None:
    assert Decision.objects.get().actor == world.principal_a
    assert AuditEvent.objects.of(row).filter(verb="finance.approve").count() == 1


def test_two_clicks_at_the_same_moment_get_the_same_answer(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "30000.00")
    enter(page, live_site, world.principal_a, row.get_absolute_url())
    both = page.evaluate(TWICE)
    assert both == [[200, live_site + row.get_absolute_url()]] * 2
    one_decision(world, row)


def test_a_double_click_on_submit_makes_one_request(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, world.clerk_a, NEW)
    fill_request(page, clock.today())
    fill_line(page, 0, "3,000", category="培训费")
    page.dblclick(SUBMIT)
    expect(page.locator("main .note.ok").first).to_contain_text("已提交。")
    page.wait_for_load_state("networkidle")
    assert FundRequest.objects.get().state == "pending"
    assert totals(world, category="training") == (200_000, 3_000, 0)


def test_what_changed_in_another_tab_is_not_agreed_to(
    world: Any, context: Any, page: Any, live_site: str
) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a, row.get_absolute_url())
    page.type("#opinion", "同意，尽快办理。")
    other = context.new_page()
    other.goto(live_site + row.get_absolute_url())
    other.fill("#opinion", "请核减。")
    other.click("#decision .verbs button:has-text('退回')")
    expect(other.locator("main .note.ok")).to_contain_text("已退回")
    row.refresh_from_db()
    row = drafting.edit(row, lines=[line(world, "school_a", "9500.00")], by=world.clerk_a)
    submitting.submit(row, by=world.clerk_a)

    page.click(AGREE)
    alert = page.locator("main [role=alert]")
    expect(alert).to_contain_text("您看到的是第 1 版，申请现为第 2 版，金额 9,500.00 元")
    expect(alert).to_be_focused()
    expect(page.locator("textarea[name=opinion]")).to_have_value("同意，尽快办理。")
    row.refresh_from_db()
    assert row.state == "pending"
    page.click("main a:has-text('查看新版本')")
    page.click(AGREE)
    expect(page.locator("main .note.ok")).to_contain_text("已同意。")
    assert Decision.objects.latest("pk").amount == Decimal("9500.00")


def test_what_somebody_else_decided_meanwhile_says_so(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a)
    deciding.withdraw(row, by=world.clerk_a)
    page.click("main .inbox button:has-text('同意')")
    expect(page.locator("main [role=alert]")).to_contain_text("可能已被他人办理或撤回")
    assert not Decision.objects.exists()


def test_a_vanished_draft_is_a_plain_sentence_and_what_was_typed_is_kept(
    world: Any, page: Any, live_site: str
) -> None:
    row = make(world, "clerk_a", "3000.00")
    enter(page, live_site, world.clerk_a, of_request("edit", row))
    page.type("#id_purpose", "，补充说明")
    expect(page.locator("[data-draft-note]")).to_contain_text("草稿已保存")
    drafting.delete(row, by=world.clerk_a)
    with page.expect_response(lambda response: response.request.method == "POST") as posted:
        page.click(SUBMIT)
    assert posted.value.status == 404
    assert "没有找到" in main_text(page)
    assert "，补充说明" in page.evaluate("Object.values(localStorage).join()")
    assert not FundRequest.objects.exists()


def test_somebody_elses_request_tells_nothing(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    for address in (row.get_absolute_url(), of_request("edit", row), of_request("verb", row, "approve")):
        enter(page, live_site, world.clerk_e, address)
        assert "没有找到" in main_text(page)
        assert "示例事项" not in page.content()


def test_a_body_of_20_mb_is_refused_in_plain_words_and_nothing_is_lost(
    world: Any, page: Any, live_site: str
) -> None:
    enter(page, live_site, world.clerk_a, NEW)
    fill_request(page, clock.today(), title="六校联合教研活动")
    fill_line(page, 0, "3,000", category="培训费")
    wait_for_preview(page, "3,000.00")
    page.evaluate(TWENTY_MB)
    with page.expect_response(lambda response: response.request.method == "POST") as posted:
        page.click(SUBMIT)
    assert posted.value.status == 413
    assert "提交的内容超过 10 MB，系统没有接收，也没有保存任何改动。" in main_text(page)
    assert not FundRequest.objects.exists()
    page.go_back()
    expect(page.locator("#id_title")).to_have_value("六校联合教研活动")
    expect(page.locator("#id_lines-0-amount")).to_have_value("3,000")
