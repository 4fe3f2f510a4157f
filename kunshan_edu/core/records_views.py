"""What the system keeps on record: background jobs with their progress, and the audit trail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from kunshan_edu.core import clock, denials, jobs
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.forms import DayField
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent, Job
from kunshan_edu.core.pages import FilterForm, ListPage, performed
from kunshan_edu.core.querysets import may_read_audit
from kunshan_edu.core.verbs import words
from kunshan_edu.core.views import refused

NOT_AN_AUDITOR = Denial(
    "not_an_auditor",
    denials._("审计记录由局领导和督导室查看，您没有该权限。"),
    Clause.C6_1_E,
    status=denials.FORBIDDEN,
)


@require_GET
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """后台任务: how far it is, or how it ended; one may leave and is told."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return render(request, "core/job_detail.html", {"row": row, "idem": uuid.uuid4()})


@require_POST
def job_again(request: HttpRequest, pk: int) -> HttpResponse:
    """重新运行: a job that has ended, from its beginning; one that is under way goes on."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return performed(request, lambda: jobs.again(row) if row.finished_at else row, "")


class AuditFilter(FilterForm):
    """What the audit trail may be narrowed by. of: one object, as its label and number, groups.school:3."""

    who = forms.CharField(label=_("操作人"), required=False, max_length=60)
    verb = forms.ChoiceField(label=_("动作"), required=False)
    what = forms.CharField(label=_("对象"), required=False, max_length=60)
    first = DayField(label=_("起始日期"), required=False)
    last = DayField(label=_("截止日期"), required=False)
    of = forms.RegexField(r"^[a-z]+\.[a-z]+:[0-9]{1,18}$", required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["verb"].choices = [("", _("全部动作")), *words().items()]
        for name, field in fields.items():
            if name != "of":
                field.widget.attrs.update({"class": "in", "placeholder": field.label})

    def apply(self, rows: Any) -> Any:
        chosen = self.cleaned_data
        model, _colon, pk = chosen["of"].partition(":")
        narrowed = {
            "actor__name__icontains": chosen["who"],
            "verb": chosen["verb"],
            "object_text__icontains": chosen["what"],
            "at__gte": self._midnight(chosen["first"], 0),
            "at__lt": self._midnight(chosen["last"], 1),
            "model": model,
            "object_id": pk,
        }
        return rows.filter(**{condition: value for condition, value in narrowed.items() if value})

    def _midnight(self, day: dt.date | None, days: int) -> dt.datetime | None:
        if day is None:
            return None
        return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), tzinfo=clock.SHANGHAI)


class AuditList(ListPage):
    """审计记录, newest first: who did what in which capacity, by which clause, and what differed."""

    model = AuditEvent
    filter_form = AuditFilter
    template = "core/audit_list.html"

    def rows(self) -> Any:
        return self.model.objects.visible_to(self.request.user)

    def get(self, request: HttpRequest, **kwargs: Any) -> Any:
        may = may_read_audit(request.user)
        return super().get(request, **kwargs) if may else refused(request, NOT_AN_AUDITOR)
