"""The verbs of a member of staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.verbs import Verb, VerbTable
from personnel import actions, forms, rules
from personnel.models import Staff

STAFF = VerbTable(
    "staff",
    Staff,
    actions.staff_case,
    (
        Verb(
            "change_record",
            _("变更人事记录"),
            rules.cannot_change_record,
            actions.change_record,
            forms.ChangeRecordForm,
            done=_("人事记录已变更，原记录到前一日为止。"),
            style="p",
            icon="transfer",
        ),
        Verb(
            "reveal",
            _("查看证件与手机号码"),
            rules.cannot_reveal,
            actions.reveal,
            forms.RevealForm,
            icon="eye",
        ),
        Verb(
            "leave",
            _("办理离职"),
            rules.cannot_leave,
            actions.leave,
            forms.LeaveForm,
            done=_("离职已登记，人事记录保留。"),
            style="d",
            icon="user-minus",
        ),
    ),
    "personnel:staff_verb",
)
