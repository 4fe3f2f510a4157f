"""The verbs of personnel: what feeds buttons, addresses, the API and the permission tests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.verbs import Verb, VerbTable
from personnel import actions, forms, rules
from personnel.models import Appointment

APPOINTMENT = VerbTable(
    "appointment",
    Appointment,
    actions.case_for,
    (
        Verb(
            "end",
            _("办理免职"),
            rules.cannot_end,
            actions.end,
            forms.EndForm,
            done=_("免职已登记，权限在最后在任日的次日零时失效。"),
            style="d",
            icon="user-minus",
        ),
    ),
    "personnel:appointment_verb",
)

# What the audit trail and the background jobs call the verbs of personnel.
WORDS = {
    "personnel.install": _("系统安装"),
    "personnel.register_person": _("登记人员"),
    "personnel.appoint": _("办理任职"),
    "personnel.end": _("办理免职"),
    "personnel.derive_rights": _("推导权限"),
    "personnel.rederive": _("重新核对权限"),
}
