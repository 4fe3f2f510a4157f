"""The one way to change a row: lock, save what differs, audit it, turn the database's refusal into a sentence."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from finance.models import BudgetLine, DraftLine, ExpenseCategory
from groups.models import Membership, School, SchoolAffiliation
from kunshan_edu.core import clock
from kunshan_edu.core.access import standing
from kunshan_edu.core.changes import (
    BUSY,
    VANISHED,
    acting,
    add,
    add_all,
    change_all,
    changing,
    follow,
    locked,
    refusal_of,
    replace_all,
    sentences,
)
from kunshan_edu.core.changes import _followers as followers
from kunshan_edu.core.denials import CONFLICT, GONE, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel.models import Person
from tests.finance.requests import ask, make

OURS = ("groups", "personnel", "finance")
GUARDED = [m for label in OURS for m in apps.get_app_config(label).get_models()]


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [name])
        return cursor.fetchone()[0] or ""


def renamed(world, name="示例改名小学", verb="groups.test", **facts):
    with changing(world.school_a, verb, by=world.personnel, **facts) as row:
        row.name = name
    return row


# What changing() saves and says


@pytest.mark.django_db
def test_only_the_columns_that_differ_are_saved(world):
    """Another's change of another column survives, and the UPDATE names one column."""
    with acting("groups.test", world.personnel):
        School.objects.filter(pk=world.school_a.pk).update(feature="他人所写")
    with CaptureQueriesContext(connection) as queries:
        row = renamed(world)
    row.refresh_from_db()
    assert (row.name, row.feature) == ("示例改名小学", "他人所写")
    (update,) = [q["sql"] for q in queries if q["sql"].startswith("UPDATE")]
    assert '"name"' in update
    assert '"feature"' not in update


@pytest.mark.django_db
def test_the_row_handed_over_is_the_present_one_and_locked(world):
    with acting("groups.test", world.personnel):
        School.objects.filter(pk=world.school_a.pk).update(feature="新")
    with (
        CaptureQueriesContext(connection) as queries,
        changing(world.school_a, "groups.test", by=world.personnel) as row,
    ):
        assert row.feature == "新"
        assert row is not world.school_a
    assert any("FOR NO KEY UPDATE" in q["sql"] for q in queries)


@pytest.mark.django_db
def test_the_audit_says_who_what_by_which_clause_and_what_differed(world):
    row = renamed(world, clause=Clause.C4_1_S)
    event = AuditEvent.objects.of(row).first()
    assert (event.verb, event.actor, event.clause_id) == ("groups.test", world.personnel, "4.1.s")
    assert event.difference == {"name": ["示例A小学", "示例改名小学"]}
    assert (event.model, event.object_id, event.object_text) == ("groups.school", row.pk, "示例A小")
    assert event.capacity == {}


@pytest.mark.django_db
def test_an_act_that_changes_no_column_is_audited_too_and_writes_nothing_else(world):
    with (
        CaptureQueriesContext(connection) as queries,
        changing(world.school_a, "groups.test", by=world.personnel) as row,
    ):
        row.name = str(row.name)
    assert AuditEvent.objects.of(row).first().difference == {}
    assert not [q for q in queries if q["sql"].startswith("UPDATE")]


@pytest.mark.django_db
def test_the_capacity_is_kept_as_it_was_on_the_day(world):
    grant = standing(world.principal_a, "approve_as_principal", world.school_a)
    row = renamed(world, standing=grant)
    assert AuditEvent.objects.of(row).first().capacity == {
        "capacity": "执行校长",
        "appointment": world.posts["principal_a"].pk,
        "document": "昆教人〔2024〕1号",
    }
    renamed(
        world, "再改名小学", standing=lambda fresh: standing(world.president, "view_school_finance", fresh)
    )
    assert AuditEvent.objects.of(row).first().capacity["capacity"] == "总校长"


