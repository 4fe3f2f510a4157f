"""职务空缺: groups without president or deputy, member schools without principal, for how long, and who comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.choices import GroupStatus
from groups.models import EducationGroup, Membership
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Column, Part
from kunshan_edu.core.pages.frame import Framed
from kunshan_edu.core.templatetags.kg import date_cn
from personnel.choices import SCOPE_OF, UNDER_WAY, Post
from personnel.models import Appointment
from personnel.querysets import SCOPES
from personnel.views.appointing import CRUMB

GROUP_SEATS = (Post.GROUP_PRESIDENT, Post.DEPUTY_SECRETARY)
SEATS = (*GROUP_SEATS, Post.EXECUTIVE_PRINCIPAL)


@dataclass(frozen=True)
class Seat:
    """A post that has to be filled, since when it has: the founding of the group, or the day the school joined."""

    post: Post
    place: Any
    since: dt.date

    @property
    def key(self) -> tuple[str, str, int]:
        return self.post.value, SCOPE_OF[self.post].value, self.place.pk


@dataclass(frozen=True)
class Vacancy:
    """A seat that nobody holds on a day. last: who held it; successors: who is to come, as the reader may know."""

    seat: Seat
    days: int
    last: Appointment | None
    successors: tuple[Appointment, ...]

    @property
    def place(self) -> Any:
        return self.seat.place

    @property
    def post(self) -> str:
        return str(self.seat.post.label)

    @property
    def because(self) -> str:
        """Since when, and what happened then."""
        if self.last is not None:
            words = {"name": self.last.holder, "day": date_cn(self.last.valid_to)}
            return _("%(name)s于%(day)s起不再任职") % words
        group = isinstance(self.place, EducationGroup)
        text = _("%(day)s组建以来") if group else _("%(day)s加入集团以来")
        return text % {"day": date_cn(self.seat.since)}

    @property
    def coming(self) -> list[SafeString]:
        """Each successor, at which stage, and by whom put forward."""
        return [_successor(row) for row in self.successors]


def _successor(row: Appointment) -> SafeString:
    by = row.nominated_by or row.recorded_by
    stage = (
        row.get_state_display()
        if not row.is_live
        else _("已任命，%(day)s到任") % {"day": date_cn(row.valid_from)}
    )
    who = _("%(stage)s，%(name)s提出") % {"stage": stage, "name": by.name} if by else stage
    return format_html(
        '<a href="{}">{}</a> <span class="muted small">{}</span>', row.get_absolute_url(), row.holder, who
    )


def seats(on: dt.date) -> Iterator[Seat]:
    """Every seat that there is to fill on a day."""
    groups = EducationGroup.objects.exclude(status=GroupStatus.DISSOLVED).filter(founded_on__lte=on)
    for group in groups:
        yield from (Seat(post, group, group.founded_on) for post in GROUP_SEATS)
    members = Membership.objects.in_force(on).filter(group__in=groups).select_related("school")
    for membership in members.order_by("group__code", "school__position"):
        yield Seat(Post.EXECUTIVE_PRINCIPAL, membership.school, membership.valid_from)


def vacancies(on: dt.date, user: Any) -> list[Vacancy]:
    """The seats that nobody holds, the longest vacant first; a handful of queries for any number of groups."""
    rows = Appointment.objects.visible_to(user).filter(Q(post__in=SEATS))
    rows = rows.select_related("person", "nominated_by", "recorded_by", *SCOPES).order_by("valid_from", "pk")
    by_seat: dict[tuple[str, str, int], list[Appointment]] = {}
    for row in rows:
        by_seat.setdefault((row.post, SCOPE_OF[Post(row.post)].value, row.container.pk), []).append(row)
    found = [vacancy for seat in seats(on) if (vacancy := _vacancy(seat, by_seat.get(seat.key, []), on))]
    return sorted(found, key=lambda vacancy: -vacancy.days)


def _vacancy(seat: Seat, rows: Iterable[Appointment], on: dt.date) -> Vacancy | None:
    """The vacancy of a seat that day, None when somebody holds it."""
    rows = list(rows)
    if any(row.is_live and is_in_force(row, on) for row in rows):
        return None
    past = [r for r in rows if r.is_live and r.valid_to and seat.since < r.valid_to <= on]
    last = max(past, key=lambda row: row.valid_to, default=None)
    since = last.valid_to if last else seat.since
    coming = tuple(r for r in rows if r.state in UNDER_WAY or (r.is_live and r.valid_from > on))
    return Vacancy(seat, (on - since).days, last, coming)


class Vacancies(Framed):
    """职务空缺."""

    title, clause = gettext_lazy("职务空缺"), Clause.C4_1_A
    lead = gettext_lazy(
        "集团的总校长、副书记和成员学校的执行校长，从上一任结束之日或组建、加入之日起计天数。"
    )
    crumb = CRUMB
    columns = (
        Column(gettext_lazy("单位"), "place", "link"),
        Column(gettext_lazy("职务"), "post"),
        Column(gettext_lazy("空缺天数"), "days", "number"),
        Column(gettext_lazy("原因"), "because"),
        Column(gettext_lazy("接任人选"), "coming", "lines"),
    )
    parts_of = (
        (gettext_lazy("总校长"), Post.GROUP_PRESIDENT, gettext_lazy("每个集团都有总校长。")),
        (gettext_lazy("执行校长"), Post.EXECUTIVE_PRINCIPAL, gettext_lazy("每所成员学校都有执行校长。")),
        (gettext_lazy("副书记"), Post.DEPUTY_SECRETARY, gettext_lazy("每个集团都有副书记。")),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = vacancies(self.on(), request.user)
        parts = [
            Part(title, self.columns, [v for v in found if v.seat.post == post], (full, ""), linked=False)
            for title, post, full in self.parts_of
        ]
        return render(
            request, "personnel/vacancies.html", {**self.frame(), "parts": parts, "total": len(found)}
        )
