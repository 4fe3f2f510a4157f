"""The home page of each role, and what the shell of every page shows: navigation, counts, who one is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kunshan_edu.core.models import Notification


def shell(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs on every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "tabbar": [], "unread": 0, "me": {}, "demo_accounts": []}
    return {"nav": [], "tabbar": [], "unread": Notification.objects.visible_to(user).unread().count(),
            "me": {"name": user.name, "capacity": ""}, "demo_accounts": []}


def home(request: HttpRequest) -> HttpResponse:
    """首页."""
    return render(request, "home.html")
