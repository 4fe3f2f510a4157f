"""Core's configuration: after every migration the application's role loses what it must not do; the admin site."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "kunshan_edu.core"
    label = "core"
    verbose_name = _("系统")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("kunshan_edu.core.sheets.imports")  # registers the background jobs in every process

        from kunshan_edu.core.roles import narrow_application_role

        post_migrate.connect(narrow_application_role, sender=self)


class ReadingRoomConfig(admin.AdminConfig):
    """Django's admin with our site, on which nothing can be changed."""

    default = False  # CoreConfig is what "kunshan_edu.core" means
    default_site = "kunshan_edu.core.admin.ReadingRoom"

    def ready(self) -> None:
        import_module("kunshan_edu.core.admin")  # first: the module of the site has registers of its own
        super().ready()
