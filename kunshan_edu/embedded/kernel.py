"""What is asked of the kernel: locks that die with their holder, private files, who listens on a socket."""

from __future__ import annotations

import fcntl
import os
import secrets
import select
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 120  # seconds: PostgreSQL's recovery after a crash has been seen to take seven


class ServerError(Exception):
    """A sentence for whoever typed the command."""


@contextmanager
def foreign_files_refused() -> Iterator[None]:
    """Say whose fault it is when a file of ours was made by another account."""
    try:
        yield
    except PermissionError as error:
        message = f"{error.filename} belongs to another account: start as the account that made it."
        raise ServerError(message) from error


def secret(path: Path) -> str:
    """The secret kept in the file, made on first use; only our own account may read it."""
    with suppress(FileNotFoundError), foreign_files_refused():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):  # another process was first, and its secret holds
        os.link(draft, path)
    draft.unlink()
    return path.read_text().strip()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's exclusive lock, which the kernel lets go if the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def listener(path: Path) -> int | None:
    """The process that listens on the socket, by the kernel's word; None when nobody does."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except OSError:
            return None
        return struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0] or None


def stop_listener(path: Path, number: signal.Signals) -> None:
    """Signal the process that listens on the socket, and wait until it is gone."""
    if not (pid := listener(path)):
        return
    handle = os.pidfd_open(pid)  # from here on the number cannot come to mean another process
    try:
        if listener(path) == pid:
            signal.pidfd_send_signal(handle, number)
            select.select([handle], [], [], PATIENCE)
    finally:
        os.close(handle)