@pytest.mark.django_db
def test_values_are_written_in_a_form_that_does_not_change(world):
    """Decimals and dates as text, missing ones as null: what is sealed must read the same for ever."""
    request = ask(world, "clerk_a", "4860.00")
    events = AuditEvent.objects.of(request)
    submitted = events.get(verb="finance.submit").difference
    assert submitted["number"] == [None, "SL-2026-0001"]
    assert submitted["submitted_at"][0] is None
    drafted = events.get(verb="finance.draft").difference
    assert drafted["amount"] == [None, "4860.00"]
    assert drafted["used_on"] == [None, clock.today().isoformat()]


@pytest.mark.django_db
def test_an_exception_in_the_block_leaves_no_trace(world):
    before = AuditEvent.objects.count()
    with pytest.raises(ZeroDivisionError), changing(world.school_a, "groups.test", by=world.personnel) as row:
        row.name = "未成"
        _ = 1 / 0
    world.school_a.refresh_from_db()
    assert world.school_a.name == "示例A小学"
    assert AuditEvent.objects.count() == before
    assert setting("kunshan.verb") == ""


# add() and its kin


@pytest.mark.django_db
def test_a_new_row_is_audited_with_all_it_says(world):
    row = add(Person(name="新人"), "personnel.test", by=world.personnel, clause=Clause.C6_3_A)
    event = AuditEvent.objects.of(row).get()
    assert event.difference == {
        "id": [None, row.pk],
        "name": [None, "新人"],
        "is_party_member": [None, False],
    }
    assert event.clause_id == "6.3.a"


@pytest.mark.django_db
def test_adding_never_overwrites(world):
    known = Person.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        add(Person(pk=known.pk, name="顶替"), "personnel.test", by=world.personnel)
    known.refresh_from_db()
    assert known.name != "顶替"


@pytest.mark.django_db
def test_the_parts_of_a_document_are_added_changed_and_replaced_in_one_statement_each(world):
    names = [Person(name=f"第{n}人") for n in range(5)]
    with CaptureQueriesContext(connection) as queries:
        rows = add_all(names, verb="personnel.test", by=world.personnel)
    assert sum("INSERT" in q["sql"] for q in queries) == 1
    mine = Person.objects.filter(pk__in=[r.pk for r in rows])
    assert change_all(mine, verb="personnel.test", by=world.personnel, name="改名") == 5
    replace_all(mine, [Person(name="唯一")], verb="personnel.test", by=world.personnel)
    assert not mine.exists()
    assert Person.objects.get(name="唯一")
    assert add_all([], verb="personnel.test", by=world.personnel) == []


@pytest.mark.django_db
def test_followers_run_in_the_same_transaction_and_only_when_something_changed(world):
    told = []
    follow(School, lambda row, by: told.append((row.name, by, transaction.get_connection().in_atomic_block)))
    try:
        renamed(world)
        renamed(world)  # the name it has already
        add_all([], verb="groups.test", by=world.personnel)
        assert told == [("示例改名小学", world.personnel, True)]

        def refuse(row, by):
            raise Denied(VANISHED)

        follow(School, refuse)
        with pytest.raises(Denied):
            renamed(world, "又改名小学")
    finally:
        del followers[School]
    world.school_a.refresh_from_db()
    assert world.school_a.name == "示例改名小学"


# Verbs


@pytest.mark.django_db
def test_nested_verbs_restore_the_outer_verb_and_the_last_closes_the_door(world):
    with acting("outer.verb", world.personnel):
        assert setting("kunshan.verb") == "outer.verb"
        with acting("inner.verb", world.personnel):
            assert setting("kunshan.verb") == "inner.verb"
            with acting("inner.verb", world.personnel):
                assert setting("kunshan.verb") == "inner.verb"
            assert setting("kunshan.verb") == "inner.verb"
        assert setting("kunshan.verb") == "outer.verb"
        add(Person(name="新人"), "personnel.test", by=world.personnel)
        assert setting("kunshan.verb") == "outer.verb"
    assert setting("kunshan.verb") == ""


