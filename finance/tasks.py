"""What finance has the worker do: lift steps whose post has fallen vacant, tell of those that wait too long."""

from __future__ import annotations

from celery import shared_task

from finance.actions import escalating, vacancies


@shared_task(name="finance.lift_vacant_steps")
def lift_vacant_steps() -> int:
    """Lift every open step that nobody may decide today; returns how many."""
    steps = vacancies.vacant_steps()
    for step in steps:
        vacancies.lift(step)
    return len(steps)


@shared_task(name="finance.escalate")
def escalate() -> int:
    """Remind of every open step that has waited too long, and tell the superiors; returns how many notices."""
    return escalating.escalate()
