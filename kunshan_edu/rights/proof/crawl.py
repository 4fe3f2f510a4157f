"""Finds every door of the running site: addresses × methods, fragments, API actions, admin, tasks, jobs, commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View

from kunshan_edu.core.pages import ListPage
from kunshan_edu.rights import doors
from kunshan_edu.rights.matrix.words import Beside

WRITING = ("POST", "PUT", "PATCH", "DELETE")
METHODS = ("GET", *WRITING)


@dataclass(frozen=True, order=True)
class Found:
    """A door that exists. kind: page, fragment, post, api, admin, task, job or command.

    name: the address by its name, of an endpoint with its action, or what the thing is called. code: `noun.verb`.
    """

    kind: str
    name: str
    method: str = ""
    code: str = ""

    @property
    def site(self) -> doors.Site:
        """As the matrix is documented."""
        kind = {"fragment": "page", "post": "page"}.get(self.kind, self.kind)
        return doors.Site("verb" if self.code else kind, self.name, self.method, self.code)

    @property
    def own(self) -> bool:
        """Is it a door to one's own account, inbox and jobs, or one that is open to all?"""
        said = doors.declared(self.site)
        return said is not None and said.beside in (Beside.OWN, Beside.OPEN)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.method, self.name, self.code)))


@dataclass(frozen=True)
class Address:
    """An entry of the URL conf with the name spaces it stands in."""

    name: str
    route: str
    callback: Any

    @property
    def view(self) -> Any:
        """The class behind it, if one."""
        return getattr(self.callback, "view_class", None) or getattr(self.callback, "cls", None)


def addresses(patterns: Any = None, space: str = "", route: str = "/") -> Iterator[Address]:
    """Every entry of the URL conf; one without a name goes by its route."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry.url_patterns, inner, path)
        elif isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name}" if entry.name else path, path, entry.callback)


def _restricted(callback: Any) -> tuple[str, ...] | None:
    """The methods that a function's `require_…` decorators leave; None for a function that takes whatever comes."""
    while callback is not None:
        if inspect.isfunction(callback):
            found = inspect.getclosurevars(callback).nonlocals.get("request_method_list")
            if found:
                return tuple(found)
        callback = getattr(callback, "__wrapped__", None)
    return None


def methods_of(address: Address) -> list[str]:
    """The methods that an address answers, HEAD and OPTIONS aside."""
    actions = getattr(address.callback, "actions", None)
    if actions is not None:
        return [m.upper() for m in actions if m.upper() in METHODS]
    view = address.view
    if view is not None:
        names = [m for m in view.http_method_names if hasattr(view, m)]
        return [m.upper() for m in names if m.upper() in METHODS]
    restricted = _restricted(address.callback)
    return [m for m in METHODS if m in restricted] if restricted is not None else list(METHODS)


def verbs_of(address: Address) -> list[str]:
    """The verbs that an address takes as its last word."""
    table = getattr(address.view, "table", None)
    if "<slug:verb>" not in address.route or table is None:
        return [""]
    return [verb.path for verb in table.verbs]


def has_fragment(view: Any) -> bool:
    """Does a page answer htmx with a part of itself?"""
    if not (inspect.isclass(view) and issubclass(view, View)):
        return False
    own = [c for c in view.__mro__ if c.__module__.split(".")[0] in OURS]
    return issubclass(view, ListPage) or any(_asks_for_htmx(c) for c in own)


@cache
def _asks_for_htmx(kind: type) -> bool:
    """Does the class itself tell a request of htmx from others? Python takes long to find a class's text."""
    return "HX-Request" in inspect.getsource(kind)


OURS = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")


def _kind(address: Address, method: str) -> str:
    if address.route.startswith("/api/v"):
        return "api"
    if address.name.startswith("admin:"):
        return "admin"
    return "page" if method == "GET" else "post"


def _endpoint(address: Address, method: str) -> tuple[str, str]:
    """(name, code) of one method of an address of the API."""
    action = getattr(address.callback, "actions", {}).get(method.lower())
    if action is None:
        return address.name.removeprefix("api:api-"), ""
    if action.startswith("verb_"):
        return address.name, f"{address.view.table.noun}.{action.removeprefix('verb_')}"
    basename = address.callback.initkwargs.get("basename") or address.name.rpartition(":")[2]
    return f"{basename} {action}", ""


def _of(address: Address, method: str) -> Iterator[Found]:
    kind = _kind(address, method)
    if kind == "api":
        name, code = _endpoint(address, method)
        yield Found(kind, name, method, code)
        return
    for path in verbs_of(address):
        code = f"{address.view.table.noun}.{address.view.table.find(path).name}" if path else ""
        yield Found(kind, address.name, method, code)


def _web() -> Iterator[Found]:
    for address in addresses():
        for method in methods_of(address):
            yield from _of(address, method)
        if has_fragment(address.view):
            yield Found("fragment", address.name, "GET")


class Index:
    """The doors behind the addresses of the site, for whoever stands before one."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, str], Found] = {}
        self.fragments: set[str] = set()
        for address in addresses():
            if has_fragment(address.view):
                self.fragments.add(address.name)
            for method in methods_of(address):
                for path, door in zip(verbs_of(address), _of(address, method), strict=True):
                    self.found[address.name, method, path] = door

    def door(self, request: Any) -> Found | None:
        """The door that a request went to; None where there is none."""
        match = getattr(request, "resolver_match", None)
        if match is None:
            return None
        name = match.view_name or f"/{match.route}"
        if request.method == "GET" and "HX-Request" in request.headers and name in self.fragments:
            return Found("fragment", name, "GET")
        return self.found.get((name, request.method, match.kwargs.get("verb", "")))


def _background() -> Iterator[Found]:
    from kunshan_edu.celery import app
    from kunshan_edu.core import jobs

    app.loader.import_default_modules()
    tasks = {name for name in app.tasks if not name.startswith("celery.")}
    tasks |= {entry["task"] for entry in app.conf.beat_schedule.values()}
    yield from (Found("task", name) for name in tasks)
    yield from (Found("job", name) for name in jobs._known)


def _commands() -> Iterator[Found]:
    """The commands of this house; those of Django and of libraries belong to whoever runs the server."""
    ours = {config.name for config in apps.get_app_configs() if config.name.split(".")[0] in OURS}
    yield from (Found("command", name) for name, app in get_commands().items() if app in ours)


def every_door() -> list[Found]:
    """All doors, in order, each once."""
    return sorted({*_web(), *_background(), *_commands()})
