"""What personnel has the worker do: keep the guardian rows equal to the appointments."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from celery import shared_task

from kunshan_edu.core.denials import _
from kunshan_edu.core.jobs import job
from personnel import actions, grants
from personnel.models import Appointment


@shared_task(name="personnel.sync_grants")
def sync_grants() -> int:
    """Repair drift; in health it changes nothing, since every change of an appointment derives its rights."""
    return actions.rederive()


@job("personnel.rederive")
def rederive(*, by: Any) -> Generator[int, None, str]:
    """重算权限: appointment by appointment, with progress."""
    rows = Appointment.objects.select_related("person", *grants.SCOPE_NAMES)
    yield rows.count()
    grants.tell_unfounded(by=by)
    for row in rows:
        grants.derive([row], by=by)
        yield 1
    grants.remove_unfounded(by=by)
    return _("权限已按现有任职重新核对，没有出入的不作改动。")
