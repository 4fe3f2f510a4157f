"""The 86 rows as cells: what the table says of a role, a kind and a place, and the scenes in which Cedar is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from kunshan_edu.rights.matrix.cells import Cell as TableCell
from kunshan_edu.rights.matrix.cells import Row
from kunshan_edu.rights.matrix.words import Kind, Mark, Reach, Remark, Role
from kunshan_edu.rights.questions import (
    FACTS,
    FLAGS,
    KINDS,
    OWN_PLACES,
    OWN_RECORD,
    PRESIDENT_LIMIT,
    PRINCIPAL_LIMIT,
    RELATIONS,
    ROLES,
    Cell,
    Held,
    Place,
)

PLACES = (OWN_RECORD, *(name for name in RELATIONS if not name.startswith("former")))
ACTING = {Kind.FULL, Kind.SECOND, Kind.CONSENT, Kind.REVIEW, Kind.BOOKING}
KINDS_OF = {"act": ACTING, "propose": {Kind.PROPOSE}, "consult": {Kind.CONSULT}, "view": set(Kind)}
# In which states something of a row may be done at all; rows that are not named: in any.
STATES: dict[int, str] = {
    **dict.fromkeys((*range(8, 14), 22), "new proposed active"),
    **dict.fromkeys((24, 25, 32, 42, 51, 55, 58, 64), "draft"),
    **dict.fromkeys((27, 28), "submitted"),
    **dict.fromkeys((29, 30), "allocated"),
    **dict.fromkeys((43, 44), "approved"),
    **dict.fromkeys((56, 65), "exec_signed"),
    **dict.fromkeys((59, 60), "verifying"),
    **dict.fromkeys((71, 72, 73), "in_force"),
    **dict.fromkeys((79, 80), "review"),
    **dict.fromkeys((15, 31), "new"),
    **dict.fromkeys((35, 39), "exec_review"),
    16: "proposed",
    17: "receiving_ok group_approved",
    18: "new proposed receiving_ok",
    23: "draft published",
    26: "school_confirmed",
    33: "certifying",
    34: "checking group_check",
    36: "exec_review president_review",
    37: "exec_review president_review district_review bureau_check bureau_review",
    38: "president_review booking_confirm",
    40: "certifying checking exec_review group_check president_review district_review bureau_check bureau_review",
    41: "exec_review president_review bureau_review",
    45: "paid",
    50: "frozen",
    53: "draft consult collective",
    54: "collective published",
    57: "group_signed",
    63: "eligible",
    66: "group_signed published",
    69: "draft consult",
    70: "guidance",
    77: "self",
    78: "scoring",
}
AMOUNTS = {
    36: (PRESIDENT_LIMIT,),
    37: (PRESIDENT_LIMIT + 1,),
    43: (PRINCIPAL_LIMIT, PRESIDENT_LIMIT, PRESIDENT_LIMIT + 1),
}
# What narrows a cell, said to be so: then the cell's letter is what is left.
SO = frozenset(
    {
        "about_money",
        "aggregate",
        "assisted",
        "district_level",
        "minutes_missing",
        "of_system",
        "own_line",
        "own_post",
        "own_unit",
        "payee",
    }
)
PERHAPS = {83: "by_appointment", **dict.fromkeys((33, 34, 37, 38, 40), "of_group_office")}
DEPUTIES = {"PRE": "DSC", "EXE": "VPR"}


def place_of(role: str, relation: str) -> Place:
    return OWN_PLACES[ROLES[role]] if relation == OWN_RECORD else RELATIONS[relation]


def reaches(cell: TableCell, role: str, relation: str) -> bool:
    """Does a cell of the table reach an object that stands there?"""
    place = place_of(role, relation)
    if Remark.OWN_ACTIONS in cell.remarks or cell.reach == Reach.RECORD:
        return relation == OWN_RECORD
    near = {
        Reach.ALL: True,
        Reach.DISTRICT: place.district == "D1",
        Reach.GROUP: place.group == "G1",
        Reach.SCHOOL: place.school == "S1",
    }
    return near[cell.reach]


def gives(cell: TableCell, role: str, kind: str, relation: str) -> bool:
    """Does a cell of the design give this?"""
    if cell.mark == Mark.ADDED or cell.kind not in KINDS_OF[kind]:
        return False
    if kind == "act" and Remark.YES_NO in cell.remarks:
        return False
    if kind == "act" and Remark.OFFICE in cell.remarks and place_of(role, relation).school != "none":
        return False
    return reaches(cell, role, relation)


def table_says(row: Row, role: str, kind: str, relation: str) -> bool:
    return any(gives(cell, role, kind, relation) for cell in row.cells.get(Role(role), ()))


def _minutes(row: int, facts: frozenset[str]) -> frozenset[str]:
    """Minutes are missing where they are to be registered, and nowhere else."""
    return facts if row == 39 else facts - {"minutes_missing"}


def scenes(row: int, role: str, kind: str, relation: str, period: str = "in_force") -> Iterator[Cell]:
    """The states, amounts and origins in which Cedar is asked whether somebody may at all."""
    origins = [frozenset[str](), frozenset({PERHAPS[row]})] if row in PERHAPS else [frozenset[str]()]
    amounts = AMOUNTS.get(row, (PRINCIPAL_LIMIT,))
    for state, amount, origin in product(STATES.get(row, "none").split(), amounts, origins):
        yield Cell(
            (Held(role, period),),
            row,
            kind,
            relation,
            state=state,
            amount=amount,
            facts=_minutes(row, SO | origin),
            delegate_post=DEPUTIES.get(role, "none"),
        )


# What one turns to see whether it matters.
OTHER_STATES: dict[str, str] = {
    "act": (
        "new draft submitted checking exec_review group_check president_review booking_confirm bureau_review approved "
        "paid returned published ended dissolved allocated frozen in_force notice nominated none"
    ),
    "view": "draft published none",
    "propose": "new draft active ended dissolved frozen published none",
    "consult": "new draft active ended frozen published none",
}
OTHER_DEEDS = "advance accept announce record_scores publish_notice confirm confirm_end cancel end record"
# The rows that have several deeds.
OF_DEEDS = (2, *range(8, 14), 22, 23, 83)


def neighbours(scene: Cell) -> Iterator[Cell]:
    """The same but for one thing: day, loan, kind, place, state, deed, a fact, an entanglement, the delegate."""
    role = scene.held[0].role
    yield replace(scene, held=(Held(role, "ended"),))
    yield replace(scene, held=(Held(role, delegated=True),))
    yield replace(scene, held=(Held(role, delegated=True, ceiling=0),))
    yield replace(scene, delegate_post="ACC")
    yield replace(scene, amount=PRINCIPAL_LIMIT)
    yield from (replace(scene, kind=kind) for kind in KINDS)
    yield from (replace(scene, relation=place) for place in ("former_member", "own_school"))
    yield from (replace(scene, state=state) for state in OTHER_STATES[scene.kind].split())
    yield from (replace(scene, facts=scene.facts ^ {fact}) for fact in FACTS)
    if scene.kind == "act":
        yield from (replace(scene, flags=frozenset({flag})) for flag in FLAGS)
        yield from (replace(scene, deed=deed) for deed in OTHER_DEEDS.split() if scene.row in OF_DEEDS)


# What is two steps from anything that is allowed.
APART = (
    Cell((Held("BE"),), 2, "act", "own_group", state="extended", deed="advance"),
    Cell((Held("EXE"),), 31, "act", "own_school", state="approved", flags=frozenset({"requester"})),
    Cell(
        (Held("EXE"),), 41, "act", "own_school", state="booking_confirm", facts=frozenset({"of_group_office"})
    ),
)


def every_key() -> list[tuple[int, str, str, str]]:
    """Row × role × kind × place: the cells of the table."""
    return list(product(range(1, 87), ROLES, KINDS, PLACES))
