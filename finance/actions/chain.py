"""审批链的取数: gathers what the chain of a request follows from, and writes the resolved steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum, Value

from finance.actions.measures import limits_of
from finance.choices import RequestState, StepState
from finance.models import FundRequest, Measures, RequestLine, RequestStep, RequestVersion
from finance.querysets import BUREAU_ROLES, CONTAINER_COLUMN, ROLE_RIGHTS, reaching, serving
from finance.rules import chain as rules
from groups.models import Bureau, District, EducationGroup, School, SchoolAffiliation
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import add_all, change_all
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import User

ZERO = Decimal("0.00")
ENDED = (RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.CANCELLED, RequestState.RETURNED)
KIND = {School: "school", EducationGroup: "group", District: "district", Bureau: "bureau"}
MODEL = {kind: model for model, kind in KIND.items()}
PLACES = tuple(KIND.values())


def place(row: Any) -> rules.Place:
    return rules.Place(KIND[type(row)], row.pk, str(row))


def measures_now() -> Measures:
    """The Measures in force today; Denied when there are none."""
    found = Measures.objects.in_force().first()
    if found is None:
        raise Denied(rules.NO_MEASURES)
    return found


Holders = dict[tuple[str, int], frozenset[int]]


def _holders(places: Iterable[tuple[str, rules.Place]], reach: Q) -> tuple[Holders, Holders]:
    """(role, container id) → users who hold the role's right there today; those of them by delegation only.

    reach: which delegated rights count. One query for all.
    """
    wanted: dict[str, set[int]] = {}
    for role, where in places:
        wanted.setdefault(role, set()).add(where.id)
    first, *rest = (_held(role, ids, reach) for role, ids in wanted.items())
    found: dict[bool, dict[tuple[str, int], set[int]]] = {True: {}, False: {}}
    for role, container, user, delegation in first.union(*rest, all=True):
        found[delegation is None].setdefault((role, container), set()).add(user)
    own, lent = found[True], found[False]
    holders = {key: frozenset(own.get(key, set()) | lent.get(key, set())) for key in {*own, *lent}}
    return holders, {key: frozenset(users - own.get(key, set())) for key, users in lent.items()}


def _held(role: str, ids: set[int], reach: Q) -> Any:
    """(role, container id, user id, delegation id) of those who hold the role's right on these containers."""
    authority, model = ROLE_RIGHTS[role]
    rows = access.grants(authority, model).filter(reach, content_object_id__in=ids).order_by()
    return rows.values_list(Value(role), F("content_object_id"), F("user_id"), F("delegation_id"))


def _everyone_asked(schools: Any, group: Any, districts: Any, bureau: Any) -> list[tuple[str, rules.Place]]:
    asked = [("executive_principal", s) for s in schools]
    asked += [("group_finance", group), ("group_president", group)]
    asked += [("district", d) for d in districts]
    return [*asked, ("bureau_finance", bureau), ("bureau_leader", bureau)]


def aggregated(fund_request: FundRequest, days: int) -> dict[tuple[int, int], Decimal]:
    """(school id, category id) → yuan that other live requests to the same payee ask in the window.

    A purchase that is split over several requests climbs the ladder as if it were one.
    """
    since = clock.now() - dt.timedelta(days=days)
    rows = RequestLine.objects.filter(
        version__fund_request__payee=fund_request.payee,
        version__fund_request__submitted_at__gte=since,
        version__number=F("version__fund_request__current"),
    ).exclude(Q(version__fund_request__state__in=ENDED) | Q(version__fund_request_id=fund_request.pk))
    sums = rows.order_by().values("school_id", "category_id").annotate(total=Sum("amount"))
    return {(row["school_id"], row["category_id"]): row["total"] for row in sums}


def band_amount(fund_request: FundRequest, lines: Iterable[Any], days: int) -> Decimal:
    """限额计算金额: the total, or with the window's other requests of one school, category and payee if larger."""
    lines = list(lines)
    total = sum((line.amount for line in lines), ZERO)
    others = aggregated(fund_request, days)
    asked = {(line.school_id, line.category_id) for line in lines}
    return total + max((others.get(key, ZERO) for key in asked), default=ZERO)


