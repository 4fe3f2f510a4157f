"""The chain of a fund request from the limits of the Measures: tables of cases, and what holds of every chain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.choices import Act, Role, StepReason
from finance.rules.chain import (
    BUREAU_FINANCE,
    DISTRICT,
    GROUP_FINANCE,
    LEADER,
    PRESIDENT,
    PRINCIPAL,
    RANK,
    ROLE_WORDS,
    Limit,
    LimitStep,
    Place,
    Setting,
    limit_for,
    resolve,
)
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.guideline import Clause
from tests.world import LIMITS

D = Decimal
SCHOOL, GROUP = 1, 2
OFFICE, TRAINING = 11, 12
A, B, C = (Place("school", n, f"示例{n}校") for n in (1, 2, 3))
ONE_GROUP, BUREAU, TOWN, ZONE = (
    Place("group", 1, "示例集团"),
    Place("bureau", 1, "教育局"),
    Place("district", 1, "示例镇"),
    Place("district", 2, "示例区"),
)
# people: principals of A, B, C are 1, 2, 3; group finance 4; president 5; districts 6, 7; finance 8, 9; leader 10.
HOLDERS = {
    (PRINCIPAL, 1): {1},
    (PRINCIPAL, 2): {2},
    (PRINCIPAL, 3): {3},
    (GROUP_FINANCE, 1): {4},
    (PRESIDENT, 1): {5},
    (DISTRICT, 1): {6},
    (DISTRICT, 2): {7},
    (BUREAU_FINANCE, 1): {8, 9},
    (LEADER, 1): {10},
}
CLERK = 99


def limits_of(origin):
    """The limits of the test world for one origin, as the rules read them."""
    return tuple(
        Limit(str(role), above, up_to, None, tuple(LimitStep(str(r), str(a)) for r, a in steps))
        for o, role, above, up_to, steps in LIMITS
        if o == origin
    )


def setting(
    amount, *, origin=SCHOOL, band=None, avoid=(), schools=(A,), districts=(), categories=(OFFICE,), **more
):
    """A setting of the small cast above. more: holders (replaced by key), limits."""
    holders = {**HOLDERS, **more.get("holders", {})}
    return Setting(
        amount=D(amount),
        band_amount=D(band or amount),
        categories=frozenset(categories),
        limits=more.get("limits", limits_of(origin)),
        document="昆教财〔2024〕1号",
        schools=tuple(schools),
        group=ONE_GROUP,
        districts=tuple(districts),
        bureau=BUREAU,
        holders={key: frozenset(people) for key, people in holders.items()},
        avoid=frozenset({CLERK, *avoid}),
    )


def shown(chain):
    """seq role@place:act of every step, with who is replaced and why."""
    return [
        f"{s.seq} {s.role}@{s.place.id}:{s.act}"
        + (f" for {s.instead_of} ({s.reason})" if s.instead_of else "")
        for s in chain
    ]


def resolved(*args, **more):
    return shown(resolve(setting(*args, **more)))


TO_PRINCIPAL = ["1 executive_principal@1:approve"]
TO_PRESIDENT = ["1 executive_principal@1:consent", "2 group_finance@1:check", "3 group_president@1:approve"]
TO_BUREAU = [
    *TO_PRESIDENT[:2],
    "3 group_president@1:consent",
    "4 bureau_finance@1:review",
    "5 bureau_leader@1:approve",
]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.01", TO_PRINCIPAL),
        ("9999.99", TO_PRINCIPAL),
        ("10000.00", TO_PRINCIPAL),
        ("10000.01", TO_PRESIDENT),
        ("50000.00", TO_PRESIDENT),
        ("50000.01", TO_BUREAU),
        ("999999999999.99", TO_BUREAU),
    ],
)
def test_boundaries_of_a_school(amount, expected):
    assert resolved(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("50000.00", ["1 group_president@1:approve", "2 executive_principal@1:confirm"]),
        (
            "50000.01",
            [
                "1 group_president@1:consent",
                "2 bureau_finance@1:review",
                "3 bureau_leader@1:approve",
                "4 executive_principal@1:confirm",
            ],
        ),
    ],
)
def test_boundaries_of_the_group_office(amount, expected):
    assert resolved(amount, origin=GROUP) == expected


@pytest.mark.parametrize(
    ("amount", "role"), [("10000.00", PRINCIPAL), ("10000.01", PRESIDENT), ("50000.00", PRESIDENT)]
)
def test_exactly_one_limit_covers_an_amount(amount, role):
    assert [limit.role for limit in limits_of(SCHOOL) if limit.covers(D(amount))] == [role]


def test_the_band_decides_not_the_amount():
    assert resolved("4000.00", band="12000.00") == TO_PRESIDENT


def test_districts_review_what_they_fund():
    chain = resolved("86000.00", schools=(C,), districts=(TOWN,))
    assert chain[3:] == ["4 district@1:review", "5 bureau_finance@1:review", "6 bureau_leader@1:approve"]


# 回避与空缺: (origin, amount, who must avoid, whose posts are vacant, chain)
FOR_PRINCIPAL, FOR_PRESIDENT = "for executive_principal", "for group_president"
LIFTED = {
    "the principal asks: the president decides": (
        SCHOOL, "3000.00", {1}, {}, [f"1 group_president@1:approve {FOR_PRINCIPAL} (avoidance)"],
    ),
    "the principal asks above E: the president's decision covers her consent": (
        SCHOOL, "30000.00", {1}, {}, ["1 group_finance@1:check", "2 group_president@1:approve"],
    ),
    "the president asks: the bureau decides, the principal consents": (
        SCHOOL, "3000.00", {5}, {},
        [
            "1 executive_principal@1:consent",
            f"2 bureau_finance@1:review {FOR_PRESIDENT} (avoidance)",
            f"3 bureau_leader@1:approve {FOR_PRESIDENT} (avoidance)",
        ],
    ),
    "the president benefits between E and P": (
        SCHOOL, "30000.00", {5}, {},
        [
            *TO_PRESIDENT[:2],
            f"3 bureau_finance@1:review {FOR_PRESIDENT} (avoidance)",
            f"4 bureau_leader@1:approve {FOR_PRESIDENT} (avoidance)",
        ],
    ),
    "the president benefits above P: the bureau decides anyway": (
        SCHOOL, "60000.00", {5}, {}, [*TO_BUREAU[:2], "3 bureau_finance@1:review", "4 bureau_leader@1:approve"],
    ),
    "principal and president are both concerned": (
        SCHOOL, "3000.00", {1, 5}, {},
        [
            f"1 bureau_finance@1:review {FOR_PRESIDENT} (avoidance)",
            f"2 bureau_leader@1:approve {FOR_PRESIDENT} (avoidance)",
        ],
    ),
    "the group office's president asks": (
        GROUP, "3000.00", {5}, {},
        [
            f"1 bureau_finance@1:review {FOR_PRESIDENT} (avoidance)",
            f"2 bureau_leader@1:approve {FOR_PRESIDENT} (avoidance)",
            "3 executive_principal@1:confirm",
        ],
    ),
    "the confirming principal asks: the president is above, but has decided": (
        GROUP, "3000.00", {1}, {},
        ["1 group_president@1:approve", f"2 bureau_leader@1:confirm {FOR_PRINCIPAL} (avoidance)"],
    ),
    "group finance asks": (
        SCHOOL, "30000.00", {4}, {},
        [
            TO_PRESIDENT[0],
            "2 bureau_finance@1:check for group_finance (avoidance)",
            "3 group_president@1:approve",
        ],
    ),
    "the principal's post is vacant: the bureau, not the president": (
        SCHOOL, "3000.00", set(), {(PRINCIPAL, 1): set()},
        [
            f"1 bureau_finance@1:review {FOR_PRINCIPAL} (vacant)",
            f"2 bureau_leader@1:approve {FOR_PRINCIPAL} (vacant)",
        ],
    ),
    "the president's post is vacant": (
        SCHOOL, "30000.00", set(), {(PRESIDENT, 1): set()},
        [
            *TO_PRESIDENT[:2],
            f"3 bureau_finance@1:review {FOR_PRESIDENT} (vacant)",
            f"4 bureau_leader@1:approve {FOR_PRESIDENT} (vacant)",
        ],
    ),
    "a vacant consent is covered by the bureau's own review": (
        SCHOOL, "60000.00", set(), {(PRESIDENT, 1): set()},
        [*TO_BUREAU[:2], "3 bureau_finance@1:review", "4 bureau_leader@1:approve"],
    ),
    "a vacant booking is confirmed by the bureau's finance section": (
        GROUP, "3000.00", set(), {(PRINCIPAL, 1): set()},
        ["1 group_president@1:approve", f"2 bureau_finance@1:confirm {FOR_PRINCIPAL} (vacant)"],
    ),
    "no finance section: the leader decides, once": (
        SCHOOL, "3000.00", set(), {(PRINCIPAL, 1): set(), (BUREAU_FINANCE, 1): set()},
        [f"1 bureau_leader@1:approve {FOR_PRINCIPAL} (vacant)"],
    ),
    "no finance section, two leaders: still one decision": (
        SCHOOL, "3000.00", set(), {(PRINCIPAL, 1): set(), (BUREAU_FINANCE, 1): set(), (LEADER, 1): {10, 11}},
        [f"1 bureau_leader@1:approve {FOR_PRINCIPAL} (vacant)"],
    ),
    "the only finance officer asks": (
        SCHOOL, "60000.00", {8}, {(BUREAU_FINANCE, 1): {8}}, [*TO_BUREAU[:3], "4 bureau_leader@1:approve"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("origin", "amount", "avoid", "vacant", "expected"), LIFTED.values(), ids=LIFTED)
def test_avoidance_and_vacancy(origin, amount, avoid, vacant, expected):
    assert resolved(amount, origin=origin, avoid=avoid, holders=vacant) == expected


def test_what_is_lifted_says_so_in_words():
    step = resolve(setting("3000.00", avoid={1}))[0]
    assert (step.people, step.reason, step.instead_of) == ({5}, StepReason.AVOIDANCE, PRINCIPAL)
    assert "执行校长" in step.why % step.params
    vacant = resolve(setting("3000.00", holders={(PRINCIPAL, 1): set()}))[0]
    assert all(word in vacant.why % vacant.params for word in ("示例1校", "执行校长", "空缺"))


@pytest.mark.parametrize("gone", [(LEADER, 1), (BUREAU_FINANCE, 1)])
def test_a_bureau_without_anybody_is_a_refusal_and_never_an_approval(gone):
    nobody = {gone: set(), (LEADER, 1): set()}
    with pytest.raises(Denied) as refused:
        resolve(setting("60000.00", holders=nobody))
    assert refused.value.denial.code == "bureau_vacant"


# 总校长兼任执行校长: person 5 presides over the group and heads school A.
BOTH = {(PRINCIPAL, 1): {5}}
PRESIDING_PRINCIPAL = {
    "up to E she decides as principal": (SCHOOL, "3000.00", TO_PRINCIPAL),
    "above E she consents as principal and the bureau decides": (
        SCHOOL,
        "30000.00",
        [
            *TO_PRESIDENT[:2],
            f"3 bureau_finance@1:review {FOR_PRESIDENT} (avoidance)",
            f"4 bureau_leader@1:approve {FOR_PRESIDENT} (avoidance)",
        ],
    ),
    "above P her second consent is covered": (
        SCHOOL,
        "60000.00",
        [*TO_BUREAU[:2], "3 bureau_finance@1:review", "4 bureau_leader@1:approve"],
    ),
    "of the group office's request she confirms the booking and the bureau decides": (
        GROUP,
        "30000.00",
        [
            f"1 bureau_finance@1:review {FOR_PRESIDENT} (avoidance)",
            f"2 bureau_leader@1:approve {FOR_PRESIDENT} (avoidance)",
            "3 executive_principal@1:confirm",
        ],
    ),
}


@pytest.mark.parametrize(
    ("origin", "amount", "expected"), PRESIDING_PRINCIPAL.values(), ids=PRESIDING_PRINCIPAL
)
def test_president_who_heads_the_school_decides_no_step_twice(origin, amount, expected):
    assert resolved(amount, origin=origin, holders=BOTH) == expected


def test_principals_of_several_schools_are_asked_side_by_side():
    assert resolved("3000.00", schools=(A, B, C)) == [f"1 executive_principal@{n}:approve" for n in (1, 2, 3)]
    chain = resolved("60000.00", origin=GROUP, schools=(A, C), districts=(TOWN, ZONE))
    assert chain == [
        "1 group_president@1:consent",
        "2 district@1:review",
        "2 district@2:review",
        "3 bureau_finance@1:review",
        "4 bureau_leader@1:approve",
        "5 executive_principal@1:confirm",
        "5 executive_principal@3:confirm",
    ]


def test_who_is_lifted_to_decides_after_the_principals_beside():
    assert resolved("3000.00", schools=(A, B), avoid={1}) == [
        "1 executive_principal@2:approve",
        f"2 group_president@1:approve {FOR_PRINCIPAL} (avoidance)",
    ]


def test_two_principals_concerned_or_posts_vacant_ask_the_superior_once():
    assert resolved("3000.00", schools=(A, B), avoid={1, 2}) == [
        f"1 group_president@1:approve {FOR_PRINCIPAL} (avoidance)"
    ]
    assert resolved("3000.00", schools=(A, B), holders={(PRINCIPAL, 1): set(), (PRINCIPAL, 2): set()}) == [
        f"1 bureau_finance@1:review {FOR_PRINCIPAL} (vacant)",
        f"2 bureau_leader@1:approve {FOR_PRINCIPAL} (vacant)",
    ]


def test_every_vacant_booking_is_confirmed_on_its_own():
    holders = {(PRINCIPAL, 1): set(), (PRINCIPAL, 2): set()}
    chain = resolved("3000.00", origin=GROUP, schools=(A, B), holders=holders)
    assert chain[1:] == [f"2 bureau_finance@1:confirm {FOR_PRINCIPAL} (vacant)"] * 2


def own(limits, category, role, up_to, act="approve"):
    """The limits with one of a category's own below them."""
    return (*limits, Limit(role, D(0), D(up_to), category, (LimitStep(role, act),)))


