"""The pages of appraisal, training, attendance and merit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School
from kunshan_edu.core import access
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, Column, DetailPage, Fact, FormPage, ListPage, Part, VerbPage
from personnel import forms, verbs
from personnel.actions import appraisal as actions
from personnel.models import Appraisal, AttendanceSummary, Merit, Person, Staff, TrainingEvent
from personnel.rules import appraisal as rules

GRADE_CHIPS = {"excellent": ("now", "award"), "competent": ("ok",), "basic": ("go",), "failed": ("bad",)}


def grade_chip(row: Appraisal) -> tuple[Any, ...]:
    """The grade as a chip; a plain pass is no warning."""
    tone, *icon = GRADE_CHIPS[row.grade]
    return tone, row.get_grade_display(), *icon


def _held(user: Any, right: Authority, model: Any) -> Any:
    return access.objects_for(user, right, model)


def _appraises(user: Any) -> tuple[bool, Any]:
    """(heads of groups and schools?, the schools whose staff this person appraises)."""
    heads = access.rights_of(user).anywhere(Authority.APPRAISE_HEADS, Bureau)
    return heads, _held(user, Authority.APPRAISE_STAFF, School)


class AppraisalList(ListPage):
    """年度考核."""

    model, filter_form = Appraisal, forms.AppraisalFilter
    related = ("person", "group", "school")
    title, clause = _("年度考核"), Clause.C4_1_U
    lead = _("总校长、执行校长由市教育局考核，教职工由本校考核；总校长考核优秀方可延长任职。")
    empty = _("还没有考核等次"), _("每人每年每个职务登记一次，登记有误用更正办理。")
    columns = (
        Column(_("姓名"), "person.name"),
        Column(_("年度"), "year"),
        Column(_("考核职务"), "post", under=lambda row: row.group or row.school),
        Column(_("等次"), grade_chip, "chip"),
        Column(_("考核文件"), "document", hide=True),
    )

    def actions(self) -> list[Action]:
        heads, schools = _appraises(self.request.user)
        url = reverse("personnel:appraisal_new")
        return [Action(_("登记考核"), url, icon="plus")] if heads or schools.exists() else []


class AppraisalDetail(DetailPage):
    """一次年度考核."""

    model, table, clause = Appraisal, verbs.APPRAISAL, Clause.C4_1_U
    related = ("person", "group", "school", "recorded_by")
    crumb = ((_("年度考核"), "personnel:appraisal_list"),)
    facts = (
        (
            _("考核情况"),
            (
                Fact(_("姓名"), "person", "link"),
                Fact(_("年度"), "year"),
                Fact(_("考核职务"), "post"),
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("学校"), "school", "link", optional=True),
                Fact(_("考核文件"), "document"),
                Fact(_("登记人"), "recorded_by.name"),
            ),
        ),
    )

    def chip(self, row: Appraisal) -> tuple[Any, ...]:
        return grade_chip(row)


class AppraisalNew(FormPage):
    """登记年度考核."""

    title, done, clause = _("登记年度考核"), _("考核等次已登记。"), Clause.C4_1_U
    crumb = AppraisalDetail.crumb

    def refusal(self) -> Denial | None:
        heads, schools = _appraises(self.request.user)
        return rules.cannot_appraise(rules.RecordCase(heads or schools.exists()))

    def make_form(self, data: Any = None) -> Any:
        user = self.request.user
        heads, schools = _appraises(user)
        people = Person.objects.visible_to(user).exclude(user=user)
        return forms.AppraisalForm(data, people=people, heads=heads, staff=schools.exists())

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.appraise(facts.pop("person"), **facts, by=self.request.user)


class AppraisalVerb(VerbPage):
    """年度考核的办理."""

    table = verbs.APPRAISAL


def _trains(user: Any) -> tuple[Any, Any]:
    """The groups and the schools for which this person holds trainings."""
    return (
        _held(user, Authority.RUN_TRAINING, EducationGroup),
        _held(user, Authority.KEEP_STAFF_RECORDS, School),
    )


def training_chip(row: TrainingEvent) -> tuple[str, Any]:
    """Held or cancelled."""
    return ("na", _("已取消")) if row.is_cancelled else ("ok", _("有效"))


class TrainingList(ListPage):
    """业务培训."""

    model, filter_form, related = TrainingEvent, forms.TrainingFilter, ("group", "school")
    title, clause = _("业务培训"), Clause.C4_1_U
    lead = _("集团统一组织业务培训，按人登记学时。")
    empty = _("还没有培训"), _("由集团或学校组织，培训后登记参训教师和学时。")
    columns = (
        Column(_("培训名称"), "title"),
        Column(_("组织单位"), lambda row: row.group or row.school),
        Column(_("日期"), "held_on", "date"),
        Column(_("学时"), "hours", "number"),
        Column(_("参训人数"), "people", "number"),
        Column(_("状态"), training_chip, "chip"),
    )

    def rows(self) -> Any:
        return super().rows().with_hours()

    def actions(self) -> list[Action]:
        groups, schools = _trains(self.request.user)
        may = groups.exists() or schools.exists()
        return [Action(_("组织培训"), reverse("personnel:training_new"), icon="plus")] if may else []


class TrainingDetail(DetailPage):
    """一次培训, with who attended."""

    model, table, clause = TrainingEvent, verbs.TRAINING, Clause.C4_1_U
    related = ("group", "school")
    crumb = ((_("业务培训"), "personnel:training_list"),)
    facts = (
        (
            _("培训情况"),
            (
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("学校"), "school", "link", optional=True),
                Fact(_("日期"), "held_on", "date"),
                Fact(_("学时"), "hours", "number"),
                Fact(_("地点"), "place", optional=True),
            ),
        ),
    )

    def chip(self, row: TrainingEvent) -> tuple[str, Any]:
        return training_chip(row)

    def parts(self, row: TrainingEvent) -> list[Part]:
        staff = Staff.objects.visible_to(self.request.user)
        attended = row.attendances.filter(staff__in=staff).select_related("staff__person")
        columns = (
            Column(_("姓名"), "staff.person.name"),
            Column(_("工号"), "staff.staff_no"),
            Column(_("学时"), "hours", "number"),
        )
        return [Part(_("参训教师"), columns, attended, (_("还没有登记参训"), ""))]


class TrainingNew(FormPage):
    """组织培训."""

    title, done, clause = _("组织培训"), _("培训已登记。"), Clause.C4_1_U
    crumb = TrainingDetail.crumb

    def refusal(self) -> Denial | None:
        groups, schools = _trains(self.request.user)
        return rules.cannot_hold_training(rules.RecordCase(groups.exists() or schools.exists()))

    def make_form(self, data: Any = None) -> Any:
        groups, schools = _trains(self.request.user)
        return forms.TrainingForm(data, groups=groups, schools=schools)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.hold_training(**cleaned, by=self.request.user)


class TrainingVerb(VerbPage):
    """培训的办理."""

    table = verbs.TRAINING


class AttendanceList(ListPage):
    """考勤月报."""

    model, filter_form = AttendanceSummary, forms.AttendanceFilter
    related = ("staff__person", "school")
    title, clause, linked = _("考勤月报"), Clause.C4_1_U, False
    lead = _("每月由任教学校导入：应出勤天数等于实出勤、请假、旷工之和。")
    empty = _("还没有考勤月报"), _("由任教学校用表格导入。")
    columns = (
        Column(_("姓名"), "staff.person.name", under="staff.staff_no"),
        Column(_("任教校"), "school"),
        Column(_("月份"), lambda row: f"{row.month:%Y-%m}"),
        Column(_("应出勤"), "days_due", "number"),
        Column(_("实出勤"), "days_present", "number"),
        Column(_("请假"), "days_leave", "number"),
        Column(_("旷工"), "days_absent", "number"),
        Column(_("迟到早退"), "times_late", "number", hide=True),
    )

    def actions(self) -> list[Action]:
        may = _held(self.request.user, Authority.KEEP_STAFF_RECORDS, School).exists()
        return [Action(_("导入"), reverse("personnel:attendance_import"), icon="upload")] if may else []


def merit_chip(row: Merit) -> tuple[str, Any]:
    """In force or revoked."""
    return ("na", _("已撤销")) if row.revoked_on else ("ok", row.get_level_display())


class MeritList(ListPage):
    """评优."""

    model, filter_form, related = Merit, forms.MeritFilter, ("staff__person", "school")
    title, clause = _("评优晋级"), Clause.C4_1_U
    lead = _("荣誉凭文件登记，撤销也留有记录。")
    empty = _("还没有评优"), _("由任教学校登记。")
    columns = (
        Column(_("荣誉名称"), "title"),
        Column(_("姓名"), "staff.person.name"),
        Column(_("登记学校"), "school"),
        Column(_("授予日期"), "awarded_on", "date"),
        Column(_("级别"), merit_chip, "chip"),
    )

    def actions(self) -> list[Action]:
        may = _held(self.request.user, Authority.KEEP_STAFF_RECORDS, School).exists()
        return [Action(_("登记评优"), reverse("personnel:merit_new"), icon="plus")] if may else []


class MeritDetail(DetailPage):
    """一项荣誉."""

    model, table, clause = Merit, verbs.MERIT, Clause.C4_1_U
    related = ("staff__person", "school")
    crumb = ((_("评优晋级"), "personnel:merit_list"),)
    facts = (
        (
            _("荣誉"),
            (
                Fact(_("姓名"), "staff.person", "link"),
                Fact(_("登记学校"), "school", "link"),
                Fact(_("级别"), "level"),
                Fact(_("授予日期"), "awarded_on", "date"),
                Fact(_("依据文件"), "document"),
                Fact(_("撤销日期"), "revoked_on", "date", optional=True),
            ),
        ),
    )

    def chip(self, row: Merit) -> tuple[str, Any]:
        return merit_chip(row)


class MeritNew(FormPage):
    """登记评优."""

    title, done, clause = _("登记评优"), _("荣誉已登记。"), Clause.C4_1_U
    crumb = MeritDetail.crumb

    def refusal(self) -> Denial | None:
        may = _held(self.request.user, Authority.KEEP_STAFF_RECORDS, School).exists()
        return rules.cannot_record_merit(rules.RecordCase(may))

    def make_form(self, data: Any = None) -> Any:
        user = self.request.user
        staff = Staff.objects.visible_to(user).exclude(person__user=user)
        return forms.MeritForm(data, staff=staff, schools=_held(user, Authority.KEEP_STAFF_RECORDS, School))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.record_merit(**cleaned, by=self.request.user)


class MeritVerb(VerbPage):
    """评优的办理."""

    table = verbs.MERIT