def setting_for(fund_request: FundRequest, lines: Iterable[Any], measures: Measures) -> rules.Setting:
    """Everything that the chain of these lines follows from, as of today."""
    lines = list(lines)
    schools = School.objects.filter(pk__in={line.school_id for line in lines})
    affiliations = SchoolAffiliation.objects.in_force().filter(school__in=schools, district__isnull=False)
    districts = District.objects.filter(pk__in=affiliations.values("district"))
    places = tuple(map(place, schools)), place(fund_request.fund.group), tuple(map(place, districts))
    bureau = place(Bureau.objects.get())
    band = band_amount(fund_request, lines, measures.split_window_days)
    avoid = frozenset(filter(None, (fund_request.requester_id, fund_request.beneficiary_id)))
    holders, delegates = _holders(_everyone_asked(*places, bureau), reaching(band, avoid))
    return rules.Setting(
        amount=sum((line.amount for line in lines), ZERO),
        band_amount=band,
        categories=frozenset(line.category_id for line in lines),
        limits=limits_of(measures, fund_request.origin),
        document=measures.document,
        schools=places[0],
        group=places[1],
        districts=places[2],
        bureau=bureau,
        holders=holders,
        avoid=avoid,
        delegates=delegates,
        serving=frozenset(serving(fund_request.fund.group_id)),
    )


def write(version: RequestVersion, chain: Iterable[rules.PlannedStep], *, by: Any) -> list[RequestStep]:
    """Store the resolved chain of a version; its first steps are open."""
    rows = [
        RequestStep(
            version=version,
            seq=step.seq,
            role=step.role,
            act=step.act,
            reason=step.reason,
            instead_of=step.instead_of,
            why=step.why,
            why_params=dict(step.params),
            state=StepState.OPEN if step.seq == 1 else StepState.WAITING,
            opened_at=version.submitted_at if step.seq == 1 else None,
            **{f"{CONTAINER_COLUMN[MODEL[step.place.kind]]}_id": step.place.id},
        )
        for step in chain
    ]
    return add_all(rows, verb="finance.submit", by=by)


def advance(version: RequestVersion, done: RequestStep, *, by: Any) -> bool:
    """Close a decided step; when nothing is open at its number, open the next one. Is there any step left?"""
    steps = version.steps.all()
    change_all(steps.filter(pk=done.pk), verb="finance.approve", by=by, state=StepState.DONE)
    left = list(steps.exclude(state=StepState.DONE).order_by().values_list("seq", "state"))
    if left and all(state != StepState.OPEN for _seq, state in left):
        change_all(
            steps.filter(seq=min(left)[0]),
            verb="finance.approve",
            by=by,
            state=StepState.OPEN,
            opened_at=clock.now(),
        )
    return bool(left)


def close(version: RequestVersion, *, by: Any) -> None:
    """The rest of a version's chain no longer counts: it was returned, rejected or withdrawn."""
    left = version.steps.filter(state__in=[StepState.OPEN, StepState.WAITING])
    change_all(left, verb="finance.close_chain", by=by, state=StepState.VOID)


def eligible(step: RequestStep) -> Any:
    """Who may decide a step today: the holders of its right, less requester, beneficiary and earlier approvers.

    Of those who hold it by delegation, whom it lets decide this request; for the bureau, nobody with a post in the
    group.
    """
    version, fund_request = step.version, step.version.fund_request
    concerned = set(filter(None, (fund_request.requester_id, fund_request.beneficiary_id)))
    authority, model = ROLE_RIGHTS[step.role]
    grants = access.grants(authority, model).filter(
        reaching(version.band_amount, concerned), content_object_id=step.container.pk
    )
    avoid = concerned | set(version.decisions.values_list("actor_id", flat=True))
    if step.role in BUREAU_ROLES:
        avoid |= serving(fund_request.fund.group_id)
    return User.objects.filter(pk__in=grants.values("user_id")).exclude(pk__in=avoid).order_by("pk")
