"""Lists: what they may be narrowed by, on which day they are looked at, and their columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField
from kunshan_edu.core.pages.columns import Action, Column
from kunshan_edu.core.pages.frame import Framed

PER_PAGE = 50
WHOLE = "all"


class FilterForm(forms.Form):
    """What a list may be narrowed by; a wrong value narrows nothing and says so at its field.

    lookups: field → the lookups of which one must hold, where that is not simply the field of the same name.
    apart: fields that `apply` leaves alone.
    """

    lookups: ClassVar[Mapping[str, str | tuple[str, ...]]] = {}
    apart: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def asked(cls, query: QueryDict) -> Self:
        """The form filled in with what the address asks."""
        return cls(query or None)

    def apply(self, rows: Any) -> Any:
        """`rows` narrowed by what was chosen."""
        for name, value in self.cleaned_data.items():
            if name in self.apart or value in (None, "") or value is False:
                continue
            lookups = self.lookups.get(name, name)
            either = [lookups] if isinstance(lookups, str) else lookups
            rows = rows.filter(Q(*((lookup, value) for lookup in either), _connector=Q.OR))
        return rows

    def narrowed(self, rows: Any) -> Any:
        """What the list shows of `rows`."""
        return self.apply(rows) if self.is_valid() else rows


class AsOfFilter(FilterForm):
    """A list of dated rows as it was on a day: in force today when nothing is asked, on any day, or all of them.

    A subclass adds fields of its own; the day is seen to here, by `in_force` unless `as_of` says otherwise.
    """

    apart = ("on", "show")

    on = DayField(
        label=_("截至"),
        required=False,
        initial=clock.today,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "in"}),
    )
    show = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=(("", _("当日有效")), (WHOLE, _("全部（含已结束）"))),
        widget=forms.Select(attrs={"class": "in"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.order_fields([*(name for name in self.fields if name not in self.apart), *self.apart])

    @classmethod
    def asked(cls, query: QueryDict) -> Self:
        """As asked, and today's date in its field when none is."""
        given = query.copy()
        if not given.get("on"):
            given["on"] = clock.today().isoformat()
        return cls(given)

    @cached_property
    def day(self) -> dt.date:
        """The day looked at; today for one that cannot be read, and for the whole list."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {}).get("on")
        return clock.today() if self.whole or not chosen else chosen

    @cached_property
    def whole(self) -> bool:
        """The whole list, with what has ended and what is yet to come."""
        return self.data.get("show") == WHOLE

    def as_of(self, rows: Any) -> Any:
        """`rows` as they were that day."""
        return rows.in_force(self.day)

    def narrowed(self, rows: Any) -> Any:
        return super().narrowed(rows if self.whole else self.as_of(rows))


class ListPage(Framed):
    """A list: model, filter form and columns, or a template of its own.

    HTMX gets the `rows` partial of the same template and queryset. linked: the first column leads to the row.
    empty: title and sentence for a list in which there is nothing yet. export: the name of an address that gives
    what the list shows as a file.
    """

    model: ClassVar[Any]
    columns: ClassVar[tuple[Column, ...]] = ()
    filter_form: ClassVar[type[FilterForm] | None] = None
    template: ClassVar[str] = "core/records.html"
    rows_in: ClassVar[str] = ""  # the template with the partial, where `template` extends it
    related: ClassVar[tuple[str, ...]] = ()
    per_page: ClassVar[int] = PER_PAGE
    linked: ClassVar[bool] = True
    empty: ClassVar[tuple[Any, Any]] = ("", "")
    export: ClassVar[str] = ""
    filled: FilterForm | None = None

    def rows(self) -> Any:
        """What the signed-in person may see."""
        return self.model._default_manager.visible_to(self.request.user).select_related(*self.related)

    def make_filter(self) -> FilterForm | None:
        """The filter form, filled in."""
        return self.filter_form.asked(self.request.GET) if self.filter_form else None

    def on(self) -> dt.date:
        """The day that the list shows, for annotations and columns; today where no day is asked."""
        return self.filled.day if isinstance(self.filled, AsOfFilter) else clock.today()

    def actions(self) -> Sequence[Action]:
        """The buttons above the list, the first of them the most wanted; only what this person may."""
        return ()

    def context(self, rows: Any) -> dict[str, Any]:
        """What the page shows beside its rows."""
        return {}

    def frame(self) -> dict[str, Any]:
        title = self.title or self.model._meta.verbose_name_plural
        return {
            **super().frame(), "title": title, "noun": self.model._meta.verbose_name, "columns": self.columns,
            "actions": self.actions(), "linked": self.linked, "empty": self.empty, "form": self.filled,
            "export": reverse(self.export) if self.export else "",
        }  # fmt: skip

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.filled = self.make_filter()
        rows = self.rows()
        if self.filled is not None:
            rows = self.filled.narrowed(rows)
        page = Paginator(rows, self.per_page).get_page(request.GET.get("page"))
        partial = request.headers.get("HX-Request") and request.headers.get("HX-Target")
        shown = {**self.frame(), "page": page, **self.context(rows)}
        return render(request, f"{self.rows_in or self.template}#rows" if partial else self.template, shown)
