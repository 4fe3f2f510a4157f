"""The things that the proof's visitors find: one maker per noun, state and amount, each built through actions.

A new verb table needs an entry or two in a module of this package, and nothing else of the proof changes:

    @maker("noun")            makes its things in every state that can be reached, each with its facts
    @filling("noun.verb")     what is typed for a verb, when it has a form
    @ways                     other ways in than a verb's form and its address in the API: blank forms, PUT, DELETE
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from groups.models import EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from kunshan_edu.rights.facts import Facts, Holding
from kunshan_edu.rights.proof.stage import developer
from personnel import actions

Maker = Callable[["Scene"], Iterable["Thing"]]
Filling = Callable[["Scene", "Thing"], dict[str, Any]]
Content = Callable[[], Any]
Ways = Callable[["Scene"], Iterable["Deed"]]
MAKERS: dict[str, Maker] = {}
FILLINGS: dict[str, Filling] = {}
WAYS: list[Ways] = []
HTMX = (("HX-Request", "true"), ("HX-Target", "rows"))
PAGE, FRAGMENT, API, FORM = "页面", "片段", "接口", "表单"


@dataclass
class Thing:
    """One object of a noun in one state. word: its state for people. canary: a text that is nowhere else.

    parties: accounts to whom it is their own record when it comes to seeing it. seen: the facts for seeing, where it
    is seen more widely than it is acted on. unripe: what nobody can do with it, for lack of something else than a
    right: an end, a grade, a document. private: whatever the rights of others, it is its owner's alone.
    """

    noun: str
    word: str
    row: Any
    facts: Facts
    canary: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    parties: frozenset[int] = frozenset()
    seen: Facts | None = None
    unripe: frozenset[str] = frozenset()
    own: bool = False
    private: bool = False

    @property
    def pk(self) -> int:
        return self.row.pk if self.row is not None else 0

    def withheld(self, user: Any, code: str) -> bool:
        """Is there another reason than the matrix why this person cannot?"""
        strange = self.private and (user is None or user.pk != self.facts.owner)
        return code in self.unripe or strange

    def facts_for(self, user: Any, today: dt.date, code: str) -> Facts:
        """The facts of a door as they are for one person today."""
        facts = self.seen if self.seen and code.endswith(".see") else self.facts
        if user is None:
            return replace(facts, actor=0, on=today, active=False)
        if self.own or (user.pk in self.parties and code.endswith(".see")):
            facts = replace(facts, owner=user.pk)
        return replace(facts, actor=user.pk, on=today, active=user.is_active)


@dataclass(frozen=True)
class Deed:
    """One way to do something with a thing, or to get to see it. content: what is sent, made anew for each try.

    mark: for whoever only looks, the bytes by which they know that they see it; without a mark the deed is one that
    changes something. headers: what the request says besides, such as that htmx asks.
    """

    code: str
    thing: Thing
    way: str
    path: str
    content: Content = dict
    method: str = "POST"
    mark: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def api(self) -> bool:
        return self.way == API


@dataclass
class Scene:
    """The small world with everything the proof looks at: people with what they hold, and things."""

    world: Any
    today: dt.date = field(default_factory=clock.today)
    people: dict[str, Any] = field(default_factory=dict)
    holdings: dict[str, tuple[Holding, ...]] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    def canary(self) -> str:
        """A word that occurs nowhere else, to be recognized in any answer."""
        return f"探针{next(self.numbers):04d}号"

    def newcomer(self, word: str) -> Any:
        """One more account, with a person behind it."""
        user = User.objects.create_user(word, developer("tests.world").PASSWORD, name=f"示例{word}")
        actions.register_person(name=user.name, user=user, by=self.world.users["personnel"])
        self.world.users[word] = user
        return user

    def of(self, noun: str) -> list[Thing]:
        return [thing for thing in self.things if thing.noun == noun]

    def user(self, word: str) -> Any:
        return self.people[word]


def maker(noun: str) -> Callable[[Maker], Maker]:
    """Register the function that makes the things of a noun."""

    def register(make: Maker) -> Maker:
        MAKERS[noun] = make
        return make

    return register


def filling(*codes: str) -> Callable[[Filling], Filling]:
    """Register what is typed for some verbs, as the page's form takes it."""

    def register(fill: Filling) -> Filling:
        FILLINGS.update(dict.fromkeys(codes, fill))
        return fill

    return register


def ways(make: Ways) -> Ways:
    """Register further ways in."""
    WAYS.append(make)
    return make


def further(scene: Scene) -> Iterator[Deed]:
    """All further ways in, but for those of modules whose things are not all there: they stand on them."""
    there = {thing.noun for thing in scene.things}
    for make in WAYS:
        made = {noun for noun, maker in MAKERS.items() if maker.__module__ == make.__module__}
        if made <= there:
            yield from make(scene)


def blank(noun: str, word: str, facts: Facts, *, own: bool = False) -> Thing:
    """What does not exist yet: the thing that a blank form would make. own: it is of whoever does it."""
    return Thing(noun, word, None, facts, own=own)


def typed(scene: Scene, code: str, thing: Thing, way: str = FORM) -> dict[str, Any]:
    """What a person who means it would send; registered by `noun.verb`, or with the way where it matters."""
    fill = FILLINGS.get(f"{code} {way}") or FILLINGS.get(code)
    return fill(scene, thing) if fill else {}


def entries(
    code: str, thing: Thing, page: str, root: str, content: Content, mark: str = ""
) -> Iterator[Deed]:
    """The ways to make something new: its form, the API, and to open the blank form, of which `mark` is a field."""
    yield Deed(code, thing, FORM, reverse(page), content)
    yield Deed(code, thing, API, f"/api/v1/{root}/", content)
    if mark:
        yield Deed(code, thing, PAGE, reverse(page), dict, "GET", f'name="{mark}"'.encode())


def around(*owners: Any) -> dict[str, frozenset[int]]:
    """Where groups and schools stand today: of a school also its group and the district that funds it."""
    schools = [owner for owner in owners if isinstance(owner, School)]
    groups = {owner.pk for owner in owners if isinstance(owner, EducationGroup)}
    affiliations = SchoolAffiliation.objects.in_force().filter(school__in=schools, district__isnull=False)
    members = Membership.objects.in_force().filter(school__in=schools)
    return {
        "schools": frozenset(school.pk for school in schools),
        "groups": frozenset(groups | set(members.values_list("group", flat=True))),
        "districts": frozenset(affiliations.values_list("district", flat=True)),
    }
