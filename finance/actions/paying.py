"""支付: what the cashier of a bearing school records."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from finance import ledger
from finance.actions.cases import case_for, current_version, submitted_version, tell_requester, unpaid_schools
from finance.choices import RequestState
from finance.models import (
    FundRequest,
    Payment,
    RequestVersion,
)
from finance.rules import fund_request as rules
from groups.choices import Authority
from groups.models import School
from kunshan_edu.core import access
from kunshan_edu.core.access import Grant
from kunshan_edu.core.changes import add, changing
from kunshan_edu.core.denials import Denied, _, demand
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


def _paying_school(
    fund_request: FundRequest, version: RequestVersion, school: School | None, by: Any
) -> School:
    """The school that pays: the one named, or the first unpaid one whose cashier the actor is."""
    mine = unpaid_schools(fund_request, version, access.rights_of(by))
    if not mine or (school is not None and school.pk not in mine):
        raise Denied(rules.NOT_YOUR_PAYMENT)
    return school or School.objects.get(pk=mine[0])


def _pays_as(by: Any, school: School | None) -> Callable[[FundRequest], Grant | None]:
    """The grant by which a cashier pays for the school named, or for one that has not paid."""

    def find(fund_request: FundRequest) -> Grant | None:
        mine = unpaid_schools(fund_request, current_version(fund_request), access.rights_of(by))
        paying = school or School.objects.filter(pk__in=mine[:1]).first()
        return access.standing(by, Authority.RECORD_PAYMENT, paying) if paying else None

    return find


def pay(
    fund_request: FundRequest,
    *,
    amount: Decimal,
    voucher_no: str,
    paid_on: dt.date,
    by: Any,
    school: School | None = None,
    idem: uuid.UUID | None = None,
) -> FundRequest:
    """登记支付: by the cashier of a bearing school, at most what was approved; the remainder is released."""
    clause = Clause.C4_2_B
    with changing(
        fund_request, "finance.pay", by=by, clause=clause, standing=_pays_as(by, school)
    ) as fund_request:
        demand(rules.cannot_pay(case_for(fund_request, by)))
        version = submitted_version(fund_request)
        school = _paying_school(fund_request, version, school, by)
        lines = list(version.lines.filter(school=school))
        demand(rules.cannot_pay_amount(amount, sum((x.amount for x in lines), ZERO)))
        standing = access.standing(by, Authority.RECORD_PAYMENT, school)
        payment = Payment(
            fund_request=fund_request,
            version=version,
            school=school,
            amount=amount,
            voucher_no=voucher_no,
            paid_on=paid_on,
            paid_by=by,
            capacity=standing.capacity if standing else "",
            appointment_id=standing.source_id if standing else 0,
            idem=idem or uuid.uuid4(),
        )
        add(payment, "finance.pay", by=by, clause=clause, standing=standing)
        ledger.spend(payment, lines, by=by)
        schools = set(version.lines.values_list("school_id", flat=True))
        done = fund_request.payments.count() == len(schools)
        fund_request.state = RequestState.PAID if done else RequestState.PAYING
        if done:
            tell_requester(fund_request, _("%(title)s已支付完毕。"))
    return fund_request
