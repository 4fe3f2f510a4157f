"""受托审批: how far a delegated right reaches, in whose matter it is not used, and that 代 is shown everywhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from finance.actions import chain, deciding
from finance.actions.cases import case_for, current_version, open_steps
from finance.models import Decision, FundRequest, RequestStep
from finance.rules import fund_request as rules
from finance.rules.delegation import NEXT_ABOVE, Delegated, cannot_use, cannot_use_any
from groups.choices import Authority
from kunshan_edu.core import clock
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import FORBIDDEN
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel import actions as personnel
from personnel.models import Person
from tests.api_client import Api, refusal
from tests.finance.pages import draft_post, get, send, text, url
from tests.finance.requests import approve_all, ask, granted, lend, refused, route, told
from tests.finance.test_chain import BOTH, PRESIDENT, PRINCIPAL, resolve, setting, shown

D = Decimal
AS_PRESIDENT = Authority.APPROVE_AS_PRESIDENT
CHECKED = ("principal_a", "group_finance")


# 规则


@pytest.mark.parametrize(
    ("delegated", "amount", "code"),
    [
        (Delegated(), "999999999999.99", None),
        (Delegated(D("30000.00")), "29999.99", None),
        (Delegated(D("30000.00")), "30000.00", None),
        (Delegated(D("30000.00")), "30000.01", "above_the_ceiling"),
        (Delegated(D("0.00")), "0.01", "above_the_ceiling"),
        (Delegated(concerned=True), "0.01", "givers_own_request"),
        (Delegated(D("1.00"), concerned=True), "30000.00", "givers_own_request"),
    ],
)
def test_how_far_a_delegation_reaches(delegated, amount, code):
    denial = cannot_use(delegated, D(amount))
    assert (denial and denial.code) == code
    if denial:
        assert (denial.status, denial.clause) == (FORBIDDEN, Clause.C4_2_L)


def test_the_refusal_names_both_figures_and_who_decides_instead():
    denial = cannot_use(Delegated(D("30000.00")), D("34860.00"), "示例总校长")
    assert all(word in str(denial) for word in ("30,000.00", "34,860.00", "请由示例总校长办理"))
    assert NEXT_ABOVE in str(cannot_use(Delegated(concerned=True), D(1)))


@pytest.mark.parametrize(
    ("delegations", "code", "ceiling"),
    [
        ((), None, None),
        ((Delegated(D(10)), Delegated(D(200))), None, None),
        ((Delegated(D(10)), Delegated()), None, None),
        ((Delegated(D(10)), Delegated(D(20)), Delegated(D(0))), "above_the_ceiling", "20.00"),
        ((Delegated(concerned=True), Delegated(D(20))), "above_the_ceiling", "20.00"),
        ((Delegated(concerned=True), Delegated(D(200), concerned=True)), "givers_own_request", None),
    ],
)
def test_of_several_delegations_one_that_reaches_is_enough(delegations, code, ceiling):
    denial = cannot_use_any(delegations, D(100))
    assert (denial and denial.code) == code
    assert denial is None or denial.params.get("ceiling") == ceiling


LENT = rules.OpenStep(1, PRESIDENT, "approve", mine=True, delegated=(Delegated(D(100)),), instead="某人")
OWN = rules.OpenStep(2, PRINCIPAL, "consent", mine=True)
CASE = rules.Case(state="pending", version=1, amount=D(100), band=D(100), open_steps=(LENT,))


@pytest.mark.parametrize("verb", [rules.cannot_approve, rules.cannot_return, rules.cannot_reject])
def test_every_decision_of_a_delegate_stays_below_the_ceiling(verb):
    assert verb(CASE) is None
    assert verb(replace(CASE, band=D("100.01"))).code == "above_the_ceiling", (
        "the band counts, not the amount"
    )
    assert verb(replace(CASE, band=D("100.01"), open_steps=(LENT, OWN))) is None
    assert verb(replace(CASE, is_requester=True)).code == "own_request"


def test_a_step_out_of_reach_asks_for_no_minutes():
    case = replace(CASE, needs_minutes=True)
    assert rules.cannot_approve(case).code == "minutes_needed"
    assert rules.cannot_approve(replace(case, band=D(101), open_steps=(LENT, OWN))) is None


# 审批链


def test_who_stands_in_for_the_president_is_asked_beside_her():
    step = resolve(setting("30000.00", holders={(PRESIDENT, 1): {5, 50}}))[-1]
    assert (step.people, step.delegates) == ({5, 50}, frozenset())
    lent = replace(setting("30000.00", holders={(PRESIDENT, 1): {5, 50}}), delegates={(PRESIDENT, 1): {50}})
    assert resolve(lent)[-1].delegates == {50}


def test_what_benefits_a_stand_in_is_still_the_principals():
    """The president presides over the principal; who signs for her for some days does not."""
    lent = replace(
        setting("3000.00", holders={(PRESIDENT, 1): {5, 50}}, avoid={50}), delegates={(PRESIDENT, 1): {50}}
    )
    assert shown(resolve(lent)) == ["1 executive_principal@1:approve"]


def test_a_president_who_heads_the_school_leaves_the_decision_to_who_stands_in():
    holders = {**BOTH, (PRESIDENT, 1): {5, 50}}
    [*_rest, step] = resolve(setting("30000.00", holders=holders))
    assert (step.role, step.people) == (PRESIDENT, {50})


@pytest.fixture
def lent(world):
    """The president has delegated her right up to 30,000 yuan to the deputy secretary."""
    return lend(world, "deputy", "president", AS_PRESIDENT, world.group, ceiling="30000.00", number=7)


def with_the_president(world, amount, before=CHECKED, **draft):
    """A request on which everybody before the president has decided."""
    found = ask(world, "clerk_a", amount, **draft)
    for who in before:
        found = deciding.approve(found, by=world.users[who])
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "people"), [("30000.00", {"president", "deputy"}), ("30000.01", {"president"})]
)
def test_the_chain_asks_a_delegate_as_far_as_the_ceiling(world, lent, amount, people):
    row = with_the_president(world, amount)
    [step] = open_steps(current_version(row))
    assert {user.username for user in chain.eligible(step)} == people
    assert {who for who, _sentence in told(row)[2:]} == people


@pytest.mark.django_db
def test_the_ceiling_holds_what_was_split_off_too(world, lent):
    ask(world, "clerk_a", "0.01")
    row = with_the_president(world, "30000.00")
    denial = refused("above_the_ceiling", deciding.approve, row, by=world.deputy)
    assert "30,000.01" in str(denial)


@pytest.mark.django_db
def test_a_request_that_benefits_the_president_is_not_her_delegates(world, lent):
    row = ask(world, "clerk_a", "20000.00", beneficiary=world.president)
    assert route(row)[2:] == ["bureau_finance:review", "bureau_leader:approve"]
    version = current_version(row)
    assert {step.instead_of for step in version.steps.all()} == {"", "group_president"}


# 办理


@pytest.mark.django_db
def test_a_delegate_decides_and_the_record_says_for_whom(world, lent):
    row = deciding.approve(with_the_president(world, "30000.00"), by=world.deputy)
    assert row.state == "approved"
    decision = Decision.objects.latest("pk")
    assert (decision.actor, decision.capacity) == (world.deputy, "总校长（代）")
    assert (decision.delegation_id, decision.is_delegated) == (7, True)
    assert decision.appointment_id == world.posts["president"].pk
    assert AuditEvent.objects.of(decision).get().capacity["capacity"] == "总校长（代）"
    assert AuditEvent.objects.of(row).filter(verb="finance.approve").latest("pk").actor == world.deputy


@pytest.mark.django_db
@pytest.mark.parametrize("verb", [deciding.approve, deciding.return_, deciding.reject])
def test_above_the_ceiling_the_delegate_is_told_who_decides(world, lent, verb):
    row = with_the_president(world, "30000.01")
    denial = refused("above_the_ceiling", verb, row, by=world.deputy, opinion="意见。")
    assert all(word in str(denial) for word in ("30,000.00", "30,000.01", world.president.name))


@pytest.mark.django_db
def test_the_wider_of_two_delegations_counts(world, lent):
    lend(world, "deputy", "president", AS_PRESIDENT, world.group, number=8, days_ago=1)
    row = with_the_president(world, "40000.00")
    deciding.approve(row, by=world.deputy)
    assert Decision.objects.latest("pk").delegation_id == 8


@pytest.mark.django_db
def test_who_is_also_appointed_decides_by_appointment(world):
    finance = Authority.REVIEW_AS_BUREAU_FINANCE
    lend(world, "finance_1", "finance_2", finance, world.bureau, ceiling="1.00")
    row = with_the_president(world, "60000.00", before=(*CHECKED, "president"))
    deciding.approve(row, by=world.finance_1)
    decision = Decision.objects.latest("pk")
    assert (decision.delegation_id, decision.capacity) == (None, "计财科")
    assert decision.appointment_id == world.posts["finance_1"].pk


@pytest.mark.django_db
def test_nobody_decides_in_the_givers_own_matter(world):
    lend(world, "basic", "finance_1", Authority.REVIEW_AS_BUREAU_FINANCE, world.bureau)
    row = with_the_president(world, "60000.00", before=(*CHECKED, "president"), beneficiary=world.finance_1)
    denial = refused("givers_own_request", deciding.approve, row, by=world.basic)
    assert world.finance_2.name in str(denial)
    assert deciding.approve(row, by=world.finance_2).state == "pending"


@pytest.mark.django_db
def test_who_checked_the_accounts_does_not_also_sign_for_the_president(world):
    lend(world, "group_finance", "president", AS_PRESIDENT, world.group)
    row = with_the_president(world, "30000.00")
    refused("already_approved", deciding.approve, row, by=world.group_finance)
    assert not RequestStep.objects.waiting_for(world.group_finance).exists()


@pytest.mark.django_db
def test_who_signed_for_the_principal_does_not_pay(world):
    lend(world, "cashier_a", "principal_a", Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    row = deciding.approve(ask(world, "clerk_a", "10.00"), by=world.cashier_a)
    assert rules.cannot_pay(case_for(row, world.cashier_a)).code == "payer_is_involved"


@pytest.mark.django_db
def test_a_delegation_that_ended_decides_nothing(world, lent):
    row = with_the_president(world, "20000.00")
    with acting("tests.end", None):
        type(lent).objects.filter(pk=lent.pk).update(valid_to=clock.today())
    refused("not_your_step", deciding.approve, row, by=world.deputy)


@pytest.mark.django_db
def test_from_giving_a_delegation_to_taking_it_back(world):
    """Through personnel's own verbs, as the president and the deputy secretary do it."""
    today = clock.today()
    delegation = personnel.give(
        world.posts["president"],
        delegate=Person.objects.get(user=world.deputy),
        valid_from=today,
        valid_to=today + dt.timedelta(days=7),
        reason="赴外地培训",
        ceiling=D("30000.00"),
        by=world.president,
    )
    rows = [with_the_president(world, "20000.00", payee=payee) for payee in ("甲", "乙")]
    large = with_the_president(world, "30000.01", payee="丙")
    deciding.approve(rows[0], by=world.deputy)
    decision = Decision.objects.latest("pk")
    assert (decision.delegation_id, decision.capacity) == (delegation.pk, "总校长（代）")
    refused("above_the_ceiling", deciding.approve, large, by=world.deputy)
    personnel.revoke(delegation, by=world.president)
    refused("not_your_step", deciding.approve, rows[1], by=world.deputy)
    assert deciding.approve(rows[1], by=world.president).state == "approved"


