"""How things are shown: icons, money, dates, states, bars, clauses, fields, buttons that say why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kunshan_edu.core import clock, money
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause

register = template.Library()

NOTHING = "—"
# The appearance a person may choose, kept in cookies of the same name; kg.js writes the same ones.
LOOKS = {"theme": "dark", "size": "big", "nav": "mini", "keys": "off"}
# The icon of each state, so that colour is never the only sign.
ICONS = {"ok": "check", "go": "circle-half", "bad": "alert-triangle", "ask": "question-mark", "na": "minus",
         "now": "clock"}  # fmt: skip


def is_english() -> bool:
    return (get_language() or "").startswith("en")


@register.simple_tag
def html_lang() -> str:
    """The lang attribute of the page; zh-CN, not zh-hans, is what picks the right CJK glyphs."""
    return "en" if is_english() else "zh-CN"


@register.simple_tag(takes_context=True)
def look_attrs(context: template.Context) -> SafeString:
    """The chosen appearance as data attributes of <html>, so that the page never flashes in another one."""
    request = context.get("request")
    cookies: dict[str, str] = request.COOKIES if request else context.get("cookies") or {}
    chosen = [(name, value) for name, value in LOOKS.items() if cookies.get(name) == value]
    return format_html_join("", ' data-{}="{}"', chosen)


@register.inclusion_tag("core/_look.html", takes_context=True)
def look(context: template.Context, name: str, label: str, icon_name: str, cls: str = "ib") -> dict[str, Any]:
    """A button that turns one appearance on or off; it submits, and kg.js spares the round trip."""
    on = context["request"].COOKIES.get(name) == LOOKS[name]
    size = "" if cls == "ib" else "s"
    return {"name": name, "label": label, "icon_name": icon_name, "cls": cls, "size": size, "on": on,
            "other": "default" if on else LOOKS[name]}  # fmt: skip


@register.simple_tag
def icon(name: str, cls: str = "") -> SafeString:
    """An icon of the sprite; always beside its word, so silent for screen readers."""
    markup = '<svg class="i{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(markup, f" {cls}" if cls else "", static("kg/icons.svg"), name)


# Words and numbers


@register.filter
def say(thing: Any) -> str:
    """A stored sentence (denial, notification) in the reader's language, its places filled."""
    return _filled(thing.message if isinstance(thing, Denial) else thing.text, thing.params)


@register.filter
def outcome(job: Any) -> str:
    """How a background job ended, in the reader's language."""
    return _filled(job.outcome, job.outcome_params)


def _filled(text: str, params: Any) -> str:
    words = {name: _word(value) for name, value in params.items()}
    return gettext(text) % words if words else gettext(text) if text else ""


def _word(value: Any) -> Any:
    """What fills a place of a sentence: words translated, days written out, several things one after another."""
    if isinstance(value, dt.date):
        return date_cn(value)
    if isinstance(value, list | tuple):
        return gettext("、").join(str(_word(each)) for each in value)
    return _in_language(value) if value and isinstance(value, str) else value


def _in_language(text: str) -> str:
    """The words translated; an enumeration that is stored as one text, word by word."""
    whole, parts = gettext(text), [part for part in text.split("、") if part]
    if whole != text or len(parts) < 2:
        return whole
    words = [gettext(part) for part in parts]
    return text if words == parts else gettext("、").join(words)


@register.filter(name="money")
def money_filter(amount: Decimal | None) -> str:
    """Yuan with thousands commas: 1,234.00; a dash for nothing."""
    return NOTHING if amount in (None, "") else money.format_money(amount)


@register.filter
def wan(amount: Decimal | None) -> str:
    """In 万元, two decimals; in summaries only."""
    return NOTHING if amount in (None, "") else money.wan(amount)


@register.filter
def rmb_upper(amount: Decimal | None) -> str:
    """大写: 叁万捌仟陆佰元整."""
    return NOTHING if amount in (None, "") else money.rmb_upper(amount)


@register.filter
def date_cn(day: dt.date | None) -> str:
    """2026年11月23日, in English 23 Nov 2026."""
    if not day:
        return NOTHING
    if isinstance(day, dt.datetime):
        day = day.astimezone(clock.SHANGHAI).date()
    return dateformat.format(day, "j M Y") if is_english() else f"{day.year}年{day.month}月{day.day}日"


@register.filter
def moment(instant: dt.datetime | None) -> str:
    """11-23 10:12 in Shanghai; with the year when it is another one."""
    if not instant:
        return NOTHING
    local = instant.astimezone(clock.SHANGHAI)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def last_day(first_day_after: dt.date | None) -> dt.date | None:
    """The inclusive last day of a half-open period, which is how people say it."""
    return first_day_after - dt.timedelta(days=1) if first_day_after else None


@register.filter
def span(row: Any) -> str:
    """The days of a dated row: 2024年1月1日起, or with its inclusive last day."""
    if row.valid_to is None:
        return gettext("%(first)s起") % {"first": date_cn(row.valid_from)}
    return gettext("%(first)s至%(last)s") % {
        "first": date_cn(row.valid_from), "last": date_cn(last_day(row.valid_to))
    }  # fmt: skip


@register.simple_tag
def standing(row: Any, now: str, before: str, after: str, on: dt.date | None = None) -> SafeString:
    """A dated row's state on a day (today) as a chip, in the three words given: in force, not yet, no longer."""
    day = on or clock.today()
    if is_in_force(row, day):
        return status("ok", now)
    return status("now", before) if row.valid_from > day else status("na", after)


# States and bars


