"""提交: freeze a version with its chain and digest, number it, and reserve its lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from finance import ledger
from finance.actions import chain
from finance.actions.cases import case_for, drafts_as, tell_deciders
from finance.choices import RequestState
from finance.models import (
    BudgetLine,
    DraftLine,
    FundRequest,
    Measures,
    RequestLine,
    RequestVersion,
)
from finance.rules import chain as chain_rules
from finance.rules import fund_request as rules
from groups.models import SchoolAffiliation
from kunshan_edu.core.changes import add_all, changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


def budget_lines(fund_request: FundRequest, lines: Iterable[Any]) -> dict[tuple[int, int], BudgetLine]:
    """(school id, category id) → the budget line at the level of the school's affiliation today."""
    lines = list(lines)
    schools = {line.school_id for line in lines}
    levels = {
        a.school_id: (a.level, a.district_id)
        for a in SchoolAffiliation.objects.in_force().filter(school_id__in=schools).order_by()
    }
    rows = BudgetLine.objects.filter(fund_id=fund_request.fund_id, school_id__in=schools)
    return {
        (row.school_id, row.category_id): row
        for row in rows.select_related("school", "category").order_by()
        if levels.get(row.school_id) == (row.level, row.district_id)
    }


def shortfalls(
    lines: Iterable[Any], budget: Mapping[tuple[int, int], BudgetLine]
) -> tuple[rules.Shortfall, ...]:
    """The budget lines that do not cover what these lines ask of them."""
    asked: dict[tuple[int, int], Decimal] = {}
    for line in lines:
        key = (line.school_id, line.category_id)
        asked[key] = asked.get(key, ZERO) + line.amount
    return tuple(
        rules.Shortfall(str(budget[key]), budget[key].available, amount)
        for key, amount in asked.items()
        if key in budget and amount > budget[key].available
    )


def content_of(fund_request: FundRequest, lines: Iterable[Any]) -> dict[str, Any]:
    """What is submitted, in the canonical form that the digest is taken of."""
    return {
        "title": fund_request.title,
        "purpose": fund_request.purpose,
        "used_on": fund_request.used_on.isoformat(),
        "payee": fund_request.payee,
        "beneficiary": fund_request.beneficiary_id,
        "lines": [
            {
                "school": line.school_id,
                "category": line.category_id,
                "description": line.description,
                "amount": str(line.amount),
            }
            for line in lines
        ],
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """sha256 of the canonical JSON of a version's content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def submission_case(fund_request: FundRequest, lines: list[Any], budget: Any, by: Any) -> rules.Case:
    """The case of submitting: also what the lines ask of the budget."""
    found = case_for(fund_request, by)
    return rules.Case(
        **{
            **found.__dict__,
            "lines": len(lines),
            "amounts_positive": all(x.amount > 0 for x in lines),
            "affiliations_hold": all((x.school_id, x.category_id) in budget for x in lines),
            "shortfalls": shortfalls(lines, budget),
        }
    )


def _next_number(fund_request: FundRequest, by: Any) -> str:
    """集团代码-年度-顺序号, gapless per fund: drawn in the transaction that submits."""
    with changing(fund_request.fund, "finance.number", by=by) as fund:
        fund.last_number += 1
    return f"{fund.group.code}-{fund.fiscal_year}-{fund.last_number:04d}"


def _new_version(
    fund_request: FundRequest, lines: list[DraftLine], measures: Measures, band: Decimal, by: Any
) -> RequestVersion:
    content = content_of(fund_request, lines)
    version = RequestVersion(
        fund_request=fund_request,
        number=fund_request.current + 1,
        amount=sum((line.amount for line in lines), ZERO),
        band_amount=band,
        needs_minutes=band >= measures.collective_threshold,
        digest=digest_of(content),
        content=content,
        measures=measures,
        submitted_by=by,
    )
    return add_all([version], verb="finance.submit", by=by)[0]


def _request_lines(version: RequestVersion, lines: list[DraftLine], budget: Any) -> list[RequestLine]:
    return [
        RequestLine(
            version=version,
            school_id=line.school_id,
            category_id=line.category_id,
            description=line.description,
            amount=line.amount,
            budget_line=budget[line.school_id, line.category_id],
        )
        for line in lines
    ]


def submit(fund_request: FundRequest, *, by: Any) -> FundRequest:
    """提交: freezes a version with its digest and chain, numbers the request, and reserves every line."""
    with changing(
        fund_request, "finance.submit", by=by, clause=Clause.C4_2_L, standing=drafts_as(by)
    ) as fund_request:
        lines = list(fund_request.draft_lines.all())
        budget = budget_lines(fund_request, lines)
        budget_now = ledger.locked_lines(row.pk for row in budget.values())
        budget = {key: budget_now[row.pk] for key, row in budget.items()}
        demand(rules.cannot_submit(submission_case(fund_request, lines, budget, by)))
        measures = chain.measures_now()
        setting = chain.setting_for(fund_request, lines, measures)
        planned = chain_rules.resolve(setting)
        version = _new_version(fund_request, lines, measures, setting.band_amount, by)
        rows = add_all(_request_lines(version, lines, budget), verb="finance.submit", by=by)
        chain.write(version, planned, by=by)
        ledger.reserve(version, rows, by=by)
        fund_request.number = fund_request.number or _next_number(fund_request, by)
        fund_request.current, fund_request.amount = version.number, version.amount
        fund_request.submitted_at, fund_request.state = version.submitted_at, RequestState.PENDING
        tell_deciders(version, fund_request)
    return fund_request


def preview(fund_request: FundRequest, lines: list[Any]) -> chain_rules.Setting:
    """The setting that the chain of an unsaved or draft request follows from, to show it before submission."""
    return chain.setting_for(fund_request, lines, chain.measures_now())
