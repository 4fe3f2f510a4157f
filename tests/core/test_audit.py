"""The audit trail: only added to, by either role, sealed by a chain that shows what was rewritten."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from kunshan_edu.core import seals
from kunshan_edu.core.changes import add, changing, sentences
from kunshan_edu.core.models import AuditEvent, AuditSeal
from kunshan_edu.core.roles import append_only_tables
from kunshan_edu.core.tasks import seal_audit
from personnel.models import Person

REWRITING = (
    "UPDATE {t} SET id = id",
    "DELETE FROM {t}",
    "DELETE FROM {t} WHERE false",
    "TRUNCATE {t} CASCADE",
)
TABLES = ("core_auditevent", "core_auditseal")
MONEY = (
    "finance_budgetmove",
    "finance_requestversion",
    "finance_requestline",
    "finance_decision",
    "finance_minutes",
    "finance_payment",
    "finance_escalationnotice",
)
FILES = ("core_storedfile",)


def event():
    """A new audit event, by a change of the register."""
    add(Person(name="新人"), "personnel.test", by=None)
    return AuditEvent.objects.first()


def by_force(statement, *values):
    """What only somebody with the owner's password and bad intent could do."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


# Only added


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REWRITING)
@pytest.mark.parametrize("table", [*TABLES, *MONEY, *FILES])
@pytest.mark.parametrize("role", ["default", "owner"])
def test_nothing_that_is_only_added_is_rewritten_by_either_role(world, role, table, statement):
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(role),
        connections[role].cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('kunshan.verb', 'a.verb', true)")
        cursor.execute(statement.format(t=table))
    error = caught.value.__cause__
    if role == "owner":
        assert error.diag.constraint_name == "append_only"
    else:
        assert error.pgcode == "42501", "the application's role lacks the very privilege"


@pytest.mark.django_db
def test_these_are_the_tables_that_are_only_added(world):
    assert set(append_only_tables("default")) == {*TABLES, *MONEY, *FILES}
    assert sentences()["append_only"].message == "该记录只能追加，不能修改或删除。"


@pytest.mark.django_db
def test_the_application_reads_and_adds(world):
    row = event()
    assert AuditEvent.objects.get(pk=row.pk).verb == "personnel.test"


@pytest.mark.django_db
def test_the_history_of_an_object_is_its_own_newest_first(world):
    for name in ("一", "二"):
        with changing(world.school_a, "groups.test", by=world.personnel) as row:
            row.feature = name
    with changing(world.school_b, "groups.test", by=world.personnel) as other:
        other.feature = "三"
    mine = AuditEvent.objects.of(row).filter(verb="groups.test")
    assert [e.difference["feature"] for e in mine] == [["一", "二"], ["", "一"]]
    same_key = AuditEvent.objects.of(Person(pk=row.pk))
    assert not same_key.filter(model="groups.school").exists()


@pytest.mark.django_db
def test_the_moment_recorded_is_the_databases_own_whatever_the_clock_was_set_to(world):
    """The world is told as of 2024, but nobody can record an event in the past."""
    old = AuditEvent.objects.filter(at__year=2024).first()
    assert old.recorded_at.year >= 2026
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - %s < interval '1 hour'", [event().recorded_at])
        assert cursor.fetchone()[0]


# The chain


@pytest.mark.django_db
def test_a_seal_covers_every_event_since_the_last_and_names_the_one_before(world):
    first = seals.seal()
    assert first.previous == seals.GENESIS
    assert first.events == AuditEvent.objects.count()
    assert seals.seal() is None
    row = event()
    assert list(AuditEvent.objects.unsealed()) == [row]
    second = seals.seal()
    assert (second.previous, second.events, second.last_event) == (first.hash, 1, row.pk)
    assert not AuditEvent.objects.unsealed().exists()
    assert seals.broken_seal() is None


@pytest.mark.django_db
def test_the_worker_seals(world):
    seal_audit()
    assert AuditSeal.objects.count() == 1
    seal_audit()
    assert AuditSeal.objects.count() == 1


FORGERIES = {
    "rewritten": "UPDATE core_auditevent SET object_text = 'x' WHERE id = %s",
    "given to another": "UPDATE core_auditevent SET actor_id = (SELECT min(id) FROM core_user) WHERE id = %s",
    "back-dated": "UPDATE core_auditevent SET at = at - interval '1 day' WHERE id = %s",
    "difference touched": """UPDATE core_auditevent SET difference = '{"a": [1, 2]}' WHERE id = %s""",
    "capacity touched": """UPDATE core_auditevent SET capacity = '{"capacity": "x"}' WHERE id = %s""",
    "deleted": "DELETE FROM core_auditevent WHERE id = %s",
}


@pytest.mark.parametrize("how", FORGERIES)
def test_an_event_that_is_forged_breaks_its_seal(world, own_database, how):
    seals.seal()
    sealed, second = event(), seals.seal()
    event()
    seals.seal()
    assert seals.broken_seal() is None
    by_force(FORGERIES[how], sealed.pk)
    assert seals.broken_seal() == second


@pytest.mark.parametrize("column", ["hash", "previous", "events"])
def test_a_seal_that_is_forged_breaks_the_chain(world, own_database, column):
    seals.seal()
    event()
    link = seals.seal()
    value = 7 if column == "events" else "0" * 63 + "1"
    by_force(f"UPDATE core_auditseal SET {column} = %s WHERE id = %s", value, link.pk)
    assert seals.broken_seal().pk == link.pk


def test_a_seal_taken_out_shows(world, own_database):
    first = seals.seal()
    event()
    second = seals.seal()
    by_force("DELETE FROM core_auditseal WHERE id = %s", first.pk)
    assert seals.broken_seal() == second


def test_sealing_waits_for_an_event_that_has_its_number_but_is_not_committed(world, own_database):
    """Else the later number would be sealed and the earlier event, committed after it, never."""
    written, may_end, sealed = threading.Event(), threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                event()
                written.set()
                assert may_end.wait(5)
        finally:
            connections.close_all()

    def seal():
        try:
            seals.seal()
            sealed.set()
        finally:
            connections.close_all()

    writer, sealer = threading.Thread(target=write), threading.Thread(target=seal)
    writer.start()
    assert written.wait(5)
    sealer.start()
    assert not sealed.wait(0.2)
    may_end.set()
    writer.join(5)
    sealer.join(5)
    assert sealed.is_set()
    assert not AuditEvent.objects.unsealed().exists()
    assert seals.broken_seal() is None
