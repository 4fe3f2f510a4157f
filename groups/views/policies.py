"""The pages of a group's rules: each document, and the board of the seven slots of every group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from groups import actions, forms, rules, verbs
from groups.choices import Authority, PolicySlot
from groups.models import EducationGroup, GroupPolicy
from kunshan_edu.core import access, files
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, Column, DetailPage, Fact, FormPage, ListPage, VerbPage
from kunshan_edu.core.templatetags.kg import status

SOON = dt.timedelta(days=30)  # a rule that ends within it is shown as expiring


def its_groups(user: Any) -> Any:
    """The groups whose rules this person adopts."""
    return access.objects_for(user, Authority.ADOPT_POLICIES, EducationGroup)


def adopting(user: Any) -> list[Action]:
    """The button that leads to the form, for whoever may adopt."""
    may = rights_of(user).anywhere(Authority.ADOPT_POLICIES, EducationGroup)
    return [Action(_("审定制度"), reverse("groups:policy_new"), icon="plus")] if may else []


class PolicyList(ListPage):
    """集团制度."""

    model, filter_form, related = GroupPolicy, forms.PolicyFilter, ("group",)
    title, clause = _("集团制度"), Clause.C4_1_U
    lead = _("集团制定统一的人事管理制度，总校长审定，对全体成员学校施行。")
    empty = _("还没有施行的制度"), _("七项人事制度由总校长审定，每项同一天只有一份施行。")
    columns = (
        Column(_("标题"), "title"),
        Column(_("制度"), "slot"),
        Column(_("教育集团"), "group"),
        Column(_("文号"), "document", hide=True),
        Column(_("期间"), kind="span"),
    )

    def actions(self) -> list[Action]:
        board = Action(_("七项制度"), reverse("groups:policy_board"), icon="table")
        return [*adopting(self.request.user), board]


class PolicyBoard(ListPage):
    """七项制度: every group × the seven slots on a day, and where a document is missing."""

    model, filter_form = EducationGroup, forms.BoardFilter
    title, clause = _("七项制度"), Clause.C4_1_U
    lead = _("每个集团的七项统一人事制度：施行、将到期、缺。")
    empty = _("还没有教育集团"), _("集团组建后，由总校长逐项审定人事制度。")

    def rows(self) -> Any:
        told = Prefetch("policies", GroupPolicy.objects.in_force(self.on()), to_attr="on_the_day")
        return super().rows().prefetch_related(told)

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        mine = rights_of(self.request.user).ids(Authority.ADOPT_POLICIES, EducationGroup)
        slots = (
            Column(slot.label, lambda row, slot=slot: self.cell(row, slot, row.pk in mine))
            for slot in PolicySlot
        )
        return Column(_("教育集团"), "short_name"), Column(_("施行"), filled), *slots

    def cell(self, group: EducationGroup, slot: PolicySlot, may_adopt: bool) -> SafeString:
        """The document of one slot as a chip that leads to it; a gap leads to the form for who may fill it."""
        found = policy_in(group, slot)
        if found is None:
            chip = status("bad", gettext("缺"))
            url = f"{reverse('groups:policy_new')}?group={group.pk}&slot={slot.value}" if may_adopt else ""
        else:
            chip, url = status(*self.standing(found)), found.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, chip) if url else chip

    def standing(self, policy: GroupPolicy) -> tuple[str, str]:
        """In force, or how many days it still is."""
        if policy.valid_to is None or policy.valid_to - self.on() > SOON:
            return "ok", gettext("施行")
        days = (policy.valid_to - self.on()).days
        return "go", ngettext("剩 %(days)s 天", "剩 %(days)s 天", days) % {"days": days}

    def actions(self) -> list[Action]:
        return adopting(self.request.user)


def policy_in(group: Any, slot: PolicySlot) -> GroupPolicy | None:
    """The group's document in a slot on the day that was read."""
    return next((policy for policy in group.on_the_day if policy.slot == slot), None)


def filled(group: Any) -> str:
    """6/7: how many of the slots have a document on the day that was read."""
    return f"{len({policy.slot for policy in group.on_the_day})}/{len(PolicySlot)}"


class PolicyDetail(DetailPage):
    """一项集团制度, with its text and attachment."""

    model, table, clause = GroupPolicy, verbs.POLICY, Clause.C4_1_U
    related = ("group", "attachment", "adopted_by")
    template = "groups/policy_detail.html"
    crumb = ((_("集团制度"), "groups:policy_list"),)
    words = (_("施行中"), _("未施行"), _("已失效"))
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("制度"), "slot"),
                Fact(_("教育集团"), "group", "link"),
                Fact(_("文号"), "document"),
                Fact(_("施行日期"), "valid_from", "date"),
                Fact(_("最后施行日"), "valid_to", "last", optional=True),
                Fact(_("审定人"), "adopted_by.name"),
            ),
        ),
    )


class PolicyAttachment(View):
    """集团制度的附件: for whoever may see the rule."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = GroupPolicy.objects.visible_to(request.user).select_related("attachment")
        row = get_object_or_404(rows, pk=kwargs["pk"])
        if row.attachment is None:
            raise Http404
        return files.answer(row.attachment)


class PolicyNew(FormPage):
    """审定集团制度."""

    title, done, clause = _("审定集团制度"), _("制度已审定，按施行日期生效。"), Clause.C4_1_U
    crumb = PolicyDetail.crumb

    def refusal(self) -> Denial | None:
        return rules.cannot_adopt(rules.Case(may_adopt=its_groups(self.request.user).exists()))

    def make_form(self, data: Any = None) -> Any:
        asked = self.request.GET.dict() if data is None else None
        return forms.PolicyForm(data, groups=its_groups(self.request.user), initial=asked)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.adopt(facts.pop("group"), **facts, by=self.request.user)


class PolicyVerb(VerbPage):
    """集团制度的办理."""

    table = verbs.POLICY
