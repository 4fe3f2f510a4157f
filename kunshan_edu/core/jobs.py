"""Background jobs: a generator yields how many things there are, then 1 after each (or n at once), and says its end."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Generator
from typing import Any

from django.db import connection, transaction

from kunshan_edu.core import clock, inbox
from kunshan_edu.core.denials import Denied, _
from kunshan_edu.core.models import Job, JobState, User

log = logging.getLogger(__name__)
# How a job ended: a sentence, or a sentence with %(name)s places and what fills them.
Said = str | tuple[str, dict[str, Any]]
Work = Generator[int, None, Said]
_known: dict[str, Callable[..., Work]] = {}
# How long a job may be silent before it counts as lost with its worker or the broker, and is run again.
SILENCE = dt.timedelta(minutes=2)
# Progress is written at most this often (seconds): a bar needs no more, and the work stays fast.
BEAT = 0.5


def job(name: str) -> Callable[[Callable[..., Work]], Callable[..., Work]]:
    """Register a generator function `(by, **arguments)` as the work of jobs called `name`.

    It can be run again without harm: a worker that dies in the middle leaves a job that starts anew.
    """

    def register(work: Callable[..., Work]) -> Callable[..., Work]:
        _known[name] = work
        return work

    return register


def known() -> frozenset[str]:
    """The names of all jobs that somebody registered."""
    return frozenset(_known)


def start(name: str, *, by: User | None, page: str = "", **arguments: Any) -> Job:
    """Queue a job; it is sent to a worker when the transaction commits. KeyError for a name nobody registered.

    page: the address where its result is shown, if it has one of its own.
    """
    _known[name]
    row = Job.objects.create(name=name, by=by, page=page, arguments=arguments)
    transaction.on_commit(lambda: send(row))
    return row


def send(row: Job) -> None:
    """Hand a job to a worker; when the broker is away it stays queued and `pick_up` sends it later."""
    from kunshan_edu.core.tasks import run_job

    try:
        run_job.delay(row.pk)
    except run_job.OperationalError:
        log.warning("the broker is away; job %s stays queued", row.pk)


def pick_up() -> int:
    """Send the jobs again that nobody has worked on for a while; returns how many."""
    lost = Job.objects.stalled(clock.now() - SILENCE)
    for row in lost:
        send(row)
    return len(lost)


def _claim(pk: int) -> Job | None:
    """The job, marked running by this worker; None when it is finished or another worker is at it."""
    with transaction.atomic():
        row = Job.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None or row.state in (JobState.DONE, JobState.FAILED):
            return None
        at_work = row.state == JobState.RUNNING and row.beat_at and row.beat_at > clock.now() - SILENCE
        if at_work:
            return None
        row.state, row.done, row.total, row.beat_at = JobState.RUNNING, 0, 0, clock.now()
        row.save(update_fields=["state", "done", "total", "beat_at"])
        return row


class _Beat:
    """A job's progress, written on a connection of its own: seen while the work's own transaction is still open."""

    def __init__(self, row: Job) -> None:
        self.row, self.own, self.written = row, connection.copy(), 0.0

    def tell(self) -> None:
        if time.monotonic() - self.written < BEAT:
            return
        self.row.beat_at, self.written = clock.now(), time.monotonic()
        with self.own.cursor() as cursor:
            cursor.execute(
                "UPDATE core_job SET done = %s, total = %s, beat_at = %s WHERE id = %s",
                [self.row.done, self.row.total, self.row.beat_at, self.row.pk],
            )

    def end(self) -> None:
        self.own.close()


def _advance(row: Job, work: Work) -> Said:
    """Drive the generator, writing progress now and then; returns its sentence."""
    beat = _Beat(row)
    try:
        row.total = next(work)
        while True:
            beat.tell()
            row.done += next(work)
    except StopIteration as end:
        return end.value or ""
    finally:
        beat.end()


@transaction.atomic
def _finish(row: Job, state: JobState, *, outcome: Said = "", failure: str = "") -> None:
    """The end of a job and the word of it in the inbox, in one transaction: never the one without the other."""
    text, params = (outcome, {}) if isinstance(outcome, str) else outcome
    row.state, row.outcome, row.outcome_params, row.failure = state, text[:500], params, failure
    row.finished_at = clock.now()
    row.save(update_fields=["state", "outcome", "outcome_params", "failure", "finished_at", "done", "total"])
    if row.by:
        told = text if state == JobState.DONE and text else FAILED_TEXT
        inbox.tell([row.by], told[:300], url=row.page or row.get_absolute_url(), params=params)


FAILED_TEXT = _("后台任务没有完成，数据没有改动一半；可以打开任务页面查看原因并重新运行。")
FAULT_TEXT = _("系统处理时出错，已记入日志；请重新运行，仍不成功请联系信息中心。")


def run(pk: int) -> None:
    """Do a job: once, with progress, and with a sentence or a reason at its end."""
    row = _claim(pk)
    if row is None:
        return
    try:
        outcome = _advance(row, _known[row.name](by=row.by, **row.arguments))
    except Denied as refusal:
        _finish(row, JobState.FAILED, failure=str(refusal.denial))
    except Exception:
        log.exception("job %s (%s) failed", row.pk, row.name)
        _finish(row, JobState.FAILED, failure=FAULT_TEXT)
    else:
        _finish(row, JobState.DONE, outcome=outcome)


def again(row: Job) -> Job:
    """Run a job again from its beginning."""
    Job.objects.filter(pk=row.pk).update(
        state=JobState.QUEUED, done=0, total=0, failure="", outcome="", finished_at=None, beat_at=None
    )
    transaction.on_commit(lambda: send(row))
    row.refresh_from_db()
    return row
