"""催办与提级提醒: tells of steps that wait, by working days. Nothing is approved, returned or closed by time-out."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.db.models import Q

from finance.actions import chain
from finance.choices import NoticeKind
from finance.models import EscalationNotice, Measures, RequestStep
from finance.querysets import ROLE_RIGHTS
from finance.rules import escalation as rules
from groups.models import Bureau, EducationGroup
from kunshan_edu.core import access, clock, inbox
from kunshan_edu.core.changes import acting, add, locked
from kunshan_edu.core.denials import Denied, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import User
from kunshan_edu.core.workdays import DAY, Calendar, calendar

# Kind of notice → what who may decide is told.
TO_DECIDERS = {
    NoticeKind.REMIND: _("%(title)s（%(amount)s 元）已等待您办理 %(days)s 个工作日，请及时办理。"),
    NoticeKind.ESCALATE: _("%(title)s（%(amount)s 元）已等待您办理 %(days)s 个工作日，已提醒上一级。"),
}
TO_SUPERIORS = _("%(title)s（%(amount)s 元）在%(place)s%(role)s处已等待 %(days)s 个工作日，请督促办理。")


def waited_days(opened_at: dt.datetime | None, days: Calendar) -> int:
    """How many working days a step that was opened then has waited by today; none before its turn."""
    return days.between(opened_at.astimezone(clock.SHANGHAI).date(), clock.today()) if opened_at else 0


def waiting_since_before(days: Calendar, count: int) -> dt.datetime:
    """What was opened before this instant has waited at least `count` working days by today."""
    first = days.add(clock.today() + DAY, -count)
    return dt.datetime.combine(first, dt.time(), tzinfo=clock.SHANGHAI)


def _waiting(days: Calendar, name: str) -> Any:
    """The open steps that have waited as long as their Measures say in the column `name`."""
    limits = Measures.objects.values_list("pk", name)
    late: list[Any] = [Q(version__measures=m, opened_at__lt=waiting_since_before(days, n)) for m, n in limits]
    steps = RequestStep.objects.open()
    return steps.filter(Q.create(late, connector=Q.OR)) if late else steps.none()


def overdue(days: Calendar | None = None) -> Any:
    """逾期待办: the open steps of which the superior is told."""
    return _waiting(days or calendar(), "escalate_after_days")


def late_steps(days: Calendar) -> list[RequestStep]:
    """The open steps that call for a notice today, and have not been escalated yet."""
    rows = _waiting(days, "remind_after_days").exclude(notices__kind=NoticeKind.ESCALATE)
    related = ("version__fund_request__fund__group", "version__measures", *chain.PLACES)
    return list(rows.select_related(*related).prefetch_related("notices").order_by("pk"))


def notify(step: RequestStep, days: Calendar, *, by: Any = None) -> EscalationNotice | None:
    """催办: give the notice that the step calls for, once per kind; None when there is none to give."""
    measures: Any = step.version.measures  # a step without them is never late
    waited = waited_days(step.opened_at, days)
    limits = (measures.remind_after_days, measures.escalate_after_days)
    with acting("finance.remind", by):
        locked(step.version.fund_request)  # a decision that is being taken comes first
        given = frozenset(EscalationNotice.objects.filter(step=step).values_list("kind", flat=True))
        kind = rules.due(waited, *limits, given)
        if not kind or not RequestStep.objects.open().filter(pk=step.pk).exists():
            return None
        told = _tell(step, NoticeKind(kind), waited)
        if not told:
            return None  # the post is vacant: it is lifted, and who then has it is told
        notice = EscalationNotice(step=step, kind=kind, waited_days=waited, told=told)
        return add(notice, f"finance.{kind}", by=by, clause=Clause.C4_2_L)


def _tell(step: RequestStep, kind: NoticeKind, waited: int) -> int:
    """Tell who may decide the step, and of an overdue one their superiors too; how many were told."""
    fund_request = step.version.fund_request
    params = {
        "title": fund_request.title,
        "amount": f"{step.version.amount:,.2f}",
        "days": waited,
        "place": str(step.container),
        "role": step.get_role_display(),
    }
    about: dict[str, Any] = {"url": fund_request.get_absolute_url(), "params": params}
    deciders = list(chain.eligible(step))
    told = inbox.tell(deciders, TO_DECIDERS[kind], **about)
    if kind == NoticeKind.ESCALATE:
        told += inbox.tell(set(superiors(step)) - set(deciders), TO_SUPERIORS, **about)
    return told


def superiors(step: RequestStep) -> list[User]:
    """Those who hold the post above that of the step; nobody above the bureau leader."""
    role = rules.superior_of(step.role)
    if not role:
        return []
    authority, model = ROLE_RIGHTS[role]
    group = step.version.fund_request.fund.group
    return list(access.holders(authority, group if model is EducationGroup else Bureau.objects.get()))


def escalate() -> int:
    """Give every notice that is due today; how many were given. Run again, it gives none twice."""
    days, given = calendar(), 0
    for step in late_steps(days):
        with suppress(Denied):  # somebody is deciding it at this moment: tomorrow, if it is still open then
            given += notify(step, days) is not None
    return given
