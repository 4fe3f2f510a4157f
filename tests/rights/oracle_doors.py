"""The doors that are built beside those of fund requests, in two tongues; and everybody who is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from kunshan_edu.rights.facts import Holding
from kunshan_edu.rights.questions import (
    ENDLESS,
    OWN_RECORD,
    PERIODS,
    PRINCIPAL_LIMIT,
    RELATIONS,
    ROLES,
    Cell,
    Held,
)
from tests.rights.oracle_pairs import ACTOR, OTHER, POSTS, Pair, holding, placed, who
from tests.rights.oracle_requests import (
    FLAWS,
    LENT_FLAWS,
    at_rest,
    handed_in,
    out_of_turn,
    seen,
    under_review,
    written_anew,
)

POST_ROWS = {
    "group_president": 8,
    "deputy_secretary": 10,
    "executive_principal": 11,
    "vice_principal": 12,
    "department_head": 13,
    "bureau_finance": 83,
}
NEAR = ("own_school", "own_group")
STAGES = ("nominated", "proposed", "selecting", "notice", "active", "extended", "cancelled", "ended")
# deed: kind, whether the method of filling the post matters, whether a recorded end does.
DEEDS: dict[str, tuple[str, bool, bool]] = {
    "propose": ("act", False, False),
    "nominate": ("propose", False, False),
    "accept": ("act", False, False),
    "announce": ("act", True, False),
    "record_scores": ("act", False, False),
    "publish_notice": ("act", True, False),
    "cancel": ("act", False, False),
    "end": ("act", False, False),
    "withdraw_end": ("act", False, True),
    "confirm": ("act", True, False),
    "confirm_end": ("act", False, True),
    "register_dates": ("act", False, False),
}
ANEW = ("propose", "nominate")
# Every stage of these, near by; of the other posts, which go the same way, and far away, the stages that tell.
AT_EVERY_STAGE = ("group_president", "department_head", "bureau_finance")
TELLING_STAGES = ("proposed", "notice", "active", "ended")
METHODS = ("assigned", "competitive")


def _asked_of(deed: str, row: int, stage: str) -> bool:
    """Is there such a question? Of the other posts (83) the section keeps beginning and end, and no more."""
    if row == 83 and deed not in ("propose", "end"):
        return False
    if deed == "register_dates" and row not in (8, 11):
        return False
    if deed == "nominate" and row == 8:
        return False
    return stage != "ended" or deed not in ("withdraw_end", "register_dates")


def _stages(post: str, deed: str, relation: str) -> tuple[str, ...]:
    if deed in ANEW:
        return ("new",)
    return STAGES if post in AT_EVERY_STAGE and relation in NEAR else TELLING_STAGES


def _asked(row: int, post: str, deed: str, relation: str) -> Iterator[tuple[str, str, bool]]:
    """Stage, method, whether an end is recorded."""
    _kind, by_method, by_end = DEEDS[deed]
    methods, ends = METHODS if by_method else METHODS[:1], (False, True) if by_end else (False,)
    for stage, method, ending in product(_stages(post, deed, relation), methods, ends):
        if _asked_of(deed, row, stage):
            yield stage, method, ending


def _appointment(
    held: tuple[Held, ...], relation: str, flags: frozenset[str], post: str, deed: str
) -> Iterator[Pair]:
    row, place, said = POST_ROWS[post], RELATIONS[relation], "" if deed in ANEW else deed
    owner, maker = who(flags, "beneficiary"), who(flags, "decided")
    for stage, method, ending in _asked(row, post, deed, relation):
        so = {"by_appointment": row == 83, "competitive": method == "competitive", "ending": ending}
        facts = frozenset(name for name, holds in so.items() if holds)
        cell = Cell(held, row, DEEDS[deed][0], relation, state=stage, deed=said, flags=flags, facts=facts)
        known = placed(
            place,
            state={"ended": "active", "new": ""}.get(stage, stage),
            over=stage == "ended",
            ending=ending,
            post=post,
            method=method,
            owner=owner,
            maker=maker,
        )
        yield Pair((cell,), f"appointment.{deed}", known)


def appointments(held: tuple[Held, ...], relation: str, flags: frozenset[str]) -> Iterator[Pair]:
    """Every deed on a post, at every stage of it."""
    posts = AT_EVERY_STAGE[:2] if flags else tuple(POST_ROWS)
    for post, deed in product(posts, DEEDS):
        yield from _appointment(held, relation, flags, post, deed)


@dataclass(frozen=True)
class Simple:
    """A door whose words differ little between the two: row, kinds, and states as (Cedar's, the app's)."""

    door: str
    row: int
    kinds: tuple[str, ...] = ("act",)
    states: tuple[tuple[str, str], ...] = (("none", ""),)
    deed: str = ""
    facts: frozenset[str] = frozenset()
    said: tuple[tuple[str, Any], ...] = ()


def _same(*states: str) -> tuple[tuple[str, str], ...]:
    return tuple((state, state) for state in states)


LIVE = _same("active", "extended")
PAIR_STATES = (("proposed", "proposed"), ("active", "confirmed"), ("ended", "refused"))
GROUP_STATES = _same("preparing", "pilot", "running", "extended", "dissolved")
PERIOD_STATES = (("active", "current"), ("active", "coming"), ("ended", "past"))
ROTATION = (
    ("proposed", "proposed"),
    ("sending_ok", "sending_agreed"),
    ("receiving_ok", "receiving_agreed"),
    ("group_approved", "approved"),
    ("active", "filed"),
    ("refused", "refused"),
)
FUND = (("district_confirmed", "draft"), ("frozen", "frozen"), ("closed", "closed"))
LOOK = ("act", "view")
REGISTER = (
    *(
        "education_group",
        "school",
        "district",
        "membership",
        "party_organisation",
        "org_unit",
        "plaque",
        "rule_set",
    ),
)
PRESIDENT, PRINCIPAL = (("post", "group_president"),), (("post", "executive_principal"),)
SIMPLE = (
    *(Simple(f"{noun}.see", 1, ("view",)) for noun in REGISTER),
    Simple("education_group.found", 2, states=(("new", ""),)),
    Simple("education_group.advance", 2, states=GROUP_STATES, deed="advance"),
    Simple("education_group.dissolve", 2, states=GROUP_STATES),
    Simple("education_group.join", 3, states=GROUP_STATES),
    Simple("membership.leave", 3, states=PERIOD_STATES),
    Simple("school.register", 4),
    Simple("school.change_affiliation", 4),
    Simple("school.edit_profile", 5),
    Simple("plaque.record", 5),
    Simple("plaque.end", 5, states=PERIOD_STATES),
    *(
        Simple(f"org_unit.{verb}", row, states=states, said=(("kind", kind),))
        for verb, states in (("record", (("none", ""),)), ("end", PERIOD_STATES))
        for row, kind in ((6, "group"), (7, "school"))
    ),
    Simple("appointment.extend", 9, states=(*LIVE, ("proposed", "proposed")), deed="record", said=PRESIDENT),
    Simple("extension.confirm", 9, states=PAIR_STATES, deed="confirm"),
    Simple("extension.refuse", 9, states=PAIR_STATES, deed="refuse"),
    Simple("extension.see", 9, ("view",)),
    Simple("post_quota.set", 14),
    Simple("post_quota.end", 14, states=PERIOD_STATES),
    Simple("post_quota.see", 14, ("view",)),
    Simple("rotation.propose", 15, ("act", "propose"), (("new", ""),)),
    Simple("rotation.agree_sending", 16, states=tuple(s for s in ROTATION if s[0] != "sending_ok")),
    Simple("rotation.agree_receiving", 16, states=tuple(s for s in ROTATION if s[0] != "proposed")),
    Simple("rotation.approve", 17, states=ROTATION, said=(("kind", "group"),)),
    Simple("rotation.file", 17, ("consult",), ROTATION, said=(("kind", "group"),)),
    Simple("rotation.file", 18, ("act",), ROTATION, said=(("kind", "across"),)),
    *(
        Simple(f"appraisal.{verb}", row, said=said)
        for verb in ("record", "correct")
        for row, said in ((19, PRESIDENT), (20, PRINCIPAL))
    ),
    *(Simple("appraisal.see", row, ("view",), said=said) for row, said in ((19, PRESIDENT), (20, PRINCIPAL))),
    Simple("staff.reveal", 21, facts=frozenset({"payee"})),
    Simple("appointment.reward", 22, states=LIVE, deed="record", said=PRESIDENT),
    Simple("incentive.confirm", 22, states=PAIR_STATES[:1], deed="confirm"),
    Simple("incentive.refuse", 22, states=PAIR_STATES[:1], deed="refuse"),
    Simple("incentive.end", 22, states=PAIR_STATES[1:2], deed="end"),
    Simple("incentive.see", 22, ("view",)),
    Simple("measures.prepare", 23, ("propose",), (("new", ""),)),
    Simple("measures.add_limit", 23, ("propose",), _same("draft", "published")),
    Simple("measures.publish", 23, states=_same("draft", "published")),
    Simple("measures.end", 23, states=_same("draft", "published"), deed="end"),
    Simple("measures.see", 23, ("view",), _same("draft", "published")),
    Simple("group_fund.allocate", 28, states=FUND),
    Simple("group_fund.allocate", 30, states=_same("allocated")),
    Simple("budget_line.cut", 28, states=FUND),
    Simple("budget_line.cut", 30, states=_same("allocated")),
    Simple("group_fund.see", 28, ("view",)),
    Simple("budget_line.see", 28, ("view",)),
    Simple("group_fund.freeze", 50, states=_same("allocated", "closed")),
    Simple("policy.adopt", 71, states=(("consult", ""),)),
    Simple("policy.end", 71, states=(("in_force", "current"), ("superseded", "past"))),
)
# 本人: of these the flags say whose they are and who recorded them.
ENTANGLED = (frozenset(), frozenset({"beneficiary"}), frozenset({"decided"}))
PERSONAL = frozenset({9, 19, 20, 22, 23})


def simple(held: tuple[Held, ...], relation: str, flags: frozenset[str]) -> Iterator[Pair]:
    """The doors of the list above. What is one's own record is to one's own benefit."""
    place = Cell(held, 1, "view", relation).place()
    flags |= {"beneficiary"} if relation == OWN_RECORD else set()
    for one in SIMPLE:
        if relation != OWN_RECORD and flags and (one.row not in PERSONAL or one.door.endswith(".see")):
            continue
        for state, word in one.states:
            cells = tuple(
                Cell(held, one.row, kind, relation, state=state, deed=one.deed, flags=flags, facts=one.facts)
                for kind in one.kinds
            )
            owner, maker = who(flags, "beneficiary"), who(flags, "decided")
            facts = placed(place, state=word, owner=owner, maker=maker, **dict(one.said))
            yield Pair(cells, one.door, facts)


def refusals(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """A rotation is refused by whoever would agree to it at that moment."""
    asked = {"group": ((16, "act"), (17, "act"), (17, "consult")), "across": ((16, "act"), (18, "act"))}
    for kind, (state, word) in product(asked, ROTATION):
        cells = tuple(Cell(held, row, way, relation, state=state) for row, way in asked[kind])
        yield Pair(cells, "rotation.refuse", placed(RELATIONS[relation], state=word, kind=kind))


def delegations(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """Lending the own right, or trying another's."""
    role = held[0].role
    deputy = {"PRE": "DSC", "EXE": "VPR"}.get(role, "none")
    own = Cell(held, 85, "act", relation, facts=frozenset({"own_post"}), delegate_post=deputy)
    facts = placed(RELATIONS[relation], post=POSTS.get(role, ""), owner=ACTOR)
    yield Pair((own,), "delegation.give", facts)
    yield Pair((own,), "delegation.revoke", replace(facts, state="current"))
    another = Cell(held, 85, "act", relation, delegate_post=deputy)
    yield Pair((another,), "delegation.give", replace(facts, owner=OTHER))


