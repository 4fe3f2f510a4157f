"""Who leads a group and its schools on a day: posts and vacancies, lights of the clauses, and the drawn chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Max
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.models import EducationGroup, School
from groups.views import GroupList
from kunshan_edu.core import lights
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, DetailPage, FormPage
from personnel.choices import GROUP_POSTS, Post
from personnel.models import Appointment
from personnel.querysets import SCOPES
from personnel.views.people import cannot_appoint

GROUP_SEATS = (Post.GROUP_PRESIDENT, Post.DEPUTY_SECRETARY)
SCHOOL_SEATS = (Post.EXECUTIVE_PRINCIPAL,)
DONE = (lights.Tone.GREEN, lights.Tone.GREY)
SHOWN = (*GROUP_POSTS, Post.EXECUTIVE_PRINCIPAL, Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD)


@dataclass(frozen=True)
class Seat:
    """A post with who holds it, or how long it has been vacant."""

    label: str
    appointment: Appointment | None
    vacant_days: int | None = None


@dataclass(frozen=True)
class Body:
    """A group or a school with its seats and its lights."""

    row: Any
    seats: tuple[Seat, ...]
    lights: tuple[lights.Light, ...] = ()
    role: str = ""

    @property
    def wanting(self) -> list[lights.Light]:
        """What has to be seen to, or is explained."""
        return [light for light in self.lights if light.tone not in DONE]

    @property
    def done(self) -> list[lights.Light]:
        """What is in order or does not apply."""
        return [light for light in self.lights if light.tone in DONE]


class Leadership:
    """The posts of one group and its member schools on a day; a few queries, whatever the group's size."""

    def __init__(self, group: EducationGroup, on: dt.date) -> None:
        self.group, self.on = group, on
        self.schools = list(School.objects.members_of(group, on))
        rows = Appointment.objects.in_force(on).filter(post__in=[p.value for p in SHOWN])
        ids = [s.pk for s in self.schools]
        mine = rows.filter(group=group) | rows.filter(school__in=ids)
        self.posts = list(mine.select_related("person", "unit", *SCOPES).order_by("pk"))
        self.ended = self._ended(ids)

    def _ended(self, ids: list[int]) -> dict[tuple[str, int | None, int | None], dt.date]:
        """(post, group id, school id) → the day on which its last holder left."""
        past = Appointment.objects.live().filter(valid_to__lte=self.on)
        past = past.filter(group=self.group) | past.filter(school__in=ids)
        rows = past.order_by().values_list("post", "group", "school").annotate(last=Max("valid_to"))
        return {(post, group, school): last for post, group, school, last in rows}

    def held(self, post: Post, **where: int) -> list[Appointment]:
        """Who holds the post in the group or school."""
        return [
            a
            for a in self.posts
            if a.post == post and all(getattr(a, name) == value for name, value in where.items())
        ]

    def _seats(self, wanted: tuple[Post, ...], others: tuple[Post, ...], since: dt.date, **where: int) -> Any:
        for post in wanted:
            found = self.held(post, **where)
            if found:
                yield from (Seat(str(post.label), a) for a in found)
            else:
                key = (post.value, where.get("group_id"), where.get("school_id"))
                yield Seat(str(post.label), None, (self.on - self.ended.get(key, since)).days)
        for post in others:
            yield from (Seat(str(post.label), a) for a in self.held(post, **where))

    def head(self) -> Body:
        """The group itself."""
        others = (Post.GROUP_SECRETARY, Post.GROUP_OFFICE, Post.GROUP_FINANCE)
        seats = self._seats(GROUP_SEATS, others, self.group.founded_on, group_id=self.group.pk)
        lit = lights.lit(EducationGroup.objects.filter(pk=self.group.pk), self.on)
        return Body(self.group, tuple(seats), tuple(lit.get(self.group.pk, ())))

    def members(self) -> list[Body]:
        """The member schools, lead school first."""
        lit = lights.lit(School.objects.filter(pk__in=[s.pk for s in self.schools]), self.on)
        joined = {m.school_id: m.valid_from for m in self.group.memberships.in_force(self.on).order_by("pk")}
        others = (Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD)
        return [
            Body(
                school,
                tuple(self._seats(SCHOOL_SEATS, others, joined[school.pk], school_id=school.pk)),
                tuple(lit.get(school.pk, ())),
                gettext("牵头学校") if school.role == "lead" else gettext("成员学校"),
            )
            for school in self.schools
        ]


def _offered(light: lights.Light, request: HttpRequest) -> lights.Light:
    """The light as this reader gets it: without the way to mend it when the form behind it would refuse them."""
    if not light.action:
        return light
    page = resolve(urlsplit(light.url).path).func.view_class  # type: ignore[attr-defined]
    if not issubclass(page, FormPage):  # the page of an appointment, whose dates of registration are wanting
        return replace(light, action="") if cannot_appoint(request.user) else light
    form = page()
    form.setup(request)
    return replace(light, url="", action="") if form.refusal() else light


def _read_by(request: HttpRequest, body: Body) -> Body:
    return replace(body, lights=tuple(_offered(light, request) for light in body.lights))


class GroupLeadership(DetailPage):
    """集团班子: who leads the group and each member school, vacancies in days, and the lights of the clauses."""

    model, clause = EducationGroup, Clause.C4_1_A
    template = "personnel/group_leadership.html"
    title = _("集团班子")
    crumb = ((GroupList.title or _("教育集团"), "groups:group_list"),)
    history = False

    def called(self, row: EducationGroup) -> str:
        return gettext("%(group)s · 班子") % {"group": row.name}

    def actions(self, row: EducationGroup) -> list[Action]:
        chart = reverse("personnel:group_chart", args=[row.pk])
        return [Action(_("组织架构图"), chart, icon="sitemap", quiet=True)]

    def context(self, row: EducationGroup) -> dict[str, Any]:
        leadership = Leadership(row, self.on())
        members = [_read_by(self.request, body) for body in leadership.members()]
        head = _read_by(self.request, leadership.head())
        return {"title": self.called(row), "actions": self.actions(row), "head": head, "members": members}
