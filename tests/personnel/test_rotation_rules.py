"""The rules of rotation without a database: who may do what at which stage, school years, and the two shares."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from personnel.choices import NEXT_ROTATION_STATES, PENDING_ROTATIONS, RotationState
from personnel.rules import rotation as rules
from personnel.rules.rotation import RotationCase, Shares

NOBODY = RotationCase()
EVERYBODY = RotationCase(
    may_propose=True, sends=True, receives=True, approves=True, files=True, is_proposer=True
)
# verb → the case flag that it asks for, and the stage at which it is done
STAGES = {
    "agree_sending": ("sends", "proposed"),
    "agree_receiving": ("receives", "sending_agreed"),
    "approve": ("approves", "receiving_agreed"),
    "file": ("files", "approved"),
}


def code(denial):
    return denial and denial.code


@pytest.mark.parametrize("verb", STAGES)
@pytest.mark.parametrize("state", RotationState.values)
def test_each_step_is_taken_at_its_stage_by_its_own_people(verb, state):
    rule, (flag, stage) = getattr(rules, f"cannot_{verb}"), STAGES[verb]
    denial = rule(replace(EVERYBODY, state=state))
    if state == stage:
        assert denial is None
        refused = rule(replace(EVERYBODY, state=state, **{flag: False}))
        assert refused.status == 403
        assert refused.clause
    else:
        final = "rotation_is_filed" if state == "filed" else "rotation_is_closed"
        expected = "not_at_this_stage" if state in PENDING_ROTATIONS else final
        assert denial.code == expected


def test_the_stages_are_those_of_the_words_and_of_the_database():
    order = [stage for _flag, stage in STAGES.values()]
    assert order == list(rules.OPEN) == list(PENDING_ROTATIONS)
    for before, after in zip(order, [*order[1:], "filed"], strict=True):
        assert after in NEXT_ROTATION_STATES[before]
    assert all({"refused", "withdrawn"} <= set(NEXT_ROTATION_STATES[state]) for state in order)


def test_across_groups_the_personnel_section_decides_in_the_president_s_place():
    across = replace(EVERYBODY, in_group=False, state="receiving_agreed")
    assert code(rules.cannot_approve(across)) == "rotation_across_groups"
    assert rules.cannot_file(across) is None
    assert code(rules.cannot_file(replace(across, in_group=True))) == "not_at_this_stage"
    filing = replace(NOBODY, in_group=False, state="receiving_agreed", files=True)
    assert rules.cannot_refuse(filing) is None
    assert code(rules.cannot_refuse(replace(filing, in_group=True))) == "not_the_president"


@pytest.mark.parametrize(
    ("state", "flag", "other"),
    [
        ("proposed", "sends", "not_the_sending_school"),
        ("sending_agreed", "receives", "not_the_receiving_school"),
        ("receiving_agreed", "approves", "not_the_president"),
        ("approved", "files", "not_the_personnel_section"),
    ],
)
def test_whoever_has_to_agree_now_may_refuse_and_nobody_else(state, flag, other):
    assert rules.cannot_refuse(replace(NOBODY, state=state, **{flag: True})) is None
    without = replace(EVERYBODY, state=state, **{flag: False})
    assert code(rules.cannot_refuse(without)) == other


@pytest.mark.parametrize("state", ["filed", "refused", "withdrawn"])
def test_what_is_decided_is_neither_refused_nor_withdrawn(state):
    case = replace(EVERYBODY, state=state)
    assert rules.cannot_refuse(case).code == rules.cannot_withdraw(case).code
    assert rules.cannot_withdraw(case).code in ("rotation_is_filed", "rotation_is_closed")


def test_only_the_proposer_withdraws():
    assert rules.cannot_withdraw(replace(NOBODY, is_proposer=True)) is None
    assert code(rules.cannot_withdraw(replace(EVERYBODY, is_proposer=False))) == "not_the_proposer"


@pytest.mark.parametrize("flag", ["sends", "receives", "approves", "files"])
def test_a_filed_rotation_is_stopped_by_either_side_until_it_is_over(flag):
    case = replace(NOBODY, state="filed", **{flag: True})
    assert rules.cannot_stop(case) is None
    assert code(rules.cannot_stop(replace(case, over=True))) == "rotation_is_over"
    assert code(rules.cannot_stop(replace(case, state="approved"))) == "rotation_not_filed"
    assert code(rules.cannot_stop(replace(NOBODY, state="filed"))) == "not_the_personnel_section"


def test_a_filed_rotation_is_renewed_once_by_who_proposes():
    case = replace(NOBODY, state="filed", may_propose=True)
    assert rules.cannot_renew(case) is None
    assert code(rules.cannot_renew(replace(case, renewed=True))) == "renewed_already"
    assert code(rules.cannot_renew(replace(case, state="approved"))) == "rotation_not_filed"
    assert code(rules.cannot_renew(replace(case, may_propose=False))) == "not_a_rotation_proposer"


@pytest.mark.parametrize(
    ("facts", "expected", "field"),
    [
        ({}, None, None),
        ({"may_propose": False}, "not_a_rotation_proposer", None),
        ({"same_school": True}, "rotation_is_to_another_school", "to_school"),
        ({"no_days": True}, "rotation_ends_after_it_begins", "valid_to"),
        ({"overlaps": True}, "one_rotation_at_a_time", "valid_from"),
    ],
)
def test_a_wrong_proposal_is_refused_beside_the_field(facts, expected, field):
    denial = rules.cannot_propose(RotationCase(**{"may_propose": True, **facts}))
    assert code(denial) == expected
    assert denial is None or denial.field == field


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2026, 8, 31), 2025),
        (dt.date(2026, 9, 1), 2026),
        (dt.date(2026, 12, 31), 2026),
        (dt.date(2027, 1, 1), 2026),
    ],
)
def test_a_school_year_begins_in_september(day, year):
    assert rules.school_year(day) == year
    first, after = rules.days_of(year)
    assert first <= day < after
    assert rules.school_year(first) == rules.school_year(after) - 1 == year
    assert (first, after) == (dt.date(year, 9, 1), dt.date(year + 1, 9, 1))


@pytest.mark.parametrize(
    ("teachers", "rotated", "backbone", "missing"),
    [
        (0, 0, 0, (0, 0)),
        (100, 10, 2, (0, 0)),
        (100, 9, 2, (1, 0)),
        (101, 10, 2, (1, 0)),  # 10.1 teachers are eleven people
        (100, 11, 2, (0, 1)),  # 2.2 backbone teachers are three people
        (40, 0, 0, (4, 0)),
        (6000, 505, 0, (95, 101)),
    ],
)
def test_the_two_shares_and_how_many_are_missing(teachers, rotated, backbone, missing):
    shares = Shares(teachers, rotated, backbone)
    assert (shares.missing_teachers, shares.missing_backbone) == missing
    assert shares.of_teachers == (rotated / teachers if teachers else None)
    assert shares.of_backbone == (backbone / rotated if rotated else None)