def test_a_category_own_limit_comes_before_that_of_any():
    limits = own(limits_of(SCHOOL), TRAINING, PRESIDENT, 2000)
    assert resolved("1500.00", limits=limits, categories=(OFFICE,)) == TO_PRINCIPAL
    assert resolved("1500.00", limits=limits, categories=(TRAINING,)) == ["1 group_president@1:approve"]
    assert resolved("2000.01", limits=limits, categories=(TRAINING,)) == TO_PRINCIPAL
    assert limit_for(limits, D(1500), TRAINING).category == TRAINING


def test_several_categories_go_to_the_highest_of_their_deciders():
    limits = own(limits_of(SCHOOL), TRAINING, LEADER, 2000)
    assert resolved("1500.00", limits=limits, categories=(OFFICE, TRAINING)) == ["1 bureau_leader@1:approve"]
    lower = own(limits_of(SCHOOL), TRAINING, PRINCIPAL, 30000)
    assert resolved("20000.00", limits=lower, categories=(OFFICE, TRAINING)) == TO_PRESIDENT


@pytest.mark.parametrize("limits", [(), limits_of(SCHOOL)[:1], own((), OFFICE, PRINCIPAL, 99999, "consent")])
def test_no_limit_or_one_without_a_decision_is_a_refusal(limits):
    with pytest.raises(Denied) as refused:
        resolve(setting("20000.00", limits=limits))
    assert (refused.value.denial.code, refused.value.denial.clause) == ("no_limit_matches", Clause.C4_2_L)


