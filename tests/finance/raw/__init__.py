"""Raw writes that the database must refuse by name, the rules in Python set aside; run by test_models.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


class Refuses:
    """Collects cases: each prepares the world and returns the raw write that is refused by the name given."""

    def __init__(self) -> None:
        self.cases: list[Any] = []

    def __call__(self, name: str) -> Callable[..., Any]:
        def keep(prepare: Callable[..., Any]) -> Callable[..., Any]:
            self.cases.append(pytest.param(name, prepare, id=f"{name}-{prepare.__name__}"))
            return prepare

        return keep
