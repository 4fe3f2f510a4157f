"""What a person types about how groups and schools are set up, and what these lists may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.choices import Line
from groups.forms import any_choice, any_of, keyword
from groups.models import EducationGroup, Membership, School
from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm, UploadField
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import AsOfFilter
from kunshan_edu.core.templatetags.kg import is_english
from personnel.choices import PartyKind, PlaqueKind, QuotaLevel, RuleSetKind


class EndByDocumentForm(PlainForm):
    """办理结束, by a document."""

    valid_to = LastDayField(label=_("最后一日"))
    document = DocumentField(label=_("依据文件"))


class SetupFilter(AsOfFilter):
    """按集团、学校筛选."""

    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))


class UnitFilter(SetupFilter):
    """内设机构列表的筛选."""

    line = any_choice(_("全部条线"), Line.choices)


class PlaqueFilter(AsOfFilter):
    """牌匾列表的筛选."""

    q = keyword(_("学校或牌匾文字"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    lookups = {  # noqa: RUF012
        "q": ("text__icontains", "membership__school__name__icontains"),
        "school": "membership__school",
    }


class RuleSetFilter(AsOfFilter):
    """适用规定列表的筛选."""

    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))


class DeviationFilter(SetupFilter):
    """例外列表的筛选: those that wait to be confirmed too."""

    def as_of(self, rows: Any) -> Any:
        return rows.dated(self.day)


def _group(**kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        EducationGroup.objects.all(), label=_("教育集团"), empty_label=_("请选择"), **kwargs
    )


def _school(**kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(School.objects.all(), label=_("学校"), empty_label=_("请选择"), **kwargs)


class OwnedForm(PlainForm):
    """A row of a group or of a school: exactly one of the two."""

    group = _group(required=False, help_text=_("集团和学校只选一个。"))
    school = _school(required=False)

    def clean(self) -> dict[str, Any]:
        if bool(self.cleaned_data.get("group")) == bool(self.cleaned_data.get("school")):
            self.add_error("group", _("请选择集团或学校，只选一个。"))
        return self.cleaned_data


class PartyForm(OwnedForm):
    """登记党组织."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=PartyKind.choices, help_text=_("集团成立党委或党总支部，成员学校设党支部。")
    )
    name = forms.CharField(label=_("名称"), max_length=60)
    document = DocumentField(label=_("批准文件"))
    valid_from = DayField(label=_("成立日期"), initial=clock.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, group = cleaned.get("kind"), cleaned.get("group")
        if kind and (group is None) == (kind != PartyKind.BRANCH):
            self.add_error("kind", _("集团成立党委或党总支部，成员学校设党支部，请核对类别和单位。"))
        return cleaned


class UnitForm(OwnedForm):
    """设置内设机构."""

    name = forms.CharField(label=_("机构名称"), max_length=40)
    line = forms.ChoiceField(label=_("条线"), choices=Line.choices)
    document = DocumentField(label=_("设置文件"))
    valid_from = DayField(label=_("设置日期"), initial=clock.today)

    def __init__(self, data: Any = None, *, groups: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        members = Membership.objects.in_force().filter(group__in=groups)
        self.fields["group"].queryset = groups
        self.fields["school"].queryset = School.objects.filter(pk__in=members.values("school"))


class PlaqueForm(PlainForm):
    """登记挂牌."""

    membership = forms.ModelChoiceField(Membership.objects.none(), label=_("学校"), empty_label=_("请选择"))
    kind = forms.TypedChoiceField(label=_("类别"), choices=PlaqueKind.choices, coerce=int)
    text = forms.CharField(label=_("牌匾文字"), max_length=80, help_text=_("原校名牌须与登记的校名一致。"))
    valid_from = DayField(label=_("挂牌日期"), past=True)
    photo = UploadField(label=_("照片"), required=False, kinds=("png", "jpeg"))

    def __init__(self, data: Any = None, *, memberships: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["membership"].queryset = memberships.select_related("school", "group")


class QuotaForm(OwnedForm):
    """核定职数."""

    level = forms.TypedChoiceField(label=_("层级"), choices=QuotaLevel.choices, coerce=int)
    posts = forms.IntegerField(label=_("职数"), min_value=0, max_value=99)
    document = DocumentField(label=_("核定文件"))
    valid_from = DayField(label=_("起始日期"), initial=clock.today)


class RuleSetForm(PlainForm):
    """登记书记设置规定."""

    group = _group()
    kind = forms.ChoiceField(label=_("规定"), choices=RuleSetKind.choices)
    document = DocumentField(label=_("依据文件"))
    valid_from = DayField(label=_("起始日期"), initial=clock.today)


def _clauses() -> list[tuple[str, str]]:
    """Every clause in its own words; for a reader of English what it says."""
    return [(clause.id, f"{clause.id} {clause.gloss if is_english() else clause.quote}") for clause in Clause]


class DeviationForm(OwnedForm):
    """登记例外."""

    clause_id = forms.ChoiceField(
        label=_("条款"),
        choices=_clauses,
        help_text=_("例外偏离的是哪一条。"),
    )
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "class": "in"})
    )
    document = DocumentField(label=_("批准文件"))
    valid_from = DayField(label=_("起始日期"), initial=clock.today)
    valid_to = LastDayField(label=_("最后一日"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, after = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and after and after <= first:
            self.add_error("valid_to", _("最后一日不能早于起始日期。"))
        return cleaned
