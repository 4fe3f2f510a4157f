"""What a person types about people and appointments, and what their lists may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groups.forms import any_choice, any_of, keyword
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.access import in_force
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm, password_faults
from kunshan_edu.core.models import User
from kunshan_edu.core.pages import FilterForm
from personnel.choices import SCOPE_OF, Method, Post, Scope
from personnel.models import Appointment, Person

CONTAINERS = {
    Scope.GROUP: EducationGroup,
    Scope.SCHOOL: School,
    Scope.DISTRICT: District,
    Scope.BUREAU: Bureau,
}


class PersonFilter(FilterForm):
    """人员列表的筛选."""

    q = keyword(_("姓名或用户名"))
    post = any_choice(_("全部职务"), Post.choices)

    def apply(self, rows: Any) -> Any:
        chosen = self.cleaned_data
        if text := chosen["q"]:
            rows = rows.filter(Q(name__icontains=text) | Q(user__username__icontains=text))
        if chosen["post"]:
            holders = Appointment.objects.in_force().filter(post=chosen["post"])
            rows = rows.filter(pk__in=holders.values("person"))
        return rows


class AppointmentFilter(FilterForm):
    """任职列表的筛选."""

    q = keyword(_("姓名"))
    post = any_choice(_("全部职务"), Post.choices)
    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    on = DayField(
        label=_("该日在任"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "in"}),
    )

    def apply(self, rows: Any) -> Any:
        chosen = self.cleaned_data
        for name in ("post", "group", "school"):
            if chosen[name]:
                rows = rows.filter(**{name: chosen[name]})
        if chosen["q"]:
            rows = rows.filter(person__name__icontains=chosen["q"])
        return rows.filter(in_force(chosen["on"])) if chosen["on"] else rows


class PersonForm(PlainForm):
    """登记人员, with a new account when a user name is given."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("不填则只登记人员，不开通账号。没有账号的人可以任职，但不能登录办理。"),
    )
    password = forms.CharField(
        label=_("初始密码"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 8 位，不能过于常见；请本人登录后修改。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        username, password = cleaned.get("username"), cleaned.get("password")
        if username and not password:
            self.add_error("password", _("请填写初始密码。"))
        elif password and not username:
            self.add_error("username", _("请填写用户名，或清空初始密码。"))
        elif password:
            for fault in password_faults(password, User(username=username, name=cleaned.get("name", ""))):
                self.add_error("password", fault)
        return cleaned


def labelled(posts: Any) -> list[tuple[str, Any]]:
    return [(post.value, post.label) for post in posts]


class PostForm(PlainForm):
    """选择职务: the first step of an appointment; the post decides what it is held in."""

    post = forms.ChoiceField(
        label=_("职务"),
        choices=[
            (scope.label, labelled(post for post, held_in in SCOPE_OF.items() if held_in == scope))
            for scope in Scope
        ],
    )


class AppointForm(PlainForm):
    """办理任职: the container is of the kind that the post is held in; only dates that the post knows."""

    person = forms.ModelChoiceField(Person.objects.all(), label=_("人员"), empty_label=_("请选择"))
    container = forms.ModelChoiceField(Bureau.objects.all(), label=_("任职单位"), empty_label=_("请选择"))
    method = forms.ChoiceField(label=_("任用方式"), choices=Method.choices)
    document = DocumentField(label=_("任职文号"))
    valid_from = DayField(label=_("任职日期"), help_text=_("权限从这一天零时起生效。"))
    valid_to = LastDayField(
        label=_("最后在任日"), required=False, help_text=_("不填表示未定；这一天仍在任，次日零时起权限失效。")
    )
    term_end = DayField(label=_("聘期届满日"), required=False)
    secretary_on = DayField(
        label=_("兼任书记日期"),
        required=False,
        help_text=_("总校长兼任集团党组织书记，执行校长兼任支部书记。"),
    )
    legal_representative_on = DayField(label=_("法定代表人登记日期"), required=False)
    post = forms.ChoiceField(choices=Post.choices, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, post: Post, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        container = CONTAINERS[SCOPE_OF[post]]
        self.fields["container"].queryset = container.objects.all()
        self.fields["valid_from"].initial = clock.today()
        if post == Post.GROUP_PRESIDENT:
            self.fields["method"].choices = labelled((Method.APPOINTED, Method.COMPETITIVE))
        if post not in (Post.GROUP_PRESIDENT, Post.EXECUTIVE_PRINCIPAL):
            del self.fields["secretary_on"]
        if post != Post.EXECUTIVE_PRINCIPAL:
            del self.fields["legal_representative_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, after = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and after and after <= first:
            self.add_error("valid_to", _("最后在任日不能早于任职日期。"))
        if first and cleaned.get("term_end") and cleaned["term_end"] < first:
            self.add_error("term_end", _("聘期届满日不能早于任职日期。"))
        return cleaned


class EndForm(PlainForm):
    """办理免职."""

    valid_to = LastDayField(
        label=_("最后在任日"), help_text=_("这一天仍在任；次日零时起，该任职带来的权限全部失效。")
    )
    document = DocumentField(label=_("免职文号"))
