"""The pages of people: who holds what on a day, and one person with a ribbon of posts in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, codes
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, Column, DetailPage, Fact, FormPage, ListPage, Part
from kunshan_edu.core.pages.details import Card
from personnel import actions, forms, rules
from personnel.choices import AppointmentState, RotationState
from personnel.models import Appointment, Person, Staff
from personnel.querysets import SCOPES
from personnel.views.looks import state_chip
from personnel.views.ribbon import Ribbon, spans_of
from personnel.views.rotation import OF_A_PERSON

GONE = (RotationState.REFUSED, RotationState.WITHDRAWN)
SECRET = ("identity_number", "phone")  # not even deciphered where they are not shown


def cannot_appoint(user: Any) -> Denial | None:
    return rules.cannot_appoint(actions.case_for(None, user))


def cannot_register(user: Any) -> Denial | None:
    return rules.cannot_register_person(actions.staff_case(None, user))


def account(row: Person) -> str:
    """The user name, and whether it may sign in."""
    if row.user is None:
        return ""
    return row.user.username if row.user.is_active else _("%(name)s（已停用）") % {"name": row.user.username}


def held_posts(row: Any) -> list[str]:
    """示例A小 执行校长: the posts of the day."""
    return [f"{post.container} {post.get_post_display()}" for post in row.held]


class PersonList(ListPage):
    """人员, each with the posts of the day."""

    model, filter_form, related = Person, forms.PersonFilter, ("user", "staff")
    title, clause = pgettext_lazy("列表", "人员"), Clause.C6_3_A
    lead = _("一个人登记一次，最多一个账号；能办理什么，全由任职决定。")
    empty = _("还没有人员"), _("人员由市教育局人事科登记，任免同样由人事科办理。")
    columns = (
        Column(_("姓名"), "name", under="staff.staff_no"),
        Column(_("当日任职"), held_posts, "lines"),
        Column(_("账号"), account),
    )

    def rows(self) -> Any:
        held = Appointment.objects.in_force(self.on()).select_related(*SCOPES)
        rows = super().rows().defer(*SECRET)
        return rows.prefetch_related(Prefetch("appointments", held, to_attr="held"))

    def actions(self) -> list[Action]:
        if cannot_register(self.request.user):
            return []
        return [Action(_("登记人员"), reverse("personnel:person_new"), icon="user-plus")]


class PersonDetail(DetailPage):
    """一个人: every post, past, present and to come, drawn in time and told in a table; the numbers masked."""

    model, related = Person, ("user", "staff")
    template = "personnel/person_detail.html"
    title, clause = _("人员"), Clause.C6_3_A
    crumb = ((pgettext_lazy("列表", "人员"), "personnel:person_list"),)
    facts = ((_("基本情况"), (Fact(_("姓名"), "name"), Fact(_("账号"), account))),)
    known = (
        Fact(_("工号"), "staff", "link", optional=True),
        Fact(_("性别"), "sex", optional=True),
        Fact(_("出生日期"), "birth_date", "date", optional=True),
        Fact(_("中共党员"), "is_party_member"),
        Fact(_("身份证号"), lambda row: codes.mask_identity(row.identity_number), optional=True),
        Fact(_("手机号码"), lambda row: codes.mask_phone(row.phone), optional=True),
    )
    records = (
        Column(_("编制所在校"), "school"),
        Column(_("职称"), "title"),
        Column(_("任教学科"), "subject", hide=True),
        Column(_("依据文件"), "document", hide=True),
        Column(_("期间"), kind="span"),
    )

    def row(self) -> Person:
        """The person with the posts, records and rotations that the reader may see."""
        row, user = super().row(), self.request.user
        posts = row.appointments.visible_to(user).exclude(state=AppointmentState.CANCELLED)
        row.posts = list(posts.select_related("person", "unit", *SCOPES))
        row.known, staff = self.knows(row), getattr(row, "staff", None)
        row.records = list(staff.records.select_related("school")) if staff and row.known else []
        moves = staff.rotations.visible_to(user).exclude(state__in=GONE) if staff else ()
        row.moves = list(moves.select_related("from_school", "to_school")) if moves else []
        return row

    def knows(self, row: Person) -> bool:
        """Whether the reader may know more than the posts: the personnel section, the own school, oneself."""
        user = self.request.user
        if row.user_id == user.pk or access.rights_of(user).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau):
            return True
        return Staff.objects.visible_to(user).filter(person=row).exists()

    def events(self, row: Person) -> Any:
        """Not for everybody: it says who asked for the numbers, and when."""
        return super().events(row) if row.known else []

    def chip(self, row: Person) -> Any:
        if row.user is None:
            return "na", _("未开通账号")
        return None if row.user.is_active else ("na", _("账号已停用"))

    def cards(self, row: Person) -> Iterator[Card]:
        """The account for everybody; the rest for those who may know it."""
        for title, facts in self.facts:
            more = tuple(f for f in self.known if not f.optional or f.of(row)) if row.known else ()
            yield title, (*facts, *more)

    def actions(self, row: Person) -> list[Action]:
        if cannot_appoint(self.request.user) is None:
            url = f"{reverse('personnel:appointment_new')}?person={row.pk}"
            return [Action(_("办理任职"), url, icon="id-badge-2")]
        if actions.posts_to_nominate(self.request.user):
            url = f"{reverse('personnel:appointment_nominate')}?person={row.pk}"
            return [Action(_("提名"), url, icon="user-plus")]
        return []

    def parts(self, row: Person) -> list[Part]:
        posts = Part(_("任职经历"), self._columns(), row.posts, (_("没有任职记录"), self.NONE))
        more = [Part(_("人事记录"), self.records, row.records, linked=False)] if row.records else []
        return [posts, *more, *([Part(_("轮岗经历"), OF_A_PERSON, row.moves)] if row.moves else [])]

    NONE = _("没有任职就没有任何办理权限：权限不能单独授予，只随任职产生和结束（六、3）。")

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(_("职务"), "post"),
            Column(_("任职单位"), "container", under="unit.name"),
            Column(_("任用方式"), "method", hide=True),
            Column(_("期间"), kind="span"),
            Column(_("任职文号"), "document", hide=True),
            Column(_("状态"), lambda row: state_chip(row, self.on()), "chip"),
        )

    def context(self, row: Person) -> dict[str, Any]:
        spans = list(spans_of(row.posts, row.records, row.moves))
        return {"ribbon": Ribbon(spans, self.on()) if spans else None}


class PersonNew(FormPage):
    """登记人员."""

    form, title, clause = forms.PersonForm, _("登记人员"), Clause.C6_3_A
    done = _("人员已登记。")
    crumb = PersonDetail.crumb
    afterwards = (
        _("登记后还不能办理任何事项：请接着办理任职，权限随任职日期生效。"),
        _("教职工请从“教职工”登记，同时登记编制所在校。"),
    )

    def refusal(self) -> Denial | None:
        return cannot_register(self.request.user)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.register_person(**cleaned, by=self.request.user)
