"""Fund requests in two tongues: every step of every way, every state, and what may be wrong with actor or request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

from kunshan_edu.rights.facts import Facts, Step
from kunshan_edu.rights.questions import PRESIDENT_LIMIT, PRINCIPAL_LIMIT, RELATIONS, Cell, Held, Place
from tests.rights.oracle_pairs import IDS, OTHER, Pair, ids_of, placed, who

# The order of the steps, and each as the Measures name it.
STEPS = {
    "exec_review": "executive_principal",
    "group_check": "group_finance",
    "president_review": "group_president",
    "district_review": "district",
    "bureau_check": "bureau_finance",
    "bureau_review": "bureau_leader",
    "booking_confirm": "executive_principal",
}
ACTS = {
    "group_check": "check",
    "district_review": "review",
    "bureau_check": "review",
    "booking_confirm": "confirm",
}
LEVELS = {"exec_review": "principal", "president_review": "president", "bureau_review": "leader"}
BUREAU = ("district_review", "bureau_check", "bureau_review")
# origin, amount, who is barred → the steps in order; the one that decides is that of the level.
WAYS: dict[tuple[str, int, str], tuple[tuple[str, ...], str]] = {
    ("school", PRINCIPAL_LIMIT, ""): (("exec_review",), "exec_review"),
    ("school", PRINCIPAL_LIMIT + 1, ""): (
        ("exec_review", "group_check", "president_review"),
        "president_review",
    ),
    ("school", PRESIDENT_LIMIT, ""): (("exec_review", "group_check", "president_review"), "president_review"),
    ("school", PRESIDENT_LIMIT + 1, ""): (
        ("exec_review", "group_check", "president_review", *BUREAU),
        "bureau_review",
    ),
    ("group", PRINCIPAL_LIMIT, ""): (("president_review", "booking_confirm"), "president_review"),
    ("group", PRESIDENT_LIMIT + 1, ""): (("president_review", *BUREAU, "booking_confirm"), "bureau_review"),
    ("school", PRINCIPAL_LIMIT, "principal"): (("president_review",), "president_review"),
    ("school", PRESIDENT_LIMIT, "president"): (("exec_review", "group_check", *BUREAU), "bureau_review"),
    ("group", PRINCIPAL_LIMIT, "president"): ((*BUREAU, "booking_confirm"), "bureau_review"),
}
OPEN = ("fund_request.approve", "fund_request.return", "fund_request.reject")
ROWS_OF = {
    "fund_request.approve": (34, 35, 36, 37, 38),
    "fund_request.return": (40,),
    "fund_request.reject": (41,),
    "fund_request.draft": (31,),
    "fund_request.edit": (31,),
    "fund_request.submit": (32,),
    "fund_request.record_minutes": (39,),
    "fund_request.withdraw": (42,),
    "fund_request.cancel": (43,),
    "fund_request.pay": (44,),
}
FLAWS: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"requester"}),
    frozenset({"beneficiary"}),
    frozenset({"decided"}),
    frozenset({"measures_missing"}),
    frozenset({"minutes_missing"}),
)
LENT_FLAWS = (
    frozenset(),
    *(frozenset({f"giver_{flag}"}) for flag in ("requester", "beneficiary", "decided")),
)
NOBODY_INVOLVED: frozenset[str] = frozenset()
SAID_OF_CELL = frozenset({"measures_missing", "minutes_missing"})


def _step(state: str, deciding: str, place: Place, lifted: bool) -> Step:
    role = STEPS[state]
    act = "approve" if state == deciding else ACTS.get(state, "consent")
    container = {"executive_principal": "school", "district": "district"}.get(role, "group")
    where = "bureau" if role.startswith("bureau") else getattr(place, container)
    return Step(role, act, IDS[where], lifted)


def _request_facts(place: Place, origin: str, amount: int, flags: frozenset[str], **said: Any) -> Facts:
    group = ids_of(place.group)
    unit = {"group": group} if origin == "group" else {"school": ids_of(place.school), "group": group}
    approvers = frozenset({who(flags, "decided")}) - {OTHER}
    return placed(
        place,
        unit=unit,
        origin=origin,
        amount=Decimal(amount) / 100,
        owner=who(flags, "requester"),
        beneficiary=who(flags, "beneficiary"),
        approvers=approvers,
        approvals=len(approvers),
        measures_in_force="measures_missing" not in flags,
        has_minutes="minutes_missing" not in flags,
        numbered=True,
        **said,
    )


def _cells(
    door: str, held: tuple[Held, ...], relation: str, flags: frozenset[str], **said: Any
) -> tuple[Cell, ...]:
    facts = said.pop("facts", frozenset()) | (flags & SAID_OF_CELL)
    entangled = flags - SAID_OF_CELL
    return tuple(
        Cell(held, row, "act", relation, flags=entangled, facts=facts, **said) for row in ROWS_OF[door]
    )


def _facts_of(origin: str, barred: str) -> frozenset[str]:
    found = {"district_level"} | ({"of_group_office"} if origin == "group" else set())
    return frozenset(found | ({f"{barred}_barred"} if barred else set()))


def _at_a_step(
    place: Place, key: tuple[str, int, str], at: int, flags: frozenset[str], *, jumping: bool = False
) -> Facts:
    """A request of which the first steps are signed; jumping: the last step is open as well."""
    (origin, amount, barred), (way, deciding) = key, WAYS[key]
    open_at = [way[at], *([way[-1]] if jumping else [])]
    return _request_facts(
        place,
        origin,
        amount,
        flags,
        state="pending",
        level=LEVELS[deciding],
        open_steps=tuple(_step(s, deciding, place, bool(barred) and s == deciding) for s in open_at),
        done=tuple(_step(s, deciding, place, False) for s in way[:at]),
        replaced=frozenset({"group_president"} if barred == "president" else ()),
    )


def under_review(held: tuple[Held, ...], relation: str, flags: frozenset[str]) -> Iterator[Pair]:
    """A request at every step of every way."""
    place = RELATIONS[relation]
    for key, (way, _deciding) in WAYS.items():
        origin, amount, barred = key
        if _without_place(place, origin) or ("minutes_missing" in flags and amount < PRESIDENT_LIMIT):
            continue
        for at, state in enumerate(way):
            facts = _at_a_step(place, key, at, flags)
            said = {"state": state, "amount": amount, "facts": _facts_of(origin, barred)}
            for door in OPEN:
                yield Pair(_cells(door, held, relation, flags, **said), door, facts)


def out_of_turn(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """A request whose last step is open before its turn: it is still only the turn of the first."""
    place = RELATIONS[relation]
    for key, (way, _deciding) in WAYS.items():
        origin, amount, barred = key
        if len(way) > 1 and not barred and not _without_place(place, origin):
            said = {"state": way[0], "amount": amount, "facts": _facts_of(origin, barred)}
            facts = _at_a_step(place, key, 0, NOBODY_INVOLVED, jumping=True)
            cells = _cells("fund_request.approve", held, relation, NOBODY_INVOLVED, **said)
            yield Pair(cells, "fund_request.approve", facts)


# State in Cedar, state in the app, payments, approvals by others.
RESTING = (
    ("draft", "draft", 0, 0),
    ("returned", "returned", 0, 0),
    ("returned", "returned", 0, 1),
    ("exec_review", "pending", 0, 0),
    ("group_check", "pending", 0, 1),
    ("approved", "approved", 0, 1),
    ("part_paid", "approved", 1, 1),
    ("part_paid", "paying", 1, 1),
    ("paid", "paid", 1, 1),
    ("rejected", "rejected", 0, 0),
    ("withdrawn", "withdrawn", 0, 0),
    ("cancelled", "cancelled", 0, 1),
)
APP_STATES = {state: word for state, word, _payments, _approvals in RESTING}
AT_REST = tuple(
    door for door in ROWS_OF if door not in (*OPEN, "fund_request.draft", "fund_request.record_minutes")
)


def _decided(origin: str, amount: int, barred: str, place: Place) -> tuple[Step, ...]:
    deciding = WAYS[origin, amount, barred][1]
    return (_step(deciding, deciding, place, bool(barred)),)


def _without_place(place: Place, origin: str) -> bool:
    """A school's request that is of no school: there is none."""
    return origin == "school" and place.school == "none"


