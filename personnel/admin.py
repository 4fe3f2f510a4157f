"""Appointments in the reading room of the system administrator: what is public, no number or phone of anybody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from kunshan_edu.core.admin import ReadOnlyAdmin
from personnel.models import Appointment
from personnel.querysets import SCOPES


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """任职."""

    list_display = ("person", "post", "place", "state", "valid_from", "valid_to")
    list_filter = ("post", "state")
    list_select_related = ("person", *SCOPES)
    search_fields = ("person__name", "document")
    fields = (
        "person",
        "post",
        *SCOPES,
        "state",
        "method",
        "document",
        "valid_from",
        "valid_to",
        "term_end",
        "end_document",
    )

    @admin.display(description=Appointment._meta.get_field("school").verbose_name)
    def place(self, row: Appointment) -> Any:
        return row.container
