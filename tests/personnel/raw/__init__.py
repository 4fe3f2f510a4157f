"""Raw writes that the database must refuse by name, the rules in Python set aside; run by test_models.py.

Each module is about some nouns and keeps its cases in `refuses`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from tests.finance.raw import Refuses

__all__ = ["Refuses", "every_case"]


def every_case() -> list[Any]:
    """The cases of every module here."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [case for name in names for case in import_module(f"{__name__}.{name}").refuses.cases]
