"""The round through every door while everything is denied: what changes a row or shows the world has not asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps

from kunshan_edu.rights.decide import decide
from kunshan_edu.rights.matrix.words import Beside
from kunshan_edu.rights.proof.crawl import Address, addresses, has_fragment, methods_of, verbs_of
from kunshan_edu.rights.proof.effects import OWN
from kunshan_edu.rights.proof.things import HTMX, Scene, Thing, further, typed
from kunshan_edu.rights.proof.visits import Answer, Visitor, Visits, plain_pages

# Whose rows everybody who is signed in may see (row 1): their names stand in the menus of filters.
PUBLIC = ("education_group", "school", "district", "membership")
OTHERS = 2
# Pages that everybody sees within the frame of the site, with what it shows; elsewhere the frame is left out.
WHOLE = ("home", "core:profile")


@dataclass(frozen=True)
class Stop:
    """One door of the round: an address with a method and a verb, on one row."""

    address: Address
    method: str
    path: str
    content: Callable[[], dict[str, Any]]
    goers: tuple[str, ...]
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}{' htmx' if self.headers else ''}"


class Plan:
    """Which doors there are to knock at, with what, and who goes."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.turn = scene, 0
        deeds = [deed for deed in further(scene) if deed.method == "POST" and deed.code != Beside.OPEN]
        self.blanks = {deed.path: deed.content for deed in deeds}
        self.roles = one_of_each_role(scene)

    @cached_property
    def models(self) -> dict[str, Any]:
        """The beginning of an address, up to its first number → the model of its rows."""
        found: dict[str, Any] = {}
        for address in addresses():
            table = getattr(address.view, "table", None)
            model = getattr(address.view, "model", None) or getattr(table, "model", None)
            if model is not None and "<" in address.route:
                found.setdefault(address.route.partition("<")[0], model)
        for model in apps.get_models():
            found.setdefault(f"/admin/{model._meta.app_label}/{model._meta.model_name}/", model)
        return found

    def stops(self, only: str = "") -> Iterator[Stop]:
        """Every door, or those of one address."""
        for address in addresses():
            if only in ("", address.name):
                for method in methods_of(address):
                    if not address.name.startswith("admin:") or method in ("GET", "POST"):
                        for verb in verbs_of(address):
                            yield from self._stops(address, method, verb)

    def _stops(self, address: Address, method: str, verb: str) -> Iterator[Stop]:
        name = self._verb(address, method, verb)
        for thing in self._things(address, name):
            values = {"int": thing.pk if thing else 1, "verb": verb or "x"}
            path = re.sub(r"<(?:(\w+):)?(\w+)>", lambda found, v=values: _fill(found, v), address.route)
            goers = self._goers(thing, name)
            content = self._content(thing, name, path)
            yield Stop(address, method, path, content, goers)
            if method == "GET" and has_fragment(address.view):
                yield Stop(address, method, path, content, goers, HTMX)

    def _verb(self, address: Address, method: str, verb: str) -> str:
        """The name of the verb that is done here, if one."""
        action = getattr(address.callback, "actions", {}).get(method.lower(), "")
        if action.startswith("verb_"):
            return action.removeprefix("verb_")
        return address.view.table.find(verb).name if verb else ""

    def _things(self, address: Address, verb: str) -> list[Thing | None]:
        """Rows to try an address on: of a verb those on which somebody may do it."""
        model = self.models.get(address.route.partition("<")[0])
        if model is None:
            return [None]
        things = [thing for thing in self.scene.things if type(thing.row) is model]
        able = [thing for thing in things if verb and self._who(thing, verb)]
        if able or things:
            return [*(able or things)[:1]]
        return [Thing("", "", row, None) for row in model._base_manager.order_by("pk")[:1]] or [None]

    def _who(self, thing: Thing, verb: str) -> list[str]:
        """Who may do a verb by the matrix."""
        people = ((word, user) for word, user in self.scene.people.items() if user)
        today, code = self.scene.today, f"{thing.noun}.{verb}"
        return [w for w, u in people if decide(self.scene.holdings[w], code, thing.facts_for(u, today, code))]

    def _goers(self, thing: Thing | None, verb: str) -> tuple[str, ...]:
        """Whoever might otherwise, the administrator, a stranger, and some of the others in turn."""
        self.turn += OTHERS
        may = self._who(thing, verb or "see") if thing and thing.noun else []
        some = [self.roles[(self.turn + n) % len(self.roles)] for n in range(OTHERS)]
        return tuple(dict.fromkeys([*may[:1], "admin", "stranger", *some]))

    def _content(self, thing: Thing | None, verb: str, path: str) -> Callable[[], dict[str, Any]]:
        if thing is not None and thing.noun and verb:
            return lambda: typed(self.scene, f"{thing.noun}.{verb}", thing)
        return self.blanks.get(path, dict)


@dataclass
class Round:
    """Goes from door to door and notes what it saw."""

    scene: Scene
    visitors: dict[str, Visitor]
    visits: Visits
    found: list[str] = field(default_factory=list)

    @cached_property
    def canaries(self) -> list[tuple[bytes, set[str]]]:
        """Text of the world, and to whom it is their own. Names of people, titles, documents, amounts."""
        names = {user.pk: word for word, user in self.scene.people.items() if user}
        texts: dict[str, set[str]] = {user.name: {word} for word, user in self.scene.people.items() if user}
        for thing in self.scene.things:
            own = {names[thing.facts.owner]} if thing.facts.owner in names else set()
            own |= set(self.scene.people) - {"stranger"} if thing.noun in PUBLIC else set()
            for text in filter(None, (thing.canary, *thing.more.get("canaries", ()))):
                texts[text] = texts.get(text, own) & own
        return [(text.encode(), own) for text, own in texts.items()]

    def __call__(self, stops: list[Stop]) -> None:
        for stop in stops:
            for word in stop.goers:
                if stop.address.name in WHOLE:
                    self.knock(stop, word)
                else:
                    with plain_pages(content=True):
                        self.knock(stop, word)

    def knock(self, stop: Stop, word: str) -> None:
        visit = self.visits.api if stop.path.startswith("/api/v") else self.visits.page
        answer = visit(self.visitors[word], stop.method, stop.path, stop.content(), **dict(stop.headers))
        for what in self.faults(stop, word, answer):
            self.found.append(f"{stop} by {word} {what}")

    def faults(self, stop: Stop, word: str, answer: Answer) -> Iterator[str]:
        """What a visit that everything was denied to should not have done."""
        if answer.fault:
            yield answer.fault
        own = answer.door is not None and answer.door.own and stop.method != "GET"
        changed = answer.changed - OWN if own else answer.changed
        if changed:
            yield f"changed {', '.join(sorted(changed))}"
        shown = [
            text.decode() for text, owners in self.canaries if word not in owners and text in answer.body
        ]
        if shown:
            yield f"shows {', '.join(shown[:3])}"


def _fill(found: re.Match[str], values: dict[str, Any]) -> str:
    kind, name = found.groups()
    return str(values["int"] if kind == "int" else values.get(name, values["verb"]))


def one_of_each_role(scene: Scene) -> list[str]:
    """Accounts that together hold every post there is; the first of each."""
    chosen: dict[Any, str] = {}
    for word, holdings in scene.holdings.items():
        for holding in sorted(holdings, key=lambda h: h.place == 0):
            if holding.in_force(scene.today):
                chosen.setdefault((holding.role, holding.post), word)
    return list(dict.fromkeys(chosen.values()))
