"""The inbox: a sentence for each person concerned, written in the transaction of the change it tells of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kunshan_edu.core import clock
from kunshan_edu.core.models import Notification, User


def tell(people: Iterable[User], text: str, *, url: str = "", params: dict[str, Any] | None = None) -> int:
    """Tell each of `people` once; `text` is a Chinese sentence with %(name)s places. Returns how many were told."""
    ids = dict.fromkeys(p.pk for p in people if p is not None)
    Notification.objects.bulk_create(
        Notification(user_id=pk, text=text, params=params or {}, url=url) for pk in ids
    )
    return len(ids)


def mark_read(user: User, pks: Iterable[int] | None = None) -> int:
    """Mark the user's notifications as read: the given ones, or all."""
    rows = Notification.objects.visible_to(user).unread()
    if pks is not None:
        rows = rows.filter(pk__in=list(pks))
    return rows.update(read_at=clock.now())
