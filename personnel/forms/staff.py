"""What a person types about staff, and what their list may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groups.forms import any_choice, any_of, keyword
from groups.models import School
from kunshan_edu.core import clock, codes
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm
from kunshan_edu.core.pages import AsOfFilter
from kunshan_edu.core.templatetags.kg import say
from personnel.choices import BackboneLevel, Subject, Title
from personnel.models import Staff

FACTS = ("school", "title", "backbone_level", "subject")


class StaffFilter(AsOfFilter):
    """教职工列表的筛选."""

    q = keyword(_("姓名或工号"))
    school = any_of(School.objects.all(), _("编制所在校"), _("编制：全部学校"))
    teaching = any_of(School.objects.all(), _("任教校"), _("任教：全部学校"))
    title = any_choice(_("全部职称"), Title.choices)
    backbone_level = any_choice(_("全部骨干级别"), BackboneLevel.choices)
    subject = any_choice(_("全部学科"), Subject.choices)

    def as_of(self, rows: Any) -> Any:
        return rows.on_the_staff(self.day)

    def apply(self, rows: Any) -> Any:
        chosen = self.cleaned_data
        if text := chosen["q"]:
            rows = rows.filter(Q(person__name__icontains=text) | Q(staff_no__icontains=text))
        if facts := {name: chosen[name] for name in FACTS if chosen[name]}:
            rows = rows.on_the_staff(self.day, **facts)
        return rows.teaching_at(chosen["teaching"], self.day) if chosen["teaching"] else rows


class IdentityField(forms.CharField):
    """身份证号, tidied and checked to the last digit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 24, "help_text": _("18 位，照证件填写。"), **kwargs})
        self.widget.attrs.update({"autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        number = codes.tidy_code(super().to_python(value))
        fault = codes.identity_number_fault(number) if number else None
        if fault:
            raise ValidationError(say(fault), code=fault.code)
        return number


class PhoneField(forms.CharField):
    """手机或固定电话."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 24, **kwargs})
        self.widget.attrs.update({"autocomplete": "off", "inputmode": "tel"})

    def to_python(self, value: Any) -> str:
        number = codes.tidy_phone(super().to_python(value))
        fault = codes.phone_fault(number) if number else None
        if fault:
            raise ValidationError(say(fault), code=fault.code)
        return number


class RecordForm(PlainForm):
    """The establishment school and what goes with it, by a document."""

    school = forms.ModelChoiceField(School.objects.all(), label=_("编制所在校"), empty_label=_("请选择"))
    title = forms.ChoiceField(label=_("职称"), choices=Title.choices)
    backbone_level = forms.ChoiceField(label=_("骨干级别"), choices=BackboneLevel.choices)
    subject = forms.ChoiceField(label=_("任教学科"), choices=Subject.choices)
    document = DocumentField(label=_("依据文件"))
    valid_from = DayField(label=_("起始日期"), initial=clock.today)


class StaffForm(RecordForm):
    """登记教职工: who, and the first record."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    identity_number = IdentityField(label=_("身份证号"))
    phone = PhoneField(label=_("手机"), required=False)
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        required=False,
        help_text=_("已有账号的人填写，教职工与账号即为同一人；没有账号的留空。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    staff_no = forms.CharField(label=_("工号"), max_length=20)
    field_order = ("name", "identity_number", "phone", "username", "staff_no")


class ChangeRecordForm(RecordForm):
    """变更人事记录: filled in with what is on record."""

    @classmethod
    def for_row(cls, row: Staff, user: Any, data: Any = None) -> ChangeRecordForm:
        now = row.records.in_force().first()
        return cls(data, initial={name: getattr(now, name) for name in FACTS} if now else None)


class LeaveForm(PlainForm):
    """办理离职."""

    valid_to = LastDayField(label=_("最后在编日"), help_text=_("次日起不在任何学校的编制内，记录保留。"))
    document = DocumentField(label=_("依据文件"))


class RevealForm(PlainForm):
    """查看证件与手机号码."""

    reason = forms.CharField(
        label=_("查看事由"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "in"}),
        help_text=_("与办理的事项对应，例如：核对社保缴费。查看人、时间和事由记入审计记录。"),
        error_messages={"min_length": _("请写明办理什么事项需要查看，至少 4 个字。")},
    )
