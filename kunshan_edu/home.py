"""The home page: a sentence, what waits for one, then what one's posts make one responsible for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from finance.choices import RequestState
from finance.models import BudgetLine, FundRequest, GroupFund, Measures, Minutes, RequestStep
from finance.views.looks import chip, step_wait, usage, with_open_step
from groups.choices import ACTIVE_STATUSES, Authority, PolicySlot
from groups.models import Bureau, District, EducationGroup, GroupPolicy, Membership, School
from kunshan_edu.core import clock
from kunshan_edu.core.access import Rights
from kunshan_edu.core.workdays import Calendar, calendar
from kunshan_edu.shell import Shell, shell, shell_of
from personnel.models import Rotation, Staff

__all__ = ["home", "shell"]

LONGEST = 20
ZERO = Decimal("0.00")
SUMS = {name: Sum(name) for name in ("approved", "reserved", "spent")}
# The posts through which a school's own balance is one's business; a president sees the group's instead.
OWN_SCHOOL = (
    Authority.APPROVE_AS_PRINCIPAL,
    Authority.DRAFT_SCHOOL_REQUEST,
    Authority.RECORD_PAYMENT,
    Authority.KEEP_ACCOUNTS,
)
UNDER_WAY = (RequestState.PENDING, RequestState.APPROVED, RequestState.PAYING)
OVERSEES = (Authority.MANAGE_REGISTER, Authority.MANAGE_APPOINTMENTS, Authority.VIEW_ALL_FINANCE)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """首页."""
    frame = shell_of(request)
    panels = {**_inbox(frame), **_own(frame), **_balance(frame), **_groups(frame), **_bureau(frame)}
    panels |= _totals(frame)
    return render(request, "home.html", {"frame": frame, "today": clock.today(), **panels})


def _inbox(frame: Shell) -> dict[str, Any]:
    """What waits for this person: steps to decide, payments to record, requests that came back."""
    user, days = frame.user, calendar()
    recorded = Minutes.objects.filter(fund_request=OuterRef("version__fund_request"))
    steps = (
        RequestStep.objects.waiting_for(user)
        .select_related("version__fund_request__fund__group", "version__fund_request__school")
        .select_related("version__fund_request__requester", "version__measures")
        .annotate(has_minutes=Exists(recorded))
        .order_by("version__submitted_at", "pk")[:LONGEST]
    )
    related = ("fund__group", "school", "requester")
    payable = FundRequest.objects.payable_by(user).select_related(*related).order_by("submitted_at", "pk")
    returned = FundRequest.objects.returned_to(user).select_related(*related)
    return {
        "waiting": [_row(step, days) for step in steps],
        "payable": list(payable[:LONGEST]),
        "returned": list(returned[:LONGEST]),
        "longest": LONGEST,
    }


def _row(step: RequestStep, days: Calendar) -> RequestStep:
    """A step as the inbox shows it: with a key of its own, its wait, and whether minutes have to come first (4.2.a)."""
    step.idem, step.wait = uuid.uuid4(), step_wait(days, step)
    step.lacks_minutes = step.act == "approve" and step.version.needs_minutes and not step.has_minutes
    return step


def _own(frame: Shell) -> dict[str, Any]:
    """One's own requests, for an executive principal the school's under way too, and where each is now."""
    if not frame.may_draft:
        return {}
    mine, headed = Q(requester=frame.user), frame.rights.ids(Authority.APPROVE_AS_PRINCIPAL, School)
    if headed:
        mine |= Q(school_id__in=headed, state__in=UNDER_WAY)
    rows = FundRequest.objects.filter(mine).select_related("fund__group", "school", "requester")
    own = list(with_open_step(rows.order_by("-created_at", "-pk"))[:8])
    for row in own:
        row.chip = chip(row, row.open_role, row.open_act)
    return {"own": own, "heads_a_school": bool(headed)}


def _balance(frame: Shell) -> dict[str, Any]:
    """This year's money of one's own school, or of the district one reviews for, by category."""
    schools = {pk for right in OWN_SCHOOL for pk in frame.rights.ids(right, School)}
    districts = frame.rights.ids(Authority.VIEW_DISTRICT_FINANCE, District)
    if not (schools or districts):
        return {}
    lines = _lines().filter(Q(school_id__in=schools) | Q(district_id__in=districts))
    rows = list(
        lines.values(name=F("category__name")).annotate(**SUMS).order_by("category__position", "category")
    )
    return {"balance": _total(rows), "by_category": [(row["name"], usage(row)) for row in rows]}


def _lines() -> Any:
    return BudgetLine.objects.filter(fund__fiscal_year=clock.today().year)


def _total(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rows = list(rows)
    return usage({name: sum((row[name] for row in rows), ZERO) for name in SUMS})


def _groups(frame: Shell) -> dict[str, Any]:
    """For a group's own people: its money by school and category, its members and heads, with vacancies."""
    ids = frame.rights.ids(Authority.VIEW_GROUP_FINANCE, EducationGroup)
    if not ids:
        return {}
    members: dict[int, list[Membership]] = {}
    current = Membership.objects.in_force().filter(group__in=ids).select_related("school").with_principal()
    for row in current.order_by("role", "school__position"):
        members.setdefault(row.group_id, []).append(row)
    cells = _lines().filter(fund__group__in=ids)
    names = {
        "group_id": F("fund__group"),
        "school_name": F("school__short_name"),
        "name": F("category__name"),
    }
    rows = list(
        cells.values("fund_id", "school_id", **names)
        .annotate(**SUMS)
        .order_by("school__position", "school_id", "category__position", "category")
    )
    groups = EducationGroup.objects.filter(pk__in=ids).with_heads()
    return {"groups": [_group(group, members, rows) for group in groups]}


