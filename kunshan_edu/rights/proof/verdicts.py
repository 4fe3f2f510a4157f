"""What is expected at a door: what the matrix decides; beside the matrix, what its place beside it says. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from kunshan_edu.rights.decide import decide
from kunshan_edu.rights.facts import Facts, Holding, Verdict
from kunshan_edu.rights.matrix.words import Beside

# Beside the matrix, and not said of any address: the page on which strangers sign in, and what nobody gets.
STRANGER, NOTHING = "stranger", "nothing"
BESIDE = frozenset({*(each.value for each in Beside), STRANGER})


def expected(holdings: Iterable[Holding], code: str, facts: Facts) -> Verdict:
    """May whoever holds these posts go through this door, or this person through one beside the matrix?

    A code may be of several doors that stand behind one address: any of them lets one in.
    """
    inside = facts.active and bool(facts.actor)
    beside = {
        Beside.OPEN.value: True,
        Beside.OWN.value: inside and facts.owner == facts.actor,
        Beside.SIGNED_IN.value: inside,
        STRANGER: not inside,
        NOTHING: False,
    }
    if code in beside:
        return Verdict(beside[code], None, code, f"beside the matrix: {code}")
    held = tuple(holdings)
    verdicts = [decide(held, each, facts) for each in code.split()]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])
