"""Configuration of finance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = _("专项经费")
    default_auto_field = "django.db.models.BigAutoField"