def _group(
    group: EducationGroup, members: dict[int, list[Membership]], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    own = [row for row in rows if row["group_id"] == group.pk]
    return {
        "group": group,
        "members": members.get(group.pk, []),
        "total": _total(own),
        "fund_id": own[0]["fund_id"] if own else None,
        **_matrix(own),
    }


def _matrix(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Available yuan by school (rows) and category (columns), with both sums."""
    left = lambda found: sum((r["approved"] - r["reserved"] - r["spent"] for r in found), ZERO)  # noqa: E731
    categories = list(dict.fromkeys(row["name"] for row in rows))
    table = []
    for school in dict.fromkeys(row["school_name"] for row in rows):
        own = [row for row in rows if row["school_name"] == school]
        cells = [left(row for row in own if row["name"] == name) for name in categories]
        table.append((school, cells, sum(cells, ZERO)))
    sums = [left(row for row in rows if row["name"] == name) for name in categories]
    return {"categories": categories, "matrix": table, "sums": [*sums, sum(sums, ZERO)]}


def _bureau(frame: Shell) -> dict[str, Any]:
    """For the bureau: the year's funds by group, vacant posts, the Measures in force."""
    rights = frame.rights
    if not any(rights.anywhere(right, Bureau) for right in OVERSEES):
        return {}
    groups = EducationGroup.objects.filter(status__in=ACTIVE_STATUSES).with_heads()
    members = Membership.objects.in_force().filter(group__status__in=ACTIVE_STATUSES)
    unled = members.with_principal().filter(principal=None).select_related("school", "group")
    return {
        "oversees": True,
        "funds": _funds(rights),
        "headless": [group for group in groups if not (group.president and group.deputy)],
        "unled": list(unled.order_by("group__code", "school__position")),
        "measures": Measures.objects.in_force().first(),
    }


def _totals(frame: Shell) -> dict[str, Any]:
    """全市汇总 for who sees the city as a whole and nobody in it: numbers only, no name of a person."""
    if not frame.rights.anywhere(Authority.VIEW_TOTALS, Bureau):
        return {}
    groups = EducationGroup.objects.filter(status__in=ACTIVE_STATUSES)
    members = Membership.objects.in_force().filter(group__in=groups)
    heads = list(groups.with_heads())
    policies = GroupPolicy.objects.in_force().filter(group__in=groups).order_by()
    slots = policies.values("group").annotate(n=Count("slot", distinct=True)).filter(n=len(PolicySlot))
    money = _lines().aggregate(**SUMS)
    return {
        "totals": {
            "groups": len(heads),
            "members": members.count(),
            "schools": School.objects.count(),
            "staff": f"{Staff.objects.on_the_staff().count():,}",
            "rotated": Rotation.objects.in_force().count(),
            "complete": slots.count(),
            "president": sum(not group.president for group in heads),
            "deputy": sum(not group.deputy for group in heads),
            "principal": members.with_principal().filter(principal=None).count(),
            "money": usage({name: money[name] or ZERO for name in SUMS}),
        }
    }


def _funds(rights: Rights) -> list[tuple[GroupFund, dict[str, Any]]]:
    if not rights.anywhere(Authority.VIEW_ALL_FINANCE, Bureau):
        return []
    sums = {name: Sum(f"lines__{name}") for name in SUMS}
    rows = GroupFund.objects.filter(fiscal_year=clock.today().year).select_related("group").annotate(**sums)
    return [
        (fund, usage({name: getattr(fund, name) for name in SUMS})) for fund in rows.order_by("group__code")
    ]
