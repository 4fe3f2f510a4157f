"""Raw decisions, minutes and payments."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from finance.actions import budget, deciding, measures
from finance.actions.cases import current_version, open_steps
from finance.models import (
    Decision,
    EscalationNotice,
    Minutes,
    Payment,
)
from groups.choices import Authority
from kunshan_edu.core import clock
from kunshan_edu.core.changes import acting
from personnel.choices import Post
from tests.finance.raw import Refuses
from tests.finance.requests import ask, granted, lend, line, pay
from tests.world import appoint, end

refuses = Refuses()
D = Decimal
TODAY = clock.today()
TOMORROW = TODAY + dt.timedelta(days=1)


def decision(world, who, of, **other):
    """A raw decision on a request's first open step."""
    found = current_version(of)
    asked = other.pop("step", None) or open_steps(found)[0]
    facts = {
        "step": asked,
        "version": found,
        "actor": world.users[who],
        "capacity": "示例",
        "appointment_id": 1,
        "verdict": "approve",
        "digest": found.digest,
        "amount": found.amount,
        "idem": uuid.uuid4(),
    }
    return lambda: Decision.objects.create(**{**facts, **other})


@refuses("decision_is_on_what_was_seen")
def decision_on_another_digest(world):
    return decision(world, "principal_a", ask(world, "clerk_a", "1.00"), digest="0" * 64)


@refuses("decision_is_on_what_was_seen")
def decision_on_another_amount(world):
    return decision(world, "principal_a", ask(world, "clerk_a", "1.00"), amount=D("0.99"))


@refuses("decision_is_on_what_was_seen")
def decision_on_a_withdrawn_request(world):
    pending = ask(world, "clerk_a", "1.00")
    write = decision(world, "principal_a", pending)
    deciding.withdraw(pending, by=world.clerk_a)
    return write


@refuses("steps_are_decided_in_order")
def decision_before_its_turn(world):
    pending = ask(world, "clerk_a", "30000.00")
    later = current_version(pending).steps.get(role="group_president")
    return decision(world, "president", pending, step=later)


@refuses("nobody_decides_on_their_own_request")
def decision_of_the_requester(world):
    return decision(world, "principal_a", ask(world, "principal_a", "1.00"))


@refuses("nobody_decides_on_their_own_request")
def decision_of_the_beneficiary(world):
    pending = ask(world, "clerk_a", "1.00", beneficiary=world.principal_a)
    return decision(world, "principal_a", pending)


@refuses("decision_needs_the_right_today")
def decision_of_another_principal(world):
    return decision(world, "principal_b", ask(world, "clerk_a", "1.00"))


@refuses("decision_needs_the_right_today")
def decision_after_the_appointment_ended(world):
    write = decision(world, "principal_a", ask(world, "clerk_a", "1.00"))
    end(world, "principal_a", TODAY)
    return write


@refuses("decision_needs_the_right_today")
def decision_of_an_account_that_may_not_sign_in(world):
    write = decision(world, "principal_a", ask(world, "clerk_a", "1.00"))
    type(world.principal_a).objects.filter(pk=world.principal_a.pk).update(is_active=False)
    return write


PRESIDENT = Authority.APPROVE_AS_PRESIDENT


def before_the_president(world, amount="30000.00", **draft):
    """A request that now waits for the president."""
    pending = ask(world, "clerk_a", amount, **draft)
    for who in ("principal_a", "group_finance"):
        pending = deciding.approve(pending, by=world.users[who])
    return pending


@refuses("decision_names_its_delegation")
def decision_of_a_delegate_as_if_appointed(world):
    lend(world, "deputy", "president", PRESIDENT, world.group)
    return decision(world, "deputy", before_the_president(world))


@refuses("decision_names_its_delegation")
def decision_by_another_delegation(world):
    lend(world, "deputy", "president", PRESIDENT, world.group, number=7)
    return decision(world, "deputy", before_the_president(world), delegation_id=8)


@refuses("decision_names_its_delegation")
def decision_of_the_appointed_as_if_a_delegate(world):
    return decision(world, "president", before_the_president(world), delegation_id=8)


@refuses("decision_needs_the_right_today")
def decision_after_the_delegation_ended(world):
    row = lend(world, "deputy", "president", PRESIDENT, world.group, number=7)
    write = decision(world, "deputy", before_the_president(world), delegation_id=7)
    with acting("finance.test", world.admin):
        type(row).objects.filter(pk=row.pk).update(valid_to=TODAY)
    return write