@pytest.mark.django_db
def test_the_database_knows_the_day_of_the_one_clock(world):
    day = dt.date(2025, 3, 1)
    with clock.at(day), acting("groups.test", world.personnel), connection.cursor() as cursor:
        cursor.execute("SELECT kunshan_today()")
        assert cursor.fetchone()[0] == day
    with connection.cursor() as cursor:
        cursor.execute("SELECT kunshan_today() = (now() AT TIME ZONE 'Asia/Shanghai')::date")
        assert cursor.fetchone()[0]


@pytest.mark.django_db
def test_rights_are_read_anew_when_an_action_begins(world):
    world.personnel._rights = (clock.today(), "stale")
    with acting("groups.test", world.personnel):
        assert world.personnel._rights is None


# No change without a verb


def triggers():
    """table → names of its triggers, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        )
        found = {}
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
        return found


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda m: m._meta.label)
def test_every_table_of_the_register_posts_and_money_asks_for_a_verb(world, model):
    table = model._meta.db_table
    assert {"a_verb_is_named", "a_verb_is_named_for_truncate"} <= triggers()[table]
    for statement in (
        f"UPDATE {table} SET id = id WHERE false",
        f"DELETE FROM {table} WHERE false",
        f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
    ):
        with (
            pytest.raises(DatabaseError) as caught,
            transaction.atomic("owner"),
            connections["owner"].cursor() as cursor,
        ):
            cursor.execute(statement)
        assert refusal_of(caught.value) == sentences()["change_without_a_verb"]


BARE = {
    "update": lambda _: School.objects.update(name=F("name")),
    "save": lambda w: w.school_a.save(),
    "delete": lambda w: Membership.objects.filter(school=w.school_b).delete(),
    "create": lambda _: Person.objects.create(name="无名"),
    "bulk_create": lambda _: Person.objects.bulk_create([Person(name="无名")]),
    "grant by hand": lambda w: type(
        standing(w.clerk_a, "draft_school_request", w.school_a)
    ).objects.update(valid_to=None),
    "money by hand": lambda _: BudgetLine.objects.update(approved=Decimal("1000000.00")),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("how", BARE)
def test_a_bare_write_is_refused(world, how):
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        BARE[how](world)
    assert refusal_of(caught.value).code == "change_without_a_verb"


@pytest.mark.django_db
def test_the_owner_may_not_write_without_a_verb_either(world):
    for statement in ("UPDATE groups_school SET feature = 'x'", "TRUNCATE groups_school CASCADE"):
        with (
            pytest.raises(DatabaseError, match=r"change_without_a_verb|append_only"),
            transaction.atomic("owner"),
            connections["owner"].cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db
def test_a_verb_ends_with_its_transaction(world):
    """What an action opened is shut for the next statement on the same connection."""
    renamed(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        School.objects.update(name=F("name"))
    with pytest.raises(Denied), acting("groups.test", world.personnel):
        raise Denied(VANISHED)
    with pytest.raises(DatabaseError), transaction.atomic():
        School.objects.update(name=F("name"))


# Refusals


@pytest.mark.django_db
def test_a_named_constraint_is_refused_with_the_sentence_beside_it(world):
    with pytest.raises(Denied) as caught, changing(world.school_a, "groups.test", by=world.personnel) as row:
        row.closed_on = dt.date(2000, 1, 1)
    assert caught.value.denial.code == "school_closes_after_it_opens"
    assert str(caught.value) == "撤销日期不能早于建校日期。"


@pytest.mark.django_db
def test_a_deferred_rule_is_asked_when_the_outermost_block_ends_not_at_commit(world):
    with acting("groups.test", world.personnel):
        with changing(world.school_d.affiliations.get(), "groups.test", by=world.personnel) as old:
            old.valid_to = dt.date(2026, 1, 1)  # a gap, mended before the block ends
        add(
            SchoolAffiliation(school=world.school_d, level="city", document="文", valid_from=old.valid_to),
            "groups.test",
            by=world.personnel,
        )
    with (
        pytest.raises(Denied) as caught,
        changing(world.school_d.affiliations.last(), "groups.test", by=world.personnel) as new,
    ):
        new.valid_to = dt.date(2027, 1, 1)
    assert caught.value.denial.code == "open_school_is_affiliated_every_day"
    assert caught.value.denial.clause == Clause.C4_1_S
    assert setting("kunshan.verb") == ""


@pytest.mark.django_db
def test_an_amount_beyond_all_money_is_refused_in_words(world):
    line = DraftLine(
        fund_request=make(world, "clerk_a", "100.00"),
        school=world.school_a,
        category=ExpenseCategory.objects.first(),
        description="过大",
        amount=Decimal("-1.00"),
    )
    with pytest.raises(Denied) as caught:
        add(line, "finance.test", by=world.clerk_a)
    assert caught.value.denial.code == "amount_out_of_range"


@pytest.mark.django_db
def test_a_vanished_row_is_a_404(world):
    gone = add(Person(name="去也"), "personnel.test", by=None)
    with acting("personnel.test", None):
        Person.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Denied) as caught, changing(gone, "personnel.test", by=world.personnel):
        pytest.fail("the block must not run")
    assert caught.value.denial == VANISHED
    assert caught.value.denial.status == GONE == 404
    with pytest.raises(Denied), acting("personnel.test", None):
        locked(gone)


@pytest.mark.django_db
def test_a_fault_of_ours_is_not_dressed_up_as_a_refusal(world):
    """A NOT NULL that no form can leave empty, or an unknown trigger: it stays a database error."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), acting("groups.test", None):
        School.objects.filter(pk=world.school_a.pk).update(opened_on=None)
    assert refusal_of(caught.value) is None
    assert refusal_of(ValueError("not of the database")) is None


