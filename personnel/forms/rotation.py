"""What a person types about rotations, and what their list and calendar may be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.forms import any_choice, any_of, keyword
from groups.models import EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm
from kunshan_edu.core.pages import AsOfFilter
from personnel.actions import rotation as actions
from personnel.choices import RotationState, Subject
from personnel.forms.fields import StaffField
from personnel.models import Rotation, Staff


class RotationFilter(AsOfFilter):
    """轮岗列表的筛选: what is under way that day, and, of today, what is still on its way to be filed."""

    q = keyword(_("教师姓名或工号"))
    state = any_choice(_("全部状态"), RotationState.choices)
    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    waiting = any_choice(_("不限办理人"), [("me", _("待我办理"))])
    lookups = {  # noqa: RUF012
        "q": ("staff__person__name__icontains", "staff__staff_no__icontains"),
        "school": ("from_school", "to_school"),
    }
    apart = ("waiting", "on", "show")
    user: Any = None

    @property
    def whole(self) -> bool:
        """What waits, and what never came to be filed, is looked for among all."""
        unfiled = self.data.get("state") not in (None, "", RotationState.FILED)
        return super().whole or unfiled or bool(self.data.get("waiting"))

    def as_of(self, rows: Any) -> Any:
        lasting = rows.in_force(self.day)
        return lasting | rows.pending() if self.day == clock.today() else lasting

    def apply(self, rows: Any) -> Any:
        rows = super().apply(rows)
        return rows.waiting_for(self.user) if self.cleaned_data["waiting"] else rows


class RotationForm(PlainForm):
    """提出轮岗: teachers of the own reach; a group's leaders send within the group, a school anywhere."""

    staff = StaffField(
        label=_("教师"),
        help_text=_("输入姓名或工号，从提示中选择；派出校为该教师起始日的编制所在校。"),
    )
    to_school = forms.ModelChoiceField(
        School.objects.none(),
        label=_("接收校"),
        empty_label=_("请选择"),
        help_text=_("两校不在同一集团的，不经集团，由市教育局人事科审批。"),
    )
    valid_from = DayField(label=_("起始日期"))
    valid_to = LastDayField(label=_("最后一日"), help_text=_("一般不少于一个学年。"))
    subject = forms.ChoiceField(
        label=_("任教学科"), choices=[("", _("与人事记录相同")), *Subject.choices], required=False
    )
    workload = forms.IntegerField(
        label=_("工作量占比（%）"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("在接收校的工作量，全部在接收校任教为 100。"),
        error_messages={
            name: _("工作量占比在 1 到 100 之间。") for name in ("min_value", "max_value", "invalid")
        },
    )
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["staff"].queryset = Staff.objects.proposable_by(user)
        self.fields["to_school"].queryset = actions.receiving_schools(user, clock.today())


class FileForm(PlainForm):
    """轮岗备案."""

    document = DocumentField(label=_("备案文号"))


class StopForm(PlainForm):
    """提前结束轮岗."""

    valid_to = LastDayField(label=_("轮岗最后一日"), help_text=_("次日起回编制所在校任教。"))
    transfer = forms.BooleanField(
        label=_("转为调动"),
        required=False,
        help_text=_("凭人事科文件调入接收校的勾选；编制变动另在人事记录中办理。"),
    )
    reason = forms.CharField(
        label=_("事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2, "class": "in"})
    )
    row: Rotation | None = None

    @classmethod
    def for_row(cls, row: Rotation, user: Any, data: Any = None) -> StopForm:
        form = cls(data)
        form.row = row
        return form

    def clean_valid_to(self) -> Any:
        after = self.cleaned_data["valid_to"]
        if self.row and after > self.row.valid_to:
            raise ValidationError(_("不能晚于原定的最后一日；需要延长请办理续期。"), code="too_late")
        if self.row and after < self.row.valid_from:
            raise ValidationError(_("不能早于轮岗的起始日期；没有去的填起始日的前一日。"), code="too_early")
        return after


class RenewForm(PlainForm):
    """轮岗续期."""

    valid_to = LastDayField(
        label=_("续期最后一日"), help_text=_("续期从现轮岗结束的次日开始，重新逐级办理。")
    )


class CalendarFilter(forms.Form):
    """轮岗日历: of which group, in which school year."""

    group = forms.ChoiceField(label=_("教育集团"), widget=forms.Select(attrs={"class": "in"}))
    year = forms.ChoiceField(label=_("学年"), widget=forms.Select(attrs={"class": "in"}))

    def __init__(self, data: Any, *, groups: list[EducationGroup], years: Iterable[int], this: int) -> None:
        asked = data or {}
        self.groups = {str(group.pk): group for group in groups}
        self.this = {"group": next(iter(self.groups)), "year": str(this)}
        super().__init__({name: asked.get(name) or usual for name, usual in self.this.items()})
        self.fields["group"].choices = [(pk, str(group)) for pk, group in self.groups.items()]
        self.fields["year"].choices = [
            (str(year), gettext("%(first)s—%(last)s 学年") % {"first": year, "last": year + 1})
            for year in years
        ]

    def chosen(self) -> tuple[EducationGroup | None, int]:
        """The group, None for one that may not be seen; the year, this one for an unreadable year."""
        self.is_valid()
        group = self.groups.get(self.cleaned_data.get("group", ""))
        return group, int(self.cleaned_data.get("year") or self.this["year"])
