"""The rules of appointments as tables of cases."""

from __future__ import annotations

import datetime as dt

import pytest

from kunshan_edu.core.denials import CONFLICT, FORBIDDEN, INVALID
from kunshan_edu.core.guideline import Clause
from personnel import rules
from personnel.rules import Case

DAY = dt.date(2026, 9, 1)
BEFORE = DAY - dt.timedelta(days=1)
HELD = Case(may_appoint=True, valid_from=DAY)

REFUSED = [
    (rules.cannot_appoint, (Case(False),), "not_an_appointer", FORBIDDEN, None),
    (rules.cannot_end, (Case(False, DAY),), "not_an_appointer", FORBIDDEN, None),
    (rules.cannot_end, (Case(False, DAY, True), DAY), "not_an_appointer", FORBIDDEN, None),
    (rules.cannot_end, (Case(True, DAY, True),), "already_ended", CONFLICT, None),
    (rules.cannot_end, (Case(True, DAY, True), DAY), "already_ended", CONFLICT, None),
    (rules.cannot_end, (HELD, BEFORE), "ends_before_it_begins", INVALID, "valid_to"),
]


@pytest.mark.parametrize(("rule", "given", "code", "status", "field"), REFUSED)
def test_a_refusal_says_why_with_its_clause(rule, given, code, status, field):
    denial = rule(*given)
    assert (denial.code, denial.status, denial.field, denial.clause) == (code, status, field, Clause.C6_3_A)


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        (rules.cannot_appoint, (Case(True),)),
        (rules.cannot_end, (HELD,)),
        (rules.cannot_end, (HELD, DAY)),
        (rules.cannot_end, (HELD, DAY + dt.timedelta(days=1))),
    ],
)
def test_what_may_be_done(rule, given):
    assert rule(*given) is None
