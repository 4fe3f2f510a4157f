"""End to end: every person goes through every door of every thing, and the effect is held against the matrix."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from kunshan_edu.core.pages import DetailPage, ListPage
from kunshan_edu.core.verbs import Verb, VerbTable
from kunshan_edu.rights.facts import Facts, Verdict
from kunshan_edu.rights.matrix import door_codes
from kunshan_edu.rights.proof.cast import Cast
from kunshan_edu.rights.proof.cells import Tally
from kunshan_edu.rights.proof.crawl import Address, Found, addresses
from kunshan_edu.rights.proof.effects import Watch
from kunshan_edu.rights.proof.spy import tables
from kunshan_edu.rights.proof.things import (
    API,
    FORM,
    FRAGMENT,
    HTMX,
    PAGE,
    Deed,
    Scene,
    Thing,
    further,
    typed,
)
from kunshan_edu.rights.proof.verdicts import expected
from kunshan_edu.rights.proof.visits import Answer, Visitor, Visits, plain_pages

Walk = Callable[["Walker"], None]


@dataclass
class Walker:
    """Goes about in one process: the scene, everybody signed in, the site, and the sums."""

    scene: Scene
    visitors: dict[str, Visitor]
    visits: Visits
    tally: Tally
    watch: Watch = field(default_factory=Watch)
    door: Found | None = None

    def verdict(self, who: str, code: str, facts: Facts) -> Verdict:
        return expected(self.scene.holdings[who], code, facts)

    def compare(
        self, code: str, way: str, thing: Thing, visitor: Visitor, actual: bool, note: str = ""
    ) -> None:
        facts = thing.facts_for(visitor.user, self.scene.today, code)
        verdict = self.verdict(visitor.word, code, facts)
        if thing.withheld(visitor.user, code):
            verdict = replace(verdict, allowed=False)
        self.tally.compare(code, way, f"{thing.noun} {thing.word}", visitor.word, verdict, actual, note)
        self.tally.through(self.door, verdict.allowed)

    def attempt(self, deed: Deed, word: str) -> None:
        """One person tries: did anything change, or, of a look, is it there?"""
        visitor = self.visitors[word]
        knock = self.visits.api if deed.api else self.visits.page
        answer = knock(visitor, deed.method, deed.path, deed.content(), **dict(deed.headers))
        self.heed(answer, f"{deed.method} {deed.path}", word)
        done = answer.shows(deed.mark) if deed.mark else bool(answer.changed)
        self.compare(deed.code, deed.way, deed.thing, visitor, done, _told(answer))

    def heed(self, answer: Answer, where: str, who: str) -> None:
        """Where one is, faults of the code, and what the spy saw."""
        self.door = answer.door
        if answer.fault:
            self.tally.find(f"{where} by {who}: {answer.fault}")
        for finding in answer.findings:
            self.tally.find(f"{where} by {who}: {finding}")


# Where things are


def api_addresses() -> dict[Any, str]:
    """model → the address of its list in the API."""
    found = {}
    for address in addresses():
        view = address.view
        if address.name.startswith("api:") and address.name.endswith("-list") and hasattr(view, "model"):
            found[view.model] = reverse(address.name)
    return found


def pages_of(kind: type) -> dict[Any, Address]:
    """model → its list or its page."""
    found: dict[Any, Address] = {}
    for address in addresses():
        view = address.view
        if isinstance(view, type) and issubclass(view, kind) and getattr(view, "model", None):
            found.setdefault(view.model, address)
    return found


# Deeds


def verb_deeds(scene: Scene, table: VerbTable, verb: Verb, thing: Thing, root: str) -> list[Deed]:
    """A verb by its form, which one may also only look at, and by the API where the noun has an endpoint."""
    code = f"{table.noun}.{verb.name}"

    def content() -> dict[str, Any]:
        return typed(scene, code, thing)

    def body() -> dict[str, Any]:
        return typed(scene, code, thing, API)

    form = table.url(thing.row, verb)
    found = [
        Deed(code, thing, FORM, form, content),
        Deed(code, thing, PAGE, form, dict, "GET", f'action="{form}"'.encode()),
    ]
    return [*found, Deed(code, thing, API, f"{root}{thing.pk}/{verb.path}/", body)] if root else found


def walk_deeds(deeds: list[Deed], goers: dict[str, bool]) -> Walk:
    """These try one thing by several ways: by every way, or by the one whose turn it is."""

    def walk(walker: Walker) -> None:
        for number, (word, every) in enumerate(goers.items()):
            turn = (number + deeds[0].thing.pk + len(deeds[0].code)) % len(deeds)
            for deed in deeds if every else deeds[turn : turn + 1]:
                with plain_pages(content=bool(deed.mark)):
                    walker.attempt(deed, word)

    return walk


def _told(answer: Answer) -> str:
    """What the answer says, for who reads a mismatch."""
    if answer.body[:1] == b"{":
        return f"{answer.status} {json.loads(answer.body).get('code', '')}"
    return str(answer.status)


# Sight


def walk_page(address: Address, thing: Thing, goers: list[str]) -> Walk:
    """These open the page of a thing and its entry in the API: is it there?"""

    def walk(walker: Walker) -> None:
        code = f"{thing.noun}.see"
        page = reverse(address.name, args=[thing.pk])
        canary = thing.canary.encode()
        with plain_pages(content=True):
            for visitor in map(walker.visitors.__getitem__, goers):
                answer = walker.visits.page(visitor, "GET", page)
                walker.heed(answer, f"GET {page}", visitor.word)
                walker.compare(code, PAGE, thing, visitor, answer.shows(canary), str(answer.status))

    return walk


def walk_entry(root: str, thing: Thing, goers: list[str]) -> Walk:
    """These read the thing's entry in the API."""

    def walk(walker: Walker) -> None:
        for visitor in map(walker.visitors.__getitem__, goers):
            answer = walker.visits.api(visitor, "GET", f"{root}{thing.pk}/")
            walker.heed(answer, f"GET {root}{thing.pk}/", visitor.word)
            walker.compare(
                f"{thing.noun}.see", API, thing, visitor, _entry(answer) == thing.pk, str(answer.status)
            )

    return walk


