"""What a spreadsheet is: columns, the check that needs the database, the writing of good rows; and who may bring it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from kunshan_edu.core.denials import Denial
from kunshan_edu.core.sheets.kinds import CHOSEN, TEXT_FORMAT, Kind, choice, text

Choices = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Column:
    """One column. name: in code; label: its header. kind: how cells are read. choices: (code, label) pairs, or a
    function (by) → pairs for what this person may choose; then `kind` is not asked. also: other headers that mean it.
    """

    name: str
    label: Any
    kind: Kind = field(default_factory=text)
    required: bool = False
    hint: Any = ""
    choices: Choices | Callable[[Any], Choices] | None = None
    example: Any = ""
    width: int = 16
    also: tuple[str, ...] = ()

    def pairs(self, by: Any) -> Choices:
        """The choices of this person; empty for a column without."""
        return list(self.choices(by) if callable(self.choices) else self.choices or ())

    @property
    def how(self) -> Any:
        """What to fill in, for people."""
        return self.kind.how if self.choices is None else CHOSEN

    @property
    def format(self) -> str:
        """The number format of the template's column."""
        return self.kind.format if self.choices is None else TEXT_FORMAT

    def kind_for(self, by: Any) -> Kind:
        return self.kind if self.choices is None else choice(self.pairs(by))


class Row:
    """One row of a sheet: its line in the file, and its values by column; None where nothing was filled in."""

    __slots__ = ("line", "values")

    def __init__(self, line: int, values: dict[str, Any]) -> None:
        self.line, self.values = line, values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def fault(self, column: str, denial: Denial) -> Fault:
        """What is wrong with this row; column "" when it is no single cell."""
        return Fault(self.line, column, denial)


@dataclass(frozen=True)
class Fault:
    """One wrong cell, or with column "" one wrong row."""

    line: int
    column: str
    denial: Denial


def _nothing(_rows: list[Row], _by: Any) -> Iterable[Fault]:
    return ()


def _anybody(_by: Any) -> Denial | None:
    return None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A kind of spreadsheet that an app takes in and gives out, declared in its `sheets.py` and listed in SHEETS.

    name: "<app>.<noun>". check(rows, by) → faults that need the database; it gets the rows without a wrong cell, all
    at once. write(rows, by) writes good rows inside one transaction and yields how many were written since last time.
    cannot(by) → why this person may not, asked by each page and again by each job. route: the name of the addresses.
    unique: groups of columns whose values together stand once in a file.
    """

    name: str
    title: Any
    columns: tuple[Column, ...]
    check: Callable[[list[Row], Any], Iterable[Fault]] = _nothing
    write: Callable[[list[Row], Any], Iterator[int]] | None = None
    cannot: Callable[[Any], Denial | None] = _anybody
    route: str = ""
    unique: tuple[tuple[str, ...], ...] = ()
    about: Any = ""
    most: int = 50_000

    @property
    def verb(self) -> str:
        """What the audit trail calls an import: personnel.staff → personnel.import_staff."""
        app, _dot, noun = self.name.partition(".")
        return f"{app}.import_{noun}"

    def column(self, name: str) -> Column:
        """KeyError when the sheet has none of that name."""
        return {column.name: column for column in self.columns}[name]


@lru_cache(maxsize=1)
def known() -> dict[str, Sheet]:
    """Every sheet by its name, out of the SHEETS of every app's `sheets`."""
    found: dict[str, Sheet] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.sheets"
        if config.label != "core" and find_spec(name):
            found.update({sheet.name: sheet for sheet in import_module(name).SHEETS})
    return found


def find(name: str) -> Sheet:
    """The sheet of that name; KeyError for one that nobody declared."""
    return known()[name]
