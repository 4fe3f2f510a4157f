"""The pages of rotations: on their way, under way, returned; the 编制 stays where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.pages import Action, Column, DetailPage, Fact, FormPage, ListPage, VerbPage
from kunshan_edu.core.templatetags.kg import date_cn
from personnel import forms, verbs
from personnel.actions import rotation as actions
from personnel.choices import PENDING_ROTATIONS, RotationState
from personnel.models import Rotation
from personnel.rules import rotation as rules

ROTATION_CRUMB = ((pgettext_lazy("列表", "轮岗"), "personnel:rotation_list"),)
PENDING_TONES = dict.fromkeys(PENDING_ROTATIONS, "go")


def cannot_propose(user: Any) -> Denial | None:
    return rules.cannot_propose(actions.proposer_case(user))


def rotation_chip(row: Rotation) -> tuple[str, Any]:
    """Where a rotation stands today: on its way, to come, under way, over."""
    if row.state != RotationState.FILED:
        return PENDING_TONES.get(row.state, "na"), row.get_state_display()
    if row.valid_to <= row.valid_from:
        return "na", _("未成行")
    if row.valid_to <= clock.today():
        return "na", row.get_outcome_display() or _("期满返校")
    return ("now", _("轮岗中")) if row.valid_from <= clock.today() else ("ok", _("待开始"))


WAY = Column(_("轮岗去向"), lambda row: f"{row.from_school} → {row.to_school}")
DAYS = Column(_("期间"), kind="span")
STATE = Column(_("状态"), rotation_chip, "chip")
OF_A_PERSON = (WAY, DAYS, Column(_("工作量（%）"), "workload", "number", hide=True), STATE)


class RotationList(ListPage):
    """轮岗."""

    model, filter_form = Rotation, forms.RotationFilter
    related = ("staff__person", "from_school", "to_school", "group")
    title, clause = pgettext_lazy("列表", "轮岗"), Clause.C3_2_B
    lead = _("骨干教师柔性流动：只换任教学校，编制和人事关系不变。")
    empty = _("没有轮岗"), _("学校或集团提出，两校同意、集团批准后，报市教育局备案。")
    export = "personnel:rotation_export"
    columns = (
        Column(_("教师"), "staff.person.name", under="staff.staff_no"),
        WAY,
        Column(_("教育集团"), lambda row: row.group or gettext("跨集团"), hide=True),
        DAYS,
        STATE,
    )

    def rows(self) -> Any:
        return super().rows().defer("staff__person__identity_number", "staff__person__phone")

    def make_filter(self) -> forms.RotationFilter:
        form = forms.RotationFilter.asked(self.request.GET)
        form.user = self.request.user
        return form

    def actions(self) -> list[Action]:
        calendar = Action(
            _("轮岗日历"), reverse("personnel:rotation_calendar"), icon="calendar-month", quiet=True
        )
        if cannot_propose(self.request.user):
            return [calendar]
        return [
            Action(_("提出轮岗"), reverse("personnel:rotation_new"), icon="plus"),
            Action(_("导入轮岗"), reverse("personnel:rotation_import"), icon="upload"),
            calendar,
        ]


class RotationDetail(DetailPage):
    """一次轮岗: who goes where, who has agreed and when, what comes next."""

    model, table, clause = Rotation, verbs.ROTATION, Clause.C4_1_T
    template = "personnel/rotation_detail.html"
    related = (
        "staff__person",
        "from_school",
        "to_school",
        "group",
        "renews",
        "proposed_by",
        "sending_by",
        "receiving_by",
        "approved_by",
        "filed_by",
    )
    crumb = ROTATION_CRUMB
    facts = (
        (
            _("轮岗内容"),
            (
                Fact(_("教师"), "staff", "link"),
                Fact(_("派出校"), "from_school", "link", under=lambda _row: _("编制所在校，不变")),
                Fact(_("接收校"), "to_school", "link"),
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("起始日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last"),
                Fact(_("任教学科"), "subject"),
                Fact(_("工作量（%）"), "workload", "number"),
                Fact(_("事由"), "reason", optional=True),
                Fact(_("备案文号"), "document", optional=True),
                Fact(_("结束方式"), "outcome", optional=True),
                Fact(_("续期自"), "renews", "link", optional=True),
            ),
        ),
    )

    def called(self, row: Rotation) -> str:
        return gettext("%(name)s轮岗到%(school)s") % {"name": row.staff.person, "school": row.to_school}

    def chip(self, row: Rotation) -> tuple[str, Any]:
        return rotation_chip(row)

    def context(self, row: Rotation) -> dict[str, Any]:
        """The steps; and of the verbs those that may be done, and the next one with why not."""
        offers = self.table.offers(row, self.request.user)
        following = next_verb(row)
        shown = [offer for offer in offers if not offer.denial or offer.verb.name == following]
        return {"steps": steps_of(row), "offers": shown}


class RotationNew(FormPage):
    """提出轮岗."""

    title, done, clause = _("提出轮岗"), _("轮岗已提出，派出校执行校长已收到待办。"), Clause.C3_2_B
    crumb = ROTATION_CRUMB
    afterwards = (
        _("派出校、接收校的执行校长各自同意。"),
        _("同一集团内由总校长批准；跨集团的由市教育局人事科审批。"),
        _("人事科备案后生效，起始日起在接收校任教，编制和人事关系不变。"),
    )

    def refusal(self) -> Denial | None:
        return cannot_propose(self.request.user)

    def make_form(self, data: Any = None) -> forms.RotationForm:
        chosen = {"staff": self.request.GET.get("staff", "")}
        return forms.RotationForm(data, user=self.request.user, initial=chosen)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.propose(facts.pop("staff"), **facts, by=self.request.user)


class RotationVerb(VerbPage):
    """轮岗的办理."""

    table = verbs.ROTATION


# The steps of a rotation, as core/_steps.html draws them

Step = dict[str, Any]
# (what is done, the verb of the audit, who did it, the state once it is done)
STEPS = (
    (_("提出"), "personnel.propose_rotation", "proposed_by", RotationState.PROPOSED),
    (_("派出校同意"), "personnel.agree_sending", "sending_by", RotationState.SENDING_AGREED),
    (_("接收校同意"), "personnel.agree_receiving", "receiving_by", RotationState.RECEIVING_AGREED),
    (_("集团批准"), "personnel.approve_rotation", "approved_by", RotationState.APPROVED),
    (_("局备案"), "personnel.file_rotation", "filed_by", RotationState.FILED),
)
NEXT_VERBS = {
    RotationState.PROPOSED: "agree_sending",
    RotationState.SENDING_AGREED: "agree_receiving",
    RotationState.RECEIVING_AGREED: "approve",
    RotationState.APPROVED: "file",
}
STOPPED = {
    RotationState.REFUSED: (_("不同意"), "personnel.refuse_rotation"),
    RotationState.WITHDRAWN: (_("已撤回"), "personnel.withdraw_rotation"),
}


def next_verb(row: Rotation) -> str:
    """What comes next on the way of a rotation."""
    if row.group_id is None and row.state == RotationState.RECEIVING_AGREED:
        return "file"
    return NEXT_VERBS.get(RotationState(row.state), "")


def _step(label: Any, state: str, note: str = "") -> Step:
    icon = {"done": "check", "now": "point", "stop": "ban"}.get(state, "point")
    return {"label": label, "note": note, "state": state, "icon": icon}


def _told(event: AuditEvent | None, person: Any) -> str:
    """Who and when, as far as it is known."""
    parts = (person, date_cn(event.at) if event else "")
    return " ".join(str(part) for part in parts if part)


def steps_of(row: Rotation) -> list[Step]:
    """提出 → 派出校 → 接收校 → 集团 → 局备案 → 轮岗中 → 返校, each with who and when."""
    events = {event.verb: event for event in AuditEvent.objects.of(row).select_related("actor")}
    found, reached = [], False
    for label, verb, column, state in STEPS:
        if state == RotationState.APPROVED and row.group_id is None:
            continue
        person = getattr(row, column)
        done = person is not None
        current = not done and not reached and row.state in PENDING_ROTATIONS
        reached = reached or current
        found.append(
            _step(label, "done" if done else "now" if current else "", _told(events.get(verb), person))
        )
    if row.state in STOPPED:
        label, verb = STOPPED[row.state]
        event = events.get(verb)
        done = [step for step in found if step["state"] == "done"]
        return [*done, _step(label, "stop", _told(event, event.actor if event else None))]
    return found + _lasting(row)


def _lasting(row: Rotation) -> list[Step]:
    """轮岗中 and 返校, by the dates of a filed rotation."""
    filed, today = row.state == RotationState.FILED, clock.today()
    begun, over = filed and row.valid_from <= today, filed and row.valid_to <= today
    back = date_cn(row.valid_to)
    return [
        _step(_("轮岗中"), "done" if over else "now" if begun else "", date_cn(row.valid_from)),
        _step(row.get_outcome_display() if over and row.outcome else _("返校"), "done" if over else "", back),
    ]
