"""How declared columns and facts are written: the cell of a row, the value of a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kunshan_edu.core import clock
from kunshan_edu.core.templatetags.kg import (
    NOTHING,
    cite,
    date_cn,
    last_day,
    moment,
    money_filter,
    span,
    standing,
    status,
)

register = template.Library()
# A value of so few characters is never broken into two lines.
SHORT = 10


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list | tuple | set):
        return gettext("、").join(str(_text(each)) for each in value)
    return value if isinstance(value, SafeString) else str(value)


def _number(value: Any) -> str:
    return f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value:,}"


def _link(value: Any, query: str) -> SafeString:
    return format_html('<a href="{}{}">{}</a>', value.get_absolute_url(), query, value)


def _lines(value: Any) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((_text(each),) for each in value))


# kind of column → how its value is written; a link and a standing ask for more, see `_written`
WRITTEN: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "lines": _lines,
    "date": date_cn,
    "last": lambda value: date_cn(last_day(value)),
    "moment": moment,
    "money": money_filter,
    "number": _number,
    "percent": lambda value: f"{value * 100:.1f}%",
    "chip": status,
    "span": span,
    "clause": cite,
}


def _written(column: Any, value: Any, context: template.Context) -> Any:
    if column.kind == "link":
        return _link(value, context.get("on_query") or "")
    if column.kind == "standing":
        now, before, after = column.words
        return standing(value, now, before, after, _day(context))
    return WRITTEN[column.kind](value)


def _day(context: template.Context) -> dt.date:
    return context.get("on") or clock.today()


def _is_nothing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, list | tuple | set) and not value)


def _below(column: Any, row: Any) -> SafeString:
    value = column.below(row)
    if _is_nothing(value):
        return mark_safe("")
    return format_html('<div class="muted small">{}</div>', _text(value))


def _said(context: template.Context, column: Any, value: Any) -> SafeString:
    return conditional_escape(NOTHING if _is_nothing(value) else _written(column, value, context))


@register.simple_tag(takes_context=True)
def shown(context: template.Context, column: Any, row: Any) -> SafeString:
    """The value of a column or fact in one row; a dash for nothing."""
    return _said(context, column, column.of(row)) + _below(column, row)


@register.simple_tag(takes_context=True)
def cell(context: template.Context, column: Any, row: Any, first: bool = False) -> SafeString:
    """A cell of a table: the first of a row is its head and leads to it; on phones each says its label."""
    value = column.of(row)
    said = _said(context, column, value)
    if first:
        return format_html(
            '<th scope="row">{}{}</th>', _leading(context, column, row, said), _below(column, row)
        )
    name = " ".join(_classes(column, value))
    cls = format_html(' class="{}"', name) if name else ""
    return format_html('<td{} data-label="{}">{}{}</td>', cls, column.label, said, _below(column, row))


def _classes(column: Any, value: Any) -> list[str]:
    """Those of the column; nothing is not shown on phones, and a short word is not broken."""
    found = column.cls.split()
    if _is_nothing(value) and "hide-s" not in found:
        found.append("hide-s")
    elif column.kind in ("text", "link") and len(str(value)) <= SHORT:
        found.append("nowrap")
    return found


def _leading(context: template.Context, column: Any, row: Any, said: SafeString) -> SafeString:
    """The head of a row as the link to its page, when it has one."""
    if not context.get("linked") or column.kind == "link" or not hasattr(row, "get_absolute_url"):
        return said
    address = row.get_absolute_url() + (context.get("on_query") or "")
    return format_html('<a class="ttl" href="{}">{}</a>', address, said)
