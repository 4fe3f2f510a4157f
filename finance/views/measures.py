"""使用办法: the Measures in force, past and in preparation, one with its ladder, preparing new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from finance.actions import measures
from finance.choices import MeasuresState, Origin
from finance.forms import MeasuresForm
from finance.models import ApprovalLimit, Measures
from finance.rules import measures as rules
from finance.verbs import MEASURES
from finance.views.looks import span, step_name
from kunshan_edu.core import clock, pages
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.verbs import Offer


def standing_of(row: Measures) -> tuple[str, str, str]:
    """(tone, word, icon): 拟订、待施行、施行中 or 已废止 today."""
    today = clock.today()
    if row.state == MeasuresState.DRAFT:
        return "na", _("拟订"), "pencil"
    if row.valid_from > today:
        return "go", _("待施行"), "clock"
    if row.valid_to and row.valid_to <= today:
        return "na", _("已废止"), "minus"
    return "ok", _("施行中"), "check"


class MeasuresList(pages.ListPage):
    """使用办法列表."""

    model = Measures
    template = "finance/measures_list.html"
    related = ("prepared_by", "published_by")

    def context(self, rows: Any) -> dict[str, Any]:
        found = [{"row": row, "chip": standing_of(row)} for row in rows]
        return {
            "measures": found,
            "in_force": any(each["chip"][0] == "ok" for each in found),
            "may_prepare": rules.cannot_prepare(measures.case_for(None, self.request.user)) is None,
        }


class MeasuresDetail(pages.DetailPage):
    """一部使用办法: its dates, and the ladder of limits by origin and category."""

    model = Measures
    template = "finance/measures_detail.html"
    related = ("prepared_by", "published_by")

    def context(self, row: Measures) -> dict[str, Any]:
        limits = list(row.limits.select_related("category").prefetch_related("steps"))
        offers = [offer for offer in MEASURES.offers(row, self.request.user) if _shown(offer)]
        return {
            "chip": standing_of(row),
            "ladders": ladders(limits),
            "offers": offers,
        }


# What a post never does, or what is over: no use in telling.
SILENT = ("not_a_preparer", "not_a_publisher", "measures_published", "measures_not_published")


def _shown(offer: Offer) -> bool:
    """A bureau officer is told why not yet; nobody is offered what their post never does."""
    return offer.denial is None or offer.denial.code not in SILENT


def ladders(limits: list[ApprovalLimit]) -> list[dict[str, Any]]:
    """The limits of each origin and category (None: any), lowest first, with their steps in words."""
    found = []
    for origin in Origin:
        own = [limit for limit in limits if limit.origin == origin]
        for category in dict.fromkeys(limit.category for limit in sorted(own, key=_any_first)):
            rows = sorted((x for x in own if x.category == category), key=lambda x: x.above)
            found.append({"origin": origin.label, "category": category, "rows": [_rung(x) for x in rows]})
    return found


def _any_first(limit: ApprovalLimit) -> int:
    return limit.category.position if limit.category else -1


def _rung(limit: ApprovalLimit) -> dict[str, Any]:
    steps = sorted(limit.steps.all(), key=lambda step: step.seq)
    return {
        "range": span(limit.above, limit.up_to),
        "role": limit.get_role_display(),
        "steps": [{"name": step_name(step), "deciding": step.act == "approve"} for step in steps],
    }


class MeasuresNew(pages.FormPage):
    """拟订使用办法."""

    template = "finance/measures_form.html"
    form = MeasuresForm
    done = _("已建立草稿，请增加审批限额。")

    def refusal(self) -> Denial | None:
        return rules.cannot_prepare(measures.case_for(None, self.request.user))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return measures.prepare(**cleaned, by=self.request.user)


class MeasuresVerb(pages.VerbPage):
    """使用办法的办理."""

    table = MEASURES
    template = "finance/measures_verb.html"
