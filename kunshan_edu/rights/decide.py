"""The decision: posts held, a door and the facts, against the rows of the matrix and nothing else. Pure.

decide(holdings, door, facts) → Verdict(allowed, row, code, why)

    door       `noun.verb`, as a verb table names it (fund_request.approve), or `noun.word` of a page (fund_request.see)
    holdings   every role that the actor holds: by appointment (ROLE_OF[post] at the container's id, with its days), by
               delegation (the giver's role and post, `giver` = the giver's user, `ceiling`); TCH for whoever is on the
               register of people, PUB for who is not, ADM for a superuser. Ended and future ones may be among them.
    facts      see `facts.Facts`; what is not said is the default

A door is open when some row of it has a cell of some holding in force that day which (1) is given, (2) is of a kind
that opens this door, (3) reaches the object, while (4) the object's state and (5) every condition allow it. For
approvals the band of the amount picks the row (35-38), and each open step is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kunshan_edu.core.denials import _
from kunshan_edu.rights.conditions import CONDITIONS
from kunshan_edu.rights.facts import Facts, Holding, Verdict
from kunshan_edu.rights.matrix import doors_to
from kunshan_edu.rights.matrix.cells import Cell, Door, Row
from kunshan_edu.rights.matrix.roles import HELD_IN
from kunshan_edu.rights.matrix.words import Reach, Remark

ALLOWED = _("权限矩阵第 %(row)s 行允许。")
WHY = {
    "unknown": _("权限矩阵没有这一项。"),
    "inactive": _("账号已停用。"),
    "role": _("今天的任职没有这一项权限。"),
    "reach": _("对象不在任职单位的范围内。"),
    "delegation": _("该项权限不能委托，或超出委托限额。"),
    "state": _("对象的状态不允许。"),
}
# From what says least about the case to what says most: the refusal told is of the furthest that any row came.
STAGES = ("unknown", "inactive", "role", "reach", "delegation", "state")
# Where a door is measured that signs: on an open step, or on the step that decided.
SIGNING = ("step", "decided")
# Remarks of cells that are conditions; the others say in words what a door or a state says already.
NARROWED = {
    Remark.VACANT: "vacant",
    Remark.MAKER: "recorder",
    Remark.OFFICE: "office",
    Remark.OWN_LINE: "line",
}
PLACE_OF_REACH = {Reach.SCHOOL: "school", Reach.GROUP: "group", Reach.DISTRICT: "district"}


def _speaks_of(door: Door, facts: Facts) -> bool:
    """Is it of such objects that the row speaks? A blank form speaks of all."""
    said = ((getattr(facts, name), values) for name, values in door.only.items())
    return all(value in values or (facts.anywhere and not value) for value, values in said)


def _looks(door: Door, facts: Facts) -> Iterator[Facts]:
    """The facts as the door looks at them: once, or once for each step."""
    steps = {"step": facts.open_steps, "decided": facts.decided}.get(door.place)
    if steps is None:
        yield facts
    else:
        yield from (facts.at(step) for step in steps)


def _opens(cell: Cell, door: Door, holding: Holding) -> bool:
    return cell.given and cell.kind in door.kinds and (not cell.posts or holding.post in cell.posts)


def _reaches(cell: Cell, door: Door, holding: Holding, facts: Facts) -> bool:
    """Does the cell reach the object from where the post is held?"""
    if cell.reach == Reach.ALL or facts.anywhere:
        return True
    places = facts.places(door.place)
    if cell.reach == Reach.RECORD:
        kind = HELD_IN[holding.role]
        near = kind in ("", "bureau") or holding.place in places.get(kind, ())
        return facts.owner == facts.actor and near
    return holding.place in places.get(PLACE_OF_REACH[cell.reach], ())


def _delegated(row: Row, door: Door, holding: Holding, facts: Facts) -> bool:
    """Is the right the holder's own, or one that was lawfully lent, to sign for this amount or to see?"""
    if holding.giver is None:
        return True
    within = holding.ceiling is None or facts.amount <= holding.ceiling
    return row.delegable and (within or door.place not in SIGNING)


def _conditions(door: Door, cell: Cell) -> Iterator[str]:
    """The conditions of the door, and those of the cell."""
    yield from door.when
    yield from (NARROWED[remark] for remark in cell.remarks if remark in NARROWED)


def _stage(row: Row, door: Door, cell: Cell, holding: Holding, facts: Facts) -> str:
    """How far one cell came: a stage, the name of a condition, or "" for all the way."""
    if not _reaches(cell, door, holding, facts):
        return "reach"
    if not _delegated(row, door, holding, facts):
        return "delegation"
    if door.states and facts.state not in door.states and not facts.anywhere:
        return "state"
    return next((name for name in _conditions(door, cell) if not CONDITIONS[name].holds(facts, holding)), "")


def _attempts(holdings: tuple[Holding, ...], door: str, facts: Facts) -> Iterator[tuple[int, str]]:
    """(row, how far it came) of every row, cell and holding that has to do with the door."""
    for row, entry in doors_to(door):
        for look in _looks(entry, facts):
            if _speaks_of(entry, look):
                yield row.number, "role"
                for holding in holdings:
                    for cell in row.cells.get(holding.role, ()):
                        if _opens(cell, entry, holding):
                            yield row.number, _stage(row, entry, cell, holding, look)


def _rank(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def why_not(stage: str) -> str:
    """The sentence of a stage or of a condition."""
    return WHY[stage] if stage in WHY else CONDITIONS[stage].refused


def decide(holdings: Iterable[Holding], door: str, facts: Facts) -> Verdict:
    """May whoever holds these posts go through this door?"""
    if not facts.active:
        return Verdict(False, None, "inactive", why_not("inactive"))
    held = tuple(h for h in holdings if h.in_force(facts.on))
    reached: tuple[int | None, str] = (None, "unknown")
    for number, stage in _attempts(held, door, facts):
        if not stage:
            return Verdict(True, number, "allowed", ALLOWED)
        if _rank(stage) > _rank(reached[1]):
            reached = (number, stage)
    return Verdict(False, *reached, why_not(reached[1]))
