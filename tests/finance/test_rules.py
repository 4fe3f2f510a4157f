"""Every rule of the special fund: who is refused, with which code, status and clause, and who is not. No database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from finance.rules import budget, fund_request, measures
from finance.rules.chain import Limit, LimitStep
from finance.rules.fund_request import Decided, OpenStep, Seen, Shortfall
from kunshan_edu.core.denials import CONFLICT, FORBIDDEN, INVALID
from kunshan_edu.core.guideline import Clause

D = Decimal
CONSENT = OpenStep(1, "executive_principal", "consent", mine=True)
DECIDING = OpenStep(2, "group_president", "approve", mine=True)
SERVED = OpenStep(4, "bureau_finance", "review", mine=True, serves=True)
DECIDED = Decided("李某", "2026-11-23 10:00")
ANOTHERS = OpenStep(3, "bureau_leader", "approve", mine=False)

# The same request looked at by the person whom each verb waits for.
DRAFT = fund_request.Case(state="draft", is_requester=True, may_draft=True)
PENDING = fund_request.Case(state="pending", version=1, digest="d", amount=D(100), open_steps=(CONSENT,))
APPROVED = fund_request.Case(state="approved", version=1, amount=D(100), may_cancel=True, may_pay=True)
LARGE = replace(PENDING, open_steps=(DECIDING,), needs_minutes=True, may_record_minutes=True)
STATES = ("draft", "pending", "approved", "paying", "paid", "returned", "rejected", "withdrawn", "cancelled")


def check(rule, case, code, status=CONFLICT, clause=None):
    """`rule` refuses `case` with that code, status and clause; or, without a code, lets it pass."""
    denial = rule(case)
    if code is None:
        assert denial is None
        return
    assert denial is not None, f"{rule.__name__} let it pass"
    assert (denial.code, denial.status, denial.clause) == (code, status, clause)
    assert str(denial).endswith("。")
    assert "%(" not in str(denial)


REQUEST_CASES = [
    # submit, edit, delete: the requester, with the right to draft, on a draft or a returned request
    ("edit", DRAFT, None),
    ("edit", replace(DRAFT, state="returned"), None),
    ("edit", replace(DRAFT, is_requester=False), "not_requester", FORBIDDEN, Clause.C4_2_B),
    ("edit", replace(DRAFT, may_draft=False), "not_a_drafter", FORBIDDEN, Clause.C4_2_B),
    ("edit", replace(DRAFT, state="pending"), "wrong_state"),
    ("edit", replace(DRAFT, state="approved"), "wrong_state"),
    ("delete", DRAFT, None),
    ("delete", replace(DRAFT, may_draft=False), None),
    ("delete", replace(DRAFT, is_requester=False), "not_requester", FORBIDDEN, Clause.C4_2_B),
    ("delete", replace(DRAFT, version=1), "already_numbered"),
    ("delete", replace(DRAFT, state="returned", version=1), "already_numbered"),
    ("delete", replace(DRAFT, state="withdrawn"), "wrong_state"),
    ("submit", DRAFT, None),
    ("submit", replace(DRAFT, state="returned", version=1), None),
    ("submit", replace(DRAFT, is_requester=False), "not_requester", FORBIDDEN, Clause.C4_2_B),
    ("submit", replace(DRAFT, may_draft=False), "not_a_drafter", FORBIDDEN, Clause.C4_2_B),
    ("submit", replace(DRAFT, state="pending"), "wrong_state"),
    ("submit", replace(DRAFT, fund_allocated=False), "fund_not_allocated", CONFLICT, Clause.C4_2_G),
    ("submit", replace(DRAFT, lines=0), "no_lines", INVALID),
    ("submit", replace(DRAFT, amounts_positive=False), "line_amount_not_positive", INVALID),
    ("submit", replace(DRAFT, affiliations_hold=False), "funding_level_mismatch", CONFLICT, Clause.C4_2_F),
    (
        "submit",
        replace(DRAFT, shortfalls=(Shortfall("示例校 · 会议费", D("3120.00"), D("3300.00")),)),
        "budget_insufficient",
        CONFLICT,
        Clause.C4_2_E,
    ),
    # approve, return, reject: whoever holds the open step, on what they saw, never on their own request
    ("approve", PENDING, None),
    ("approve", replace(PENDING, open_steps=(ANOTHERS, CONSENT)), None),
    ("approve", replace(PENDING, state="withdrawn"), "wrong_state"),
    ("approve", replace(PENDING, is_requester=True), "own_request", FORBIDDEN, Clause.C4_2_L),
    ("approve", replace(PENDING, is_beneficiary=True), "own_request", FORBIDDEN, Clause.C4_2_L),
    ("approve", replace(PENDING, open_steps=(ANOTHERS,)), "not_your_step", FORBIDDEN, Clause.C4_2_L),
    ("approve", replace(PENDING, open_steps=()), "not_your_step", FORBIDDEN, Clause.C4_2_L),
    ("approve", replace(PENDING, open_steps=(ANOTHERS,), decided=DECIDED), "step_already_decided"),
    ("approve", replace(PENDING, decided=DECIDED), None),
    ("approve", replace(PENDING, approved_by_actor=True), "already_approved", CONFLICT, Clause.C4_2_L),
    ("approve", replace(PENDING, measures_in_force=False), "no_measures_in_force", CONFLICT, Clause.C4_2_K),
    ("approve", replace(PENDING, seen=Seen(1, "d", D(100))), None),
    ("approve", replace(PENDING, seen=Seen(2, "d", D(100))), "stale_version"),
    ("approve", replace(PENDING, seen=Seen(1, "x", D(100))), "stale_version"),
    ("approve", replace(PENDING, seen=Seen(1, "d", D("100.01"))), "stale_version"),
    ("approve", LARGE, "minutes_needed", CONFLICT, Clause.C4_2_L),
    ("approve", replace(LARGE, has_minutes=True), None),
    ("approve", replace(LARGE, open_steps=(CONSENT,)), None),
    ("approve", replace(LARGE, open_steps=(ANOTHERS, CONSENT)), None),
    ("return", PENDING, None),
    ("approve", replace(PENDING, fund_allocated=False), "fund_not_open", CONFLICT, Clause.C4_2_E),
    ("approve", replace(PENDING, open_steps=(SERVED,)), "serves_the_group", FORBIDDEN, Clause.C4_2_L),
    ("approve", replace(PENDING, open_steps=(SERVED, CONSENT)), None),
    ("return", replace(PENDING, open_steps=(SERVED,)), "serves_the_group", FORBIDDEN, Clause.C4_2_L),
    ("return", replace(PENDING, fund_allocated=False), None),
    ("return", replace(PENDING, measures_in_force=False), None),
    ("return", replace(PENDING, approved_by_actor=True), None),
    ("return", replace(PENDING, state="approved"), "wrong_state"),
    ("return", replace(PENDING, is_requester=True), "own_request", FORBIDDEN, Clause.C4_2_L),
    ("return", replace(PENDING, open_steps=(ANOTHERS,)), "not_your_step", FORBIDDEN, Clause.C4_2_L),
    ("return", replace(PENDING, seen=Seen(2, "d", D(100))), "stale_version"),
    ("reject", LARGE, None),
    ("reject", replace(PENDING, is_beneficiary=True), "own_request", FORBIDDEN, Clause.C4_2_L),
    ("reject", replace(PENDING, open_steps=(replace(DECIDING, act="check"), DECIDING)), None),
    ("reject", replace(PENDING, open_steps=(ANOTHERS,)), "not_your_step", FORBIDDEN, Clause.C4_2_L),
    ("reject", replace(PENDING, state="draft"), "wrong_state"),
    *(
        ("reject", replace(PENDING, open_steps=(replace(DECIDING, act=act),)), *answer)
        for act, *answer in (
            ("approve", None),
            ("consent", None),
            ("check", "step_does_not_reject", FORBIDDEN, Clause.C4_2_L),
            ("review", "step_does_not_reject", FORBIDDEN, Clause.C4_2_L),
            ("confirm", "step_does_not_reject", FORBIDDEN, Clause.C4_2_L),
        )
    ),
    (
        "reject",
        replace(PENDING, open_steps=(SERVED, replace(DECIDING, act="check"))),
        "step_does_not_reject",
        FORBIDDEN,
        Clause.C4_2_L,
    ),
    # withdraw: the requester, until somebody has agreed
    ("withdraw", DRAFT, None),
    ("withdraw", replace(DRAFT, may_draft=False), None),
    ("withdraw", replace(PENDING, is_requester=True), None),
    ("withdraw", replace(DRAFT, state="returned", approvals=2), None),
    ("withdraw", PENDING, "not_requester", FORBIDDEN),
    ("withdraw", replace(PENDING, is_requester=True, approvals=1), "already_decided"),
    ("withdraw", replace(APPROVED, is_requester=True), "wrong_state"),
    # cancel: the level that approved, while nothing is paid
    ("cancel", APPROVED, None),
    ("cancel", replace(APPROVED, state="paying"), "wrong_state"),
    ("cancel", replace(APPROVED, payments=1), "already_paid", CONFLICT, Clause.C4_2_B),
    ("cancel", replace(APPROVED, may_cancel=False), "not_the_approving_level", FORBIDDEN, Clause.C4_2_L),
    # pay: the cashier of a bearing school, who neither asked nor agreed
    ("pay", APPROVED, None),
    ("pay", replace(APPROVED, state="paying"), None),
    ("pay", replace(APPROVED, state="paid"), "wrong_state"),
    ("pay", replace(APPROVED, state="pending"), "wrong_state"),
    ("pay", replace(APPROVED, is_requester=True), "payer_is_involved", FORBIDDEN, Clause.C4_2_B),
    ("pay", replace(APPROVED, approved_by_actor=True), "payer_is_involved", FORBIDDEN, Clause.C4_2_B),
    ("pay", replace(APPROVED, may_pay=False), "not_your_payment", FORBIDDEN, Clause.C4_2_B),
    # minutes: the requesting unit, the group office or the president, once, when the amount asks for them
    ("record_minutes", LARGE, None),
    ("record_minutes", replace(LARGE, state="approved"), "wrong_state"),
    ("record_minutes", replace(LARGE, needs_minutes=False), "minutes_not_needed"),
    ("record_minutes", replace(LARGE, has_minutes=True), "minutes_recorded"),
    ("record_minutes", replace(LARGE, may_record_minutes=False), "not_a_recorder", FORBIDDEN, Clause.C4_2_L),
]


@pytest.mark.parametrize(
    ("verb", "case", "code", "how"), [(v, c, code, how) for v, c, code, *how in REQUEST_CASES]
)
def test_fund_request(verb, case, code, how):
    check(getattr(fund_request, f"cannot_{verb}"), case, code, *how)


ALLOWED_IN = {
    "edit": ("draft", "returned"),
    "delete": ("draft",),
    "submit": ("draft", "returned"),
    "approve": ("pending",),
    "return": ("pending",),
    "reject": ("pending",),
    "withdraw": ("draft", "pending", "returned"),
    "cancel": ("approved",),
    "pay": ("approved", "paying"),
    "record_minutes": ("pending",),
}


@pytest.mark.parametrize("verb", ALLOWED_IN)
@pytest.mark.parametrize("state", STATES)
def test_the_states_in_which_a_verb_may_be_done(verb, state):
    helpful = replace(
        DRAFT if verb in ("edit", "delete", "submit", "withdraw") else LARGE,
        state=state,
        has_minutes=verb != "record_minutes",
        may_cancel=True,
        may_pay=True,
    )
    denial = getattr(fund_request, f"cannot_{verb}")(helpful)
    assert (denial is None) == (state in ALLOWED_IN[verb])


def test_shortfall_names_line_and_all_three_figures():
    denial = fund_request.insufficient(Shortfall("示例校 · 会议费", D("3120.00"), D("3300.50")))
    for part in ("示例校 · 会议费", "3,120.00", "3,300.50", "180.50"):
        assert part in str(denial)


def test_stale_decision_names_both_versions_and_the_amount():
    seen = Seen(1, "old", D("100.00"))
    denial = fund_request.cannot_approve(replace(PENDING, version=2, amount=D("1234.50"), seen=seen))
    assert all(part in str(denial) for part in ("第 1 版", "第 2 版", "1,234.50"))


@pytest.mark.parametrize(
    ("amount", "code"), [("9999.99", None), ("10000.00", None), ("10000.01", "exceeds_approved")]
)
def test_payment_is_at_most_what_was_approved(amount, code):
    denial = fund_request.cannot_pay_amount(D(amount), D("10000.00"))
    assert (denial.code if denial else None) == code
    if denial:
        assert (denial.field, denial.clause) == ("amount", Clause.C4_2_B)
        assert "10,000.01" in str(denial)


FUND = budget.Case(may_allocate=True, state="allocated")


@pytest.mark.parametrize(
    ("verb", "case", "code", "how"),
    [
        ("open", FUND, None, ()),
        ("open", budget.Case(may_allocate=False), "not_an_allocator", (FORBIDDEN, Clause.C4_2_G)),
        ("allocate", FUND, None, ()),
        ("allocate", replace(FUND, state="draft"), None, ()),
        ("allocate", replace(FUND, may_allocate=False), "not_an_allocator", (FORBIDDEN, Clause.C4_2_G)),
        ("allocate", replace(FUND, state="frozen"), "fund_is_closed", (CONFLICT, Clause.C4_2_G)),
        ("allocate", replace(FUND, state="closed"), "fund_is_closed", (CONFLICT, Clause.C4_2_G)),
        ("freeze", FUND, None, ()),
        ("freeze", replace(FUND, may_allocate=False), "not_an_allocator", (FORBIDDEN, Clause.C4_2_G)),
        ("freeze", replace(FUND, state="draft"), "fund_not_allocated", (CONFLICT, Clause.C4_2_G)),
        ("freeze", replace(FUND, state="frozen"), "fund_not_allocated", (CONFLICT, Clause.C4_2_G)),
    ],
)
def test_budget(verb, case, code, how):
    check(getattr(budget, f"cannot_{verb}"), case, code, *how)


@pytest.mark.parametrize(("amount", "code"), [("500.00", None), ("500.01", "cut_below_commitments")])
def test_cut_stops_at_what_is_available(amount, code):
    denial = budget.cannot_cut(D("500.00"), D(amount))
    assert (denial.code if denial else None) == code
    if denial:
        assert (denial.field, denial.clause) == ("amount", Clause.C4_2_E)
        assert "500.00" in str(denial)
        assert "500.01" in str(denial)


PRINCIPAL = (LimitStep("executive_principal", "approve"),)
PRESIDENT = (LimitStep("executive_principal", "consent"), LimitStep("group_president", "approve"))
LEADER = (LimitStep("group_president", "consent"), LimitStep("bureau_leader", "approve"))
LOW = Limit("executive_principal", D(0), D(5000), None, PRINCIPAL)
MIDDLE = Limit("group_president", D(5000), D(20000), None, PRESIDENT)
TOP = Limit("bureau_leader", D(20000), None, None, LEADER)
TILED = (LOW, MIDDLE, TOP)


@pytest.mark.parametrize(
    ("limits", "code", "at"),
    [
        (TILED, None, ""),
        ((TOP, LOW, MIDDLE), None, ""),
        ((*TILED, replace(LOW, category=7, up_to=D(1000))), None, ""),
        ((replace(TOP, above=D(0)),), None, ""),
        ((), "limits_leave_a_gap", "0.00"),
        ((replace(LOW, category=7), MIDDLE, TOP), "limits_leave_a_gap", "0.00"),
        ((MIDDLE, TOP), "limits_leave_a_gap", "0.00"),
        ((LOW, TOP), "limits_leave_a_gap", "5,000.00"),
        ((LOW, replace(MIDDLE, above=D("5000.01")), TOP), "limits_leave_a_gap", "5,000.00"),
        ((LOW, replace(MIDDLE, above=D("4999.99")), TOP), "limits_leave_a_gap", "5,000.00"),
        ((LOW, MIDDLE), "limits_leave_a_gap", "20,000.00"),
        ((*TILED, replace(TOP, above=D(90000))), "limits_leave_a_gap", "0.00"),
        ((LOW, MIDDLE, replace(TOP, steps=())), "limit_lacks_its_decision", ""),
        ((replace(LOW, role="group_president"), MIDDLE, TOP), "limit_lacks_its_decision", ""),
        ((*TILED, replace(LOW, category=7, steps=())), "limit_lacks_its_decision", ""),
    ],
)
def test_limits_tile_all_amounts_and_hold_their_decision(limits, code, at):
    denial = measures.limits_fault(limits)
    assert (denial.code if denial else None) == code
    if denial:
        assert denial.clause == Clause.C4_2_L
        assert at in str(denial)


PREPARER = measures.Case(may_prepare=True)
PUBLISHER = measures.Case(may_publish=True, limits=(TILED, TILED))


@pytest.mark.parametrize(
    ("verb", "case", "code", "how"),
    [
        ("prepare", PREPARER, None, ()),
        ("prepare", PUBLISHER, "not_a_preparer", (FORBIDDEN, Clause.C4_2_K)),
        ("prepare", replace(PREPARER, state="published"), "measures_published", (CONFLICT, Clause.C4_2_K)),
        ("publish", PUBLISHER, None, ()),
        ("publish", PREPARER, "not_a_publisher", (FORBIDDEN, Clause.C4_2_K)),
        ("publish", replace(PUBLISHER, state="published"), "measures_published", (CONFLICT, Clause.C4_2_K)),
        ("publish", replace(PUBLISHER, is_preparer=True), "second_person_needed", (FORBIDDEN, Clause.C4_2_K)),
        ("publish", replace(PUBLISHER, limits=(TILED, ())), "limits_leave_a_gap", (CONFLICT, Clause.C4_2_L)),
        ("end", replace(PUBLISHER, state="published"), None, ()),
        ("end", replace(PREPARER, state="published"), "not_a_publisher", (FORBIDDEN, Clause.C4_2_K)),
        ("end", PUBLISHER, "measures_not_published", (CONFLICT, Clause.C4_2_K)),
    ],
)
def test_measures(verb, case, code, how):
    check(getattr(measures, f"cannot_{verb}"), case, code, *how)


@pytest.mark.parametrize("module", [budget, fund_request, measures])
def test_every_rule_is_in_a_table(module):
    rules = {name.removeprefix("cannot_") for name in dir(module) if name.startswith("cannot_")}
    known = {
        budget: {"open", "allocate", "freeze", "cut"},
        fund_request: {*ALLOWED_IN, "decide", "pay_amount"},
        measures: {"prepare", "publish", "end"},
    }
    assert rules == known[module]
