"""What a person types about groups and schools, and what their lists may be narrowed by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.choices import (
    FundingLevel,
    GroupStatus,
    LegalPersonType,
    MembershipRole,
    ModelType,
    Ownership,
    PolicySlot,
    Stage,
)
from groups.models import District, EducationGroup, School
from groups.rules import NEXT_STATUSES
from kunshan_edu.core import clock
from kunshan_edu.core.codes import credit_code_fault, school_identifier_fault
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm, UploadField
from kunshan_edu.core.pages import AsOfFilter
from kunshan_edu.core.templatetags.kg import say


def any_choice(label: Any, choices: Any) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "in"})
    return forms.ChoiceField(label=label, choices=[("", label), *choices], required=False, widget=widget)


def any_of(rows: Any, label: Any, empty: Any) -> forms.ModelChoiceField:
    """A filter by one row of a table."""
    widget = forms.Select(attrs={"class": "in"})
    return forms.ModelChoiceField(rows, label=label, empty_label=empty, required=False, widget=widget)


def keyword(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search", "placeholder": label, "class": "in"})
    return forms.CharField(label=label, required=False, max_length=60, widget=widget)


class GroupFilter(AsOfFilter):
    """集团列表的筛选: the groups that there were on a day; their status is today's."""

    q = keyword(_("名称或代码"))
    status = any_choice(_("全部状态"), GroupStatus.choices)
    lookups = {"q": ("name__icontains", "short_name__icontains", "code__iexact")}  # noqa: RUF012

    def as_of(self, rows: Any) -> Any:
        return rows.founded(self.day)


class SchoolFilter(AsOfFilter):
    """学校列表的筛选: the schools open on a day; the rows carry what `with_place` adds."""

    q = keyword(_("校名、标识码"))
    stage = any_choice(_("全部学段"), Stage.choices)
    level = any_choice(_("全部级次"), FundingLevel.choices)
    district = any_of(District.objects.all(), _("区镇"), _("全部区镇"))
    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    lookups = {  # noqa: RUF012
        "q": ("name__icontains", "short_name__icontains", "identifier__startswith"),
        "district": "district_name",
        "group": "group_pk",
    }

    def as_of(self, rows: Any) -> Any:
        return rows.open(self.day)

    def clean_district(self) -> str:
        district = self.cleaned_data["district"]
        return district.name if district else ""

    def clean_group(self) -> int | None:
        group = self.cleaned_data["group"]
        return group.pk if group else None


class CodeField(forms.CharField):
    """An official code, in capitals and without spaces, refused with what is wrong with it."""

    def __init__(self, fault: Callable[[str], Denial | None], **kwargs: Any) -> None:
        self.fault = fault
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = "".join(super().to_python(value).split()).upper()
        found = self.fault(text) if text else None
        if found:
            raise ValidationError(say(found), code=found.code)
        return text


