"""Payments, and what becomes of open requests when posts, members and affiliations change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from finance.actions import budget, deciding, submitting, vacancies
from finance.actions import chain as chain_actions
from finance.actions.cases import current_version, open_steps
from finance.choices import RequestState, StepState
from finance.models import FundRequest, Payment, RequestStep
from finance.tasks import lift_vacant_steps
from groups import actions as register
from kunshan_edu.core import clock
from personnel.choices import Post
from tests.finance.requests import (
    approve_all,
    ask,
    event,
    granted,
    line,
    make,
    moves,
    pay,
    refused,
    route,
    said,
    told,
    totals,
)
from tests.world import appoint, end

pytestmark = pytest.mark.django_db
D = Decimal
ALL, NONE = D("200000.00"), D("0.00")
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


# 支付


def test_pay_less_spends_that_and_releases_the_rest(world):
    fund_request = granted(world, "clerk_a", "10000.00")
    refused("exceeds_approved", pay, world, fund_request, "cashier_a", "10000.01")
    fund_request = pay(world, fund_request, "cashier_a", "9800.00", voucher_no="8-015")
    assert fund_request.state == RequestState.PAID
    assert totals(world) == (ALL, NONE, D("9800.00"))
    assert moves(fund_request)[1:] == [
        ("spend", D("-9800.00"), D("9800.00")),
        ("release", D("-200.00"), NONE),
    ]
    payment = Payment.objects.get()
    assert (payment.capacity, payment.appointment_id) == ("出纳", world.posts["cashier_a"].pk)
    assert said(payment, "finance.pay") == said(fund_request, "finance.pay") == ("cashier_a", "出纳", "4.2.b")
    assert told(fund_request)[-1] == ("clerk_a", "示例事项已支付完毕。")
    refused("wrong_state", pay, world, fund_request, "cashier_a", "200.00")


def test_partial_payment_falls_on_the_lines_by_largest_remainder(world):
    lines = [line(world, "school_a", "33.33", category) for category in ("office", "training", "meeting")]
    fund_request = granted(world, "clerk_a", "", lines=lines)
    pay(world, fund_request, "cashier_a", "50.00")
    spent = [totals(world, category=category)[2] for category in ("office", "training", "meeting")]
    assert spent == [D("16.67"), D("16.67"), D("16.66")]
    assert all(totals(world, category=c)[1] == NONE for c in ("office", "training", "meeting"))


@pytest.mark.parametrize(("who", "code"), [
    ("cashier_b", "not_your_payment"), ("accountant_a", "not_your_payment"), ("admin", "not_your_payment"),
    ("clerk_a", "payer_is_involved"), ("principal_a", "payer_is_involved"),
])  # fmt: skip
def test_only_the_cashier_of_the_bearing_school_pays(world, who, code):
    fund_request = granted(world, "clerk_a", "4000.00")
    refused(code, pay, world, fund_request, who, "4000.00")


def test_cashier_who_asked_does_not_pay(world):
    appoint(world, "cashier_a", Post.CLERK, world.school_a, valid_from=TODAY)
    fund_request = granted(world, "cashier_a", "4000.00")
    refused("payer_is_involved", pay, world, fund_request, "cashier_a", "4000.00")


def test_a_voucher_pays_once(world):
    first, second = (granted(world, "clerk_a", "10.00", payee=payee) for payee in ("甲", "乙"))
    pay(world, first, "cashier_a", "10.00", voucher_no="8-015")
    refused("a_voucher_pays_once", pay, world, second, "cashier_a", "10.00", voucher_no="8-015")


def test_city_and_district_schools_bear_one_request(world):
    lines = [line(world, "school_a", "6000.00"), line(world, "school_c", "6000.00")]
    fund_request = ask(world, "office", "", school=None, lines=lines)
    version = current_version(fund_request)
    assert version.amount == version.band_amount == D("12000.00")
    assert [x.budget_line.level for x in version.lines.all()] == ["city", "district"]
    assert totals(world)[1] == totals(world, "school_c")[1] == D("6000.00")
    deciding.approve(fund_request, by=world.president)
    confirming = open_steps(version)
    assert [(s.seq, s.school) for s in confirming] == [(2, world.school_a), (2, world.school_c)]
    assert [who for who, _s in told(fund_request)] == ["president", "principal_a", "principal_c"]
    deciding.approve(fund_request, by=world.principal_c)
    assert FundRequest.objects.get(pk=fund_request.pk).state == RequestState.PENDING
    fund_request = deciding.approve(fund_request, by=world.principal_a)
    assert fund_request.state == RequestState.APPROVED
    assert list(FundRequest.objects.payable_by(world.cashier_c)) == [fund_request]
    fund_request = pay(world, fund_request, "cashier_c", "6000.00")
    assert fund_request.state == RequestState.PAYING
    assert (totals(world)[1:], totals(world, "school_c")[1:]) == ((D("6000.00"), NONE), (NONE, D("6000.00")))
    assert not FundRequest.objects.payable_by(world.cashier_c).exists()
    refused("not_your_payment", pay, world, fund_request, "cashier_c", "1.00")
    refused("wrong_state", deciding.cancel, fund_request, by=world.president, opinion="不办了。")
    fund_request = pay(world, fund_request, "cashier_a", "5000.00", school=world.school_a)
    assert fund_request.state == RequestState.PAID
    assert totals(world)[1:] == (NONE, D("5000.00"))


def test_the_school_named_must_be_the_cashier_own(world):
    lines = [line(world, "school_a", "10.00"), line(world, "school_c", "10.00")]
    fund_request = granted(world, "office", "", school=None, lines=lines)
    refused("not_your_payment", pay, world, fund_request, "cashier_a", "10.00", school=world.school_c)


# 空缺、退出、隶属关系变更


def vacate(world, *posts):
    for who in posts:
        end(world, who, TODAY)


def test_a_post_fallen_vacant_lifts_its_step_to_the_bureau_and_approves_nothing(world):
    fund_request = ask(world, "clerk_a", "4000.00")
    assert lift_vacant_steps() == 0
    vacate(world, "principal_a")
    assert lift_vacant_steps() == 1
    step = RequestStep.objects.get(version__fund_request=fund_request)
    assert (step.role, step.container, step.state) == ("bureau_leader", world.bureau, StepState.OPEN)
    assert (step.reason, step.instead_of) == ("vacant", "executive_principal")
    assert "示例A小" in step.why % step.why_params
    assert FundRequest.objects.get(pk=fund_request.pk).state == RequestState.PENDING
    assert event(fund_request, "finance.lift").clause_id == "4.1.a"
    assert told(fund_request)[-1][0] == "leader"
    assert lift_vacant_steps() == 0
    assert deciding.approve(fund_request, by=world.leader).state == RequestState.APPROVED


def test_a_consent_goes_to_the_finance_section_when_its_post_is_vacant(world):
    fund_request = ask(world, "clerk_a", "30000.00")
    vacate(world, "principal_a")
    lift_vacant_steps()
    assert route(fund_request)[0] == "bureau_finance:consent"
    assert {who for who, _s in told(fund_request)[1:]} == {"finance_1", "finance_2"}
    deciding.approve(fund_request, by=world.finance_2)
    vacate(world, "group_finance")
    lift_vacant_steps()
    assert list(chain_actions.eligible(open_steps(current_version(fund_request))[0])) == [world.finance_1]


def test_a_filled_or_decided_step_is_not_lifted(world):
    fund_request = ask(world, "clerk_a", "4000.00")
    step = RequestStep.objects.get(version__fund_request=fund_request)
    assert vacancies.lift(step).role == "executive_principal"
    deciding.approve(fund_request, by=world.principal_a)
    vacate(world, "principal_a")
    assert vacancies.vacant_steps() == []
    assert vacancies.lift(step).role == "executive_principal"


def test_school_that_left_the_group_keeps_what_is_open_and_may_not_ask_again(world):
    pending, returned = (ask(world, "clerk_b", "100.00", school="school_b", payee=x) for x in ("甲", "乙"))
    deciding.return_(returned, by=world.principal_b, opinion="请补正。")
    membership = world.group.memberships.get(school=world.school_b)
    register.leave(membership, valid_to=TODAY, leave_document="昆教〔2026〕3号", by=world.basic)
    refused("line_is_of_a_member_school", submitting.submit, returned, by=world.clerk_b)
    pending = deciding.approve(pending, by=world.principal_b)
    assert pay(world, pending, "cashier_b", "100.00").state == RequestState.PAID


def test_affiliation_change_leaves_reserves_where_they_are_and_asks_for_a_new_line(world):
    pending = ask(world, "clerk_c", "100.00", school="school_c")
    register.change_affiliation(
        world.school_c, level="city", document="昆编〔2026〕1号", valid_from=TODAY, by=world.personnel
    )
    draft = make(world, "clerk_c", "200.00", school="school_c")
    refused("funding_level_mismatch", submitting.submit, draft, by=world.clerk_c)
    assert totals(world, "school_c") == (ALL, D("100.00"), NONE)
    city = budget.allocate(
        world.fund,
        school=world.school_c,
        category=world.categories["research"],
        amount=D("500.00"),
        document="昆教财〔2026〕10号",
        by=world.finance_1,
    )
    later = submitting.submit(draft, by=world.clerk_c)
    assert current_version(later).lines.get().budget_line == city
    assert current_version(pending).lines.get().budget_line.level == "district"
    assert pay(world, approve_all(pending), "cashier_c", "100.00").state == RequestState.PAID
