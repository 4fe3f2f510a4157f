"""What a person types about appraisal, training, attendance and merit, and what these lists may be narrowed by."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.forms import any_choice, any_of, keyword
from groups.models import EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField, DocumentField, PlainForm
from kunshan_edu.core.pages import FilterForm
from personnel.choices import Appraised, Grade, MeritLevel
from personnel.forms.fields import PersonField, StaffField, StaffListField
from personnel.models import Appointment, Person, Staff, StaffRecord, TrainingEvent

HEADS = [choice for choice in Appraised.choices if choice[0] != Appraised.STAFF]


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=2000, max_value=2100)


class AppraisalFilter(FilterForm):
    """年度考核列表的筛选."""

    q = keyword(_("姓名"))
    year = forms.IntegerField(
        label=_("年度"),
        required=False,
        widget=forms.NumberInput(attrs={"class": "in short", "placeholder": _("年度")}),
    )
    grade = any_choice(_("全部等次"), Grade.choices)
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    lookups = {"q": "person__name__icontains"}  # noqa: RUF012


class AppraisalForm(PlainForm):
    """登记年度考核: heads by the bureau, where they hold their post; staff by the own principal."""

    person = PersonField(label=_("人员"))
    year = _year(_("年度"))
    post = forms.ChoiceField(label=_("考核职务"))
    grade = forms.ChoiceField(label=_("等次"), choices=Grade.choices)
    document = DocumentField(label=_("考核文件"))

    def __init__(self, data: Any = None, *, people: Any, heads: bool, staff: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["person"].queryset = people
        own = [(Appraised.STAFF.value, Appraised.STAFF.label)] if staff else []
        self.fields["post"].choices = [*(HEADS if heads else []), *own]
        self.fields["year"].initial = clock.today().year - 1

    def clean(self) -> dict[str, Any]:
        """Adds where the person holds the post, or is on the staff: the group or school of the appraisal."""
        cleaned = self.cleaned_data
        person, post = cleaned.get("person"), cleaned.get("post")
        if person and post:
            cleaned.update(self._place(person, post))
        return cleaned

    def _place(self, person: Person, post: str) -> dict[str, Any]:
        if post == Appraised.STAFF:
            record = StaffRecord.objects.in_force().filter(staff__person=person).first()
            if record is None:
                self.add_error("person", _("该人今天没有编制所在校，不能按教职工考核。"))
                return {}
            return {"school": record.school, "group": None}
        held = Appointment.objects.live().filter(person=person, post=post).order_by("-valid_from").first()
        if held is None:
            self.add_error("post", _("该人没有担任过所选职务，请核对。"))
            return {}
        return {"school": held.school, "group": held.group}


class CorrectGradeForm(PlainForm):
    """更正等次."""

    grade = forms.ChoiceField(label=_("更正为"), choices=Grade.choices)
    reason = forms.CharField(label=_("更正理由"), max_length=200)


class TrainingFilter(FilterForm):
    """培训列表的筛选."""

    q = keyword(_("培训名称"))
    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    lookups = {"q": "title__icontains"}  # noqa: RUF012


class TrainingForm(PlainForm):
    """组织培训, of a group or of a school."""

    group = forms.ModelChoiceField(
        EducationGroup.objects.none(), label=_("教育集团"), required=False, empty_label=_("请选择")
    )
    school = forms.ModelChoiceField(
        School.objects.none(), label=_("学校"), required=False, empty_label=_("请选择")
    )
    title = forms.CharField(label=_("培训名称"), max_length=80)
    held_on = DayField(label=_("培训日期"))
    hours = forms.DecimalField(
        label=_("学时"), min_value=Decimal("0.5"), max_value=Decimal(200), max_digits=5, decimal_places=1
    )
    place = forms.CharField(label=_("地点"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, groups: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, rows in (("group", groups), ("school", schools)):
            self.fields[name].queryset = rows
            if not rows.exists():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        chosen = [name for name in ("group", "school") if self.cleaned_data.get(name)]
        if len(chosen) != 1:
            self.add_error(None, _("请选择由集团或学校组织，只选一个。"))
        return self.cleaned_data


class TrainingAttendanceForm(PlainForm):
    """登记参训: several at once, for the whole hours unless said otherwise."""

    staff = StaffListField(
        label=_("参训教师"),
        help_text=_("每行一人，写姓名或工号，可以从表格整列复制；再次登记同一人则更正其学时。"),
    )
    hours = forms.DecimalField(
        label=_("学时"),
        required=False,
        min_value=Decimal("0.5"),
        max_digits=5,
        decimal_places=1,
        help_text=_("不填则按培训的全部学时。"),
    )

    @classmethod
    def for_row(cls, row: TrainingEvent, user: Any, data: Any = None) -> TrainingAttendanceForm:
        form = cls(data)
        rows = Staff.objects.visible_to(user).select_related("person")
        schools = [row.school_id] if row.school_id else _members(row)
        records = StaffRecord.objects.in_force().filter(school__in=schools)
        form.fields["staff"].queryset = rows.filter(pk__in=records.values("staff"))
        return form


def _members(row: TrainingEvent) -> list[int]:
    memberships = row.group.memberships.in_force(row.held_on)
    return list(memberships.values_list("school_id", flat=True))


class AttendanceFilter(FilterForm):
    """考勤列表的筛选."""

    q = keyword(_("姓名或工号"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    month = DayField(
        label=_("月份"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "in"}),
    )
    lookups = {"q": ("staff__person__name__icontains", "staff__staff_no")}  # noqa: RUF012

    def clean_month(self) -> Any:
        day = self.cleaned_data["month"]
        return day.replace(day=1) if day else day


class MeritFilter(FilterForm):
    """评优列表的筛选."""

    q = keyword(_("姓名或荣誉"))
    level = any_choice(_("全部级别"), MeritLevel.choices)
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    lookups = {"q": ("staff__person__name__icontains", "title__icontains")}  # noqa: RUF012


class MeritForm(PlainForm):
    """登记评优."""

    staff = StaffField(label=_("教职工"))
    school = forms.ModelChoiceField(School.objects.none(), label=_("登记学校"), empty_label=None)
    title = forms.CharField(label=_("荣誉名称"), max_length=60)
    level = forms.ChoiceField(label=_("级别"), choices=MeritLevel.choices)
    awarded_on = DayField(label=_("授予日期"), past=True)
    document = DocumentField(label=_("依据文件"))

    def __init__(self, data: Any = None, *, staff: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["staff"].queryset = staff
        self.fields["school"].queryset = schools


class RevokeMeritForm(PlainForm):
    """撤销荣誉."""

    revoked_on = DayField(label=_("撤销日期"), initial=clock.today, past=True)
    reason = forms.CharField(label=_("理由"), max_length=200)
