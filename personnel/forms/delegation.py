"""What a person types to delegate an approval, and what the list of delegations may be narrowed by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.forms import keyword
from kunshan_edu.core import clock
from kunshan_edu.core.forms import AmountField, DayField, LastDayField, PlainForm
from kunshan_edu.core.pages import AsOfFilter
from personnel import actions
from personnel.choices import DELEGABLE_POSTS
from personnel.forms.fields import PersonField
from personnel.models import Appointment, Person


class DelegationFilter(AsOfFilter):
    """委托列表的筛选."""

    q = keyword(_("委托人或受托人"))
    lookups = {"q": ("appointment__person__name__icontains", "delegate__name__icontains")}  # noqa: RUF012


class DelegateForm(PlainForm):
    """委托审批, of one's own post."""

    appointment = forms.ModelChoiceField(
        Appointment.objects.none(), label=_("委托的职务"), empty_label=_("请选择")
    )
    delegate = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("受托人"),
        empty_label=_("请选择"),
        help_text=_("总校长委托副书记，执行校长委托副校长；财务人员不能受托，受托的审批不能再委托。"),
    )
    valid_from = DayField(label=_("起始日期"))
    valid_to = LastDayField(label=_("最后一日"), help_text=_("最长 30 天；次日零时自动收回。"))
    ceiling = AmountField(
        label=_("限额（元）"), required=False, help_text=_("不填则与委托人的审批权限相同，不会超过它。")
    )
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("例如外出培训、请假。"))

    def __init__(self, data: Any = None, *, appointments: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["appointment"].queryset = appointments.select_related(
            "person", "group", "school", "bureau"
        )
        self.fields["delegate"].queryset = people
        self.fields["valid_from"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        first, after = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_to")
        if first and first < clock.today():
            self.add_error("valid_from", _("起始日期不能早于今天：委托不追溯。"))
        if first and after and after <= first:
            self.add_error("valid_to", _("最后一日不能早于起始日期。"))
        elif first and after and after - first > dt.timedelta(days=30):
            self.add_error("valid_to", _("委托最长 30 天，请缩短起止日期；到期后可以另行委托。"))
        return self.cleaned_data


class ReassignForm(DelegateForm):
    """改派审批: whoever holds a post may be named, too many for a list."""

    delegate = PersonField(label=_("受托人"), help_text=_("输入姓名或工号，从提示中选择；财务人员不能受托。"))


def own_form(user: Any, data: Any = None) -> DelegateForm:
    """The form of a holder: the own posts, and the people who may stand in for them."""
    appointments = actions.delegable(user)
    return DelegateForm(data, appointments=appointments, people=actions.stand_ins(appointments))


def reassign_form(data: Any = None, initial: Any = None) -> ReassignForm:
    """The form of the bureau: every approver in office, and everybody who holds a post."""
    posts = Appointment.objects.in_force()
    approvers = posts.filter(post__in=DELEGABLE_POSTS)
    people = Person.objects.filter(pk__in=posts.values("person"), user__isnull=False)
    return ReassignForm(data, appointments=approvers, people=people, initial=initial)
