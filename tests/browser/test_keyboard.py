"""By keyboard alone: from the sign-in page to a decision, with the focus always visible and never lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from finance.models import Decision
from tests.browser.visits import enter, focused
from tests.finance.requests import ask
from tests.personnel.staffing import on_staff
from tests.world import PASSWORD

RING = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 }"""
ON_SCREEN = """() => { const e = document.activeElement, box = e.getBoundingClientRect();
    return e !== document.body && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight }"""
ADDRESSES = ("/", "/fund-requests/", "/fund-requests/new/", "/profile/", "/notifications/")


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_from_the_sign_in_page_to_a_decision(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    page.goto(live_site)
    assert focused(page)["name"] == "username"
    page.keyboard.type("principal_a")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page.locator("h1")).to_contain_text("1 件事项待办")
    press(page, "j")
    assert focused(page)["text"] == "示例事项"
    press(page, "Enter")
    page.wait_for_url(f"**{row.get_absolute_url()}")
    press(page, "a")
    assert focused(page)["key"] == "a"
    assert page.evaluate(RING)
    assert not Decision.objects.exists()
    press(page, "Enter")
    expect(page.locator("main .note.ok")).to_contain_text("已同意。")
    assert Decision.objects.get().actor == world.principal_a


def test_a_return_without_a_reason_leads_to_the_field(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a, row.get_absolute_url())
    press(page, "r", "Enter")
    page.wait_for_url("**/return/")
    opinion = page.locator("textarea[name=opinion]")
    expect(opinion).to_be_focused()
    expect(opinion).to_have_attribute("aria-invalid", "true")
    told = opinion.get_attribute("aria-describedby") or ""
    assert any("请填写意见" in page.inner_text(f"#{each}") for each in told.split())
    page.keyboard.type("rax 请补充。")  # letters are letters while one types
    expect(opinion).to_have_value("rax 请补充。")
    press(page, "Tab", "Enter")
    expect(page.locator("main .note.ok")).to_contain_text("已退回")


def test_after_agreeing_in_the_inbox_the_focus_is_on_the_result(
    world: Any, page: Any, live_site: str
) -> None:
    for payee in ("示例书店", "示例纸行"):
        ask(world, "clerk_a", "3000.00", payee=payee)
    enter(page, live_site, world.principal_a)
    press(page, "j", "Tab")
    assert focused(page)["text"].startswith("同意")
    press(page, "Enter")
    expect(page.locator("h1")).to_contain_text("1 件事项待办")
    expect(page.locator("main .notes")).to_be_focused()
    assert "已同意。" in focused(page)["text"]
    press(page, "j", "Tab", "Enter")
    expect(page.locator("h1")).to_contain_text("没有待办事项")
    assert Decision.objects.count() == 2


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_skip_link_is_first_and_every_stop_is_seen(
    world: Any, page: Any, live_site: str, address: str
) -> None:
    ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a, address)
    press(page, "Tab")
    assert focused(page)["cls"] == "skip"
    assert page.evaluate(ON_SCREEN)
    stops = set()
    for _ in range(80):
        assert page.evaluate(RING), focused(page)
        assert page.evaluate(ON_SCREEN), focused(page)
        stops.add(page.evaluate("document.activeElement.outerHTML"))
        press(page, "Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
    else:
        pytest.fail("the keyboard never comes to the end of the page")
    assert len(stops) > 10


def test_the_skip_link_leads_past_the_navigation(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, world.principal_a, "/fund-requests/")
    press(page, "Tab", "Enter", "Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_single_keys_walk_and_focus_but_never_decide(world: Any, page: Any, live_site: str) -> None:
    for amount in ("3000.00", "4000.00"):
        ask(world, "clerk_a", amount, payee=amount)
    enter(page, live_site, world.principal_a, "/fund-requests/")
    titles = page.locator("#rows a.ttl")
    expect(titles).to_have_count(2)
    press(page, "j", "j")
    expect(titles.nth(1)).to_be_focused()
    press(page, "k")
    expect(titles.nth(0)).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#decision")).to_be_visible()
    for key in "arx":
        press(page, key)
        assert focused(page)["key"] == key
    press(page, "Control+a")
    assert focused(page)["key"] == "x"
    assert not Decision.objects.exists()


def test_single_keys_can_be_switched_off(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, world.principal_a, "/profile/")
    switch = page.locator("main [data-look=keys]")
    switch.focus()
    press(page, "Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    for address, key in (("/", "j"), (row.get_absolute_url(), "a")):
        page.goto(live_site + address)
        press(page, key)
        assert focused(page)["tag"] == "BODY"


def test_a_menu_closes_by_escape_and_gives_the_focus_back(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, world.principal_a)
    menu = page.locator("details.user summary")
    menu.focus()
    press(page, "Enter", "Tab")
    assert focused(page)["text"].strip() == "我的"
    press(page, "Escape")
    expect(menu).to_be_focused()
    expect(page.locator("details.user")).not_to_have_attribute("open", "")


def test_somebody_typed_in_part_is_picked_from_what_is_suggested(
    world: Any, page: Any, live_site: str
) -> None:
    teacher = on_staff(world, world.school_a, who="teacher")
    enter(page, live_site, world.principal_a, "/rotations/new/")
    typed = page.locator("#id_staff")
    typed.focus()
    page.keyboard.type("示例teach")
    offered = page.locator("#id_staff_suggested button")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text(world.school_a.short_name)
    press(page, "Tab", "Enter")
    expect(typed).to_have_value(str(teacher))
    expect(typed).to_be_focused()
    expect(offered).to_have_count(0)
