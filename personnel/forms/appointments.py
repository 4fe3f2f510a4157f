"""What a person types along the life of an appointment: announcement, scores, notice, extension, incentive, end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm
from personnel.choices import EndReason, Method
from personnel.forms.fields import PersonField
from personnel.models import Appointment, Person


class ReasonForm(PlainForm):
    """办理理由."""

    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "class": "in"})
    )


class EndForm(PlainForm):
    """办理免职."""

    valid_to = LastDayField(
        label=_("最后在任日"), help_text=_("这一天仍在任；次日零时起，该任职带来的权限全部失效。")
    )
    end_reason = forms.ChoiceField(
        label=_("免职原因"), choices=EndReason.choices, required=False, initial=EndReason.REMOVED
    )
    document = DocumentField(label=_("免职文号"))

    def clean_end_reason(self) -> str:
        return self.cleaned_data["end_reason"] or EndReason.REMOVED.value


class AnnounceForm(PlainForm):
    """公告竞聘."""

    announced_on = DayField(label=_("公告日期"), initial=clock.today)
    document = DocumentField(label=_("公告文号"))
    requirements = forms.CharField(
        label=_("竞聘条件"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "in"}),
        help_text=_("职务要求、报名范围和时间。"),
    )


def _score(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2
    )


class ScoresForm(PlainForm):
    """登记人选成绩: out of 100; again for the same person corrects."""

    person = PersonField(Person.objects.all(), label=_("人选"))
    written = _score(_("笔试成绩"))
    interview = _score(_("面试成绩"))

    @classmethod
    def for_row(cls, row: Appointment, user: Any, data: Any = None) -> ScoresForm:
        form = cls(data)
        form.fields["person"].queryset = Person.objects.visible_to(user)
        return form


class NoticeForm(PlainForm):
    """公示: of a competition's best candidate, or of the person proposed."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("公示人选"), required=False, empty_label=_("请选择")
    )
    notice_from = DayField(label=_("公示开始日"), initial=clock.today)
    notice_to = DayField(label=_("公示最后一日"), help_text=_("不少于 5 个工作日。"))

    @classmethod
    def for_row(cls, row: Appointment, user: Any, data: Any = None) -> NoticeForm:
        form = cls(data)
        if row.method == Method.COMPETITIVE:
            candidates = Person.objects.filter(pk__in=_candidates(row))
            form.fields["person"].queryset = candidates
        else:
            del form.fields["person"]
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("notice_from"), cleaned.get("notice_to")
        if first and last and last < first:
            self.add_error("notice_to", _("公示最后一日不能早于公示开始日。"))
        return cleaned


def _candidates(row: Appointment) -> list[int]:
    selection = getattr(row, "selection", None)
    return [c.person_id for c in selection.candidates.all()] if selection else []


class DatesForm(PlainForm):
    """登记兼任书记、法定代表人日期."""

    secretary_on = DayField(label=_("兼任书记日期"), required=False)
    legal_representative_on = DayField(label=_("法定代表人登记日期"), required=False)

    @classmethod
    def for_row(cls, row: Appointment, user: Any, data: Any = None) -> DatesForm:
        form = cls(data)
        if row.post != "executive_principal":
            del form.fields["legal_representative_on"]
        return form

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.values()):
            self.add_error("secretary_on", _("请至少填写一个日期。"))
        return self.cleaned_data


class ExtendForm(PlainForm):
    """延长任职."""

    new_end = LastDayField(label=_("延长后最后在任日"), help_text=_("不超过聘期届满日。"))
    document = DocumentField(label=_("组织需要的文件"))
    reason = forms.CharField(label=_("延长理由"), max_length=200)


def _coefficient(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=Decimal("0.01"), max_digits=4, decimal_places=2)


class RewardForm(PlainForm):
    """激励待遇."""

    base_coefficient = _coefficient(_("奖金职级基数系数"))
    coefficient = _coefficient(_("奖金职级系数"))
    deputy_section_treatment = forms.BooleanField(
        label=_("奖励性绩效、地方绩效奖享受副科职待遇"), required=False
    )
    document = DocumentField(label=_("依据文件"))
    valid_from = DayField(label=_("起始日期"))
    valid_to = LastDayField(label=_("最后一日"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        base, raised = cleaned.get("base_coefficient"), cleaned.get("coefficient")
        if base and raised and raised <= base:
            self.add_error("coefficient", _("奖金职级系数应高于基数系数（适当提高）。"))
        first, after = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and after and after <= first:
            self.add_error("valid_to", _("最后一日不能早于起始日期。"))
        return cleaned


class EndDayForm(PlainForm):
    """办理结束."""

    valid_to = LastDayField(label=_("最后一日"))
