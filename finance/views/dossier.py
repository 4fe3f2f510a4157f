"""卷宗: everything on record about one submitted request, read once for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, prefetch_related_objects

from finance.actions.chain import PLACES
from finance.actions.standings import concerned
from finance.choices import RequestState, StepReason
from finance.models import (
    BudgetLine,
    Decision,
    FundRequest,
    Minutes,
    Payment,
    RequestLine,
    RequestStep,
    RequestVersion,
)
from finance.querysets import ROLE_RIGHTS, reaching
from finance.views.looks import effect, is_open, named, step_wait
from kunshan_edu.core import access
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.workdays import calendar

ZERO = Decimal("0.00")
# What only the audit trail remembers.
AUDITED = ("finance.withdraw", "finance.cancel", "finance.lift")
HOLDING = (RequestState.PENDING, RequestState.APPROVED, RequestState.PAYING)


@dataclass(frozen=True)
class Holder:
    """Who may decide an open step today, by which appointment; deputy: in the place of the one who holds it."""

    user: Any
    appointment: int
    deputy: bool

    @property
    def name(self) -> str:
        return named(self.user.name, deputy=self.deputy)


@dataclass(frozen=True)
class Dossier:
    """A request with its versions, the current version's lines, all steps, and what was done about them.

    holders: open step id → the people who may decide it today. waits: open step id → its chip of working days.
    """

    row: FundRequest
    versions: list[RequestVersion]
    lines: list[RequestLine]
    steps: list[RequestStep]
    decisions: list[Decision]
    minutes: list[Minutes]
    payments: list[Payment]
    events: list[AuditEvent]
    holders: dict[int, list[Holder]] = field(default_factory=dict)
    waits: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def version(self) -> RequestVersion | None:
        """The version submitted last."""
        return self.versions[-1] if self.versions else None

    def chain(self) -> list[RequestStep]:
        """The steps of the current version."""
        return [step for step in self.steps if self.version and step.version_id == self.version.pk]

    def decision_on(self, step: RequestStep) -> Decision | None:
        return next((d for d in self.decisions if d.step_id == step.pk), None)


def on_record(rows: Any) -> Any:
    """Requests with all that their page and the rules look at, in one query per kind."""
    line = ("school", "category", "budget_line__school", "budget_line__category")
    return rows.prefetch_related(
        Prefetch("versions", RequestVersion.objects.select_related("measures", "submitted_by")),
        Prefetch("versions__lines", RequestLine.objects.select_related(*line)),
        Prefetch("versions__steps", RequestStep.objects.select_related(*PLACES)),
        Prefetch("versions__decisions", Decision.objects.select_related("actor", "step")),
    )


def dossier_of(row: FundRequest) -> Dossier:
    """Everything about one request that came `on_record`, with a fixed number of further queries."""
    versions = list(row.versions.all())
    steps = [step for version in versions for step in version.steps.all()]
    decisions = [decision for version in versions for decision in version.decisions.all()]
    noted = any(version.needs_minutes for version in versions)
    if noted:
        prefetch_related_objects([row], Prefetch("minutes", Minutes.objects.select_related("recorded_by")))
    settled = row.state in (RequestState.APPROVED, RequestState.PAYING, RequestState.PAID)
    if settled:
        paid = Payment.objects.select_related("school", "paid_by")
        prefetch_related_objects([row], Prefetch("payments", paid))
    left = row.state in (RequestState.WITHDRAWN, RequestState.CANCELLED)
    lifted = any(step.reason == StepReason.VACANT for step in steps)
    events = AuditEvent.objects.of(row).filter(verb__in=AUDITED).select_related("actor")
    waiting = [step for step in steps if is_open(step)] if row.state == RequestState.PENDING else []
    return Dossier(
        row,
        versions,
        list(versions[-1].lines.all()) if versions else [],
        steps,
        decisions,
        list(row.minutes.all()) if noted else [],
        list(row.payments.all()) if settled else [],
        list(events) if left or lifted else [],
        _holders(row, waiting, decisions),
        _waits(waiting),
    )


def _waits(steps: list[RequestStep]) -> dict[int, tuple[str, str, str]]:
    """How long each open step has waited; nothing on its first day."""
    days = calendar() if steps else None
    found = {step.pk: step_wait(days, step) for step in steps if days}
    return {pk: chip for pk, chip in found.items() if chip}


def _holders(
    row: FundRequest, steps: list[RequestStep], decisions: Iterable[Decision]
) -> dict[int, list[Holder]]:
    """Who may decide each open step today, by one query per role: less requester, beneficiary, earlier approvers."""
    avoid = concerned(row)
    decided = {d.actor_id for d in decisions if any(s.version_id == d.version_id for s in steps)}
    found: dict[int, list[Holder]] = {step.pk: [] for step in steps}
    for role in {step.role for step in steps}:
        authority, model = ROLE_RIGHTS[role]
        of_role = {step.container.pk: step for step in steps if step.role == role}
        reach = reaching(max(step.version.band_amount for step in of_role.values()), avoid)
        grants = access.grants(authority, model).filter(reach, content_object_id__in=list(of_role))
        grants = grants.exclude(user_id__in=avoid | decided).select_related("user")
        for grant in grants.order_by(F("delegation_id").asc(nulls_first=True), "pk"):
            known = found[of_role[grant.content_object_id].pk]
            if all(holder.user != grant.user for holder in known):
                known.append(Holder(grant.user, grant.source_id, grant.delegation_id is not None))
    return found


def _seen_lines(lines: list[RequestLine], user: Any) -> list[RequestLine]:
    """The lines whose budget one may see: who sees a request of several schools sees not all their money."""
    if len({line.school_id for line in lines}) < 2:
        return lines
    seen = BudgetLine.objects.visible_to(user).filter(pk__in=[line.budget_line_id for line in lines])
    ids = set(seen.values_list("pk", flat=True))
    return [line for line in lines if line.budget_line_id in ids]


def effects_of(dossier: Dossier, user: Any) -> list[dict[str, Any]]:
    """What the current version does to each budget line; nothing when the request has ended without money."""
    state = dossier.row.state
    if state not in (*HOLDING, RequestState.PAID):
        return []
    paid = {payment.school_id for payment in dossier.payments}
    by_line: dict[int, list[RequestLine]] = {}
    for line in _seen_lines(dossier.lines, user):
        by_line.setdefault(line.budget_line_id, []).append(line)
    shares = _paid_shares(dossier)
    found = []
    for lines in by_line.values():
        budget_line, asked = lines[0].budget_line, sum((x.amount for x in lines), ZERO)
        if budget_line.school_id in paid:
            found.append(effect(budget_line, asked, paid=shares.get(budget_line.pk, ZERO)))
        else:
            found.append(effect(budget_line, asked, held=asked))
    return found


def _paid_shares(dossier: Dossier) -> dict[int, Decimal]:
    """budget line id → what the payments of this request spent on it."""
    if not dossier.payments or not dossier.version:
        return {}
    moves = dossier.version.moves.filter(kind="spend").values_list("line_id", "spent_delta")
    shares: dict[int, Decimal] = {}
    for line, spent in moves:
        shares[line] = shares.get(line, ZERO) + spent
    return shares
