"""Signing in as somebody of the world, for the tests of pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.world import fresh

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """enter(who) → a client signed in as that person, with rights read anew."""

    def _enter(who: str) -> Client:
        client.force_login(fresh(world.users[who]), backend=BACKEND)
        return client

    return _enter
