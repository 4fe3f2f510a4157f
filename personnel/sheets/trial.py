"""The dry run of sheets whose rows are done one by one: every row is done for real, and all of it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction

from kunshan_edu.core.access import forget_rights
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.sheets import Fault, Row, Sheet

Act = Callable[[Row, Any], Any]


def tried(rows: list[Row], by: Any, act: Act, column_of: Callable[[Denial], str]) -> list[Fault]:
    """What rules, constraints and triggers have against each row, after the good rows above it.

    No second copy of the rules: the same action judges, in a savepoint of its own, and nothing of it stays.
    """
    faults = []
    with transaction.atomic():
        for row in rows:
            try:
                act(row, by)
            except Denied as refusal:
                faults.append(row.fault(column_of(refusal.denial), refusal.denial))
        transaction.set_rollback(True)
    forget_rights(by)
    return faults


def done(rows: list[Row], by: Any, act: Act) -> Iterator[int]:
    """Do the good rows, in the order in which they were tried."""
    for row in rows:
        act(row, by)
        yield 1


def column_finder(sheet: Callable[[], Sheet], others: Mapping[str, str]) -> Callable[[Denial], str]:
    """Which column a refusal is about: its field when the sheet has it, else by its code; "" for the whole row."""

    def find(denial: Denial) -> str:
        names = {column.name for column in sheet().columns}
        field = denial.field or ""
        return field if field in names else others.get(denial.code, "")

    return find
