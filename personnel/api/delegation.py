"""Delegations in the API: given by their holder, or by the bureau in the holder's place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.shapes import Id, Ref
from kunshan_edu.core.denials import Denial
from personnel import actions, forms, rules
from personnel import verbs as tables
from personnel.models import Delegation
from personnel.querysets import SCOPES


def cannot_entrust(by: Any) -> Denial | None:
    """Neither a post of one's own to delegate, nor the right to reassign another's."""
    case = actions.case_of_anybody(by)
    return rules.cannot_delegate(case) and rules.cannot_reassign(case)


@creates(
    forms.DelegateForm,
    actions.entrust,
    _("委托审批；他人的审批由局领导改派"),
    cannot_entrust,
    forms.reassign_form,
)
@verbs(tables.DELEGATION)
class Delegations(Noun):
    """审批委托."""

    model = Delegation
    fields = (
        "appointment",
        "delegate",
        "kind",
        "ceiling",
        ("giver", Ref(source="appointment.person")),
        "valid_from",
        "valid_to",
    )
    more = ("reason", ("made_by", serializers.CharField(source="made_by.name", allow_null=True)))
    by = (
        ("appointment", Id(required=False, source="appointment_id", help_text=_("委托人任职编号"))),
        ("delegate", Id(required=False, source="delegate_id", help_text=_("受托人编号"))),
    )
    related = ("appointment__person", *(f"appointment__{scope}" for scope in SCOPES), "made_by")


ENDPOINTS = (("delegations", Delegations),)
