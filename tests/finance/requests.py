"""Fund requests of the tests: drafted, submitted and decided by the people of the small world, through actions."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from finance.actions import chain, deciding, drafting, paying, submitting
from finance.actions.cases import current_version, open_steps
from finance.choices import RequestState
from finance.models import BudgetLine, BudgetMove, FundRequest
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, Notification


def lend(
    world: Any,
    who: str,
    giver: str,
    right: str,
    container: Any,
    *,
    ceiling: str | None = None,
    number: int = 1,
    days_ago: int = 0,
) -> Any:
    """The permission row that a delegation in force makes: the giver's right, in the hands of `who`."""
    own, user = access.standing(world.users[giver], right, container), world.users[who]
    with acting("tests.lend", None):
        row = type(own).objects.create(
            user=user,
            permission_id=own.permission_id,
            content_object=container,
            source_id=own.source_id,
            capacity=f"{own.capacity}（代）",
            document=own.document,
            clause_id=own.clause_id,
            valid_from=clock.today() - dt.timedelta(days=days_ago),
            delegation_id=number,
            ceiling=ceiling and Decimal(ceiling),
            giver_id=world.users[giver].pk,
        )
    access.forget_rights(user)
    return row


def line(world: Any, school: str, amount: str, category: str = "research") -> dict[str, Any]:
    """One line as `draft` takes it."""
    return {
        "school": world.schools[school],
        "category": world.categories[category],
        "description": "示例用途",
        "amount": Decimal(amount),
    }


def make(
    world: Any,
    who: str,
    amount: str,
    *,
    school: str | None = "school_a",
    bearer: str | None = None,
    category: str = "research",
    payee: str = "示例书店",
    beneficiary: Any = None,
    lines: list[dict[str, Any]] | None = None,
) -> FundRequest:
    """A draft of one line, or of the lines given; of the group office when `school` is None."""
    return drafting.draft(
        fund=world.fund,
        school=world.schools[school] if school else None,
        title="示例事项",
        purpose="示例事由",
        used_on=clock.today(),
        payee=payee,
        beneficiary=beneficiary,
        lines=lines or [line(world, bearer or school or "", amount, category)],
        by=world.users[who],
    )


def ask(world: Any, who: str, amount: str, **draft: Any) -> FundRequest:
    """The same, submitted."""
    return submitting.submit(make(world, who, amount, **draft), by=world.users[who])


def approve_all(fund_request: FundRequest) -> FundRequest:
    """Have everybody who is asked agree, until nobody is asked."""
    while fund_request.state == RequestState.PENDING:
        step = open_steps(current_version(fund_request))[0]
        fund_request = deciding.approve(fund_request, by=chain.eligible(step).first(), opinion="同意。")
    return fund_request


def granted(world: Any, who: str, amount: str, **draft: Any) -> FundRequest:
    """A request that everybody agreed to."""
    return approve_all(ask(world, who, amount, **draft))


def pay(world: Any, fund_request: FundRequest, who: str, amount: str, **more: Any) -> FundRequest:
    return paying.pay(
        fund_request,
        amount=Decimal(amount),
        voucher_no=more.pop("voucher_no", uuid.uuid4().hex[:12]),
        paid_on=clock.today(),
        by=world.users[who],
        **more,
    )


def minutes(world: Any, fund_request: FundRequest, who: str = "office", **more: Any) -> FundRequest:
    facts = {
        "body": "集团党委会",
        "number": "2026-8",
        "held_on": clock.today(),
        "due": 9,
        "present": 6,
        "conclusion": "同意。",
        **more,
    }
    return deciding.record_minutes(fund_request, by=world.users[who], **facts)


def route(fund_request: FundRequest) -> list[str]:
    """The chain of the current version as role:act, in order."""
    return [f"{s.role}:{s.act}" for s in current_version(fund_request).steps.order_by("seq", "id")]


def budget_line(world: Any, school: str = "school_a", category: str = "research") -> BudgetLine:
    return BudgetLine.objects.get(
        fund=world.fund, school=world.schools[school], category=world.categories[category]
    )


def totals(world: Any, school: str = "school_a", category: str = "research") -> tuple[Decimal, ...]:
    """(approved, reserved, spent) of a budget line now, yuan."""
    found = budget_line(world, school, category)
    return found.approved, found.reserved, found.spent


def refused(code, verb, *args, **more):
    """`verb` is refused with that code, and has written nothing; the refusal."""
    before = AuditEvent.objects.count(), BudgetMove.objects.count(), Notification.objects.count()
    with pytest.raises(Denied) as caught:
        verb(*args, **more)
    assert caught.value.denial.code == code
    assert before == (AuditEvent.objects.count(), BudgetMove.objects.count(), Notification.objects.count())
    return caught.value.denial


def event(row, verb):
    """The one audit event of a row by that verb."""
    return AuditEvent.objects.of(row).get(verb=verb)


def said(row, verb):
    """(actor, post, clause) of that event."""
    found = event(row, verb)
    return found.actor.username, found.capacity.get("capacity"), found.clause_id


def told(fund_request):
    """(who, sentence) of everybody who was told of a request, oldest first."""
    rows = Notification.objects.filter(url=fund_request.get_absolute_url()).order_by("id")
    return [(n.user.username, str(n)) for n in rows]


def moves(fund_request):
    """(kind, Δ reserved, Δ spent) of every move of a request, oldest first."""
    rows = BudgetMove.objects.filter(version__fund_request=fund_request).order_by("id")
    return [(m.kind, m.reserved_delta, m.spent_delta) for m in rows]
