"""The pages of the special fund: who sees what, lists, what a page costs; funds and Measures."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.actions import deciding, measures
from finance.choices import RequestState
from finance.models import GroupFund, Measures
from kunshan_edu.core import clock
from tests.finance.pages import get, seen, send, signed_in, text, url
from tests.finance.requests import ask, granted, line, make, totals
from tests.world import prepare_measures

pytestmark = pytest.mark.django_db

# The most queries that a page makes, whatever its size: sign-in, rights and the shell's two or three included.
# A page that previews a chain also reads every post that the chain could ask.
QUERY_COUNTS = {
    "fund_request_list": 12,
    "fund_request_detail": 12,
    "draft": 30,
    "fund_request_new": 12,
    "fund_request_edit": 32,
    "fund_list": 12,
    "fund_detail": 12,
    "measures_list": 12,
    "measures_detail": 12,
}


# Who sees what


PAGES = {
    "clerk_a": ("fund_request_list", "fund_request_new", "fund_list", "measures_list"),
    "office": ("fund_request_list", "fund_request_new", "fund_list", "measures_list"),
    "finance_1": ("fund_request_list", "fund_list", "fund_new", "measures_list", "measures_new"),
    "parent": ("fund_request_list", "fund_list", "measures_list"),
}


@pytest.mark.parametrize(("who", "name"), [(who, name) for who, names in PAGES.items() for name in names])
def test_pages_open_and_hold_no_inline_code(world, who, name):
    page = get(world, who, name)
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on", text(page))


@pytest.mark.parametrize(
    ("who", "name"),
    [("parent", "fund_request_new"), ("president", "fund_new"), ("clerk_a", "measures_new")],
)
def test_who_may_not_begin_is_told_why_with_the_clause(world, who, name):
    page = get(world, who, name)
    assert page.status_code == 403
    assert "昆政办发〔2019〕132号 四、2" in text(page)


@pytest.mark.parametrize("name", ["fund_request_list", "fund_list", "measures_list"])
def test_strangers_are_sent_to_sign_in(client, name):
    answer = client.get(url(name))
    assert answer.status_code == 302
    assert reverse("core:sign_in") in answer.headers["Location"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk_a", 200),
        ("principal_a", 200),
        ("president", 200),
        ("group_finance", 200),
        ("finance_1", 200),
        ("clerk_b", 404),
        ("principal_b", 404),
        ("other_president", 404),
        ("clerk_e", 404),
        ("district_officer", 404),
        ("teacher", 404),
        ("parent", 404),
        ("admin", 404),
    ],
)
def test_who_sees_a_request_of_school_a(world, who, status):
    row = ask(world, "clerk_a", "4860.00")
    assert get(world, who, "fund_request_detail", row.pk).status_code == status
    assert (row.get_absolute_url() in text(get(world, who, "fund_request_list"))) == (status == 200)
    verb = get(world, who, "fund_request_verb", row.pk, "approve")
    assert (verb.status_code == 404) == (status == 404)


def test_a_draft_is_its_requesters_own(world):
    row = make(world, "clerk_a", "4860.00")
    assert get(world, "principal_a", "fund_request_detail", row.pk).status_code == 404
    assert get(world, "clerk_a", "fund_request_detail", row.pk).status_code == 200
    assert get(world, "head_a", "fund_request_edit", row.pk).status_code == 404


def test_somebody_elses_request_cannot_be_decided_even_knowing_its_number(world):
    row = ask(world, "clerk_a", "4860.00")
    answer = send(world, "principal_b", url("fund_request_verb", row.pk, "approve"), seen(row))
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.state == RequestState.PENDING


def test_a_schools_people_see_only_their_own_lines_of_the_fund(world):
    page = text(get(world, "clerk_a", "fund_detail", world.fund.pk))
    assert str(world.school_a) in page
    assert str(world.school_b) not in page
    assert "800,000.00" in page
    assert "2,400,000.00" in text(get(world, "president", "fund_detail", world.fund.pk))
    assert get(world, "clerk_a", "fund_detail", world.other_fund.pk).status_code == 404


# The list


def test_the_list_after_an_htmx_swap_equals_the_list_after_a_reload(world):
    for amount in ("4860.00", "12000.00", "99.00"):
        ask(world, "clerk_a", amount, payee=f"收款{amount}")
    make(world, "clerk_a", "10.00")
    client = signed_in(world, "clerk_a")
    for query in ("", "?q=12000", "?state=pending", "?who=own&q=nothing"):
        whole = text(client.get(url("fund_request_list") + query))
        headers = {"HX-Request": "true", "HX-Target": "div#rows"}
        part = text(client.get(url("fund_request_list") + query, headers=headers)).strip()
        assert part.startswith('<div id="rows">')
        assert part in whole
        assert "<html" not in part


def test_tabs_count_what_they_show(world):
    ask(world, "clerk_a", "4860.00")
    granted(world, "clerk_a", "200.00", payee="乙")
    granted(world, "clerk_b", "300.00", school="school_b")
    make(world, "clerk_a", "10.00")
    for who, query, count in (
        ("clerk_a", "", 3),
        ("clerk_a", "?state=draft", 1),
        ("clerk_a", "?state=approved", 1),
        ("president", "", 3),
        ("principal_a", "?who=waiting", 1),
        ("cashier_a", "?who=payable", 1),
        ("cashier_b", "?who=payable", 1),
        ("clerk_b", "?who=own", 1),
    ):
        response = signed_in(world, who).get(url("fund_request_list") + query)
        [here] = [tab for tab in response.context["tabs"] if tab["here"]]
        assert (here["n"], response.context["page"].paginator.count) == (count, count), (who, query)


def test_filters_narrow_the_tabs_too(world):
    ask(world, "clerk_a", "4860.00", payee="示例印刷厂")
    ask(world, "clerk_b", "300.00", school="school_b")
    client = signed_in(world, "president")
    for query, count in (
        ("?q=印刷", 1),
        ("?q=SL-", 2),
        (f"?school={world.school_b.pk}", 1),
        (f"?year={world.fund.fiscal_year}", 2),
        (f"?group={world.group.pk}", 2),
    ):
        context = client.get(url("fund_request_list") + query).context
        assert (context["page"].paginator.count, context["tabs"][0]["n"]) == (count, count), query


def test_a_wrong_filter_narrows_nothing_and_says_so(world):
    ask(world, "clerk_a", "4860.00")
    page = get(world, "clerk_a", "fund_request_list", data={"year": "1066", "state": "lost"})
    assert page.status_code == 200
    assert page.context["page"].paginator.count == 1
    assert "年度：" in text(page)


def test_the_empty_list_teaches_the_clauses(world):
    page = text(get(world, "clerk_a", "fund_request_list"))
    assert "制定《集团管理专项经费使用办法》" in page
    assert "科学设定总校长及执行校长的资金使用审批权限" in page
    assert url("fund_request_new") in page
    assert url("fund_request_new") not in text(get(world, "parent", "fund_request_list"))


def test_the_list_says_for_whom_a_request_waits(world):
    ask(world, "clerk_a", "12000.00")
    assert "待执行校长同意" in text(get(world, "clerk_a", "fund_request_list"))


# What a page costs


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_stay_within_their_queries(world):
    draft = make(world, "clerk_a", "4860.00")
    row = ask(world, "clerk_a", "34860.00")
    addresses = {
        "fund_request_list": url("fund_request_list"),
        "fund_request_detail": url("fund_request_detail", row.pk),
        "draft": url("fund_request_detail", draft.pk),
        "fund_request_new": url("fund_request_new"),
        "fund_request_edit": url("fund_request_edit", draft.pk),
        "fund_list": url("fund_list"),
        "fund_detail": url("fund_detail", world.fund.pk),
        "measures_list": url("measures_list"),
        "measures_detail": url("measures_detail", world.measures.pk),
    }
    client = signed_in(world, "clerk_a")
    counts = {name: count(client, address) for name, address in addresses.items()}
    assert {name: n for name, n in counts.items() if n > QUERY_COUNTS[name]} == {}


def test_a_page_of_many_costs_no_more_queries_than_a_page_of_few(world):
    ask(world, "clerk_a", "10.00")
    few = count(signed_in(world, "president"), url("fund_request_list"))
    for n in range(30):
        ask(world, "clerk_a", f"{n + 11}.00", payee=f"收款 {n}")
    assert count(signed_in(world, "president"), url("fund_request_list")) == few
    assert count(signed_in(world, "president"), url("fund_request_list") + "?page=2") == few


def test_a_long_life_costs_no_more_queries_than_a_short_one(world):
    row = ask(world, "clerk_a", "34860.00", lines=[line(world, "school_a", "3000.00")] * 8)
    short = count(signed_in(world, "principal_a"), row.get_absolute_url())
    for n in range(3):
        row = deciding.return_(row, by=world.principal_a, opinion=f"第 {n} 次退回")
        send(world, "clerk_a", url("fund_request_verb", row.pk, "submit"))
        row.refresh_from_db()
    assert row.current == 4
    assert count(signed_in(world, "principal_a"), row.get_absolute_url()) == short


# Funds and Measures


def test_a_fund_is_opened_and_money_allocated(world):
    data = {"group": world.group.pk, "fiscal_year": clock.today().year + 1}
    answer = send(world, "finance_1", url("fund_new"), data)
    fund = GroupFund.objects.get(fiscal_year=clock.today().year + 1)
    assert answer.headers["Location"] == fund.get_absolute_url()
    again = send(world, "finance_1", url("fund_new"), data)
    assert again.status_code == 409
    assert "已经设立" in text(again)
    grant = {
        "school": world.school_c.pk,
        "category": world.categories["office"].pk,
        "amount": "1.5万",
        "document": "昆教财〔2027〕1号",
    }
    assert send(world, "finance_1", url("fund_verb", fund.pk, "allocate"), grant).status_code == 303
    page = text(get(world, "finance_1", "fund_detail", fund.pk))
    assert "15,000.00" in page
    assert f'区镇级<div class="small muted">{world.district}</div>' in page
    assert "昆教财〔2027〕1号" in page


def test_a_cut_below_what_is_committed_is_refused_beside_the_amount(world):
    ask(world, "clerk_a", "4860.00")
    budget_line = world.fund.lines.get(school=world.school_a, category=world.categories["research"])
    address = url("budget_line_verb", budget_line.pk, "cut")
    assert "195,140.00" in text(get(world, "finance_1", "budget_line_verb", budget_line.pk, "cut"))
    answer = send(world, "finance_1", address, {"amount": "195140.01", "document": "昆教财〔2026〕9号"})
    assert answer.status_code == 409
    assert "可核减 195,140.00 元" in text(answer)
    assert 'value="195,140.01"' in text(answer)
    assert send(world, "clerk_a", address, {"amount": "1", "document": "x"}).status_code == 403
    assert send(world, "finance_1", address, {"amount": "140", "document": "y"}).status_code == 303
    assert totals(world)[0] == Decimal("199860.00")


def test_only_the_bureaus_finance_section_is_offered_budget_verbs(world):
    assert 'formaction="' not in text(get(world, "president", "fund_detail", world.fund.pk))
    page = text(get(world, "finance_1", "fund_detail", world.fund.pk))
    assert url("fund_verb", world.fund.pk, "allocate") in page
    assert url("fund_verb", world.fund.pk, "freeze") in page


def test_measures_are_prepared_published_by_another_and_ended(world):
    measures.end(world.measures, valid_to=clock.today(), by=world.users["leader"])
    data = {"title": "使用办法", "document": "昆教财〔2027〕9号", "valid_from": clock.today().isoformat(),
            "collective_threshold": "5万", "split_window_days": "30"}  # fmt: skip
    answer = send(world, "finance_1", url("measures_new"), data)
    row = Measures.objects.get(document="昆教财〔2027〕9号")
    assert answer.headers["Location"] == row.get_absolute_url()
    limit = {"origin": "1", "role": "executive_principal", "above": "0", "up_to": "1万"}
    assert send(world, "finance_1", url("measures_verb", row.pk, "add-limit"), limit).status_code == 303
    overlapping = send(
        world, "finance_1", url("measures_verb", row.pk, "add-limit"), {**limit, "above": "9999"}
    )
    assert overlapping.status_code == 409
    assert "重叠" in text(overlapping)
    page = get(world, "leader", "measures_detail", row.pk)
    [publish] = page.context["offers"]
    assert publish.denial.code == "limits_leave_a_gap"
    assert "10,000.00 元处没有接上" in text(page)
    assert send(world, "leader", url("measures_verb", row.pk, "publish")).status_code == 409


def test_measures_without_a_gap_are_published_from_the_page(world):
    measures.end(world.measures, valid_to=clock.today(), by=world.users["leader"])
    row = prepare_measures(world.users["finance_1"], document="昆教财〔2027〕9号", valid_from=clock.today())
    assert get(world, "clerk_a", "measures_detail", row.pk).status_code == 404
    assert send(world, "leader", url("measures_verb", row.pk, "publish")).status_code == 303
    page = get(world, "clerk_a", "measures_detail", row.pk)
    assert "施行中" in text(page)
    assert page.context["offers"] == []
    assert [len(ladder["rows"]) for ladder in page.context["ladders"]] == [3, 2]
    last = clock.today().isoformat()
    assert send(world, "leader", url("measures_verb", row.pk, "end"), {"valid_to": last}).status_code == 303
    row.refresh_from_db()
    assert (row.valid_to - clock.today()).days == 1


def test_without_measures_the_page_quotes_the_clause(world):
    measures.end(world.measures, valid_to=clock.today(), by=world.users["leader"])
    page = text(get(world, "clerk_a", "measures_list"))
    assert "今天没有施行中的办法" in page
    assert "制定《集团管理专项经费使用办法》" in page
