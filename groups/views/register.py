"""The pages of the register: groups, schools, districts, and the address of every verb on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groups import actions, forms, rules, verbs
from groups.choices import Authority, GroupStatus, Seat
from groups.models import Bureau, District, EducationGroup, School
from groups.views import setup
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Column, DetailPage, FormPage, ListPage, VerbPage

# The statuses a group goes through; 撤销 is not a step of the way.
WAY = tuple(status for status in GroupStatus if status != GroupStatus.DISSOLVED)


def seats(posts: Iterable[Any], wanted: tuple[Seat, ...]) -> list[tuple[Seat, Any]]:
    """Each seat with the appointment that fills it, or None for a vacancy."""
    held = {post.post: post for post in posts}
    return [(seat, held.get(seat.value)) for seat in wanted]


def may_appoint(user: Any) -> bool:
    """Vacancies lead those who may fill them to the form."""
    return rights_of(user).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau)


def way(group: EducationGroup) -> list[dict[str, Any]]:
    """The steps 筹建 → 试点 → 运行 → 推广 as core/_steps.html draws them."""
    if group.status == GroupStatus.DISSOLVED:
        return [{"label": GroupStatus.DISSOLVED.label, "icon": "ban", "state": "stop"}]
    at = WAY.index(GroupStatus(group.status))
    return [
        {
            "label": status.label,
            "icon": "check" if position < at else "point",
            "state": "done" if position < at else "now" if position == at else "",
        }
        for position, status in enumerate(WAY)
    ]


class GroupList(ListPage):
    """教育集团."""

    model = EducationGroup
    filter_form = forms.GroupFilter
    template = "groups/group_list.html"

    def rows(self) -> Any:
        return super().rows().with_heads(self.on())

    def context(self, rows: Any) -> dict[str, Any]:
        denial = rules.cannot_found(actions.case_for(None, self.request.user))
        return {"may_found": denial is None}


class GroupDetail(DetailPage):
    """一个教育集团: where it stands, its members, its heads, its funds."""

    model = EducationGroup
    template = "groups/group_detail.html"
    table = verbs.EDUCATION_GROUP

    def context(self, row: EducationGroup) -> dict[str, Any]:
        memberships = list(
            row.memberships.select_related("school").with_principal().order_by("role", "school__position")
        )
        posts = list(row.appointments.in_force().select_related("person"))
        wanted = (Seat.GROUP_PRESIDENT, Seat.DEPUTY_SECRETARY)
        return {
            "way": way(row),
            "members": [m for m in memberships if m.is_in_force],
            "coming_and_gone": [m for m in memberships if not m.is_in_force],
            "seats": seats(posts, wanted),
            "posts": [post for post in posts if post.post not in wanted],
            "may_appoint": may_appoint(self.request.user),
            "funds": row.funds.visible_to(self.request.user),
            "may_leave": rules.cannot_leave(actions.case_for(None, self.request.user)) is None,
            "setup": setup.cards(row, rights_of(self.request.user), row),
        }


class GroupNew(FormPage):
    """组建教育集团."""

    template = "groups/group_form.html"
    form = forms.GroupForm
    done = _("集团已登记，处于筹建状态；总校长任职、牵头学校加入后可以转入试点。")

    def refusal(self) -> Denial | None:
        return rules.cannot_found(actions.case_for(None, self.request.user))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.found(**cleaned, by=self.request.user)

    def context(self, form: Any) -> dict[str, Any]:
        return {"draft": self.request.path}


class GroupVerb(VerbPage):
    """教育集团的办理."""

    table = verbs.EDUCATION_GROUP


class MembershipVerb(VerbPage):
    """成员关系的办理."""

    table = verbs.MEMBERSHIP


class SchoolList(ListPage):
    """学校."""

    model = School
    filter_form = forms.SchoolFilter
    template = "groups/school_list.html"

    def rows(self) -> Any:
        return super().rows().with_place(self.on())

    def context(self, rows: Any) -> dict[str, Any]:
        denial = rules.cannot_register_school(actions.school_case(None, self.request.user))
        return {"may_register": denial is None}


class SchoolDetail(DetailPage):
    """一所学校: who it is, under whom, in which group, who heads it."""

    model = School
    template = "groups/school_detail.html"
    table = verbs.SCHOOL

    def context(self, row: School) -> dict[str, Any]:
        posts = list(row.appointments.in_force().select_related("person"))
        memberships = list(row.memberships.select_related("group").order_by("-valid_from"))
        today = [m for m in memberships if m.is_in_force]
        return {
            "affiliations": row.affiliations.select_related("district").order_by("-valid_from"),
            "memberships": memberships,
            "membership": today[0] if today else None,
            "seats": seats(posts, (Seat.EXECUTIVE_PRINCIPAL,)),
            "may_appoint": may_appoint(self.request.user),
            "posts": [post for post in posts if post.post != Seat.EXECUTIVE_PRINCIPAL],
            "setup": setup.cards(row, rights_of(self.request.user), today[0].group if today else None),
        }


class SchoolNew(FormPage):
    """登记学校."""

    template = "groups/school_form.html"
    form = forms.SchoolForm
    done = _("学校已登记。")

    def refusal(self) -> Denial | None:
        return rules.cannot_register_school(actions.school_case(None, self.request.user))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.register_school(**cleaned, by=self.request.user)

    def context(self, form: Any) -> dict[str, Any]:
        return {"draft": self.request.path}


class SchoolVerb(VerbPage):
    """学校的办理."""

    table = verbs.SCHOOL


def its_schools(row: District) -> SafeString:
    """A district as the link to its schools."""
    address = f"{reverse('groups:school_list')}?district={row.pk}"
    return format_html('<a class="ttl" href="{}">{}</a>', address, row)


class DistrictList(ListPage):
    """区镇."""

    model = District
    related = ("parent",)
    title = pgettext_lazy("列表", "区镇")
    lead = _("四个区、八个镇，按学校隶属关系保障本区镇学校的专项经费。")
    clause = Clause.C4_2_G
    columns = (
        Column(_("区镇"), its_schools),
        Column(_("类别"), "kind"),
        Column(_("上级区"), "parent"),
        Column(_("代码"), "code", hide=True),
        Column(_("隶属学校（所）"), "schools", "number"),
    )
    empty = (
        _("还没有登记区镇"),
        _("区镇在系统安装时登记，经费按学校隶属关系由市、区镇财政分别保障（四、2）。"),
    )

    def rows(self) -> Any:
        return super().rows().with_schools()
