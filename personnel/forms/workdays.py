"""What a person types about one day of the calendar, and the year that is shown."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField, DocumentField, PlainForm
from kunshan_edu.core.models import DayKind
from kunshan_edu.core.pages import FilterForm

FIRST_YEAR = 2023  # the first whose arrangement comes with the system


class YearFilter(FilterForm):
    """工作日历的年份; this year when nothing is asked."""

    year = forms.TypedChoiceField(
        label=_("年份"), required=False, coerce=int, widget=forms.Select(attrs={"class": "in"})
    )
    lookups = {"year": "day__year"}  # noqa: RUF012

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        years = range(clock.today().year + 1, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, _("%(year)s 年") % {"year": year}) for year in years]

    @classmethod
    def asked(cls, query: QueryDict) -> Self:
        given = query.copy()
        if not given.get("year"):
            given["year"] = str(clock.today().year)
        return cls(given)

    @property
    def year_shown(self) -> int:
        """The year that the list shows; this one where what was asked is none."""
        return (self.is_valid() and self.cleaned_data["year"]) or clock.today().year


class CalendarDayForm(PlainForm):
    """登记节假日安排."""

    day = DayField(label=_("日期"))
    kind = forms.ChoiceField(label=_("安排"), choices=DayKind.choices)
    name = forms.CharField(label=_("节假日"), max_length=20, help_text=_("例如春节、国庆节。"))
    document = DocumentField(label=_("依据文件"), help_text=_("国务院办公厅关于当年节假日安排的通知。"))
