"""系统管理: Django's admin as a reading room for the system administrator; nothing is changed there."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.models import Job, User

Answer = Callable[..., HttpResponseBase]


def is_administrator(user: Any) -> bool:
    """Accounts that keep the system (domain role ADM): a flag that opens this room and confers no right."""
    return user.is_active and (user.is_staff or user.is_superuser)


class ReadingRoom(admin.AdminSite):
    """The one admin site. Whoever has not its flag gets 404, as for a page that does not exist."""

    site_header = site_title = _("系统管理（只读）")
    index_title = _("登记册")
    index_template = "core/admin_index.html"  # admin/base_site.html leads back to our own pages
    enable_nav_sidebar = False
    final_catch_all_view = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what is read-only: what a package would register by itself, changeable, is left out."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def admin_view(self, view: Answer, cacheable: bool = False) -> Answer:  # type: ignore[override]
        guarded = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(answer, view)

    def get_urls(self) -> list[Any]:
        """The list of registers and each register; no sign-in, sign-out or password form beside our own."""
        found: list[Any] = [path("", self.admin_view(self.index), name="index")]
        for model, register in self._registry.items():
            base = f"{model._meta.app_label}/{model._meta.model_name}/"
            found += [path(base + str(url.pattern), url.callback, name=url.name) for url in register.urls]
        return [*found, path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list")]


class ReadOnlyAdmin(admin.ModelAdmin):
    """A register to look at: `list_display` in the list, `fields` of one row, and not a column more."""

    actions = None
    list_per_page = 50
    change_form_template = "core/admin_row.html"
    view_on_site = False

    def get_urls(self) -> list[URLPattern]:
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name=f"{label}_changelist"),
            path("<int:object_id>/", wrap(self._row_view), name=f"{label}_change"),
        ]

    def _row_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return self.change_view(request, str(object_id))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that are shown: an address must not ask of a hidden column what it begins with."""
        return lookup.split("__")[0] in self.list_filter

    @property
    def media(self) -> forms.Media:
        return forms.Media()  # nothing is typed here, so no script is needed


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts, without their passwords."""

    list_display = ("username", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name")
    ordering = ("username",)
    fields = (
        "username",
        "name",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
        "date_joined",
        "last_login",
    )


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background jobs of everybody: how far, and how they ended; what they were about may be personal."""

    list_display = ("id", "name", "by", "state", "done", "total", "created_at", "finished_at")
    list_filter = ("state", "name")
    list_select_related = ("by",)
    fields = ("name", "by", "state", "done", "total", "created_at", "beat_at", "finished_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return Job.objects.all()
