"""The decision on rows made up for the purpose: one cell, one door; and which refusal is told of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kunshan_edu.rights import decide as decision
from kunshan_edu.rights.decide import decide, why_not
from kunshan_edu.rights.facts import Facts, Holding, Step
from kunshan_edu.rights.matrix.cells import Chapter, Door, Row, read_cells
from kunshan_edu.rights.matrix.words import Kind, Role, Words

ME, GIVER, OTHER = 1, 2, 99
TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
PRESIDENT = Holding(Role.PRE, 10, "group_president")
LENT = Holding(Role.PRE, 10, "group_president", giver=GIVER)
ITS_STEP = Step("group_president", "approve", 10)


def ids(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


def row(number: int, cells: str, *, delegable: bool = True, **door: Any) -> tuple[Row, Door]:
    entry = Door("thing.do", **{"kinds": frozenset({Kind.FULL}), **door})
    words = Words("事", "A thing")
    made = Row(
        number, "thing.do", words, Chapter.SYSTEM, (), read_cells(cells), (entry,), delegable=delegable
    )
    return made, entry


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the decision know these rows and no others."""
    return lambda *rows: monkeypatch.setattr(decision, "doors_to", lambda _door: list(rows))


HERE = {
    "schools": ids(1),
    "groups": ids(10),
    "districts": ids(20),
    "unit": {"school": ids(1), "group": ids(10)},
}
SEEN = Facts(actor=ME, owner=OTHER, maker=OTHER, state="open", **HERE)


@pytest.mark.parametrize(
    ("cell", "role", "place", "said", "allowed"),
    [
        ("A", Role.BL, 1, {}, True),
        ("A", Role.EXE, 2, {}, True),
        ("S", Role.EXE, 1, {}, True),
        ("S", Role.EXE, 2, {}, False),
        ("G", Role.PRE, 10, {}, True),
        ("G", Role.PRE, 11, {}, False),
        ("D", Role.DT, 20, {}, True),
        ("D", Role.DT, 21, {}, False),
        ("S", Role.EXE, 2, {"anywhere": True}, True),
        ("R", Role.EXE, 1, {"owner": ME}, True),
        ("R", Role.EXE, 2, {"owner": ME}, False),
        ("R", Role.EXE, 1, {}, False),
        ("R", Role.FIN, 9, {"owner": ME}, True),
        ("R", Role.FIN, 9, {}, False),
        ("R", Role.TCH, 0, {"owner": ME}, True),
        ("R", Role.TCH, 0, {}, False),
        ("A~", Role.BL, 1, {}, False),
        ("Av", Role.BL, 1, {}, False),
        ("A2:vacant", Role.BL, 1, {"vacant": True}, False),
        ("A:vacant", Role.BL, 1, {"vacant": True}, True),
        ("A:vacant", Role.BL, 1, {"vacant": False}, False),
        ("A:maker", Role.TCH, 0, {"maker": ME}, True),
        ("A:maker", Role.TCH, 0, {}, False),
        ("G:office", Role.GOF, 10, {"origin": "group"}, True),
        ("G:office", Role.GOF, 10, {"origin": "school"}, False),
        ("G:line", Role.GOF, 10, {"line": "moral"}, True),
    ],
)
def test_a_cell_opens_the_door(
    table: Callable[..., None], cell: str, role: Role, place: int, said: dict[str, Any], allowed: bool
) -> None:
    table(row(7, f"{role.value}={cell}"))
    facts = Facts(**{**vars_of(SEEN), **said})
    verdict = decide([Holding(role, place)], "thing.do", facts)
    assert bool(verdict) is allowed
    assert (verdict.row, verdict.code) == (7, "allowed") if allowed else verdict.code != "allowed"


