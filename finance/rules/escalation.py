"""催办的规则: what a step that waits calls for, by working days, and whom. Nothing approves by time-out. Pure."""

from __future__ import annotations

from finance.rules.chain import SUPERIOR

REMIND, ESCALATE = "remind", "escalate"


def level(waited: int, remind_after: int, escalate_after: int) -> str:
    """What an open step calls for after so many working days: "", a reminder, or word to the superior."""
    if waited >= escalate_after:
        return ESCALATE
    return REMIND if waited >= remind_after else ""


def due(waited: int, remind_after: int, escalate_after: int, given: frozenset[str]) -> str:
    """The notice to give now; "" when it, or one that goes further, was given already."""
    found = level(waited, remind_after, escalate_after)
    return "" if found in given or ESCALATE in given else found


def superior_of(role: str) -> str:
    """Whose post is told when a step of this role is overdue; "" above the bureau leader."""
    return SUPERIOR.get(role, "")
