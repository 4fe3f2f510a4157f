"""What a page shows of a row, declared: columns of a table, facts of a card, buttons, related tables."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

Read = str | Callable[[Any], Any]
# A kind decides how a value is written; the tags of `templatetags.columns` know each of them.
KINDS = (
    "text", "lines", "link", "date", "last", "moment", "money", "number", "percent", "chip", "span", "standing",
    "clause",
)  # fmt: skip
NUMBERS = ("money", "number", "percent")
ONE_LINE = ("date", "last", "moment")
# What a dated row is on the day looked at: in force, not yet, no longer.
STANDING = (_("现行"), _("未开始"), _("已结束"))


def read(row: Any, path: Read) -> Any:
    """The value at a dotted path, a choice in its words; "" is the row itself; None where the path breaks off."""
    if not isinstance(path, str):
        return path(row)
    for name in path.split(".") if path else ():
        if row is None:
            return None
        row = _step(row, name)
    return row


def _step(owner: Any, name: str) -> Any:
    if isinstance(owner, Mapping):
        return owner[name]
    worded = getattr(owner, f"get_{name}_display", None)
    try:
        value = worded() if worded else getattr(owner, name)
    except ObjectDoesNotExist:  # the other end of a one-to-one relation
        return None
    # Django's get_…_display is a partial, not a method
    return value() if inspect.ismethod(value) or isinstance(value, partial) else value


@dataclass(frozen=True)
class Column:
    """A column of a table, or a fact of a card: its label, where its value is found, how it is written.

    value: a dotted path or a function of the row; nothing for the row itself (span, standing). under: what stands
    small below it. hide: not on phones. words: of a `standing`, in force, not yet, no longer.
    """

    label: Any
    value: Read = ""
    kind: str = "text"
    under: Read | None = None
    hide: bool = False
    words: tuple[Any, Any, Any] = STANDING

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no kind of column: {self.kind}")

    @property
    def cls(self) -> str:
        """The classes of its cells: numbers stand right, what has one line stays on it."""
        found = (
            ["num"] * (self.kind in NUMBERS) + ["nowrap"] * (self.kind in ONE_LINE) + ["hide-s"] * self.hide
        )
        return " ".join(found)

    def of(self, row: Any) -> Any:
        """The value in one row."""
        return read(row, "chip" if self.kind == "chip" and self.value == "" else self.value)

    def below(self, row: Any) -> Any:
        """What stands small under the value."""
        return read(row, self.under) if self.under else None


@dataclass(frozen=True)
class Fact(Column):
    """A line of a card, as a column is of a table. optional: left out where there is nothing to say."""

    optional: bool = False


@dataclass(frozen=True)
class Action:
    """A button above a list or a row that leads to a form; a view offers it only to whoever may.

    quiet: it leads to another page to read, and is never the main thing to do here.
    """

    label: Any
    url: str
    icon: str = "plus"
    quiet: bool = False


@dataclass(frozen=True)
class Part:
    """A table of related rows on the page of a row. empty: title and sentence when there are none."""

    title: Any
    columns: tuple[Column, ...]
    rows: Iterable[Any]
    empty: tuple[Any, Any] = (_("没有记录"), "")
    actions: tuple[Action, ...] = ()
    linked: bool = True
