"""The public register in the reading room of the system administrator."""

from __future__ import annotations

from django.contrib import admin

from groups.models import Bureau, District, EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core.admin import ReadOnlyAdmin


@admin.register(Bureau)
class BureauAdmin(ReadOnlyAdmin):
    """教育局."""

    list_display = fields = ("name",)


@admin.register(District)
class DistrictAdmin(ReadOnlyAdmin):
    """区镇."""

    list_display = fields = ("name", "code", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)


@admin.register(School)
class SchoolAdmin(ReadOnlyAdmin):
    """学校."""

    list_display = ("name", "identifier", "stage", "ownership", "opened_on", "closed_on")
    list_filter = ("stage", "ownership")
    search_fields = ("name", "short_name", "identifier")
    fields = (
        "name",
        "short_name",
        "identifier",
        "credit_code",
        "stage",
        "ownership",
        "legal_person_type",
        "feature",
        "opened_on",
        "closed_on",
    )


@admin.register(SchoolAffiliation)
class SchoolAffiliationAdmin(ReadOnlyAdmin):
    """隶属关系."""

    list_display = fields = ("school", "level", "district", "document", "valid_from", "valid_to")
    list_filter = ("level",)
    list_select_related = ("school", "district")
    search_fields = ("school__name",)


@admin.register(EducationGroup)
class EducationGroupAdmin(ReadOnlyAdmin):
    """教育集团."""

    list_display = ("name", "code", "model_type", "batch", "status", "founded_on")
    list_filter = ("status", "model_type")
    search_fields = ("name", "code")
    fields = (
        "name",
        "short_name",
        "code",
        "model_type",
        "batch",
        "status",
        "founded_on",
        "founding_document",
        "decision",
    )


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """成员关系."""

    list_display = ("school", "group", "role", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("school", "group")
    search_fields = ("school__name", "group__name")
    fields = ("school", "group", "role", "valid_from", "valid_to", "join_document", "leave_document")