def vars_of(facts: Facts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


@pytest.mark.parametrize(("post", "allowed"), [("cashier", True), ("school_accountant", False), ("", False)])
def test_a_cell_of_some_posts_opens_for_those(table: Callable[..., None], post: str, allowed: bool) -> None:
    table(row(7, "ACC=S@cashier"))
    assert bool(decide([Holding(Role.ACC, 1, post)], "thing.do", SEEN)) is allowed


@pytest.mark.parametrize(("line", "allowed"), [("teaching", True), ("finance", False)])
def test_a_department_of_one_line_has_its_own_line_only(
    table: Callable[..., None], line: str, allowed: bool
) -> None:
    table(row(7, "GOF=G:line"))
    department = Holding(Role.GOF, 10, "group_office", line="teaching")
    verdict = decide([department], "thing.do", Facts(**{**vars_of(SEEN), "line": line}))
    assert bool(verdict) is allowed
    assert verdict.code == ("allowed" if allowed else "line")


@pytest.mark.parametrize(
    ("place", "steps", "allowed"),
    [
        ("step", {"open_steps": (ITS_STEP,)}, True),
        ("step", {"open_steps": (Step("executive_principal", "approve", 10), ITS_STEP)}, True),
        ("step", {"open_steps": (Step("group_president", "approve", 11),)}, False),
        ("step", {"decided": (ITS_STEP,)}, False),
        ("decided", {"decided": (ITS_STEP,)}, True),
        ("decided", {"open_steps": (ITS_STEP,)}, False),
        ("decided", {"decided": (Step("group_president", "approve", 11),)}, False),
    ],
)
def test_a_door_of_a_step_is_measured_at_the_step(
    table: Callable[..., None], place: str, steps: dict[str, Any], allowed: bool
) -> None:
    table(row(7, "PRE=G", place=place))
    assert bool(decide([PRESIDENT], "thing.do", Facts(**{**vars_of(SEEN), **steps}))) is allowed


@pytest.mark.parametrize(
    ("place", "ceiling", "delegable", "allowed"),
    [
        ("", None, True, True),
        ("", None, False, False),
        ("", 1, True, True),
        ("", 1, False, False),
        ("step", 1, True, False),
        ("step", 500, True, True),
        ("step", "499.99", True, False),
        ("step", None, True, True),
        ("step", None, False, False),
        ("decided", 1, True, False),
        ("decided", 500, True, True),
    ],
)
def test_a_lent_right_signs_up_to_its_ceiling_and_sees_whatever_the_amount(
    table: Callable[..., None], place: str, ceiling: Any, delegable: bool, allowed: bool
) -> None:
    table(row(7, "PRE=G", delegable=delegable, place=place))
    within = None if ceiling is None else Decimal(ceiling)
    lent = Holding(Role.PRE, 10, "group_president", giver=GIVER, ceiling=within)
    facts = Facts(
        **{**vars_of(SEEN), "amount": Decimal(500), "open_steps": (ITS_STEP,), "decided": (ITS_STEP,)}
    )
    verdict = decide([lent], "thing.do", facts)
    assert bool(verdict) is allowed
    assert verdict.code == ("allowed" if allowed else "delegation")


@pytest.mark.parametrize(
    ("states", "said", "allowed"),
    [
        ((), {}, True),
        (("open",), {}, True),
        (("shut", "open"), {}, True),
        (("shut",), {}, False),
        (("shut",), {"anywhere": True}, True),
    ],
)
def test_a_door_is_open_in_its_states(
    table: Callable[..., None], states: tuple[str, ...], said: dict[str, Any], allowed: bool
) -> None:
    table(row(7, "PRE=A", states=states))
    verdict = decide([PRESIDENT], "thing.do", Facts(**{**vars_of(SEEN), **said}))
    assert bool(verdict) is allowed
    assert verdict.code == ("allowed" if allowed else "state")


@pytest.mark.parametrize(
    ("only", "said", "allowed"),
    [
        ({"kind": ("red", "blue")}, {"kind": "blue"}, True),
        ({"kind": ("red", "blue")}, {"kind": "green"}, False),
        ({"kind": ("red",)}, {"kind": ""}, False),
        ({"kind": ("red",)}, {"kind": "", "anywhere": True}, True),
        ({"kind": ("red",)}, {"kind": "green", "anywhere": True}, False),
        ({"kind": ("red",), "post": ("clerk",)}, {"kind": "red", "post": "clerk"}, True),
        ({"kind": ("red",), "post": ("clerk",)}, {"kind": "red", "post": "cashier"}, False),
    ],
)
def test_a_row_speaks_of_some_objects_only(
    table: Callable[..., None], only: dict[str, Any], said: dict[str, Any], allowed: bool
) -> None:
    table(row(7, "PRE=A", only=only))
    verdict = decide([PRESIDENT], "thing.do", Facts(**{**vars_of(SEEN), **said}))
    assert bool(verdict) is allowed
    assert verdict.code == ("allowed" if allowed else "unknown")


# What a refusal says: of all rows, the one that came furthest; of several, the first


HALTS = {
    "role": {"cells": "BL=A"},
    "reach": {"cells": "PRE=S"},
    "delegation": {"cells": "PRE=A", "delegable": False},
    "state": {"cells": "PRE=A", "states": ("shut",)},
    "vacant": {"cells": "PRE=A", "when": ("vacant",)},
}
PAIRS = [(nearer, further) for n, nearer in enumerate(HALTS) for further in list(HALTS)[n + 1 :]]


@pytest.mark.parametrize(("nearer", "further"), PAIRS)
def test_the_refusal_is_of_the_row_that_came_furthest(
    table: Callable[..., None], nearer: str, further: str
) -> None:
    for order in ([nearer, further], [further, nearer]):
        table(*(row(number, **HALTS[halt]) for number, halt in enumerate(order)))
        verdict = decide([LENT], "thing.do", SEEN)
        assert not verdict
        assert (verdict.code, verdict.row) == (further, order.index(further))
        assert verdict.why == why_not(further)


@pytest.mark.parametrize("halt", HALTS)
def test_of_rows_that_came_as_far_the_first_is_told(table: Callable[..., None], halt: str) -> None:
    table(row(3, **HALTS[halt]), row(4, **HALTS[halt]))
    assert decide([LENT], "thing.do", SEEN).row == 3


def test_any_row_that_allows_is_enough(table: Callable[..., None]) -> None:
    table(*(row(n, **halt) for n, halt in enumerate(HALTS.values())), row(9, "PRE=G"))
    verdict = decide([LENT], "thing.do", SEEN)
    assert (verdict.allowed, verdict.row) == (True, 9)
    assert verdict.why == "权限矩阵第 %(row)s 行允许。"


def test_a_closed_account_may_nothing_and_is_told_so(table: Callable[..., None]) -> None:
    table(row(7, "PRE=A"))
    verdict = decide([PRESIDENT], "thing.do", Facts(**{**vars_of(SEEN), "active": False}))
    assert (verdict.allowed, verdict.row, verdict.code) == (False, None, "inactive")
    assert verdict.why == why_not("inactive") == "账号已停用。"


@pytest.mark.parametrize("relation", ["ended", "coming"])
def test_only_posts_in_force_count(table: Callable[..., None], relation: str) -> None:
    table(row(7, "PRE=A"))
    days = {"ended": (TODAY - DAY, TODAY), "coming": (TODAY + DAY, None)}[relation]
    holding = Holding(Role.PRE, 10, "group_president", *days)
    verdict = decide([holding], "thing.do", Facts(**{**vars_of(SEEN), "on": TODAY}))
    assert (verdict.allowed, verdict.code) == (False, "role")


def test_a_door_that_no_row_names_is_unknown(table: Callable[..., None]) -> None:
    table()
    verdict = decide([PRESIDENT], "thing.do", SEEN)
    assert (verdict.allowed, verdict.row, verdict.code, verdict.why) == (
        False,
        None,
        "unknown",
        "权限矩阵没有这一项。",
    )
