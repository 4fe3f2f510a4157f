"""Raw decisions, minutes and payments."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from finance.actions import deciding, measures
from finance.actions.cases import current_version, open_steps
from finance.models import (
    Decision,
    Minutes,
    Payment,
)
from kunshan_edu.core import clock
from personnel import actions as personnel
from personnel.choices import Post
from tests.finance.raw import Refuses
from tests.finance.requests import ask, granted, line, pay
from tests.world import appoint

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
    personnel.end(world.posts["principal_a"], valid_to=TODAY, document="免", by=world.personnel)
    return write


@refuses("decision_needs_the_right_today")
def decision_of_an_account_that_may_not_sign_in(world):
    write = decision(world, "principal_a", ask(world, "clerk_a", "1.00"))
    type(world.principal_a).objects.filter(pk=world.principal_a.pk).update(is_active=False)
    return write


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
