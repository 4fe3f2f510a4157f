"""The application's database role: it owns nothing, creates nothing, truncates nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DatabaseError, connection, connections, transaction

from kunshan_edu.core.roles import append_only_tables, narrow_application_role

pytestmark = pytest.mark.django_db


def ask(sql, *values, using="default"):
    with connections[using].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def role():
    return settings.DATABASE_APP_ROLE


def test_two_roles_are_at_work(world):
    (app,), (owner,) = ask("SELECT current_user")[0], ask("SELECT current_user", using="owner")[0]
    assert app == role()
    assert owner != app


def test_the_application_owns_nothing_in_the_database(world):
    owned = ask(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = %s"
        " UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = %s"
        " UNION ALL SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = %s"
        " UNION ALL SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = %s",
        *[role()] * 4,
    )
    assert owned == []


def test_the_application_is_no_superuser_and_belongs_to_no_other_role(world):
    flags = ask(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles"
        " WHERE rolname = %s",
        role(),
    )
    assert flags == [(False, False, False, False, False)]
    assert ask("SELECT 1 FROM pg_auth_members WHERE member = %s::regrole", role()) == []


def test_it_reads_and_adds_to_every_table_and_truncates_none(world):
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        ((reads, adds, truncates, fires),) = ask(
            "SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT'),"
            " has_table_privilege(%s, 'TRUNCATE'), has_table_privilege(%s, 'TRIGGER')",
            *[table] * 4,
        )
        assert (reads, adds, truncates, fires) == (True, True, False, False), table


def test_it_may_not_change_what_is_only_added(world):
    tables = append_only_tables("default")
    assert len(tables) == 10
    for table in tables:
        assert ask(
            "SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE')", table, table
        ) == [(False, False)], table
        columns = ask("SELECT has_any_column_privilege(%s, 'UPDATE')", table)
        assert columns == [(False,)], table


FORBIDDEN = {
    "switch a trigger off": "ALTER TABLE groups_school DISABLE TRIGGER a_verb_is_named",
    "drop a trigger": "DROP TRIGGER rows_are_only_added ON core_auditevent",
    "rewrite a rule": "CREATE OR REPLACE FUNCTION require_verb() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NULL; END $$",
    "make a table": "CREATE TABLE public.mine (id int)",
    "pass for a replica": "SET session_replication_role = replica",
    "become the owner": "SET ROLE {owner}",
    "truncate": "TRUNCATE core_notification",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_application_may_not(world, what):
    ((owner,),) = ask("SELECT current_user", using="owner")
    statement = FORBIDDEN[what].replace("{owner}", owner)
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert caught.value.__cause__.pgcode == "42501"


def test_a_right_that_it_grants_itself_is_not_given(world):
    """PostgreSQL warns and grants nothing."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE, DELETE, TRUNCATE ON core_auditevent TO CURRENT_USER")
    assert ask("SELECT has_table_privilege('core_auditevent', 'UPDATE, DELETE, TRUNCATE')") == [(False,)]


def test_migrate_works_as_the_owner_by_itself(world, monkeypatch):
    seen = []
    monkeypatch.setattr(migrate.Command, "handle", lambda *_, **options: seen.append(options["database"]))
    call_command("migrate")
    assert seen == ["owner"]


def test_narrowing_again_changes_nothing_and_mends_what_was_loosened(world):
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT UPDATE, TRUNCATE ON core_auditevent TO "{role()}"')
        narrow_application_role()
        cursor.execute(
            "SELECT has_table_privilege(%s, 'core_auditevent', 'UPDATE'),"
            " has_table_privilege(%s, 'core_auditevent', 'TRUNCATE'),"
            " has_table_privilege(%s, 'core_auditevent', 'INSERT')",
            [role()] * 3,
        )
        assert cursor.fetchone() == (False, False, True)
        transaction.set_rollback(True, "owner")


def test_where_one_role_serves_for_both_nothing_is_revoked(world, settings):
    settings.DATABASE_APP_ROLE = connections["owner"].settings_dict["USER"]
    narrow_application_role()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('core_auditevent', 'UPDATE')")
        assert cursor.fetchone() == (True,)
