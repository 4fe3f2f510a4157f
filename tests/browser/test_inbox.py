"""The inbox in a real browser: approving in place with htmx, and the page after the swap is the page after a reload."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from finance.models import FundRequest
from tests.finance.requests import ask
from tests.world import PASSWORD


def enter(page: Any, site: str, who: str) -> None:
    page.goto(site)
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site}/")


def shown(page: Any) -> str:
    """What the main part holds, without keys, messages and the traces that scripts leave."""
    page.evaluate("document.querySelectorAll('main .notes').forEach((each) => each.remove())")
    html = re.sub(r' (data-seen|data-htmx-\w+|tabindex)="[^"]*"', "", page.inner_html("main"))
    html = re.sub(r'(name="(?:idem|csrfmiddlewaretoken)" value=")[^"]+', r"\1", html)
    return re.sub(r"\s+", " ", html)


def test_one_approves_in_the_inbox_without_leaving_it(world: Any, page: Any, live_site: str) -> None:
    first, second = (ask(world, "clerk_a", amount) for amount in ("3000.00", "4000.00"))
    enter(page, live_site, "principal_a")
    page.evaluate("window.stayed = true")
    page.click("main .inbox button:has-text('同意') >> nth=0")
    page.wait_for_selector("h1:has-text('您有 1 件事项待办')")
    assert page.evaluate("window.stayed") is True
    assert page.url == f"{live_site}/"
    assert "已同意。" in page.inner_text("main")
    rows = dict(FundRequest.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "state"))
    assert rows == {first.pk: "approved", second.pk: "pending"}
    swapped = shown(page)
    page.reload()
    assert shown(page) == swapped


def test_a_refused_approval_says_why_in_place(world: Any, page: Any, live_site: str) -> None:
    row = ask(world, "clerk_a", "3000.00")
    enter(page, live_site, "principal_a")
    page.evaluate("document.querySelector('main [name=amount]').value = '1.00'")
    page.click("main .inbox button:has-text('同意')")
    page.wait_for_selector("main [role=alert]")
    assert "不能办理" in page.inner_text("main")
    row.refresh_from_db()
    assert row.state == "pending"


def test_a_list_is_narrowed_while_typing(world: Any, page: Any, live_site: str) -> None:
    enter(page, live_site, "clerk_a")
    page.goto(f"{live_site}/schools/")
    rows = page.locator("#rows tbody tr")
    expect(rows).to_have_count(5)
    page.type("[name=q]", "示例B")
    expect(rows).to_have_count(1)
    assert "q=" in page.url
    page.reload()
    expect(rows).to_have_count(1)
