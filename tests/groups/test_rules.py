"""The rules of the register as tables of cases: who may found, change, join and leave, and why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from groups import rules
from groups.choices import ACTIVE_STATUSES, GroupStatus
from groups.rules import Case
from kunshan_edu.core.denials import CONFLICT, FORBIDDEN, INVALID
from kunshan_edu.core.guideline import Clause

NOBODY = Case()
REGISTRAR = Case(may_manage=True)
READY = Case(may_manage=True, has_president=True, has_lead=True)

REFUSED = [
    (rules.cannot_found, NOBODY, "not_a_registrar", FORBIDDEN, Clause.C6_1_E),
    (rules.cannot_join, NOBODY, "not_a_registrar", FORBIDDEN, Clause.C6_1_E),
    (rules.cannot_leave, NOBODY, "not_a_registrar", FORBIDDEN, Clause.C6_1_E),
    (rules.cannot_advance, NOBODY, "not_a_registrar", FORBIDDEN, Clause.C6_1_E),
    (rules.cannot_join, replace(REGISTRAR, status="dissolved"), "group_dissolved", CONFLICT, Clause.C6_1_E),
    (rules.cannot_advance, replace(READY, status="dissolved"), "status_does_not_follow", CONFLICT, Clause.C3_1_C),
    (rules.cannot_advance, replace(READY, has_president=False), rules.NO_PRESIDENT.code, CONFLICT, Clause.C4_1_A),
    (rules.cannot_advance, replace(READY, has_lead=False), "active_group_has_a_lead_school", CONFLICT, Clause.C3_2_A),
    (rules.cannot_register_school, REGISTRAR, "not_a_school_registrar", FORBIDDEN, Clause.C4_1_S),
    (rules.cannot_edit_profile, READY, "not_your_school", FORBIDDEN, Clause.C3_3_A),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "case", "code", "status", "clause"), REFUSED)
def test_a_refusal_says_why_with_its_clause(rule, case, code, status, clause):
    denial = rule(case)
    assert (denial.code, denial.status, denial.clause) == (code, status, clause)
    assert str(denial).endswith("。")


ALLOWED = [
    (rules.cannot_found, REGISTRAR),
    (rules.cannot_join, REGISTRAR),
    (rules.cannot_join, replace(REGISTRAR, status="extended")),
    (rules.cannot_leave, REGISTRAR),
    (rules.cannot_leave, replace(REGISTRAR, status="dissolved")),
    (rules.cannot_advance, READY),
    (rules.cannot_register_school, Case(may_manage_schools=True)),
    (rules.cannot_edit_profile, Case(may_edit_profile=True)),
]


@pytest.mark.parametrize(("rule", "case"), ALLOWED)
def test_what_may_be_done(rule, case):
    assert rule(case) is None


PAIRS = [(a, b) for a in GroupStatus.values for b in GroupStatus.values]
FOLLOWS = {
    ("preparing", "pilot"),
    ("preparing", "running"),
    ("pilot", "running"),
    ("running", "extended"),
}


@pytest.mark.parametrize(("status", "to"), PAIRS)
def test_a_status_follows_only_the_one_before(status, to):
    denial = rules.cannot_advance(replace(READY, status=status), to)
    assert (denial is None) == ((status, to) in FOLLOWS)
    if denial:
        assert denial.code == "status_does_not_follow"


@pytest.mark.parametrize("status", [s for s in GroupStatus.values if s != "dissolved"])
def test_a_group_is_dissolved_with_its_heads_or_without(status):
    assert rules.cannot_dissolve(replace(REGISTRAR, status=status)) is None


def test_a_group_is_dissolved_once_and_by_the_register_only():
    assert rules.cannot_dissolve(replace(REGISTRAR, status="dissolved")).code == "group_dissolved"
    assert rules.cannot_dissolve(replace(READY, may_manage=False)) == rules.NOT_A_REGISTRAR


def test_a_school_that_left_is_not_dated_anew():
    assert rules.cannot_leave(replace(REGISTRAR, left=True)).code == "already_left"


DAY = dt.date(2026, 9, 1)
KEEPER = Case(may_adopt=True, valid_from=DAY)
OVER = ("policy_has_ended", CONFLICT, Clause.C4_1_U, None)
EARLY = ("ends_before_it_begins", INVALID, Clause.C4_1_U, "valid_to")


@pytest.mark.parametrize("rule", [rules.cannot_adopt, rules.cannot_end_policy])
def test_a_groups_rule_is_the_presidents_to_adopt_and_to_end(rule):
    denial = rule(replace(KEEPER, may_adopt=False))
    assert (denial.code, denial.status, denial.clause) == ("not_the_president", FORBIDDEN, Clause.C4_1_U)
    assert rule(KEEPER) is None


@pytest.mark.parametrize(
    ("case", "valid_to", "answer"),
    [
        (replace(KEEPER, left=True), DAY, OVER),
        (replace(KEEPER, left=True), None, OVER),
        (KEEPER, DAY - dt.timedelta(days=1), EARLY),
        (KEEPER, DAY, None),
        (KEEPER, DAY + dt.timedelta(days=1), None),
        (replace(KEEPER, valid_from=None), DAY, None),
    ],
)
def test_a_groups_rule_ends_once_and_not_before_it_began(case, valid_to, answer):
    denial = rules.cannot_end_policy(case, valid_to)
    assert (denial and (denial.code, denial.status, denial.clause, denial.field)) == answer


def test_every_working_status_asks_for_president_and_lead():
    for to in ACTIVE_STATUSES:
        before = next(s for s, following in rules.NEXT_STATUSES.items() if to in following)
        assert rules.cannot_advance(replace(REGISTRAR, status=before), to) == rules.NO_PRESIDENT
        presided = replace(REGISTRAR, status=before, has_president=True)
        assert rules.cannot_advance(presided, to) == rules.NO_LEAD
