"""What the lights of personnel share: who holds a post, where it is mended, quotas, and what a deviation explains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.urls import reverse

from groups.models import EducationGroup
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.lights import Lamp, Light, Tone
from personnel.choices import Post, QuotaLevel
from personnel.models import Appointment, Deviation, PostQuota

Found = Iterator[tuple[int, Light]]


def form_of_post(post: Post, container: int) -> str:
    """The form for the post, with where it is held."""
    return f"{reverse('personnel:appointment_new')}?post={post.value}&container={container}"


def form_about(name: str, **asked: int) -> str:
    """A form that is filled in with what it is about."""
    return f"{reverse(name)}?{urlencode(asked)}"


def begun(day: dt.date | None, on: dt.date) -> bool:
    """Has what was registered for `day` begun?"""
    return day is not None and day <= on


def holders(post: Post, scope: str, rows: Any, on: dt.date) -> dict[int, Appointment]:
    """Container id → who holds the post that day."""
    held = Appointment.objects.in_force(on).filter(post=post, **{f"{scope}__in": rows})
    return {getattr(a, f"{scope}_id"): a for a in held.select_related("person")}


def vacant_since(post: Post, scope: str, rows: Any, on: dt.date) -> dict[int, dt.date]:
    """Container id → the day the last holder's post ended."""
    past = Appointment.objects.live().filter(post=post, valid_to__lte=on, **{f"{scope}__in": rows})
    return dict(past.values(scope).annotate(last=Max("valid_to")).values_list(scope, "last"))


def deviations(column: str, rows: Any, on: dt.date) -> dict[tuple[str, int], Deviation]:
    """(clause, row key) → the deviation in force. Kept with the rows: every lamp that looks at them asks for it."""
    kept: dict[dt.date, dict[tuple[str, int], Deviation]] = rows.__dict__.setdefault("_deviations", {})
    if on not in kept:
        found = Deviation.objects.in_force(on).filter(**{f"{column}__in": rows})
        kept[on] = {(each.clause_id, getattr(each, f"{column}_id")): each for each in found}
    return kept[on]


def explained(
    clause: Clause, model: Any, look: Callable[[Any, dt.date], Iterable[tuple[int, Light]]]
) -> Lamp:
    """A lamp that shows a recorded, confirmed deviation in the place of amber and red."""
    column = "group" if model is EducationGroup else "school"

    def seen(rows: Any, on: dt.date) -> Found:
        noted = deviations(column, rows, on)
        for key, light in look(rows, on):
            deviation = noted.get((clause.id, key))
            if deviation and light.tone in (Tone.AMBER, Tone.RED):
                words = {"reason": deviation.reason, "document": deviation.document}
                text = _("%(reason)s（%(document)s）。")
                url = deviation.get_absolute_url()
                yield key, Light(clause, Tone.EXPLAINED, text, words, deviation.valid_from, url)
            else:
                yield key, light

    return Lamp(clause, model, seen)


def within_quotas(
    levels: tuple[QuotaLevel, ...], scope: str, clause: Clause
) -> Callable[[Any, dt.date], Found]:
    """4.1.h, 4.1.o: quotas set by a document, and how much of them is used."""

    def look(rows: Any, on: dt.date) -> Found:
        quotas: dict[int, list[PostQuota]] = {}
        for quota in PostQuota.objects.in_force(on).filter(**{f"{scope}__in": rows}).with_used(on):
            quotas.setdefault(getattr(quota, f"{scope}_id"), []).append(quota)
        for row in rows:
            url = form_about("personnel:post_quota_new", **{scope: row.pk})
            yield row.pk, _quota_light(clause, quotas.get(row.pk, []), levels, url)

    return look


def _quota_light(clause: Clause, quotas: list[Any], levels: tuple[QuotaLevel, ...], mend: str) -> Light:
    if len(quotas) < len(levels):
        text = _("尚未核定全部职数（%(count)s/%(all)s）。")
        words = {"count": len(quotas), "all": len(levels)}
        return Light(clause, Tone.AMBER, text, words, url=mend, action=_("核定职数"))
    told = [f"{q.get_level_display()} {q.used}/{q.posts}" for q in quotas]
    over = any(q.used > q.posts for q in quotas)
    text = _("超出核定职数：%(told)s。") if over else _("在核定职数之内：%(told)s。")
    url = quotas[0].get_absolute_url()
    return Light(clause, Tone.RED if over else Tone.GREEN, text, {"told": told}, url=url)
