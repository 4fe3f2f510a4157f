"""The one clock: today in Asia/Shanghai and the instant now; demonstration data and tests may set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_set: ContextVar[dt.datetime | None] = ContextVar("clock", default=None)


def now() -> dt.datetime:
    """The instant now, aware."""
    return _set.get() or dt.datetime.now(tz=SHANGHAI)


def today() -> dt.date:
    """The date on which rights hold and documents are dated: the calendar of Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def at(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Within the block it is `moment`; a bare date means ten in the morning. Only demo data and tests use it."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(10), tzinfo=SHANGHAI)
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
