"""The verbs of a rotation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.verbs import Verb, VerbTable
from personnel import forms
from personnel.actions import rotation as actions
from personnel.models import Rotation
from personnel.rules import rotation as rules

ROTATION = VerbTable(
    "rotation",
    Rotation,
    actions.rotation_case,
    (
        Verb(
            "agree_sending",
            _("派出校同意"),
            rules.cannot_agree_sending,
            actions.agree_sending,
            done=_("派出校已同意，等待接收校同意。"),
            style="p",
            icon="check",
        ),
        Verb(
            "agree_receiving",
            _("接收校同意"),
            rules.cannot_agree_receiving,
            actions.agree_receiving,
            done=_("接收校已同意。"),
            style="p",
            icon="check",
        ),
        Verb(
            "approve",
            _("集团批准"),
            rules.cannot_approve,
            actions.approve_rotation,
            done=_("轮岗已批准，等待市教育局备案。"),
            style="p",
            icon="check",
        ),
        Verb(
            "file",
            _("登记备案"),
            rules.cannot_file,
            actions.file,
            forms.FileForm,
            done=_("轮岗已备案，自起始日起在接收校任教，编制不变。"),
            style="p",
            icon="file-text",
        ),
        Verb(
            "refuse",
            _("不同意"),
            rules.cannot_refuse,
            actions.refuse_rotation,
            forms.ReasonForm,
            done=_("已办理不同意，提出人已收到通知。"),
            style="d",
        ),
        Verb(
            "withdraw",
            _("撤回"),
            rules.cannot_withdraw,
            actions.withdraw_rotation,
            done=_("轮岗已撤回。"),
        ),
        Verb(
            "renew",
            _("续期"),
            rules.cannot_renew,
            actions.renew,
            forms.RenewForm,
            done=_("续期已提出，重新逐级办理。"),
        ),
        Verb(
            "stop",
            _("提前结束"),
            rules.cannot_stop,
            actions.stop_rotation,
            forms.StopForm,
            done=_("轮岗已提前结束，次日起回编制所在校任教。"),
            style="d",
        ),
    ),
    "personnel:rotation_verb",
)
