"""总校长权限清单: every right that each president actually holds, read from the rows and not from the table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from groups.choices import ACTIVE_STATUSES, Authority
from groups.models import EducationGroup, Membership
from kunshan_edu.core import access
from kunshan_edu.core.access import Grant, is_in_force
from kunshan_edu.core.pages.frame import Framed
from personnel.choices import Post
from personnel.models import Appointment
from personnel.views.rights import Held, in_order, may_explain


@dataclass
class Presidency:
    """A group, who presides over it that day, and the rows by which that person may do anything at all."""

    group: EducationGroup
    members: int = 0
    appointment: Appointment | None = None
    rows: list[Grant] = field(default_factory=list)

    @property
    def own(self) -> list[Grant]:
        """The rows that come from this presidency."""
        return [r for r in self.rows if r.source_id == self.appointment.pk and r.delegation_id is None]

    @property
    def other(self) -> list[Held]:
        """Rights of the same person from anything else: another post, a delegation, or by hand."""
        return together([row for row in self.rows if row not in self.own])

    @property
    def held(self) -> list[Held]:
        return together(self.own)

    def cell(self, right: str) -> str:
        """✓ for a right on the group; on members, on how many of them."""
        rows = [row for row in self.own if row.permission.codename == right]
        if not rows:
            return ""
        return "✓" if isinstance(rows[0].content_object, EducationGroup) else f"{len(rows)} / {self.members}"

    def is_whole(self, right: str) -> bool:
        return self.cell(right) in ("✓", f"{self.members} / {self.members}")


def together(rows: list[Grant]) -> list[Held]:
    """Rights with the same terms on several containers as one, with all their places."""
    found: dict[tuple[Any, ...], Held] = {}
    for row in in_order(rows):
        held = Held(row, [])
        found.setdefault(held.terms, held).places.append(row.content_object)
    return list(found.values())


class RightsPresidents(Framed):
    """总校长权限清单 (6.3.b): for the bureau every group, for a president the own one, as of a day, to print."""

    title = _("总校长权限清单")
    lead = _("各集团总校长当日实际持有的每一项权限，逐行读自权限表。")
    clause = "6.3.b"
    crumb = ((_("我能办什么"), "personnel:rights_mine"),)

    def groups(self) -> list[EducationGroup]:
        """Those one may ask about: all that work or have a president, or the one that one presides over today."""
        user = self.request.user
        rows = EducationGroup.objects.visible_to(user)
        if may_explain(user):
            presided = (
                Appointment.objects.in_force(self.on()).filter(post=Post.GROUP_PRESIDENT).values("group")
            )
            return list(rows.filter(status__in=ACTIVE_STATUSES) | rows.filter(pk__in=presided))
        own = Appointment.objects.in_force().filter(post=Post.GROUP_PRESIDENT, person__user=user)
        return list(rows.filter(pk__in=own.values("group")))

    def presidencies(self, groups: list[EducationGroup]) -> list[Presidency]:
        day = self.on()
        members = Counter(
            Membership.objects.in_force(day).filter(group__in=groups).values_list("group", flat=True)
        )
        found = {group.pk: Presidency(group, members[group.pk]) for group in groups}
        held = Appointment.objects.in_force(day).filter(post=Post.GROUP_PRESIDENT, group__in=groups)
        by_user: dict[int, list[Grant]] = {}
        appointments = list(held.select_related("person", "group"))
        for row in access.rows_of(*(a.person.user_id for a in appointments if a.person.user_id)):
            if is_in_force(row, day):
                by_user.setdefault(row.user_id, []).append(row)
        for appointment in appointments:
            presidency = found[appointment.group_id]
            presidency.appointment = appointment
            presidency.rows = by_user.get(appointment.person.user_id, [])
        return list(found.values())

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = self.groups()
        if not groups and not may_explain(request.user):
            raise Http404
        found = self.presidencies(groups)
        shown = {**self.frame(), "presidencies": found, "matrix": matrix([p for p in found if p.appointment])}
        return render(request, "personnel/rights_presidents.html", shown)


def matrix(presidencies: list[Presidency]) -> dict[str, Any]:
    """Rights against groups; a line differs when not every president holds that right, on all members."""
    held = {row.permission.codename for p in presidencies for row in p.own}
    lines = [
        {
            "label": right.label,
            "cells": [(p.group.short_name, p.cell(right.value)) for p in presidencies],
            "differs": not all(p.is_whole(right.value) for p in presidencies),
        }
        for right in Authority
        if right.value in held
    ]
    return {"presidencies": presidencies, "lines": lines, "differing": sum(line["differs"] for line in lines)}