WHY = [
    ("3000.00", SCHOOL, 0, ("3,000.00", "不超过 10,000.00")),
    ("30000.00", SCHOOL, 2, ("30,000.00", "大于 10,000.00", "不超过 50,000.00")),
    ("60000.00", SCHOOL, 4, ("60,000.00", "超过 50,000.00")),
    ("30000.00", SCHOOL, 0, ("终审之前",)),
    ("3000.00", GROUP, 1, ("独立建账", "法定代表人")),
]


@pytest.mark.parametrize(("amount", "origin", "index", "words"), WHY)
def test_every_step_says_why_it_is_there(amount, origin, index, words):
    step = resolve(setting(amount, origin=origin))[index]
    sentence = step.why % step.params
    assert all(word in sentence for word in (*words, "昆教财〔2024〕1号"))


def test_the_words_of_the_rules_are_those_of_the_choices():
    assert set(ROLE_WORDS) == set(Role.values)
    assert set(RANK) <= set(Role.values)
    assert {s.act for o in (1, 2) for limit in limits_of(o) for s in limit.steps} == set(Act.values)


# What holds of every chain, whatever the limits, holders and amounts.

ORDER = [PRINCIPAL, GROUP_FINANCE, PRESIDENT, DISTRICT, BUREAU_FINANCE, LEADER]
SPAN = {
    PRINCIPAL: (1, 2, 3),
    GROUP_FINANCE: (1,),
    PRESIDENT: (1,),
    DISTRICT: (1, 2),
    BUREAU_FINANCE: (1,),
    LEADER: (1,),
}
PEOPLE = st.frozensets(st.integers(1, 7), max_size=3)
STAFFED = {(BUREAU_FINANCE, 1): frozenset({101, 102}), (LEADER, 1): frozenset({103, 104})}


