"""Rotations in the API: proposed, agreed, approved, filed; renewed, stopped."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kunshan_edu.core.api.bodies import body_shape, cleaned_from
from kunshan_edu.core.api.document import Operation
from kunshan_edu.core.api.nouns import Noun, verbs
from kunshan_edu.core.denials import demand
from kunshan_edu.core.once import Outcome
from personnel import forms
from personnel import verbs as tables
from personnel.actions import rotation as actions
from personnel.models import Rotation
from personnel.rules import rotation as rules


@verbs(tables.ROTATION)
class Rotations(Noun):
    """轮岗."""

    model = Rotation
    fields = ("staff", "from_school", "to_school", "group", "state", "valid_from", "valid_to")
    more = (
        "subject",
        "workload",
        "reason",
        "document",
        "outcome",
        "renews",
        "proposed_by",
        "sending_by",
        "receiving_by",
        "approved_by",
        "filed_by",
    )
    by = (
        "staff",
        "from_school",
        "to_school",
        "group",
        "state",
        ("waiting", serializers.BooleanField(required=False, help_text=_("true 只列待我办理的"))),
    )
    related = ("staff__person", "renews__staff__person", "renews__from_school", "renews__to_school")

    def filter_queryset(self, rows: Any) -> Any:
        given = self.filters(data=self.request.query_params.dict())
        given.is_valid(raise_exception=True)
        chosen = dict(given.validated_data)
        day, waiting = chosen.pop("on", None), chosen.pop("waiting", False)
        rows = rows.filter(**chosen)
        rows = rows.waiting_for(self.request.user) if waiting else rows
        return rows.in_force(day) if day else rows

    def create(self, request: Request) -> Response:
        """The form takes the teachers of the own reach alone: others are not there."""

        def perform() -> Outcome:
            demand(rules.cannot_propose(actions.proposer_case(request.user)))
            form = forms.RotationForm(self.content, user=request.user)
            facts = cleaned_from(form, self.content)
            return self.outcome(actions.propose(facts.pop("staff"), **facts, by=request.user).pk, 201)

        return self.once(perform)

    create.operation = Operation(  # type: ignore[attr-defined]
        "rotation_create",
        _("提出轮岗"),
        _("由本校或本集团提出；返回提出的轮岗，依次由两校同意、集团批准、局备案。"),
        body=body_shape("NewRotation", forms.RotationForm),
        status=201,
    )


ENDPOINTS = (("rotations", Rotations),)
