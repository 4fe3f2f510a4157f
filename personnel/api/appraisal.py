"""Appraisal, training, attendance and merit in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School
from kunshan_edu.core import access
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.denials import Denial
from personnel import forms
from personnel import verbs as tables
from personnel.actions import appraisal as actions
from personnel.models import Appraisal, AttendanceSummary, Merit, Person, Staff, TrainingEvent
from personnel.rules import appraisal as rules


def _holds(by: Any, right: Authority, model: Any) -> bool:
    return access.rights_of(by).anywhere(right, model)


def cannot_appraise(by: Any) -> Denial | None:
    may = _holds(by, Authority.APPRAISE_HEADS, Bureau) or _holds(by, Authority.APPRAISE_STAFF, School)
    return rules.cannot_appraise(rules.RecordCase(may))


def cannot_train(by: Any) -> Denial | None:
    may = _holds(by, Authority.RUN_TRAINING, EducationGroup) or _holds(
        by, Authority.KEEP_STAFF_RECORDS, School
    )
    return rules.cannot_hold_training(rules.RecordCase(may))


def cannot_record_merit(by: Any) -> Denial | None:
    return rules.cannot_record_merit(rules.RecordCase(_holds(by, Authority.KEEP_STAFF_RECORDS, School)))


def appraisal_form(content: Mapping[str, Any]) -> forms.AppraisalForm:
    """The form with everybody: whom one appraises, the action asks."""
    return forms.AppraisalForm(content, people=Person.objects.all(), heads=True, staff=True)


def training_form(content: Mapping[str, Any]) -> forms.TrainingForm:
    """The form with every group and school: for which one holds trainings, the action asks."""
    return forms.TrainingForm(content, groups=EducationGroup.objects.all(), schools=School.objects.all())


def merit_form(content: Mapping[str, Any]) -> forms.MeritForm:
    """The form with all staff and schools: whose records one keeps, the action asks."""
    return forms.MeritForm(content, staff=Staff.objects.all(), schools=School.objects.all())


@creates(forms.AppraisalForm, actions.appraise, _("登记年度考核"), cannot_appraise, appraisal_form)
@verbs(tables.APPRAISAL)
class Appraisals(Noun):
    """年度考核."""

    model = Appraisal
    fields = ("person", "year", "post", "group", "school", "grade")
    more = ("document",)
    by = ("person", "year", "grade", "school")


@creates(forms.TrainingForm, actions.hold_training, _("组织培训"), cannot_train, training_form)
@verbs(tables.TRAINING)
class Trainings(Noun):
    """业务培训."""

    model = TrainingEvent
    fields = ("group", "school", "title", "held_on", "hours", "is_cancelled")
    more = ("place",)
    by = ("group", "school")


class Attendances(Noun):
    """考勤月报."""

    model = AttendanceSummary
    fields = (
        "staff",
        "school",
        "month",
        "days_due",
        "days_present",
        "days_leave",
        "days_absent",
        "times_late",
    )
    by = ("staff", "school", "month")


@creates(forms.MeritForm, actions.record_merit, _("登记评优"), cannot_record_merit, merit_form)
@verbs(tables.MERIT)
class Merits(Noun):
    """评优."""

    model = Merit
    fields = ("staff", "school", "title", "level", "awarded_on", "revoked_on")
    more = ("document",)
    by = ("staff", "school", "level")


ENDPOINTS = (
    ("appraisals", Appraisals),
    ("trainings", Trainings),
    ("attendances", Attendances),
    ("merits", Merits),
)
