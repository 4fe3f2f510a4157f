"""The verbs of a fund request: what changed, what moved, who was told, what the audit says, and what is refused."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from finance.actions import budget, chain, deciding, drafting, measures, submitting
from finance.actions.cases import current_version, open_steps
from finance.choices import RequestState, StepState, Verdict
from finance.models import Decision, DraftLine, FundRequest, RequestStep
from finance.rules.fund_request import Seen
from kunshan_edu.core import clock
from kunshan_edu.core.models import AuditEvent
from personnel.choices import Post
from tests.finance.requests import (
    approve_all,
    ask,
    event,
    granted,
    line,
    make,
    minutes,
    moves,
    pay,
    refused,
    route,
    said,
    told,
    totals,
)
from tests.world import appoint, end, fresh, prepare_measures

pytestmark = pytest.mark.django_db
D = Decimal
ALL, NONE = D("200000.00"), D("0.00")
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


# 起草


def test_draft_moves_no_money_and_tells_nobody(world):
    fund_request = make(world, "clerk_a", "4860.00")
    assert (fund_request.state, fund_request.number, fund_request.current) == ("draft", None, 0)
    assert fund_request.amount == D("4860.00")
    assert said(fund_request, "finance.draft") == ("clerk_a", "经办人", "4.2.b")
    assert (moves(fund_request), told(fund_request), totals(world)) == ([], [], (ALL, NONE, NONE))


@pytest.mark.parametrize("who", ["clerk_b", "president", "cashier_a", "teacher", "admin", "finance_1"])
def test_only_who_drafts_for_a_school_drafts(world, who):
    refused("not_a_drafter", make, world, who, "100.00")


@pytest.mark.parametrize("who", ["clerk_a", "president", "principal_a", "finance_1"])
def test_only_the_group_office_drafts_for_the_group(world, who):
    refused("not_a_drafter", make, world, who, "100.00", school=None, bearer="school_a")


def test_edit_puts_new_lines_in_the_place_of_the_old(world):
    fund_request = make(world, "clerk_a", "4860.00")
    drafting.edit(
        fund_request,
        title="改名",
        beneficiary=world.president,
        lines=[line(world, "school_a", "10.00"), line(world, "school_a", "20.50", "office")],
        by=world.clerk_a,
    )
    fund_request.refresh_from_db()
    assert (fund_request.title, fund_request.beneficiary) == ("改名", world.president)
    assert fund_request.amount == D("30.50")
    assert [x.amount for x in fund_request.draft_lines.all()] == [D("10.00"), D("20.50")]
    assert event(fund_request, "finance.edit").difference["title"] == ["示例事项", "改名"]


def test_delete_keeps_only_what_the_audit_says(world):
    fund_request = make(world, "clerk_a", "4860.00")
    kept = FundRequest.objects.get(pk=fund_request.pk)
    refused("not_requester", drafting.delete, fund_request, by=world.principal_a)
    drafting.delete(fund_request, by=world.clerk_a)
    assert not FundRequest.objects.filter(pk=kept.pk).exists()
    assert not DraftLine.objects.filter(fund_request_id=kept.pk).exists()
    assert event(kept, "finance.delete_draft").object_text == "示例事项"
    refused("vanished", submitting.submit, kept, by=world.clerk_a)


# 提交


def test_submit_numbers_freezes_reserves_and_asks(world):
    first, second = ask(world, "clerk_a", "4860.00"), ask(world, "clerk_a", "12000.00", category="office")
    assert (first.number, second.number) == (f"SL-{TODAY.year}-0001", f"SL-{TODAY.year}-0002")
    version = current_version(first)
    assert (first.state, first.current, version.amount) == (RequestState.PENDING, 1, D("4860.00"))
    assert version.measures == world.measures
    assert version.digest == submitting.digest_of(version.content)
    assert version.content["lines"][0]["amount"] == "4860.00"
    assert moves(first) == [("reserve", D("4860.00"), NONE)]
    assert totals(world) == (ALL, D("4860.00"), NONE)
    assert told(first) == [("principal_a", "示例事项（4,860.00 元）等待您办理。")]
    assert said(first, "finance.submit") == ("clerk_a", "经办人", "4.2.l")
    assert event(first, "finance.submit").difference["state"] == ["draft", "pending"]


def test_submit_exactly_what_is_left_and_not_a_fen_more(world):
    ask(world, "clerk_a", "187700.00", payee="甲")
    more = make(world, "clerk_a", "12300.01", payee="乙")
    denial = refused("budget_insufficient", submitting.submit, more, by=world.clerk_a)
    assert denial.clause.id == "4.2.e"
    assert all(figure in str(denial) for figure in ("12,300.00", "12,300.01", "0.01", "示例A"))
    ask(world, "clerk_a", "12300.00", payee="丙")
    assert totals(world) == (ALL, ALL, NONE)
    more.refresh_from_db()
    assert (more.state, more.number) == ("draft", None)


def test_two_lines_on_one_budget_line_count_together(world):
    lines = [line(world, "school_a", "100000.00"), line(world, "school_a", "100000.01")]
    draft = make(world, "clerk_a", "", lines=lines)
    refused("budget_insufficient", submitting.submit, draft, by=world.clerk_a)


@pytest.mark.parametrize("amount", ["-1.00", "1000000000000.00"])
def test_impossible_amounts_are_not_even_drafted(world, amount):
    refused("amount_out_of_range", make, world, "clerk_a", amount)


@pytest.mark.parametrize("amounts", [["0.00"], ["0.00", "100.00"]])
def test_every_line_asks_for_something(world, amounts):
    draft = make(world, "clerk_a", "", lines=[line(world, "school_a", amount) for amount in amounts])
    denial = refused("line_amount_not_positive", submitting.submit, draft, by=world.clerk_a)
    assert denial.status == 422


def test_submit_needs_a_line_of_a_member_school_on_its_own_level(world):
    outside = make(world, "clerk_a", "", lines=[line(world, "school_d", "100.00")])
    refused("funding_level_mismatch", submitting.submit, outside, by=world.clerk_a)
    empty = make(world, "clerk_a", "100.00")
    drafting.edit(empty, lines=[], by=world.clerk_a)
    refused("no_lines", submitting.submit, empty, by=world.clerk_a)


def test_submit_is_refused_on_a_frozen_fund(world):
    draft = make(world, "clerk_a", "100.00")
    budget.freeze(world.fund, by=world.finance_1)
    draft = FundRequest.objects.get(pk=draft.pk)
    assert refused("fund_not_allocated", submitting.submit, draft, by=world.clerk_a).clause.id == "4.2.g"


def test_preview_shows_the_chain_and_writes_nothing(world):
    draft = make(world, "clerk_a", "30000.00")
    lines = list(draft.draft_lines.all())
    before = AuditEvent.objects.count()
    chain = submitting.chain_rules.resolve(submitting.preview(draft, lines))
    assert AuditEvent.objects.count() == before
    submitted = submitting.submit(draft, by=world.clerk_a)
    assert [f"{s.role}:{s.act}" for s in chain] == route(submitted)
    assert [s.people for s in chain] == [
        {world.principal_a.pk}, {world.group_finance.pk}, {world.president.pk}
    ]  # fmt: skip


# 审批


def test_approve_in_order_until_the_last_makes_it_approved(world):
    fund_request = ask(world, "clerk_a", "30000.00")
    refused("not_your_step", deciding.approve, fund_request, by=world.president)
    fund_request = deciding.approve(fund_request, by=world.principal_a, opinion=" 同意。 ")
    assert fund_request.state == RequestState.PENDING
    assert [s.role for s in open_steps(current_version(fund_request))] == ["group_finance"]
    decision = Decision.objects.get()
    version = current_version(fund_request)
    assert (decision.actor, decision.capacity, decision.opinion) == (world.principal_a, "执行校长", "同意。")
    assert decision.appointment_id == world.posts["principal_a"].pk
    assert (decision.digest, decision.amount, decision.measures) == (
        version.digest,
        version.amount,
        world.measures,
    )
    fund_request = approve_all(fund_request)
    assert fund_request.state == RequestState.APPROVED
    assert totals(world) == (ALL, D("30000.00"), NONE)
    assert told(fund_request) == [
        *(
            (who, "示例事项（30,000.00 元）等待您办理。")
            for who in ("principal_a", "group_finance", "president")
        ),
        ("clerk_a", "示例事项已批准，可以支付。"),
    ]
    assert said(decision, "finance.approve") == ("principal_a", "执行校长", "4.2.l")
    events = AuditEvent.objects.of(fund_request).filter(verb="finance.approve").order_by("id")
    assert [e.capacity["capacity"] for e in events] == ["执行校长", "集团财务", "总校长"]
    assert events[0].capacity["document"] == "昆教人〔2024〕1号"
    assert [e.difference for e in events] == [{}, {}, {"state": ["pending", "approved"]}]


@pytest.mark.parametrize(
    ("verb", "agreed", "who", "capacity", "state", "sentence"),
    [
        (
            deciding.return_,
            ["principal_a"],
            "group_finance",
            "集团财务",
            RequestState.RETURNED,
            "示例事项被退回：请附清单。",
        ),
        (
            deciding.reject,
            ["principal_a", "group_finance"],
            "president",
            "总校长",
            RequestState.REJECTED,
            "示例事项被驳回：请附清单。",
        ),
    ],
)
def test_return_and_reject_give_a_reason_and_release(world, verb, agreed, who, capacity, state, sentence):
    fund_request, actor = ask(world, "clerk_a", "30000.00"), world.users[who]
    for each in agreed:
        deciding.approve(fund_request, by=world.users[each])
    refused("opinion_needed", verb, fund_request, by=actor, opinion="  ")
    fund_request = verb(fund_request, by=actor, opinion="请附清单。")
    assert fund_request.state == state
    assert totals(world) == (ALL, NONE, NONE)
    assert moves(fund_request)[1:] == [("release", D("-30000.00"), NONE)]
    steps = current_version(fund_request).steps.order_by("seq")
    done = len(agreed) + 1
    assert [s.state for s in steps] == [StepState.DONE] * done + [StepState.VOID] * (3 - done)
    assert told(fund_request)[-1] == ("clerk_a", sentence)
    verb_name = "finance.return" if state == RequestState.RETURNED else "finance.reject"
    assert said(fund_request, verb_name) == (who, capacity, "4.2.l")
    assert Decision.objects.last().verdict in (Verdict.RETURN, Verdict.REJECT)
    refused("wrong_state", deciding.approve, fund_request, by=world.president)


def test_resubmitted_version_starts_again_and_the_old_decision_does_not_count(world):
    fund_request = ask(world, "clerk_a", "30000.00")
    deciding.approve(fund_request, by=world.principal_a)
    deciding.return_(fund_request, by=world.group_finance, opinion="请减少。")
    first = current_version(fund_request)
    fund_request = drafting.edit(fund_request, lines=[line(world, "school_a", "20000.00")], by=world.clerk_a)
    fund_request = submitting.submit(fund_request, by=world.clerk_a)
    second = current_version(fund_request)
    assert (fund_request.number, fund_request.current) == (f"SL-{TODAY.year}-0001", 2)
    assert (first.amount, second.amount) == (D("30000.00"), D("20000.00"))
    assert first.digest != second.digest
    assert [s.state for s in second.steps.order_by("seq")] == ["open", "waiting", "waiting"]
    assert (first.decisions.count(), second.decisions.count()) == (2, 0)
    assert totals(world) == (ALL, D("20000.00"), NONE)
    assert approve_all(fund_request).state == RequestState.APPROVED


def test_new_version_follows_the_measures_in_force_then_and_an_open_one_keeps_its_chain(world):
    returned, pending = (ask(world, "clerk_a", "4000.00", payee=payee) for payee in ("甲", "乙"))
    deciding.return_(returned, by=world.principal_a, opinion="请补正。")
    measures.end(world.measures, valid_to=TODAY + A_DAY, by=world.leader)
    new = prepare_measures(world.finance_1, document="昆教财〔2026〕9号", valid_from=TODAY + A_DAY)
    stricter = measures.add_limit(
        new,
        origin=1,
        role="group_president",
        above=D(0),
        up_to=D(5000),
        steps=[("executive_principal", "consent"), ("group_president", "approve")],
        category=world.categories["research"],
        by=world.finance_1,
    )
    measures.publish(new, by=world.leader)
    with clock.at(TODAY + A_DAY):
        second = submitting.submit(returned, by=world.clerk_a)
        assert route(second) == ["executive_principal:consent", "group_president:approve"]
        assert current_version(second).measures == stricter.measures == new
        assert route(pending) == ["executive_principal:approve"]
        assert deciding.approve(pending, by=world.principal_a).state == RequestState.APPROVED
        assert Decision.objects.last().measures == new
        assert current_version(pending).measures == world.measures


def test_without_measures_nothing_is_approved_or_submitted_but_may_be_returned(world):
    fund_request, draft = ask(world, "clerk_a", "4000.00"), make(world, "clerk_a", "10.00")
    measures.end(world.measures, valid_to=TODAY, by=world.leader)
    denial = refused("no_measures_in_force", deciding.approve, fund_request, by=world.principal_a)
    assert denial.clause.id == "4.2.k"
    assert refused("no_measures", submitting.submit, draft, by=world.clerk_a).clause.id == "4.2.k"
    fund_request = deciding.return_(fund_request, by=world.principal_a, opinion="办法已废止。")
    assert fund_request.state == RequestState.RETURNED
    drafting.edit(draft, lines=[line(world, "school_a", "20.00")], by=world.clerk_a)


def test_right_ends_with_the_appointment_in_the_same_instant(world):
    fund_request = ask(world, "clerk_a", "4000.00")
    end(world, "principal_a", TODAY)
    denial = refused("not_your_step", deciding.approve, fund_request, by=world.principal_a)
    assert (denial.status, denial.clause.id) == (403, "4.2.l")
    assert not RequestStep.objects.waiting_for(world.principal_a).exists()
    appoint(world, "vice_a", Post.EXECUTIVE_PRINCIPAL, world.school_a, valid_from=TODAY)
    step = RequestStep.objects.get(version__fund_request=fund_request)
    assert list(RequestStep.objects.waiting_for(world.vice_a)) == [step]
    assert deciding.approve(fund_request, by=world.vice_a).state == RequestState.APPROVED


def test_right_ends_at_midnight_without_any_job(world):
    fund_request = ask(world, "clerk_a", "4000.00")
    end(world, "principal_a", TODAY + A_DAY)
    with clock.at(dt.datetime.combine(TODAY + A_DAY, dt.time(0, 0), tzinfo=clock.SHANGHAI)):
        refused("not_your_step", deciding.approve, fund_request, by=world.principal_a)
    with clock.at(dt.datetime.combine(TODAY, dt.time(23, 59), tzinfo=clock.SHANGHAI)):
        assert deciding.approve(fund_request, by=world.principal_a).state == RequestState.APPROVED


def test_decision_binds_to_what_was_seen(world):
    fund_request = ask(world, "clerk_a", "4000.00")
    version = current_version(fund_request)
    seen = Seen(1, version.digest, D("4000.00"))
    deciding.return_(fund_request, by=world.principal_a, opinion="请补正。", seen=seen)
    fund_request = submitting.submit(fund_request, by=world.clerk_a)
    for verb in (deciding.approve, deciding.return_, deciding.reject):
        refused("stale_version", verb, fund_request, by=world.principal_a, opinion="同意。", seen=seen)
    now = Seen(2, current_version(fund_request).digest, D("4000.00"))
    assert deciding.approve(fund_request, by=world.principal_a, seen=now).state == RequestState.APPROVED


def test_one_person_approves_a_version_once_whatever_posts_they_hold(world):
    appoint(world, "principal_a", Post.GROUP_FINANCE, world.group, valid_from=TODAY)
    fund_request = ask(world, "clerk_a", "30000.00")
    deciding.approve(fund_request, by=world.principal_a)
    denial = refused("already_approved", deciding.approve, fund_request, by=world.principal_a)
    assert denial.clause.id == "4.2.l"
    assert not RequestStep.objects.waiting_for(world.principal_a).exists()
    assert [name for name, _sentence in told(fund_request)] == ["principal_a", "group_finance"]
    deciding.approve(fund_request, by=world.group_finance)


def test_who_only_checks_reviews_or_books_returns_and_does_not_reject(world):
    fund_request = deciding.approve(ask(world, "clerk_a", "30000.00"), by=world.principal_a)
    denial = refused(
        "step_does_not_reject", deciding.reject, fund_request, by=world.group_finance, opinion="否"
    )
    assert denial.clause.id == "4.2.l"
    booking = ask(world, "office", "4000.00", school=None, bearer="school_a")
    deciding.approve(booking, by=world.president)
    assert route(booking)[-1] == "executive_principal:confirm"
    refused("step_does_not_reject", deciding.reject, booking, by=world.principal_a, opinion="否")
    assert deciding.return_(booking, by=world.principal_a, opinion="否").state == RequestState.RETURNED


def test_nothing_is_approved_when_the_year_is_frozen_and_it_goes_back(world):
    fund_request = ask(world, "clerk_a", "4000.00")
    budget.freeze(world.fund, by=world.finance_1)
    denial = refused("fund_not_open", deciding.approve, fund_request, by=world.principal_a)
    assert denial.clause.id == "4.2.e"
    returned = deciding.return_(fund_request, by=world.principal_a, opinion="列入下一年度。")
    assert (returned.state, totals(world)) == (RequestState.RETURNED, (ALL, NONE, NONE))


@pytest.mark.parametrize(
    ("post", "container"), [(Post.CASHIER, "school_b"), (Post.GROUP_OFFICE, "group")], ids=["school", "group"]
)
def test_the_bureau_s_officer_does_not_review_the_group_where_they_serve(world, post, container):
    fund_request = ask(world, "clerk_a", "60000.00")
    for who in (world.principal_a, world.group_finance, world.president):
        deciding.approve(fund_request, by=who)
    assert fund_request in waiting(world.finance_1)
    place = world.schools[container] if container != "group" else world.group
    appoint(world, "finance_1", post, place, valid_from=TODAY)
    assert fund_request not in waiting(world.finance_1)
    refused("serves_the_group", deciding.approve, fund_request, by=fresh(world.finance_1))
    another = ask(world, "clerk_a", "60000.00", payee="另一家")
    assert world.finance_1 not in chain.eligible(review_of(another))
    assert world.finance_2 in chain.eligible(review_of(another))
    deciding.approve(fund_request, by=world.finance_2)


def waiting(user):
    """The requests on somebody's list of what waits for them."""
    return [step.version.fund_request for step in RequestStep.objects.waiting_for(fresh(user))]


