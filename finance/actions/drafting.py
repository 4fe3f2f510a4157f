"""起草: write, change and delete a draft of a fund request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from finance.actions.cases import case_for, drafts_as, line_of, may_draft
from finance.choices import Origin
from finance.models import (
    DraftLine,
    FundRequest,
    GroupFund,
)
from finance.rules import fund_request as rules
from groups.models import School
from kunshan_edu.core import access
from kunshan_edu.core.changes import acting, add, add_all, changing, replace_all
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


def _draft_lines(fund_request: FundRequest, lines: Iterable[Mapping[str, Any]]) -> list[DraftLine]:
    return [DraftLine(fund_request=fund_request, **line) for line in lines]


def draft(
    *,
    fund: GroupFund,
    school: School | None,
    title: str,
    purpose: str,
    used_on: dt.date,
    payee: str,
    lines: Iterable[Mapping[str, Any]],
    by: Any,
    beneficiary: Any = None,
) -> FundRequest:
    """起草用款申请: of a school, or of the group office when `school` is None.

    lines: mappings of school, category, description and amount (Decimal yuan).
    """
    fund_request = FundRequest(
        fund=fund,
        school=school,
        origin=Origin.SCHOOL if school else Origin.GROUP,
        title=title,
        purpose=purpose,
        used_on=used_on,
        payee=payee,
        requester=by,
        beneficiary=beneficiary,
    )
    with acting("finance.draft", by):
        rights = access.rights_of(by)
        demand(None if may_draft(fund_request, rights) else rules.NOT_A_DRAFTER)
        fund_request.line = line_of(fund_request, rights)
        rows = _draft_lines(fund_request, lines)
        fund_request.amount = sum((line.amount for line in rows), ZERO)
        add(fund_request, "finance.draft", by=by, clause=Clause.C4_2_B, standing=drafts_as(by)(fund_request))
        add_all(rows, verb="finance.draft", by=by)
    return fund_request


def edit(
    fund_request: FundRequest, *, lines: Iterable[Mapping[str, Any]], by: Any, **form: Any
) -> FundRequest:
    """修改草稿: title, purpose, used_on, payee, beneficiary and all lines anew."""
    with changing(
        fund_request, "finance.edit", by=by, clause=Clause.C4_2_B, standing=drafts_as(by)
    ) as fund_request:
        demand(rules.cannot_edit(case_for(fund_request, by)))
        for name in ("title", "purpose", "used_on", "payee", "beneficiary"):
            if name in form:
                setattr(fund_request, name, form[name])
        rows = _draft_lines(fund_request, lines)
        replace_all(fund_request.draft_lines.all(), rows, verb="finance.edit", by=by)
        fund_request.amount = sum((line.amount for line in rows), ZERO)
    return fund_request


def delete(fund_request: FundRequest, *, by: Any) -> FundRequest:
    """删除草稿: one that was never submitted; the audit keeps what it said."""
    with changing(fund_request, "finance.delete_draft", by=by) as locked:
        demand(rules.cannot_delete(case_for(locked, by)))
    with acting("finance.delete_draft", by):
        FundRequest.objects.filter(pk=fund_request.pk).delete()
    return fund_request
