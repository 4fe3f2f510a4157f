"""Named reads of core: the audit trail, notifications, jobs."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Max

# The right to read the audit trail, under the name that groups.choices.Authority gives it.
VIEW_AUDIT = "view_audit"


class AuditEvents(models.QuerySet):
    def visible_to(self, user: Any) -> AuditEvents:
        """All of it for whoever holds the right on the bureau today, nothing for everybody else."""
        from kunshan_edu.core.access import rights_of

        may = any(right.permission == VIEW_AUDIT for right in rights_of(user).rows)
        return self.select_related("actor") if may else self.none()

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
