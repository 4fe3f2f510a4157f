"""One question in two tongues: as `decide` is asked, and as Cedar is asked; and where things stand in both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from kunshan_edu.rights.facts import Facts, Holding, Limits
from kunshan_edu.rights.matrix.roles import HELD_IN
from kunshan_edu.rights.matrix.words import Role
from kunshan_edu.rights.questions import (
    ENDLESS,
    PERIODS,
    PRESIDENT_LIMIT,
    PRINCIPAL_LIMIT,
    SEATS,
    Cell,
    Held,
    Place,
)

ACTOR, GIVER, OTHER = 100, 200, 300
IDS = {"none": 0, "bureau": 31, **{f"S{n}": n for n in range(1, 7)}, "G1": 11, "G2": 12}
IDS |= {f"D{n}": 20 + n for n in range(1, 4)}
TODAY = dt.date(2026, 3, 2)
LIMITS = Limits(
    Decimal(PRINCIPAL_LIMIT) / 100, Decimal(PRESIDENT_LIMIT) / 100, Decimal(PRESIDENT_LIMIT) / 100
)
POSTS = {
    "BL": "bureau_leader",
    "HR": "bureau_personnel",
    "FIN": "bureau_finance",
    "BE": "bureau_basic_education",
    "SUP": "bureau_supervision",
    "VM": "vice_mayor",
    "AUD": "auditor",
    "DT": "district_officer",
    "PRE": "group_president",
    "DSC": "deputy_secretary",
    "GOF": "group_office",
    "GFI": "group_finance",
    "EXE": "executive_principal",
    "VPR": "vice_principal",
    "MID": "department_head",
    "ACC": "school_accountant",
    "ENR": "enrollment_clerk",
}


@dataclass(frozen=True)
class Pair:
    """One question in both tongues: the cells of which any may allow it, and the door with its facts."""

    cells: tuple[Cell, ...]
    door: str
    facts: Facts


def _day(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def holding(held: Held, door: str) -> Holding:
    """A post as `decide` has it. What the accountant's column pays, the cashier pays."""
    cashier = (held.role, door) == ("ACC", "fund_request.pay")
    return _holding(held, "cashier" if cashier else POSTS.get(held.role, ""))


@cache
def _holding(held: Held, post: str) -> Holding:
    role, seat = Role(held.role), SEATS[held.seat]
    container = HELD_IN[role]
    place = "bureau" if container == "bureau" else getattr(seat, container) if container else "none"
    start, end = PERIODS[held.period]
    return Holding(
        role,
        IDS[place],
        post,
        _day(start),
        _day(end),
        GIVER if held.delegated else None,
        None if held.ceiling == ENDLESS else Decimal(held.ceiling) / 100,
    )


def ids_of(name: str) -> frozenset[int]:
    return frozenset() if name == "none" else frozenset({IDS[name]})


def placed(place: Place, **said: Any) -> Facts:
    """Facts of an object that stands there."""
    schools, groups = ids_of(place.school), ids_of(place.group)
    said.setdefault("unit", {"school": schools, "group": groups})
    return Facts(
        actor=ACTOR,
        on=TODAY,
        schools=schools,
        groups=groups,
        districts=ids_of(place.district),
        sending=schools,
        receiving=schools,
        unpaid=schools,
        limits=LIMITS,
        **{"owner": OTHER, "maker": OTHER, **said},
    )


def who(flags: frozenset[str], flag: str) -> int:
    """Whom a flag is about."""
    return ACTOR if flag in flags else GIVER if f"giver_{flag}" in flags else OTHER
