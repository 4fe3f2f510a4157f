"""What the database alone refuses, each rule and constraint by name: raw writes, with the rules in Python set aside."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from finance.actions import deciding
from finance.choices import TRANSITIONS, RequestState
from finance.models import (
    REFUSALS,
    BudgetMove,
    Decision,
    EscalationNotice,
    FundRequest,
    GroupFund,
    Minutes,
    Payment,
    RequestLine,
    RequestVersion,
)
from finance.querysets import CONTAINER_COLUMN, ROLE_RIGHTS
from kunshan_edu.core.changes import acting, refusal_of, sentences
from kunshan_edu.core.denials import Denied
from tests.finance.raw import budgets, decisions, requests
from tests.finance.raw.requests import rows_of
from tests.finance.requests import approve_all, ask, granted, line, make, pay

D = Decimal
CASES = [*budgets.refuses.cases, *requests.refuses.cases, *decisions.refuses.cases]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "prepare"), CASES)
def test_the_database_refuses(world, name, prepare):
    write = prepare(world)
    with pytest.raises(Denied) as caught, acting("finance.test", world.admin):
        write()
    assert caught.value.denial == sentences()[name]
    assert caught.value.denial.code == name


# The one that no raw write can reach, because a trigger refuses it first: seen with that trigger off, as the owner.
SHADOWED = {"line_names_a_district_iff_district_level"}


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "district"), [("city", "张浦镇"), ("district", None)])
def test_a_line_names_a_district_iff_it_is_of_district_level(world, level, district):
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic("owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('kunshan.verb', 'finance.test', true)")
        cursor.execute("ALTER TABLE finance_budgetline DISABLE TRIGGER line_is_founded")
        cursor.execute(
            "INSERT INTO finance_budgetline (fund_id, school_id, category_id, level, district_id, approved, reserved,"
            " spent) SELECT fund_id, school_id, category_id, %s, (SELECT id FROM groups_district WHERE name = %s),"
            " 0, 0, 0 FROM finance_budgetline LIMIT 1",
            [level, district],
        )
    assert refusal_of(caught.value).code == "line_names_a_district_iff_district_level"


def test_every_constraint_and_refusal_of_finance_has_a_case():
    models = apps.get_app_config("finance").get_models()
    named = {c.name for model in models for c in model._meta.constraints} | set(REFUSALS)
    assert named == {case.values[0] for case in CASES} | SHADOWED


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_every_refusal_is_a_sentence_with_its_own_code(name):
    denial = REFUSALS[name]
    assert denial.code == name
    assert str(denial).endswith("。")


# 状态


def in_state(world, state):
    """A request in a state, by the people of the world."""
    if state == RequestState.DRAFT:
        return make(world, "clerk_a", "1.00")
    if state == RequestState.PAYING:
        lines = [line(world, "school_a", "1.00"), line(world, "school_b", "1.00")]
        return pay(world, granted(world, "office", "", school=None, lines=lines), "cashier_a", "1.00")
    pending, by, why = ask(world, "clerk_a", "1.00"), world.principal_a, "原因。"
    return {
        RequestState.PENDING: lambda: pending,
        RequestState.APPROVED: lambda: approve_all(pending),
        RequestState.RETURNED: lambda: deciding.return_(pending, by=by, opinion=why),
        RequestState.REJECTED: lambda: deciding.reject(pending, by=by, opinion=why),
        RequestState.WITHDRAWN: lambda: deciding.withdraw(pending, by=world.clerk_a),
        RequestState.CANCELLED: lambda: deciding.cancel(approve_all(pending), by=by, opinion=why),
        RequestState.PAID: lambda: pay(world, approve_all(pending), "cashier_a", "1.00"),
    }[state]()


@pytest.mark.django_db
@pytest.mark.parametrize("state", RequestState)
def test_a_state_moves_only_along_the_table(world, state):
    row = in_state(world, state)
    assert row.state == state
    for target in set(RequestState) - {state, *TRANSITIONS.get(state, ())}:
        with pytest.raises(Denied) as caught, acting("finance.test", world.admin):
            rows_of(row).update(state=target)
        assert caught.value.denial.code == "request_state_moves_along_its_table", target


def source(function):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_database_holds_the_table_of_transitions(world):
    _before, table = source("request_moves_along_its_table").split("(OLD.state, NEW.state) NOT IN (")
    pairs = set(re.findall(r"\('(\w+)', '(\w+)'\)", table[: table.index("THEN")]))
    assert pairs == {(a.value, b.value) for a, targets in TRANSITIONS.items() for b in targets}


@pytest.mark.django_db
def test_the_database_asks_the_same_right_of_each_role(world):
    asked = re.findall(
        r"\('(\w+)', '(\w+)', '(\w+)', s\.(\w+)_id\)",
        source("decision_is_allowed"),
    )
    assert {(role, right, kind, column) for role, right, kind, column in asked} == {
        (role, right.value, CONTAINER_COLUMN[model], CONTAINER_COLUMN[model])
        for role, (right, model) in ROLE_RIGHTS.items()
    }


# 只能经办理改动，只能追加

TABLES = sorted(m._meta.db_table for m in apps.get_app_config("finance").get_models())
ONCE_WRITTEN = (BudgetMove, Decision, EscalationNotice, Minutes, Payment, RequestLine, RequestVersion)
ADDED_ONLY = [m._meta.db_table for m in ONCE_WRITTEN]
WRITES = {
    "INSERT": "INSERT INTO {} DEFAULT VALUES",
    "UPDATE": "UPDATE {} SET id = id",
    "DELETE": "DELETE FROM {}",
}


def attempt(sql, using="default", verb=""):
    """The database's error to a statement, in a transaction of its own that is rolled back."""
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(using),
        connections[using].cursor() as cursor,
    ):
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute("SELECT set_config('kunshan.verb', %s, true)", [verb])
        cursor.execute(sql)
    return caught.value


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("using", ["default", "owner"])
def test_nothing_is_written_without_a_verb(world, table, using):
    for word, sql in WRITES.items():
        error = attempt(sql.format(table), using)
        if using == "default" and table in ADDED_ONLY and word != "INSERT":
            assert error.__cause__.pgcode == "42501"  # not even granted
        else:
            assert refusal_of(error).code == "change_without_a_verb", word


@pytest.mark.django_db
def test_the_usual_ways_around_an_action_are_refused(world):
    pending = ask(world, "clerk_a", "1.00")
    for write in (
        lambda: rows_of(pending).update(state="approved"),
        lambda: GroupFund.objects.create(group=world.group, fiscal_year=2099),
        lambda: pending.draft_lines.all().delete(),
        lambda: FundRequest(pk=pending.pk, amount=D("9.00")).save(update_fields=["amount"]),
        lambda: FundRequest.objects.bulk_update([pending], ["amount"]),
    ):
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            write()
        assert refusal_of(caught.value).code == "change_without_a_verb"


@pytest.mark.django_db
@pytest.mark.parametrize("table", ADDED_ONLY)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_is_only_added_is_never_rewritten(world, table, sql):
    assert attempt(sql.format(table), verb="finance.test").__cause__.pgcode == "42501"
    assert refusal_of(attempt(sql.format(table), "owner", "finance.test")).code == "append_only"


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied_by_the_application(world, table):
    assert attempt(f"TRUNCATE {table} CASCADE", verb="finance.test").__cause__.pgcode == "42501"
