"""What a decision looks at, each by its own table: days, steps, places, bands, and the way of signatures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from kunshan_edu.rights.facts import LEVEL_OF, STEP_ROLE, Facts, Holding, Limits, Step
from kunshan_edu.rights.matrix.words import Role
from kunshan_edu.rights.route import in_turn, route

TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
CENT = Decimal("0.01")


def ids(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


# Days


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (TODAY - DAY, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY - DAY, TODAY, False),
        (TODAY, TODAY + DAY, True),
        (TODAY + DAY, TODAY + 2 * DAY, False),
    ],
)
def test_a_post_is_held_from_its_first_day_to_the_day_before_its_end(
    since: dt.date, until: dt.date | None, holds: bool
) -> None:
    assert Holding(Role.VM, 1, since=since, until=until).in_force(TODAY) is holds


# Steps: whose they are, where they are signed, on which level they decide


@pytest.mark.parametrize(
    ("step", "role", "kind", "level"),
    [
        ("executive_principal", "EXE", "school", "principal"),
        ("group_finance", "GFI", "group", None),
        ("group_president", "PRE", "group", "president"),
        ("district", "DT", "district", None),
        ("bureau_finance", "FIN", "bureau", None),
        ("bureau_leader", "BL", "bureau", "leader"),
    ],
)
def test_a_step_is_signed_by_its_role_at_its_place(
    step: str, role: str, kind: str, level: str | None
) -> None:
    assert STEP_ROLE[step].value == role
    assert LEVEL_OF.get(step) == level
    asked = Facts(schools=ids(1), groups=ids(1), districts=ids(1)).at(Step(step, "approve", 7))
    assert asked.places("step") == asked.places("decided") == {kind: ids(7)}


# Places: on which ids a right is measured


PLACED = Facts(
    schools=ids(1),
    groups=ids(10),
    districts=ids(20),
    unit={"school": ids(2), "group": ids(11)},
    sending=ids(3),
    receiving=ids(4),
    unpaid=ids(5),
)


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ("", {"school": ids(1), "group": ids(10), "district": ids(20)}),
        ("unit", {"school": ids(2), "group": ids(11)}),
        ("sending", {"school": ids(3), "group": ids(10)}),
        ("receiving", {"school": ids(4), "group": ids(10)}),
        ("unpaid", {"school": ids(5), "group": ids(10)}),
        ("step", {}),
        ("decided", {}),
    ],
)
def test_a_right_is_measured_on_the_places_that_the_door_names(where: str, places: dict[str, Any]) -> None:
    assert PLACED.places(where) == places


# Bands, and the way of signatures (domain, the approval route)


@pytest.mark.parametrize(
    ("origin", "amount", "level", "band"),
    [
        ("school", "0.01", "", "principal"),
        ("school", "300.00", "", "principal"),
        ("school", "300.01", "", "president"),
        ("school", "900.00", "", "president"),
        ("school", "900.01", "", "leader"),
        ("group", "300.00", "", "president"),
        ("group", "900.00", "", "president"),
        ("group", "900.01", "", "leader"),
        ("school", "1.00", "president", "president"),
        ("school", "1.00", "leader", "leader"),
        ("school", "301.00", "principal", "president"),
        ("school", "901.00", "president", "leader"),
        ("group", "1.00", "principal", "president"),
    ],
)
def test_the_amount_gives_the_band_and_a_lift_only_raises_it(
    origin: str, amount: str, level: str, band: str
) -> None:
    limits = Limits(Decimal(300), Decimal(900), Decimal(500))
    facts = Facts(origin=origin, amount=Decimal(amount), limits=limits, level=level)
    assert facts.band == band
    assert facts.collective == (Decimal(amount) >= 500)


def test_the_ceilings_of_the_example_measures() -> None:
    assert Limits() == Limits(Decimal(10000), Decimal(50000), Decimal(50000))
    assert Facts(amount=Decimal(50000)).collective
    assert not Facts(amount=Decimal(50000) - CENT).collective


SMALL, MIDDLE, LARGE = Decimal(10000), Decimal(50000), Decimal(50000) + CENT
REVIEWS = ["bureau_finance review", "bureau_leader approve"]
WAYS = [
    ("school", SMALL, ["executive_principal approve"]),
    ("school", MIDDLE, ["executive_principal consent", "group_finance check", "group_president approve"]),
    (
        "school",
        LARGE,
        ["executive_principal consent", "group_finance check", "group_president consent", *REVIEWS],
    ),
    ("group", SMALL, ["group_president approve", "executive_principal confirm"]),
    ("group", MIDDLE, ["group_president approve", "executive_principal confirm"]),
    ("group", LARGE, ["group_president consent", *REVIEWS, "executive_principal confirm"]),
]


@pytest.mark.parametrize(("origin", "amount", "way"), WAYS)
def test_the_way_of_signatures(origin: str, amount: Decimal, way: list[str]) -> None:
    city = Facts(origin=origin, amount=amount)
    assert [" ".join(entry) for entry in route(city)] == way
    town = Facts(origin=origin, amount=amount, districts=ids(20))
    with_district = list(way)
    if amount == LARGE:
        with_district.insert(way.index("bureau_finance review"), "district review")
    assert [" ".join(entry) for entry in route(town)] == with_district


@pytest.mark.parametrize(("origin", "amount", "way"), WAYS)
def test_each_signature_waits_for_all_before_it(origin: str, amount: Decimal, way: list[str]) -> None:
    steps = [Step(*entry.split(), place=1) for entry in way]
    for number, step in enumerate(steps):
        asked = Facts(origin=origin, amount=amount, done=tuple(steps[:number])).at(step)
        assert in_turn(asked) is True
        for missing in steps[:number]:
            done = tuple(s for s in steps[:number] if s != missing)
            assert in_turn(Facts(origin=origin, amount=amount, done=done).at(step)) is False
            lifted = Facts(origin=origin, amount=amount, done=done, replaced=frozenset({missing.role}))
            assert in_turn(lifted.at(step)) is True


def test_who_is_not_on_the_way_is_never_in_turn() -> None:
    stranger = Step("bureau_leader", "approve", 1)
    everything = Facts(amount=SMALL, done=(Step("executive_principal", "approve", 1),))
    assert in_turn(everything.at(stranger)) is False
    assert in_turn(everything.at(Step("bureau_leader", "approve", 1, lifted=True))) is True
