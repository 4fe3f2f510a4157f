"""The worked requests of the domain design: amounts, routes and why, through real submissions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finance.actions import deciding, drafting, paying, submitting
from finance.actions.cases import current_version
from finance.choices import RequestState
from kunshan_edu.core import clock

pytestmark = pytest.mark.django_db


def make(world, who, amount, *, school="school_a", bearer=None, category="research", payee="示例书店", beneficiary=None):
    return drafting.draft(
        fund=world.fund,
        school=world.schools[school] if school else None,
        title="示例事项",
        purpose="示例事由",
        used_on=clock.today(),
        payee=payee,
        beneficiary=beneficiary,
        lines=[
            {
                "school": world.schools[bearer or school],
                "category": world.categories[category],
                "description": "示例用途",
                "amount": Decimal(amount),
            }
        ],
        by=world.users[who],
    )


def route(fund_request):
    return [f"{s.role}:{s.act}" for s in current_version(fund_request).steps.order_by("seq")]


def test_one_request_travels_from_draft_to_paid(world):
    request = submitting.submit(make(world, "clerk_a", "4860.00"), by=world.clerk_a)
    assert route(request) == ["executive_principal:approve"]
    request = deciding.approve(request, by=world.principal_a, opinion="同意。")
    assert request.state == RequestState.APPROVED
    request = paying.pay(
        request, amount=Decimal("4800.00"), voucher_no="0001", paid_on=clock.today(), by=world.cashier_a
    )
    assert request.state == RequestState.PAID