class LevelForm(PlainForm):
    """隶属关系: city, or one district; the two fields answer for one another (4.2.g)."""

    level = forms.ChoiceField(label=_("隶属级次"), choices=FundingLevel.choices)
    district = forms.ModelChoiceField(
        District.objects.all(),
        label=_("区镇"),
        required=False,
        empty_label=_("（市级不选）"),
        help_text=_("经费由市和区镇按学校隶属关系分别保障，区镇级学校须选择区镇。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        level, district = cleaned.get("level"), cleaned.get("district")
        if level == FundingLevel.DISTRICT and not district:
            self.add_error("district", _("请选择区镇。"))
        if level == FundingLevel.CITY and district:
            self.add_error("district", _("市级学校不选区镇，请改为“（市级不选）”，或把级次改为区镇级。"))
        return cleaned


class AffiliationForm(LevelForm):
    """变更隶属关系."""

    document = DocumentField(label=_("批文"))
    valid_from = DayField(label=_("生效日期"), help_text=_("原隶属关系到前一日为止。"))


class SchoolForm(LevelForm):
    """登记学校."""

    name = forms.CharField(label=_("校名"), max_length=60)
    short_name = forms.CharField(label=_("简称"), max_length=20)
    identifier = CodeField(school_identifier_fault, label=_("学校标识码"), help_text=_("10 位数字。"))
    credit_code = CodeField(
        credit_code_fault, label=_("统一社会信用代码"), help_text=_("18 位，照法人证书填写。")
    )
    stage = forms.ChoiceField(label=_("学段"), choices=Stage.choices)
    ownership = forms.ChoiceField(label=_("办学性质"), choices=Ownership.choices)
    legal_person_type = forms.ChoiceField(label=_("法人类型"), choices=LegalPersonType.choices)
    opened_on = DayField(label=_("建校日期"), help_text=_("隶属关系从这一天算起。"))
    document = DocumentField(label=_("机构编制批文"))
    field_order = (
        "name",
        "short_name",
        "identifier",
        "credit_code",
        "stage",
        "ownership",
        "legal_person_type",
        "opened_on",
        "level",
        "district",
        "document",
    )


class ProfileForm(PlainForm):
    """编辑学校特色."""

    feature = forms.CharField(
        label=_("办学特色"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("200 字以内。由本校填写，集团和总校长可以查看，不能代改。"),
    )

    @classmethod
    def for_row(cls, row: School, _user: Any, data: Any = None) -> ProfileForm:
        return cls(data, initial={"feature": row.feature})


class GroupForm(PlainForm):
    """组建教育集团."""

    name = forms.CharField(label=_("名称"), max_length=60)
    short_name = forms.CharField(label=_("简称"), max_length=20)
    code = forms.CharField(label=_("代码"), max_length=10, help_text=_("用于申请编号，例如 SL。"))
    model_type = forms.ChoiceField(label=_("办学模式"), choices=ModelType.choices)
    batch = forms.IntegerField(label=_("批次"), min_value=1, max_value=99, initial=1)
    founded_on = DayField(label=_("组建日期"))
    founding_document = DocumentField(label=_("组建文件"))
    decision = forms.CharField(
        label=_("专项工作组会议决定"), max_length=120, help_text=_("例如：集团化办学专项工作组第 3 次会议。")
    )


class AdvanceForm(PlainForm):
    """转换集团状态: to what may follow the present one. What was sent is judged by the rule, a second click too."""

    status = forms.ChoiceField(label=_("转入状态"), widget=forms.RadioSelect)

    @classmethod
    def for_row(cls, row: EducationGroup, _user: Any, data: Any = None) -> AdvanceForm:
        form = cls(data)
        offered = NEXT_STATUSES.get(row.status, ())
        sent = data.get("status") if data else None
        form.fields["status"].choices = [c for c in GroupStatus.choices if c[0] in offered or c[0] == sent]
        return form


class JoinForm(PlainForm):
    """加入集团: schools that are in no group today are offered; whether one may join, the database says."""

    school = forms.ModelChoiceField(School.objects.all(), label=_("学校"), empty_label=_("请选择"))
    role = forms.ChoiceField(
        label=_("成员身份"), choices=MembershipRole.choices, initial=MembershipRole.MEMBER
    )
    valid_from = DayField(label=_("加入日期"))
    join_document = DocumentField(label=_("加入文件"))

    @classmethod
    def for_row(cls, _row: EducationGroup, _user: Any, data: Any = None) -> JoinForm:
        form = cls(data, initial={"valid_from": clock.today()})
        if data is None:
            form.fields["school"].queryset = School.objects.open().with_place().filter(group_pk=None)
        return form


class DissolveForm(PlainForm):
    """撤销集团."""

    document = DocumentField(
        label=_("撤销文件"), help_text=_("成员学校自今日起退出集团；学校、经费和任职的历史记录保留。")
    )


class LeaveForm(PlainForm):
    """退出集团."""

    valid_to = LastDayField(
        label=_("最后成员日"), help_text=_("这一天仍是集团成员，次日起不再是；学校的各项属性不变。")
    )
    leave_document = DocumentField(label=_("退出文件"))


class PolicyFilter(AsOfFilter):
    """集团制度列表的筛选."""

    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    slot = any_choice(_("全部制度"), PolicySlot.choices)


class BoardFilter(AsOfFilter):
    """七项制度看板的筛选: the groups that there were that day."""

    q = keyword(_("集团名称"))
    lookups = {"q": ("name__icontains", "short_name__icontains")}  # noqa: RUF012

    def as_of(self, rows: Any) -> Any:
        return rows.filter(founded_on__lte=self.day).exclude(status=GroupStatus.DISSOLVED)


class PolicyForm(PlainForm):
    """审定集团制度: of a group of one's own."""

    group = forms.ModelChoiceField(
        EducationGroup.objects.none(), label=_("教育集团"), empty_label=_("请选择")
    )
    slot = forms.TypedChoiceField(label=_("制度"), choices=PolicySlot.choices, coerce=int)
    title = forms.CharField(label=_("标题"), max_length=80)
    document = DocumentField(label=_("文号"))
    valid_from = DayField(
        label=_("施行日期"), initial=clock.today, help_text=_("同一项制度的旧文件自这一天起失效。")
    )
    text = forms.CharField(
        label=_("正文"), required=False, widget=forms.Textarea(attrs={"rows": 8, "class": "in"})
    )
    attachment = UploadField(label=_("附件"), required=False)

    def __init__(self, data: Any = None, *, groups: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["group"].queryset = groups

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("text") and not self.cleaned_data.get("attachment"):
            self.add_error("text", _("请填写正文或上传附件。"))
        return self.cleaned_data


class EndPolicyForm(PlainForm):
    """登记制度失效."""

    valid_to = LastDayField(label=_("最后施行日"))
    reason = forms.CharField(label=_("理由"), max_length=200)
