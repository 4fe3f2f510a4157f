"""How requests, budget lines and limits are shown: chips, bars, ladders, names, and how long a step has waited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.actions.escalating import waited_days
from finance.choices import Act, FundState, RequestState, Role, StepState
from finance.models import ApprovalLimit, BudgetLine, Decision, FundRequest, RequestStep
from finance.rules import escalation as rules
from kunshan_edu.core.money import format_money
from kunshan_edu.core.templatetags.kg import is_english
from kunshan_edu.core.workdays import Calendar

ZERO = Decimal("0.00")
# The icon of each state; the tone beside it is the colour that goes with the word.
ICONS = {
    RequestState.DRAFT: "pencil",
    RequestState.PENDING: "clock",
    RequestState.APPROVED: "check",
    RequestState.PAYING: "coin-yuan",
    RequestState.PAID: "check",
    RequestState.RETURNED: "arrow-back-up",
    RequestState.REJECTED: "ban",
    RequestState.WITHDRAWN: "minus",
    RequestState.CANCELLED: "ban",
}
TONES = {
    RequestState.DRAFT: "na",
    RequestState.PENDING: "now",
    RequestState.APPROVED: "ok",
    RequestState.PAYING: "go",
    RequestState.PAID: "ok",
    RequestState.RETURNED: "go",
    RequestState.REJECTED: "na",
    RequestState.WITHDRAWN: "na",
    RequestState.CANCELLED: "na",
}
FUND_TONES = {
    FundState.DRAFT: "na",
    FundState.ALLOCATED: "ok",
    FundState.FROZEN: "go",
    FundState.CLOSED: "na",
}


def with_open_step(rows: Any) -> Any:
    """Requests with the role and act of the step that is open, so that a list says who has it and since when.

    open_since; remind_after and escalate_after: working days, of the Measures that the request goes by.
    """
    steps = RequestStep.objects.open().filter(version__fund_request=OuterRef("pk")).order_by("seq", "pk")
    columns = {
        "open_role": "role",
        "open_act": "act",
        "open_since": "opened_at",
        "remind_after": "version__measures__remind_after_days",
        "escalate_after": "version__measures__escalate_after_days",
    }
    return rows.annotate(**{name: Subquery(steps.values(column)[:1]) for name, column in columns.items()})


WAIT_TONES = {rules.REMIND: "go", rules.ESCALATE: "bad", "": "na"}


def wait(
    days: Calendar, opened_at: dt.datetime | None, remind_after: int, escalate_after: int
) -> tuple[str, str, str] | None:
    """已等待 n 个工作日 as a chip: amber when a reminder is due, red when overdue; None on the first day."""
    waited = waited_days(opened_at, days)
    if waited < 1:
        return None
    word = ngettext("已等待 %(n)s 个工作日", "已等待 %(n)s 个工作日", waited) % {"n": waited}
    return WAIT_TONES[rules.level(waited, remind_after, escalate_after)], word, "clock"


def step_wait(days: Calendar, step: RequestStep) -> tuple[str, str, str] | None:
    """The same of a step in hand, with its version's Measures."""
    measures = step.version.measures
    if measures is None:
        return None
    return wait(days, step.opened_at, measures.remind_after_days, measures.escalate_after_days)


def capacity_in_words(capacity: str) -> str:
    """The post in which something was done, in the reader's language; it is stored in Chinese. 总校长（代）."""
    return capacity and _(capacity)


def named(name: str, *, deputy: bool) -> str:
    """A person's name, with 代 when they stand in for the holder of the post."""
    return _("%(name)s（代）") % {"name": name} if deputy else name


def signed(decision: Decision) -> str:
    """Who decided; in another's place also in what capacity: 示例李（总校长（代））."""
    if not decision.is_delegated:
        return decision.actor.name
    words = {"name": decision.actor.name, "capacity": capacity_in_words(decision.capacity)}
    return _("%(name)s（%(capacity)s）") % words


def chip(row: FundRequest, role: str = "", act: str = "") -> tuple[str, str, str]:
    """(tone, word, icon) of a request; a pending one says for whom it waits."""
    state = RequestState(row.state)
    word = str(state.label)
    if state == RequestState.PENDING and role:
        word = _("待%(role)s%(act)s") % {"role": Role(role).label, "act": Act(act).label}
    return TONES[state], word, ICONS[state]


def brief(amount: Decimal) -> str:
    """10000 → 1 万, 12500 → 12,500.00: limits as people say them; English has no 万."""
    whole = amount / 10_000
    if amount and whole == whole.to_integral_value() and not is_english():
        return _("%(wan)s 万元") % {"wan": f"{int(whole):,}"}
    return _("%(amount)s 元") % {"amount": format_money(amount)}


def span(above: Decimal, up_to: Decimal | None) -> str:
    """A limit's range in words."""
    if up_to is None:
        return _("超过 %(above)s") % {"above": brief(above)} if above else _("不限金额")
    if not above:
        return _("不超过 %(up_to)s") % {"up_to": brief(up_to)}
    return _("超过 %(above)s，至 %(up_to)s") % {"above": brief(above), "up_to": brief(up_to)}


def rungs(
    limits: Iterable[ApprovalLimit], origin: int, category: int | None, amount: Decimal
) -> list[dict[str, Any]]:
    """The ladder of one origin and category; the rung that covers the amount is marked."""
    own = [x for x in limits if x.origin == origin]
    special = [x for x in own if category and x.category_id == category]
    chosen = special if _covering(special, amount) else [x for x in own if x.category_id is None]
    return [
        {
            "title": x.get_role_display(),
            "range": span(x.above, x.up_to),
            "here": x is _covering(chosen, amount),
        }
        for x in sorted(chosen, key=lambda x: x.above)
    ]


def _covering(limits: Iterable[ApprovalLimit], amount: Decimal) -> ApprovalLimit | None:
    return next((x for x in limits if x.above < amount and (x.up_to is None or amount <= x.up_to)), None)


def effect(line: BudgetLine, asked: Decimal, held: Decimal = ZERO, paid: Decimal = ZERO) -> dict[str, Any]:
    """What a request does to a budget line: available before and after, and the bar.

    asked: what the request takes. held, paid: how much of it the line's totals contain already (yuan).
    """
    before = line.available + held + paid
    own = asked if not paid else paid + held
    segments = [
        ("a", line.spent - paid, _("已支付")),
        ("b", line.reserved - held, _("已占用")),
        ("c", min(own, max(before, ZERO)), _("本次")),
        ("d", max(before - own, ZERO), _("可用")),
    ]
    return {
        "line": line,
        "asked": own,
        "before": before,
        "after": before - own,
        "reserved": line.reserved - held,
        "spent": line.spent - paid,
        "segments": segments,
        "short": own > before,
    }


def usage(totals: dict[str, Decimal]) -> dict[str, Any]:
    """批复、占用、已支付、可用 of one line or a sum of lines, with the bar and the executed share."""
    approved, reserved, spent = (totals[name] or ZERO for name in ("approved", "reserved", "spent"))
    available = approved - reserved - spent
    return {
        "approved": approved,
        "reserved": reserved,
        "spent": spent,
        "available": available,
        "share": f"{spent / approved * 100:.1f}" if approved else "0.0",
        "segments": [
            ("a", spent, _("已支付")),
            ("b", reserved, _("占用")),
            ("d", available, _("可用")),
        ],
    }


def step_name(step: Any) -> str:
    """执行校长审批."""
    return _("%(role)s%(act)s") % {"role": Role(step.role).label, "act": Act(step.act).label}


def is_open(step: RequestStep) -> bool:
    return step.state == StepState.OPEN
