"""What core has the worker do: run jobs, pick up lost ones, seal the audit trail, delete what is kept for a time."""

from __future__ import annotations

from celery import shared_task

from kunshan_edu.core import files, jobs, seals
from kunshan_edu.core.sheets import imports


@shared_task(name="core.run_job", acks_late=True)
def run_job(pk: int) -> None:
    jobs.run(pk)


@shared_task(name="core.pick_up_jobs")
def pick_up_jobs() -> int:
    return jobs.pick_up()


@shared_task(name="core.seal_audit")
def seal_audit() -> int:
    link = seals.seal()
    return link.events if link else 0


@shared_task(name="core.discard_files")
def discard_files() -> int:
    """The contents of spreadsheets of people whose time is over, and what their dry runs quoted."""
    imports.forget()
    return files.discard()
