"""The embedded servers: private, shared, stopped by the last user, and up again after any kill."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from kunshan_edu import embedded
from kunshan_edu import settings as deployed
from kunshan_edu.embedded import ServerError, Servers, places
from kunshan_edu.embedded.kernel import listener

ROOT = Path(__file__).resolve().parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the servers as another account")


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder that the servers' account can walk to; pytest's own is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="kg-"))
    folder.chmod(0o711)
    yield folder / "var"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def servers(ground: Path) -> Iterator[Servers]:
    """A set of servers that is not up yet; its data outlive the test, as a site's outlive a stop."""
    made = Servers(ground, "site", throwaway=True)
    yield made
    made.release()
    assert listener(made.postgres_socket) is None
    assert listener(made.valkey_socket) is None


def ask(servers: Servers, sql: str, role: str = "owner", password: str | None = None) -> object:
    entry = deployed.database(servers.database_url(role))
    connection = psycopg2.connect(
        host=entry["HOST"], user=entry["USER"], password=password or entry["PASSWORD"], dbname=entry["NAME"]
    )
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def another_process(servers: Servers, work: str) -> subprocess.Popen[str]:
    """A process that holds the same servers and then does the work."""
    place = servers.place
    program = (
        "import sys, time; from pathlib import Path; from kunshan_edu.embedded import Servers\n"
        f"servers = Servers(Path({str(place.var)!r}), {place.name!r}, throwaway=True); servers.hold()\n"
        f"print('up', flush=True)\n{work}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def innocent(servers: Servers) -> subprocess.Popen[bytes]:
    """A process that has nothing to do with us but runs as the same account."""
    account = servers.place.account
    return subprocess.Popen(["sleep", "600"], user=account.pw_uid if account else None)


def test_the_two_roles_have_their_places(servers: Servers) -> None:
    servers.hold()
    ask(servers, "CREATE TABLE IF NOT EXISTS kept (n int)")
    ask(servers, "INSERT INTO kept VALUES (1)", "app")
    for forbidden in ("CREATE TABLE t (n int)", "TRUNCATE kept", "DROP TABLE kept", "CREATE ROLE r"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(servers, forbidden, "app")
    assert ask(servers, "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname LIKE 'kunshan%'") == 0
    assert ask(servers, "SELECT datlocale FROM pg_database WHERE datname = 'kunshan'") == "C.UTF-8"


def test_nobody_comes_in_without_the_password(servers: Servers) -> None:
    servers.hold()
    for role in ("owner", "app"):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            ask(servers, "SELECT 1", role, password="guess")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host=str(servers.place.run), user="postgres", password="", dbname="postgres")


def test_folders_and_secrets_are_private(servers: Servers) -> None:
    servers.hold()
    place = servers.place
    for folder in (place.home, place.run, servers.data, place.home / "valkey"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for role in ("owner", "app", "superuser"):
        assert stat.S_IMODE(place.beside(f"{role}.password").stat().st_mode) == 0o600
    assert not (place.home / "password").exists()


@as_root
def test_another_account_cannot_even_knock(servers: Servers) -> None:
    servers.hold()
    for path in (servers.postgres_socket, servers.valkey_socket):
        program = f"import socket; socket.socket(socket.AF_UNIX).connect({str(path)!r})"
        knock = subprocess.run(
            ["/usr/bin/python3", "-c", program],
            user="nobody",
            group="nogroup",
            extra_groups=[],
            capture_output=True,
            cwd="/",
        )
        assert b"PermissionError" in knock.stderr


@as_root
def test_root_runs_them_as_an_account_without_rights(servers: Servers) -> None:
    servers.hold()
    for path in (servers.postgres_socket, servers.valkey_socket):
        pid = listener(path)
        assert pid
        words = Path(f"/proc/{pid}/status").read_text()
        uids = next(line for line in words.splitlines() if line.startswith("Uid:")).split()[1:]
        assert "0" not in uids
        assert "Groups:\t0" not in words


def test_a_second_start_is_quick_and_keeps_the_data(servers: Servers) -> None:
    servers.hold()
    ask(servers, "CREATE TABLE IF NOT EXISTS counted (n int)")
    before = ask(servers, "INSERT INTO counted VALUES (1) RETURNING (SELECT count(*) FROM counted)")
    servers.release()
    started = time.monotonic()
    servers.hold()
    assert time.monotonic() - started < 5
    assert ask(servers, "SELECT count(*) FROM counted") == before + 1  # type: ignore[operator]


def test_up_again_after_kill_9_with_every_commit(ground: Path) -> None:
    durable = Servers(ground, "durable")
    durable.hold()
    try:
        ask(durable, "CREATE TABLE survived (n int)")
        for number, path in enumerate((durable.postgres_socket, durable.valkey_socket)):
            ask(durable, f"INSERT INTO survived VALUES ({number})")
            pid = listener(path)
            assert pid
            os.kill(pid, signal.SIGKILL)
            while listener(path):
                time.sleep(0.01)
            durable.mend()
            assert listener(path) not in {None, pid}
        assert ask(durable, "SELECT count(*) FROM survived") == 2
    finally:
        durable.release()


def test_a_stale_number_harms_nobody_and_hinders_nothing(servers: Servers) -> None:
    """What a killed server leaves behind may name a process that has since been given its number."""
    servers.hold()
    servers.release()
    bystander = innocent(servers)
    try:
        lock = f"{bystander.pid}\n{servers.data}\n1\n5432\n{servers.place.run}\n"
        (servers.data / "postmaster.pid").write_text(lock)
        servers.postgres_socket.with_name(".s.PGSQL.5432.lock").write_text(lock)
        (servers.place.home / "valkey" / "pid").write_text(f"{bystander.pid}\n")
        servers.hold()
        assert ask(servers, "SELECT 1") == 1
        servers.release()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_the_last_user_stops_them_and_no_other(servers: Servers) -> None:
    """Two processes start at once on the same folder: one server; it stays until the second has gone."""
    first, second = (another_process(servers, "sys.stdin.read()") for _ in range(2))
    for process in (first, second):
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    pid = listener(servers.postgres_socket)
    assert pid
    first.communicate()
    assert first.returncode == 0
    assert listener(servers.postgres_socket) == pid
    second.communicate()
    assert second.returncode == 0
    assert listener(servers.postgres_socket) is None
    assert listener(servers.valkey_socket) is None


def test_a_killed_user_leaves_them_to_the_next(servers: Servers) -> None:
    killed = another_process(servers, "time.sleep(600)")
    assert killed.stdout
    assert killed.stdout.readline() == "up\n"
    pid = listener(servers.postgres_socket)
    killed.kill()
    killed.communicate()
    assert listener(servers.postgres_socket) == pid
    servers.hold()
    assert listener(servers.postgres_socket) == pid


def test_a_child_does_not_stop_its_parents_servers(servers: Servers) -> None:
    servers.hold()
    pid = listener(servers.postgres_socket)
    if (child := os.fork()) == 0:
        servers.release()
        os._exit(0)
    os.waitpid(child, 0)
    assert listener(servers.postgres_socket) == pid


def test_an_interrupted_first_start_is_taken_up(servers: Servers, ground: Path) -> None:
    """The data folder is made whole or not at all, and roles that are missing are made."""
    fresh = Servers(ground, "fresh", throwaway=True)
    fresh.place.prepare()
    (fresh.place.home / "data.draft").mkdir()
    (fresh.place.home / "data.draft" / "half").write_text("")
    try:
        fresh.hold()
        ask(fresh, "SELECT 1", "app")
        assert not (fresh.data / "half").exists()
        assert not (fresh.place.home / "data.draft").exists()
    finally:
        fresh.release()


def test_a_server_that_cannot_start_says_why(ground: Path) -> None:
    broken = Servers(ground, "broken", throwaway=True)
    broken.place.prepare()
    broken.data.mkdir()
    with pytest.raises(ServerError, match="PostgreSQL does not start"):
        broken.hold(valkey=False)
    broken.release()


@pytest.mark.parametrize("trap", ["open", "link"])
def test_a_folder_that_is_not_ours_is_refused(ground: Path, trap: str) -> None:
    servers = Servers(ground, f"trapped-{trap}", throwaway=True)
    ground.mkdir(exist_ok=True)
    home = servers.place.home
    if trap == "open":
        home.mkdir()
        home.chmod(0o755)
    else:
        (ground / "target").mkdir(mode=0o700, exist_ok=True)
        home.symlink_to(ground / "target")
    with pytest.raises(ServerError, match="belongs to another account or is open to others"):
        servers.hold()
    servers.release()


def test_a_long_or_odd_path_has_its_sockets_elsewhere() -> None:
    for name in ("x" * 90, "昆山 site's"):
        place = Servers(Path("/srv") / name, "site").place
        assert place.run.parent == Path(tempfile.gettempdir())
        assert len(bytes(place.run / ".s.PGSQL.5432")) <= 107
    assert Servers(Path("/srv/site/var"), "site").place.run == Path("/srv/site/var/site/run")


@as_root
def test_root_in_a_closed_folder_keeps_all_elsewhere(
    ground: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No mode of a folder that is not ours is widened; the pointer finds the data again."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr(places, "ELSEWHERE", ground.parent / "elsewhere")
    servers = Servers(tmp_path / "var", "site", throwaway=True)
    servers.hold()
    try:
        assert ask(servers, "SELECT 1", "app") == 1
        assert servers.place.home.is_relative_to(ground.parent / "elsewhere")
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    finally:
        servers.release()
    tmp_path.chmod(0o711)
    assert Servers(tmp_path / "var", "site").place.home == servers.place.home


@as_root
def test_programs_in_a_closed_folder_are_copied(
    ground: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    (closed / "wheel" / "bin").mkdir(parents=True)
    program = closed / "wheel" / "bin" / "program"
    program.write_text("#!/bin/sh\nid -un\n")
    for path in (program, closed / "wheel", closed):
        path.chmod(0o700)
    monkeypatch.setattr(places, "ELSEWHERE", ground.parent / "copies")
    monkeypatch.setattr(places, "wheel", lambda package: closed / package)
    place = Servers(ground, "site").place
    place.prepare()
    (ground.parent / "copies").mkdir(mode=0o711)
    (ground.parent / "copies" / places.digest(ground)).mkdir(mode=0o711)
    ran = place.command(place.program("wheel", "bin/program"))
    assert ran.stdout.strip() == place.account.pw_name  # type: ignore[union-attr]
    assert stat.S_IMODE(program.stat().st_mode) == 0o700


@as_root
def test_files_of_another_account_are_named(ground: Path) -> None:
    """Root was here first: the next account is told, in a sentence, which file stands in its way."""
    owned = ground.parent / "root's"
    owned.mkdir(mode=0o755)
    embedded.secret(owned / "site.app.password")
    for work in ("servers.hold()", "servers.password('app')"):
        program = (
            "import os; from pathlib import Path; from kunshan_edu.embedded.servers import Servers\n"
            f"servers = Servers(Path({str(owned)!r}), 'site'); os.setuid(65534); {work}"
        )
        ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
        assert "ServerError" in ran.stderr
        assert "belongs to another account" in ran.stderr


def test_one_secret_for_all_who_ask_at_once(tmp_path: Path) -> None:
    path, seen = tmp_path / "var" / "secret", set()
    gate = threading.Barrier(8)

    def read() -> None:
        gate.wait()
        seen.add(embedded.secret(path))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1
    assert len(seen.pop()) >= 48
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_named_servers_are_used_and_none_started(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, bool]] = []
    monkeypatch.setattr(embedded.site, "hold", lambda **kinds: asked.append(kinds))
    monkeypatch.setenv("DATABASE_URL", "postgres://a@b/c")
    monkeypatch.setenv("REDIS_URL", "redis://b")
    embedded.ensure()
    assert asked == []
    monkeypatch.delenv("REDIS_URL")
    embedded.ensure()
    assert asked == [{"postgres": False, "valkey": True}]
