"""The stage of the proof: throw-away servers, a database with the small world in it, and a copy for each process."""

from __future__ import annotations

import gc
import importlib
import logging
import multiprocessing
import os
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.db import connections

from kunshan_edu import embedded


class NoTools(Exception):
    """The development requirements are not installed, and with them the small world of the tests."""


def developer(module: str) -> Any:
    """A module of the tests: the proof stands on the very world that they stand on."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise NoTools(
            f"{error}: the proof stands on the small world of the tests; "
            "install requirements-dev.txt and run it from the folder of the project."
        ) from error


def quiet() -> None:
    """Refusals are what the proof is about: none of them is news for the log."""
    for name in ("django.request", "django.security", "django.security.csrf"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _apart() -> tempfile.TemporaryDirectory[str]:
    """Nobody else's sessions, attempts, answers and files; of all but the files each process has its own."""
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    quiet()
    _patient()
    uploads = tempfile.TemporaryDirectory()
    settings.MEDIA_ROOT = uploads.name
    return uploads


def _patient() -> None:
    """The databases wait for as long as it takes: a busy machine is no finding."""
    for entry in connections.settings.values():
        entry["OPTIONS"] = {
            **entry["OPTIONS"],
            "options": "-c idle_in_transaction_session_timeout=0 -c jit=off",
        }


@contextmanager
def stage(build: Callable[[], Any], copies: int) -> Iterator[tuple[Any, list[str]]]:
    """(what `build` made, the names of `copies` databases in which it is committed); all of it gone afterwards."""
    tests = developer("tests.conftest")
    tests.pytest_configure()
    uploads = _apart()
    embedded.test.hold()
    first = f"tests_{os.getpid()}_proof"
    names = [f"{first}_{number}" for number in range(copies)]
    try:
        tests.drop_leftovers()
        tests.copy_database(tests.template_database(), first)
        tests.use_database(first)
        with suppress(AttributeError):  # nobody has asked for it yet
            del caches["default"]
        cache.clear()
        world = build()
        connections.close_all()
        for name in names:
            tests.copy_database(first, name)
        yield world, names
    finally:
        connections.close_all()
        tests.execute(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (first, *names)))
        embedded.test.release()
        uploads.cleanup()


class Failure(str):
    """What a process died of."""


class Turns:
    """The numbers of the pieces of work, each handed out once, to whichever process asks first."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.next = multiprocessing.get_context("fork").Value("i", 0)

    def __iter__(self) -> Iterator[int]:
        while True:
            with self.next.get_lock():
                number = self.next.value
                self.next.value += 1
            if number >= self.count:
                return
            yield number


def _child(pipe: Any, database: str, work: Callable[[Turns], Any], turns: Turns) -> None:
    """One process: its own database, its share of the work, and what came of it down the pipe."""
    try:
        developer("tests.conftest").use_database(database)
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
        outcome: Any = work(turns)
    except BaseException:
        outcome = Failure(traceback.format_exc())
    pipe.send(outcome)
    pipe.close()
    connections.close_all()
    # Without what the parent registered for its own end, such as stopping the servers.
    os._exit(0)


class Aside:
    """Work that needs no database, in a process of its own from now on; `result` waits for its end."""

    def __init__(self, work: Callable[[], Any]) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=self._do, args=(theirs, work))
        self.process.start()
        theirs.close()

    @staticmethod
    def _do(pipe: Any, work: Callable[[], Any]) -> None:
        try:
            outcome: Any = work()
        except BaseException:
            outcome = Failure(traceback.format_exc())
        pipe.send(outcome)
        pipe.close()
        os._exit(0)

    def result(self) -> Any:
        """What came of it. Raises what it raised."""
        found = _outcome(self.pipe)
        self.process.join()
        if isinstance(found, Failure):
            raise RuntimeError(found)
        return found


def side_by_side(databases: Sequence[str], work: Callable[[Turns], Any], count: int) -> list[Any]:
    """`work(turns)` in a process per database, all at once, over `count` pieces; what each returned.

    Raises what one of them raised.
    """
    connections.close_all()
    context, turns = multiprocessing.get_context("fork"), Turns(count)
    running = []
    for database in databases:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_child, args=(theirs, database, work, turns))
        process.start()
        theirs.close()
        running.append((process, ours))
    found = [_outcome(pipe) for _process, pipe in running]
    for process, _pipe in running:
        process.join()
    failures = [each for each in found if isinstance(each, Failure)]
    if failures:
        raise RuntimeError("\n".join(failures))
    return found


def _outcome(pipe: Any) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return Failure("a process of the proof ended without a word")
