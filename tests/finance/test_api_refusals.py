"""Refusals of the special fund through the REST API, who sees what, its filters, and how many queries it takes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.actions import deciding, drafting, measures, submitting
from finance.models import BudgetLine
from kunshan_edu.core import clock
from tests.api_client import Api, errors, refusal, rows
from tests.finance.test_api import approved, at, draft, payment, returned, seen, submitted
from tests.world import prepare_measures

pytestmark = pytest.mark.django_db

# Refusals: each its status, code and clause

YESTERDAY = clock.today() - dt.timedelta(days=1)


def _ended(world):
    row = submitted(world)
    measures.end(world.measures, valid_to=YESTERDAY, by=world.leader)
    return row


def half_approved(world):
    return deciding.approve(submitted(world, "20000.00"), by=world.principal_a)


def before_the_leader(world):
    """A request above the threshold of collective decisions, consented, checked and reviewed."""
    row = submitted(world, "60000.00")
    for who in ("principal_a", "group_finance", "president", "finance_1"):
        row = deciding.approve(row, by=world.users[who])
    return row


REFUSED = {
    "somebody else submits": (returned, "principal_a", "submit", {}, 403, "not_requester", "4.2.b"),
    "submit twice": (submitted, "clerk_a", "submit", {}, 409, "wrong_state", None),
    "submit without lines": (
        lambda w: draft(w, lines=False), "clerk_a", "submit", {}, 422, "no_lines", None,
    ),
    "over budget": (
        lambda w: draft(w, "200000.01"), "clerk_a", "submit", {}, 409, "budget_insufficient", "4.2.e",
    ),
    "approve a draft": (draft, "clerk_a", "approve", {}, 409, "wrong_state", None),
    "approve one's own": (submitted, "clerk_a", "approve", {}, 403, "own_request", "4.2.l"),
    "approve what benefits oneself": (
        lambda w: submitted(w, beneficiary=w.principal_a),
        "principal_a", "approve", {}, 403, "own_request", "4.2.l",
    ),
    "not one's step": (submitted, "president", "approve", {}, 403, "not_your_step", "4.2.l"),
    "no measures": (_ended, "principal_a", "approve", "seen", 409, "no_measures_in_force", "4.2.k"),
    "withdraw another's": (submitted, "principal_a", "withdraw", {}, 403, "not_requester", None),
    "withdraw after the first approval": (
        half_approved, "clerk_a", "withdraw", {}, 409, "already_decided", None,
    ),
    "approve a second time": (
        half_approved, "principal_a", "approve", {}, 409, "step_already_decided", None,
    ),
    "the minutes are missing": (
        before_the_leader, "leader", "approve", "seen", 409, "minutes_needed", "4.2.l",
    ),
    "minutes by somebody else": (
        before_the_leader, "leader", "record-minutes", {}, 403, "not_a_recorder", "4.2.l",
    ),
    "withdraw too late": (approved, "clerk_a", "withdraw", {}, 409, "wrong_state", None),
    "cancel what is not approved": (submitted, "principal_a", "cancel", {}, 409, "wrong_state", None),
    "cancel by another level": (
        approved, "president", "cancel", {"opinion": "不办了"}, 403, "not_the_approving_level", "4.2.l",
    ),
    "pay too early": (submitted, "cashier_a", "pay", payment(), 409, "wrong_state", None),
    "pay as approver": (approved, "principal_a", "pay", payment(), 403, "payer_is_involved", "4.2.b"),
    "pay as somebody else": (approved, "president", "pay", payment(), 403, "not_your_payment", "4.2.b"),
    "pay too much": (
        approved, "cashier_a", "pay", payment("4860.01"), 409, "exceeds_approved", "4.2.b",
    ),
    "minutes not needed": (
        submitted, "clerk_a", "record-minutes", {}, 409, "minutes_not_needed", None,
    ),
    "delete another's": (returned, "principal_a", "delete", {}, 403, "not_requester", "4.2.b"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_each_refusal_has_its_status_code_and_clause(world, case):
    make, who, verb, sent, status, code, clause = case
    row = make(world)
    before = (row.state, row.current)
    answer = Api(world.users[who]).post(at(row, verb), seen(row) if sent == "seen" else sent)
    assert refusal(answer) == (status, code, clause)
    row.refresh_from_db()
    assert (row.state, row.current) == before


def test_a_refusal_about_a_field_stands_beside_it(world):
    answer = Api(world.cashier_a).post(at(approved(world), "pay"), payment("4860.01"))
    assert {n: [e["code"] for e in found] for n, found in answer.json()["errors"].items()} == {
        "amount": ["exceeds_approved"]
    }


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"amount": "1e3"}, "amount", "amount_exponent"),
        ({"voucher_no": ""}, "voucher_no", "required"),
        ({"paid_on": "2999-01-01"}, "paid_on", "in_the_future"),
        ({"school": 1}, "school", "not_applicable"),
        ({"opinion": "x"}, "opinion", "unknown_field"),
    ],
)
def test_a_wrong_payment_is_refused_beside_its_field(world, change, field, code):
    row = approved(world)
    assert errors(Api(world.cashier_a).post(at(row, "pay"), payment(**change))) == {field: [code]}
    assert not row.payments.exists()


# Who sees what


@pytest.mark.parametrize(
    "who", ["clerk_b", "principal_b", "other_president", "clerk_e", "teacher", "parent", "admin"]
)
def test_what_one_may_not_see_is_not_there(world, who):
    row, api = submitted(world), Api(world.users[who])
    assert row.pk not in [r["id"] for r in rows(api.get("fund-requests/"))]
    assert refusal(api.get(at(row))) == (404, "not_found", None)
    for verb in ("approve", "pay", "delete"):
        assert refusal(api.post(at(row, verb), {}))[0] == 404
    assert refusal(api.send("PATCH", at(row), {}))[0] == 404
    assert refusal(api.send("DELETE", at(row)))[0] == 404


@pytest.mark.parametrize("who", ["clerk_a", "principal_a", "president", "finance_1", "leader"])
def test_those_concerned_see_the_request_and_its_money(world, who):
    row, api = submitted(world), Api(world.users[who])
    assert [r["id"] for r in rows(api.get("fund-requests/"))] == [row.pk]
    assert api.get(at(row)).status_code == 200


def test_budget_lines_and_funds_follow_the_same_rights(world):
    own = {line["school"]["id"] for line in rows(Api(world.clerk_a).get("budget-lines/"))}
    assert own == {world.school_a.pk}
    everything = Api(world.finance_1).get("budget-lines/?size=200").json()
    assert everything["count"] == BudgetLine.objects.count()
    assert [f["id"] for f in rows(Api(world.clerk_e).get("group-funds/"))] == [world.other_fund.pk]
    assert rows(Api(world.parent).get("group-funds/")) == []
    assert refusal(Api(world.clerk_e).get(f"group-funds/{world.fund.pk}/"))[0] == 404


def test_the_sums_of_a_fund_are_those_of_the_lines_one_sees(world):
    totals = Api(world.clerk_a).get(f"group-funds/{world.fund.pk}/").json()["totals"]
    assert totals == {"approved": "800000.00", "reserved": "0.00", "spent": "0.00"}


def test_draft_measures_are_seen_by_those_who_make_them(world):
    fresh = prepare_measures(world.finance_1, document="昆教财〔2027〕9号")
    assert refusal(Api(world.clerk_a).get(f"measures/{fresh.pk}/"))[0] == 404
    told = Api(world.finance_1).get(f"measures/{fresh.pk}/").json()
    assert [limit["up_to"] for limit in told["limits"] if limit["origin"] == 1] == [
        "10000.00",
        "50000.00",
        None,
    ]
    assert told["limits"][0]["steps"]


# Filters


def test_lists_are_narrowed_by_what_one_asks_for(world):
    pending, other = submitted(world), draft(world, "10.00")
    api = Api(world.clerk_a)
    assert [r["id"] for r in rows(api.get("fund-requests/?state=pending"))] == [pending.pk]
    assert {r["id"] for r in rows(api.get(f"fund-requests/?fund={world.fund.pk}"))} == {pending.pk, other.pk}
    assert rows(api.get(f"fund-requests/?fund={world.other_fund.pk}")) == []
    assert [r["id"] for r in rows(api.get(f"fund-requests/?number={pending.number}"))] == [pending.pk]


@pytest.mark.parametrize("query", ["state=nothing", "fund=x", f"fund={10**30}", "fund=0", "school=-1"])
def test_a_wrong_filter_is_refused_instead_of_ignored(world, query):
    assert list(errors(Api(world.clerk_a).get(f"fund-requests/?{query}"))) == [query.split("=")[0]]


# The other nouns' verbs


def test_a_budget_is_opened_allocated_cut_and_frozen(world):
    api = Api(world.finance_1)
    opened = api.post("group-funds/", {"group": world.group.pk, "fiscal_year": 2030})
    assert (opened.status_code, opened.json()["state"]) == (201, "draft")
    address = f"group-funds/{opened.json()['id']}/"
    money = {
        "school": world.school_a.pk,
        "category": world.categories["office"].pk,
        "amount": "1,000.00",
        "document": "昆教财〔2030〕1号",
    }
    done = api.post(f"{address}allocate/", money).json()
    assert (done["state"], done["totals"]["approved"]) == ("allocated", "1000.00")
    [line] = rows(api.get(f"budget-lines/?fund={done['id']}"))
    cut = api.post(
        f"budget-lines/{line['id']}/cut/", {"amount": "400", "document": "昆教财〔2030〕2号"}
    ).json()
    assert (cut["approved"], cut["available"]) == ("600.00", "600.00")
    assert api.post(f"{address}freeze/").json()["state"] == "frozen"
    refused = Api(world.president).post("group-funds/", {})
    assert refusal(refused)[0] == 403


def test_measures_are_prepared_by_one_and_published_by_another(world):
    officer, leader = Api(world.finance_1), Api(world.leader)
    made = officer.post(
        "measures/",
        {
            "title": "示例办法",
            "document": "昆教财〔2031〕1号",
            "valid_from": "2031-01-01",
            "collective_threshold": "5万",
            "split_window_days": 30,
        },
    )
    assert (made.status_code, made.json()["collective_threshold"]) == (201, "50000.00")
    address = f"measures/{made.json()['id']}/"
    limit = {"origin": 1, "role": "bureau_leader", "above": "0", "steps": ["bureau_finance-review"]}
    added = officer.post(f"{address}add-limit/", limit)
    assert added.status_code == 200, added.content
    [told] = added.json()["limits"]
    assert [s["act"] for s in told["steps"]] == ["review", "approve"]
    assert refusal(leader.post(f"{address}publish/"))[0] == 409  # the group office has no limit yet
    assert refusal(Api(world.clerk_a).post("measures/", {}))[0] == 403


# Queries


def _queries(api, path):
    api.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert api.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "path", ["fund-requests/?size=200", "budget-lines/?size=200", "group-funds/", "measures/"]
)
def test_a_list_makes_as_many_queries_for_many_rows_as_for_few(world, path):
    api = Api(world.finance_1)
    submitted(world)
    few = _queries(api, path)
    for number in range(6):
        submitted(world, f"{number + 1}.00")
    assert _queries(api, path) == few
    assert few <= 6


def test_a_request_with_many_lines_is_read_by_as_many_queries(world):
    def lined(count):
        line = {
            "school": world.school_a,
            "category": world.categories["office"],
            "description": "示例",
            "amount": Decimal("1.00"),
        }
        row = drafting.draft(
            fund=world.fund, school=world.school_a, title="示例", purpose="示例", used_on=clock.today(),
            payee="示例", lines=[line] * count, by=world.clerk_a,
        )  # fmt: skip
        return submitting.submit(row, by=world.clerk_a)

    api = Api(world.principal_a)
    assert _queries(api, at(lined(20))) == _queries(api, at(lined(1)))
