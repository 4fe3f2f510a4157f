"""The order of signatures by origin and band: who is asked before whom, as the example Measures set it. Pure.

Rows 35 to 38 say who may sign; this says in which order. Certifying (row 33) and the school's own check (row 34) come
before the first step once the Measures ask for them; payment (row 44) comes after the last.
"""

from __future__ import annotations

from kunshan_edu.rights.facts import Facts

Way = tuple[tuple[str, str], ...]
PRINCIPAL, PRESIDENT, LEADER = "executive_principal", "group_president", "bureau_leader"
CHECK = ("group_finance", "check")
BUREAU: Way = (("district", "review"), ("bureau_finance", "review"), (LEADER, "approve"))
# (origin, band) → (role, act) in order. The district is asked only for schools that it funds.
ROUTES: dict[tuple[str, str], Way] = {
    ("school", "principal"): ((PRINCIPAL, "approve"),),
    ("school", "president"): ((PRINCIPAL, "consent"), CHECK, (PRESIDENT, "approve")),
    ("school", "leader"): ((PRINCIPAL, "consent"), CHECK, (PRESIDENT, "consent"), *BUREAU),
    ("group", "president"): ((PRESIDENT, "approve"), (PRINCIPAL, "confirm")),
    ("group", "leader"): ((PRESIDENT, "consent"), *BUREAU, (PRINCIPAL, "confirm")),
}


def route(facts: Facts) -> Way:
    """The signatures that a request needs, in order."""
    way = ROUTES[facts.origin, facts.band]
    return way if facts.districts else tuple(entry for entry in way if entry[0] != "district")


def in_turn(facts: Facts) -> bool:
    """Were all signatures before this one given, or lifted to somebody else? Not asked when the facts do not say."""
    step = facts.step
    if step is None or facts.done is None or step.lifted:
        return True
    way, here = route(facts), (step.role, step.act)
    if here not in way:
        return False
    given = {(done.role, done.act) for done in facts.done}
    return all(entry in given or entry[0] in facts.replaced for entry in way[: way.index(here)])
