"""The only way to change a row: `changing()` and `add()` lock, save what differs, audit it, and translate refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import (
    DataError,
    IntegrityError,
    InternalError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.utils.translation import override

from kunshan_edu.core import clock
from kunshan_edu.core.access import Grant, Right, forget_rights, ground_of, said_yes
from kunshan_edu.core.ciphers import encrypted_fields
from kunshan_edu.core.denials import CONFLICT, GONE, Denial, Denied, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.verbs import grounds

Row = TypeVar("Row", bound=models.Model)
Follower = Callable[[models.Model, Any], None]
Standing = Grant | Right | Callable[[Any], Grant | Right | None]

_open: ContextVar[tuple[str, ...]] = ContextVar("open_verbs", default=())
_followers: dict[type[models.Model], list[Follower]] = {}

VANISHED = Denial("vanished", _("该记录已不存在，可能已被删除，请返回列表查看。"), status=GONE)
BUSY = Denial("busy", _("该记录正由他人办理，请稍后再试，您填写的内容没有丢失。"), status=CONFLICT)
# What PostgreSQL says when a lock is not to be had: lock timeout, deadlock, serialisation.
LOCK_STATES = {"55P03", "40P01", "40001"}
HIDDEN = _("（加密）")  # in the audit trail, in the place of a value that the database holds encrypted
TOO_LARGE = "22003"  # a number that its column cannot hold


def follow(model: type[models.Model], follower: Follower) -> None:
    """Have `follower(row, by)` run inside the transaction of every change to rows of `model`.

    For what a higher app derives from a lower one's rows (personnel's rights from memberships), so that the
    derived rows change in the same instant while imports still point down.
    """
    _followers.setdefault(model, []).append(follower)


def _tell_followers(row: models.Model, by: Any) -> None:
    for follower in _followers.get(type(row), ()):
        follower(row, by)


@lru_cache(maxsize=1)
def sentences() -> dict[str, Denial]:
    """Constraint or trigger name → the refusal that people read, collected from every model and app."""
    found: dict[str, Denial] = {}
    with override(None):  # in Chinese, whatever language is on: translated where it is shown
        for model in apps.get_models():
            for constraint in model._meta.constraints:
                code = constraint.violation_error_code
                clause = Clause.of(code) if code else None
                message = str(constraint.violation_error_message)
                found[constraint.name] = Denial(constraint.name, message, clause)
    for config in apps.get_app_configs():
        found.update(getattr(config.models_module, "REFUSALS", {}))
    return found


def refusal_of(error: Exception) -> Denial | None:
    """The refusal behind a database error, or None when it is a fault of ours."""
    cause = error.__cause__
    if getattr(cause, "pgcode", None) in LOCK_STATES:
        return BUSY
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    if name in sentences():
        return sentences()[name]
    code = getattr(cause, "pgcode", None)
    if code == TOO_LARGE or (code == "23514" and name.endswith("_check")):
        return Denial("amount_out_of_range", _("金额必须在 0 到 999,999,999,999.99 元之间。"))
    return None


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError, InternalError, OperationalError) as error:
        denial = refusal_of(error)
        if denial is None:
            raise
        raise Denied(denial) from error


def _announce(verb: str, by: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kunshan.verb', %s, true), set_config('kunshan.actor', %s, true),"
            " set_config('kunshan.today', %s, true)",
            [verb, str(by.pk) if by else "", clock.today().isoformat() if verb else ""],
        )


def _check_deferred() -> None:
    """Ask the deferred rules now, and close the door that the verb opened; one journey for both."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
            " SELECT set_config('kunshan.verb', '', true), set_config('kunshan.today', '', true)"
        )


@contextmanager
def acting(verb: str, by: Any) -> Iterator[None]:
    """One transaction under a named verb; the database lets guarded tables change only inside it.

    Deferred rules are checked when the outermost block ends, so that they refuse with a sentence, not at COMMIT.
    """
    outer = _open.get()
    if not outer:
        forget_rights(by)
    with _refusals(), transaction.atomic(savepoint=not outer):
        token = _open.set((*outer, verb))
        renamed = outer[-1:] != (verb,)
        if renamed:
            _announce(verb, by)
        try:
            yield
            if not outer:
                _check_deferred()
            elif renamed:
                _announce(outer[-1], by)
        finally:
            _open.reset(token)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | dt.date | dt.datetime):
        return str(value)
    if isinstance(value, str | int | bool | type(None) | list | dict):
        return value
    return str(value)


