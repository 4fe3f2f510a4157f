"""The application's database role: owns nothing, and may not rewrite what is only added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections, transaction

APPEND_ONLY = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'rows_are_only_added' ORDER BY 1
"""


def append_only_tables(using: str) -> list[str]:
    """The tables whose trigger refuses rewriting."""
    with connections[using].cursor() as cursor:
        cursor.execute(APPEND_ONLY)
        return [name for (name,) in cursor.fetchall()]


def narrow_application_role(using: str = "owner", **_: Any) -> None:
    """Grant the application its reads and writes; take UPDATE, DELETE and TRUNCATE where rows are only added.

    Runs as the owner once all migrations of a `migrate` have been applied. Does nothing where one role serves
    for both.
    """
    role = settings.DATABASE_APP_ROLE
    owner = connections[using]
    if not role or owner.settings_dict["USER"] == role:
        return
    name = owner.ops.quote_name(role)
    with transaction.atomic(using=using), owner.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {name}")
        for table in append_only_tables(using):
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {owner.ops.quote_name(table)} FROM {name}")
