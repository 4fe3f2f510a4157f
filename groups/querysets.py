"""Named reads of the register: what is in force on a day, whose member a school is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from kunshan_edu.core import clock
from kunshan_edu.core.access import in_force


class Dated(models.QuerySet):
    """Rows with a half-open period."""

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.filter(in_force(on))


class Register(models.QuerySet):
    """The register is public: every signed-in person reads it whole."""

    def visible_to(self, user: Any) -> Any:
        return self.all() if getattr(user, "is_active", False) else self.none()


class Districts(Register):
    pass


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


class EducationGroups(Register):
    def active(self) -> Any:
        return self.exclude(status__in=["preparing", "dissolved"])

    def of_school(self, school: Any, on: dt.date | None = None) -> Any:
        """The group a school belongs to on a day, as a queryset of none or one."""
        current = self.model.memberships.rel.related_model.objects.in_force(on).filter(school=school)
        return self.filter(pk__in=current.values("group"))
