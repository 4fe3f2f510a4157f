"""Whether a post can be filled in some days: a free seat, one seat a person, a quota; pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunshan_edu.core.denials import CONFLICT
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.templatetags.kg import say
from personnel.rules import Case, cannot_appoint, cannot_confirm, cannot_fill, cannot_nominate
from personnel.rules.filling import Days, FillCase, Holder, Quota, over_quota

JAN, MAY, SEP = (dt.date(2026, month, 1) for month in (1, 5, 9))
A_DAY = dt.timedelta(days=1)
ALWAYS = Days(dt.date(2020, 1, 1))
PRESIDENT = FillCase("group_president", "示例集团", Days(MAY))
VICE = FillCase("vice_principal", "示例A小", Days(MAY))
ONE = Quota(1, "昆教人〔2026〕3号", ALWAYS)


def holder(first=JAN, after=None):
    return Holder("王某", Days(first, after))


def test_a_free_seat_is_filled():
    assert cannot_fill(PRESIDENT) is None
    assert cannot_fill(VICE) is None


@pytest.mark.parametrize(
    ("post", "code"),
    [
        ("group_president", "one_president_per_group"),
        ("group_secretary", "one_group_secretary_per_group"),
        ("deputy_secretary", "one_deputy_secretary_per_group"),
        ("executive_principal", "one_executive_principal_per_school"),
    ],
)
def test_a_seat_that_is_taken_says_by_whom(post, code):
    denial = cannot_fill(replace(PRESIDENT, post=post, seat=(holder(),)))
    assert (denial.code, denial.field, denial.status) == (code, "valid_from", CONFLICT)
    assert say(denial).endswith("：王某自2026年1月1日起在任，请先办理其免职。")


def test_a_seat_that_becomes_free_says_when():
    denial = cannot_fill(replace(PRESIDENT, seat=(holder(after=SEP),)))
    assert say(denial) == "集团设总校长 1 名：王某任职至2026年8月31日，请把任职日期改到此后，或先办理其免职。"


@pytest.mark.parametrize(
    ("first", "after", "taken"),
    [
        (JAN, MAY, False),
        (JAN, MAY + A_DAY, True),
        (SEP, None, True),
        (SEP, SEP, False),
    ],
)
def test_half_open_days_meet_where_they_share_a_day(first, after, taken):
    assert (cannot_fill(replace(PRESIDENT, seat=(holder(first, after),))) is not None) is taken


def test_a_successor_after_whom_the_seat_is_taken_again_is_refused():
    later = replace(PRESIDENT, days=Days(MAY, SEP), seat=(holder(JAN, MAY), holder(SEP - A_DAY)))
    assert cannot_fill(later).code == "one_president_per_group"
    assert cannot_fill(replace(later, seat=(holder(JAN, MAY), holder(SEP)))) is None


@pytest.mark.parametrize("post", ["vice_principal", "clerk", "cashier", "department_head", "bureau_leader"])
def test_many_hold_other_posts(post):
    assert cannot_fill(replace(VICE, post=post, seat=(holder(), holder()), elsewhere=(holder(),))) is None


@pytest.mark.parametrize(
    ("post", "code"),
    [
        ("group_president", "one_presidency_per_person"),
        ("executive_principal", "one_principalship_per_person"),
        ("deputy_secretary", None),
    ],
)
def test_one_person_holds_it_once(post, code):
    case = replace(PRESIDENT, post=post, elsewhere=(holder(),))
    denial = cannot_fill(case)
    assert (denial and denial.code) == code
    assert denial is None or denial.field == "person"
    assert cannot_fill(replace(case, is_acting=True)) is None


def test_a_dissolved_group_and_a_rule_set_come_first():
    denial = cannot_fill(replace(PRESIDENT, is_dissolved=True, is_separate=False, seat=(holder(),)))
    assert (denial.code, denial.field) == ("dissolved_group_has_no_posts", "container")
    denial = cannot_fill(replace(PRESIDENT, is_separate=False, seat=(holder(),)))
    assert (denial.code, denial.field) == ("secretary_is_separate_by_rule_set", "container")


def test_a_quota_that_is_used_up_says_its_document_and_day():
    denial = cannot_fill(replace(VICE, seat=(holder(),), quotas=(ONE,)))
    assert (denial.code, denial.field) == ("quota_is_not_exceeded", "container")
    assert say(denial) == (
        "超出核定职数：示例A小核定 1 名（昆教人〔2026〕3号），2026年5月1日已有 1 名在任，"
        "请先办理免职，或由人事科调整职数。"
    )


@pytest.mark.parametrize(
    ("post", "clause"),
    [
        ("vice_principal", Clause.C4_1_O),
        ("department_head", Clause.C4_1_O),
        ("group_office", Clause.C4_1_H),
        ("deputy_secretary", Clause.C4_1_H),
    ],
)
def test_a_quota_stands_on_the_clause_of_its_post(post, clause):
    assert over_quota(replace(VICE, post=post, seat=(holder(),), quotas=(ONE,))).clause == clause


@pytest.mark.parametrize(
    ("seat", "quota", "day"),
    [
        ((), ONE, None),
        ((holder(),), replace(ONE, posts=2), None),
        ((holder(after=MAY),), ONE, None),
        ((holder(SEP),), ONE, SEP),
        ((holder(),), replace(ONE, days=Days(SEP)), SEP),
        ((holder(after=SEP),), replace(ONE, days=Days(SEP)), None),
        ((holder(),), replace(ONE, days=Days(JAN, MAY)), None),
        ((holder(JAN, SEP), holder(SEP)), replace(ONE, posts=2), None),
        ((holder(JAN, SEP), holder(SEP - A_DAY)), replace(ONE, posts=2), SEP - A_DAY),
        ((), replace(ONE, posts=0), MAY),
    ],
)
def test_a_quota_is_counted_on_each_of_its_days(seat, quota, day):
    denial = over_quota(replace(VICE, seat=seat, quotas=(quota,)))
    assert (denial and denial.params["day"]) == day


def test_a_deviation_stands_in_for_a_quota_in_its_days():
    case = replace(VICE, seat=(holder(),), quotas=(ONE,))
    assert over_quota(replace(case, deviations=(Days(MAY),))) is None
    assert over_quota(replace(case, deviations=(Days(JAN, MAY),))) is not None
    assert over_quota(replace(case, seat=(holder(SEP),), deviations=(Days(SEP),))) is None


def test_a_quota_counts_again_on_the_day_after_a_deviation():
    """Who was let in by a deviation is not kept on after it."""
    case = replace(VICE, days=Days(MAY), seat=(holder(MAY),), quotas=(ONE,), deviations=(Days(MAY, SEP),))
    assert over_quota(case).params["day"] == SEP
    assert over_quota(replace(case, days=Days(MAY, SEP))) is None
    assert over_quota(replace(case, deviations=(Days(MAY),))) is None


def test_the_rules_of_appointments_ask_it_last():
    full = replace(VICE, seat=(holder(),), quotas=(ONE,))
    for rule, case in (
        (cannot_appoint, Case(may_appoint=True)),
        (cannot_nominate, Case(may_nominate=True)),
        (cannot_confirm, Case(may_confirm=True)),
    ):
        assert rule(case) is None
        assert rule(replace(case, filling=full)).code == "quota_is_not_exceeded"
        assert rule(Case(filling=full)).code.startswith("not_a")


FIRST = dt.date(2026, 1, 1)
NUMBERS = st.integers(0, 20)


@st.composite
def days(draw):
    first = draw(NUMBERS)
    after = draw(st.none() | st.integers(first, 21))
    return Days(FIRST + first * A_DAY, None if after is None else FIRST + after * A_DAY)


@given(days(), st.lists(days(), max_size=5), days(), st.integers(0, 3))
def test_a_quota_is_exceeded_exactly_when_some_day_has_one_too_many(mine, others, span, posts):
    case = replace(
        VICE, days=mine, seat=tuple(Holder("某", d) for d in others), quotas=(Quota(posts, "文", span),)
    )
    every = [FIRST + n * A_DAY for n in range(25)]
    full = [
        d for d in every if mine.covers(d) and span.covers(d) and sum(o.covers(d) for o in others) >= posts
    ]
    denial = over_quota(case)
    assert (denial is not None) == bool(full)
    assert denial is None or denial.params["day"] in full


@given(days(), days())
def test_days_meet_exactly_when_they_share_one(a, b):
    shared = any(a.covers(FIRST + n * A_DAY) and b.covers(FIRST + n * A_DAY) for n in range(25))
    assert a.meets(b) == b.meets(a) == shared
