"""The chain where the Measures ask for more than the example does: more steps, two hands for one, other places."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from finance.rules import budget, chain, fund_request
from finance.rules.chain import (
    BUREAU_FINANCE,
    DISTRICT,
    GROUP_FINANCE,
    LEADER,
    PRESIDENT,
    PRINCIPAL,
    Limit,
    LimitStep,
    Place,
    resolve,
)
from finance.rules.fund_request import OpenStep
from kunshan_edu.core.denials import CONFLICT, Denied
from kunshan_edu.core.guideline import Clause
from tests.finance.test_chain import HOLDERS, OFFICE, TOWN, TRAINING, A, B, setting, shown
from tests.finance.test_rules import LARGE

D = Decimal


def limit(role, *steps, above="0", up_to=None, category=None):
    asked = tuple(LimitStep(who, act) for who, act in steps)
    return Limit(role, D(above), up_to and D(up_to), category, asked)


def resolved(*limits, amount="100.00", **more):
    return shown(resolve(setting(amount, limits=limits, **more)))


def test_each_role_is_asked_in_its_own_place():
    steps = ((GROUP_FINANCE, "check"), (PRESIDENT, "approve"), (BUREAU_FINANCE, "review"))
    holders = {(GROUP_FINANCE, 21): {4}, (PRESIDENT, 21): {5}, (BUREAU_FINANCE, 31): {8}}
    case = setting("100.00", limits=(limit(PRESIDENT, *steps),), holders=holders)
    places = {"group": Place("group", 21, "示例集团"), "bureau": Place("bureau", 31, "教育局")}
    found = resolve(replace(case, **places))
    assert [(s.role, s.place.id) for s in found] == [
        (GROUP_FINANCE, 21),
        (PRESIDENT, 21),
        (BUREAU_FINANCE, 31),
    ]


@pytest.mark.parametrize(
    ("lower", "higher"), [(PRINCIPAL, PRESIDENT), (PRESIDENT, LEADER), (PRINCIPAL, LEADER)]
)
@pytest.mark.parametrize("lower_first", [True, False])
def test_of_two_categories_the_higher_decides(lower, higher, lower_first):
    first, second = (lower, higher) if lower_first else (higher, lower)
    limits = (
        limit(first, (first, "approve"), category=OFFICE),
        limit(second, (second, "approve"), category=TRAINING),
    )
    found = resolved(*limits, categories=(OFFICE, TRAINING))
    assert [line.split()[1] for line in found] == [f"{higher}@1:approve"]


def test_one_role_asked_twice_signs_twice():
    """What the Measures ask for themselves is not covered by a later step of the same role."""
    limits = limit(PRINCIPAL, (GROUP_FINANCE, "check"), (PRINCIPAL, "approve"), (GROUP_FINANCE, "review"))
    found = resolved(limits, holders={(GROUP_FINANCE, 1): {4, 44}})
    assert found == ["1 group_finance@1:check", "2 executive_principal@1:approve", "3 group_finance@1:review"]


def test_a_decision_is_not_covered_by_a_consent_and_is_by_a_decision():
    asked = limit(PRINCIPAL, (PRINCIPAL, "approve"), (PRESIDENT, "consent"))
    vacant = resolved(asked, holders={(PRINCIPAL, 1): set()})
    assert vacant == [
        "1 bureau_finance@1:review for executive_principal (vacant)",
        "2 bureau_leader@1:approve for executive_principal (vacant)",
        "3 group_president@1:consent",
    ]
    avoided = resolved(asked, avoid=(1,), holders={(PRESIDENT, 1): {5, 55}})
    assert avoided == [
        "1 group_president@1:approve for executive_principal (avoidance)",
        "2 group_president@1:consent",
    ]
    beside = resolved(limit(PRINCIPAL, (PRINCIPAL, "approve")), schools=(A, B), avoid=(1, 2))
    assert beside == ["1 group_president@1:approve for executive_principal (avoidance)"]


def test_who_confirms_with_another_may_decide():
    """Only who alone confirms the booking is kept from the decision."""
    limits = limit(PRESIDENT, (PRESIDENT, "approve"), (PRINCIPAL, "confirm"))
    alone = resolved(limits, holders={(PRESIDENT, 1): {1}, (PRINCIPAL, 1): {1}})
    assert alone[-1] == "3 executive_principal@1:confirm"
    assert alone[1] == "2 bureau_leader@1:approve for group_president (avoidance)"
    shared = resolved(limits, holders={(PRESIDENT, 1): {1}, (PRINCIPAL, 1): {1, 2}})
    assert shared == ["1 group_president@1:approve", "2 executive_principal@1:confirm"]


def test_a_confirmation_stands_for_no_consent_that_was_lifted_to_the_same_place():
    limits = limit(LEADER, (PRINCIPAL, "consent"), (BUREAU_FINANCE, "confirm"), (LEADER, "approve"))
    assert resolved(limits, holders={(PRINCIPAL, 1): set()}) == [
        "1 bureau_finance@1:consent for executive_principal (vacant)",
        "2 bureau_finance@1:confirm",
        "3 bureau_leader@1:approve",
    ]


def test_above_the_president_the_other_steps_stay_as_they_are():
    limits = limit(
        PRINCIPAL,
        (GROUP_FINANCE, "check"),
        (PRINCIPAL, "approve"),
        (DISTRICT, "review"),
        (BUREAU_FINANCE, "check"),
    )
    two = {(PRINCIPAL, 1): {1, 21}, (DISTRICT, 1): {6, 26}}
    found = resolved(limits, avoid=(5,), schools=(A, B), districts=(TOWN,), holders=two)
    assert found == [
        "1 group_finance@1:check",
        "2 executive_principal@1:consent",
        "2 executive_principal@2:consent",
        "3 bureau_leader@1:approve for group_president (avoidance)",
        "4 district@1:review",
        "5 bureau_finance@1:check",
    ]


def test_above_the_president_the_leader_comes_after_the_principals_and_before_the_rest():
    """Who is a principal and leads the bureau, too, consents, and so does not decide; a check is no decision."""
    limits = limit(PRINCIPAL, (PRINCIPAL, "approve"), (BUREAU_FINANCE, "check"))
    with pytest.raises(Denied) as refused:
        resolved(limits, avoid=(5,), schools=(A, B), holders={(PRINCIPAL, 2): {10}})
    assert refused.value.denial == chain.BUREAU_VACANT
    assert resolved(limits, avoid=(5,), holders={(BUREAU_FINANCE, 1): {10}}) == [
        "1 executive_principal@1:consent",
        "2 bureau_leader@1:approve for group_president (avoidance)",
    ]


def test_who_serves_in_the_group_decides_nothing_of_it_for_the_bureau():
    limits = limit(LEADER, (PRESIDENT, "consent"), (BUREAU_FINANCE, "review"), (LEADER, "approve"))
    asked = replace(setting("100.00", limits=(limits,)), serving=frozenset({5, 8}))
    assert [(s.role, set(s.people)) for s in resolve(asked)] == [
        (PRESIDENT, {5}),
        (BUREAU_FINANCE, {9}),
        (LEADER, {10}),
    ]


@pytest.mark.parametrize(
    ("above", "role", "index", "words"),
    [
        ("0", PRINCIPAL, 0, "不超过 50,000.00 元，由本级终审"),
        ("0", PRINCIPAL, 0, "计算金额 100.00 元，不超过 50,000.00 元，由本级终审"),
        ("1", PRINCIPAL, 0, "大于 1.00 元、不超过 50,000.00 元，由本级终审"),
        ("0", DISTRICT, 1, "由区镇财政保障，先经区镇审核"),
    ],
)
def test_a_step_says_in_which_band_and_for_which_treasury_it_is_there(above, role, index, words):
    limits = (limit(PRINCIPAL, (PRINCIPAL, "approve"), (DISTRICT, "review"), above=above, up_to="50000"),)
    step = resolve(setting("100.00", limits=limits, districts=(TOWN,)))[index]
    assert step.role == role
    assert words in step.why % step.params


def test_avoidance_and_vacancy_are_told_apart():
    one = limit(PRINCIPAL, (PRINCIPAL, "approve"))
    avoided = resolve(setting("1.00", limits=(one,), avoid=(1,)))[0]
    assert "应当回避" in avoided.why % avoided.params
    vacant = resolve(setting("1.00", limits=(one,), holders={(PRINCIPAL, 1): set()}))[0]
    assert "空缺不等于同意" in vacant.why % vacant.params
    assert HOLDERS[PRINCIPAL, 1] == {1}


def test_minutes_are_needed_for_whichever_of_ones_steps_decides():
    booking = OpenStep(7, "executive_principal", "confirm", mine=True)
    case = replace(LARGE, open_steps=(booking, *LARGE.open_steps))
    assert fund_request.cannot_approve(case).code == "minutes_needed"
    assert fund_request.cannot_approve(replace(case, open_steps=(booking,))) is None


@pytest.mark.parametrize(
    ("module", "name", "code", "clause", "field", "words"),
    [
        (budget, "NOT_AFFILIATED", "school_not_affiliated", Clause.C4_2_F, "school", "隶属关系"),
        (chain, "NO_LIMIT", "no_limit_matches", Clause.C4_2_L, None, "审批限额"),
        (chain, "NO_MEASURES", "no_measures", Clause.C4_2_K, None, "尚未施行"),
        (chain, "BUREAU_VACANT", "bureau_vacant", Clause.C4_2_L, None, "没有可以办理本申请的审批人"),
    ],
)
def test_refusals_without_a_rule_of_their_own(module, name, code, clause, field, words):
    denial = getattr(module, name)
    assert (denial.code, denial.status, denial.clause, denial.field) == (code, CONFLICT, clause, field)
    assert words in str(denial)
    assert str(denial).endswith("。")
