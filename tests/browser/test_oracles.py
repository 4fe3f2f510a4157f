"""The worked requests of the design in a real browser: the chain stands beside the form, and the request goes it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from finance.models import FundRequest
from kunshan_edu.core import clock
from tests.browser.visits import (
    TO_LEADER,
    TO_PRESIDENT,
    agree_on_its_page,
    enter,
    fill_line,
    fill_request,
    of_request,
    route_shown,
    wait_for_preview,
)
from tests.finance.requests import ask, minutes

NEW = "/fund-requests/new/"

# number: (maker, category, amount as typed, bearing school if chosen, beneficiary, the chain that must be shown)
ORACLES: dict[str, tuple[str, str, str, str, str, list[str]]] = {
    "1": ("clerk_a", "教科研活动费", "4,860.00", "", "", ["执行校长审批（终审）"]),
    "2": ("clerk_a", "培训费", "10,000.00", "", "", ["执行校长审批（终审）"]),
    "3": ("clerk_a", "培训费", "10,000.01", "", "", TO_PRESIDENT),
    "4": ("clerk_b", "会议费", "33,000.00", "", "", TO_PRESIDENT),
    "6": ("office", "教科研活动费", "8,000.00", "school_a", "", ["总校长审批（终审）", "执行校长入账确认"]),
    "7": ("office", "教科研活动费", "50,000.00", "school_a", "", ["总校长审批（终审）", "执行校长入账确认"]),
    "8": (
        "office",
        "培训费",
        "50,000.01",
        "school_a",
        "",
        ["总校长同意", "市教育局计财科复核", "市教育局领导审批（终审）", "执行校长入账确认"],
    ),
    "9": ("clerk_c", "教科研活动费", "86,000.00", "", "", [*TO_LEADER[:3], "区镇复核", *TO_LEADER[3:]]),
    "10": ("clerk_a", "教科研活动费", "4,000.00", "", "", TO_PRESIDENT),
    "11": ("principal_a", "培训费", "1,200.00", "", "", ["总校长审批（终审）"]),
    "12": (
        "clerk_a",
        "培训费",
        "3,000.00",
        "",
        "president",
        ["执行校长同意", "市教育局计财科复核", "市教育局领导审批（终审）"],
    ),
}
TRAVELLING = ("1", "3", "6", "9")
COLLECTIVE = ("7", "8", "9")  # at or above C: minutes before the deciding step
DECIDERS = {
    "集团财务": "group_finance",
    "总校长": "president",
    "区镇": "district_officer",
    "市教育局计财科": "finance_1",
    "市教育局领导": "leader",
}


def decider(step: str, school: str) -> str:
    """Who is asked by a step of that name, of a request borne by that school (a, b or c)."""
    found = [who for role, who in DECIDERS.items() if step.startswith(role)]
    return found[0] if found else f"principal_{school}"


def oracle_on_the_form(world: Any, page: Any, site: str, number: str) -> list[str]:
    """Fills in the form for that oracle; the chain that the preview shows."""
    who, category, amount, bearer, beneficiary, _expected = ORACLES[number]
    if number == "10":
        for _ in range(2):
            ask(world, "clerk_a", "4000.00")
    enter(page, site, world.users[who], NEW)
    fill_request(page, clock.today())
    if beneficiary:
        page.select_option("#id_beneficiary", label=world.users[beneficiary].name)
    fill_line(page, 0, amount, category=category, school=world.schools[bearer].short_name if bearer else "")
    wait_for_preview(page, amount)
    return route_shown(page)


@pytest.mark.parametrize("number", ORACLES)
def test_an_oracle_request_shows_its_chain_before_it_is_submitted(
    world: Any, page: Any, live_site: str, number: str
) -> None:
    expected = ORACLES[number][-1]
    assert oracle_on_the_form(world, page, live_site, number) == expected
    shown = page.inner_text("#preview")
    assert ("会议纪要" in shown) is (number in COLLECTIVE)
    assert ("合并按 12,000.00 元" in shown) is (number == "10")
    if number in TRAVELLING:
        page.click("button[name=submit] >> visible=true")
        expect(page.locator("main .note.ok")).to_contain_text("已提交。")
        travel(world, page, live_site, FundRequest.objects.get(), expected)


def travel(world: Any, page: Any, site: str, row: FundRequest, steps: list[str]) -> None:
    """Everybody who is asked agrees on the page of the request, in the order of the chain; the cashier pays."""
    school = row.versions.get().lines.get().school
    letter = next(key[-1] for key, each in world.schools.items() if each == school)
    if row.versions.get().needs_minutes:
        minutes(world, row, "office")
    for step in steps:
        enter(page, site, world.users[decider(step, letter)], row.get_absolute_url())
        agree_on_its_page(page)
    enter(page, site, world.users[f"cashier_{letter}"], of_request("verb", row, "pay"))
    page.fill("#id_voucher_no", "记-7")
    page.click("main form button[type=submit]")
    expect(page.locator("main .st", has_text="已支付").first).to_be_visible()
    row.refresh_from_db()
    assert row.state == "paid"
    assert [d.actor for d in row.versions.get().decisions.order_by("id")] == [
        world.users[decider(step, letter)] for step in steps
    ]
