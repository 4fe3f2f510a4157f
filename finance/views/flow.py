"""办理进度与流转记录: the steps of a request at a glance, and everything that happened to it in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from finance.choices import RequestState, StepState, Verdict
from finance.models import RequestStep
from finance.views.dossier import Dossier
from finance.views.looks import capacity_in_words, named, signed, step_name
from kunshan_edu.core.money import format_money
from kunshan_edu.core.templatetags.kg import date_cn

Entry = dict[str, Any]


def progress(dossier: Dossier) -> list[Entry]:
    """提交 → each step of the chain → 支付, as done, now, todo or stop."""
    version = dossier.version
    if version is None:
        return []
    submitted = {"label": _("提交"), "note": date_cn(version.submitted_at), "state": "done", "icon": "send"}
    groups = groupby(dossier.chain(), key=lambda step: step.seq)
    steps = [_stage(dossier, list(steps)) for _seq, steps in groups]
    return [submitted, *(stage for stage in steps if stage), *_payment(dossier)]


def _stage(dossier: Dossier, steps: list[RequestStep]) -> Entry | None:
    """The steps that run side by side under one number, as one stage; None when they no longer count."""
    if all(step.state == StepState.VOID for step in steps):
        return None
    decisions = [d for d in map(dossier.decision_on, steps) if d]
    label = step_name(steps[0])
    if any(d.verdict != Verdict.APPROVE for d in decisions):
        verdict = next(d.get_verdict_display() for d in decisions if d.verdict != Verdict.APPROVE)
        return {"label": label, "note": verdict, "state": "stop", "icon": "arrow-back-up"}
    if all(step.state == StepState.DONE for step in steps):
        names = _("、").join(dict.fromkeys(named(d.actor.name, deputy=d.is_delegated) for d in decisions))
        return {"label": label, "note": names, "state": "done", "icon": "check"}
    if any(step.state == StepState.OPEN for step in steps):
        return {"label": label, "note": _names(dossier, steps), "state": "now", "icon": "rubber-stamp"}
    return {"label": label, "note": "", "state": "todo", "icon": "clock"}


def _names(dossier: Dossier, steps: list[RequestStep]) -> str:
    """Who has it now; schools that run side by side are counted."""
    left = [step for step in steps if step.state == StepState.OPEN]
    people = [holder.name for step in left for holder in dossier.holders.get(step.pk, ())]
    return _("、").join(dict.fromkeys(people)) or _("空缺，将上提市教育局")


def _payment(dossier: Dossier) -> list[Entry]:
    state = dossier.row.state
    if state in (
        RequestState.REJECTED,
        RequestState.WITHDRAWN,
        RequestState.CANCELLED,
        RequestState.RETURNED,
    ):
        return []
    tone = {"approved": "now", "paying": "now", "paid": "done"}.get(state, "todo")
    return [{"label": _("支付"), "note": _("承担学校出纳"), "state": tone, "icon": "coin-yuan"}]


def history(dossier: Dossier) -> list[Entry]:
    """Everything that happened, oldest first, then who has it now and what is still to come."""
    happened = [*_versions(dossier), *_decisions(dossier), *_minutes(dossier), *_payments(dossier)]
    happened += _events(dossier)
    happened.sort(key=lambda entry: entry["at"])
    return [*happened, *_now(dossier), *_to_come(dossier)]


def _versions(dossier: Dossier) -> Iterator[Entry]:
    for version in dossier.versions:
        words = _("提交申请，%(amount)s 元") if version.number == 1 else _("修改后重新提交，%(amount)s 元")
        yield {
            "icon": "send",
            "tone": "ok",
            "who": version.submitted_by.name,
            "what": words % {"amount": format_money(version.amount)},
            "at": version.submitted_at,
            "note": _("第 %(number)s 版") % {"number": version.number},
        }


def _decisions(dossier: Dossier) -> Iterator[Entry]:
    looks = {
        Verdict.APPROVE: {"icon": "check", "tone": "ok"},
        Verdict.RETURN: {"icon": "arrow-back-up", "tone": "go"},
        Verdict.REJECT: {"icon": "ban", "tone": "bad"},
    }
    for decision in dossier.decisions:
        words = {"step": step_name(decision.step), "verdict": decision.get_verdict_display()}
        yield {
            **looks[Verdict(decision.verdict)],
            "who": signed(decision),
            "what": _("%(step)s：%(verdict)s") % words,
            "say": decision.opinion,
            "at": decision.at,
            "note": "" if decision.is_delegated else capacity_in_words(decision.capacity),
        }


def _minutes(dossier: Dossier) -> Iterator[Entry]:
    for minutes in dossier.minutes:
        words = {
            "body": minutes.body,
            "number": minutes.number,
            "due": minutes.due,
            "present": minutes.present,
        }
        yield {
            "icon": "file-text",
            "tone": "ok",
            "who": minutes.recorded_by.name,
            "what": _("登记会议纪要：%(body)s %(number)s，应到 %(due)s 人，实到 %(present)s 人") % words,
            "say": minutes.conclusion,
            "at": minutes.at,
            "note": _("会议日期 %(day)s") % {"day": date_cn(minutes.held_on)},
        }


def _payments(dossier: Dossier) -> Iterator[Entry]:
    for payment in dossier.payments:
        words = {"school": payment.school, "amount": format_money(payment.amount)}
        yield {
            "icon": "coin-yuan",
            "tone": "ok",
            "who": payment.paid_by.name,
            "what": _("%(school)s支付 %(amount)s 元") % words,
            "at": payment.at,
            "note": _("凭证 %(voucher)s，%(day)s支付")
            % {"voucher": payment.voucher_no, "day": date_cn(payment.paid_on)},
        }


def _events(dossier: Dossier) -> Iterator[Entry]:
    looks = {
        "finance.withdraw": {"icon": "arrow-back-up", "tone": "na", "what": _("撤回申请，占用的预算已释放")},
        "finance.cancel": {"icon": "ban", "tone": "bad", "what": _("作废申请，占用的预算已释放")},
        "finance.lift": {"icon": "info-circle", "tone": "go", "what": _("职务空缺，环节上提市教育局")},
    }
    for event in dossier.events:
        who = event.actor.name if event.actor else ""
        said = {
            "say": event.reason,
            "at": event.at,
            "note": capacity_in_words(event.capacity.get("capacity", "")),
        }
        yield {**looks[event.verb], "who": who, **said}


def _now(dossier: Dossier) -> Iterator[Entry]:
    for step in dossier.chain():
        if step.state == StepState.OPEN:
            yield {
                "icon": "rubber-stamp",
                "tone": "now",
                "who": _names(dossier, [step]),
                "what": _("%(step)s中") % {"step": step_name(step)},
                "note": _("，").join([str(step.container), *dossier.waits.get(step.pk, ("", ""))[1:2]]),
            }


def _to_come(dossier: Dossier) -> Iterator[Entry]:
    for step in dossier.chain():
        if step.state == StepState.WAITING:
            words = {"place": step.container, "step": step_name(step)}
            what = words["step"] if step.bureau_id else _("%(place)s %(step)s") % words
            yield {"icon": "clock", "tone": "todo", "what": what}
    state = dossier.row.state
    if state in (RequestState.PENDING, RequestState.APPROVED, RequestState.PAYING):
        left = {line.school_id: line.school for line in dossier.lines}
        for payment in dossier.payments:
            left.pop(payment.school_id, None)
        for school in left.values():
            what = _("%(school)s出纳登记支付") % {"school": school}
            tone = "todo" if state == RequestState.PENDING else "now"
            yield {"icon": "coin-yuan", "tone": tone, "what": what}
