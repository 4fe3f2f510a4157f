"""Once: a POST with an idempotency key moves state one time; the same key again gives the same answer."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction

from kunshan_edu.core.changes import BUSY
from kunshan_edu.core.denials import INVALID, Denial, Denied, _
from kunshan_edu.core.models import IdempotencyKey

REUSED = Denial(
    "idempotency_key_reused",
    _("该幂等键已用于另一内容的提交，请刷新页面后重新操作。"),
    status=INVALID,
)
MISSING = Denial(
    "idempotency_key_missing",
    _("缺少幂等键：请在请求头 Idempotency-Key 中给出一个新的 UUID。"),
    status=400,
)
UNREADABLE = Denial("idempotency_key_unreadable", _("幂等键应为 UUID，请刷新页面后重新操作。"), status=400)
# What belongs to the door and not to the content of a POST.
DOOR = ("csrfmiddlewaretoken", "idem")


@dataclass(frozen=True)
class Outcome:
    """What a POST answered: HTTP status, an address to go to, a body for the API; replayed: it had happened before."""

    status: int
    location: str = ""
    body: Any = None
    replayed: bool = False


def read_key(text: str | None) -> uuid.UUID:
    """The key as a UUID; Denied when it is missing or unreadable."""
    if not text:
        raise Denied(MISSING)
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Denied(UNREADABLE) from None


def fingerprint(method: str, path: str, content: Mapping[str, Any]) -> str:
    """sha256 over method, path and what was typed, in canonical JSON."""
    typed = {k: v for k, v in sorted(content.items()) if k not in DOOR}
    text = json.dumps([method, path, typed], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _claim(user: Any, key: uuid.UUID, digest: str) -> bool:
    """Insert the key; False when it was there. Waits for a transaction that holds it, then answers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_idempotencykey (user_id, key, fingerprint, status, location)"
            " VALUES (%s, %s, %s, 0, '') ON CONFLICT DO NOTHING",
            [user.pk, key, digest],
        )
        return cursor.rowcount == 1


def once(user: Any, key: uuid.UUID, digest: str, perform: Callable[[], Outcome]) -> Outcome:
    """Perform and remember the outcome in one transaction, or give the outcome remembered under the key.

    A refusal rolls the key back with everything else, so that the same form can be sent again. Denied(REUSED) when
    the key came with other content, Denied(BUSY) when it is under way elsewhere for too long.
    """
    try:
        with transaction.atomic():
            if not _claim(user, key, digest):
                return _remembered(user, key, digest)
            outcome = perform()
            IdempotencyKey.objects.filter(user=user, key=key).update(
                status=outcome.status, location=outcome.location, body=outcome.body
            )
            return outcome
    except OperationalError as error:
        raise Denied(BUSY) from error


def _remembered(user: Any, key: uuid.UUID, digest: str) -> Outcome:
    found = remembered(user, key, digest)
    if found is None:
        raise Denied(REUSED)
    return found


def remembered(user: Any, key: uuid.UUID, digest: str) -> Outcome | None:
    """The outcome under a key that was finished before with this very content, or None."""
    row = IdempotencyKey.objects.filter(user=user, key=key, fingerprint=digest).first()
    if row is None:
        return None
    return Outcome(row.status, row.location, row.body, replayed=True)
