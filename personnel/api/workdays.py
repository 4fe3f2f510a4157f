"""The calendar of working days in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kunshan_edu.core.api.nouns import Noun, creates
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.models import CalendarDay
from personnel import forms
from personnel.actions import workdays as actions
from personnel.rules import workdays as rules

YEAR = ("year", serializers.IntegerField(required=False, source="day__year", min_value=1, max_value=9998))


def cannot_set_day(by: Any) -> Denial | None:
    return rules.cannot_set_day(actions.calendar_case(by))


@creates(forms.CalendarDayForm, actions.set_day, _("登记节假日安排"), cannot_set_day)
class CalendarDays(Noun):
    """工作日历: the days that are not what their weekday says; one entered again is mended."""

    model = CalendarDay
    fields = ("day", "kind", "name", "document")
    by = ("kind", YEAR)


ENDPOINTS = (("calendar-days", CalendarDays),)
