"""What a POST takes: JSON put through the very forms of the pages, and those forms told as serializers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.api.shapes import Id, words_of

UNKNOWN = _("接口没有这一栏，请核对名称。")
NOT_APPLICABLE = _("这一栏在本次办理中不适用，请去掉。")
NOT_A_VALUE = _("这一栏应为单个值。")
Shape = type[serializers.Serializer]


def content_of(data: Any) -> Mapping[str, Any]:
    """The body as a JSON object; nothing sent is an empty one."""
    if not isinstance(data, dict):
        raise ParseError
    return data


def check_names(content: Mapping[str, Any], known: set[str], path: str = "") -> None:
    """A misspelt optional field must not pass in silence."""
    for name in content:
        if name not in known:
            raise Invalid.field(f"{path}{name}", "unknown_field", UNKNOWN)


def check_value(value: Any, name: str) -> None:
    """What a form takes for text must not be a list or an object, whose text would pass for what was typed."""
    if isinstance(value, list | dict):
        raise Invalid.field(name, "invalid", NOT_A_VALUE)


def _check_values(content: Mapping[str, Any], form: forms.Form) -> None:
    """Only a field of many values takes a list; no field takes an object."""
    for name, field in form.fields.items():
        value: Any = content.get(name)
        many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        for item in value if many and isinstance(value, list) else [value]:
            check_value(item, name)


def _typed(fields: Mapping[str, forms.Field]) -> dict[str, forms.Field]:
    """The fields that JSON can fill in: all but files."""
    return {name: field for name, field in fields.items() if not isinstance(field, forms.FileField)}


def cleaned_from(form: forms.Form, content: Mapping[str, Any], *others: str) -> dict[str, Any]:
    """The cleaned data of a bound form, which are the action's keyword arguments. others: fields beside it."""
    check_names(content, {*_typed({**form.base_fields, **form.fields}), *others})
    for name in form.base_fields.keys() - form.fields.keys():
        if content.get(name) not in (None, ""):  # left out for this row: what was meant must not be ignored
            raise Invalid.field(name, "not_applicable", NOT_APPLICABLE)
    _check_values(content, form)
    if not form.is_valid():
        raise Invalid.form(form)
    return form.cleaned_data


def seen_from(shape: Shape, content: Mapping[str, Any]) -> None:
    """Refuse a decision that does not say what was seen: its fields are all required."""
    seen = shape(data={name: content[name] for name in list(shape().fields) if name in content})
    if not seen.is_valid():
        raise Invalid(seen.errors)


def _listed(field: Any) -> str:
    """The words of a choice, in the language of the document."""
    return words_of(flatten_choices(field.choices)) or str(field.help_text or field.label)


_listed_lazily = lazy(_listed, str)

# kind of form field → the serializer field that tells of it
KINDS: dict[type[forms.Field], type[serializers.Field]] = {
    forms.BooleanField: serializers.BooleanField,
    forms.DateField: serializers.DateField,
    forms.IntegerField: serializers.IntegerField,
}


def _told(field: forms.Field) -> serializers.Field:
    """A form's field as the OpenAPI document tells it; the special kinds come before the general ones."""
    facts: dict[str, Any] = {"required": field.required, "help_text": field.help_text or field.label}
    if isinstance(field, forms.ModelChoiceField):
        return Id(**facts, allow_null=not field.required)
    if isinstance(field, forms.ChoiceField):
        facts["help_text"] = _listed_lazily(field)
        many = isinstance(field, forms.MultipleChoiceField)
        return serializers.ListField(child=serializers.CharField(), **facts) if many else _text(field, facts)
    for kind, told in KINDS.items():
        if isinstance(field, kind):
            return told(**facts)
    return _text(field, facts)


def _text(field: forms.Field, facts: dict[str, Any]) -> serializers.CharField:
    most = getattr(field, "max_length", None)
    return serializers.CharField(**facts, max_length=most, allow_blank=not field.required)


def body_shape(name: str, form: type[forms.Form] | None, seen: Shape | None = None) -> Shape | None:
    """What a POST takes, as a serializer that only the document uses; None when it takes nothing."""
    fields = {key: _told(field) for key, field in _typed(form.base_fields).items()} if form else {}
    return type(name, (seen or serializers.Serializer,), fields) if fields or seen else None
