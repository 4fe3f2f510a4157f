"""The pieces of what the API answers, and how a form's fields are told in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kunshan_edu.core.api.problems import denial_of

MOST_ID = 2**63 - 1
AFTER = _("不含当天：此后第一个不再有效的日期")


def words_of(choices: Iterable[tuple[Any, Any]]) -> str:
    """The words of a choice with what they mean: lead（牵头学校）、member（成员学校）."""
    words = (
        gettext("%(value)s（%(label)s）") % {"value": v, "label": label} for v, label in choices if v != ""
    )
    return gettext("、").join(words)


class Id(serializers.IntegerField):
    """The number of a row, within what the database can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_ID, **kwargs)


class Yuan(serializers.DecimalField):
    """Yuan with two decimals, as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


class Choice(serializers.ChoiceField):
    """One of the words of a `choices.py`; the document lists them once, under the name of their class."""

    def __init__(self, words: type[Choices], **kwargs: Any) -> None:
        self.words = words
        super().__init__(choices=words.choices, **kwargs)


class ChoiceDocument(OpenApiSerializerFieldExtension):
    """Tells the OpenAPI document of `Choice`."""

    target_class = Choice

    def map_serializer_field(self, auto_schema: Any, *_direction: Any, **_options: Any) -> dict[str, Any]:
        words = self.target.words
        kind = "integer" if isinstance(words.values[0], int) else "string"
        component = ResolvedComponent(
            name=words.__name__,
            type=ResolvedComponent.SCHEMA,
            object=words,
            schema={"type": kind, "enum": list(words.values), "description": words_of(words.choices)},
        )
        auto_schema.registry.register_on_missing(component)
        return component.ref


class Ref(serializers.Serializer):
    """Another row: its number and what it is called."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class ClauseShape(serializers.Serializer):
    """A clause of the guideline: number, citation, its own words."""

    id = serializers.CharField()
    cite = serializers.CharField()
    quote = serializers.CharField()


class DenialShape(serializers.Serializer):
    """Why not: a stable code, a sentence, the clause it rests on."""

    code = serializers.CharField()
    message = serializers.CharField()
    clause = ClauseShape(allow_null=True)


class ErrorShape(serializers.Serializer):
    """What is wrong with one field."""

    code = serializers.CharField()
    message = serializers.CharField()


class ProblemShape(serializers.Serializer):
    """RFC 9457: what went wrong, in a sentence, with a stable code and the clause it rests on."""

    type = serializers.CharField(help_text=_("固定为 about:blank"))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text=_("给人看的一句话，按请求的语言"))
    code = serializers.CharField(help_text=_("稳定的代码，供程序判断"))
    clause = ClauseShape(allow_null=True, help_text=_("所依据的指导意见条款"))
    errors = serializers.DictField(  # type: ignore[assignment]
        child=ErrorShape(many=True), help_text=_("各栏的错误，例如 lines.0.amount")
    )


class OfferShape(serializers.Serializer):
    """A verb of a row: where it is done, and why not if it may not be done by this reader now."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()
    allowed = serializers.BooleanField()
    denial = DenialShape(allow_null=True)


@extend_schema_field(OfferShape(many=True))
class Offers(serializers.Field):
    """Every verb of the row with its address and its refusal for the reader, read on one case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> list[dict[str, Any]]:
        view = self.context["view"]
        case = view.table.case_for(row, self.context["request"].user)
        return [self._offer(view, row, verb, verb.rule(case)) for verb in view.table.verbs]

    def _offer(self, view: Any, row: Any, verb: Any, denial: Any) -> dict[str, Any]:
        url = view.reverse_action(f"verb-{verb.path}", args=[row.pk])
        told = {"verb": verb.name, "label": str(verb.label), "url": url}
        return {**told, "allowed": denial is None, "denial": denial_of(denial)}