def _origins(place: Place) -> tuple[str, ...]:
    return ("group",) if _without_place(place, "school") else ("school", "group")


def at_rest(held: tuple[Held, ...], relation: str, flags: frozenset[str]) -> Iterator[Pair]:
    """A request in every state, and the doors that are no step of its way."""
    place = RELATIONS[relation]
    for (state, word, payments, approvals), key in product(RESTING, WAYS):
        origin, amount, barred = key
        if _without_place(place, origin) or (amount > PRINCIPAL_LIMIT and state not in ("approved", "paid")):
            continue
        facts = _request_facts(
            place, origin, amount, flags, state=word, decided=_decided(origin, amount, barred, place)
        )
        facts = replace(facts, payments=payments, approvals=max(approvals, facts.approvals))
        so = _facts_of(origin, barred) - {"district_level"}
        so |= {"approved_once"} if facts.approvals else set()
        said = {"state": state, "amount": amount, "facts": so}
        for door in AT_REST:
            yield Pair(_cells(door, held, relation, flags, **said), door, facts)


def handed_in(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """Handing in one's own when the year takes nothing any more, or nobody can say who decides it."""
    place, door = RELATIONS[relation], "fund_request.submit"
    for origin, flaw in product(_origins(place), ("year_closed", "measures_missing")):
        flags = frozenset({"requester"} | ({flaw} & SAID_OF_CELL))
        facts = _request_facts(place, origin, 0, flags, state="draft", year_open=flaw != "year_closed")
        cells = _cells(door, held, relation, flags, state="draft", facts=_facts_of(origin, "") | {flaw})
        yield Pair(cells, door, facts)


def written_anew(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """A request that is begun, and minutes that are registered or not needed."""
    place = RELATIONS[relation]
    for origin in _origins(place):
        said = {"state": "new", "facts": _facts_of(origin, "")}
        cells = _cells("fund_request.draft", held, relation, frozenset(), **said)
        yield Pair(cells, "fund_request.draft", _request_facts(place, origin, 0, frozenset()))
        for state, missing in product(("exec_review", "draft", "approved"), (True, False)):
            flags = frozenset({"minutes_missing"} if missing else ())
            amount = PRESIDENT_LIMIT + 1
            facts = _request_facts(place, origin, amount, flags, state=APP_STATES[state])
            said = {"state": state, "amount": amount, "facts": _facts_of(origin, "")}
            cells = _cells("fund_request.record_minutes", held, relation, flags, **said)
            yield Pair(cells, "fund_request.record_minutes", facts)


def seen(held: tuple[Held, ...], relation: str, flags: frozenset[str]) -> Iterator[Pair]:
    """A request that is looked at: draft or handed in."""
    place, so = RELATIONS[relation], frozenset({"own_line", "own_unit"})
    for (state, word), origin in product(APP_STATES.items(), _origins(place)):
        facts = _request_facts(place, origin, 0, flags, state=word)
        cells = tuple(
            Cell(held, 46, kind, relation, state=state, flags=flags, facts=so | (_facts_of(origin, "")))
            for kind in ("act", "view")
        )
        yield Pair(cells, "fund_request.see", facts)