def _entry(answer: Answer) -> Any:
    found = json.loads(answer.body) if answer.body[:1] == b"{" else {}
    return found.get("id")


def walk_list(address: Address, things: list[Thing], whole: list[str], parts: list[str]) -> Walk:
    """Some open a list whole, some as htmx asks for it: exactly the things that the matrix shows are on it."""

    def walk(walker: Walker) -> None:
        page = f"{reverse(address.name)}?show=all"  # not of today only
        marks = {id(thing): _mark(thing) for thing in things}
        with plain_pages(content=True):
            for way, headers, goers in ((PAGE, {}, whole), (FRAGMENT, dict(HTMX), parts)):
                for visitor in map(walker.visitors.__getitem__, goers):
                    answer = walker.visits.page(visitor, "GET", page, **headers)
                    walker.heed(answer, f"GET {page} {way}", visitor.word)
                    for thing in things:
                        there = answer.shows(marks[id(thing)])
                        walker.compare(f"{thing.noun}.see", f"列表{way}", thing, visitor, there)

    return walk


def _mark(thing: Thing) -> bytes:
    """What of a thing stands in a list: the way to its page, or where it has none its canary."""
    if hasattr(thing.row, "get_absolute_url"):
        return thing.row.get_absolute_url().encode() + b'"'
    return thing.canary.encode()


def walk_export(name: str, things: list[Thing], goers: list[str]) -> Walk:
    """These take a list with them as a file: it holds the very things that the list shows."""

    def walk(walker: Walker) -> None:
        page = f"{reverse(name)}?show=all"
        for visitor in map(walker.visitors.__getitem__, goers):
            answer = walker.visits.page(visitor, "POST", page)
            walker.heed(answer, f"POST {page}", visitor.word)
            told = _cells_of(answer.body)
            for thing in things:
                there = thing.canary.encode() in told
                walker.compare(f"{thing.noun}.see", "导出", thing, visitor, there, str(answer.status))

    return walk


def _cells_of(body: bytes) -> bytes:
    """The text of a spreadsheet; nothing of what is none."""
    if not body.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))