def _values(row: models.Model) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def _told(row: models.Model, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """column → [before, after] as the audit keeps it: of an encrypted column, only that it changed."""
    hidden = {field.attname for field in encrypted_fields(type(row))}
    return {
        name: [
            HIDDEN if value and name in hidden else _plain(value) for value in (before.get(name), after[name])
        ]
        for name in after
    }


def _ground(row: models.Model, verb: str, by: Any) -> Right | None:
    """The right that said yes to this action; a verb without grounds of its own follows from the outermost one."""
    outer = _open.get()[:1]
    for name in (verb, *outer):
        if name in grounds():
            return ground_of(by, row, grounds()[name])
    return ground_of(by, row, ())


def _capacity(standing: Grant | Right | None) -> dict[str, Any]:
    if standing is None:
        return {}
    return {
        "capacity": standing.capacity,
        "appointment": standing.source_id,
        "document": standing.document,
        **({"delegation": standing.delegation_id} if standing.delegation_id else {}),
    }


def _name_of(row: models.Model) -> str:
    """The row in Chinese whatever language its changer reads, because the audit trail is everybody's."""
    with override(None):
        return str(row)[:200]


def record(
    row: models.Model,
    verb: str,
    *,
    by: Any,
    difference: dict[str, Any],
    clause: Clause | None = None,
    standing: Grant | Right | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write one audit event about `row`; `changing` and `add` do it by themselves.

    standing: where the action knows it better than what was asked of the rights tells.
    """
    return AuditEvent.objects.create(
        actor=by,
        capacity=_capacity(standing or _ground(row, verb, by)),
        verb=verb,
        clause_id=clause.id if clause else "",
        model=row._meta.label_lower,
        object_id=row.pk,
        object_text=_name_of(row),
        difference=difference,
        reason=reason.strip()[:300],
    )


def locked(row: Row) -> Row:
    """`row` as it is now, locked for change; Denied(vanished) when it is gone."""
    rows = type(row)._base_manager.select_for_update(of=("self",), no_key=True)
    fresh = rows.filter(pk=row.pk).first()
    if fresh is None:
        raise Denied(VANISHED)
    return fresh


def _capacities(said_yes: list[Right]) -> dict[str, Any]:
    """Of what no verb stands on: the one post that said yes, or the words of several."""
    if len({(right.source_id, right.delegation_id) for right in said_yes}) == 1:
        return _capacity(said_yes[0])
    words = "、".join(dict.fromkeys(right.capacity for right in said_yes))
    return {"capacity": words} if words else {}


def record_about(
    model: type[models.Model], text: Any, verb: str, *, by: Any, difference: dict[str, Any]
) -> AuditEvent:
    """Write one audit event about rows of `model` and none in particular: what was taken out of the house."""
    with override(None):
        text = str(text)[:200]
    return AuditEvent.objects.create(
        actor=by,
        capacity=_capacities(said_yes(by)),
        verb=verb,
        model=model._meta.label_lower,
        object_id=0,
        object_text=text,
        difference=difference,
    )


@contextmanager
def changing(
    row: Row,
    verb: str,
    *,
    by: Any,
    clause: Clause | None = None,
    standing: Standing | None = None,
    reason: str = "",
) -> Iterator[Row]:
    """Lock `row`, hand over its present state, save the columns that the block changed, and audit the difference.

    standing: the grant by which `by` acts, or what finds it on the locked row; the audit says in what capacity. Left
    out, it is the right that was asked for in the block and said yes (`GROUNDS` of the app's verbs).
    reason: what `by` gave as the reason, for the audit.
    """
    with acting(verb, by):
        fresh = locked(row)
        standing = standing(fresh) if callable(standing) else standing
        before = _values(fresh)
        yield fresh
        after = _values(fresh)
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            fresh.save(update_fields=changed)
        difference = _told(fresh, before, {name: after[name] for name in changed})
        record(fresh, verb, by=by, difference=difference, clause=clause, standing=standing, reason=reason)
        if changed:
            _tell_followers(fresh, by)


def add(
    row: Row, verb: str, *, by: Any, clause: Clause | None = None, standing: Grant | Right | None = None
) -> Row:
    """Insert a new row under a verb and audit it; returns it with its key."""
    with acting(verb, by):
        row.save(force_insert=True)
        given = {name: value for name, value in _values(row).items() if value not in (None, "")}
        difference = _told(row, {}, given)
        record(row, verb, by=by, difference=difference, clause=clause, standing=standing)
        _tell_followers(row, by)
    return row


def add_all(rows: Iterable[Row], *, verb: str, by: Any) -> list[Row]:
    """Insert the parts of a document in one statement; the document's own event tells of them."""
    rows = list(rows)
    if not rows:
        return rows
    with acting(verb, by):
        return type(rows[0])._base_manager.bulk_create(rows)


def change_all(rows: models.QuerySet[Any], *, verb: str, by: Any, **values: Any) -> int:
    """Update the parts of a document in one statement; the document's own event tells of them."""
    with acting(verb, by):
        return rows.update(**values)


def replace_all(old: models.QuerySet[Any], new: Iterable[Row], *, verb: str, by: Any) -> list[Row]:
    """Put new parts of a draft in the place of the old ones."""
    with acting(verb, by):
        old.delete()
        return add_all(new, verb=verb, by=by)
