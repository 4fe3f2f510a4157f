"""The pages of the calendar of working days: a year's arrangement, and one day of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import workdays
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import CalendarDay
from kunshan_edu.core.pages import Action, Column, FormPage, ListPage
from personnel import forms
from personnel.actions import workdays as actions
from personnel.rules import workdays as rules

WEEKDAYS = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))


def cannot_set_day(user: Any) -> Denial | None:
    """Why this person does not keep the calendar."""
    return rules.cannot_set_day(actions.calendar_case(user))


def mend(row: CalendarDay) -> SafeString:
    """The way to the form with the day filled in."""
    query = f"?day={row.day.isoformat()}&kind={row.kind}"
    url = reverse("personnel:calendar_day_new") + query
    return format_html(
        '<a class="btn s" href="{}">{}<span class="sr"> {}</span></a>', url, gettext("更正"), row
    )


class CalendarDayList(ListPage):
    """工作日历."""

    model, filter_form, linked, per_page = CalendarDay, forms.YearFilter, False, 100
    title, clause = pgettext_lazy("列表", "工作日历"), Clause.C6_2_A
    empty = _("该年的安排还没有登记"), _("审批时限按工作日计算；没有安排的年份只除去周末。")

    @property
    def lead(self) -> Any:  # type: ignore[override]
        year = self.filled.year_shown if isinstance(self.filled, forms.YearFilter) else None
        if year and not workdays.is_known(year):
            return gettext("%(year)s 年的放假安排尚未登记齐全，未登记的日子只除去周末。") % {"year": year}
        return _("放假和调休上班的日子；审批时限按工作日计算。")

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        shown = (
            Column(_("日期"), "day", "date", under=lambda row: WEEKDAYS[row.day.weekday()]),
            Column(_("安排"), lambda row: row.get_kind_display()),
            Column(_("节假日"), "name"),
            Column(_("依据文件"), "document", hide=True),
        )
        return shown if cannot_set_day(self.request.user) else (*shown, Column(_("办理"), mend))

    def actions(self) -> list[Action]:
        if cannot_set_day(self.request.user):
            return []
        return [Action(_("登记安排"), reverse("personnel:calendar_day_new"), icon="plus")]


class CalendarDayNew(FormPage):
    """登记节假日安排: a day that is entered already is mended."""

    form, title, done = forms.CalendarDayForm, _("登记节假日安排"), _("该日的安排已登记。")
    home, clause = "personnel:calendar_day_list", Clause.C6_2_A
    lead = _("已登记的日子再次登记即为更正；误登的工作日登记为调休上班。")
    crumb = ((pgettext_lazy("列表", "工作日历"), "personnel:calendar_day_list"),)

    def refusal(self) -> Denial | None:
        return cannot_set_day(self.request.user)

    def make_form(self, data: Any = None) -> Any:
        return self.form(data, initial=self.request.GET.dict() if data is None else None)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.set_day(**cleaned, by=self.request.user)
