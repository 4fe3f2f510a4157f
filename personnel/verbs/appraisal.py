"""The verbs of appraisal, training and merit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.verbs import Verb, VerbTable
from personnel import forms
from personnel.actions import appraisal as actions
from personnel.models import Appraisal, Merit, TrainingEvent
from personnel.rules import appraisal as rules

APPRAISAL = VerbTable(
    "appraisal",
    Appraisal,
    actions.appraisal_case,
    (
        Verb(
            "correct",
            _("更正等次"),
            rules.cannot_appraise,
            actions.correct_grade,
            forms.CorrectGradeForm,
            done=_("考核等次已更正，原等次留在办理记录中。"),
        ),
    ),
    "personnel:appraisal_verb",
)

TRAINING = VerbTable(
    "training",
    TrainingEvent,
    actions.training_case,
    (
        Verb(
            "record_attendance",
            _("登记参训"),
            rules.cannot_record_training,
            actions.record_training,
            forms.TrainingAttendanceForm,
            done=_("参训学时已登记。"),
            style="p",
            icon="users",
        ),
        Verb(
            "cancel",
            _("取消培训"),
            rules.cannot_record_training,
            actions.cancel_training,
            forms.ReasonForm,
            done=_("培训已取消。"),
            style="d",
        ),
    ),
    "personnel:training_verb",
)

MERIT = VerbTable(
    "merit",
    Merit,
    actions.merit_case,
    (
        Verb(
            "revoke",
            _("撤销荣誉"),
            rules.cannot_revoke_merit,
            actions.revoke_merit,
            forms.RevokeMeritForm,
            done=_("荣誉已撤销。"),
            style="d",
        ),
    ),
    "personnel:merit_verb",
)
