"""The worked requests of the domain design (示例: E = 10,000, P = C = 50,000), really submitted: who decides."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from finance.actions import deciding
from finance.actions.cases import current_version
from finance.choices import RequestState, StepReason
from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denied
from tests.finance.requests import approve_all, ask, granted, minutes, pay, route, totals

pytestmark = pytest.mark.django_db

EXE, GFI, PRE = "executive_principal", "group_finance", "group_president"
DT, FIN, BL = "district", "bureau_finance", "bureau_leader"
TO_PRESIDENT = [f"{EXE}:consent", f"{GFI}:check", f"{PRE}:approve"]

# number: (maker, amount, who asks and bears it, beneficiary, route, whether minutes are needed)
ORACLES = {
    "1 book purchase within E": ("clerk_a", "4860.00", {}, None, [f"{EXE}:approve"], False),
    "2 exactly E": ("clerk_a", "10000.00", {"category": "training"}, None, [f"{EXE}:approve"], False),
    "3 one fen above E": ("clerk_a", "10000.01", {"category": "training"}, None, TO_PRESIDENT, False),
    "4 meeting of school B": (
        "clerk_b",
        "33000.00",
        {"school": "school_b", "category": "meeting"},
        None,
        TO_PRESIDENT,
        False,
    ),
    "6 lecture of the group office, borne by the lead school": (
        "office",
        "8000.00",
        {"school": None, "bearer": "school_a", "category": "training"},
        None,
        [f"{PRE}:approve", f"{EXE}:confirm"],
        False,
    ),
    "7 group office, exactly P and C": (
        "office",
        "50000.00",
        {"school": None, "bearer": "school_a"},
        None,
        [f"{PRE}:approve", f"{EXE}:confirm"],
        True,
    ),
    "8 group office, one fen above P": (
        "office",
        "50000.01",
        {"school": None, "bearer": "school_a"},
        None,
        [f"{PRE}:consent", f"{FIN}:review", f"{BL}:approve", f"{EXE}:confirm"],
        True,
    ),
    "9 school C of a district, above P": (
        "clerk_c",
        "86000.00",
        {"school": "school_c"},
        None,
        [
            f"{EXE}:consent",
            f"{GFI}:check",
            f"{PRE}:consent",
            f"{DT}:review",
            f"{FIN}:review",
            f"{BL}:approve",
        ],
        True,
    ),
    "9b the same of city school A asks no district": (
        "clerk_a",
        "86000.00",
        {},
        None,
        [f"{EXE}:consent", f"{GFI}:check", f"{PRE}:consent", f"{FIN}:review", f"{BL}:approve"],
        True,
    ),
    "11 the principal asks": (
        "principal_a",
        "1200.00",
        {"category": "office"},
        None,
        [f"{PRE}:approve"],
        False,
    ),
    "12 the president benefits": (
        "clerk_a",
        "3000.00",
        {"category": "training"},
        "president",
        [f"{EXE}:consent", f"{FIN}:review", f"{BL}:approve"],
        False,
    ),
    "12b the president benefits, group office": (
        "office",
        "3000.00",
        {"school": None, "bearer": "school_b", "category": "training"},
        "president",
        [f"{FIN}:review", f"{BL}:approve", f"{EXE}:confirm"],
        False,
    ),
}


@pytest.mark.parametrize(
    ("who", "amount", "draft", "beneficiary", "expected", "large"), ORACLES.values(), ids=ORACLES
)
def test_route(world, who, amount, draft, beneficiary, expected, large):
    fund_request = ask(world, who, amount, beneficiary=world.users.get(beneficiary), **draft)
    assert route(fund_request) == expected
    version = current_version(fund_request)
    assert version.needs_minutes is large
    assert version.band_amount == version.amount == Decimal(amount)
    if large:
        minutes(world, fund_request)
    fund_request = approve_all(fund_request)
    assert fund_request.state == RequestState.APPROVED
    assert version.decisions.count() == len(expected)


def test_steps_ask_the_right_container(world):
    fund_request = ask(world, "clerk_c", "86000.00", school="school_c")
    group, bureau = world.group, world.bureau
    places = [s.container for s in current_version(fund_request).steps.order_by("seq")]
    assert places == [world.school_c, group, group, world.district, bureau, bureau]
    booking = ask(world, "office", "8000.00", school=None, bearer="school_b")
    assert [s.container for s in current_version(booking).steps.order_by("seq")] == [group, world.school_b]


def test_10_third_request_of_a_split_goes_to_the_president(world):
    first, second = (ask(world, "clerk_a", "4000.00", payee="X 公司") for _ in range(2))
    third = ask(world, "clerk_a", "4000.00", payee="X 公司")
    assert route(first) == route(second) == [f"{EXE}:approve"]
    assert route(third) == TO_PRESIDENT
    version = current_version(third)
    assert (version.amount, version.band_amount) == (Decimal("4000.00"), Decimal("12000.00"))
    last = version.steps.get(act="approve")
    assert last.reason == StepReason.LIMIT
    assert last.why_params["amount"] == "12,000.00"


@pytest.mark.parametrize(
    "draft",
    [{"payee": "Y 公司"}, {"payee": "X 公司", "category": "office"}],
    ids=["another payee", "another category"],
)
def test_10_only_the_same_payee_and_category_add_up(world, draft):
    for _ in range(2):
        ask(world, "clerk_a", "4000.00", payee="X 公司")
    assert route(ask(world, "clerk_a", "4000.00", **draft)) == [f"{EXE}:approve"]


def test_10_what_was_returned_or_withdrawn_does_not_add_up(world):
    for end in ("return", "reject", "withdraw"):
        gone = ask(world, "clerk_a", "9000.00", payee="X 公司")
        if end == "withdraw":
            deciding.withdraw(gone, by=world.clerk_a)
        else:
            verb = deciding.return_ if end == "return" else deciding.reject
            verb(gone, by=world.principal_a, opinion="重复。")
    assert route(ask(world, "clerk_a", "4000.00", payee="X 公司")) == [f"{EXE}:approve"]


def test_10_what_is_paid_still_adds_up_and_what_is_older_than_the_window_does_not(world):
    day = clock.today().replace(month=11, day=25)
    for days_ago in (31, 29):
        with clock.at(day - dt.timedelta(days=days_ago)):
            pay(world, granted(world, "clerk_a", "4000.00", payee="X 公司"), "cashier_a", "4000.00")
    with clock.at(day):
        third = ask(world, "clerk_a", "6500.00", payee="X 公司")
    assert current_version(third).band_amount == Decimal("10500.00")


def test_minutes_come_before_the_deciding_step_only(world):
    fund_request = ask(world, "office", "50000.01", school=None, bearer="school_a")
    for who in ("president", "finance_1"):
        deciding.approve(fund_request, by=world.users[who])
    with pytest.raises(Denied) as refused:
        deciding.approve(fund_request, by=world.leader)
    assert refused.value.denial.code == "minutes_needed"
    minutes(world, fund_request)
    assert approve_all(fund_request).state == RequestState.APPROVED


def test_one_request_travels_from_draft_to_paid(world):
    fund_request = ask(world, "clerk_a", "4860.00")
    assert totals(world) == (Decimal("200000.00"), Decimal("4860.00"), Decimal("0.00"))
    fund_request = approve_all(fund_request)
    assert fund_request.state == RequestState.APPROVED
    fund_request = pay(world, fund_request, "cashier_a", "4800.00")
    assert fund_request.state == RequestState.PAID
    assert totals(world) == (Decimal("200000.00"), Decimal("0.00"), Decimal("4800.00"))
