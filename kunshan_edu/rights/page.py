"""权限矩阵: the declared table as a page for everybody, with one's own roles marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import FilterForm
from kunshan_edu.core.pages.frame import Framed
from kunshan_edu.rights.conditions import CONDITIONS
from kunshan_edu.rights.doors import verb_tables
from kunshan_edu.rights.holdings import holdings_of
from kunshan_edu.rights.matrix import ROWS
from kunshan_edu.rights.matrix.cells import Cell, Chapter, Row
from kunshan_edu.rights.matrix.words import Basis, Kind, Role, Worded
from personnel.choices import Post


def words(thing: Worded) -> str:
    """In the reader's language."""
    return thing.words.in_(get_language() or "")


def _choices(empty: Any, kind: type[Worded]) -> Any:
    """The choices of a filter, in the language of whoever looks."""
    return lambda: [("", empty), *((thing.value, words(thing)) for thing in kind)]


def holders(row: Row) -> set[Role]:
    """The roles that a row gives something to."""
    return {role for role, cells in row.cells.items() if any(cell.given for cell in cells)}


class MatrixFilter(FilterForm):
    """By role, by app, and whether there is a door for it yet."""

    role = forms.ChoiceField(label=_("角色"), required=False, choices=_choices(_("全部角色"), Role))
    app = forms.ChoiceField(label=_("业务"), required=False, choices=_choices(_("全部业务"), Chapter))
    mine = forms.ChoiceField(
        label=_("范围"), required=False, choices=(("", _("全部事项")), ("mine", _("我的角色可以办理的")))
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for bound in self.fields.values():
            bound.widget.attrs["class"] = "in"

    def picked(self, rows: tuple[Row, ...], own: frozenset[Role]) -> list[Row]:
        """The rows that were asked for."""
        chosen = self.cleaned_data if self.is_valid() else {}
        wanted = {role for role in Role if chosen.get("role") in ("", None, role)}
        if chosen.get("mine"):
            wanted &= own
        app = chosen.get("app")
        found = [row for row in rows if not app or row.chapter == app]
        return found if len(wanted) == len(Role) else [row for row in found if wanted & holders(row)]


@dataclass(frozen=True)
class Shown:
    """One row of the matrix in words."""

    number: int
    name: str
    app: str
    rights: list[dict[str, Any]]
    clauses: tuple[Clause, ...]
    basis: list[str]
    conditions: list[str]
    note: str
    doors: list[str]
    built: bool


def _terms(cell: Cell) -> tuple[str, ...]:
    """What a cell gives, in words: what, how far, what narrows it, and where it differs from the design."""
    parts = (cell.kind, cell.reach, *cell.remarks, cell.mark)
    return tuple(word for word in map(words, parts) if word)


def rights_of(row: Row, own: frozenset[Role]) -> list[dict[str, Any]]:
    """The cells of a row: roles with the same right on one line; first what is done, last what is not given yet."""
    lines: dict[tuple[str, ...], dict[str, Any]] = {}
    order, held = list(Kind), [(role, cell) for role in Role for cell in row.cells.get(role, ())]
    for role, cell in sorted(held, key=lambda each: (not each[1].given, order.index(each[1].kind))):
        terms = _terms(cell)
        line = lines.setdefault(terms, {"terms": terms, "given": cell.given, "roles": []})
        posts = [str(Post(post).label) for post in cell.posts]
        line["roles"].append({"name": posts or [words(role)], "mine": role in own and cell.given})
    for line in lines.values():
        line["mine"] = any(role["mine"] for role in line["roles"])
    return list(lines.values())


def _doors(row: Row) -> list[str]:
    """The verbs that carry the row out, by the names on their buttons."""
    tables, codes = verb_tables(), {door.code for door in row.doors}
    return [
        f"{table.model._meta.verbose_name} · {gettext(str(verb.label))}"
        for noun, table in tables.items()
        for verb in table.verbs
        if f"{noun}.{verb.name}" in codes
    ]


def shown(row: Row, own: frozenset[Role]) -> Shown:
    """The row as the page shows it."""
    return Shown(
        row.number,
        row.name.in_(get_language() or ""),
        words(row.chapter),
        rights_of(row, own),
        row.clauses,
        [words(b) for b in row.basis if isinstance(b, Basis)],
        [gettext(CONDITIONS[name].said) for name in row.conditions],
        row.note.in_(get_language() or "") if row.note else "",
        _doors(row),
        row.built,
    )


class MatrixPage(Framed):
    """权限矩阵."""

    title = _("权限矩阵")
    lead = _("谁可以办理什么，由这一张表规定；权限随任职产生，没有写明的一律不能办理。")
    template: ClassVar[str] = "rights/matrix.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        own = frozenset(h.role for h in holdings_of(request.user) if h.in_force(today))
        form = MatrixFilter.asked(request.GET)
        rows = [shown(row, own) for row in form.picked(ROWS, own)]
        partial = request.headers.get("HX-Request") and request.headers.get("HX-Target")
        context = {**self.frame(), "form": form, "rows": rows, "own": sorted(map(words, own))}
        return render(request, self.template + ("#rows" if partial else ""), context)
