"""The page of one request: what is offered, the whole story, deciding and paying."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal

import pytest

from finance.actions import deciding
from finance.choices import RequestState
from finance.models import Decision, Payment
from kunshan_edu.core import clock
from tests.finance.pages import draft_post, get, seen, send, signed_in, text, url
from tests.finance.requests import approve_all, ask, granted, line, make, minutes, pay, totals

pytestmark = pytest.mark.django_db


# The page of one request


def offered(world, who, row):
    """verb → None or the code of the refusal, as the page offers them."""
    offers = get(world, who, "fund_request_detail", row.pk).context["offers"]
    return {offer.verb.name: offer.denial and offer.denial.code for offer in offers}


def test_each_is_offered_what_is_theirs_and_told_what_comes_first(world):
    row = ask(world, "clerk_a", "34860.00")
    assert offered(world, "clerk_a", row) == {"withdraw": None}
    assert offered(world, "principal_a", row) == {"approve": None, "return": None, "reject": None}
    assert offered(world, "president", row) == {"approve": "not_your_step"}
    assert offered(world, "cashier_a", row) == {}
    assert offered(world, "finance_1", row) == {}
    row = deciding.approve(row, by=world.principal_a)
    assert offered(world, "clerk_a", row) == {"withdraw": "already_decided"}
    row = approve_all(row)
    assert offered(world, "cashier_a", row) == {"pay": None}
    assert offered(world, "president", row) == {"cancel": None}
    assert offered(world, "principal_a", row) == {}
    assert offered(world, "clerk_a", make(world, "clerk_a", "5.00")) == {"submit": None, "delete": None}


def test_who_decides_is_told_that_minutes_are_missing(world):
    row = ask(world, "office", "50000.00", school=None, bearer="school_a")
    assert offered(world, "president", row) == {
        "approve": "minutes_needed", "return": None, "reject": None, "record_minutes": None,
    }  # fmt: skip
    page = text(get(world, "president", "fund_request_detail", row.pk))
    assert "请先登记会议纪要" in page
    minutes(world, row)
    assert offered(world, "president", row)["approve"] is None
    assert "2026-8" in text(get(world, "president", "fund_request_detail", row.pk))


def test_the_page_tells_the_whole_story(world):
    row = ask(world, "clerk_a", "34860.00")
    row = deciding.return_(row, by=world.principal_a, opinion="请补充比价材料。")
    send(world, "clerk_a", url("fund_request_verb", row.pk, "submit"))
    row.refresh_from_db()
    row = approve_all(row)
    pay(world, row, "cashier_a", "34000.00", voucher_no="凭0001")
    page = get(world, "clerk_a", "fund_request_detail", row.pk)
    story = [entry["what"] for entry in page.context["entries"]]
    assert story == [
        "提交申请，34,860.00 元",
        "执行校长同意：退回",
        "修改后重新提交，34,860.00 元",
        "执行校长同意：同意",
        "集团财务审核：同意",
        "总校长审批：同意",
        f"{world.school_a}支付 34,000.00 元",
    ]
    shown = text(page)
    for words in ("请补充比价材料。", "凭0001", "叁万肆仟捌佰陆拾元整", "第 2 版", row.number):
        assert words in shown
    [effect] = page.context["effects"]
    assert (effect["before"], effect["after"]) == (Decimal("200000.00"), Decimal("166000.00"))


def test_a_pending_request_says_who_has_it_and_what_is_to_come(world):
    row = ask(world, "clerk_a", "34860.00")
    entries = get(world, "clerk_a", "fund_request_detail", row.pk).context["entries"]
    now = [entry for entry in entries if entry["tone"] == "now"]
    assert [(entry["who"], entry["what"]) for entry in now] == [(world.principal_a.name, "执行校长同意中")]
    assert [entry["tone"] for entry in entries[2:]] == ["todo"] * 3


def test_a_request_of_several_schools_does_not_show_one_the_others_budget(world):
    lines = [line(world, "school_a", "1000.00"), line(world, "school_b", "2000.00")]
    row = ask(world, "office", "0", school=None, lines=lines)
    for who, schools in (("principal_a", ["school_a"]), ("president", ["school_a", "school_b"])):
        effects = get(world, who, "fund_request_detail", row.pk).context["effects"]
        assert [effect["line"].school for effect in effects] == [world.schools[key] for key in schools]


def test_withdrawing_and_cancelling_stand_in_the_story(world):
    withdrawn = deciding.withdraw(ask(world, "clerk_a", "4860.00"), by=world.clerk_a)
    cancelled = deciding.cancel(
        granted(world, "clerk_a", "50.00"), by=world.principal_a, opinion="活动取消。"
    )
    for row, words in ((withdrawn, "撤回申请，占用的预算已释放"), (cancelled, "作废申请，占用的预算已释放")):
        page = get(world, "clerk_a", "fund_request_detail", row.pk)
        assert words in [entry["what"] for entry in page.context["entries"]]
        assert page.context["effects"] == []


@pytest.mark.parametrize(
    ("amount", "here"), [("10000.00", "执行校长"), ("10000.01", "总校长"), ("50000.01", "市教育局领导")]
)
def test_the_ladder_marks_the_rung_of_the_amount(world, amount, here):
    row = ask(world, "clerk_a", amount)
    page = get(world, "clerk_a", "fund_request_detail", row.pk)
    assert [str(rung["title"]) for rung in page.context["rungs"] if rung["here"]] == [here]
    assert "昆教财〔2024〕1号" in text(page)


# Deciding, paying


def test_deciding_on_the_page(world):
    row = ask(world, "clerk_a", "4860.00")
    data = {**seen(row), "opinion": "同意。"}
    answer = send(world, "principal_a", url("fund_request_verb", row.pk, "approve"), data)
    assert (answer.status_code, answer.headers["Location"]) == (303, row.get_absolute_url())
    row.refresh_from_db()
    assert row.state == RequestState.APPROVED
    assert Decision.objects.get().opinion == "同意。"


def test_every_form_of_the_page_carries_a_key_and_what_is_seen(world):
    row = ask(world, "clerk_a", "4860.00")
    page = text(get(world, "principal_a", "fund_request_detail", row.pk))
    for name, value in seen(row).items():
        assert f'name="{name}" value="{value}"' in page
    assert re.search(r'name="idem" value="[0-9a-f-]{36}"', page)


def test_two_clicks_on_approve_are_one_decision(world):
    row = ask(world, "clerk_a", "4860.00")
    client, data = signed_in(world, "principal_a"), {**seen(row), "idem": str(uuid.uuid4())}
    answers = [client.post(url("fund_request_verb", row.pk, "approve"), data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Decision.objects.count() == 1


def test_a_refusal_needs_an_opinion_and_says_so_beside_it(world):
    row = ask(world, "clerk_a", "4860.00")
    answer = send(world, "principal_a", url("fund_request_verb", row.pk, "return"), seen(row))
    page = text(answer)
    assert answer.status_code == 422
    assert "请填写意见。" in page
    for name, value in seen(row).items():
        assert f'name="{name}" value="{value}"' in page
    row.refresh_from_db()
    assert row.state == RequestState.PENDING


def test_a_stale_version_is_refused_and_the_opinion_kept(world):
    row = ask(world, "clerk_a", "4860.00")
    old = seen(row)
    row = deciding.return_(row, by=world.principal_a, opinion="退")
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, "9000")]
    send(world, "clerk_a", url("fund_request_edit", row.pk), draft_post(world, rows=rows, verb="submit"))
    data = {**old, "opinion": "同意这四千八百六十元。"}
    answer = send(world, "principal_a", url("fund_request_verb", row.pk, "approve"), data)
    page = text(answer)
    assert answer.status_code == 409
    assert "您看到的是第 1 版，申请现为第 2 版，金额 9,000.00 元" in page
    assert "同意这四千八百六十元。" in page
    assert "查看新版本" in page
    assert (
        f'name="digest" value="{old["digest"]}"' in page
    )  # sending it again does not approve what was not seen
    row.refresh_from_db()
    assert row.state == RequestState.PENDING


def test_deciding_from_a_verbs_own_page_binds_to_what_that_page_shows(world):
    row = ask(world, "clerk_a", "4860.00")
    page = text(get(world, "principal_a", "fund_request_verb", row.pk, "approve"))
    for name, value in seen(row).items():
        assert f'name="{name}" value="{value}"' in page


def test_what_one_may_not_do_is_said_with_its_clause_and_a_way_back(world):
    row = ask(world, "clerk_a", "34860.00")
    page = get(world, "president", "fund_request_verb", row.pk, "approve")
    assert page.status_code == 403
    assert "当前环节不由您办理" in text(page)
    assert "科学设定总校长及执行校长的资金使用审批权限" in text(page)
    assert f'href="{row.get_absolute_url()}"' in text(page)
    assert '<button type="submit" class="btn p"' not in text(page)


def test_an_unknown_verb_is_not_found(world):
    row = ask(world, "clerk_a", "4860.00")
    assert get(world, "clerk_a", "fund_request_verb", row.pk, "bless").status_code == 404


def test_a_deleted_draft_leads_to_the_list_and_is_gone_for_good(world):
    row = make(world, "clerk_a", "4860.00")
    client, key = signed_in(world, "clerk_a"), str(uuid.uuid4())
    address = url("fund_request_verb", row.pk, "delete")
    answers = [client.post(address, {"idem": key}) for _ in range(2)]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, url("fund_request_list"))] * 2
    again = send(world, "clerk_a", address, client=client)
    assert again.status_code == 404
    assert "没有找到" in text(again)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_vanished_request_is_told_in_plain_words(world):
    page = get(world, "clerk_a", "fund_request_detail", 999999)
    assert page.status_code == 404
    assert "没有找到" in text(page)
    assert "Traceback" not in text(page)


def test_paying_from_the_page(world):
    row = granted(world, "clerk_a", "4860.00")
    page = text(get(world, "cashier_a", "fund_request_verb", row.pk, "pay"))
    assert 'value="4,860.00"' in page
    data = {"amount": "４,800", "voucher_no": "凭0001", "paid_on": clock.today().isoformat()}
    answer = send(world, "cashier_a", url("fund_request_verb", row.pk, "pay"), data)
    assert answer.status_code == 303
    assert Payment.objects.get().amount == Decimal("4800.00")
    assert totals(world)[1:] == (Decimal("0.00"), Decimal("4800.00"))


@pytest.mark.parametrize(
    ("field", "value", "status", "sentence"),
    [
        ("amount", "4860.01", 409, "本校批准金额 4,860.00 元，支付 4,860.01 元超出"),
        ("amount", "0", 422, "金额必须大于 0"),
        ("paid_on", "2999-01-01", 422, "日期不能晚于今天"),
        ("voucher_no", "", 422, "请填写凭证号。"),
    ],
)
def test_a_wrong_payment_is_told_and_nothing_is_paid(world, field, value, status, sentence):
    row = granted(world, "clerk_a", "4860.00")
    data = {"amount": "100", "voucher_no": "凭0001", "paid_on": clock.today().isoformat(), field: value}
    answer = send(world, "cashier_a", url("fund_request_verb", row.pk, "pay"), data)
    assert answer.status_code == status
    assert sentence in text(answer)
    assert not Payment.objects.exists()


def test_minutes_are_recorded_from_the_page(world):
    row = ask(world, "office", "50000.00", school=None, bearer="school_a")
    data = {"body": "集团党委会", "number": "2026-8", "held_on": clock.today().isoformat(), "due": "9",
            "present": "5", "conclusion": "同意。"}  # fmt: skip
    address = url("fund_request_verb", row.pk, "record-minutes")
    few = send(world, "office", address, data)
    assert few.status_code == 409
    assert "三分之二" in text(few)
    assert 'value="2026-8"' in text(few)
    assert send(world, "office", address, {**data, "present": "6"}).status_code == 303
    assert row.minutes.get().present == 6
