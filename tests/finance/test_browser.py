"""The pages of the special fund in a real browser: what is typed survives, what is filtered is swapped in."""

from __future__ import annotations

from django.urls import reverse

from tests.finance.requests import ask
from tests.world import PASSWORD


def url(name):
    return reverse(f"finance:{name}")


def sign_in(page, who):
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main form[method=post] button.wide")


def test_typing_shows_the_way_and_survives_an_expired_session(page, live_site, world):
    page.goto(f"{live_site}{url('fund_request_new')}")
    sign_in(page, "clerk_a")
    page.fill("#id_title", "六校联合教研活动")
    page.click("#more button")
    page.wait_for_selector("#id_lines-3-amount")
    page.fill("#id_lines-3-description", "第四行")
    page.select_option("#id_lines-3-category", label="教科研活动费")
    page.fill("#id_lines-3-amount", "12,000")
    page.wait_for_selector("#preview >> text=壹万贰仟元整")
    assert world.president.name in page.inner_text("#preview")
    page.wait_for_selector("[data-draft-note] >> text=草稿已保存")
    page.context.clear_cookies(name="sessionid")
    page.click("main button.p[name=submit]")
    page.wait_for_selector("text=登录已过期")
    sign_in(page, "clerk_a")
    page.wait_for_selector("#id_lines-3-amount")
    assert page.input_value("#id_title") == "六校联合教研活动"
    assert page.input_value("#id_lines-3-description") == "第四行"
    assert page.input_value("#id_lines-3-amount") == "12,000"


def test_the_list_narrows_while_one_types(page, live_site, world, django_db_blocker):
    with django_db_blocker.unblock():
        ask(world, "clerk_a", "4860.00", payee="示例印刷厂")
        ask(world, "clerk_a", "300.00", payee="示例书店")
    page.goto(f"{live_site}{url('fund_request_list')}")
    sign_in(page, "clerk_a")
    page.fill("#id_q", "印刷")
    page.wait_for_url("**q=*")
    page.wait_for_function("document.querySelectorAll('#rows a.ttl').length === 1")
    swapped = page.inner_html("#rows")
    page.reload()
    assert page.inner_html("#rows") == swapped
