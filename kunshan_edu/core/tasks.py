"""What core has the worker do: run jobs, pick up lost ones, seal the audit trail."""

from __future__ import annotations

from celery import shared_task

from kunshan_edu.core import jobs, seals


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
