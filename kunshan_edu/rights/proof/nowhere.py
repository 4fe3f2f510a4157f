"""Addresses of what one may not see: they answer as addresses of nothing do, to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kunshan_edu.core.pages import DetailPage
from kunshan_edu.rights.facts import Verdict
from kunshan_edu.rights.proof.spy import tables
from kunshan_edu.rights.proof.things import Scene, Thing
from kunshan_edu.rights.proof.visits import Answer, Visitor, masked, one_frame_each
from kunshan_edu.rights.proof.walks import Walk, Walker, api_addresses, pages_of

NOTHING = 987_654_321
# Whoever reads: of another school, group, district, of none, of the section that sees no money, and the administrator.
READERS = (
    "principal_b",
    "clerk_e",
    "other_president",
    "district_officer",
    "personnel",
    "parent",
    "admin",
    "ended_finance",
    "coming_leader",
)
# Numbers that are none of ours, however they are written.
ODD = ("0", str(2**63), str(10**25), "１", "-1")
MOST_THINGS = 3
# Such a number is refused before anybody asks who reads: at each place some of the readers try it.
READERS_OF_ODD = 2
SAME = "同不存在的地址"


def _places(noun: str, model: Any, some: Any) -> Iterator[tuple[str, str, str]]:
    """(method, before the number, after it) of the addresses of a noun: page, entry, and a verb of each."""
    page, root = pages_of(DetailPage).get(model), api_addresses().get(model)
    table = next((t for t in tables() if t.noun == noun), None)
    if page is not None:
        yield "GET", *_around(reverse(page.name, args=[some.pk]), some.pk)
    if root:
        yield "GET", root, "/"
    if table is not None:
        verb = table.verbs[0]
        yield "POST", *_around(table.url(some, verb), some.pk)
        yield "GET", *_around(table.url(some, verb), some.pk)
        if root:
            yield "POST", root, f"/{verb.path}/"


def _around(path: str, pk: int) -> tuple[str, str]:
    before, _number, after = path.partition(f"/{pk}/")
    return f"{before}/", f"/{after}"


def walk_nowhere(noun: str, things: list[Thing]) -> Walk:
    """Each reader asks for what they may not see and for what is not there."""

    def walk(walker: Walker) -> None:
        with one_frame_each():
            ask(walker)

    def ask(walker: Walker) -> None:
        places = list(_places(noun, type(things[0].row), things[0].row))
        for number, word in enumerate(READERS):
            hidden = [t for t in things if not _sees(walker, word, t)]
            for turn in range(min(2, len(places))):  # two of the places each: every place has several readers
                which = (number + turn * 2) % len(places)
                odd = ODD if (number + which) % len(places) < READERS_OF_ODD else ()
                _compare(walker, walker.visitors[word], noun, places[which], hidden, odd)

    return walk


def _sees(walker: Walker, word: str, thing: Thing) -> bool:
    code = f"{thing.noun}.see"
    facts = thing.facts_for(walker.scene.people[word], walker.scene.today, code)
    return walker.verdict(word, code, facts).allowed


def _compare(
    walker: Walker,
    visitor: Visitor,
    noun: str,
    place: tuple[str, str, str],
    hidden: list[Thing],
    odd: tuple[str, ...],
) -> None:
    """The answers to these numbers are the answer to a number that nothing has."""
    method, before, after = place
    turn = len(visitor.word) % max(len(hidden), 1)
    chosen = [*hidden[turn:], *hidden[:turn]][:MOST_THINGS]
    numbers = {str(thing.pk): thing.word for thing in chosen} | dict.fromkeys(odd, "")
    if not numbers:
        return
    nothing = _asked(walker, visitor, method, f"{before}{NOTHING}{after}")
    for number, word in numbers.items():
        answer = _asked(walker, visitor, method, f"{before}{number}{after}")
        walker.heed(answer, f"{method} {before}{number}{after}", visitor.word)
        same = masked(answer) == masked(nothing) and not answer.changed
        where = f"{method} {before}…{after} {word or number}"
        verdict = Verdict(True, None, "same", "")
        walker.tally.compare(f"{noun}.nowhere", SAME, where, visitor.word, verdict, same, str(answer.status))


def _asked(walker: Walker, visitor: Visitor, method: str, path: str) -> Answer:
    knock = walker.visits.api if path.startswith("/api/") else walker.visits.page
    return knock(visitor, method, path, {})


def every_nowhere(scene: Scene) -> list[Walk]:
    """One walk per noun that has an address of its own."""
    return [
        walk_nowhere(noun, scene.of(noun)) for noun in dict.fromkeys(thing.noun for thing in scene.things)
    ]
