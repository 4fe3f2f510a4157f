"""Raw writes to fund requests, their versions, lines and steps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from unittest import mock

from finance.actions import budget, deciding, submitting
from finance.actions.cases import current_version
from finance.models import (
    BudgetLine,
    DraftLine,
    FundRequest,
    RequestLine,
    RequestStep,
    RequestVersion,
)
from groups import actions as register
from kunshan_edu.core import clock
from tests.finance.raw import Refuses
from tests.finance.requests import ask, budget_line, granted, line, make

refuses = Refuses()
D = Decimal
TODAY = clock.today()
TOMORROW = TODAY + dt.timedelta(days=1)


def as_is(verb: str) -> Any:
    """The rules in Python set aside: what is refused then, the database refuses."""
    return mock.patch(f"finance.actions.{verb}.demand")


def rows_of(row):
    return type(row)._base_manager.filter(pk=row.pk)


@refuses("request_comes_from_a_school_or_the_group_office")
def request_of_a_school_without_a_school(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: rows_of(draft).update(school=None)


@refuses("line_is_of_a_department_of_the_group")
def line_of_a_school_s_request(world):
    facts = {
        "fund": world.fund,
        "origin": 1,
        "school": world.school_a,
        "line": "moral",
        "requester": world.clerk_a,
    }
    return lambda: FundRequest.objects.create(**facts, title="示例", used_on=TODAY, payee="示例")


@refuses("submitted_content_is_frozen")
def request_moved_to_another_line(world):
    draft = make(world, "office", "1.00", school=None, bearer="school_a")
    return lambda: rows_of(draft).update(line="moral")


@refuses("finance_fundrequest_number_key")
def number_of_another_request(world):
    number = ask(world, "clerk_a", "1.00").number
    draft = make(world, "clerk_a", "1.00")

    def write():
        with mock.patch.object(submitting, "_next_number", return_value=number):
            submitting.submit(draft, by=world.clerk_a)

    return write


@refuses("submitted_request_has_a_number_and_a_version")
def submitted_without_a_number(world):
    draft = make(world, "clerk_a", "1.00")

    def write():
        with mock.patch.object(submitting, "_next_number", return_value=None):
            submitting.submit(draft, by=world.clerk_a)

    return write


@refuses("request_is_made_on_an_allocated_fund")
def submit_on_a_frozen_fund(world):
    draft = make(world, "clerk_a", "1.00")
    budget.freeze(world.fund, by=world.finance_1)

    def write():
        with as_is("submitting"):
            submitting.submit(draft, by=world.clerk_a)

    return write


@refuses("request_state_moves_along_its_table")
def request_born_approved(world):
    draft = make(world, "clerk_a", "1.00")
    draft.pk, draft.state, draft.number, draft.current = None, "approved", "SL-1", 1
    return lambda: draft.save(force_insert=True)


@refuses("request_state_moves_along_its_table")
def submitted_without_a_version(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: rows_of(draft).update(state="pending", current=1, number="SL-1")


@refuses("request_state_moves_along_its_table")
def submitted_without_a_reserve(world):
    draft = make(world, "clerk_a", "1.00")

    def write():
        with mock.patch("finance.ledger.reserve"):
            submitting.submit(draft, by=world.clerk_a)

    return write


@refuses("request_state_moves_along_its_table")
def rejected_without_a_release(world):
    pending = ask(world, "clerk_a", "1.00")
    return lambda: rows_of(pending).update(state="rejected")


@refuses("request_state_moves_along_its_table")
def paid_without_a_payment(world):
    approved = granted(world, "clerk_a", "1.00")
    return lambda: rows_of(approved).update(state="paid")


@refuses("request_is_approved_by_every_step")
def approved_without_its_decisions(world):
    pending = ask(world, "clerk_a", "30000.00")
    deciding.approve(pending, by=world.principal_a)
    return lambda: rows_of(pending).update(state="approved")


FROZEN = {
    "title": "改名",
    "amount": D("2.00"),
    "payee": "另一家",
    "current": 2,
    "requester_id": 1,
    "beneficiary_id": 1,
    "number": "SL-1",
}


def rewrite_pending(world, **change):
    pending = ask(world, "clerk_a", "1.00")
    return lambda: rows_of(pending).update(**change)


for column in FROZEN:

    def frozen(world, column=column):
        return rewrite_pending(world, **{column: FROZEN[column]})

    frozen.__name__ = f"rewrite_{column}_of_a_pending_request"
    refuses("submitted_content_is_frozen")(frozen)


@refuses("submitted_content_is_frozen")
def renumber_a_returned_request(world):
    returned = deciding.return_(ask(world, "clerk_a", "1.00"), by=world.principal_a, opinion="请补正。")
    return lambda: rows_of(returned).update(number="SL-1")


@refuses("submitted_content_is_frozen")
def hand_a_draft_to_another_requester(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: rows_of(draft).update(requester=world.principal_a)


@refuses("submitted_content_is_frozen")
def delete_a_submitted_request(world):
    withdrawn = deciding.withdraw(ask(world, "clerk_a", "1.00"), by=world.clerk_a)
    return lambda: rows_of(withdrawn)._raw_delete("default")


@refuses("submitted_content_is_frozen")
def draft_line_of_a_pending_request(world):
    pending = ask(world, "clerk_a", "1.00")
    facts = line(world, "school_a", "2.00")
    return lambda: DraftLine.objects.create(fund_request=pending, **facts)


@refuses("submitted_content_is_frozen")
def draft_lines_deleted_from_a_pending_request(world):
    pending = ask(world, "clerk_a", "1.00")
    return lambda: pending.draft_lines.all().delete()


def version(draft, **other):
    """A raw version of a draft: what submitting would write."""
    facts = {
        "fund_request": draft,
        "number": draft.current + 1,
        "amount": draft.amount,
        "band_amount": draft.amount,
        "digest": "0" * 64,
        "content": {},
        "submitted_by": draft.requester,
    }
    return RequestVersion.objects.create(**{**facts, **other})


def request_line(world, of, amount="1.00", **other):
    facts = {
        "school": world.school_a,
        "category": world.categories["research"],
        "budget_line": budget_line(world),
    }
    return RequestLine.objects.create(version=of, amount=D(amount), description="用途", **{**facts, **other})


def step(world, of, **other):
    facts = {"role": "executive_principal", "act": "approve", "school": world.school_a, "why": "依据"}
    return RequestStep.objects.create(version=of, seq=1, **{**facts, **other})


@refuses("submitted_content_is_frozen")
def second_version_of_a_pending_request(world):
    pending = ask(world, "clerk_a", "1.00")
    return lambda: version(pending)


@refuses("submitted_content_is_frozen")
def version_that_leaves_one_out(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: version(draft, number=2)


@refuses("submitted_content_is_frozen")
def line_added_after_submission(world):
    of = current_version(ask(world, "clerk_a", "1.00"))
    return lambda: request_line(world, of)


@refuses("submitted_content_is_frozen")
def step_added_after_submission(world):
    of = current_version(ask(world, "clerk_a", "1.00"))
    return lambda: step(world, of)


STEP_CHANGES = {
    "sent_to_the_president": {"role": "group_president", "school": None, "group_id": 1},
    "sent_to_another_school": {"school_id": 2},
    "lifted_without_a_vacancy": {"role": "bureau_leader", "school": None, "bureau_id": 1},
    "put_later": {"seq": 2},
    "of_another_act": {"act": "consent"},
    "given_another_reason": {"why": "随意"},
}
for word in STEP_CHANGES:

    def changed(world, word=word):
        steps = current_version(ask(world, "clerk_a", "1.00")).steps
        return lambda: steps.update(**STEP_CHANGES[word])

    changed.__name__ = f"step_{word}"
    refuses("submitted_content_is_frozen")(changed)


@refuses("submitted_content_is_frozen")
def waiting_begun_anew(world):
    steps = current_version(ask(world, "clerk_a", "1.00")).steps
    return lambda: steps.update(opened_at=clock.now())


@refuses("submitted_content_is_frozen")
def waiting_forgotten(world):
    steps = current_version(ask(world, "clerk_a", "1.00")).steps
    return lambda: steps.update(opened_at=None)


@refuses("submitted_content_is_frozen")
def waiting_step_dated(world):
    steps = current_version(ask(world, "clerk_a", "30000.00")).steps.filter(role="group_president")
    return lambda: steps.update(opened_at=clock.now())


@refuses("open_step_says_since_when")
def step_opened_without_a_time(world):
    steps = current_version(ask(world, "clerk_a", "30000.00")).steps.filter(role="group_president")
    return lambda: steps.update(state="open")


@refuses("submitted_content_is_frozen")
def waiting_step_lifted(world):
    steps = current_version(ask(world, "clerk_a", "30000.00")).steps.filter(role="group_president")
    return lambda: steps.update(role="bureau_leader", group=None, bureau_id=1, reason="vacant")


@refuses("submitted_content_is_frozen")
def decided_step_reopened(world):
    steps = current_version(granted(world, "clerk_a", "1.00")).steps
    return lambda: steps.update(state="open")


@refuses("submitted_content_is_frozen")
def step_deleted(world):
    steps = current_version(ask(world, "clerk_a", "1.00")).steps
    return lambda: steps.all()._raw_delete("default")


@refuses("request_versions_are_numbered")
def version_of_a_known_number(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: [version(draft), version(draft)]


@refuses("version_amount_is_positive")
def version_of_nothing(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: version(draft, amount=D(0))


@refuses("band_covers_the_amount")
def band_below_the_amount(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: version(draft, band_amount=D("0.99"))


@refuses("version_amount_is_the_sum_of_its_lines")
def version_of_another_sum(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: request_line(world, version(draft), "0.99")


@refuses("version_amount_is_the_sum_of_its_lines")
def version_without_lines(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: version(draft)


@refuses("line_amount_is_positive")
def line_of_nothing(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: request_line(world, version(draft), "0.00")


@refuses("line_follows_the_affiliation")
def line_on_the_budget_of_another_school(world):
    draft, other = make(world, "clerk_a", "1.00"), budget_line(world, "school_b")
    return lambda: request_line(world, version(draft), budget_line=other)


@refuses("line_follows_the_affiliation")
def line_on_the_budget_of_another_category(world):
    draft, other = make(world, "clerk_a", "1.00"), budget_line(world, category="office")
    return lambda: request_line(world, version(draft), budget_line=other)


@refuses("line_follows_the_affiliation")
def line_on_the_fund_of_another_group(world):
    draft = make(world, "clerk_a", "1.00")
    other = BudgetLine.objects.get(fund=world.other_fund, category=world.categories["research"])
    return lambda: request_line(world, version(draft), school=world.school_e, budget_line=other)


@refuses("line_is_of_a_member_school")
def line_of_a_school_that_left(world):
    draft = make(world, "clerk_a", "1.00", bearer="school_b")
    membership = world.group.memberships.get(school=world.school_b)
    register.leave(membership, valid_to=TODAY, leave_document="昆教〔2026〕3号", by=world.basic)
    other = budget_line(world, "school_b")
    return lambda: request_line(world, version(draft), school=world.school_b, budget_line=other)


@refuses("step_asks_its_role_on_its_container")
def principal_of_a_group(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: step(world, version(draft), school=None, group=world.group)


@refuses("step_asks_its_role_on_its_container")
def president_of_a_group_and_a_school(world):
    draft = make(world, "clerk_a", "1.00")
    return lambda: step(world, version(draft), role="group_president", group=world.group)
