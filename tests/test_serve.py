"""`manage.py serve` and `prepare`: what exits is restarted, what is stopped is gone, nothing is done twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command

from kunshan_edu.core.management.commands import prepare, serve

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def family(pid: int) -> list[int]:
    """All that descend from the process."""
    return [one for child in children(pid) for one in (child, *family(child))]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def named(pid: int, word: str) -> int | None:
    """The supervised process whose command has the word, also where setproctitle makes one string of it."""
    for child in children(pid):
        if word in Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ").split():
            return child
    return None


def eventually(true: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
    return value


@pytest.fixture
def site(own_database: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A supervised site with its three processes up, on the test's own database."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: all(named(process.pid, word) for word in ("granian", "worker", "beat")))
        eventually(lambda: len(children(named(process.pid, "worker") or 0)) == 2)
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def test_a_killed_process_is_started_again(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    for word in ("worker", "granian"):
        pid = named(process.pid, word)
        left = family(pid or 0)
        assert pid
        assert left
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: named(process.pid, word) not in {None, pid})  # noqa: B023 - called at once
        eventually(lambda: not any(map(alive, left)))  # noqa: B023
    eventually(lambda: serve.answers("127.0.0.1", port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_leaves_nothing(site: tuple[subprocess.Popen[bytes], int], number: signal.Signals) -> None:
    process, port = site
    all_of_them = family(process.pid)
    assert len(all_of_them) >= 7  # web and its two, worker and its two, beat
    process.send_signal(number)
    assert process.wait(20) == 0
    assert not any(map(alive, all_of_them))
    assert not serve.taken("127.0.0.1", port)


def test_a_killed_supervisor_leaves_nothing_either(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    all_of_them = family(process.pid)
    process.kill()
    process.wait()
    eventually(lambda: not any(map(alive, all_of_them)))
    assert not serve.taken("127.0.0.1", port)


def test_a_taken_port_is_said_so(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PORT_PATIENCE", 0)
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings.PORT = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {settings.PORT} is taken by another program"):
            call_command("serve")


def test_one_that_keeps_exiting_is_started_ever_more_slowly() -> None:
    child = serve.Child("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    child.tend()
    pauses = []
    for _ in range(7):
        eventually(child.exited)
        assert "（3）" in child.tend()
        pauses.append(child.pause)
        child.due = 0
        child.tend()
    eventually(child.exited)
    child.bury()
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_words_are_compiled_when_they_changed(settings: Any, tmp_path: Path) -> None:
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    source.write_text(f'{header}msgid "批准"\nmsgstr "Approve"\n')
    settings.LOCALE_PATHS = [tmp_path]
    prepare.compile_words()
    target = source.with_suffix(".mo")
    assert b"Approve" in target.read_bytes()
    first = target.stat().st_mtime_ns
    prepare.compile_words()
    assert target.stat().st_mtime_ns == first
    source.write_text(f'{header}msgid "批准"\nmsgstr "Agree"\n')
    os.utime(source, ns=(first + 1, first + 1))
    prepare.compile_words()
    assert b"Agree" in target.read_bytes()
    with source.open("rb") as text:
        assert read_po(text).get("批准").string == "Agree"  # type: ignore[union-attr]


def test_static_files_are_collected_when_they_changed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    settings.STATICFILES_DIRS = [tmp_path / "own"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    runs = []

    def collect(*args: Any, **kwargs: Any) -> None:
        runs.append(args)
        call_command(*args, **kwargs)

    monkeypatch.setattr(prepare, "call_command", collect)
    (tmp_path / "own" / "a.css").write_text("a{}")
    prepare.collect_static_files()
    prepare.collect_static_files()
    assert len(runs) == 1
    (tmp_path / "own" / "a.css").write_text("b{}b{}")
    later = time.time() + 2  # collectstatic compares whole seconds
    os.utime(tmp_path / "own" / "a.css", (later, later))
    prepare.collect_static_files()
    assert len(runs) == 2
    assert (tmp_path / "static" / "a.css").read_text() == "b{}b{}"


@pytest.mark.django_db
def test_an_up_to_date_database_is_not_migrated() -> None:
    assert prepare.unapplied() is False
