"""The conditions of the matrix: each with a case in which it holds and one, a step away, in which it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kunshan_edu.rights.conditions import CONDITIONS
from kunshan_edu.rights.facts import Facts, Holding, Step
from kunshan_edu.rights.matrix.words import Role

ME, GIVER, OTHER = 1, 2, 99


def ids(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


MINE, THEIRS = {"actor": ME, "owner": ME}, {"actor": ME, "owner": OTHER}
RECORDED, OTHERS = {"actor": ME, "maker": ME}, {"actor": ME, "maker": OTHER}
PRESIDENT = Holding(Role.PRE, 10, "group_president")
LENT = Holding(Role.PRE, 10, "group_president", giver=GIVER)
TEACHING = Holding(Role.GOF, 10, "group_office", line="teaching")
FINANCE, LEADER = Holding(Role.FIN, 1), Holding(Role.BL, 1)
ITS_STEP, ANOTHERS = Step("group_president", "approve", 10), Step("group_finance", "check", 10)
FIRST = Step("executive_principal", "consent", 1)
BIG, LITTLE = {"amount": Decimal(50000)}, {"amount": Decimal("49999.99")}
JUDGED = [
    ("another", OTHERS, PRESIDENT, True),
    ("another", RECORDED, PRESIDENT, False),
    ("maker", RECORDED, PRESIDENT, True),
    ("maker", OTHERS, PRESIDENT, False),
    ("recorder", RECORDED, PRESIDENT, True),
    ("recorder", OTHERS, PRESIDENT, False),
    ("not_self", THEIRS, PRESIDENT, True),
    ("not_self", MINE, PRESIDENT, False),
    ("own_view", MINE, PRESIDENT, True),
    ("own_view", THEIRS, PRESIDENT, False),
    ("own", MINE, PRESIDENT, True),
    ("own", THEIRS, PRESIDENT, False),
    ("own_post", {**MINE, "post": "group_president"}, PRESIDENT, True),
    ("own_post", {**MINE, "post": "clerk"}, PRESIDENT, False),
    ("own_post", {**THEIRS, "post": "group_president"}, PRESIDENT, False),
    ("in_office", {"over": False}, PRESIDENT, True),
    ("in_office", {"over": True}, PRESIDENT, False),
    ("under_way", {"over": False}, PRESIDENT, True),
    ("under_way", {"over": True}, PRESIDENT, False),
    ("ending", {"ending": True}, PRESIDENT, True),
    ("ending", {"ending": False}, PRESIDENT, False),
    ("vacant", {"vacant": True}, PRESIDENT, True),
    ("vacant", {"vacant": False}, PRESIDENT, False),
    ("office", {"origin": "group"}, PRESIDENT, True),
    ("office", {"origin": "school"}, PRESIDENT, False),
    ("office", {"origin": "school", "anywhere": True}, PRESIDENT, True),
    ("line", {"line": "teaching"}, TEACHING, True),
    ("line", {"line": "finance"}, TEACHING, False),
    ("line", {"line": ""}, TEACHING, False),
    ("line", {"line": "finance"}, PRESIDENT, True),
    ("not_own", THEIRS, PRESIDENT, True),
    ("not_own", MINE, PRESIDENT, False),
    ("not_own", {**THEIRS, "beneficiary": ME}, PRESIDENT, False),
    ("not_own", {**THEIRS, "beneficiary": GIVER}, PRESIDENT, True),
    ("not_own", {"actor": ME}, PRESIDENT, True),
    ("not_own", {"actor": ME, "owner": GIVER}, LENT, False),
    ("not_own", {**THEIRS, "beneficiary": GIVER}, LENT, False),
    ("not_own", MINE, LENT, False),
    ("apart", {"actor": ME, "serving": ids(OTHER)}, FINANCE, True),
    ("apart", {"actor": ME, "serving": ids(ME)}, FINANCE, False),
    ("apart", {"actor": ME, "serving": ids(OTHER)}, LEADER, True),
    ("apart", {"actor": ME, "serving": ids(ME)}, LEADER, False),
    ("apart", {"actor": ME, "serving": ids(ME)}, PRESIDENT, True),
    ("once", {"actor": ME, "approvers": ids(OTHER)}, PRESIDENT, True),
    ("once", {"actor": ME, "approvers": ids(ME)}, PRESIDENT, False),
    ("once", {"actor": ME, "approvers": ids(GIVER)}, LENT, False),
    ("once", {"actor": ME, "approvers": ids(GIVER)}, PRESIDENT, True),
    ("open_step", {"step": ITS_STEP}, PRESIDENT, True),
    ("open_step", {"step": ANOTHERS}, PRESIDENT, False),
    ("open_step", {}, PRESIDENT, False),
    ("deciding_level", {"step": ITS_STEP}, PRESIDENT, True),
    ("deciding_level", {"step": ANOTHERS}, PRESIDENT, False),
    ("deciding_level", {}, PRESIDENT, False),
    ("in_turn", {"step": FIRST, "done": (), "amount": Decimal(20000)}, PRESIDENT, True),
    ("in_turn", {"step": ITS_STEP, "done": (FIRST,), "amount": Decimal(20000)}, PRESIDENT, False),
    ("measures", {"measures_in_force": True}, PRESIDENT, True),
    ("measures", {"measures_in_force": False}, PRESIDENT, False),
    ("minutes", {**BIG, "has_minutes": True}, PRESIDENT, True),
    ("minutes", {**BIG, "has_minutes": False}, PRESIDENT, False),
    ("minutes", {**LITTLE, "has_minutes": False}, PRESIDENT, True),
    ("collective", {**BIG, "has_minutes": False}, PRESIDENT, True),
    ("collective", {**BIG, "has_minutes": True}, PRESIDENT, False),
    ("collective", {**LITTLE, "has_minutes": False}, PRESIDENT, False),
    ("open_year", {"year_open": True}, PRESIDENT, True),
    ("open_year", {"year_open": False}, PRESIDENT, False),
    ("unapproved", {"state": "pending", "approvals": 0}, PRESIDENT, True),
    ("unapproved", {"state": "pending", "approvals": 1}, PRESIDENT, False),
    ("unapproved", {"state": "draft", "approvals": 1}, PRESIDENT, True),
    ("unnumbered", {"numbered": False}, PRESIDENT, True),
    ("unnumbered", {"numbered": True}, PRESIDENT, False),
    ("unpaid", {"payments": 0}, PRESIDENT, True),
    ("unpaid", {"payments": 1}, PRESIDENT, False),
    ("uninvolved", THEIRS, PRESIDENT, True),
    ("uninvolved", MINE, PRESIDENT, False),
    ("uninvolved", {**THEIRS, "approvers": ids(ME)}, PRESIDENT, False),
    ("submitted", {**THEIRS, "state": "pending"}, PRESIDENT, True),
    ("submitted", {**THEIRS, "state": "draft"}, PRESIDENT, False),
    ("submitted", {**MINE, "state": "draft"}, PRESIDENT, True),
]


@pytest.mark.parametrize(("name", "said", "holding", "holds"), JUDGED)
def test_a_condition_holds_or_not(name: str, said: dict[str, Any], holding: Holding, holds: bool) -> None:
    assert bool(CONDITIONS[name].holds(Facts(**said), holding)) is holds


def test_every_condition_is_tried_both_ways_and_has_its_words() -> None:
    tried = {(name, holds) for name, _said, _holding, holds in JUDGED}
    assert tried == {(name, holds) for name in CONDITIONS for holds in (True, False)}
    for condition in CONDITIONS.values():
        assert condition.said
        assert condition.refused.endswith("。")
