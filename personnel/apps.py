"""Configuration of personnel; joining and leaving a group re-derives rights in the same transaction."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonnelConfig(AppConfig):
    name = "personnel"
    verbose_name = _("任职与权限")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("personnel.tasks")  # registers the background jobs in every process

        from groups.models import Membership
        from kunshan_edu.core.changes import follow
        from personnel import grants
        from personnel.models import Appointment, Delegation, Person

        follow(Membership, grants.after_membership)
        follow(Appointment, grants.after_appointment)
        follow(Delegation, grants.after_delegation)
        follow(Person, grants.after_person)
