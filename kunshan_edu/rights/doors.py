"""Every door of the site against the matrix: what is declared in no row is found by walking what really answers.

sites()        every door that exists: addresses × methods, verbs at their addresses, the API's actions, admin
               pages, Celery tasks, background jobs, commands; each a `Site`
declared(site) → `Declared`: the codes of its doors (rows: `matrix.doors_to(code)`), or what it is beside the
               matrix (`Beside`); None when nobody declared it
undeclared()   the sites that are in no row; a test and `prove_rights` ask that it is empty
stale()        what is declared and does not exist (any more)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from kunshan_edu.celery import app as celery
from kunshan_edu.core import jobs
from kunshan_edu.core.pages import VerbPage
from kunshan_edu.core.verbs import VerbTable
from kunshan_edu.rights import addresses
from kunshan_edu.rights.addresses import Declared
from kunshan_edu.rights.matrix import door_codes

ADMIN = addresses.at("admin.see")
# Whose commands are ours; those of Django and other packages are the shell's of whoever runs the server.
OURS = ("kunshan_edu.core", "kunshan_edu.rights", "groups", "personnel", "finance", "enrollment")


class Site(NamedTuple):
    """One door. kind: page, verb, api, admin, task, job, command. name: of the address, task, job or command;
    of an endpoint with its action. method: GET or POST …, "" for what has none. code: of a verb, `noun.verb`."""

    kind: str
    name: str
    method: str = ""
    code: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.name, self.method, self.code)))


def patterns(entries: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with its name space, pattern) of every address."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name}", entry


def methods_of(callback: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a page answers: of its class, or of the decorator around its function."""
    view = getattr(callback, "view_class", None)
    if view is not None:
        return tuple(m.upper() for m in ("get", "post") if m in view.http_method_names and hasattr(view, m))
    inner: Any = callback
    while inner is not None:
        held = dict(zip(inner.__code__.co_freevars, inner.__closure__ or (), strict=True))
        if "request_method_list" in held:
            return tuple(m for m in held["request_method_list"].cell_contents if m in ("GET", "POST"))
        inner = getattr(inner, "__wrapped__", None)
    return ("GET", "POST")


def _table(callback: Any) -> VerbTable | None:
    view = getattr(callback, "view_class", None)
    return view.table if view is not None and issubclass(view, VerbPage) else None


@lru_cache(maxsize=1)
def verb_tables() -> dict[str, VerbTable]:
    """Noun → its verb table, of every noun that has a page for its verbs or an endpoint."""
    found: dict[str, VerbTable] = {}
    for _name, pattern in patterns():
        endpoint = getattr(pattern.callback, "cls", None)
        table = _table(pattern.callback) or getattr(endpoint, "table", None)
        if table is not None:
            found[table.noun] = table
    return found


def _page_sites(name: str, callback: Any) -> Iterator[Site]:
    table = _table(callback)
    for method in methods_of(callback):
        if table is None:
            yield Site("page", name, method)
        else:
            yield from (Site("verb", name, method, f"{table.noun}.{verb.name}") for verb in table.verbs)


def _endpoint_sites(name: str, callback: Any) -> Iterator[Site]:
    """The actions of one address of the API: list, retrieve, create, verb_…"""
    table: Any = getattr(callback.cls, "table", None)
    basename = callback.initkwargs.get("basename", name.rpartition(":")[2])
    for method, action in callback.actions.items():
        if action.startswith("verb_"):
            yield Site("verb", name, method.upper(), f"{table.noun}.{action.removeprefix('verb_')}")
        else:
            yield Site("api", f"{basename} {action}", method.upper())


def _address_sites() -> Iterator[Site]:
    for name, pattern in patterns():
        callback = pattern.callback
        if name.startswith("admin:"):
            yield Site("admin", name, "GET")
        elif hasattr(callback, "actions"):
            yield from _endpoint_sites(name, callback)
        elif name == "api:api-root":
            yield Site("api", "root", "GET")
        else:
            yield from _page_sites(name, callback)


def our_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if str(app) in OURS)


def sites() -> list[Site]:
    """Every door there is."""
    celery.loader.import_default_modules()
    tasks = sorted(name for name in celery.tasks if not name.startswith("celery."))
    return [
        *dict.fromkeys(_address_sites()),
        *(Site("task", name) for name in tasks),
        *(Site("job", name) for name in sorted(jobs.known())),
        *(Site("command", name) for name in our_commands()),
    ]


def _api(site: Site) -> Declared | None:
    noun, _space, action = site.name.partition(" ")
    return addresses.NOUNS.get(noun) if action in ("list", "retrieve") else addresses.API.get(site.name)


def declared(site: Site) -> Declared | None:
    """How a site stands to the matrix; None when nobody said."""
    if site.kind == "verb":
        return addresses.at(site.code) if site.code in door_codes() else None
    if site.kind == "admin":
        return ADMIN
    if site.kind == "api":
        return _api(site)
    table = {
        "page": addresses.PAGES,
        "task": addresses.TASKS,
        "job": addresses.JOBS,
        "command": addresses.COMMANDS,
    }[site.kind]
    return table.get(f"{site.method} {site.name}") or table.get(site.name)


def undeclared() -> list[str]:
    """The doors that exist and are in no row of the matrix, nor beside it by name."""
    found = []
    for site in sites():
        said = declared(site)
        if said is None:
            found.append(str(site))
        else:
            found += [f"{site}: {code}" for code in said.codes if code not in door_codes()]
    return found


def _named() -> Iterator[tuple[str, str]]:
    for kind, table in (("page", addresses.PAGES), ("api", addresses.API), ("task", addresses.TASKS)):
        yield from ((kind, name) for name in table)
    yield from (("job", name) for name in addresses.JOBS)
    yield from (("command", name) for name in addresses.COMMANDS)


def stale() -> list[str]:
    """What is declared, or named as a door by the matrix, and does not exist."""
    there = sites()
    known = {(site.kind, name) for site in there for name in (site.name, f"{site.method} {site.name}")}
    codes = {code for site in there for code in (declared(site) or Declared()).codes}
    nouns = {site.name.partition(" ")[0] for site in there if site.kind == "api"}
    return [
        *(f"{kind} {name}" for kind, name in _named() if (kind, name) not in known),
        *(f"noun {name}" for name in addresses.NOUNS if name not in nouns),
        *(f"door {code}" for code in sorted(door_codes() - codes)),
    ]
