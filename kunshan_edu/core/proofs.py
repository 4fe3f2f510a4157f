"""Proofs: what must hold of the rows at every moment, each checked on demand; `manage.py doctor` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from kunshan_edu.core import files, seals
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause


@dataclass(frozen=True)
class Proof:
    """One invariant. sentence: what holds. offenders: SQL that selects what breaks it, or a function giving a list.

    mend: for rows that follow from others, makes them what they follow from; returns how many it changed.
    """

    name: str
    sentence: str
    offenders: str | Callable[[], list[Any]]
    clause: Clause | None = None
    mend: Callable[[], int] | None = None

    def check(self) -> list[Any]:
        """What breaks the invariant, at most a hundred; empty when it holds."""
        if callable(self.offenders):
            return list(self.offenders())[:100]
        with connection.cursor() as cursor:
            cursor.execute(self.offenders)
            return cursor.fetchmany(100)


def every_proof() -> Iterator[Proof]:
    """The proofs of every app that has a module `proofs`, core's first."""
    for config in apps.get_app_configs():
        name = f"{config.name}.proofs"
        if find_spec(name):
            yield from import_module(name).PROOFS


def _broken_chain() -> list[Any]:
    broken = seals.broken_seal()
    return [broken] if broken else []


GUARDED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname ~ '^(groups|personnel|finance|enrollment)_'
AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'a_verb_is_named'
                AND t.tgenabled = 'O')
"""
REWRITABLE = """
SELECT t.name FROM unnest(ARRAY['core_auditevent', 'core_auditseal']) AS t(name)
WHERE NOT EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = t.name::regclass
                  AND g.tgname = 'rows_are_only_added' AND g.tgenabled = 'O')
"""
GENERIC = (
    "SELECT id FROM guardian_userobjectpermission UNION ALL SELECT id FROM guardian_groupobjectpermission"
)


def _owned_by_the_application() -> list[Any]:
    owner, role = settings.DATABASES["owner"]["USER"], settings.DATABASE_APP_ROLE
    if owner == role:
        return [(role, "owner")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relowner = current_user::regrole"
            " AND relnamespace = 'public'::regnamespace"
        )
        owned = cursor.fetchall()
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid"
            " WHERE t.tgname = 'rows_are_only_added' AND (has_table_privilege(c.oid, 'UPDATE')"
            " OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE'))"
        )
        return owned + cursor.fetchall()


PROOFS = [
    Proof("audit_chain_holds", _("审计记录的哈希链完整，没有被改写。"), _broken_chain),
    Proof("audit_is_append_only", _("审计记录和封存只能追加。"), REWRITABLE),
    Proof("changes_name_a_verb", _("登记和经费数据表只能通过系统功能改写。"), GUARDED),
    Proof(
        "application_role_is_narrow",
        _("应用账号不拥有任何数据表，也不能改写只追加的表。"),
        _owned_by_the_application,
    ),
    Proof("files_are_whole", _("上传的附件都在，内容没有被改动。"), files.damaged),
    Proof("guardian_generic_tables_are_empty", _("没有手工授予的权限。"), GENERIC, Clause.C6_3_A),
]
