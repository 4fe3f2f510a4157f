"""The chain over the audit trail: each seal hashes the one before and every event since, so rewriting shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from kunshan_edu.core.models import AuditEvent, AuditSeal

GENESIS = "0" * 64
COLUMNS = (
    "id",
    "at",
    "recorded_at",
    "actor_id",
    "capacity",
    "verb",
    "clause_id",
    "model",
    "object_id",
    "object_text",
    "difference",
    "reason",
)


def _events(first: int, last: int) -> Iterable[dict[str, Any]]:
    rows = AuditEvent.objects.filter(id__gt=first, id__lte=last).order_by("id")
    return rows.values(*COLUMNS).iterator(chunk_size=2000)


def _link(previous: str, events: Iterable[dict[str, Any]]) -> tuple[str, int, int]:
    """(hash, number of events, id of the last) of one link of the chain."""
    digest, count, last = hashlib.sha256(previous.encode()), 0, 0
    for event in events:
        # A column that came later counts only where it is filled: what was sealed before it keeps its hash.
        said = {k: v for k, v in event.items() if v or k != "reason"}
        plain = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in said.items()}
        digest.update(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode())
        count, last = count + 1, event["id"]
    return digest.hexdigest(), count, last


def seal() -> AuditSeal | None:
    """Seal every event that is committed; None when there is nothing new.

    Waits for those who are writing events (they hold the lock in common), so that an event whose number was drawn
    earlier but that commits later is never left out.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(132, 2019)")
        before = AuditSeal.objects.order_by("-id").first()
        first, previous = (before.last_event, before.hash) if before else (0, GENESIS)
        last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        digest, count, last = _link(previous, _events(first, last))
        if not count:
            return None
        return AuditSeal.objects.create(last_event=last, events=count, previous=previous, hash=digest)


def broken_seal() -> AuditSeal | None:
    """The first seal that no longer fits its events or its predecessor; None when the chain holds."""
    first, previous = 0, GENESIS
    for link in AuditSeal.objects.order_by("id"):
        digest, count, _last = _link(previous, _events(first, link.last_event))
        if (link.previous, link.hash, link.events) != (previous, digest, count):
            return link
        first, previous = link.last_event, link.hash
    return None
