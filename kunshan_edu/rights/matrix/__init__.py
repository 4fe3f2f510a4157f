"""The matrix of rights: roles × actions, after the guideline and the design of rights; the one declared table.

`ROWS` is what docs/rights.md, the page 权限矩阵, `decide` and the tests are made from. Cells are written in the
notation of `cells`: reach (A whole city, D own district, G own group, S own school, R own record), kind (nothing: does
it; 2 confirms as the second person; p proposes; c is consulted; n consents first; r reviews; b confirms the booking;
v sees; t sees totals; m sees it masked), remarks after ":", posts after "@", then "~" not given yet or "+" added here.
"""

from __future__ import annotations

from kunshan_edu.rights.matrix import enrollment, house, money, personnel, register, system, teaching
from kunshan_edu.rights.matrix.cells import Door, Row

ROWS: tuple[Row, ...] = tuple(
    sorted(
        (
            row
            for part in (register, personnel, money, enrollment, teaching, system, house)
            for row in part.ROWS
        ),
        key=lambda row: row.number,
    )
)
# How many of them the design of rights names; what this house adds is numbered after them.
DESIGNED = 86

_BY_DOOR: dict[str, list[tuple[Row, Door]]] = {}
for _row in ROWS:
    for _entry in _row.doors:
        _BY_DOOR.setdefault(_entry.code, []).append((_row, _entry))


def doors_to(code: str) -> list[tuple[Row, Door]]:
    """The rows that a door belongs to, each with how it stands in that row."""
    return _BY_DOOR.get(code, [])


def door_codes() -> frozenset[str]:
    """Every door that some row names."""
    return frozenset(_BY_DOOR)


def row_numbered(number: int) -> Row:
    return next(row for row in ROWS if row.number == number)