def walk_api_list(root: str, things: list[Thing], goers: list[str]) -> Walk:
    """The same in the API, over all of its pages."""

    def walk(walker: Walker) -> None:
        for visitor in map(walker.visitors.__getitem__, goers):
            seen = set(_listed(walker, visitor, root))
            for thing in things:
                walker.compare(f"{thing.noun}.see", "列表接口", thing, visitor, thing.pk in seen)

    return walk


def _listed(walker: Walker, visitor: Visitor, root: str) -> Iterator[int]:
    """The ids that a list of the API tells of."""
    page = f"{root}?size=200"
    while page:
        answer = walker.visits.api(visitor, "GET", page)
        walker.heed(answer, f"GET {page}", visitor.word)
        found = json.loads(answer.body)
        yield from (row["id"] for row in found.get("results", ()))
        page = (found.get("next") or "").removeprefix("http://localhost")


def _sights(thing: Thing, cast: Cast, goers: list[str], page: Address | None, root: str | None) -> list[Walk]:
    """The page of a thing and its entry in the API: each for half of these, where there are both."""
    has_page = page is not None and thing.canary
    goers = cast.to_see(thing, goers)
    pages, entries = cast.in_two(goers) if has_page and root else (goers, goers)
    found = [walk_page(page, thing, pages)] if page is not None and thing.canary else []
    return [*found, walk_entry(root, thing, entries)] if root else found


def every_walk(scene: Scene, cast: Cast) -> list[Walk]:
    """All walks: over the things of the scene, and by the ways in that no verb table tells of."""
    return [*over_things(scene, cast), *_further(scene, cast)]


def over_things(scene: Scene, cast: Cast) -> list[Walk]:
    """Every verb of every thing, its page, its entry in the API, and the lists that it is on."""
    roots, lists, details = api_addresses(), pages_of(ListPage), pages_of(DetailPage)
    by_noun = {table.noun: table for table in tables()}
    found: list[Walk] = []
    things = [thing for thing in scene.things if f"{thing.noun}.see" in door_codes()]
    for thing in things:
        goers, model, table = cast.towards(thing), type(thing.row), by_noun.get(thing.noun)
        verbs = table.verbs if table else ()
        able = cast.able(thing, (f"{thing.noun}.{verb.name}" for verb in verbs), goers)
        for verb in verbs:
            deeds = verb_deeds(scene, table, verb, thing, roots.get(model, ""))
            found.append(walk_deeds(deeds, cast.for_verb(deeds[0].code, thing, goers, able)))
        found += _sights(thing, cast, goers, details.get(model), roots.get(model))
    goers = cast.to_lists()
    for noun in dict.fromkeys(thing.noun for thing in things):
        found += _of_lists(scene.of(noun), cast, goers, lists, roots)
    return found


def _of_lists(
    things: list[Thing],
    cast: Cast,
    goers: list[str],
    lists: dict[Any, Address],
    roots: dict[Any, str],
) -> Iterator[Walk]:
    """The lists that the things of one noun are on: of the pages, as a file, of the API."""
    model = type(things[0].row)
    marked = [thing for thing in things if _mark(thing)]
    # Each person by some of the ways, and by the others to the lists of other nouns.
    halves = [[*half, "stranger"] for half in cast.in_two([w for w in goers if w != "stranger"])]
    if model in lists and marked:
        yield walk_list(lists[model], marked, *halves)
    export = getattr(getattr(lists.get(model), "view", None), "export", "")
    if export:
        yield walk_export(export, [thing for thing in things if thing.canary], goers)
    if model in roots:
        yield walk_api_list(roots[model], things, halves[len(things) % 2])


def _further(scene: Scene, cast: Cast) -> list[Walk]:
    """The ways in that no verb table tells of."""
    grouped: dict[tuple[str, int], list[Deed]] = {}
    for deed in further(scene):
        grouped.setdefault((deed.code, id(deed.thing)), []).append(deed)
    return [
        walk_deeds(deeds, cast.for_verb(deeds[0].code, deeds[0].thing, cast.towards(deeds[0].thing)))
        for deeds in grouped.values()
    ]