def test_every_constraint_and_trigger_has_a_sentence_that_ends():
    for name, denial in sentences().items():
        assert denial.message.endswith("。"), name
    assert BUSY.status == CONFLICT == 409


# Two at once


def in_thread(work):
    """Run work in another thread with a connection of its own; its exception, if it had one."""
    caught = []

    def run():
        try:
            work()
        except BaseException as error:
            caught.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return caught[0] if caught else None


def test_a_lock_that_is_not_to_be_had_is_a_polite_409(world, own_database):
    """The settings wait three seconds; a shorter patience here, for the same answer."""

    def impatient():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        renamed(world)

    with changing(world.school_a, "groups.test", by=world.personnel) as row:
        row.feature = "先到"
        error = in_thread(impatient)
    assert isinstance(error, Denied)
    assert error.denial == BUSY
    assert School.objects.get(pk=world.school_a.pk).feature == "先到"


def test_the_second_of_two_sees_what_the_first_wrote(world, own_database):
    """Both read the row before either writes; the second waits for the lock and loses nothing of the first."""
    entered = threading.Event()

    def second():
        entered.set()
        with changing(world.school_a, "groups.test", by=world.personnel) as row:
            row.feature += "二"

    with changing(world.school_a, "groups.test", by=world.personnel) as row:
        thread = threading.Thread(target=lambda: in_thread(second))
        thread.start()
        assert entered.wait(5)
        row.feature += "一"
    thread.join(20)
    assert School.objects.get(pk=world.school_a.pk).feature == "一二"


def test_a_deadlock_is_answered_as_busy(world, own_database):
    """Two who lock the same two rows in opposite order: one goes on, the other is told politely."""
    both = threading.Barrier(2, timeout=5)
    errors = []

    def lock(first, second):
        with acting("groups.test", None):
            locked(first)
            both.wait()
            locked(second)

    threads = [
        threading.Thread(target=lambda pair=pair: errors.append(in_thread(lambda: lock(*pair))))
        for pair in ((world.school_a, world.school_b), (world.school_b, world.school_a))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    refused = [e for e in errors if e]
    assert [e.denial for e in refused] == [BUSY]
