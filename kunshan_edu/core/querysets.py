"""Named reads of core: the audit trail, notifications, jobs, days off, imports of sheets."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Max

# The right to read the audit trail, under the name that groups.choices.Authority gives it.
VIEW_AUDIT = "view_audit"


def may_read_audit(user: Any) -> bool:
    """Does a post of the person let them read the audit trail today?"""
    from kunshan_edu.core.access import rights_of

    return any(right.permission == VIEW_AUDIT for right in rights_of(user).rows)


class AuditEvents(models.QuerySet):
    def visible_to(self, user: Any) -> AuditEvents:
        """All of it for whoever holds the right on the bureau today, nothing for everybody else."""
        return self.select_related("actor") if may_read_audit(user) else self.none()

    def of(self, row: models.Model) -> AuditEvents:
        """The history of one object, newest first."""
        return self.filter(model=row._meta.label_lower, object_id=row.pk)

    def unsealed(self) -> AuditEvents:
        from kunshan_edu.core.models import AuditSeal

        last = AuditSeal.objects.aggregate(last=Max("last_event"))["last"] or 0
        return self.filter(id__gt=last).order_by("id")


class Notifications(models.QuerySet):
    def visible_to(self, user: Any) -> Notifications:
        return self.filter(user=user)

    def unread(self) -> Notifications:
        return self.filter(read_at__isnull=True)


class Jobs(models.QuerySet):
    def visible_to(self, user: Any) -> Jobs:
        """Everybody sees the jobs they started."""
        return self.filter(by=user)

    def stalled(self, before: Any) -> Jobs:
        """Jobs that no worker has touched since `before`: lost with a broker or a worker, to be run again."""
        return self.filter(state__in=["queued", "running"]).filter(
            models.Q(beat_at__lt=before) | models.Q(beat_at__isnull=True, created_at__lt=before)
        )


class CalendarDays(models.QuerySet):
    def visible_to(self, user: Any) -> CalendarDays:
        """Public facts: everybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def between(self, first: Any, last: Any) -> CalendarDays:
        """The arrangements of the days from the first to the last, both included."""
        return self.filter(day__gte=first, day__lte=last)


class SheetImports(models.QuerySet):
    def visible_to(self, user: Any) -> SheetImports:
        """Everybody sees what they uploaded: the files hold other people's data."""
        return self.filter(by=user)
