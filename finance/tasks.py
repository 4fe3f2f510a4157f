"""What finance has the worker do: lift steps whose post has fallen vacant."""

from __future__ import annotations

from celery import shared_task

from finance.actions import vacancies


@shared_task(name="finance.lift_vacant_steps")
def lift_vacant_steps() -> int:
    """Lift every open step that nobody may decide today; returns how many."""
    steps = vacancies.vacant_steps()
    for step in steps:
        vacancies.lift(step)
    return len(steps)
