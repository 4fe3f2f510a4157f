"""What a visit did: which tables of the domain hold other rows than before, asked of the database itself."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps
from django.db import connection

# What is written on the way in, whatever is decided then. Everything else is the domain.
BOOKKEEPING = {
    "django_session": "sessions",
    "core_idempotencykey": "the keys by which a form is sent once",
}
# One's own account, inbox, jobs and token: what there is to decide is who one is.
OWN = frozenset({"core_user", "core_notification", "core_job", "authtoken_token"})
# Columns that sign-in writes on the way in.
PASSING = {"core_user": ("last_login",)}


@lru_cache(maxsize=1)
def tables() -> tuple[str, ...]:
    """Every table of the domain, in order."""
    models = apps.get_models(include_auto_created=True)
    found = {m._meta.db_table for m in models if m._meta.managed and not m._meta.proxy}
    return tuple(sorted(found - set(BOOKKEEPING)))


def _text(table: str) -> str:
    columns = "".join(f" - '{name}'" for name in PASSING.get(table, ()))
    return f"(to_jsonb(x){columns})::text" if columns else "x::text"


def fingerprint(names: tuple[str, ...] | None = None) -> dict[str, str]:
    """table → md5 over all of its rows, in one statement."""
    each = (
        f"SELECT '{table}', md5(coalesce(string_agg({_text(table)}, E'\\n' ORDER BY {_text(table)}), ''))"  # noqa: S608
        f" FROM {table} x"
        for table in (tables() if names is None else names)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


_WRITTEN = " + ".join(f"pg_stat_get_xact_tuples_{kind}(o)" for kind in ("inserted", "updated", "deleted"))
_COUNTS = f"SELECT o, {_WRITTEN} FROM unnest(%s::oid[]) o WHERE {_WRITTEN} > 0"  # noqa: S608


def _sizes() -> dict[str, int]:
    """table → how many rows."""
    each = (f"SELECT '{table}', count(*) FROM {table}" for table in tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def _numbers() -> dict[int, str]:
    """The database's own number of each table → its name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::regclass::oid, t FROM unnest(%s::text[]) t", [list(tables())])
        return dict(cursor.fetchall())


class Watch:
    """The tables whose rows differ from those at the beginning.

    The database counts for each transaction what it writes. Where it wrote nothing, nothing differs; where it
    did, the rows themselves are compared, since a refused change was undone again.
    """

    def __init__(self) -> None:
        self.before, self.names = fingerprint(), _numbers()
        self.sizes = _sizes()
        self.counts: dict[str, int] = {}
        self.nested = False

    def begin(self, *, nested: bool) -> None:
        """nested: the transaction has a past; a new one has written nothing."""
        self.nested = nested
        self.counts = self._counts() if nested else {}

    def _wrote(self) -> bool:
        """Has the transaction a number? The database gives it one with the first row that it writes or locks."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            return bool(cursor.fetchone()[0])

    def _counts(self) -> dict[str, int]:
        """table → rows that this transaction has inserted, updated or deleted so far, undone ones included."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, [list(self.names)])
            return {self.names[number]: count for number, count in cursor.fetchall()}

    def changed(self) -> frozenset[str]:
        """Tables that differ, within the transaction that began with `begin`: those of one's own, and one more.

        The small ones are looked at first, and none after the first that differs: one is enough.
        """
        if not self.nested and not self._wrote():
            return frozenset()
        counts = self._counts()
        touched = [table for table, count in counts.items() if count != self.counts.get(table, 0)]
        found: set[str] = set()
        for table in sorted(touched, key=self.sizes.__getitem__):
            if fingerprint((table,))[table] != self.before[table]:
                found.add(table)
                if table not in OWN:
                    break
        return frozenset(found)

    def astray(self) -> list[str]:
        """The tables that differ although every visit was taken back: written past the transaction."""
        now = fingerprint()
        return sorted(t for t in now if now[t] != self.before[t])
