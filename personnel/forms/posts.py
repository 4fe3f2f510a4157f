"""What a person types about people and appointments, and what their lists may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.forms import any_choice, any_of, keyword
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField, DocumentField, LastDayField, PlainForm, password_faults
from kunshan_edu.core.models import User
from kunshan_edu.core.pages import AsOfFilter
from personnel.choices import SCOPE_OF, UNDER_WAY, AppointmentState, Method, Post, Scope
from personnel.forms.fields import PersonField, UnitField, units_of
from personnel.forms.staff import IdentityField, PhoneField
from personnel.models import Appointment, Person

CONTAINERS = {
    Scope.GROUP: EducationGroup,
    Scope.SCHOOL: School,
    Scope.DISTRICT: District,
    Scope.BUREAU: Bureau,
}
WAITING, OPEN = "waiting", "open"


class PersonFilter(AsOfFilter):
    """人员列表的筛选: people have no days, their posts do."""

    q = keyword(_("姓名、工号或用户名"))
    post = any_choice(_("全部职务"), Post.choices)
    lookups = {"q": ("name__icontains", "user__username__icontains", "staff__staff_no__istartswith")}  # noqa: RUF012

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        del self.fields["show"]

    def as_of(self, rows: Any) -> Any:
        return rows

    def apply(self, rows: Any) -> Any:
        post = self.cleaned_data.pop("post")
        rows = super().apply(rows)
        if post:
            holders = Appointment.objects.in_force(self.day).filter(post=post)
            rows = rows.filter(pk__in=holders.values("person"))
        return rows


class AppointmentFilter(AsOfFilter):
    """任职列表的筛选: in office on the day; or, whatever the day, what is on its way and what waits for the reader."""

    apart = (*AsOfFilter.apart, "state")
    user: Any = None

    q = keyword(_("姓名"))
    post = any_choice(_("全部职务"), Post.choices)
    group = any_of(EducationGroup.objects.all(), _("教育集团"), _("全部集团"))
    school = any_of(School.objects.all(), _("学校"), _("全部学校"))
    state = any_choice(
        _("全部状态"),
        [
            (WAITING, _("待我办理")),
            (OPEN, _("办理中（未审定）")),
            *((s.value, s.label) for s in AppointmentState if s != AppointmentState.ACTIVE),
        ],
    )
    lookups = {"q": "person__name__icontains"}  # noqa: RUF012

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.order_fields(("q", "post", "group", "school", "state", "on", "show"))

    @property
    def stage(self) -> str:
        """The stage asked for, when it is one that has no days yet."""
        asked = self.data.get("state", "")
        return asked if asked in (WAITING, OPEN, *UNDER_WAY, AppointmentState.CANCELLED) else ""

    def as_of(self, rows: Any) -> Any:
        return rows if self.stage else rows.in_force(self.day)

    def apply(self, rows: Any) -> Any:
        rows, state = super().apply(rows), self.cleaned_data.get("state")
        if state == WAITING:
            return rows.waiting_for(self.user)
        if state == OPEN:
            return rows.under_way()
        return rows.filter(state=state) if state else rows


class PersonForm(PlainForm):
    """登记人员, with a new account when a user name is given."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    identity_number = IdentityField(
        label=_("身份证号"), required=False, help_text=_("加密保存；性别和出生日期由它得出。")
    )
    phone = PhoneField(label=_("手机号码"), required=False)
    is_party_member = forms.BooleanField(label=_("中共党员"), required=False)
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

    post = forms.ChoiceField(label=_("职务"))

    def __init__(self, posts: Any = tuple(Post)) -> None:
        super().__init__()
        by_scope = ((scope, [p for p in posts if SCOPE_OF[p] == scope]) for scope in Scope)
        self.fields["post"].choices = [(scope.label, labelled(held)) for scope, held in by_scope if held]


