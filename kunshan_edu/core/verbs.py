"""Verb tables: one row per verb of a noun feeds the buttons, the POST addresses, the API and the permission tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django import forms
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.access import Ground
from kunshan_edu.core.denials import Denial


@dataclass(frozen=True)
class Verb:
    """What may be done to a noun.

    name: code word, as in the audit. slug: its word in addresses. rule(case) → Denial or None.
    action(row, by=…, **the
    form's cleaned data). form: what a person types, if anything. binds(content of the POST) → `seen`: the action
    decides on what was on the screen. moves: the action takes `idem`. style, icon and key dress the button.
    """

    name: str
    label: Any
    rule: Callable[[Any], Denial | None]
    action: Callable[..., models.Model]
    form: type[forms.Form] | None = None
    done: Any = ""
    slug: str = ""
    binds: Callable[[Mapping[str, Any]], Any] | None = None
    moves: bool = False
    style: str = ""
    icon: str = ""
    key: str = ""

    @property
    def path(self) -> str:
        return self.slug or self.name.replace("_", "-")

    @property
    def needs_opinion(self) -> bool:
        return self.form is not None and list(self.form.base_fields) == ["opinion"]


# What the audit trail and the background jobs call what core itself does.
WORDS = {
    "core.keep_file": _("保存附件"),
    "core.discard_file": _("删除到期附件"),
    "core.set_day": _("登记节假日安排"),
    "core.reencrypt": _("更换加密密钥"),
    "core.check_sheet": _("核对表格"),
    "core.import_sheet": _("导入表格"),
    "core.export_sheet": _("导出表格"),
}


def _told_by_the_apps(table: str) -> dict[str, Any]:
    """A table of that name out of every app's verbs."""
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.verbs"
        if config.label != "core" and find_spec(name):
            found.update(getattr(import_module(name), table, {}))
    return found


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """What the audit trail and the jobs call a verb → how people call it, from the `WORDS` of every app's verbs."""
    return {**WORDS, **_told_by_the_apps("WORDS")}


@lru_cache(maxsize=1)
def grounds() -> dict[str, tuple[Ground, ...]]:
    """What the audit calls a verb → the rights it stands on, the likeliest first, from the apps' `GROUNDS`."""
    return _told_by_the_apps("GROUNDS")


@lru_cache(maxsize=1)
def doors() -> dict[str, tuple[Any, str]]:
    """A right → (what it lets one do, in plain words; the page where it is done), from the apps' `DOORS`."""
    return _told_by_the_apps("DOORS")


@dataclass(frozen=True)
class Offer:
    """A verb offered on one row to one person: its address, or why not."""

    verb: Verb
    url: str
    denial: Denial | None


@dataclass(frozen=True)
class VerbTable:
    """The verbs of one noun. case_for(row, by) → what the rules look at. route: the name of the verb address.

    home: the name of the list to go to when the row itself is gone.
    """

    noun: str
    model: Any
    case_for: Callable[[Any, Any], Any]
    verbs: tuple[Verb, ...]
    route: str
    home: str = "home"

    def find(self, path: str) -> Verb:
        """The verb of an address; KeyError when the noun has none of that name."""
        for verb in self.verbs:
            if verb.path == path:
                return verb
        raise KeyError(path)

    def url(self, row: models.Model, verb: Verb) -> str:
        return reverse(self.route, args=[row.pk, verb.path])

    def offers(self, row: Any, user: Any) -> list[Offer]:
        """Every verb with its address and its refusal, read on one case."""
        case = self.case_for(row, user)
        return [Offer(verb, self.url(row, verb), verb.rule(case)) for verb in self.verbs]
