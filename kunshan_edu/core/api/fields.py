"""A noun's shapes and filters told from its model: only the fields that are named, in words and with their refs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Choices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kunshan_edu.core.api.shapes import AFTER, Choice, Id, Offers, Ref

# The name of a field of the model; or a name with what tells of it: an annotation, a property, a list of parts.
Told = str | tuple[str, serializers.Field]
Shape = type[serializers.Serializer]
ON = _("只列这一天有效的；不写则全部")
NUMBER_OF = _("{noun}编号")


def _decimal(field: Any, facts: dict[str, Any]) -> serializers.Field:
    return serializers.DecimalField(max_digits=field.max_digits, decimal_places=field.decimal_places, **facts)


def _text(field: Any, facts: dict[str, Any]) -> serializers.Field:
    return serializers.CharField(max_length=field.max_length, allow_blank=field.blank, **facts)


# kind of model field → what tells of it; the special kinds come before the general ones
KINDS: tuple[tuple[type[models.Field[Any, Any]], Callable[..., serializers.Field]], ...] = (
    (models.DateTimeField, lambda _field, facts: serializers.DateTimeField(**facts)),
    (models.DateField, lambda _field, facts: serializers.DateField(**facts)),
    (models.DecimalField, _decimal),
    (models.BooleanField, lambda _field, facts: serializers.BooleanField(**facts)),
    (models.IntegerField, lambda _field, facts: serializers.IntegerField(**facts)),
    (models.CharField, _text),
    (models.TextField, _text),
)


def _all_words(base: type[Choices]) -> Iterator[type[Choices]]:
    for words in base.__subclasses__():
        yield words
        yield from _all_words(words)


def words_behind(field: Any) -> type[Choices]:
    """The class in a `choices.py` that a field's choices come from; LookupError when there is not exactly one."""
    values = [value for value, _label in field.flatchoices]
    found = [words for words in _all_words(Choices) if list(words.values) == values]
    own = [words for words in found if words.__module__.split(".")[0] == field.model._meta.app_label]
    if len(own or found) != 1:
        raise LookupError(f"{field}: say which words it takes, as ({field.name!r}, Choice(Words))")
    return (own or found)[0]


def field_of(model: type[models.Model], name: str) -> Any:
    """The model's field; LookupError for what must be told by hand."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        raise LookupError(f"{model.__name__} has no field {name}: tell of it as ({name!r}, …)") from None


def told(field: Any, **facts: Any) -> serializers.Field:
    """What tells of a field of a model, without its words."""
    if field.is_relation:
        return Ref(**facts)
    if field.choices:
        return Choice(words_behind(field), **facts)
    for kind, tell in KINDS:
        if isinstance(field, kind):
            return tell(field, facts)
    raise LookupError(f"{field}: of a kind that is told by hand, as ({field.name!r}, …)")


def _row(model: type[models.Model], names: Iterable[Told]) -> Iterator[tuple[str, serializers.Field]]:
    for name in names:
        if not isinstance(name, str):
            yield name
            continue
        field = field_of(model, name)
        help_text = AFTER if name == "valid_to" else field.verbose_name
        yield name, told(field, allow_null=field.null, help_text=help_text)
        if field.choices:
            words = serializers.CharField(source=f"get_{name}_display", allow_null=field.null)
            yield f"{name}_label", words


def shape_of(model: type[models.Model], names: Iterable[Told], name: str = "Row") -> Shape:
    """What the API answers of a row: its number and the fields named, a choice also in words, a row as a Ref."""
    fields = {"id": serializers.IntegerField(), **dict(_row(model, names))}
    said = {"__doc__": f"{model.__name__}, as far as it is told.", "__module__": __name__}
    return type(f"{model.__name__}{name}", (serializers.Serializer,), {**fields, **said})


def with_offers(shape: Shape, model: type[models.Model]) -> Shape:
    """The shape with what may be done to the row."""
    said = {"__doc__": f"{model.__name__} with what may be done to it.", "__module__": __name__}
    return type(f"{model.__name__}Detail", (shape,), {"offers": Offers(), **said})


def filters_of(model: type[models.Model], names: Iterable[Told]) -> Shape | None:
    """What a list may be narrowed by: the fields named, and a day when the rows are dated; None for nothing."""
    found: dict[str, serializers.Field] = {}
    for name in names:
        if isinstance(name, str):
            found[name] = _filter(field_of(model, name))
        else:
            found[name[0]] = name[1]
    if {"valid_from", "valid_to"} <= {field.name for field in model._meta.fields}:
        found["on"] = serializers.DateField(required=False, help_text=ON)
    said = {"__doc__": f"What narrows a list of {model.__name__}.", "__module__": __name__}
    return type(f"{model.__name__}Filters", (serializers.Serializer,), {**found, **said}) if found else None


def _filter(field: Any) -> serializers.Field:
    if field.is_relation:
        noun = field.related_model._meta.verbose_name
        facts = {"source": f"{field.name}_id", "help_text": format_lazy(NUMBER_OF, noun=noun)}
        return Id(required=False, **facts)
    return told(field, required=False, help_text=field.verbose_name)


def refs_of(model: type[models.Model], names: Iterable[Told]) -> tuple[str, ...]:
    """The relations among the fields named, to be read in one journey."""
    return tuple(name for name in names if isinstance(name, str) and field_of(model, name).is_relation)