class NominateForm(PlainForm):
    """提名: who for which post of which group or school, from when, by which document."""

    person = PersonField(Person.objects.all(), label=_("人员"))
    container = forms.ModelChoiceField(Bureau.objects.all(), label=_("任职单位"), empty_label=_("请选择"))
    unit = UnitField(
        units_of("", ()), label=_("内设机构"), required=False, empty_label=_("（不在内设机构任职）")
    )
    method = forms.ChoiceField(
        label=_("任用方式"), choices=labelled(m for m in Method if m != Method.COMPETITIVE)
    )
    document = DocumentField(label=_("提名文号"))
    valid_from = DayField(label=_("拟任职日期"))
    term_end = DayField(
        label=_("聘期届满日"), required=False, help_text=_("有聘期的填写，延长任职不能超过这一天。")
    )
    post = forms.ChoiceField(choices=Post.choices, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, post: Post, people: Any, containers: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["container"].queryset = containers
        self.fields["person"].queryset = people
        self.fields["unit"].queryset = units_of(SCOPE_OF[post], containers)
        self.fields["valid_from"].initial = clock.today()
        if SCOPE_OF[post] not in (Scope.GROUP, Scope.SCHOOL):
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, unit, container = (cleaned.get(name) for name in ("valid_from", "unit", "container"))
        if first and cleaned.get("term_end") and cleaned["term_end"] < first:
            self.add_error("term_end", _("聘期届满日不能早于任职日期。"))
        if unit and container and container not in (unit.group, unit.school):
            self.add_error("unit", _("所选内设机构不属于任职单位，请重新选择。"))
        return cleaned


class AppointForm(NominateForm):
    """办理任职: the container is of the kind that the post is held in; only dates that the post knows."""

    method = forms.ChoiceField(label=_("任用方式"), choices=Method.choices)
    document = DocumentField(label=_("任职文号"))
    valid_from = DayField(label=_("任职日期"), help_text=_("权限从这一天零时起生效。"))
    valid_to = LastDayField(
        label=_("最后在任日"), required=False, help_text=_("不填表示未定；这一天仍在任，次日零时起权限失效。")
    )
    secretary_on = DayField(
        label=_("兼任书记日期"),
        required=False,
        help_text=_("总校长兼任集团党组织书记，执行校长兼任支部书记。"),
    )
    legal_representative_on = DayField(label=_("法定代表人登记日期"), required=False)
    remark = forms.CharField(
        label=_("补录说明"),
        max_length=200,
        required=False,
        help_text=_("任职日期早于今天 30 天以上时填写；权限不追溯。"),
    )
    field_order = (
        "person", "container", "unit", "method", "document", "valid_from", "valid_to", "term_end", "secretary_on",
        "legal_representative_on", "remark", "post",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, post: Post, people: Any, **kwargs: Any) -> None:
        containers = CONTAINERS[SCOPE_OF[post]].objects.all()
        super().__init__(data, post=post, people=people, containers=containers, **kwargs)
        self.chosen = post
        self.fields["person"].required = False
        self.fields["person"].help_text = _("输入姓名或工号，从提示中选择。竞聘不填，由人选产生。")
        if post == Post.GROUP_PRESIDENT:
            self.fields["method"].choices = labelled((Method.APPOINTED, Method.COMPETITIVE))
        if post not in (Post.GROUP_PRESIDENT, Post.EXECUTIVE_PRINCIPAL):
            del self.fields["secretary_on"]
        if post != Post.EXECUTIVE_PRINCIPAL:
            del self.fields["legal_representative_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        competitive = cleaned.get("method") == Method.COMPETITIVE
        if not (competitive or cleaned.get("person") or self.has_error("person")):
            self.add_error("person", _("请填写人员；只有竞聘在确定人选之前可以不填。"))
        if competitive and cleaned.get("person"):
            self.add_error("person", _("竞聘的人选由公告、成绩和公示产生，请清空人员。"))
        first, after = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and after and after <= first:
            self.add_error("valid_to", _("最后在任日不能早于任职日期。"))
        if self.chosen == Post.AUDITOR and not after and not self.has_error("valid_to"):
            self.add_error("valid_to", _("审计人员的查看权限须有截止日期，请填写最后在任日。"))
        return cleaned
