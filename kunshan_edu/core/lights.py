"""Lights: how a clause stands for one group, school or the city on a day, with the evidence and what mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import models

from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause


class Tone(StrEnum):
    """灯色; always shown with its word, never by colour alone."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    EXPLAINED = "explained"


WORDS = {
    Tone.GREEN: _("已落实"),
    Tone.AMBER: _("须留意"),
    Tone.RED: _("须办理"),
    Tone.GREY: _("不适用"),
    Tone.EXPLAINED: _("有例外说明"),
}
# The chip that shows a tone (see the tag `status`).
CHIPS = {Tone.GREEN: "ok", Tone.AMBER: "go", Tone.RED: "bad", Tone.GREY: "na", Tone.EXPLAINED: "ask"}


@dataclass(frozen=True)
class Light:
    """One light: its tone, the evidence as a sentence with its figures, since when, and where it is mended."""

    clause: Clause
    tone: Tone
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    since: dt.date | None = None
    url: str = ""
    action: str = ""

    @property
    def chip(self) -> tuple[str, str]:
        """(tone of the chip, word) as the tag `status` takes it."""
        return CHIPS[self.tone], WORDS[self.tone]


@dataclass(frozen=True)
class Lamp:
    """How an app answers for one clause. look(rows of `model`, day) → (key, light) of each row."""

    clause: Clause
    model: type[models.Model]
    look: Callable[[models.QuerySet[Any], dt.date], Iterable[tuple[int, Light]]]


@lru_cache(maxsize=1)
def lamps() -> tuple[Lamp, ...]:
    """Every lamp of every app, from the `LAMPS` of their lights modules, in the order of the guideline."""
    found: list[Lamp] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.lights"
        if config.label != "core" and find_spec(name):
            found += import_module(name).LAMPS
    order = {clause: place for place, clause in enumerate(Clause)}
    return tuple(sorted(found, key=lambda lamp: order[lamp.clause]))


def lit(rows: models.QuerySet[Any], on: dt.date) -> dict[int, list[Light]]:
    """Row key → its lights on the day, in the order of the guideline; queries per lamp, not per row."""
    found: dict[int, list[Light]] = {}
    for lamp in lamps():
        if lamp.model is rows.model:
            for key, light in lamp.look(rows, on):
                found.setdefault(key, []).append(light)
    return found
