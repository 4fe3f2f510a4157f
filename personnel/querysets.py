"""Named reads of appointments: in force, of a person, in a post, and the rights that one confers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from groups.models import School
from groups.querysets import Dated
from kunshan_edu.core.access import Grant, grant_model, in_force

SCOPES = ("group", "school", "district", "bureau")


class People(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """Names and posts of officials are public in the house; who has no account sees nothing."""
        return self.all() if getattr(user, "is_active", False) else self.none()


class Appointments(Dated):
    def visible_to(self, user: Any) -> Any:
        return self.all() if getattr(user, "is_active", False) else self.none()

    def of_group(self, group: Any) -> Any:
        """Appointments to the group itself."""
        return self.filter(group=group)

    def of_user(self, user: Any) -> Any:
        """The posts of the person behind an account, with their groups and schools."""
        return self.filter(person__user=user).select_related("person", *SCOPES)


def rights_from(appointment: Any, on: dt.date | None = None) -> list[Grant]:
    """The guardian rows that an appointment confers on a day: its own container's, and the member schools'."""
    found: list[Grant] = []
    for container in dict.fromkeys((type(appointment.container), School)):
        rows = grant_model(container).objects.filter(in_force(on), source_id=appointment.pk)
        found += rows.select_related("permission", "content_object").order_by("permission", "content_object")
    return found
