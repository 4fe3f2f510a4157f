"""Who goes: of people who stand in the same relation to a thing one, of another thing another of them.

Two people are of one class towards a thing when the matrix cannot tell them apart: the same roles of the same posts in
or out of force, at the same kind of place seen from the thing, and equally (un)involved in it. Whoever may do a verb
does it, by every way in; of those who may not, some go, other ones each time: of those who see the thing, and of those
who do not and meet the same 404 whatever the verb. `everybody` sends everybody everywhere by every way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from groups.models import Membership
from kunshan_edu.rights.facts import Facts, Holding
from kunshan_edu.rights.matrix.roles import HELD_IN
from kunshan_edu.rights.proof.things import Scene, Thing
from kunshan_edu.rights.proof.verdicts import BESIDE, expected

# Of those who may not do a verb and see the thing: all where they are few, or so many where somebody else may or nobody
# may. Of those who do not see it: so many. And of each who look at a thing: so many of those who may and may not.
FEW = 10
SEERS, OTHERS = {True: 6, False: 3}, {True: 3, False: 1}
LOOKERS = 5
INSIDERS = 5


@dataclass
class Cast:
    """Chooses who goes."""

    scene: Scene
    everybody: bool = False

    def __post_init__(self) -> None:
        rows = Membership.objects.in_force().values_list("school", "group")
        self.group_of: dict[int, int] = dict(rows)
        self.turn = 0

    def _nearness(self, holding: Holding, facts: Facts) -> tuple[Any, ...]:
        """How the place of a post lies to the thing."""
        kind, place = HELD_IN[holding.role], holding.place
        if kind == "school":
            near = [place in ids for ids in (facts.schools, facts.sending, facts.receiving, facts.unpaid)]
            return (*near, place in facts.unit.get("school", ()), self.group_of.get(place) in facts.groups)
        if kind == "group":
            return place in facts.groups, place in facts.unit.get("group", ())
        return (kind != "district" or place in facts.districts,)

    def _side(self, holding: Holding, facts: Facts, today: dt.date) -> tuple[Any, ...]:
        eve = today + dt.timedelta(days=1)
        days = (holding.in_force(today), holding.since == today, holding.until == today, holding.until == eve)
        lent = (holding.giver, holding.ceiling) if holding.giver else ()
        step = tuple((s.role, s.place == holding.place) for s in (*facts.open_steps, *facts.decided))
        return (holding.role, holding.post, days, lent, self._nearness(holding, facts), step)

    def _class(self, word: str, thing: Thing) -> tuple[Any, ...]:
        user, facts, scene = self.scene.people[word], thing.facts, self.scene
        if user is None:
            return ("stranger",)
        involved = (facts.owner, facts.beneficiary, facts.maker, *sorted(facts.approvers))
        sides = frozenset(self._side(h, facts, scene.today) for h in scene.holdings[word])
        return (user.is_active, tuple(pk == user.pk for pk in involved), sides)

    def to_lists(self) -> list[str]:
        """Who opens lists: one of each set of posts, in or out of force; and everybody in no post."""
        if self.everybody:
            return list(self.scene.people)
        today, chosen = self.scene.today, {}
        for word, holdings in self.scene.holdings.items():
            sides = {(h.role, h.post, h.place, h.in_force(today), h.giver) for h in holdings}
            chosen.setdefault(frozenset(sides) if len(sides) > 1 else word, word)
        return list(chosen.values())

    def towards(self, thing: Thing) -> list[str]:
        """One of each class."""
        if self.everybody:
            return list(self.scene.people)
        self.turn += 1
        classes: dict[tuple[Any, ...], list[str]] = {}
        for word in self.scene.people:
            classes.setdefault(self._class(word, thing), []).append(word)
        return [words[self.turn % len(words)] for words in classes.values()]

    def allowed(self, word: str, code: str, thing: Thing) -> bool:
        facts = thing.facts_for(self.scene.people[word], self.scene.today, code)
        may = expected(self.scene.holdings[word], code, facts).allowed
        return may and not thing.withheld(self.scene.people[word], code)

    def able(self, thing: Thing, codes: Iterable[str], words: list[str]) -> list[str]:
        """Who may do anything with a thing: whoever is nearest to doing what they may not."""
        codes = list(codes)
        return [word for word in words if any(self.allowed(word, code, thing) for code in codes)]

    def for_verb(
        self, code: str, thing: Thing, words: list[str], able: Iterable[str] = ()
    ) -> dict[str, bool]:
        """Who tries a verb → whether by every way in, or by the one whose turn it is."""
        if self.everybody:
            return dict.fromkeys(words, True)
        may = [word for word in words if self.allowed(word, code, thing)]
        if code in BESIDE:  # where no post matters, any of those who are in stand for all
            words, may = [w for w in words if w not in may], self.some(may, INSIDERS)
        near = [word for word in able if word not in may]
        rest = [word for word in words if word not in may and word not in near]
        sees = [word for word in rest if self.allowed(word, f"{thing.noun}.see", thing)]
        others = [word for word in rest if word not in sees]
        somebody = bool(may)
        seers = sees if somebody and len(sees) <= FEW else self.some(sees, SEERS[somebody])
        refused = (*near, *seers, *self.some(others, OTHERS[somebody]))
        return dict.fromkeys(may, True) | dict.fromkeys(refused, False)

    def to_see(self, thing: Thing, words: list[str]) -> list[str]:
        """Who looks at a thing."""
        if self.everybody:
            return words
        may = [word for word in words if self.allowed(word, f"{thing.noun}.see", thing)]
        return [*self.some(may, LOOKERS), *self.some([w for w in words if w not in may], LOOKERS)]

    def some(self, words: list[str], most: int) -> list[str]:
        """So many of them, the next ones each time."""
        self.turn += 1
        start = self.turn * most
        return [words[(start + n) % len(words)] for n in range(min(most, len(words)))]

    def in_two(self, words: list[str]) -> tuple[list[str], list[str]]:
        """Half of them by one way and half by the other, the other way round the next time."""
        if self.everybody:
            return words, words
        self.turn += 1
        first, second = words[::2], words[1::2]
        return (first, second) if self.turn % 2 else (second, first)
