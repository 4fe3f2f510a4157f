"""Serve the site: web, worker and beat under one supervisor that restarts what exits."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections
from django.utils.module_loading import import_string

from kunshan_edu import embedded

ENDINGS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PR_SET_PDEATHSIG = 1
GRACE = 10  # seconds for a process to end by itself
LONGEST_PAUSE = 30  # seconds before one that keeps exiting is started again
STEADY = 60  # seconds of life after which an exit counts as the first
LOOK_AFTER_SERVERS = 2  # seconds
PORT_PATIENCE = 3  # seconds: a site that has just been killed may hold the port for another moment
libc = ctypes.CDLL(None, use_errno=True)


def commands() -> dict[str, list[str]]:
    """What is run, in the order of starting."""
    python, address = [sys.executable, "-m"], ["--host", settings.BIND, "--port", str(settings.PORT)]
    granian = ["granian", "--interface", "wsgi", *address, "--workers", "2", "--blocking-threads", "4"]
    # Root is warned off a worker that would unpickle what it is sent; ours takes JSON only.
    quiet = [sys.executable, "-W", "ignore:You're running the worker with superuser", "-m"]
    celery = [*quiet, "celery", "-A", "kunshan_edu", "--quiet"]
    return {
        "web": [
            *python,
            *(*granian, "--http", "1", "--no-ws", "--log-level", "warning"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "5", "kunshan_edu.wsgi:application"),
        ],
        "worker": [
            *(*celery, "worker", "--concurrency", "2", "--loglevel", "warning"),
            *("--without-gossip", "--without-mingle"),
        ],
        "beat": [
            *(*celery, "beat", "--loglevel", "warning", "--pidfile="),
            *("--schedule", str(settings.VAR / "beat")),
        ],
    }


def before_start() -> None:
    """In the child: take signals again, and get SIGTERM should the supervisor be killed."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One supervised process, the leader of a process group of its own."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.due = 0.0
        self.pause = 0.5

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=before_start,
        )
        self.started = time.monotonic()

    def exited(self) -> bool:
        """Whether it has exited. It is not reaped yet, so its number and its group's are still its own."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return self.process is not None and os.waitid(os.P_PID, self.process.pid, options) is not None

    def signal_group(self, number: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def bury(self) -> int:
        """After it exited: end what it left of its group, reap it, and say how it ended."""
        assert self.process
        self.signal_group(signal.SIGKILL)
        code, self.process = self.process.wait(), None
        return code

    def tend(self) -> str:
        """Start it again when it has exited, after a pause that doubles; what there is to say about it."""
        now = time.monotonic()
        if self.exited():
            self.pause = 0.5 if now - self.started > STEADY else min(2 * self.pause, LONGEST_PAUSE)
            self.due = now + self.pause
            return f"{self.name} 已退出（{self.bury()}），{self.pause:g} 秒后重启 / exited, starting it again"
        if self.process is None and now >= self.due:
            self.start()
        return ""


def taken(host: str, port: int) -> bool:
    """Whether another program listens on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"PORT={port} is for root only; take one above 1023.") from error
        except OSError:
            return True
    return False


def answers(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False


class Command(BaseCommand):
    help = "Serve web, worker and beat together until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="first bring everything up to date")

    def handle(self, *, prepare: bool, **_: Any) -> None:
        self.need_port()
        if prepare:
            call_command("prepare", stdout=self.stdout)
        connections.close_all()
        # From here on the endings and the exits of children are waited for, not delivered.
        signal.pthread_sigmask(signal.SIG_BLOCK, {*ENDINGS, signal.SIGCHLD})
        self.children = [Child(name, command) for name, command in commands().items()]
        try:
            self.supervise()
        finally:
            self.end()

    def need_port(self) -> None:
        deadline = time.monotonic() + PORT_PATIENCE
        while taken(settings.BIND, settings.PORT):
            if time.monotonic() > deadline:
                other = f"PORT={settings.PORT + 1} make run"
                raise CommandError(
                    f"端口 {settings.PORT} 已被其他程序占用，请另选端口：{other} / "
                    f"Port {settings.PORT} is taken by another program; choose another: {other}"
                )
            time.sleep(0.2)

    def supervise(self) -> None:
        """Start the web first, the others when it answers; then keep all of them, and the servers, up."""
        web = self.children[0]
        web.tend()
        greeted, looked = False, time.monotonic()
        while (caught := signal.sigtimedwait({*ENDINGS, signal.SIGCHLD}, 1 if greeted else 0.05)) is None or (
            caught.si_signo == signal.SIGCHLD
        ):
            for child in self.children if greeted else [web]:
                self.say(child.tend())
            if not greeted and answers(settings.BIND, settings.PORT):
                greeted = True
                self.greet()
            if time.monotonic() - looked > LOOK_AFTER_SERVERS:
                looked = time.monotonic()
                self.look_after_servers()

    def look_after_servers(self) -> None:
        try:
            embedded.site.mend()
        except embedded.ServerError as error:
            self.say(str(error))

    def end(self) -> None:
        """Ask all to end, the web first; force those that do not within the time of grace."""
        running = [child for child in self.children if child.process]
        for child in running:
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(not child.exited() for child in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in running:
            child.bury()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {*ENDINGS, signal.SIGCHLD})
        self.say("已停止 / stopped")

    def greet(self) -> None:
        self.say(f"\n昆山市集团化办学管理平台： http://{settings.BIND}:{settings.PORT}/")
        if not settings.DATABASE_URL and embedded.site.place.home.parent != embedded.VAR:
            self.say(f"数据保存在 / the data are kept in {embedded.site.place.home}")
        if settings.DEMO:
            for account in import_string("kunshan_edu.demo.accounts")():
                self.say(f"  {account.username:<12} {account.password}  {account.label}")
        self.say("按 Ctrl-C 停止 / Ctrl-C stops everything\n")

    def say(self, words: str) -> None:
        if words:
            self.stdout.write(words)
            self.stdout.flush()