@register.simple_tag
def status(tone: Any, label: str = "", icon_name: str = "") -> SafeString:
    """A state as icon, word and colour: tone and label, or a thing with .chip, or (tone, label[, icon])."""
    parts = getattr(tone, "chip", tone)
    if not isinstance(parts, str):
        tone, label, icon_name = (*parts, "")[:3]
    sign = icon(icon_name or ICONS.get(tone, ICONS["na"]), "s")
    return format_html('<span class="st {}">{}{}</span>', tone, sign, gettext(str(label)))


@register.simple_tag
def stack(
    segments: Iterable[tuple[str, Decimal, str]], total: Decimal, label: str, cls: str = ""
) -> SafeString:
    """A stacked bar of (class, amount, name); lengths are attributes, which the policy allows."""
    drawn, left = [], Decimal(0)
    for key, amount, name in segments:
        share = Decimal(amount) / Decimal(total) * 100 if total else Decimal(0)
        width = max(share - Decimal("0.35"), Decimal(0))
        title = gettext("%(name)s %(amount)s 元（%(share)s%%）") % {
            "name": gettext(str(name)), "amount": money.format_money(Decimal(amount)), "share": f"{share:.1f}"
        }  # fmt: skip
        drawn.append((key, f"{left:.2f}", f"{width:.2f}", title))
        left += share
    rects = format_html_join(
        "", '<rect class="seg {}" x="{}%" y="0" width="{}%" height="100%"><title>{}</title></rect>', drawn
    )
    return format_html(
        '<svg class="stack {}" role="img" aria-label="{}" preserveAspectRatio="none">{}</svg>',
        cls,
        label,
        rects,
    )


# Clauses


def _clause(clause: Clause | str) -> Clause:
    return clause if isinstance(clause, Clause) else Clause.of(clause)


@register.filter
def cite(clause: Clause | str | None) -> str:
    """昆政办发〔2019〕132号 四、2; empty for none."""
    return _clause(clause).cite() if clause else ""


@register.inclusion_tag("core/_quote.html")
def clause_quote(clause: Clause | str) -> dict[str, Any]:
    """The clause's own words with their citation; in English the gloss as well."""
    found = _clause(clause)
    return {"clause": found, "gloss": found.gloss if is_english() else ""}


# Forms, buttons, pages


@register.inclusion_tag("core/_field.html", takes_context=True)
def field(
    context: template.Context, bound: BoundField, hint: str = "", clause: Clause | str | None = None
) -> dict[str, Any]:
    """Label, hint, input and error of one form field, tied together for screen readers."""
    hint = hint or str(bound.help_text or "")
    described = [f"{bound.auto_id}_hint"] * bool(hint or clause) + [f"{bound.auto_id}_error"] * bool(
        bound.errors
    )
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = bound.field.widget
    grouped, ticked = kind.use_fieldset, getattr(kind, "input_type", "") == "checkbox"
    if not (grouped or ticked):
        attrs["class"] = f"in {kind.attrs.get('class', '')}".strip()
    found = f"{bound.auto_id}_suggested" if hasattr(bound.field, "suggest") and "request" in context else ""
    if found:
        attrs |= _asks(context["request"], bound.name, found)
    widget = bound.as_widget(attrs=attrs)
    return {"field": bound, "hint": hint, "clause": clause, "widget": widget, "grouped": grouped, "found": found,
            "ticked": ticked and not grouped}  # fmt: skip


def _asks(request: HttpRequest, name: str, target: str) -> dict[str, str]:
    """What lets an input ask its own form, while one types, whom it may mean (`core.pages.forms.suggestions`)."""
    asked = request.GET.copy()
    asked["suggest"] = name
    asked.pop(name, None)
    return {
        "hx-get": f"{request.path}?{asked.urlencode()}", "hx-trigger": "input changed delay:250ms",
        "hx-target": f"#{target}", "hx-select": "[data-found]", "hx-sync": "replace",
    }  # fmt: skip


@register.inclusion_tag("core/_verbs.html")
def verb_buttons(offers: Iterable[Any], target: str = "") -> dict[str, Any]:
    """One submit button per offer; a denied one is disabled and its reason, with the clause, stands below.

    Stands inside the caller's form, which brings csrf_token, idem and the opinion. A verb that asks for more
    than an opinion is a link to its own form. With `target`, a CSS selector, htmx swaps the answer in.
    """
    reasons: dict[tuple[str, str], dict[str, Any]] = {}
    buttons = []
    for offer in offers:
        reason = _reason(offer.denial, reasons) if offer.denial else None
        if reason:
            reason["labels"].append(gettext(str(offer.verb.label)))
        elsewhere = bool(offer.verb.form) and not offer.verb.needs_opinion
        label = gettext(str(offer.verb.label))
        buttons.append({"offer": offer, "label": label, "reason": reason, "link": elsewhere and not reason})
    return {"buttons": buttons, "reasons": list(reasons.values()), "target": target}


def _reason(denial: Denial, reasons: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """The entry for this refusal; verbs refused for the same reason share one."""
    key = (denial.code, say(denial))
    new: dict[str, Any] = {
        "id": f"why-{len(reasons) + 1}",
        "text": key[1],
        "clause": denial.clause,
        "labels": [],
    }
    return reasons.setdefault(key, new)


@register.inclusion_tag("core/_pager.html", takes_context=True)
def pager(context: template.Context, page: Page) -> dict[str, Any]:
    """Which rows of how many, the ways on and back, and all of them as a file; the filter stays in the address."""
    return {"page": page, "request": context.get("request"), "export": context.get("export", "")}
