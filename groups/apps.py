"""Configuration of the register of groups and schools."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    name = "groups"
    verbose_name = _("集团与学校")
    default_auto_field = "django.db.models.BigAutoField"
