"""Drafting on the page: nothing typed is lost, every mistake has its sentence, the preview tells the truth."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from finance.actions import deciding, measures
from finance.choices import RequestState
from finance.models import BudgetMove, FundRequest, GroupFund
from kunshan_edu.core import clock
from kunshan_edu.core.changes import change_all
from kunshan_edu.core.models import AuditEvent
from tests.finance.pages import draft_post, get, send, signed_in, text, url
from tests.finance.requests import ask, make, totals
from tests.finance.test_forms import WRONG_AMOUNTS

pytestmark = pytest.mark.django_db


# Drafting


def test_a_draft_is_saved_from_the_form(world):
    answer = send(world, "clerk_a", url("fund_request_new"), draft_post(world))
    row = FundRequest.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, row.get_absolute_url())
    assert (row.state, row.amount, row.requester) == ("draft", Decimal("4860.00"), world.clerk_a)


def test_save_and_submit_at_once(world):
    answer = send(world, "clerk_a", url("fund_request_new"), draft_post(world, verb="submit"))
    row = FundRequest.objects.get()
    assert (answer.status_code, row.state) == (303, RequestState.PENDING)
    assert totals(world)[1] == Decimal("4860.00")


def test_a_second_click_gives_the_same_outcome(world):
    client, data = signed_in(world, "clerk_a"), draft_post(world, verb="submit")
    first, second = (client.post(url("fund_request_new"), data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert FundRequest.objects.count() == 1
    assert BudgetMove.objects.filter(kind="reserve").count() == 1


def test_a_key_used_for_another_content_is_refused_and_a_fresh_one_is_given(world):
    client, data = signed_in(world, "clerk_a"), draft_post(world)
    client.post(url("fund_request_new"), data)
    changed = {**data, "title": "另一件事"}
    refused = client.post(url("fund_request_new"), changed)
    assert refused.status_code == 422
    assert "另一件事" in text(refused)
    fresh = refused.context["idem"]
    assert str(fresh) != data["idem"]
    assert client.post(url("fund_request_new"), {**changed, "idem": fresh}).status_code == 303
    assert FundRequest.objects.count() == 2


def test_a_form_without_a_key_is_not_taken(world):
    data = draft_post(world)
    del data["idem"]
    assert signed_in(world, "clerk_a").post(url("fund_request_new"), data).status_code == 400
    assert not FundRequest.objects.exists()


@pytest.mark.parametrize(("amount", "sentence"), WRONG_AMOUNTS.items())
def test_a_wrong_amount_is_told_beside_its_field_and_nothing_typed_is_lost(world, amount, sentence):
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, amount)]
    answer = send(world, "clerk_a", url("fund_request_new"), draft_post(world, rows=rows, verb="submit"))
    page = text(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert 'aria-describedby="id_lines-0-amount_error" aria-invalid="true"' in page
    for typed in ("讲座劳务费", "联合教研", "六校联合教研", "2026-12-03", "示例书店", f'value="{amount}"'):
        assert typed in page or not amount
    assert not FundRequest.objects.exists()
    assert not AuditEvent.objects.filter(verb="finance.draft").exists()


@pytest.mark.parametrize("amount", ["1,200.00", "１２００", "1200"])
def test_a_readable_amount_is_echoed_normalised(world, amount):
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, amount)]
    answer = send(world, "clerk_a", url("fund_request_new"), draft_post(world, rows=rows, title=""))
    assert answer.status_code == 422
    assert 'value="1,200.00"' in text(answer)
    assert "请填写事项名称。" in text(answer)


def test_over_budget_says_both_figures_and_keeps_the_form(world):
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, "200,000.01")]
    answer = send(world, "clerk_a", url("fund_request_new"), draft_post(world, rows=rows, verb="submit"))
    page = text(answer)
    assert answer.status_code == 409
    assert "可用 200,000.00 元，本次 200,000.01 元，差 0.01 元" in page
    assert "昆政办发〔2019〕132号 四、2" in page
    assert 'value="200,000.01"' in page
    assert not FundRequest.objects.exists()


def test_a_draft_over_budget_may_be_kept_and_its_page_says_why_it_cannot_go(world):
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, "200,000.01")]
    send(world, "clerk_a", url("fund_request_new"), draft_post(world, rows=rows))
    row = FundRequest.objects.get()
    page = get(world, "clerk_a", "fund_request_detail", row.pk)
    [submit] = [offer for offer in page.context["offers"] if offer.verb.name == "submit"]
    assert submit.denial.code == "budget_insufficient"
    assert "差 0.01 元" in text(page)
    answer = send(world, "clerk_a", url("fund_request_verb", row.pk, "submit"))
    assert answer.status_code == 409
    assert "差 0.01 元" in text(answer)


def test_a_row_more_and_a_row_less_judge_nothing_and_lose_nothing(world):
    rows = [("甲", world.school_a.pk, "", "1e3"), ("乙", world.school_a.pk, "", "７")]
    more = send(
        world, "clerk_a", url("fund_request_new") + "?rows=5", draft_post(world, rows=rows, verb="add")
    )
    assert more.status_code == 200
    assert len(more.context["form"].lines) == 5
    assert 'value="1e3"' in text(more)
    assert "aria-invalid" not in text(more)
    less = {**draft_post(world, rows=rows), "drop": "0"}
    page = text(send(world, "clerk_a", url("fund_request_new"), less))
    assert 'value="乙"' in page
    assert 'value="甲"' not in page
    assert 'data-restored="1"' in page  # the browser's own draft must not bring the dropped row back
    assert not FundRequest.objects.exists()


def test_htmx_gets_one_row_more(world):
    headers = {"HX-Request": "true", "HX-Target": "tr#more"}
    client = signed_in(world, "clerk_a")
    part = text(client.get(url("fund_request_new") + "?rows=6", headers=headers))
    assert 'name="lines-5-amount"' in part
    assert "lines-4-" not in part
    assert 'hx-get="?rows=7"' in part
    assert "<html" not in part
    last = text(client.get(url("fund_request_new") + "?rows=30", headers=headers))
    assert 'name="lines-29-amount"' in last
    assert "hx-get" not in last


def test_a_returned_request_is_changed_and_sent_again(world):
    row = ask(world, "clerk_a", "4860.00")
    deciding.return_(row, by=world.principal_a, opinion="请补充比价材料。")
    page = text(get(world, "clerk_a", "fund_request_detail", row.pk))
    assert "请补充比价材料。" in page
    assert url("fund_request_edit", row.pk) in page
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, "4000")]
    data = {**draft_post(world, rows=rows, verb="submit"), "editing": row.pk}
    assert send(world, "clerk_a", url("fund_request_edit", row.pk), data).status_code == 303
    row.refresh_from_db()
    assert (row.state, row.current, row.amount) == (RequestState.PENDING, 2, Decimal("4000.00"))


def test_a_submitted_request_is_not_edited(world):
    row = ask(world, "clerk_a", "4860.00")
    page = get(world, "clerk_a", "fund_request_edit", row.pk)
    assert page.status_code == 409
    assert "已提交的申请不能修改" in text(page)
    answer = send(world, "clerk_a", url("fund_request_edit", row.pk), draft_post(world, title="改了"))
    assert answer.status_code == 409
    assert "改了" in text(answer)


# The preview


def preview(world, who="clerk_a", **post):
    return send(world, who, url("fund_request_preview"), draft_post(world, who, **post))


def test_the_preview_shows_total_balance_and_the_chain_with_its_reasons(world):
    rows = [("讲座", world.school_a.pk, world.categories["research"].pk, "１２,000")]
    answer = preview(world, rows=rows, title="", purpose="")
    page = text(answer)
    assert answer.status_code == 200
    assert "<html" not in page
    for shown in ("12,000.00", "壹万贰仟元整", "可用 200,000.00 → 188,000.00"):
        assert shown in page
    names = [world.users[who].name for who in ("principal_a", "group_finance", "president")]
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)
    assert "大于 10,000.00 元、不超过 50,000.00 元，由本级终审（昆教财〔2024〕1号）" in page
    assert not FundRequest.objects.exists()


def test_the_preview_is_what_submission_does(world):
    rows = [("讲座", world.school_a.pk, world.categories["research"].pk, "12000")]
    shown = preview(world, rows=rows).context["preview"]
    send(world, "clerk_a", url("fund_request_new"), draft_post(world, rows=rows, verb="submit"))
    steps = FundRequest.objects.get().versions.get().steps.order_by("seq", "id")
    assert [step["name"] for step in shown.steps] == [
        f"{s.get_role_display()}{s.get_act_display()}" for s in steps
    ]
    assert [str(step["why"]) for step in shown.steps] == [s.why % s.why_params for s in steps]


def test_the_preview_says_what_stands_in_the_way(world):
    rows = [("讲座", world.school_a.pk, world.categories["research"].pk, "200000.01")]
    assert "差 0.01 元" in text(preview(world, rows=rows))
    measures.end(world.measures, valid_to=clock.today(), by=world.users["leader"])
    page = text(preview(world, rows=rows))
    assert "尚未施行" in page
    assert "四、2" in page
    assert "差 0.01 元" in page


def test_the_preview_tells_of_a_split_purchase(world):
    ask(world, "clerk_a", "9000.00")
    rows = [("讲座", world.school_a.pk, world.categories["research"].pk, "2000")]
    page = preview(world, rows=rows)
    assert "合并按 11,000.00 元" in text(page)
    assert page.context["preview"].steps[-1]["name"] == "总校长审批"


def test_the_preview_of_nothing_is_no_error(world):
    page = preview(world, rows=[("", world.school_a.pk, "", "")])
    assert page.status_code == 200
    assert "提交前就能看到由谁审批" in text(page)


def test_the_preview_tells_a_clerk_nothing_about_another_school(world):
    rows = [("讲座", world.school_b.pk, world.categories["research"].pk, "2000")]
    page = text(preview(world, rows=rows))
    assert "200,000.00" not in page
    assert str(world.school_b) not in page


def test_the_preview_is_only_for_who_may_draft(world):
    row = make(world, "clerk_a", "4860.00")
    assert send(world, "parent", url("fund_request_preview"), {"lines-0-amount": "1"}).status_code == 403
    theirs = {**draft_post(world, "clerk_b"), "editing": row.pk}
    assert send(world, "clerk_b", url("fund_request_preview"), theirs).status_code == 404
    assert get(world, "clerk_a", "fund_request_preview").status_code == 405


def test_without_scripts_the_way_is_looked_up_by_a_button(world):
    answer = send(world, "clerk_a", url("fund_request_new"), draft_post(world, verb="look"))
    assert answer.status_code == 200
    assert world.users["principal_a"].name in text(answer)
    assert not FundRequest.objects.exists()


def test_nobody_drafts_before_there_is_a_fund(world):
    page = get(world, "clerk_c", "fund_request_new")
    assert page.context["form"].options.sources
    for state in ("frozen", "closed"):
        change_all(GroupFund.objects.all(), verb="finance.close", by=None, state=state)
    page = get(world, "clerk_c", "fund_request_new")
    assert page.status_code == 200
    assert "设置集团管理专项经费" in text(page)


# Too much, too late


def test_a_body_of_twenty_megabytes_is_refused_unread(world):
    data = draft_post(world, purpose="长" * 7_000_000)
    answer = send(world, "clerk_a", url("fund_request_new"), data)
    assert answer.status_code == 413
    assert "10 MB" in text(answer)
    assert not FundRequest.objects.exists()


def test_an_expired_session_leads_back_to_the_form(world):
    form = url("fund_request_new") + "?rows=5"
    answer = Client().post(form, draft_post(world), headers={"Referer": f"http://testserver{form}"})
    assert answer.status_code == 302
    assert "expired=1" in answer.headers["Location"]
    assert "next=%2Ffund-requests%2Fnew%2F%3Frows%3D5" in answer.headers["Location"]
    assert not FundRequest.objects.exists()
