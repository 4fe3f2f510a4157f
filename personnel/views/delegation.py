"""The pages of delegation: whose approvals somebody else decides these days, and by whose word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, Column, DetailPage, Fact, FormPage, ListPage, VerbPage
from personnel import actions, forms, rules, verbs
from personnel.models import Appointment, Delegation
from personnel.querysets import SCOPES

RELATED = ("appointment__person", *(f"appointment__{scope}" for scope in SCOPES), "delegate", "made_by")


def cannot_delegate(user: Any) -> Denial | None:
    """Why this person has nothing to delegate; None for a president, principal or leader in office."""
    return rules.cannot_delegate(actions.case_of_anybody(user))


def cannot_reassign(user: Any) -> Denial | None:
    """Why this person does not put another in an approver's place."""
    return rules.cannot_reassign(actions.case_of_anybody(user))


class DelegationList(ListPage):
    """委托."""

    model, filter_form, related = Delegation, forms.DelegationFilter, RELATED
    title, clause = _("审批委托"), Clause.C4_2_L
    lead = _("外出或请假时把审批交给可以代办的人：限时、限额，不能再委托，决定署“代”字。")
    empty = _("没有生效的委托"), _("总校长可以委托副书记，执行校长可以委托副校长，最长 30 天。")
    columns = (
        Column(_("委托人"), "appointment"),
        Column(_("受托人"), "delegate.name", under="kind"),
        Column(_("限额（元）"), "ceiling", "money", hide=True),
        Column(_("期间"), kind="span"),
        Column(_("状态"), kind="standing", words=(_("生效中"), _("未开始"), _("已结束"))),
    )

    def actions(self) -> list[Action]:
        offered = []
        if cannot_delegate(self.request.user) is None:
            offered.append(Action(_("委托审批"), reverse("personnel:delegation_new"), icon="plus"))
        if cannot_reassign(self.request.user) is None:
            offered.append(Action(_("改派审批"), reverse("personnel:delegation_reassign"), icon="plus"))
        return offered


class DelegationDetail(DetailPage):
    """一项委托."""

    model, table, related, clause = Delegation, verbs.DELEGATION, RELATED, Clause.C4_2_L
    crumb = ((_("审批委托"), "personnel:delegation_list"),)
    words = (_("生效中"), _("未开始"), _("已结束"))
    facts = (
        (
            _("委托内容"),
            (
                Fact(_("委托人任职"), "appointment", "link"),
                Fact(_("受托人"), "delegate", "link"),
                Fact(_("方式"), "kind"),
                Fact(_("起始日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last"),
                Fact(_("限额（元）"), "ceiling", "money", optional=True),
                Fact(_("事由"), "reason"),
                Fact(_("办理人"), "made_by.name", optional=True),
            ),
        ),
    )


class DelegationNew(FormPage):
    """委托审批."""

    title, done, clause = _("委托审批"), _("委托已生效，受托人已收到通知。"), Clause.C4_2_L
    crumb = DelegationDetail.crumb
    afterwards = (_("受托人在起止日期内以“代”字署名审批，到期自动收回。"), _("您随时可以收回。"))

    def refusal(self) -> Denial | None:
        return cannot_delegate(self.request.user)

    def make_form(self, data: Any = None) -> Any:
        return forms.own_form(self.request.user, data)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.give(facts.pop("appointment"), **facts, by=self.request.user)


class DelegationReassign(FormPage):
    """改派审批."""

    title, done, clause = _("改派审批"), _("审批已改派，双方已收到通知。"), Clause.C4_2_L
    crumb = DelegationDetail.crumb
    lead = _("审批久拖不办或审批人暂时不能履职时，由局领导指定他人代办；空缺不等于同意。")

    def refusal(self) -> Denial | None:
        return cannot_reassign(self.request.user)

    def make_form(self, data: Any = None) -> Any:
        asked = self.request.GET
        initial = {"appointment": asked.get("appointment") or self._holder(asked)}
        return forms.reassign_form(data, initial)

    def _holder(self, asked: Mapping[str, str]) -> int | None:
        """The approver of the step that the reader came from: the post and where it is held."""
        post, container = asked.get("role"), asked.get("container", "")
        scope = {"group_president": "group", "executive_principal": "school", "bureau_leader": "bureau"}.get(
            post or ""
        )
        if scope is None or not container.isdigit():
            return None
        held = Appointment.objects.in_force().filter(post=post, **{scope: int(container)})
        return held.values_list("pk", flat=True).first()

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.reassign(facts.pop("appointment"), **facts, by=self.request.user)


class DelegationVerb(VerbPage):
    """委托的办理."""

    table = verbs.DELEGATION
