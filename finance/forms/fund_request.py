"""经费申请的表单: opinions, minutes and payments of a request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from finance.actions.cases import current_version, unpaid_schools
from finance.models import FundRequest
from groups.models import School
from kunshan_edu.core import clock
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.forms import AmountField, DayField, PlainForm

ZERO = Decimal("0.00")


class OpinionForm(PlainForm):
    """审批意见, required: returning, rejecting and cancelling give a reason."""

    opinion = forms.CharField(
        label=_("意见"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明理由或需要怎样修改，申请人会看到。"),
    )


class OptionalOpinionForm(PlainForm):
    """审批意见, which one may leave out when approving."""

    opinion = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MinutesForm(PlainForm):
    """集体决策纪要."""

    body = forms.CharField(label=_("决策会议"), max_length=40, help_text=_("例如：校长办公会、集团理事会。"))
    number = forms.CharField(label=_("纪要编号"), max_length=60)
    held_on = DayField(label=_("会议日期"), past=True)
    due = forms.IntegerField(label=_("应到人数"), min_value=1, max_value=999)
    present = forms.IntegerField(label=_("实到人数"), min_value=1, max_value=999)
    conclusion = forms.CharField(
        label=_("会议结论"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class PaymentForm(PlainForm):
    """登记支付: which bearing school, how much, on which voucher."""

    school = forms.ModelChoiceField(School.objects.all(), label=_("支付学校"), required=False)
    amount = AmountField(label=_("支付金额（元）"))
    voucher_no = forms.CharField(label=_("凭证号"), max_length=40)
    paid_on = DayField(label=_("支付日期"), past=True)

    @classmethod
    def for_row(cls, row: FundRequest, user: Any, data: Any = None) -> PaymentForm:
        """The form as this cashier needs it: the school only when several of theirs have not paid yet."""
        version = current_version(row)
        mine = unpaid_schools(row, version, rights_of(user))
        initial = {"paid_on": clock.today()}
        if version and len(mine) == 1:
            lines = version.lines.filter(school_id=mine[0])
            initial["amount"] = sum((line.amount for line in lines), ZERO)
        form = cls(data, initial=initial)
        if len(mine) > 1:
            form.fields["school"].queryset = School.objects.filter(pk__in=mine)
            form.fields["school"].required = True
        else:
            del form.fields["school"]
        return form
