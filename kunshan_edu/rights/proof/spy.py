"""The spy: listens to every decision, and tells of a change that no yes for that very row allowed."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.apps import apps
from django.db.models import Max, Model

from kunshan_edu.core.denials import demand
from kunshan_edu.core.models import AuditEvent, User
from kunshan_edu.core.verbs import Verb, VerbTable

OURS = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")
SAFE = ("GET", "HEAD", "OPTIONS")
Key = tuple[str, Any]
Place = tuple[Any, str, Any]  # holder, name, value


def modules() -> list[Any]:
    """Our modules that are loaded."""
    names = [
        n for n in sys.modules if n.split(".")[0] in OURS and not n.startswith("kunshan_edu.rights.proof")
    ]
    return [sys.modules[n] for n in sorted(names) if sys.modules[n] is not None]


def load(*words: str) -> None:
    """Import every module of our apps that goes by one of these words, packages with all inside."""
    for config in apps.get_app_configs():
        if config.name.split(".")[0] not in OURS:
            continue
        for word in words:
            name = f"{config.name}.{word}"
            if importlib.util.find_spec(name) is None:
                continue
            module = importlib.import_module(name)
            for inner in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
                importlib.import_module(inner.name)


def tables() -> list[VerbTable]:
    """The verb tables of all apps."""
    load("verbs")
    found = {id(v): v for m in modules() for v in vars(m).values() if isinstance(v, VerbTable)}
    return sorted(found.values(), key=lambda table: table.noun)


def functions(wanted: Callable[[str, str], bool]) -> dict[Any, str]:
    """function → its name, of the functions written in our modules for which `wanted(module, name)`."""
    found: dict[Any, str] = {}
    for module in modules():
        for name, value in vars(module).items():
            own = callable(value) and getattr(value, "__module__", None) == module.__name__
            if own and not isinstance(value, type) and wanted(module.__name__, name):
                found.setdefault(value, name)
    return found


def rule_functions() -> dict[Any, str]:
    """Every rule: `cannot_…` of the modules `rules`."""
    load("rules", "actions", "verbs")
    return functions(lambda module, name: ".rules" in module and name.startswith("cannot_"))


def case_functions() -> dict[Any, str]:
    """Every function that gathers what a rule looks at: `case_for`, `case_of` and `…_case` of the actions."""
    load("actions")
    names = ("case_for", "case_of")
    return functions(lambda module, name: ".actions" in module and (name in names or name.endswith("_case")))


def _in_modules(substitutes: dict[Any, Any]) -> Iterator[Place]:
    known = {id(function) for function in substitutes}
    for module in modules():
        for name, value in list(vars(module).items()):
            if id(value) in known:
                yield module, name, value


def _in_verbs(substitutes: dict[Any, Any]) -> Iterator[Place]:
    for table in tables():
        yield from ((verb, "rule", verb.rule) for verb in table.verbs if verb.rule in substitutes)
        if table.case_for in substitutes:
            yield table, "case_for", table.case_for


@contextmanager
def everywhere(substitutes: dict[Any, Any]) -> Iterator[None]:
    """Put functions in the place of others wherever one of our modules or verbs has taken them to itself."""
    places = [*_in_modules(substitutes), *_in_verbs(substitutes)]
    for holder, name, old in places:
        _put(holder, name, substitutes[old])
    try:
        yield
    finally:
        for holder, name, old in places:
            _put(holder, name, old)


def _put(holder: Any, name: str, value: Any) -> None:
    if isinstance(holder, Verb | VerbTable):  # frozen for everybody else
        object.__setattr__(holder, name, value)
    else:
        setattr(holder, name, value)


def key_of(row: Any) -> Key | None:
    return (row._meta.label_lower, row.pk) if isinstance(row, Model) else None


# Verbs that follow from another one on the same thing, whose yes stands for them: the number that submitting draws
# from the fund, the schools that leave with their group, the line that an allocation opens.
FOLLOWING = {
    "finance.number": "the fund numbers the request that is submitted",
    "finance.open_line": "allocating opens the line it allocates to",
    "finance.close_chain": "a request that is turned down has no open step",
    "core.export_sheet": "an export puts itself on record and changes no row",
    "groups.affiliate": "the affiliation before ends where the new one begins",
    "personnel.confirm_extension": "the appointment lasts as long as its extension says",
}


class Spy:
    """Listens during each visit: which rules said yes, on which row, for whom."""

    def __init__(self, following: dict[str, str] | None = None) -> None:
        self.following = FOLLOWING if following is None else following
        self.nouns = {table.model._meta.label_lower for table in tables()}
        # Every visit is taken back: what is later than this is of the visit.
        self.event = AuditEvent.objects.aggregate(last=Max("id"))["last"] or 0
        self._clear()

    def _clear(self) -> None:
        self.cases: dict[int, tuple[Any, Key | None, bool]] = {}  # the case, its row, is it of who acts
        self.asked: list[tuple[str, Key | None, bool]] = []
        self.last: Key | None = None

    def begin(self, visitor: Any) -> None:
        self._clear()
        self.visitor = visitor

    def end(self, method: str, changed: frozenset[str]) -> list[str]:
        """What was changed without leave."""
        if not changed:
            return []
        if method in SAFE:
            return [f"{method} changed {', '.join(sorted(changed))}"]
        yes = {key for _rule, key, said in self.asked if said}
        if not yes:
            return [f"{', '.join(sorted(changed))} changed without any yes"]
        events = AuditEvent.objects.filter(id__gt=self.event)
        return [
            f"{event.verb} changed {event.model} {event.object_id} without a yes for it"
            for event in events
            if self._of_a_noun(event) and (event.model, event.object_id) not in yes
        ]

    def _of_a_noun(self, event: AuditEvent) -> bool:
        """Is the event about a row with verbs, one that was there before, and not what follows from another's?"""
        made_now = (event.difference.get("id") or [0])[0] is None
        return event.model in self.nouns and not made_now and event.verb not in self.following

    def _case(self, gather: Any) -> Any:
        @wraps(gather)
        def gathered(row: Any, *args: Any, **kwargs: Any) -> Any:
            case = gather(row, *args, **kwargs)
            asked_for = [each.pk for each in (*args, *kwargs.values()) if isinstance(each, User)]
            self.last = key_of(row)
            self.cases[id(case)] = (case, self.last, all(pk == self.visitor.user.pk for pk in asked_for))
            return case

        return gathered

    def _rule(self, rule: Any, name: str) -> Any:
        @wraps(rule)
        def ruled(*args: Any, **kwargs: Any) -> Any:
            denial = rule(*args, **kwargs)
            _case, key, own = self.cases.get(id(args[0]) if args else 0, (None, self.last, True))
            self.asked.append((name, key, denial is None and own))
            return denial

        return ruled

    def _demand(self, denial: Any) -> None:
        """What an action asks of itself without a rule of its own."""
        self.asked.append(("demand", self.last, denial is None))
        demand(denial)

    @contextmanager
    def listening(self) -> Iterator[Spy]:
        """Every rule and every case passes through here."""
        substitutes = {f: self._case(f) for f in case_functions()}
        substitutes |= {f: self._rule(f, name) for f, name in rule_functions().items()}
        with everywhere({**substitutes, demand: self._demand}):
            yield self