# Doors of the 86 rows of which the design says nothing to compare, and why.
LEFT_OUT = {
    "audit.see": "the remarks on its cells (own actions, system) wait until those cells are given",
    "fund_request.delete": "who may withdraw a draft may delete it when it has no number: the house's own deed",
    "group_fund.open": "begins the year in place of the group's draft (row 24), until that is built",
    "list.export": "holds what its maker sees in the list; what is seen is asked of each list",
    "policy.see": "open to whoever signs in: added by this house to every column",
    "rotation.renew": "the house's own deed",
    "rotation.stop": "the house's own deed",
    "rotation.withdraw": "the house's own deed",
}
NOTHING: frozenset[str] = frozenset()
SEVERAL = (("EXE", "PRE"), ("GOF", "EXE"), ("DSC", "EXE"), ("HR", "BL"), ("MID", "TCH"))


def everything(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """All doors, at one place; near by, with everything that may be wrong with the actor or the object."""
    near = relation in NEAR
    for flaw in FLAWS if near else FLAWS[:1]:
        yield from under_review(held, relation, flaw)
    for flaw in FLAWS[:4] if near else FLAWS[:1]:
        yield from at_rest(held, relation, flaw)
    for flaw in FLAWS[:2]:
        yield from seen(held, relation, flaw)
    for entangled in ENTANGLED if near else ENTANGLED[:1]:
        yield from appointments(held, relation, entangled)
        yield from simple(held, relation, entangled)
    yield from handed_in(held, relation)
    yield from out_of_turn(held, relation)
    yield from written_anew(held, relation)
    yield from refusals(held, relation)
    yield from delegations(held, relation)


def briefly(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """Without flaws: what changes from day to day, or with a second post."""
    yield from under_review(held, relation, NOTHING)
    yield from seen(held, relation, NOTHING)
    yield from simple(held, relation, NOTHING)


def lent(held: tuple[Held, ...], relation: str) -> Iterator[Pair]:
    """With another's post, and what binds that other."""
    for flaw in (*LENT_FLAWS, *FLAWS[1:4]):
        yield from under_review(held, relation, flaw)
    yield from briefly(held, relation)
    yield from delegations(held, relation)


def _everybody() -> Iterator[tuple[tuple[Held, ...], Iterator[Pair]]]:
    """Who asks: each role at each place; before, at and after its days; in another's stead; with two posts."""
    for role, relation in product(ROLES, RELATIONS):
        if not relation.startswith("former"):
            yield (Held(role),), everything((Held(role),), relation)
    for role in ROLES:
        yield (Held(role),), simple((Held(role),), OWN_RECORD, NOTHING)
    for role, period, relation in product(ROLES, tuple(PERIODS)[1:], NEAR):
        yield (Held(role, period),), briefly((Held(role, period),), relation)
    for role, ceiling, relation in product(
        ("PRE", "EXE", "BL"), (ENDLESS, PRINCIPAL_LIMIT), (*NEAR, "other_group")
    ):
        held = (Held(role, delegated=True, ceiling=ceiling),)
        yield held, lent(held, relation)
    for (first, second), relation in product(SEVERAL, (*NEAR, "sister_school")):
        held = (Held(first), Held(second, seat="sister"))
        yield held, briefly(held, relation)


def every_pair() -> Iterator[tuple[tuple[Holding, ...], Pair]]:
    """Posts as `decide` has them, and the question in both tongues."""
    for held, pairs in _everybody():
        for pair in pairs:
            yield tuple(holding(one, pair.door) for one in held), pair
