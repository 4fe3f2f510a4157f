"""The pages of staff: who is established where and teaches where on any day; numbers are masked until asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kunshan_edu.core import codes
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.pages import (
    Action,
    Column,
    DetailPage,
    Fact,
    FormPage,
    ListPage,
    Part,
    VerbPage,
    performed,
    replayed,
)
from kunshan_edu.core.pages.details import MOST_EVENTS
from personnel import actions, forms, rules, verbs
from personnel.actions.staff import enlist
from personnel.choices import BackboneLevel, Subject, Title
from personnel.models import Appraisal, AttendanceSummary, Merit, Staff, StaffRecord, TrainingEvent
from personnel.views.rotation import OF_A_PERSON

STAFF_CRUMB = ((pgettext_lazy("列表", "教职工"), "personnel:staff_list"),)
ROTATING = _("轮岗")
# What the appraisal, training, attendance and merits of one person show.
GRADES = (
    Column(_("年度"), "year"),
    Column(_("考核职务"), "post", under=lambda row: row.group or row.school),
    Column(_("等次"), "grade"),
    Column(_("考核文件"), "document", hide=True),
)
TRAININGS = (
    Column(_("培训名称"), "event"),
    Column(_("培训日期"), "event.held_on", "date"),
    Column(_("学时"), "hours", "number"),
)
MONTHS = (
    Column(_("月份"), lambda row: f"{row.month:%Y-%m}"),
    Column(_("任教校"), "school"),
    Column(_("应出勤"), "days_due", "number"),
    Column(_("实出勤"), "days_present", "number"),
    Column(_("请假"), "days_leave", "number"),
    Column(_("旷工"), "days_absent", "number"),
)
MERITS = (
    Column(_("荣誉名称"), "title"),
    Column(_("级别"), "level"),
    Column(_("授予日期"), "awarded_on", "date"),
    Column(_("撤销日期"), "revoked_on", "date", hide=True),
)


def label(words: Any, value: str | None) -> Any:
    """The words of an annotated choice; nothing where there is no record that day."""
    return words(value).label if value else ""


def cannot_register(user: Any) -> Denial | None:
    return rules.cannot_register_staff(actions.staff_case(None, user))


class StaffList(ListPage):
    """教职工."""

    model, filter_form, related = Staff, forms.StaffFilter, ("person",)
    title, clause = pgettext_lazy("列表", "教职工"), Clause.C4_1_T
    lead = _("编制和人事关系不因集团化办学改变；任教校为当日轮岗的接收校，没有轮岗的为编制所在校。")
    empty = _("还没有教职工"), _("由市教育局人事科逐个登记，或用表格一次导入。")
    export = "personnel:staff_export"
    columns = (
        Column(_("姓名"), "person.name", under="staff_no"),
        Column(_("编制所在校"), "school_name"),
        Column(
            _("任教校"),
            "teaching_name",
            under=lambda row: ROTATING if row.teaching_id != row.school_id else "",
        ),
        Column(_("职称"), lambda row: label(Title, row.title)),
        Column(_("骨干级别"), lambda row: label(BackboneLevel, row.backbone_level)),
        Column(_("任教学科"), lambda row: label(Subject, row.subject)),
    )

    def rows(self) -> Any:
        masked = super().rows().defer("person__identity_number", "person__phone")
        return masked.with_record(self.on())

    def actions(self) -> list[Action]:
        if cannot_register(self.request.user):
            return []
        return [
            Action(_("登记教职工"), reverse("personnel:staff_new"), icon="plus"),
            Action(_("导入教职工"), reverse("personnel:staff_import"), icon="upload"),
        ]


class StaffDetail(DetailPage):
    """一名教职工: where established, where teaching, and everything on record over time."""

    model, table, clause = Staff, verbs.STAFF, Clause.C4_1_T
    related = ("person", "person__user")
    crumb = STAFF_CRUMB
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("工号"), "staff_no"),
                Fact(_("性别"), "person.sex", optional=True),
                Fact(_("身份证号"), lambda row: codes.mask_identity(row.person.identity_number)),
                Fact(_("手机"), lambda row: codes.mask_phone(row.person.phone)),
                Fact(_("账号"), "person.user.username", optional=True),
                Fact(_("人员"), "person", "link"),
            ),
        ),
        (
            _("人事关系"),
            (
                Fact(_("编制所在校"), "record.school", "link"),
                Fact(_("任教校"), "teaching", "link", under="teaching_note"),
                Fact(_("职称"), "record.title"),
                Fact(_("骨干级别"), "record.backbone_level"),
                Fact(_("任教学科"), "record.subject"),
                Fact(_("依据文件"), "record.document"),
                Fact(_("起始日期"), "record.valid_from", "date"),
            ),
        ),
    )
    records = (
        Column(_("编制所在校"), "school"),
        Column(_("职称"), "title"),
        Column(_("骨干级别"), "backbone_level"),
        Column(_("任教学科"), "subject"),
        Column(_("依据文件"), "document", hide=True),
        Column(_("期间"), kind="span"),
    )

    def row(self) -> Staff:
        """The member of staff with the record and the rotation of the day looked at."""
        row = super().row()
        row.record = row.records.in_force(self.on()).select_related("school").first()
        row.rotation = row.rotations.in_force(self.on()).select_related("to_school").first()
        row.teaching = row.rotation.to_school if row.rotation else row.record and row.record.school
        row.teaching_note = ROTATING if row.rotation else ""
        return row

    def chip(self, row: Staff) -> tuple[str, Any]:
        if row.rotation:
            return "now", _("轮岗中")
        return ("ok", _("在编")) if row.record else ("na", _("不在编"))

    def actions(self, row: Staff) -> list[Action]:
        if not Staff.objects.proposable_by(self.request.user).filter(pk=row.pk).exists():
            return []
        url = f"{reverse('personnel:rotation_new')}?staff={row.pk}"
        return [Action(_("提出轮岗"), url, icon="arrows-exchange")]

    def events(self, row: Staff) -> Any:
        """What was done to the member of staff, to the person behind, and to the records."""
        told = AuditEvent.objects.select_related("actor")
        records = Q(model=StaffRecord._meta.label_lower, object_id__in=row.records.values("pk"))
        both = told.of(row) | told.of(row.person) | told.filter(records)
        return both[:MOST_EVENTS]

    def parts(self, row: Staff) -> list[Part]:
        rotations = row.rotations.visible_to(self.request.user).select_related("from_school", "to_school")
        always = [
            Part(_("人事记录"), self.records, row.records.select_related("school"), linked=False),
            Part(pgettext_lazy("列表", "轮岗"), OF_A_PERSON, rotations, (_("没有轮岗"), "")),
        ]
        return [*always, *(part for part in self.judged(row) if part.rows)]

    def judged(self, row: Staff) -> list[Part]:
        """Appraisal, training, attendance and merit, where there are any."""
        user = self.request.user
        grades = Appraisal.objects.visible_to(user).filter(person=row.person_id)
        seen = TrainingEvent.objects.visible_to(user)
        trained = row.trainings.filter(event__in=seen).select_related("event").order_by("-event__held_on")
        months = AttendanceSummary.objects.visible_to(user).filter(staff=row).select_related("school")
        return [
            Part(_("年度考核"), GRADES, grades.select_related("group", "school").order_by("-year")),
            Part(_("业务培训"), TRAININGS, trained, linked=False),
            Part(_("考勤月报"), MONTHS, months[:12], linked=False),
            Part(_("评优晋级"), MERITS, Merit.objects.visible_to(user).filter(staff=row)),
        ]


class StaffNew(FormPage):
    """登记教职工: a person new or known by the identity number."""

    form, title, done, clause = forms.StaffForm, _("登记教职工"), _("教职工已登记。"), Clause.C4_1_T
    crumb = STAFF_CRUMB
    afterwards = (
        _("身份证号和手机号码加密保存，页面上只显示首尾几位。"),
        _("身份证号已登记过的，认作同一人，不重复登记。"),
    )

    def refusal(self) -> Denial | None:
        return cannot_register(self.request.user)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return enlist(**cleaned, by=self.request.user)

    def context(self, form: Any) -> dict[str, Any]:
        """No draft: an identity number is kept on nobody's machine."""
        return {"draft": ""}


class StaffVerb(VerbPage):
    """教职工的办理. What is revealed is in the answer to that POST alone: no page, no key and no cache keeps it."""

    table = verbs.STAFF

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.reveal(request) if self.verb.name == "reveal" else super().post(request, **kwargs)

    def reveal(self, request: HttpRequest) -> HttpResponse:
        again = replayed(request, "")
        if again:
            return again
        row = self.row()
        form = self.make_form(row, request.POST)
        if not form.is_valid():
            return self.page(row, form, None, 422)
        try:
            performed(request, lambda: self.verb.action(row, by=request.user, **form.cleaned_data), "")
        except Denied as refusal:
            return self.page(row, form, refusal.denial, refusal.denial.status)
        response = render(request, "personnel/staff_revealed.html", {"row": row, "title": self.verb.label})
        response.headers["Cache-Control"] = "no-store"
        return response