def review_of(fund_request):
    return current_version(fund_request).steps.get(role="bureau_finance")


def test_where_every_officer_serves_the_leader_decides(world):
    for who in ("finance_1", "finance_2"):
        appoint(world, who, Post.GROUP_OFFICE, world.group, valid_from=TODAY)
    fund_request = ask(world, "clerk_a", "60000.00")
    assert route(fund_request)[-1] == "bureau_leader:approve"
    assert "bureau_finance:review" not in route(fund_request)


def test_nobody_approves_their_own_or_what_benefits_them(world):
    own = ask(world, "principal_a", "4000.00")
    assert route(own) == ["group_president:approve"]
    refused("own_request", deciding.approve, own, by=world.principal_a)
    gift = ask(world, "clerk_a", "4000.00", beneficiary=world.principal_a)
    assert route(gift) == ["group_president:approve"]
    refused("own_request", deciding.reject, gift, by=world.principal_a, opinion="不同意。")
    assert not RequestStep.objects.waiting_for(world.principal_a).exists()


def test_same_key_decides_once(world):
    key = uuid.uuid4()
    first, second = (ask(world, "clerk_a", "4000.00", payee=payee) for payee in ("甲", "乙"))
    deciding.approve(first, by=world.principal_a, idem=key)
    refused("finance_decision_idem_key", deciding.approve, second, by=world.principal_a, idem=key)


