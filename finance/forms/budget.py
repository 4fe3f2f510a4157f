"""经费预算的表单: open a fund, allocate to its lines, cut a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from finance.models import ExpenseCategory, GroupFund
from groups.models import EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.forms import AmountField, PlainForm


class FundForm(PlainForm):
    """设立集团年度经费."""

    group = forms.ModelChoiceField(EducationGroup.objects.all(), label=_("教育集团"))
    fiscal_year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["fiscal_year"].initial = clock.today().year


class AllocationForm(PlainForm):
    """下达预算."""

    school = forms.ModelChoiceField(School.objects.all(), label=_("承担学校"))
    category = forms.ModelChoiceField(ExpenseCategory.objects.all(), label=_("经费类别"))
    amount = AmountField(label=_("下达金额（元）"))
    document = forms.CharField(label=_("下达文号"), max_length=60, help_text=_("例如：昆教财〔2026〕8号"))

    @classmethod
    def for_row(cls, row: GroupFund, _user: Any, data: Any = None) -> AllocationForm:
        """Only the schools that are in the fund's group today."""
        form = cls(data)
        form.fields["school"].queryset = School.objects.filter(
            memberships__in=row.group.memberships.in_force()
        )
        return form


class CutForm(PlainForm):
    """核减预算."""

    amount = AmountField(label=_("核减金额（元）"))
    document = forms.CharField(label=_("核减文号"), max_length=60)
