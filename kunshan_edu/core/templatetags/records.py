"""How the audit trail is shown: the verb in words, the columns that changed, in what capacity."""

from __future__ import annotations

from typing import Any

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.verbs import words

register = template.Library()
NOTHING = "—"
# What an event tells that is no column.
TOLD = {"rows": _("行数"), "filter": _("筛选条件")}


@register.filter
def in_words(verb: str) -> str:
    """finance.approve → 同意经费申请; a verb without words stays as it is written."""
    return str(words().get(verb) or (verb and gettext(verb)))


@register.filter
def noun(label: str) -> str:
    """finance.fundrequest → 经费申请."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


@register.filter
def differences(event: Any) -> list[tuple[str, str, str]]:
    """(column in words, before, after) of each column that an audit event changed."""
    try:
        model = apps.get_model(event.model)
    except LookupError:
        return [(name, str(old), str(new)) for name, (old, new) in event.difference.items()]
    return [_row(model, name, old, new) for name, (old, new) in event.difference.items()]


def _row(model: type[models.Model], name: str, old: Any, new: Any) -> tuple[str, str, str]:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(TOLD.get(name, name)), _plain(old), _plain(new)
    return str(field.verbose_name), _said(field, old), _said(field, new)


def _plain(value: Any) -> str:
    return NOTHING if value is None or value == "" else str(value)


def _said(field: Any, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if field.is_relation:
        return gettext("第 %(n)s 号") % {"n": value}
    return gettext(str(dict(field.flatchoices).get(value, value)))