# 撤回、作废、会议纪要


@pytest.mark.parametrize("state", ["draft", "pending", "returned"])
def test_withdraw_until_the_first_approval(world, state):
    fund_request = make(world, "clerk_a", "30000.00")
    if state != "draft":
        fund_request = submitting.submit(fund_request, by=world.clerk_a)
    if state == "returned":
        fund_request = deciding.return_(fund_request, by=world.principal_a, opinion="请补正。")
    refused("not_requester", deciding.withdraw, fund_request, by=world.principal_a)
    fund_request = deciding.withdraw(fund_request, by=world.clerk_a)
    assert fund_request.state == RequestState.WITHDRAWN
    assert totals(world) == (ALL, NONE, NONE)
    assert said(fund_request, "finance.withdraw") == ("clerk_a", "经办人", "4.2.b")
    assert not RequestStep.objects.open().exists()
    refused("wrong_state", deciding.withdraw, fund_request, by=world.clerk_a)


def test_no_withdrawal_after_an_approval(world):
    fund_request = ask(world, "clerk_a", "30000.00")
    deciding.approve(fund_request, by=world.principal_a)
    refused("already_decided", deciding.withdraw, fund_request, by=world.clerk_a)


def test_cancel_by_the_level_that_approved_while_nothing_is_paid(world):
    fund_request = granted(world, "clerk_a", "30000.00")
    for who in ("principal_a", "group_finance", "clerk_a", "leader"):
        by = world.users[who]
        refused("not_the_approving_level", deciding.cancel, fund_request, by=by, opinion="不办了。")
    refused("opinion_needed", deciding.cancel, fund_request, by=world.president, opinion=" ")
    fund_request = deciding.cancel(fund_request, by=world.president, opinion="活动取消。")
    assert fund_request.state == RequestState.CANCELLED
    assert totals(world) == (ALL, NONE, NONE)
    assert said(fund_request, "finance.cancel") == ("president", "总校长", "4.2.l")
    assert told(fund_request)[-1] == ("clerk_a", "示例事项已作废：活动取消。")
    paid = pay(world, granted(world, "clerk_a", "10.00"), "cashier_a", "10.00")
    refused("wrong_state", deciding.cancel, paid, by=world.principal_a, opinion="不办了。")


