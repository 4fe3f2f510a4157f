"""Core's configuration: after every migration the application's role loses what it must not do."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "kunshan_edu.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kunshan_edu.core.roles import narrow_application_role

        post_migrate.connect(narrow_application_role, sender=self)