@st.composite
def tilings(draw):
    """Limits that join from 0 to no bound: roles rising, any steps before and a confirmation after the decision."""
    roles = [r for r in (PRINCIPAL, PRESIDENT) if draw(st.booleans())] + [LEADER]
    bounds = sorted(
        draw(st.lists(st.integers(1, 90_000), min_size=len(roles) - 1, max_size=len(roles) - 1, unique=True))
    )
    edges = [0, *bounds, None]
    limits = []
    for role, (above, up_to) in zip(roles, pairwise(edges), strict=True):
        before = draw(
            st.lists(st.sampled_from(ORDER[: ORDER.index(role)] or [PRINCIPAL]), max_size=4, unique=True)
        )
        acts = [
            LimitStep(r, draw(st.sampled_from(["consent", "check", "review"]))) for r in before if r != role
        ]
        after = [LimitStep(PRINCIPAL, "confirm")] if role != PRINCIPAL and draw(st.booleans()) else []
        upper = None if up_to is None else D(up_to)
        limits.append(Limit(role, D(above), upper, None, (*acts, LimitStep(role, "approve"), *after)))
    return tuple(limits)


@st.composite
def settings_of_requests(draw, *, staffed=False):
    holders = {(role, n): draw(PEOPLE) for role, ids in SPAN.items() for n in ids}
    amount = D(draw(st.integers(1, 10_000_000))).scaleb(-2)
    schools = draw(st.lists(st.sampled_from([A, B, C]), min_size=1, max_size=3, unique=True))
    return replace(
        setting(str(amount), schools=schools, limits=draw(tilings())),
        districts=tuple(draw(st.lists(st.sampled_from([TOWN, ZONE]), max_size=2, unique=True))),
        holders={**holders, **(STAFFED if staffed else {})},
        avoid=draw(st.frozensets(st.integers(1, 7), min_size=1, max_size=2)),
    )


