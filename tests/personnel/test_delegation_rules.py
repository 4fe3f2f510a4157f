"""The rules of delegation as tables of cases: whose post, to whom, for how long, and who takes it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kunshan_edu.core.denials import CONFLICT, FORBIDDEN, INVALID
from personnel.choices import DELEGABLE_POSTS, FINANCE_POSTS, Post
from personnel.rules.delegation import (
    DELEGATES,
    DelegationCase,
    cannot_be_delegate,
    cannot_delegate,
    cannot_reassign,
    cannot_revoke,
    too_long,
)

DAY = dt.date(2026, 9, 1)
GIVER = DelegationCase(is_giver=True, giver_post="group_president")
BUREAU = DelegationCase(may_reassign=True, giver_post="executive_principal", is_reassignment=True)
NOTHING = ("delegation_is_of_an_approver", FORBIDDEN, "4.2.l", None)
NO_REASSIGNER = ("not_a_reassigner", FORBIDDEN, "4.2.l", None)


def told(denial):
    return denial and (denial.code, denial.status, denial.clause.id, denial.field)


@pytest.mark.parametrize("post", Post.values)
def test_only_who_approves_may_lend_the_right(post):
    lent = post in {"group_president", "executive_principal", "bureau_leader"}
    assert (cannot_delegate(replace(GIVER, giver_post=post)) is None) is lent
    assert (cannot_reassign(replace(BUREAU, giver_post=post)) is None) is lent
    assert set(DELEGATES) == {p.value for p in DELEGABLE_POSTS}


@pytest.mark.parametrize(
    ("rule", "case", "answer"),
    [
        (cannot_delegate, GIVER, None),
        (cannot_delegate, replace(GIVER, is_giver=False, may_reassign=True), NOTHING),
        (cannot_delegate, replace(GIVER, giver_in_office=False), NOTHING),
        (cannot_reassign, BUREAU, None),
        (cannot_reassign, replace(BUREAU, may_reassign=False, is_giver=True), NO_REASSIGNER),
        (cannot_reassign, replace(BUREAU, giver_in_office=False), NOTHING),
        (cannot_revoke, DelegationCase(), NOTHING),
        (cannot_revoke, DelegationCase(ended=True), NOTHING),
        (cannot_revoke, GIVER, None),
        (cannot_revoke, BUREAU, None),
        (cannot_revoke, replace(GIVER, ended=True), ("already_ended", CONFLICT, "4.2.l", None)),
    ],
)
def test_who_lends_and_takes_back(rule, case, answer):
    assert told(rule(case)) == answer


# 使用办法: the deputy for the president, a vice principal for the principal, an officer for a leader; no money.
STANDS_IN = {
    "group_president": {"deputy_secretary"},
    "executive_principal": {"vice_principal"},
    "bureau_leader": {"bureau_leader", "bureau_personnel", "bureau_basic_education", "bureau_supervision"},
}


@pytest.mark.parametrize("post", Post.values)
@pytest.mark.parametrize("giver", STANDS_IN)
def test_who_stands_in_for_whom(giver, post):
    held = DelegationCase(giver_post=giver, posts=frozenset({post, "clerk"}))
    allowed = post in STANDS_IN[giver]
    assert (cannot_be_delegate(held) is None) is allowed
    assert not (allowed and post in FINANCE_POSTS)
    assert cannot_be_delegate(replace(held, is_reassignment=True)) is None


@pytest.mark.parametrize(
    ("giver", "words"),
    [
        ("group_president", "总校长委托本集团副书记，"),
        ("executive_principal", "执行校长委托本校副校长，"),
        ("bureau_leader", "局领导委托本局财务以外的人员，"),
    ],
)
def test_the_wrong_one_is_told_who_would_be_right(giver, words):
    denial = cannot_be_delegate(DelegationCase(giver_post=giver, posts=frozenset({"cashier"})))
    assert told(denial) == ("delegate_holds_the_wrong_post", INVALID, "4.2.l", "delegate")
    assert str(denial).startswith(words)
    assert cannot_be_delegate(DelegationCase(giver_post="clerk")).params["who"] == ""


def test_the_bureau_reassigns_to_somebody_in_office():
    assert told(cannot_be_delegate(BUREAU)) == ("delegate_holds_no_post", INVALID, "4.2.l", "delegate")


@pytest.mark.parametrize("days", [0, 1, 29, 30, 31, 300])
def test_thirty_days_at_most(days):
    denial = too_long(DAY, DAY + dt.timedelta(days=days))
    if days <= 30:
        assert denial is None
    else:
        assert told(denial) == ("delegation_is_at_most_thirty_days", INVALID, "4.2.l", "valid_to")
