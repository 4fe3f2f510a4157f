"""A visit: one person knocks at one door of the whole running site, sees the answer, and is taken back."""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.template import engines
from django.template.backends.django import Template
from django.test import RequestFactory
from rest_framework.authtoken.models import Token

from kunshan_edu.rights.proof.crawl import Found, Index
from kunshan_edu.rights.proof.effects import OWN, Watch
from kunshan_edu.shell import Shell

BACKEND = "django.contrib.auth.backends.ModelBackend"
# The pages that say no. Whether they say it to the byte as they should is looked at on its own.
REFUSALS = {"400.html", "403.html", "403_csrf.html", "404.html"}


@dataclass(frozen=True)
class Answer:
    """What came of a visit. changed: the tables of the domain that then held other rows. fault: a fault of ours."""

    status: int
    body: bytes = b""
    location: str = ""
    changed: frozenset[str] = frozenset()
    fault: str = ""
    findings: tuple[str, ...] = ()
    door: Found | None = None

    def shows(self, canary: bytes) -> bool:
        return canary in self.body or canary == f"Location: {self.location}".encode()


class Site(BaseHandler):
    """The site with all of its middleware, without a network in between."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self.requests = RequestFactory(SERVER_NAME="localhost")
        self.faults: list[str] = []
        got_request_exception.connect(self.note)

    def note(self, **_: Any) -> None:
        kind, error, _trace = sys.exc_info()
        self.faults.append(f"{kind.__name__ if kind else 'fault'}: {error}"[:200])

    def answer(self, request: Any) -> Any:
        request._dont_enforce_csrf_checks = True
        return self.get_response(request)


@dataclass
class Visitor:
    """One account at the doors, with its session and its token; a stranger has neither."""

    word: str
    user: Any = None
    session: str = ""
    token: str = ""

    @classmethod
    def of(cls, word: str, user: Any) -> Visitor:
        """Signed in as the sign-in page does it, once for all visits."""
        if user is None:
            return cls(word)
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = BACKEND
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        token, _made = Token.objects.get_or_create(user=user)
        return cls(word, user, str(store.session_key), token.key)


@cache
def site() -> Site:
    """The site of this process."""
    return Site()


@cache
def index() -> Index:
    """Its doors."""
    return Index()


class Visits:
    """Knocks at doors. Every visit is a transaction of its own that is taken back.

    watch: how the database was before the first visit.
    """

    def __init__(self, observer: Any = None, watch: Watch | None = None) -> None:
        self.site, self.watch, self.observer = site(), watch or Watch(), observer
        self.made, self.index = 0, index()

    def page(self, visitor: Visitor, method: str, path: str, typed: Any = None, **headers: str) -> Answer:
        """A browser's visit. typed: what the form sends."""
        request = self._browser(visitor, method, path, typed, headers)
        return self._visit(visitor, method, request)

    def api(self, visitor: Visitor, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A program's visit, with a token and a fresh key. body: the JSON object."""
        self.site.requests.cookies.clear()
        headers = {"Idempotency-Key": str(uuid.uuid4()), **headers}
        if visitor.token:
            headers["Authorization"] = f"Token {visitor.token}"
        text = (
            json.dumps(body if body is not None else {}, default=str) if method not in ("GET", "HEAD") else ""
        )
        request = self.site.requests.generic(method, path, text, "application/json", headers=headers)
        return self._visit(visitor, method, request)

    def _browser(
        self, visitor: Visitor, method: str, path: str, typed: Any, headers: Mapping[str, str]
    ) -> Any:
        requests = self.site.requests
        if visitor.session:
            requests.cookies[settings.SESSION_COOKIE_NAME] = visitor.session
        else:
            requests.cookies.clear()
        if method == "POST":
            return requests.post(path, {"idem": str(uuid.uuid4()), **(typed or {})}, headers=headers)
        return requests.generic(method, path, headers=headers)

    def _visit(self, visitor: Visitor, method: str, request: Any) -> Answer:
        self.made += 1
        self.site.faults.clear()
        nested = connection.in_atomic_block
        with transaction.atomic():
            self.watch.begin(nested=nested)
            if self.observer:
                self.observer.begin(visitor)
            response = self.site.answer(request)
            body = b"".join(response) if response.streaming else response.content
            answer = self._seen(method, response, body, self.index.door(request))
            transaction.set_rollback(True)
        return answer

    def _seen(self, method: str, response: Any, body: bytes, door: Found | None) -> Answer:
        """The answer with its effects, before they are taken back."""
        if transaction.get_rollback():  # the database refused past recovery: nothing can have changed
            return Answer(response.status_code, body, fault=self._fault(response), door=door)
        changed = self.watch.changed()
        spied = changed - OWN if door and door.own and method != "GET" else changed
        findings = tuple(self.observer.end(method, spied)) if self.observer else ()
        location = response.headers.get("Location", "")
        return Answer(response.status_code, body, location, changed, self._fault(response), findings, door)

    def _fault(self, response: Any) -> str:
        if response.status_code < 500:
            return ""
        return "; ".join(self.site.faults) or str(response.status_code)

    def within(self, act: Any) -> frozenset[str]:
        """The tables that an act without a request changes, such as a task; taken back as well."""
        nested = connection.in_atomic_block
        with transaction.atomic():
            self.watch.begin(nested=nested)
            act()
            changed = self.watch.changed()
            transaction.set_rollback(True)
        return changed


# What differs between two answers of the same content: forgery tokens, keys, the address that was asked for.
_TOKEN = re.compile(rb'(csrfmiddlewaretoken" value="|"X-CSRFToken": ")[A-Za-z0-9]{64}')
_KEY = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def masked(answer: Answer) -> tuple[int, bytes]:
    """Status and bytes of an answer without what is drawn anew for each."""
    return answer.status, _KEY.sub(b"KEY", _TOKEN.sub(rb"\1TOKEN", answer.body))


@contextmanager
def plain_pages(*, content: bool) -> Iterator[None]:
    """Render pages without the frame around them and refusals not at all; without `content` nothing is rendered.

    What a page decides it has decided before it is rendered; where its bytes are not looked at, they need not be
    made. The frame is the same on all pages of a person and is looked at on whole ones.
    """
    engine = engines["django"].engine
    processors, render = engine.template_context_processors, Template.render

    def rendered(self: Template, context: Any = None, request: Any = None) -> str:
        if content and self.template.name not in REFUSALS:
            return render(self, context, request)
        return ""

    engine.__dict__["template_context_processors"] = tuple(
        each for each in processors if each.__module__ != "kunshan_edu.shell"
    )
    Template.render = rendered
    try:
        yield
    finally:
        engine.__dict__["template_context_processors"], Template.render = processors, render


def _kept(name: str) -> property:
    """A part of the frame, read once for each person."""
    read, known = vars(Shell)[name].func, dict[int, Any]()

    def part(shell: Shell) -> Any:
        if shell.user.pk not in known:
            known[shell.user.pk] = read(shell)
        return known[shell.user.pk]

    return property(part)


@contextmanager
def one_frame_each() -> Iterator[None]:
    """While nothing changes: what waits for a person and the posts they hold are read once, not for every page."""
    with ExitStack() as stack:
        for name in ("rights", "posts", "counts"):
            stack.enter_context(mock.patch.object(Shell, name, _kept(name)))
        yield
