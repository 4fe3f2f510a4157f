"""The rights' configuration: a part of the project, without tables of its own; it may look at every app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "kunshan_edu.rights"
    label = "rights"
    verbose_name = _("权限")
