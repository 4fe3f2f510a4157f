"""What visitors do in a real browser, for the tests: come in, fill in the form of a request, read what is shown."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.world import PASSWORD

# The steps as pages name them, of a request that the president, or the bureau, has the last word on.
TO_PRESIDENT = ["执行校长同意", "集团财务审核", "总校长审批（终审）"]
TO_LEADER = [
    "执行校长同意",
    "集团财务审核",
    "总校长同意",
    "市教育局计财科复核",
    "市教育局领导审批（终审）",
]


def sign_in(page: Any, who: str) -> None:
    """Through the form of the sign-in page that is shown."""
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def enter(page: Any, site: str, user: Any, path: str = "/") -> None:
    """As that person from now on, without the sign-in page, to save its time; whoever was there before is out."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    page.goto(f"{site}{path}")


def of_request(name: str, row: Any, *more: Any) -> str:
    return reverse(f"finance:fund_request_{name}", args=[row.pk, *more])


def fill_line(page: Any, number: int, amount: str, *, category: str = "", school: str = "") -> None:
    """One row of the form, numbered from 0. category, school: the labels to choose."""
    page.fill(f"#id_lines-{number}-description", "示例用途")
    if school:
        page.select_option(f"#id_lines-{number}-school", label=school)
    if category:
        page.select_option(f"#id_lines-{number}-category", label=category)
    page.fill(f"#id_lines-{number}-amount", amount)


def fill_request(page: Any, day: Any, *, title: str = "示例事项", payee: str = "示例书店") -> None:
    """Everything but the rows."""
    page.fill("#id_title", title)
    page.fill("#id_purpose", "示例事由，用于本校教研。")
    page.fill("#id_used_on", f"{day:%Y-%m-%d}")
    page.fill("#id_payee", payee)


def wait_for_preview(page: Any, amount: str) -> None:
    """Until the preview beside the form is about that amount, as 12,000.00."""
    expect(page.locator("#preview .figure")).to_contain_text(amount)


def route_shown(page: Any) -> list[str]:
    """The chain of the preview: the name of each step without its people, 执行校长审批（终审）."""
    names = page.locator("#preview ol.flow li").evaluate_all(
        "rows => rows.map(li => li.querySelector('.who').nextSibling.textContent)"
    )
    return [re.sub(r"\s+", "", name) for name in names]


def main_text(page: Any) -> str:
    return page.inner_text("main")


def focused(page: Any) -> dict[str, Any]:
    """What has the focus: its tag, id, name and words."""
    return page.evaluate(
        "() => { const e = document.activeElement; return {tag: e.tagName, id: e.id, name: e.name || '',"
        " key: e.dataset.key || '', text: e.innerText || '', cls: e.className} }"
    )


def unread(page: Any) -> int:
    """The number at the bell."""
    dot = page.locator("header .tools .dot")
    return int(dot.inner_text()) if dot.count() else 0


def agree_on_its_page(page: Any) -> None:
    """On the page of a request that waits for this person."""
    page.click("#decision .verbs button:has-text('同意')")
    expect(page.locator("main .note.ok")).to_contain_text("已同意。")
