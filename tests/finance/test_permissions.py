"""Every verb of the special fund × everybody in the world, against one declared matrix; and what each person sees."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from finance import verbs
from finance.actions import budget, deciding, drafting, measures
from finance.models import BudgetLine, FundRequest, GroupFund, Measures, RequestStep
from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denied
from tests.finance.requests import ask, budget_line, granted, line, make, pay
from tests.world import prepare_measures

pytestmark = pytest.mark.django_db
D = Decimal
EVERYBODY = frozenset(
    [
        "personnel", "president", "deputy", "office", "group_finance", "principal_a", "principal_b",
        "principal_c", "vice_a", "accountant_a", "cashier_a", "cashier_b", "cashier_c", "clerk_a",
        "clerk_b", "clerk_c", "head_a", "leader", "finance_1", "finance_2", "basic", "supervision",
        "district_officer", "other_president", "principal_e", "clerk_e", "cashier_e", "teacher",
        "parent", "admin",
    ]
)  # fmt: skip
NAMES = {
    "fund_request": verbs.FUND_REQUEST,
    "group_fund": verbs.GROUP_FUND,
    "budget_line": verbs.BUDGET_LINE,
    "measures": verbs.MEASURES,
}


# What each verb is tried on. The requester of school A's requests is clerk_a, of the group office's `office`.


def draft(world):
    return make(world, "clerk_a", "100.00")


def pending(world):
    return ask(world, "clerk_a", "100.00")


def at_step(*before):
    """A request of 60,000 yuan of district school C, agreed to by those before."""

    def prepare(world):
        found = ask(world, "clerk_c", "60000.00", school="school_c")
        deciding.record_minutes(found, by=world.office, **MINUTES)
        for who in before:
            deciding.approve(found, by=world.users[who])
        return FundRequest.objects.get(pk=found.pk)

    return prepare


def large(world):
    return ask(world, "clerk_a", "60000.00")


def approved(world):
    return granted(world, "clerk_a", "100.00")


def approved_by_president(world):
    return granted(world, "clerk_a", "30000.00")


def borne_by_two(world):
    lines = [line(world, "school_a", "10.00"), line(world, "school_b", "10.00")]
    return granted(world, "office", "", school=None, lines=lines)


def fund(world):
    return world.fund


def one_line(world):
    return budget_line(world)


def draft_measures(world):
    return prepare_measures(world.finance_1, document="昆教财〔2026〕9号", valid_from=clock.today())


def publishable(world):
    new = draft_measures(world)
    measures.end(world.measures, valid_to=clock.today(), by=world.leader)
    return new


def in_force(world):
    return world.measures


MINUTES = {
    "body": "党委会",
    "number": "1",
    "held_on": clock.today(),
    "due": 3,
    "present": 2,
    "conclusion": "同意。",
}
OPINION = {"opinion": "意见。"}
ALLOCATION = {"amount": D("1.00"), "document": "昆教财〔2026〕9号"}
LIMIT = {"origin": 1, "role": "bureau_leader", "above": D(1), "up_to": D(2), "steps": ()}
FINANCE, LEADER = {"finance_1", "finance_2"}, {"leader"}

# (noun, verb, on what, with what, who may)
MATRIX = [
    ("fund_request", "submit", draft, {}, {"clerk_a"}),
    ("fund_request", "delete", draft, {}, {"clerk_a"}),
    ("fund_request", "withdraw", pending, {}, {"clerk_a"}),
    ("fund_request", "approve", pending, {}, {"principal_a"}),
    ("fund_request", "approve", at_step(), {}, {"principal_c"}),
    ("fund_request", "approve", at_step("principal_c"), {}, {"group_finance"}),
    ("fund_request", "approve", at_step("principal_c", "group_finance"), {}, {"president"}),
    (
        "fund_request",
        "approve",
        at_step("principal_c", "group_finance", "president"),
        {},
        {"district_officer"},
    ),
    (
        "fund_request",
        "approve",
        at_step("principal_c", "group_finance", "president", "district_officer"),
        {},
        FINANCE,
    ),
    (
        "fund_request",
        "approve",
        at_step("principal_c", "group_finance", "president", "district_officer", "finance_1"),
        {},
        LEADER,
    ),
    ("fund_request", "return", pending, OPINION, {"principal_a"}),
    ("fund_request", "return", at_step("principal_c"), OPINION, {"group_finance"}),
    ("fund_request", "reject", at_step("principal_c", "group_finance"), OPINION, {"president"}),
    (
        "fund_request",
        "record_minutes",
        large,
        MINUTES,
        {
            "clerk_a",
            "head_a",
            "vice_a",
            "principal_a",
            "accountant_a",
            "office",
            "group_finance",
            "president",
        },
    ),
    ("fund_request", "pay", approved, {"amount": D("100.00")}, {"cashier_a"}),
    ("fund_request", "pay", borne_by_two, {"amount": D("10.00")}, {"cashier_a", "cashier_b"}),
    ("fund_request", "cancel", approved, OPINION, {"principal_a"}),
    ("fund_request", "cancel", approved_by_president, OPINION, {"president"}),
    ("group_fund", "allocate", fund, ALLOCATION, FINANCE),
    ("group_fund", "freeze", fund, {}, FINANCE),
    ("budget_line", "cut", one_line, ALLOCATION, FINANCE),
    ("measures", "add_limit", draft_measures, LIMIT, FINANCE),
    ("measures", "publish", publishable, {}, LEADER),
    ("measures", "end", in_force, {"valid_to": clock.today()}, LEADER),
]
# The verbs that begin something: no row to stand on, so no row in a verb table.
BEGINNINGS = {
    "draft of school A": {"clerk_a", "head_a", "vice_a", "principal_a", "accountant_a"},
    "draft of the group office": {"office", "group_finance"},
    "edit of a draft": {"clerk_a"},
    "fund": FINANCE,
    "measures": FINANCE,
}


def test_everybody_in_the_world_is_in_the_matrix(world):
    assert set(world.users) == EVERYBODY
    assert all(allowed <= EVERYBODY for *_rest, allowed in MATRIX)


def test_every_verb_is_in_the_matrix():
    tried = {(noun, verb) for noun, verb, *_rest in MATRIX}
    assert tried == {(noun, verb.name) for noun, table in NAMES.items() for verb in table.verbs}


def found_verb(noun, name):
    return next(v for v in NAMES[noun].verbs if v.name == name)


def filled(world, name, form):
    """The form with what names a row of this world, or happens once."""
    if name == "pay":
        return {**form, "voucher_no": uuid.uuid4().hex[:12], "paid_on": clock.today()}
    if name == "allocate":
        return {**form, "school": world.school_a, "category": world.categories["office"]}
    if name == "add_limit":
        return {**form, "category": world.categories["office"]}
    return form


def really(action):
    """Did the action go through? Rolled back in either case."""
    try:
        with transaction.atomic():
            action()
            transaction.set_rollback(True)
    except Denied:
        return False
    return True


@pytest.mark.parametrize(
    ("noun", "name", "prepare", "form", "allowed"),
    [pytest.param(*row, id=f"{n}-{row[0]}-{row[1]}-{row[2].__name__}") for n, row in enumerate(MATRIX)],
)
def test_verb(world, noun, name, prepare, form, allowed):
    """The rule offers the verb to exactly these, and the action does it for exactly these."""
    row, verb, table = prepare(world), found_verb(noun, name), NAMES[noun]
    offered = {who for who, user in world.users.items() if verb.rule(table.case_for(row, user)) is None}
    assert offered == allowed
    done = {
        who
        for who, user in world.users.items()
        if really(lambda user=user: verb.action(row, by=user, **filled(world, name, form)))
    }
    assert done == allowed


def test_beginnings(world):
    row = draft(world)
    year = clock.today().year + 1
    tries = {
        "draft of school A": lambda who: make(world, who, "1.00"),
        "draft of the group office": lambda who: make(world, who, "1.00", school=None, bearer="school_a"),
        "edit of a draft": lambda who: drafting.edit(
            row, lines=[line(world, "school_a", "2.00")], by=world.users[who]
        ),
        "fund": lambda who: budget.open_fund(world.group, fiscal_year=year, by=world.users[who]),
        "measures": lambda who: prepare_measures(world.users[who], document="昆教财〔2026〕9号"),
    }
    found = {
        what: {who for who in world.users if really(lambda who=who, attempt=attempt: attempt(who))}
        for what, attempt in tries.items()
    }
    assert found == BEGINNINGS


def test_an_account_that_may_not_sign_in_may_do_nothing(world):
    row = pending(world)
    world.principal_a.is_active = False
    world.principal_a.save()
    assert not really(lambda: deciding.approve(row, by=world.principal_a))


def test_no_right_follows_from_rank(world):
    for noun, name, prepare, _form, _allowed in MATRIX:
        with transaction.atomic():
            row = prepare(world)
            assert found_verb(noun, name).rule(NAMES[noun].case_for(row, world.admin)) is not None, name
            transaction.set_rollback(True)


# What each person sees.

BUREAU = {"leader", "finance_1", "finance_2", "supervision"}
GROUP = {"president", "deputy", "office", "group_finance"}
SEES = {
    "A's draft": {"clerk_a"},
    "A's request": {"clerk_a", "principal_a", "vice_a", "accountant_a", "cashier_a", *GROUP, *BUREAU},
    "B's request": {"clerk_b", "principal_b", "cashier_b", *GROUP, *BUREAU},
    "C's request": {"clerk_c", "principal_c", "cashier_c", "district_officer", *GROUP, *BUREAU},
    "group office, borne by B and C": {
        *("principal_b", "cashier_b", "principal_c", "cashier_c", "district_officer"),
        *GROUP,
        *BUREAU,
    },
    "E's request": {"clerk_e", "principal_e", "cashier_e", "other_president", *BUREAU},
}


def requests_of(world):
    lines = [line(world, "school_b", "10.00"), line(world, "school_c", "10.00")]
    elsewhere = drafting.draft(
        fund=world.other_fund,
        school=world.school_e,
        title="他处",
        purpose="示例",
        used_on=clock.today(),
        payee="示例",
        lines=[line(world, "school_e", "10.00")],
        by=world.clerk_e,
    )
    return {
        "A's draft": draft(world),
        "A's request": pending(world),
        "B's request": ask(world, "clerk_b", "10.00", school="school_b"),
        "C's request": ask(world, "clerk_c", "10.00", school="school_c"),
        "group office, borne by B and C": ask(world, "office", "", school=None, lines=lines, payee="另一家"),
        "E's request": verbs.submitting.submit(elsewhere, by=world.clerk_e),
    }


def test_who_sees_which_request(world):
    rows = requests_of(world)
    seen = {who: set(FundRequest.objects.visible_to(user)) for who, user in world.users.items()}
    assert {name: {who for who in seen if row in seen[who]} for name, row in rows.items()} == SEES
    assert not FundRequest.objects.visible_to(AnonymousUser()).exists()
    for user in world.users.values():
        found = FundRequest.objects.visible_to(user)
        assert found.count() == len(set(found)), "nothing is listed twice"


def test_who_sees_which_budget(world):
    own = {
        key: {f"{word}_{key}" for word in ("principal", "clerk", "cashier")} for key in ("a", "b", "c", "e")
    }
    expected = {
        "school_a": {*own["a"], "vice_a", "accountant_a", "head_a", *GROUP, *BUREAU},
        "school_b": {*own["b"], *GROUP, *BUREAU},
        "school_c": {*own["c"], "district_officer", *GROUP, *BUREAU},
        "school_e": {*own["e"], "other_president", *BUREAU},
    }
    for key, allowed in expected.items():
        found = BudgetLine.objects.filter(school=world.schools[key], category=world.categories["office"])
        row = found.get()
        assert {w for w, u in world.users.items() if row in BudgetLine.objects.visible_to(u)} == allowed, key
    of_group = expected["school_a"] | expected["school_b"] | expected["school_c"]
    funds = {w: set(GroupFund.objects.visible_to(u)) for w, u in world.users.items()}
    assert {w for w in funds if world.fund in funds[w]} == of_group
    assert {w for w in funds if world.other_fund in funds[w]} == expected["school_e"]


def test_who_sees_which_measures(world):
    new = draft_measures(world)
    seen = {who: set(Measures.objects.visible_to(user)) for who, user in world.users.items()}
    assert {who for who in seen if world.measures in seen[who]} == EVERYBODY
    assert {who for who in seen if new in seen[who]} == {*FINANCE, *LEADER}
    assert not Measures.objects.visible_to(AnonymousUser()).exists()


def test_whose_inbox_asks_for_what(world):
    small, big = pending(world), at_step("principal_c")(world)
    waiting = {
        who: {s.version.fund_request for s in RequestStep.objects.waiting_for(user)}
        for who, user in world.users.items()
    }
    assert {who: rows for who, rows in waiting.items() if rows} == {
        "principal_a": {small},
        "group_finance": {big},
    }
    deciding.return_(small, by=world.principal_a, opinion="请补正。")
    returned = {w for w, u in world.users.items() if FundRequest.objects.returned_to(u).exists()}
    assert returned == {"clerk_a"}


def test_whose_inbox_asks_for_a_payment(world):
    row = borne_by_two(world)

    def asked():
        return {w for w, u in world.users.items() if row in FundRequest.objects.payable_by(u)}

    assert asked() == {"cashier_a", "cashier_b"}
    row = pay(world, row, "cashier_b", "10.00")
    assert asked() == {"cashier_a"}
    row = pay(world, row, "cashier_a", "10.00")
    assert asked() == set()
