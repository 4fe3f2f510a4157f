"""The special fund through the REST API: the whole journey, every refusal, once, and never too much."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from finance.actions import deciding, drafting, submitting
from finance.models import BudgetLine, Decision, FundRequest
from kunshan_edu.core import clock
from tests.api_client import Api, errors, refusal

pytestmark = pytest.mark.django_db


def body(world, amount="4860.00", *, school="school_a", category="research", **other):
    line = {
        "school": world.schools[school].pk,
        "category": world.categories[category].pk,
        "description": "示例用途",
        "amount": amount,
    }
    facts = {
        "fund": world.fund.pk,
        "school": world.schools[school].pk,
        "title": "示例事项",
        "purpose": "示例事由",
        "used_on": clock.today().isoformat(),
        "payee": "示例书店",
        "lines": [line],
    }
    return {**facts, **other}


def draft(world, amount="4860.00", by=None, beneficiary=None, lines=True):
    """A draft of school A, made by its action."""
    line = {
        "school": world.school_a,
        "category": world.categories["research"],
        "description": "示例用途",
        "amount": Decimal(amount),
    }
    return drafting.draft(
        fund=world.fund,
        school=world.school_a,
        title="示例事项",
        purpose="示例事由",
        used_on=clock.today(),
        payee="示例书店",
        beneficiary=beneficiary,
        lines=[line] if lines else [],
        by=by or world.clerk_a,
    )


def submitted(world, amount="4860.00", **kwargs):
    return submitting.submit(draft(world, amount, **kwargs), by=world.clerk_a)


def returned(world):
    return deciding.return_(submitted(world), opinion="请附清单", by=world.principal_a)


def approved(world, amount="4860.00"):
    return deciding.approve(submitted(world, amount), by=world.principal_a)


def seen(row, **other):
    version = row.versions.get(number=row.current)
    return {"version": row.current, "digest": version.digest, "amount": str(version.amount), **other}


def at(row, verb=""):
    return f"fund-requests/{row.pk}/{verb}{'/' if verb else ''}"


def payment(amount="4800.00", voucher="0001", **other):
    return {"amount": amount, "voucher_no": voucher, "paid_on": clock.today().isoformat(), **other}


def offers(api, row):
    return {offer["verb"]: offer for offer in api.get(at(row)).json()["offers"]}


def test_a_request_travels_from_draft_to_paid_by_program(world):
    clerk, principal, cashier = Api(world.clerk_a), Api(world.principal_a), Api(world.cashier_a)
    made = clerk.post("fund-requests/", body(world))
    assert made.status_code == 201
    row = made.json()
    assert made.headers["Location"].endswith(f"/api/v1/fund-requests/{row['id']}/")
    assert (row["state"], row["amount"], row["version"], row["digest"]) == ("draft", "4860.00", 0, "")
    address = f"fund-requests/{row['id']}/"

    sent = clerk.post(f"{address}submit/").json()
    assert (sent["state"], sent["version"], len(sent["digest"])) == ("pending", 1, 64)
    [step] = sent["steps"]
    assert (step["role"], step["act"], step["state"]) == ("executive_principal", "approve", "open")
    assert step["container"] == {"kind": "school", "id": world.school_a.pk, "name": "示例A小"}
    assert step["people"] == [world.principal_a.name]
    assert "%(" not in step["why"] and step["why"]

    looked = principal.get(address).json()
    can = {offer["verb"]: offer["allowed"] for offer in looked["offers"]}
    assert can["approve"] and can["return"] and not can["pay"] and not can["submit"]
    what = {name: looked[name] for name in ("version", "digest", "amount")}
    done = principal.post(f"{address}approve/", {**what, "opinion": "同意。"}).json()
    assert done["state"] == "approved"
    [decision] = done["decisions"]
    assert (decision["actor"]["id"], decision["opinion"]) == (world.principal_a.pk, "同意。")
    assert decision["digest"] == looked["digest"]

    paid = cashier.post(f"{address}pay/", payment()).json()
    assert paid["state"] == "paid"
    assert [p["amount"] for p in paid["payments"]] == ["4800.00"]
    line = BudgetLine.objects.get(fund=world.fund, school=world.school_a, category__code="research")
    assert (line.reserved, line.spent) == (Decimal("0.00"), Decimal("4800.00"))


def test_a_large_request_is_approved_after_its_minutes(world):
    row = submitted(world, "60000.00")
    address = at(row)
    for who in ("principal_a", "group_finance", "president", "finance_1"):
        assert Api(world.users[who]).post(f"{address}approve/", seen(row)).status_code == 200, who
    told = Api(world.clerk_a).get(address).json()
    assert told["needs_minutes"] and [s["state"] for s in told["steps"]] == ["done"] * 4 + ["open"]
    minutes = {"body": "校长办公会", "number": "第 3 号", "held_on": clock.today().isoformat(),
               "due": 7, "present": 6, "conclusion": "同意。"}  # fmt: skip
    few = Api(world.clerk_a).post(f"{address}record-minutes/", {**minutes, "present": 4})
    assert few.status_code in (409, 422)
    recorded = Api(world.clerk_a).post(f"{address}record-minutes/", minutes)
    assert [m["number"] for m in recorded.json()["minutes"]] == ["第 3 号"]
    assert Api(world.leader).post(f"{address}approve/", seen(row)).json()["state"] == "approved"


def test_an_offer_says_where_and_why_not(world):
    row = submitted(world)
    told = offers(Api(world.clerk_a), row)["approve"]
    assert told["url"].endswith(f"/api/v1/fund-requests/{row.pk}/approve/")
    assert (told["allowed"], told["denial"]["code"], told["denial"]["clause"]["id"]) == (
        False,
        "own_request",
        "4.2.l",
    )
    assert told["denial"]["clause"]["quote"]


# Amounts


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0", "amount_not_positive"),
        ("-1", "amount_not_positive"),
        (-1, "amount_not_positive"),
        ("NaN", "amount_unreadable"),
        ("1e3", "amount_exponent"),
        ("0.005", "amount_too_fine"),
        ("1,20.00", "amount_commas"),
        ("9999999999999", "amount_too_large"),
        ("", "required"),
        (None, "required"),
        ([1], "invalid"),
        ({"yuan": 1}, "invalid"),
    ],
)
def test_a_wrong_amount_is_refused_with_its_own_code_and_writes_nothing(world, typed, code):
    before = FundRequest.objects.count()
    answer = Api(world.clerk_a).post("fund-requests/", body(world, typed))
    assert errors(answer) == {"lines.0.amount": [code]}
    assert refusal(answer) == (422, "invalid", None)
    assert FundRequest.objects.count() == before


@pytest.mark.parametrize(
    ("sent", "code"), [("1e3", "amount_exponent"), ("0.005", "amount_too_fine"), ("1E400", "amount_exponent")]
)
def test_a_number_of_json_is_read_as_it_was_written(world, sent, code):
    """Not through a float, which would turn 1e3 into 1000.0 and 0.1 + 0.2 into something else."""
    import json

    text = json.dumps(body(world, "HERE")).replace('"HERE"', sent)
    assert errors(Api(world.clerk_a).post("fund-requests/", text)) == {"lines.0.amount": [code]}


@pytest.mark.parametrize("typed", ["1,200.00", "１２００", "0.12万", 1200, "1200"])
def test_amounts_as_people_type_them(world, typed):
    answer = Api(world.clerk_a).post("fund-requests/", body(world, typed))
    assert (answer.status_code, answer.json()["amount"]) == (201, "1200.00")


# Drafts


def test_all_errors_of_a_draft_are_told_at_once(world):
    wrong = body(world, "x", title="", used_on="31.12.2026")
    wrong["lines"].append({"school": world.school_e.pk, "category": 0, "description": "", "amount": "1"})
    wrong["lines"].append({})
    found = errors(Api(world.clerk_a).post("fund-requests/", wrong))
    assert found == {
        "title": ["required"],
        "used_on": ["invalid"],
        "lines.0.amount": ["amount_unreadable"],
        "lines.1.school": ["invalid_choice"],
        "lines.1.category": ["invalid_choice"],
        "lines.1.description": ["required"],
        "lines.2": ["required"],
    }


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"lines": "x"}, "lines", "invalid"),
        ({"lines": [1]}, "lines", "invalid"),
        ({"lines": [{}] * 31}, "lines", "too_many"),
        ({"tittle": "x"}, "tittle", "unknown_field"),
        ({"lines": [{"amuont": "1"}]}, "lines.0.amuont", "unknown_field"),
        ({"fund": None}, "fund", "required"),
        ({"title": ["x"]}, "title", "invalid"),
        ({"beneficiary": 10**30}, "beneficiary", "invalid_choice"),
        ({"purpose": "a\x00b"}, "purpose", "null_characters_not_allowed"),
    ],
)
def test_a_misshapen_draft_is_refused(world, change, field, code):
    assert code in errors(Api(world.clerk_a).post("fund-requests/", body(world, **change)))[field]


def test_only_who_may_draft_for_the_school_drafts(world):
    for who in ("clerk_b", "teacher", "cashier_a", "admin"):
        answer = Api(world.users[who]).post("fund-requests/", body(world))
        assert refusal(answer) == (403, "not_a_drafter", "4.2.b"), who
    assert not FundRequest.objects.exists()


def test_a_draft_is_changed_as_a_whole_or_in_part(world):
    api, row = Api(world.clerk_a), draft(world)
    changed = {k: v for k, v in body(world, "99.90").items() if k not in ("fund", "school")}
    whole = api.send("PUT", at(row), {**changed, "title": "另一事项"})
    assert (whole.status_code, whole.json()["title"], whole.json()["amount"]) == (200, "另一事项", "99.90")
    part = api.send("PATCH", at(row), {"payee": "示例文具店"})
    assert (part.json()["payee"], part.json()["title"]) == ("示例文具店", "另一事项")
    assert part.json()["lines"] == whole.json()["lines"]
    assert errors(api.send("PATCH", at(row), {"fund": world.fund.pk})) == {"fund": ["unknown_field"]}


def test_what_was_returned_is_changed_by_its_requester_only(world):
    row = returned(world)
    for method in ("PUT", "PATCH"):
        refused = Api(world.principal_a).send(method, at(row), {"payee": "x"})
        assert refusal(refused) == (403, "not_requester", "4.2.b")
    told = Api(world.clerk_a).send("PATCH", at(row), {"payee": "示例文具店"}).json()
    assert (told["payee"], told["state"]) == ("示例文具店", "returned")


def test_a_submitted_request_is_not_changed(world):
    row = submitted(world)
    assert refusal(Api(world.clerk_a).send("PATCH", at(row), {"payee": "x"})) == (409, "wrong_state", None)


def test_a_draft_is_deleted_and_a_numbered_request_is_not(world):
    api, row = Api(world.clerk_a), draft(world)
    assert refusal(Api(world.principal_a).send("DELETE", at(row)))[0] == 404
    assert api.send("DELETE", at(row)).status_code == 204
    assert refusal(api.get(at(row))) == (404, "not_found", None)
    again = draft(world)
    key = uuid.uuid4()
    assert api.post(at(again, "delete"), key=key).status_code == 204
    replay = api.post(at(again, "delete"), key=key)
    assert (replay.status_code, replay.headers["Idempotency-Replayed"]) == (204, "true")
    assert refusal(api.send("DELETE", at(submitted(world))))[:2] == (409, "already_numbered")


# Once


def test_the_same_key_and_body_decide_once_and_answer_the_same(world):
    row, api, key = submitted(world), Api(world.principal_a), uuid.uuid4()
    first = api.post(at(row, "approve"), seen(row), key=key)
    assert "Idempotency-Replayed" not in first.headers
    second = api.post(at(row, "approve"), seen(row), key=key)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert Decision.objects.filter(version__fund_request=row).count() == 1


def test_a_draft_is_made_once(world):
    api, key = Api(world.clerk_a), uuid.uuid4()
    first, second = (api.post("fund-requests/", body(world), key=key) for _ in range(2))
    assert (second.status_code, second.json()["id"]) == (201, first.json()["id"])
    assert second.headers["Location"] == first.headers["Location"]
    assert FundRequest.objects.count() == 1


def test_a_payment_is_recorded_once_though_its_form_has_changed_meanwhile(world):
    """After the payment the cashier has nothing left to pay: the replay must not be judged anew."""
    row, api, key = approved(world), Api(world.cashier_a), uuid.uuid4()
    first, second = (api.post(at(row, "pay"), payment(), key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert row.payments.count() == 1


def test_a_key_with_another_body_is_refused(world):
    row, api, key = submitted(world), Api(world.principal_a), uuid.uuid4()
    api.post(at(row, "approve"), seen(row), key=key)
    other = api.post(at(row, "approve"), seen(row, opinion="再想想"), key=key)
    assert refusal(other) == (422, "idempotency_key_reused", None)
    elsewhere = api.post(at(submitted(world, "10.00"), "approve"), seen(row), key=key)
    assert refusal(elsewhere)[1] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("key", "code"), [(None, "idempotency_key_missing"), ("seven", "idempotency_key_unreadable")]
)
def test_every_post_asks_for_a_key(world, key, code):
    row = draft(world)
    for path, sent in ((at(row, "submit"), {}), ("fund-requests/", body(world)), ("measures/", {})):
        assert refusal(Api(world.clerk_a).post(path, sent, key=key)) == (400, code, None)
    assert FundRequest.objects.count() == 1
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_refusal_gives_the_key_back(world):
    row, api, key = submitted(world), Api(world.principal_a), uuid.uuid4()
    assert api.post(at(row, "return"), seen(row, opinion=""), key=key).status_code == 422
    assert api.post(at(row, "return"), seen(row, opinion="请附清单"), key=key).status_code == 200


def test_a_key_of_somebody_else_is_another_key(world):
    row, key = submitted(world), uuid.uuid4()
    assert (
        Api(world.clerk_b).post("fund-requests/", body(world, school="school_b"), key=key).status_code == 201
    )
    assert Api(world.principal_a).post(at(row, "approve"), seen(row), key=key).status_code == 200


# What was seen


@pytest.mark.parametrize("missing", ["version", "digest", "amount"])
@pytest.mark.parametrize("verb", ["approve", "return", "reject"])
def test_a_decision_says_what_it_has_seen(world, verb, missing):
    row = submitted(world)
    sent = seen(row, opinion="意见")
    del sent[missing]
    assert errors(Api(world.principal_a).post(at(row, verb), sent)) == {missing: ["required"]}
    row.refresh_from_db()
    assert row.state == "pending"


@pytest.mark.parametrize("wrong", [{"version": 2}, {"digest": "0" * 64}, {"amount": "4860.01"}])
def test_a_decision_on_what_is_no_longer_so_is_refused(world, wrong):
    row = submitted(world)
    answer = Api(world.principal_a).post(at(row, "approve"), {**seen(row), **wrong})
    assert refusal(answer) == (409, "stale_version", None)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("wrong", [{"version": "x"}, {"amount": "NaN"}, {"digest": ["x"]}])
def test_what_was_seen_must_be_readable(world, wrong):
    row = submitted(world)
    answer = Api(world.principal_a).post(at(row, "approve"), {**seen(row), **wrong})
    assert list(errors(answer)) == list(wrong)
