"""What runs with nobody at a door: tasks change nothing in health, jobs ask again of whoever began them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import transaction

from kunshan_edu.celery import app as celery
from kunshan_edu.core import jobs
from kunshan_edu.core.denials import Denied
from kunshan_edu.rights.proof.cells import Report
from kunshan_edu.rights.proof.crawl import Found
from kunshan_edu.rights.proof.things.files import CODES
from kunshan_edu.rights.proof.visits import Visits
from kunshan_edu.rights.proof.walks import Walker

# What a task writes even in health: it seals what was not sealed yet.
SEALS = {"core.seal_audit": {"core_auditseal"}}
# A walk of its own: a job goes through no address.
WAY = "任务"


def _job(name: str, **arguments: Any) -> Callable[[], Any]:
    """A job from beginning to end, as a worker does it; a refusal leaves nothing behind."""

    def work() -> None:
        with suppress(Denied), transaction.atomic():
            list(jobs._known[name](**arguments))

    return work


def _deeds() -> dict[Found, Callable[[], Any]]:
    """Every task, and the job that derives rights anew."""
    celery.loader.import_default_modules()
    tasks = [task for name, task in celery.tasks.items() if not name.startswith("celery.")]
    deeds: dict[Found, Any] = {Found("task", task.name): task.run for task in tasks}
    deeds[Found("task", "core.run_job")] = partial(jobs.run, 0)  # of a job that is none
    deeds[Found("job", "personnel.rederive")] = _job("personnel.rederive", by=None)
    return deeds


def by_machine(walker: Walker) -> Report:
    """In health no task of the worker changes a thing, nor does the job that derives rights."""
    visits, report = Visits(watch=walker.watch), Report("L1c")
    for door, run in _deeds().items():
        changed = visits.within(run) - SEALS.get(door.name, set())
        walker.tally.through(door, True)
        report.looked += 1
        if changed:
            report.wrong.append(f"{door} changed {', '.join(sorted(changed))}")
    return report


def by_job(walker: Walker) -> Report:
    """An upload is read and written by jobs, which ask again: the right of who uploaded it may have ended since."""
    visits = Visits(watch=walker.watch)
    for thing in walker.scene.of("sheet_import"):
        visitor = walker.visitors[thing.row.by.username]
        visits.within(_job("core.check_sheet", by=visitor.user, pk=thing.pk))
        walker.tally.through(Found("job", "core.check_sheet"), True)
        changed = visits.within(_job("core.import_sheet", by=visitor.user, pk=thing.pk))
        walker.door = Found("job", "core.import_sheet")
        walker.compare(CODES[thing.more["sheet"]], WAY, thing, visitor, bool(changed))
    return Report("L2")
