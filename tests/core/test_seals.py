"""The chain over the audit trail: it holds, every kind of tampering shows, and no event is ever left out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, connections, transaction

from groups import actions
from kunshan_edu.core import seals
from kunshan_edu.core.changes import record
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, AuditSeal
from kunshan_edu.core.proofs import every_proof

TABLES = ("core_auditevent", "core_auditseal")


def event(world: Any, text: str) -> AuditEvent:
    return record(world.bureau, "tests.event", by=world.users["leader"], difference={"name": [None, text]})


def tamper(*statements: str) -> None:
    """As the owner of the tables, with the guards switched off: the worst that can be done short of a new chain."""
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def chain(world: Any, own_database: str) -> Iterator[list[AuditSeal]]:
    """Three links over the world's own events and some more."""
    links = [seals.seal()]
    for n in range(2):
        for m in range(3):
            event(world, f"第 {n}-{m} 件")
        links.append(seals.seal())
    yield links
    connections["owner"].close()


def test_the_chain_holds(chain: list[AuditSeal]) -> None:
    assert [link.previous for link in chain] == [seals.GENESIS, chain[0].hash, chain[1].hash]
    assert [link.events for link in chain[1:]] == [3, 3]
    assert sum(link.events for link in chain) == AuditEvent.objects.count()
    assert seals.broken_seal() is None


def test_nothing_new_is_no_link(chain: list[AuditSeal]) -> None:
    assert seals.seal() is None
    assert AuditSeal.objects.count() == 3
    assert not AuditEvent.objects.all().unsealed().exists()


@pytest.mark.parametrize(
    "change",
    [
        """difference = '{"name": [null, "另一件"]}'""",
        "actor_id = (SELECT min(id) FROM core_user WHERE id <> actor_id)",
        "at = at + interval '1 second'",
        "recorded_at = recorded_at - interval '1 day'",
        "verb = 'tests.other'",
        "clause_id = '4.2.l'",
        """capacity = '{"capacity": "总校长"}'""",
        "object_id = object_id + 1",
        "object_text = '别处'",
        "model = 'groups.school'",
    ],
)
def test_a_rewritten_event_shows(chain: list[AuditSeal], change: str) -> None:
    tamper(f"UPDATE core_auditevent SET {change} WHERE id = {chain[1].last_event - 1}")
    assert seals.broken_seal() == chain[1]
    faults = {proof.name for proof in every_proof() if proof.check()}
    assert len(faults) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM core_auditevent WHERE id = {last}",
        "DELETE FROM core_auditevent WHERE id = {last} - 1",
        "UPDATE core_auditevent SET id = -1 WHERE id = {last} - 1",
        "UPDATE core_auditseal SET events = events + 1 WHERE last_event = {last}",
        "UPDATE core_auditseal SET hash = repeat('0', 63) || '1' WHERE last_event = {last}",
    ],
)
def test_a_missing_event_or_a_changed_seal_shows(chain: list[AuditSeal], statement: str) -> None:
    tamper(statement.format(last=chain[1].last_event))
    broken = seals.broken_seal()
    assert broken is not None
    assert broken.pk == chain[1].pk


def test_a_missing_seal_shows_in_the_next(chain: list[AuditSeal]) -> None:
    tamper(f"DELETE FROM core_auditseal WHERE id = {chain[1].pk}")
    assert seals.broken_seal() == chain[2]


def test_an_event_slipped_in_later_shows(chain: list[AuditSeal], world: Any) -> None:
    tamper("UPDATE core_auditevent SET id = id + 100 WHERE id > " + str(chain[1].last_event))
    assert seals.broken_seal() == chain[2]


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {t} SET id = id", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"])
def test_neither_role_rewrites(chain: list[AuditSeal], alias: str, table: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"append_only|permission denied"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(statement.format(t=table))
    assert seals.broken_seal() is None


# Several at once


def in_threads(*works: Callable[[], None]) -> None:
    faults: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as fault:  # told below, in the thread of the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]


def test_an_event_that_commits_late_is_waited_for(world: Any, own_database: str) -> None:
    """Its number was drawn first; were it skipped, the next seal would begin after it for ever."""
    written, may_commit, sealing = threading.Event(), threading.Event(), threading.Event()
    drawn: dict[str, Any] = {}

    def late() -> None:
        with transaction.atomic():
            drawn["late"] = event(world, "先取号，后提交").pk
            written.set()
            assert may_commit.wait(30)

    def early() -> None:
        assert written.wait(30)
        drawn["early"] = event(world, "后取号，先提交").pk
        sealing.set()
        drawn["link"] = seals.seal()

    def release() -> None:
        assert sealing.wait(30)
        time.sleep(0.5)
        drawn["too soon"] = AuditSeal.objects.exists()
        may_commit.set()

    in_threads(late, early, release)
    assert drawn["late"] < drawn["early"]
    assert drawn["too soon"] is False
    assert drawn["link"].events == AuditEvent.objects.count()
    assert seals.broken_seal() is None


def test_writers_and_sealers_at_once_leave_nothing_out(world: Any, own_database: str) -> None:
    stop = threading.Event()

    def write(n: int) -> Callable[[], None]:
        def work() -> None:
            for m in range(25):
                with transaction.atomic():
                    event(world, f"{n}-{m}")
                    time.sleep(0.002)

        return work

    def seal() -> None:
        while not stop.is_set():
            seals.seal()
            time.sleep(0.01)

    def watch() -> None:
        try:
            in_threads(*(write(n) for n in range(4)))
        finally:
            stop.set()

    in_threads(watch, seal, seal)
    seals.seal()
    links = list(AuditSeal.objects.order_by("id"))
    assert len(links) > 2
    assert sum(link.events for link in links) == AuditEvent.objects.count()
    assert AuditEvent.objects.filter(verb="tests.event").count() == 100
    assert seals.broken_seal() is None


def test_a_refused_change_leaves_no_event_in_the_chain(chain: list[AuditSeal], world: Any) -> None:
    with pytest.raises(Denied):
        actions.edit_profile(world.school_a, feature="代写", by=world.users["president"])
    assert seals.seal() is None
    with pytest.raises(ObjectDoesNotExist):
        AuditEvent.objects.get(verb="groups.edit_profile")
