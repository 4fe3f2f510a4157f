"""Why somebody may or may not: the facts nearest to the answer, each with a stable code and a sentence. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kunshan_edu.core.denials import _

if TYPE_CHECKING:
    from kunshan_edu.core.access import Grant

A_DAY = dt.timedelta(days=1)
MOST_NAMED = 5  # of the other places where somebody holds a right

TEXTS = {
    "held": _("以%(capacity)s身份持有，自%(first)s起。"),
    "held_until": _("以%(capacity)s身份持有，自%(first)s至%(last)s。"),
    "disabled": _("账号已停用，不能登录，也不能行使任何权限。"),
    "ended": _("曾以%(capacity)s身份持有，至%(last)s止。"),
    "begins": _("将以%(capacity)s身份持有，自%(first)s起。"),
    "elsewhere": _("以%(capacity)s身份持有，但只限于%(places)s。"),
    "elsewhere_many": _("以%(capacity)s身份持有，但只限于%(places)s等 %(n)s 处。"),
    "never": _("没有任何任职或委托在这里给予这项权限。"),
    "rank": _("系统管理员的身份不带来业务权限，权限只随任职产生和结束。"),
}


@dataclass(frozen=True)
class Reason:
    """One fact behind a yes or a no. params fill the sentence; dates among them are written where it is shown."""

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    grant: Any = None
    places: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why someone may or may not on a day: permission ← appointment ← document ← clause, and who could instead.

    grants: the rows that give the right. holding: the rows by which anybody holds it here, accounts on them.
    """

    allowed: bool
    permission: str
    permission_label: str
    object: Any
    user: Any
    day: dt.date
    grants: tuple[Grant, ...]
    holding: tuple[Grant, ...]
    reasons: tuple[Reason, ...]

    @property
    def holders(self) -> tuple[Any, ...]:
        """Who could: the accounts that hold the right here that day."""
        return tuple({row.user_id: row.user for row in self.holding}.values())


def _reason(code: str, row: Any = None, **params: Any) -> Reason:
    capacity = {"capacity": row.capacity} if row else {}
    return Reason(code, TEXTS[code], {**capacity, **params}, row)


def _last(row: Any) -> dt.date:
    return row.valid_to - A_DAY


def why(rows: Iterable[Any]) -> Iterator[Reason]:
    """Of the rows that give a right: in what capacity, and how long."""
    for row in rows:
        if row.valid_to is None:
            yield _reason("held", row, first=row.valid_from)
        else:
            yield _reason("held_until", row, first=row.valid_from, last=_last(row))


def why_not(user: Any, rows: Iterable[Any], place: Any, day: dt.date) -> Iterator[Reason]:
    """Of all rows of one right that `user` ever had: what comes nearest to holding it at `place` that day."""
    rows = list(rows)
    if user.pk and not user.is_active:
        yield _reason("disabled")
    near = [*_beside(rows, place, day), *_elsewhere(rows, place, day)]
    yield from near
    if not near and not any(_covers(row, day) for row in rows):
        yield _reason("never")
    if getattr(user, "is_superuser", False):
        yield _reason("rank")


def _covers(row: Any, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _beside(rows: list[Any], place: Any, day: dt.date) -> Iterator[Reason]:
    """What ended here, the latest first; then what begins here, the soonest first."""
    here = [row for row in rows if row.content_object_id == place.pk]
    ended = [row for row in here if row.valid_to is not None and row.valid_to <= day]
    for row in sorted(ended, key=lambda r: (r.valid_to, r.pk), reverse=True):
        yield _reason("ended", row, last=_last(row))
    for row in sorted((r for r in here if r.valid_from > day), key=lambda r: (r.valid_from, r.pk)):
        yield _reason("begins", row, first=row.valid_from)


def _elsewhere(rows: list[Any], place: Any, day: dt.date) -> Iterator[Reason]:
    """The other places where the right is held that day, one fact per appointment."""
    by_source: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        if row.content_object_id != place.pk and _covers(row, day):
            by_source.setdefault((row.source_id, row.delegation_id), []).append(row)
    for held in by_source.values():
        places = tuple(row.content_object for row in held)
        params = {"capacity": held[0].capacity, "places": tuple(map(str, places[:MOST_NAMED]))}
        code = "elsewhere_many" if len(places) > MOST_NAMED else "elsewhere"
        yield Reason(code.removesuffix("_many"), TEXTS[code], {**params, "n": len(places)}, held[0], places)