@pytest.mark.django_db
def test_a_delegate_cancels_what_the_ceiling_holds(world, lent):
    small, large = (
        granted(world, "clerk_a", "20000.00"),
        granted(world, "clerk_b", "40000.00", school="school_b"),
    )
    assert deciding.cancel(small, by=world.deputy, opinion="不办了。").state == "cancelled"
    assert AuditEvent.objects.of(small).get(verb="finance.cancel").capacity["capacity"] == "总校长（代）"
    refused("not_the_approving_level", deciding.cancel, large, by=world.deputy, opinion="不办了。")


# 待办


@pytest.mark.django_db
def test_the_inbox_asks_for_exactly_what_one_may_decide(world, lent):
    """For everybody, of requests below, at and above the ceiling, and of one that benefits the giver."""
    lend(world, "basic", "finance_1", Authority.REVIEW_AS_BUREAU_FINANCE, world.bureau, ceiling="60000.00")
    lend(world, "teacher", "principal_a", Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    ask(world, "clerk_a", "10.00", payee="一")
    ask(world, "clerk_a", "10.00", payee="二", beneficiary=world.principal_a)
    with_the_president(world, "30000.00", payee="三")
    with_the_president(world, "30000.01", payee="四")
    for amount, who, category in (
        ("60000.00", None, "office"), ("60000.01", None, "training"), ("60000.00", world.finance_1, "meeting"),
    ):  # fmt: skip
        facts = {"payee": category, "category": category, "beneficiary": who}
        with_the_president(world, amount, (*CHECKED, "president"), **facts)
    open_requests = list(FundRequest.objects.filter(state="pending"))
    asked = {}
    for who, user in world.users.items():
        waiting = {s.version.fund_request_id for s in RequestStep.objects.waiting_for(user)}
        may = {r.pk for r in open_requests if rules.cannot_decide(case_for(r, user)) is None}
        assert waiting == may - {r.pk for r in open_requests if case_for(r, user).approved_by_actor}, who
        eligible = {
            r.pk
            for r in open_requests
            if any(user in chain.eligible(s) for s in open_steps(current_version(r)))
        }
        assert waiting == eligible, who
        asked[who] = len(waiting)
    assert {who: n for who, n in asked.items() if n} == {
        "principal_a": 1, "teacher": 1, "president": 3, "deputy": 2, "finance_1": 2, "finance_2": 3, "basic": 1,
    }  # fmt: skip


# 代


@pytest.mark.django_db
def test_the_page_shows_who_stood_in(world, lent):
    row = with_the_president(world, "20000.00")
    page = get(world, "clerk_a", "fund_request_detail", row.pk)
    assert f"{world.president.name}、{world.deputy.name}（代）" in text(page)
    row = deciding.approve(row, by=world.deputy)
    page = get(world, "clerk_a", "fund_request_detail", row.pk)
    [entry] = [e for e in page.context["entries"] if e["what"] == "总校长审批：同意"]
    assert entry["who"] == f"{world.deputy.name}（总校长（代））"
    assert f"{world.deputy.name}（代）" in {str(step["note"]) for step in page.context["steps"]}


@pytest.mark.django_db
def test_the_button_out_of_reach_says_why(world, lent):
    row = with_the_president(world, "40000.00")
    page = get(world, "deputy", "fund_request_detail", row.pk)
    assert {o.verb.name: o.denial and o.denial.code for o in page.context["offers"]} == {
        "approve": "above_the_ceiling"
    }
    assert "您受托办理的限额为 30,000.00 元" in text(page)
    answer = send(world, "deputy", url("fund_request_verb", row.pk, "approve"), {"opinion": "同意。"})
    assert answer.status_code == 403


@pytest.mark.django_db
def test_the_preview_shows_who_stands_in(world, lent):
    rows = [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, "20000")]
    answer = send(world, "clerk_a", url("fund_request_preview"), draft_post(world, "clerk_a", rows=rows))
    people = answer.context["preview"].steps[-1]["people"]
    assert sorted(people) == sorted([world.president.name, f"{world.deputy.name}（代）"])


@pytest.mark.django_db
def test_the_api_says_what_was_delegated(world, lent):
    row = deciding.approve(with_the_president(world, "20000.00"), by=world.deputy)
    decisions = Api(world.clerk_a).get(f"fund-requests/{row.pk}/").json()["decisions"]
    assert [(d["capacity"], d["delegated"]) for d in decisions] == [
        ("执行校长", False), ("集团财务", False), ("总校长（代）", True),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_api_refuses_above_the_ceiling_with_the_clause(world, lent):
    row = with_the_president(world, "40000.00")
    version = current_version(row)
    seen = {"version": 1, "digest": version.digest, "amount": str(version.amount), "opinion": "同意。"}
    answer = Api(world.deputy).post(f"fund-requests/{row.pk}/approve/", seen)
    assert refusal(answer) == (403, "above_the_ceiling", "4.2.l")
    assert approve_all(row).state == "approved"
