"""Deny-all: every right, every rule and every sight is made to say no, each in its one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.apps import apps

from kunshan_edu.core import access, admin
from kunshan_edu.core.access import Rights, grant_model
from kunshan_edu.core.denials import FORBIDDEN, Denial
from kunshan_edu.rights.decide import decide
from kunshan_edu.rights.facts import Verdict
from kunshan_edu.rights.proof.spy import everywhere, rule_functions

NO = Denial("denied_for_proof", "Refused for the sake of the proof.", status=FORBIDDEN)


def _no(*_: Any, **__: Any) -> Denial:
    return NO


def _nothing(_permission: Any, model: Any, *_: Any, **__: Any) -> Any:
    return grant_model(model)._default_manager.none()


def _no_rows(_user: Any, _permission: Any, model: Any, *_: Any, **__: Any) -> Any:
    return model._default_manager.none()


def _nobody(*_: Any, **__: Any) -> Any:
    return apps.get_model("core", "User")._default_manager.none()


def _readers() -> Iterator[type]:
    """Every queryset class that says for itself what is visible to whom."""
    for model in apps.get_models():
        for manager in model._meta.managers:
            for kind in type(manager.get_queryset()).__mro__:
                if "visible_to" in vars(kind):
                    yield kind


@contextmanager
def denied() -> Iterator[None]:
    """Every right, every rule and every sight says no, each in its one place."""
    substitutes = {
        access.grants: _nothing,
        access.rights_of: lambda *_, **__: Rights(()),
        access.standing: lambda *_, **__: None,
        access.has: lambda *_, **__: False,
        access.objects_for: _no_rows,
        access.holders: _nobody,
        admin.is_administrator: lambda *_: False,
        decide: lambda *_: Verdict(False, None, "denied_for_proof", str(NO.message)),
        **dict.fromkeys(rule_functions(), _no),
    }
    with ExitStack() as stack:
        for kind in set(_readers()):
            stack.enter_context(mock.patch.object(kind, "visible_to", lambda rows, _user: rows.none()))
        stack.enter_context(everywhere(substitutes))
        yield