def check_chain(chain, found):
    """The properties of a resolved chain of one setting."""
    limit = limit_for(found.limits, found.band_amount, OFFICE)
    assert [s.seq for s in chain][:1] == [1]
    assert all(later.seq - earlier.seq in (0, 1) for earlier, later in pairwise(chain))
    deciding = [s for s in chain if s.act == "approve"]
    assert deciding
    assert all(ORDER.index(s.role) >= ORDER.index(limit.role) for s in deciding)
    for step in chain:
        assert step.people
        assert not step.people & found.avoid
        assert step.people <= found.holders[step.role, step.place.id]
        if step.instead_of:
            assert ORDER.index(step.role) > ORDER.index(step.instead_of)
            assert step.reason in ("avoidance", "vacant")
        else:
            assert (step.role, step.act) in {(s.role, s.act) for s in limit.steps} | {(limit.role, "consent")}
            assert step.reason == "limit"
    alone = [next(iter(s.people)) for s in chain if len(s.people) == 1]
    assert len(alone) == len(set(alone)), "one person alone decides two steps"
    beside = {(s.seq, s.role, s.act) for s in chain}
    assert len(beside) == len({s.seq for s in chain}), "side by side are only steps of one role and act"
    confirmed = [s for s in chain if s.act == "confirm"]
    wanted = any(s.act == "confirm" for s in limit.steps)
    assert len(confirmed) == (len(found.schools) if wanted else 0), "each school's booking is confirmed"


@settings(max_examples=400, deadline=None)
@given(settings_of_requests())
def test_a_chain_is_sound_or_refused(found):
    try:
        chain = resolve(found)
    except Denied as refused:
        assert refused.denial.code == "bureau_vacant"
    else:
        check_chain(chain, found)


@settings(max_examples=400, deadline=None)
@given(settings_of_requests(staffed=True))
def test_with_a_staffed_bureau_every_request_finds_its_chain(found):
    check_chain(resolve(found), found)


@settings(max_examples=200, deadline=None)
@given(settings_of_requests(staffed=True), st.integers(1, 10_000_000))
def test_more_money_is_never_decided_lower(found, more):
    larger = replace(found, band_amount=found.band_amount + D(more).scaleb(-2))
    lower = limit_for(found.limits, found.band_amount, OFFICE)
    deciding = [s.role for s in resolve(larger) if s.act == "approve"]
    assert max(map(ORDER.index, deciding)) >= ORDER.index(lower.role)
