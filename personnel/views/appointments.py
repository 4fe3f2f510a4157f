"""The pages of appointments: who holds what on any day, the life of one post, and the forms that begin it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from groups.choices import Authority
from kunshan_edu.core import jobs
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.pages import (
    Action,
    Column,
    DetailPage,
    Fact,
    ListPage,
    Part,
    VerbPage,
    performed,
)
from kunshan_edu.core.pages.details import MOST_EVENTS
from kunshan_edu.core.verbs import Offer, VerbTable
from personnel import forms, verbs
from personnel.choices import DELEGABLE_POSTS, Method, Post
from personnel.models import Appointment, Delegation, Person, Selection
from personnel.querysets import SCOPES, rights_from
from personnel.views.appointing import CLAUSES, CRUMB, cannot_nominate
from personnel.views.looks import Life, pair_chip, state_chip, todo, worth_offering
from personnel.views.people import cannot_appoint


class AppointmentList(ListPage):
    """任职."""

    model, filter_form = Appointment, forms.AppointmentFilter
    template, rows_in = "personnel/appointment_list.html", "core/records.html"
    related = ("person", "unit", *SCOPES)
    title, clause = pgettext_lazy("列表", "任职"), Clause.C6_3_A
    lead = _("每一项权限都来自一项在任的任职；任职结束，权限当日失效。")
    empty = _("没有任职"), _("总校长、执行校长由市教育局选配，任免由人事科凭文件登记、局领导审定。")

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return (
            Column(_("人员"), "holder"),
            Column(_("职务"), "post", under="unit.name"),
            Column(_("任职单位"), "container"),
            Column(_("任用方式"), "method", hide=True),
            Column(_("期间"), kind="span"),
            Column(_("待办事项"), todo) if self.waits else Column(_("任职文号"), "document", hide=True),
            Column(_("状态"), lambda row: state_chip(row, self.on()), "chip"),
        )

    @property
    def waits(self) -> bool:
        """Is it the list of what waits for the reader?"""
        return self.request.GET.get("state") == forms.WAITING

    def make_filter(self) -> forms.AppointmentFilter:
        form = forms.AppointmentFilter.asked(self.request.GET)
        form.user = self.request.user
        return form

    def actions(self) -> list[Action]:
        user, offered = self.request.user, []
        if cannot_appoint(user) is None:
            offered.append(Action(_("办理任职"), reverse("personnel:appointment_new"), icon="plus"))
        elif cannot_nominate(user) is None:
            offered.append(Action(_("提名"), reverse("personnel:appointment_nominate"), icon="user-plus"))
        return [
            *offered,
            Action(_("职务空缺"), reverse("personnel:vacancies"), icon="user-question", quiet=True),
        ]

    def context(self, rows: Any) -> dict[str, Any]:
        visible = Appointment.objects.visible_to(self.request.user)
        waiting = Appointment.objects.waiting_for(self.request.user).count()
        state, whole = self.request.GET.get("state", ""), self.request.GET.get("show", "")
        return {
            "tabs": [
                ("", _("在任"), 0, not state and not whole),
                ("?state=waiting", _("待我办理"), waiting, state == "waiting"),
                ("?state=open", _("办理中"), visible.under_way().count(), state == "open"),
                ("?show=all", _("全部"), 0, bool(whole) and not state),
            ],
            "may_appoint": cannot_appoint(self.request.user) is None,
            "idem": uuid.uuid4(),
        }


class AppointmentDetail(DetailPage):
    """一项任职: its life in steps, what it rests on, the rights that it confers with the clause of each."""

    model, table = Appointment, verbs.APPOINTMENT
    template = "personnel/appointment_detail.html"
    related = ("person", "person__user", "unit", "recorded_by", "confirmed_by", "nominated_by", *SCOPES)
    crumb = CRUMB
    facts = (
        (
            _("任职内容"),
            (
                Fact(_("人员"), "holder"),
                Fact(_("职务"), "post"),
                Fact(_("任职单位"), "container", under="unit.name"),
                Fact(_("任用方式"), "method"),
                Fact(_("任职文号"), "document"),
                Fact(_("任职日期"), "valid_from", "date"),
                Fact(_("最后在任日"), "valid_to", "last"),
                Fact(_("聘期届满日"), "term_end", "date", optional=True),
                Fact(_("免职原因"), "end_reason", optional=True),
                Fact(_("免职文号"), "end_document", optional=True),
                Fact(_("补录说明"), "remark", optional=True),
            ),
        ),
    )
    candidates = (
        Column(_("人选"), "person.name", under="note"),
        Column(_("名次"), "rank", "number"),
        Column(_("笔试"), "written", "money"),
        Column(_("面试"), "interview", "money"),
        Column(_("总分"), "total", "money"),
    )
    delegations = (
        Column(_("受托人"), "delegate.name", under="kind"),
        Column(_("限额（元）"), "ceiling", "money", hide=True),
        Column(_("期间"), kind="span"),
        Column(_("状态"), kind="standing", words=(_("生效中"), _("未开始"), _("已结束"))),
    )

    def events(self, row: Appointment) -> list[Any]:
        """All of them, read once: the steps of its life are told from them too."""
        if not hasattr(row, "events"):
            row.events = list(AuditEvent.objects.of(row).select_related("actor"))
        return row.events[:MOST_EVENTS]

    def called(self, row: Appointment) -> str:
        return f"{row.container} {row.get_post_display()}"

    def chip(self, row: Appointment) -> tuple[str, str]:
        return state_chip(row, self.on())

    def actions(self, row: Appointment) -> list[Action]:
        person = row.person
        if person is None or not (row.is_live or self._knows(person)):
            return []
        label = _("%(name)s的任职经历") % {"name": person.name}
        return [Action(label, person.get_absolute_url(), icon="user", quiet=True)]

    def _knows(self, person: Person) -> bool:
        return Person.objects.visible_to(self.request.user).filter(pk=person.pk).exists()

    def parts(self, row: Appointment) -> list[Part]:
        return [*self._competition(row), *self._delegated(row)]

    def _delegated(self, row: Appointment) -> list[Part]:
        if row.post not in DELEGABLE_POSTS:
            return []
        seen = Delegation.objects.visible_to(self.request.user).filter(appointment=row)
        given = list(seen.select_related("delegate"))
        return [Part(_("审批委托"), self.delegations, given)] if given else []

    def _competition(self, row: Appointment) -> list[Part]:
        ranked = self._ranked(row) if row.method == Method.COMPETITIVE else []
        return [Part(_("竞聘人选"), self.candidates, ranked, linked=False)] if ranked else []

    def _ranked(self, row: Appointment) -> list[Any]:
        """The candidates of a competition that the reader may see, the best first; equal totals share a rank."""
        found = Selection.objects.visible_to(self.request.user).filter(appointment=row).first()
        rows = list(found.candidates.select_related("person")) if found else []
        for each in rows:
            each.rank = 1 + sum(other.total > each.total for other in rows)
            each.note = _("公示人选") if each.person_id == row.person_id else ""
        return rows

    def offers(self, row: Appointment) -> list[Offer]:
        return worth_offering(super().offers(row))

    def pairs(self, row: Appointment) -> list[dict[str, Any]]:
        """Extensions and incentives of a president, each with what may be done to it."""
        if row.post != Post.GROUP_PRESIDENT:
            return []
        tables = (verbs.EXTENSION, verbs.INCENTIVE)
        return [self._pair(row, table, each) for table in tables for each in self._recorded(row, table)]

    def _recorded(self, row: Appointment, table: VerbTable) -> Any:
        seen = table.model.objects.visible_to(self.request.user)
        return seen.filter(appointment=row).select_related("recorded_by")

    def _pair(self, row: Appointment, table: VerbTable, each: Any) -> dict[str, Any]:
        each.appointment = row
        offers = [offer for offer in table.offers(each, self.request.user) if offer.denial is None]
        shown = {"row": each, "kind": table.noun, "chip": pair_chip(each), "offers": offers}
        return {**shown, "idem": uuid.uuid4()}

    def context(self, row: Appointment) -> dict[str, Any]:
        held = [(Authority(grant.permission.codename).label, grant) for grant in rights_from(row, self.on())]
        return {
            "steps": Life(row, row.events).steps(),
            "held": held,
            "pairs": self.pairs(row),
            "registered": registered(row),
            "clause": CLAUSES.get(Post(row.post), Clause.C6_3_A),
        }


def registered(row: Appointment) -> list[tuple[Any, Any]]:
    """The dates of registration that go with the post: (what, when), None for one that is missing (4.1.d, l, m)."""
    if not row.is_live:
        return []
    if row.post == Post.EXECUTIVE_PRINCIPAL:
        branch, legal = _("兼任党支部书记"), _("法定代表人登记")
        return [(branch, row.secretary_on), (legal, row.legal_representative_on)]
    if row.post == Post.GROUP_PRESIDENT and not row.container.rule_sets.in_force().exists():
        return [(_("兼任集团党组织书记"), row.secretary_on)]
    return []


class AppointmentVerb(VerbPage):
    """任职的办理."""

    table = verbs.APPOINTMENT


class ExtensionVerb(VerbPage):
    """延长任职的审定."""

    table = verbs.EXTENSION


class IncentiveVerb(VerbPage):
    """激励待遇的审定."""

    table = verbs.INCENTIVE


@require_POST
def rederive(request: HttpRequest) -> HttpResponse:
    """重新核对权限: a background job that makes every right say what the appointments confer."""
    demand(cannot_appoint(request.user))
    return performed(request, lambda: jobs.start("personnel.rederive", by=request.user), "")