@refuses("delegate_stays_below_the_ceiling")
def decision_one_fen_above_the_ceiling(world):
    lend(world, "deputy", "president", PRESIDENT, world.group, number=7, ceiling="29999.99")
    return decision(world, "deputy", before_the_president(world), delegation_id=7)


@refuses("delegate_stays_below_the_ceiling")
def decision_above_the_ceiling_by_what_was_split_off(world):
    """The ceiling holds the amount that limits compare: with what was asked of the same payee before."""
    lend(world, "deputy", "president", PRESIDENT, world.group, number=7, ceiling="30000.00")
    ask(world, "clerk_a", "0.01")
    pending = before_the_president(world)
    return decision(world, "deputy", pending, delegation_id=7, verdict="reject", opinion="不同意。")


@refuses("delegate_does_not_decide_for_the_giver")
def decision_that_benefits_the_giver(world):
    finance = Authority.REVIEW_AS_BUREAU_FINANCE
    lend(world, "basic", "finance_1", finance, world.bureau, number=7)
    pending = before_the_president(world, "60000.00", beneficiary=world.finance_1)
    pending = deciding.approve(pending, by=world.president)
    return decision(world, "basic", pending, delegation_id=7)


@refuses("delegate_does_not_decide_for_the_giver")
def decision_on_what_the_giver_asks(world):
    """Here the requester is one of two who check the group's accounts."""
    appoint(world, "clerk_a", Post.GROUP_FINANCE, world.group, valid_from=TODAY)
    lend(world, "office", "clerk_a", Authority.CHECK_GROUP_ACCOUNTS, world.group, number=7)
    pending = deciding.approve(ask(world, "clerk_a", "30000.00"), by=world.principal_a)
    return decision(world, "office", pending, delegation_id=7)


@refuses("delegate_does_not_decide_for_the_giver")
def decision_for_an_unknown_giver(world):
    row = lend(world, "deputy", "president", PRESIDENT, world.group, number=7)
    write = decision(world, "deputy", before_the_president(world), delegation_id=7)
    with acting("finance.test", world.admin):
        type(row).objects.filter(pk=row.pk).update(giver_id=None)
    return write


@refuses("nobody_decides_on_their_own_request")
def decision_of_a_delegate_who_benefits(world):
    lend(world, "deputy", "president", PRESIDENT, world.group, number=7)
    pending = before_the_president(world, beneficiary=world.deputy)
    return decision(world, "deputy", pending, delegation_id=7)


@refuses("one_approval_per_person_and_version")
def second_approval_of_one_person_as_a_delegate(world):
    lend(world, "group_finance", "president", PRESIDENT, world.group, number=7)
    return decision(world, "group_finance", before_the_president(world), delegation_id=7)


@refuses("a_step_is_brought_to_mind_once")
def second_notice_of_one_kind(world):
    [step] = open_steps(current_version(ask(world, "clerk_a", "1.00")))
    facts = {"step": step, "kind": "remind", "waited_days": 2, "told": 1}
    return lambda: [EscalationNotice.objects.create(**facts) for _time in range(2)]


@refuses("no_approval_on_a_closed_year")
def approval_when_the_year_is_frozen(world):
    write = decision(world, "principal_a", ask(world, "clerk_a", "1.00"))
    budget.freeze(world.fund, by=world.finance_1)
    return write


@refuses("only_who_decides_or_consents_rejects")
def rejection_by_who_only_checks(world):
    pending = deciding.approve(ask(world, "clerk_a", "30000.00"), by=world.principal_a)
    return decision(world, "group_finance", pending, verdict="reject", opinion="不同意。")


@refuses("bureau_staff_do_not_review_where_they_serve")
def review_by_who_serves_in_a_member_school(world):
    appoint(world, "finance_1", Post.CASHIER, world.school_b, valid_from=TODAY)
    pending = ask(world, "clerk_a", "60000.00")
    for who in (world.principal_a, world.group_finance, world.president):
        pending = deciding.approve(pending, by=who)
    return decision(world, "finance_1", pending)


@refuses("approval_needs_measures_in_force")
def approval_without_measures(world):
    write = decision(world, "principal_a", ask(world, "clerk_a", "1.00"))
    measures.end(world.measures, valid_to=TODAY, by=world.leader)
    return write


@refuses("large_sums_are_decided_collectively")
def approval_of_a_large_sum_without_minutes(world):
    pending = ask(world, "office", "50000.00", school=None, bearer="school_a")
    return decision(world, "president", pending)


