"""Named reads of the register: what is in force on a day, whose member a school is, who heads what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from groups.choices import Seat
from kunshan_edu.core import clock
from kunshan_edu.core.access import in_force


def _holder(scope: str, seat: Seat, on: dt.date | None, outer: str = "pk") -> Subquery:
    """The name of the person in a seat of a school or group that day; NULL is a vacancy. outer: the row's key of it."""
    container = apps.get_model("groups", {"school": "School", "group": "EducationGroup"}[scope])
    posts = container.appointments.rel.related_model.objects.in_force(on)
    return Subquery(posts.filter(**{scope: OuterRef(outer)}, post=seat).values("person__name")[:1])


class Dated(models.QuerySet):
    """Rows with a half-open period."""

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.filter(in_force(on))


class Register(models.QuerySet):
    """The register is public: every signed-in person reads it whole."""

    def visible_to(self, user: Any) -> Any:
        return self.all() if getattr(user, "is_active", False) else self.none()


class DatedRegister(Dated, Register):
    """Dated rows of the public register of groups and schools."""


class Memberships(DatedRegister):
    def with_principal(self, on: dt.date | None = None) -> Any:
        """`principal`: the executive principal of the school that day (4.1.k)."""
        return self.annotate(principal=_holder("school", Seat.EXECUTIVE_PRINCIPAL, on, "school_id"))


class Districts(Register):
    def with_schools(self, on: dt.date | None = None) -> Any:
        """`schools`: how many open schools the district's treasury secures that day."""
        open_schools = apps.get_model("groups", "School").objects.open(on)
        affiliations = apps.get_model("groups", "SchoolAffiliation").objects.in_force(on)
        secured = affiliations.filter(district=OuterRef("pk"), school__in=open_schools).order_by()
        counted = secured.values("district").annotate(n=Count("pk")).values("n")
        return self.annotate(schools=Coalesce(Subquery(counted), 0))


class Schools(Register):
    def open(self, on: dt.date | None = None) -> Any:
        day = on or clock.today()
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)

    def members_of(self, group: Any, on: dt.date | None = None) -> Any:
        """The member schools of a group on a day, lead school first."""
        current = self.model.memberships.rel.related_model.objects.in_force(on).filter(group=group)
        role = current.filter(school=OuterRef("pk")).values("role")[:1]
        return (
            self.filter(pk__in=current.values("school"))
            .annotate(role=Subquery(role))
            .order_by("role", "position", "pk")
        )

    def with_place(self, on: dt.date | None = None) -> Any:
        """`level` and `district_name` of the affiliation, `group_name`, `group_pk` and `principal`, that day."""
        affiliation, membership = (
            relation.rel.related_model.objects.in_force(on).filter(school=OuterRef("pk"))
            for relation in (self.model.affiliations, self.model.memberships)
        )
        return self.annotate(
            level=Subquery(affiliation.values("level")[:1]),
            district_name=Subquery(affiliation.values("district__name")[:1]),
            group_name=Subquery(membership.values("group__short_name")[:1]),
            group_pk=Subquery(membership.values("group")[:1]),
            principal=_holder("school", Seat.EXECUTIVE_PRINCIPAL, on),
        )


class EducationGroups(Register):
    def founded(self, on: dt.date | None = None) -> Any:
        """Those that there were that day, at work or not."""
        return self.filter(founded_on__lte=on or clock.today())

    def of_school(self, school: Any, on: dt.date | None = None) -> Any:
        """The group a school belongs to on a day, as a queryset of none or one."""
        current = self.model.memberships.rel.related_model.objects.in_force(on).filter(school=school)
        return self.filter(pk__in=current.values("group"))

    def with_heads(self, on: dt.date | None = None) -> Any:
        """`president`, `deputy`, the `lead` school's short name and the number of `members`, that day."""
        current = self.model.memberships.rel.related_model.objects.in_force(on).filter(group=OuterRef("pk"))
        counted = current.order_by().values("group").annotate(n=Count("pk")).values("n")
        return self.annotate(
            president=_holder("group", Seat.GROUP_PRESIDENT, on),
            deputy=_holder("group", Seat.DEPUTY_SECRETARY, on),
            lead=Subquery(current.filter(role="lead").values("school__short_name")[:1]),
            members=Coalesce(Subquery(counted), 0),
        )
