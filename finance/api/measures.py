"""Measures in the API, with their approval limits."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from finance import forms
from finance import verbs as tables
from finance.actions import measures
from finance.choices import Act, MeasuresState, Origin, Role
from finance.models import Measures
from finance.rules import measures as rules
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.shapes import AFTER, Choice, Offers, Ref, Yuan
from kunshan_edu.core.denials import Denial


class MeasuresRow(serializers.Serializer):
    """One version of the Measures, with its document and days."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    document = serializers.CharField()
    state = Choice(MeasuresState)
    state_label = serializers.CharField(source="get_state_display")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=AFTER)
    collective_threshold = Yuan(help_text=_("集体决策起点金额（元）"))
    split_window_days = serializers.IntegerField(help_text=_("拆分合并计算天数"))
    remind_after_days = serializers.IntegerField(help_text=_("催办前等待的工作日"))
    escalate_after_days = serializers.IntegerField(help_text=_("提级提醒前等待的工作日"))
    is_example = serializers.BooleanField(help_text=_("示例办法，金额不代表正式规定"))


class LimitStepShape(serializers.Serializer):
    """A step around the decision."""

    role = Choice(Role)
    act = Choice(Act)


class LimitShape(serializers.Serializer):
    """Above … up to (inclusive): who decides, and by which steps."""

    origin = Choice(Origin)
    category = Ref(allow_null=True, help_text=_("null 表示所有类别"))
    role = Choice(Role)
    role_label = serializers.CharField(source="get_role_display")
    above = Yuan()
    up_to = Yuan(allow_null=True, help_text=_("含本数；null 表示不设上限"))
    steps = LimitStepShape(many=True)


class MeasuresDetail(MeasuresRow):
    """Measures with their limits and what may be done to them."""

    limits = LimitShape(many=True)
    offers = Offers()


class MeasuresFilters(serializers.Serializer):
    """By state."""

    state = Choice(MeasuresState, required=False)


def cannot_prepare(by: Any) -> Denial | None:
    return rules.cannot_prepare(measures.case_for(None, by))


@creates(forms.MeasuresForm, measures.prepare, _("拟订使用办法"), cannot_prepare)
@verbs(tables.MEASURES)
class MeasuresNoun(Noun):
    """使用办法."""

    model = Measures
    shape = MeasuresRow
    whole = MeasuresDetail
    filters = MeasuresFilters

    def parts(self, rows: Any) -> Any:
        return rows if self.action == "list" else rows.prefetch_related("limits__category", "limits__steps")
