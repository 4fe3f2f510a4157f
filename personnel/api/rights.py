"""Rights in the API: why somebody may or may not, and what one may do oneself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, clock
from kunshan_edu.core.access import Grant, is_in_force, rights_of
from kunshan_edu.core.api.document import Operation
from kunshan_edu.core.api.nouns import Door
from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.api.shapes import AFTER, Choice, ClauseShape, Yuan
from kunshan_edu.core.reasons import Explanation, Reason
from kunshan_edu.core.templatetags.kg import say
from personnel import forms
from personnel.choices import Scope


class PlaceOfRight(serializers.Serializer):
    """Where a right stands: kind, number, name."""

    kind = Choice(Scope)
    id = serializers.IntegerField()
    name = serializers.CharField()


class Account(serializers.Serializer):
    """An account and whose it is."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()


class HeldRight(serializers.Serializer):
    """A right that somebody holds: on what, in what capacity, by which appointment, document and clause."""

    right = Choice(Authority)
    place = PlaceOfRight()
    holder = Account()
    capacity = serializers.CharField()
    appointment = serializers.IntegerField(help_text=_("产生这项权限的任职编号"))
    delegation = serializers.IntegerField(allow_null=True, help_text=_("经委托取得时，委托的编号"))
    ceiling = Yuan(allow_null=True)
    document = serializers.CharField()
    clause = ClauseShape()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=AFTER)


class ReasonShape(serializers.Serializer):
    """One fact behind a yes or a no: a stable code, a sentence, the appointment it is about."""

    code = serializers.CharField()
    message = serializers.CharField()
    appointment = serializers.IntegerField(allow_null=True)


class ExplanationShape(serializers.Serializer):
    """Why somebody may or may not on a day: the rights that give it, the nearest facts, and who could."""

    allowed = serializers.BooleanField()
    on = serializers.DateField()
    person = Account()
    right = Choice(Authority)
    place = PlaceOfRight()
    grants = HeldRight(many=True)
    reasons = ReasonShape(many=True)
    holders = HeldRight(many=True)


class Asked(serializers.Serializer):
    """A question: whose right, which, on what, on which day."""

    who = serializers.CharField(required=False, help_text=_("用户名；不填为本人"))
    right = Choice(Authority)
    place = serializers.CharField(
        required=False, help_text=_("对象，例如 school:12、group:3、district:2；教育局的权限不填")
    )
    on = serializers.DateField(required=False, help_text=_("不填为今天"))


class Day(serializers.Serializer):
    """The day that a list is about."""

    on = serializers.DateField(required=False, help_text=_("不填为今天"))


class Mine(serializers.Serializer):
    """What one may do oneself on a day."""

    on = serializers.DateField()
    rights = HeldRight(many=True)


def _place(right: str, row: Any) -> dict[str, Any]:
    return {"kind": forms.scope_of(right).value, "id": row.pk, "name": str(row)}


def _account(user: Any) -> dict[str, Any]:
    return {"id": user.pk, "username": user.username, "name": user.name}


def held(rows: Iterable[Grant], right: str = "") -> list[dict[str, Any]]:
    """Guardian rows as the API tells them."""
    return [
        {
            "right": right or row.permission.codename,
            "place": _place(right or row.permission.codename, row.content_object),
            "holder": _account(row.user),
            "capacity": row.capacity,
            "appointment": row.source_id,
            "delegation": row.delegation_id,
            "ceiling": row.ceiling,
            "document": row.document,
            "clause": row.clause,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for row in rows
    ]


def _reason(reason: Reason) -> dict[str, Any]:
    appointment = reason.grant.source_id if reason.grant else None
    if reason.code == "awaiting":
        appointment = reason.places[0].pk
    return {"code": reason.code, "message": say(reason), "appointment": appointment}


def told(explanation: Explanation) -> dict[str, Any]:
    """An explanation as the API tells it: the same facts as the page."""
    right = explanation.permission
    for row in (*explanation.grants, *explanation.holding):
        row.content_object = explanation.object
    for row in explanation.grants:
        row.user = explanation.user
    return {
        "allowed": explanation.allowed,
        "on": explanation.day,
        "person": _account(explanation.user),
        "right": right,
        "place": _place(right, explanation.object),
        "grants": held(explanation.grants, right),
        "reasons": [_reason(reason) for reason in explanation.reasons],
        "holders": held(explanation.holding, right),
    }


class Rights(Door):
    """权限: read only, as rights follow from appointments and are given by nobody."""

    serializer_class = ExplanationShape
    filters = None

    @action(detail=False, methods=["get"])
    def explain(self, request: Request, **_kwargs: Any) -> Response:
        user = request.user
        others = rights_of(user).anywhere(Authority.EXPLAIN_RIGHTS, Bureau)
        query = {**request.query_params.dict()}
        who = query.setdefault("who", user.username)
        if not others and who != user.username:
            raise Http404
        form = forms.ExplainForm(query, asker=user, others=others)
        if not form.is_valid():
            raise Invalid.form(form)
        if len(form.found) != 1:
            raise Http404
        return Response(ExplanationShape(told(form.explain())).data)

    explain.operation = Operation(  # type: ignore[attr-defined]
        "right_explain",
        _("说明权限"),
        _(
            "为什么能办、为什么不能办、谁能办，今天或任何一天。本人都可查询；他人的由持有 explain_rights 的人查询。"
        ),
        answer=ExplanationShape,
        keyed=False,
        problems=(401, 404, 422),
        query=Asked,
    )

    @action(detail=False, methods=["get"])
    def mine(self, request: Request, **_kwargs: Any) -> Response:
        asked = Day(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        day = asked.validated_data.get("on") or clock.today()
        rows = [row for row in access.rows_of(request.user) if is_in_force(row, day)]
        return Response(Mine({"on": day, "rights": held(rows)}).data)

    mine.operation = Operation(  # type: ignore[attr-defined]
        "right_mine",
        _("我能办什么"),
        _("本人在某一天持有的每一项权限。"),
        answer=Mine,
        keyed=False,
        problems=(401, 422),
        query=Day,
    )


ENDPOINTS = (("rights", Rights),)
