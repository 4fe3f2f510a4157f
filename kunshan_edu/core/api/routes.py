"""Addresses of the API: the nouns of every app under one root, and the tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import path
from rest_framework.routers import DefaultRouter

from kunshan_edu.core.api.nouns import Noun
from kunshan_edu.core.api.tokens import Tokens


class Router(DefaultRouter):
    """One address per resource: the format is negotiated, never a suffix."""

    include_format_suffixes = False


def routes(*apps: Iterable[tuple[str, type[Noun]]]) -> list[Any]:
    """The addresses of all endpoints, for the project's urls."""
    router = Router(use_regex_path=False)
    for endpoints in apps:
        for plural, endpoint in endpoints:
            router.register(plural, endpoint, basename=plural)
    tokens = path("tokens/", Tokens.as_view({"post": "create", "delete": "revoke"}), name="tokens")
    return [tokens, *router.urls]
