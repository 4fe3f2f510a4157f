"""The decision one cell at a time: what the table says of money, in figures, and of what the facts do not say."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from kunshan_edu.rights.conditions import CONDITIONS
from kunshan_edu.rights.decide import WHY, decide, why_not
from kunshan_edu.rights.facts import Facts, Holding, Limits, Step
from kunshan_edu.rights.matrix.words import Role
from kunshan_edu.rights.route import in_turn, route

ME, GIVER, OTHER = 1, 2, 99
TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
E, P, CENT = Decimal("10000.00"), Decimal("50000.00"), Decimal("0.01")
# Where things are: own, in the same group, elsewhere.
OWN = {"school": 1, "group": 10, "district": 20, "bureau": 1, "": 0}


# One cell at a time: what the table says of money, in figures.


def told(holdings: list[Holding], door: str, facts: Facts) -> int | str | None:
    """The row that says yes, or the word of the refusal."""
    verdict = decide(holdings, door, facts)
    return verdict.row if verdict.allowed else verdict.code


def request(amount: Decimal, *steps: Step, origin: str = "school", **said: Any) -> Facts:
    return Facts(
        actor=ME,
        on=TODAY,
        owner=OTHER,
        state="pending",
        schools=frozenset({1}),
        groups=frozenset({10}),
        origin=origin,
        amount=amount,
        limits=Limits(E, P, P),
        has_minutes=True,
        open_steps=steps,
        **said,
    )


PRINCIPAL, PRESIDENT, LEADER = Holding(Role.EXE, 1), Holding(Role.PRE, 10), Holding(Role.BL, 1)
APPROVING = {
    PRINCIPAL: Step("executive_principal", "approve", 1),
    PRESIDENT: Step("group_president", "approve", 10),
    LEADER: Step("bureau_leader", "approve", 1),
}


@pytest.mark.parametrize(
    ("amount", "origin", "who", "row"),
    [
        (CENT, "school", PRINCIPAL, 35),
        (E, "school", PRINCIPAL, 35),
        (E + CENT, "school", PRESIDENT, 36),
        (P, "school", PRESIDENT, 36),
        (P + CENT, "school", LEADER, 37),
        (CENT, "group", PRESIDENT, 38),
        (P, "group", PRESIDENT, 38),
        (P + CENT, "group", LEADER, 37),
    ],
)
def test_the_amount_decides_who_approves(amount: Decimal, origin: str, who: Holding, row: int) -> None:
    """Whatever step a broken chain opened: only the level of the band may give the decision."""
    for holding, step in APPROVING.items():
        verdict = decide([holding], "fund_request.approve", request(amount, step, origin=origin))
        assert verdict.allowed == (holding == who), (holding.role, verdict)
        if verdict.allowed:
            assert verdict.row == row


def test_a_lifted_request_is_decided_where_it_was_lifted_to() -> None:
    step = replace(APPROVING[PRESIDENT], lifted=True)
    small = request(Decimal(100), step)
    assert not decide([PRESIDENT], "fund_request.approve", small)
    lifted = replace(small, level="president")
    assert told([PRESIDENT], "fund_request.approve", lifted) == 36
    assert not decide([PRINCIPAL], "fund_request.approve", lifted)
    # and never downwards
    large = request(P + CENT, APPROVING[PRINCIPAL], level="principal")
    assert not decide([PRINCIPAL], "fund_request.approve", large)


def test_two_posts_are_each_looked_at() -> None:
    both = [Holding(Role.MID, 1, "clerk"), PRINCIPAL]
    facts = request(E, APPROVING[PRINCIPAL])
    assert told(both, "fund_request.approve", facts) == 35
    assert told(both, "fund_request.approve", replace(facts, owner=ME)) == "not_own"


def test_a_delegate_signs_up_to_the_ceiling_and_never_for_the_giver() -> None:
    lent = Holding(Role.PRE, 10, "group_president", giver=GIVER, ceiling=Decimal(20000))
    step = APPROVING[PRESIDENT]
    at, above = request(Decimal(20000), step), request(Decimal("20000.01"), step)
    assert told([lent], "fund_request.approve", at) == 36
    assert told([lent], "fund_request.approve", above) == "delegation"
    assert decide([lent], "fund_request.see", replace(above, state="approved")).allowed
    assert told([lent], "fund_request.approve", replace(at, owner=GIVER)) == "not_own"
    assert told([lent], "fund_request.approve", replace(at, approvers=frozenset({GIVER}))) == "once"
    assert told([replace(lent, ceiling=None)], "fund_request.approve", above) == 36
    again = Facts(owner=ME, actor=ME, on=TODAY, post="group_president", groups=frozenset({10}))
    assert told([lent], "delegation.give", again) == "delegation"


def test_steps_are_signed_in_turn() -> None:
    way = [
        Step("executive_principal", "consent", 1),
        Step("group_finance", "check", 10),
        Step("group_president", "approve", 10),
    ]
    asked = request(P, way[2], done=tuple(way[:1]))
    assert told([PRESIDENT], "fund_request.approve", asked) == "in_turn"
    assert told([PRESIDENT], "fund_request.approve", replace(asked, done=tuple(way[:2]))) == 36
    vacant = replace(asked, replaced=frozenset({"group_finance"}))
    assert told([PRESIDENT], "fund_request.approve", vacant) == 36


def test_a_step_off_the_route_is_nobodys_turn() -> None:
    """The district is on the way of schools that it funds, and of no others."""
    review = Step("district", "review", 20)
    before = [
        Step("executive_principal", "consent", 1),
        Step("group_finance", "check", 10),
        Step("group_president", "consent", 10),
    ]
    facts = request(P + CENT, review, done=tuple(before))
    officer = [Holding(Role.DT, 20)]
    assert route(facts)[-2:] == (("bureau_finance", "review"), ("bureau_leader", "approve"))
    assert ("district", "review") not in route(facts)
    assert told(officer, "fund_request.approve", facts) == "in_turn"
    funded = replace(facts, districts=frozenset({20}))
    assert ("district", "review") in route(funded)
    assert told(officer, "fund_request.approve", funded) == 37
    assert in_turn(Facts())
    assert in_turn(Facts(done=()))


def test_a_step_lifted_to_the_bureau_is_signed_there() -> None:
    check = Step("bureau_finance", "check", 1)
    officer = [Holding(Role.FIN, 1)]
    assert not decide(officer, "fund_request.approve", request(P, check))
    lifted = replace(check, lifted=True)
    assert told(officer, "fund_request.approve", request(P, lifted)) == 37
    assert told(officer, "fund_request.approve", request(P, lifted, done=())) == 37


def test_minutes_are_needed_from_the_threshold_on() -> None:
    below = request(P - CENT, APPROVING[PRESIDENT])
    at = request(P, APPROVING[PRESIDENT])
    assert told([PRESIDENT], "fund_request.approve", replace(below, has_minutes=False)) == 36
    assert told([PRESIDENT], "fund_request.approve", replace(at, has_minutes=False)) == "minutes"
    consent = request(P, Step("executive_principal", "consent", 1))
    assert told([PRINCIPAL], "fund_request.approve", replace(consent, has_minutes=False)) == 36


def test_a_district_reviews_what_it_funds() -> None:
    step = Step("district", "review", 20)
    facts = request(P + CENT, step, districts=frozenset({20}))
    assert told([Holding(Role.DT, 20)], "fund_request.approve", facts) == 37
    assert not decide([Holding(Role.DT, 21)], "fund_request.approve", facts)
    assert not decide([Holding(Role.DT, 20)], "fund_request.reject", facts)
    assert told([Holding(Role.DT, 20)], "fund_request.return", facts) == 40


def test_a_form_without_an_object_opens_for_whoever_may_somewhere() -> None:
    blank = Facts(actor=ME, anywhere=True, on=TODAY)
    assert decide([Holding(Role.MID, 5, "clerk")], "fund_request.draft", blank)
    assert not decide([Holding(Role.ACC, 5, "cashier")], "fund_request.draft", blank)
    assert decide([Holding(Role.HR, 1)], "appointment.propose", blank)
    assert not decide([Holding(Role.BL, 1)], "appointment.propose", blank)
    assert not decide([Holding(Role.TCH)], "fund_request.draft", blank)


def test_a_blank_form_asks_neither_for_a_state_nor_for_a_kind_that_is_not_said() -> None:
    maker, section = Holding(Role.MID, 5, "clerk"), Holding(Role.HR, 1)
    blank = Facts(actor=ME, owner=ME, anywhere=True, on=TODAY)
    assert decide([maker], "fund_request.edit", blank)
    assert not decide(
        [maker], "fund_request.edit", replace(blank, anywhere=False, unit={"school": frozenset({5})})
    )
    assert decide([Holding(Role.GOF, 10)], "fund_request.draft", blank)
    assert not decide([section], "appointment.propose", replace(blank, post="somebody's"))
    assert not decide([section], "appointment.propose", replace(blank, anywhere=False))


def test_the_refusal_is_of_the_first_row_that_came_furthest() -> None:
    facts = Facts(actor=ME, on=TODAY, post="department_head", state="proposed", schools=frozenset({1}))
    assert decide([], "appointment.see", facts).row == 13
    assert not CONDITIONS["open_step"].holds(Facts(), PRINCIPAL)


def test_what_the_facts_do_not_say_gives_nothing_away() -> None:
    """No owner, no place, no step; the ordinary case of what only refuses."""
    blank = Facts()
    said = {
        f.name: getattr(blank, f.name)
        for f in fields(Facts)
        if isinstance(getattr(blank, f.name), bool | int)
    }
    yes = {"active", "measures_in_force", "year_open"}
    assert {name for name, value in said.items() if value} == yes
    assert set(said) >= {
        "anywhere",
        "over",
        "ending",
        "vacant",
        "numbered",
        "has_minutes",
        "approvals",
        "payments",
    }
    assert (blank.lifted, blank.act, blank.band, blank.owner) == ("no", "", "principal", None)
    assert blank.places("step") == {}
    assert Holding(Role.TCH) == Holding(Role.TCH, 0, "", dt.date.min, None, None, None)


def test_an_unknown_door_is_shut() -> None:
    assert told([LEADER], "fund_request.invent", Facts()) == "unknown"
    assert told([], "fund_request.see", Facts()) == "role"
    assert told([Holding(Role.ADM)], "fund_request.see", Facts(state="approved")) == "role"


def test_every_refusal_has_its_sentence() -> None:
    for name in (*WHY, *CONDITIONS):
        assert why_not(name).endswith("。")