@refuses("one_approval_per_person_and_version")
def second_approval_of_one_person(world):
    appoint(world, "principal_a", Post.GROUP_FINANCE, world.group, valid_from=TODAY)
    pending = ask(world, "clerk_a", "30000.00")
    deciding.approve(pending, by=world.principal_a)
    return decision(world, "principal_a", pending)


@refuses("return_and_reject_give_a_reason")
def return_without_a_reason(world):
    return decision(world, "principal_a", ask(world, "clerk_a", "1.00"), verdict="return")


@refuses("finance_decision_step_id_key")
def two_decisions_on_one_step(world):
    pending = ask(world, "clerk_a", "3000.00", beneficiary=world.president)
    deciding.approve(pending, by=world.principal_a)
    writes = [decision(world, who, pending) for who in ("finance_1", "finance_2")]
    return lambda: [write() for write in writes]


@refuses("finance_decision_idem_key")
def one_key_for_two_decisions(world):
    pending, key = [ask(world, "clerk_a", "1.00", payee=x) for x in ("甲", "乙")], uuid.uuid4()
    writes = [decision(world, "principal_a", each, idem=key) for each in pending]
    return lambda: [write() for write in writes]


def raw_minutes(world, **other):
    pending = ask(world, "clerk_a", "60000.00")
    facts = {
        "body": "党委会",
        "number": "1",
        "held_on": TODAY,
        "due": 9,
        "present": 6,
        "conclusion": "同意。",
    }
    return lambda: Minutes.objects.create(
        fund_request=pending, recorded_by=world.office, **{**facts, **other}
    )


@refuses("present_are_among_those_due")
def more_present_than_due(world):
    return raw_minutes(world, due=5)


@refuses("two_thirds_are_present")
def too_few_present(world):
    return raw_minutes(world, due=10)


def payment(world, who, of, **other):
    """A raw payment of school A."""
    facts = {
        "fund_request": of,
        "version": current_version(of),
        "school": world.school_a,
        "amount": D("1.00"),
        "voucher_no": uuid.uuid4().hex[:12],
        "paid_on": TODAY,
        "paid_by": world.users[who],
        "capacity": "出纳",
        "appointment_id": 1,
        "idem": uuid.uuid4(),
    }
    return lambda: Payment.objects.create(**{**facts, **other})


@refuses("payment_follows_approval")
def payment_before_approval(world):
    return payment(world, "cashier_a", ask(world, "clerk_a", "1.00"))


@refuses("payment_is_made_by_the_bearing_school")
def payment_by_another_school(world):
    return payment(world, "cashier_b", granted(world, "clerk_a", "1.00"), school=world.school_b)


@refuses("payment_is_made_by_the_bearing_school")
def payment_above_what_was_approved(world):
    return payment(world, "cashier_a", granted(world, "clerk_a", "1.00"), amount=D("1.01"))


@refuses("payer_is_neither_requester_nor_approver")
def payment_by_the_requester(world):
    return payment(world, "clerk_a", granted(world, "clerk_a", "1.00"))


@refuses("payer_is_neither_requester_nor_approver")
def payment_by_an_approver(world):
    return payment(world, "principal_a", granted(world, "clerk_a", "1.00"))


@refuses("decision_needs_the_right_today")
def payment_by_the_accountant(world):
    return payment(world, "accountant_a", granted(world, "clerk_a", "1.00"))


@refuses("payment_is_positive")
def payment_of_nothing(world):
    return payment(world, "cashier_a", granted(world, "clerk_a", "1.00"), amount=D("0.00"))


@refuses("each_school_pays_a_request_once")
def second_payment_of_a_school(world):
    lines = [line(world, "school_a", "10.00"), line(world, "school_b", "10.00")]
    paying = pay(world, granted(world, "office", "", school=None, lines=lines), "cashier_a", "1.00")
    return payment(world, "cashier_a", paying)


@refuses("a_voucher_pays_once")
def voucher_used_before(world):
    first, second = (granted(world, "clerk_a", "1.00", payee=x) for x in ("甲", "乙"))
    pay(world, first, "cashier_a", "1.00", voucher_no="8-015")
    return payment(world, "cashier_a", second, voucher_no="8-015")


@refuses("finance_payment_idem_key")
def one_key_for_two_payments(world):
    approved, key = [granted(world, "clerk_a", "1.00", payee=x) for x in ("甲", "乙")], uuid.uuid4()
    writes = [payment(world, "cashier_a", each, idem=key) for each in approved]
    return lambda: [write() for write in writes]
