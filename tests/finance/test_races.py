"""Two and more at once, on real connections: money is never overspent, one wins, the others are told why."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from finance.actions import budget, deciding, submitting
from finance.actions.cases import current_version
from finance.models import Decision, FundRequest, Payment
from finance.proofs import PROOFS
from kunshan_edu.core import clock, once
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import User
from personnel.choices import Post
from tests.finance.requests import ask, budget_line, granted, line, make, pay, totals
from tests.world import appoint

D = Decimal
NONE = D("0.00")
A_MINUTE = 60


class AtOnce:
    """Threads that stay for a test, each with a connection of its own, and are let go at one instant."""

    def __init__(self, threads: int) -> None:
        self.threads, self.pool = threads, ThreadPoolExecutor(threads)

    def __call__(self, *jobs: Callable[[], Any]) -> list[Any]:
        """What the jobs give: a refusal by its code; anything else that is raised is raised here."""
        gate = threading.Barrier(len(jobs))

        def run(job: Callable[[], Any]) -> Any:
            gate.wait(A_MINUTE)
            try:
                return job()
            except Denied as refused:
                return refused.denial.code

        return list(self.pool.map(run, jobs, timeout=A_MINUTE))

    def close(self) -> None:
        self(*[connections.close_all] * self.threads)
        self.pool.shutdown()


@pytest.fixture
def at_once(own_database):
    """Eight threads."""
    threads = AtOnce(8)
    yield threads
    threads.close()


def person(user: User) -> User:
    """The account as another process would read it."""
    return User.objects.get(pk=user.pk)


def submits(fund_request: FundRequest, by: User) -> Callable[[], FundRequest]:
    return lambda: submitting.submit(fund_request, by=person(by))


def done(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, str)]


def codes(results: list[Any]) -> list[str]:
    return [result for result in results if isinstance(result, str)]


@pytest.fixture
def city(world, own_database):
    """The world on a database of its own; when the test is over, every proof of finance still holds."""
    yield world
    assert {proof.name: found for proof in PROOFS if (found := proof.check())} == {}


def test_eight_race_for_the_last_money_and_exactly_those_that_fit_get_it(city, at_once):
    """Twenty rounds: 35,999 yuan, eight requests of 9,000 each; three fit."""
    left = D("200000.00") - D("35999.00")
    budget.cut(budget_line(city), amount=left, document="昆教财〔2026〕9号", by=city.finance_1)
    drafts = [make(city, "clerk_a", "9000.00", payee=f"第 {n} 家") for n in range(8)]
    for _round in range(20):
        results = at_once(*(submits(draft, city.clerk_a) for draft in drafts))
        assert codes(results) == ["budget_insufficient"] * 5
        assert totals(city) == (D("35999.00"), D("27000.00"), NONE)
        for won in done(results):
            deciding.return_(won, by=city.principal_a, opinion="再来。")
    assert totals(city) == (D("35999.00"), NONE, NONE)


def test_requests_in_opposite_order_of_lines_never_deadlock(city, at_once):
    """Fifty times two submissions and two returns at once; a deadlock would come out as `busy`."""
    names = ("research", "office")
    orders = (names, names[::-1])
    drafts = [
        make(
            city, "clerk_a", "", payee=f"{n}", lines=[line(city, "school_a", "10.00", name) for name in order]
        )
        for n, order in enumerate(orders)
    ]
    for _round in range(50):
        assert codes(at_once(*(submits(draft, city.clerk_a) for draft in drafts))) == []
        back = [
            lambda row=draft: deciding.return_(row, by=person(city.principal_a), opinion="再来。")
            for draft in drafts
        ]
        assert codes(at_once(*back)) == []


def test_allocating_and_submitting_at_once_never_deadlock(city, at_once):
    drafts = [make(city, "clerk_a", "10.00", payee=f"第 {n} 家") for n in range(20)]

    def allocate() -> Any:
        return budget.allocate(
            city.fund,
            school=city.school_a,
            category=city.categories["research"],
            amount=D("1.00"),
            document="昆教财〔2026〕9号",
            by=person(city.finance_1),
        )

    for draft in drafts:
        assert codes(at_once(allocate, submits(draft, city.clerk_a), allocate)) == []
    assert totals(city) == (D("200040.00"), D("200.00"), NONE)


def test_two_approvers_at_once_give_one_decision_and_one_polite_refusal(city, at_once):
    for _round in range(8):
        fund_request = ask(city, "clerk_a", "10.00", beneficiary=city.president)
        deciding.approve(fund_request, by=city.principal_a)
        officers = [
            lambda row=fund_request, who=who: deciding.approve(row, by=person(who))
            for who in (city.finance_1, city.finance_2)
        ]
        results = at_once(*officers)
        assert codes(results) == ["step_already_decided"]
        step = current_version(fund_request).steps.get(role="bureau_finance")
        assert Decision.objects.filter(step=step).count() == 1


def test_the_refusal_says_who_was_first_and_when(city):
    fund_request = ask(city, "clerk_a", "10.00", beneficiary=city.president)
    for who in ("principal_a", "finance_1"):
        deciding.approve(fund_request, by=city.users[who])
    with pytest.raises(Denied) as refused:
        deciding.approve(fund_request, by=city.finance_2)
    assert refused.value.denial.status == 409
    assert "示例finance_1" in str(refused.value)
    assert f"{clock.now():%Y-%m-%d}" in str(refused.value)


def test_approve_and_withdraw_at_once_leave_one_of_the_two(city, at_once):
    for _round in range(10):
        fund_request = ask(city, "clerk_a", "10.00")
        results = at_once(
            lambda row=fund_request: deciding.approve(row, by=person(city.principal_a)),
            lambda row=fund_request: deciding.withdraw(row, by=person(city.clerk_a)),
        )
        (won,) = done(results)
        assert codes(results) == ["wrong_state"]
        fund_request.refresh_from_db()
        assert fund_request.state == won.state
        assert totals(city)[1] == (D("10.00") if won.state == "approved" else NONE)
        if won.state == "approved":
            deciding.cancel(fund_request, by=city.principal_a, opinion="再来。")


def test_two_cashiers_at_once_pay_once(city, at_once):
    appoint(city, "teacher", Post.CASHIER, city.school_a, valid_from=clock.today())
    for n in range(8):
        fund_request = granted(city, "clerk_a", "10.00")
        results = at_once(
            *(
                lambda who=who, row=fund_request, n=n: pay(city, row, who, "10.00", voucher_no=f"{n}-{who}")
                for who in ("cashier_a", "teacher")
            )
        )
        assert codes(results) == ["wrong_state"]
        assert Payment.objects.filter(fund_request=fund_request).count() == 1
    assert totals(city)[1:] == (NONE, D("80.00"))


def test_same_key_twice_at_once_has_one_outcome(city, at_once):
    for _round in range(8):
        fund_request, key = ask(city, "clerk_a", "10.00"), uuid.uuid4()
        digest = once.fingerprint("POST", fund_request.get_absolute_url(), {"opinion": "同意。"})

        def click(row=fund_request, key=key, digest=digest) -> once.Outcome:
            by = person(city.principal_a)

            def perform() -> once.Outcome:
                deciding.approve(row, by=by, idem=key)
                return once.Outcome(303, row.get_absolute_url())

            return once.once(by, key, digest, perform)

        first, second = at_once(click, click)
        assert (first.status, first.location) == (second.status, second.location)
        assert sorted([first.replayed, second.replayed]) == [False, True]
        assert Decision.objects.filter(version__fund_request=fund_request).count() == 1
        assert click().replayed


def test_same_key_with_other_content_is_refused_and_a_refusal_may_be_sent_again(city):
    fund_request, key, by = ask(city, "clerk_a", "10.00"), uuid.uuid4(), city.principal_a

    def click(digest: str, who: User = by) -> once.Outcome:
        return once.once(
            who, key, digest, lambda: deciding.approve(fund_request, by=who) and once.Outcome(200)
        )

    with pytest.raises(Denied) as refused:
        click("a" * 64, city.principal_b)
    assert refused.value.denial.code == "not_your_step"
    assert click("a" * 64).status == 200
    with pytest.raises(Denied) as reused:
        click("b" * 64)
    assert (reused.value.denial.code, reused.value.denial.status) == ("idempotency_key_reused", 422)


def test_numbers_have_no_gap_whoever_fails(city, at_once):
    drafts = [make(city, "clerk_a", "10.00", payee=f"第 {n} 家") for n in range(24)]
    too_much = [make(city, "clerk_a", "300000.00", payee=f"第 {n} 家") for n in range(8)]
    for n in range(8):
        at_once(*(submits(draft, city.clerk_a) for draft in (*drafts[3 * n : 3 * n + 3], too_much[n])))
    numbers = FundRequest.objects.exclude(number=None).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"SL-{clock.today().year}-{n:04d}" for n in range(1, 25)]
