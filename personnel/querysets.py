"""Named reads of appointments: in force, of a person, visible to whom."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from groups.querysets import Dated


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

    def touching(self, group: Any, school: Any) -> Any:
        """Appointments whose rights a membership of `school` in `group` concerns."""
        return self.filter(Q(group=group) | Q(school=school))