def test_minutes_are_recorded_once_by_the_unit_the_office_or_the_president(world):
    fund_request = ask(world, "clerk_a", "60000.00")
    for who in ("clerk_b", "principal_b", "leader", "teacher"):
        refused("not_a_recorder", minutes, world, fund_request, who)
    minutes(world, fund_request, "president")
    assert said(fund_request, "finance.record_minutes")[::2] == ("president", "4.2.l")
    refused("minutes_recorded", minutes, world, fund_request)
    small = ask(world, "clerk_a", "10.00", payee="另一家")
    refused("minutes_not_needed", minutes, world, small)


@pytest.mark.parametrize(
    ("due", "present", "code"),
    [(9, 6, None), (9, 5, "two_thirds_are_present"), (10, 7, None), (10, 6, "two_thirds_are_present"),
     (3, 4, "present_are_among_those_due"), (0, 0, "present_are_among_those_due")],
)  # fmt: skip
def test_two_thirds_of_those_due_are_present(world, due, present, code):
    fund_request = ask(world, "office", "50000.00", school=None, bearer="school_a")
    if code:
        refused(code, minutes, world, fund_request, due=due, present=present)
    else:
        assert minutes(world, fund_request, due=due, present=present).minutes.count() == 1


def test_minutes_of_a_returned_version_serve_the_next(world):
    fund_request = ask(world, "clerk_a", "60000.00")
    minutes(world, fund_request)
    deciding.return_(fund_request, by=world.principal_a, opinion="请补正。")
    fund_request = submitting.submit(fund_request, by=world.clerk_a)
    assert approve_all(fund_request).state == RequestState.APPROVED
