"""Background jobs on a real Celery worker and broker: progress, failures, a killed worker, running twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from groups.models import GroupGrant, SchoolGrant
from kunshan_edu.core import clock, inbox, jobs, tasks
from kunshan_edu.core.models import Job, JobState, Notification
from personnel.models import Appointment
from tests.core import slow_jobs

ROOT = Path(__file__).resolve().parent.parent.parent
BACKEND = "django.contrib.auth.backends.ModelBackend"
PATIENCE = 60


class Worker:
    """A Celery worker of its own process on a queue of its own, as `manage.py serve` starts one."""

    def __init__(self, queue: str) -> None:
        command = [sys.executable, "-m", "celery", "-A", "kunshan_edu", "worker", "--pool=solo", "-Q", queue]
        command += [
            "--loglevel=WARNING",
            "--include=tests.core.slow_jobs",
            "--without-gossip",
            "--without-mingle",
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ.copy(), stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def start_worker(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Worker]]:
    """Starts workers; the jobs of this test go to no other test's worker."""
    queue = f"tests-{uuid.uuid4().hex}"
    monkeypatch.setattr(tasks.run_job, "queue", queue, raising=False)
    monkeypatch.setattr(tasks.run_job, "_exec_options", None, raising=False)
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(queue))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
    tasks.run_job._exec_options = None


def wait_for(row: Job, reached: Callable[[Job], bool]) -> list[tuple[str, int, int]]:
    """Watch a job until it has got so far; what was seen of it on the way."""
    seen: list[tuple[str, int, int]] = []
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        row.refresh_from_db()
        if not seen or seen[-1] != (row.state, row.done, row.total):
            seen.append((row.state, row.done, row.total))
        if reached(row):
            return seen
        time.sleep(0.05)
    raise AssertionError(f"{row} got no further than {seen}")


def ended(row: Job) -> bool:
    return row.finished_at is not None


def silent_for_long(row: Job) -> None:
    Job.objects.filter(pk=row.pk).update(beat_at=clock.now() - 2 * jobs.SILENCE)


def test_a_worker_does_a_job_with_progress_and_tells(world: Any, start_worker: Any) -> None:
    start_worker()
    row = jobs.start("tests.count", by=world.users["personnel"], things=6, pause=0.6)
    seen = wait_for(row, ended)
    assert row.state == JobState.DONE
    assert (row.done, row.total, row.outcome, row.failure) == (6, 6, slow_jobs.SENTENCE, "")
    under_way = [done for state, done, total in seen if state == JobState.RUNNING and total == 6]
    assert len(set(under_way)) >= 3
    assert under_way == sorted(under_way)
    told = Notification.objects.get(user=world.users["personnel"], url=row.get_absolute_url())
    assert told.text == slow_jobs.SENTENCE


def test_progress_is_seen_while_the_one_transaction_of_the_work_is_open(
    world: Any, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int, bool]] = []
    text = "写在同一个事务里。"

    def work(*, by: Any) -> Any:
        yield 3
        with transaction.atomic():
            inbox.tell([by], text)
            for _ in range(3):
                yield 1
                job = Job.objects.using("owner").get()
                seen.append(
                    (job.done, job.total, Notification.objects.using("owner").filter(text=text).exists())
                )
        return "共 %(n)s 件。", {"n": 3}

    monkeypatch.setitem(jobs._known, "tests.one_transaction", work)
    monkeypatch.setattr(jobs, "BEAT", 0.0)
    row = Job.objects.create(
        name="tests.one_transaction", by=world.users["personnel"], page="/notifications/"
    )
    jobs.run(row.pk)
    assert seen == [(1, 3, False), (2, 3, False), (3, 3, False)]
    assert str(Notification.objects.get(url="/notifications/")) == "共 3 件。"
    assert Notification.objects.filter(text=text).exists()


def test_a_refusal_and_a_fault_end_in_a_text_for_people(world: Any, start_worker: Any) -> None:
    start_worker()
    refused, broken = (
        jobs.start(f"tests.{name}", by=world.users["personnel"]) for name in ("refuse", "break")
    )
    for row in (refused, broken):
        wait_for(row, ended)
        assert row.state == JobState.FAILED
    assert (refused.failure, refused.done, refused.total) == (slow_jobs.REFUSAL, 2, 3)
    assert broken.failure == jobs.FAULT_TEXT
    assert "RuntimeError" not in broken.failure
    for row in (refused, broken):
        assert Notification.objects.get(url=row.get_absolute_url()).text == jobs.FAILED_TEXT


def test_a_killed_worker_s_job_is_picked_up_and_done(world: Any, start_worker: Any) -> None:
    first = start_worker()
    row = jobs.start("tests.count", by=world.users["personnel"], things=40, pause=0.25)
    wait_for(row, lambda job: job.state == JobState.RUNNING and job.done >= 2)
    first.kill()
    assert jobs.pick_up() == 0, "a job that was heard of lately is not lost"
    silent_for_long(row)
    Job.objects.filter(pk=row.pk).update(arguments={"things": 4, "pause": 0.0})
    assert jobs.pick_up() == 1
    start_worker()
    wait_for(row, ended)
    assert (row.state, row.done, row.total) == (JobState.DONE, 4, 4)
    assert Notification.objects.filter(url=row.get_absolute_url()).count() == 1


def test_a_job_queued_while_the_broker_is_away_is_picked_up(
    world: Any, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise tasks.run_job.OperationalError

    monkeypatch.setattr(tasks.run_job, "delay", away)
    row = jobs.start("tests.tell", by=world.users["personnel"])
    assert row.state == JobState.QUEUED
    sent: list[int] = []
    monkeypatch.setattr(tasks.run_job, "delay", sent.append)
    assert jobs.pick_up() == 0
    Job.objects.filter(pk=row.pk).update(created_at=clock.now() - 2 * jobs.SILENCE)
    assert jobs.pick_up() == 1
    assert sent == [row.pk]


def test_a_message_that_comes_twice_does_the_job_once(world: Any, own_database: str) -> None:
    row = Job.objects.create(name="tests.tell", by=world.users["personnel"])
    threads = [threading.Thread(target=_run_and_close, args=(row.pk,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.done) == (JobState.DONE, 1)
    assert Notification.objects.filter(text="示例任务运行了一次。").count() == 1


def _run_and_close(pk: int) -> None:
    try:
        jobs.run(pk)
    finally:
        connection.close()


@pytest.mark.django_db
def test_rederiving_twice_changes_nothing(world: Any) -> None:
    held = [list(model.objects.order_by("pk").values()) for model in (GroupGrant, SchoolGrant)]
    for _ in range(2):
        row = Job.objects.create(name="personnel.rederive", by=world.users["personnel"])
        jobs.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.done) == (JobState.DONE, Appointment.objects.count())
    assert [list(model.objects.order_by("pk").values()) for model in (GroupGrant, SchoolGrant)] == held


@pytest.mark.django_db
def test_nobody_starts_a_job_that_nobody_wrote(world: Any) -> None:
    with pytest.raises(KeyError):
        jobs.start("tests.nothing", by=world.users["personnel"])
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_page_polls_until_the_end_and_runs_it_again(
    world: Any, client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", lambda row: sent.append(row.pk))
    user = world.users["personnel"]
    row = Job.objects.create(
        name="tests.count", by=user, arguments={"things": 2}, state="running", done=1, total=2
    )
    client.force_login(user, backend=BACKEND)
    address, again = row.get_absolute_url(), reverse("core:job_again", args=[row.pk])
    body = client.get(address).content.decode()
    assert 'hx-trigger="every 1s"' in body
    assert 'max="100" value="50"' in body
    assert "重新运行" not in body
    client.post(again, {"idem": str(uuid.uuid4())})
    row.refresh_from_db()
    assert (row.state, row.done) == ("running", 1), "a job under way is left alone"
    jobs._finish(row, JobState.FAILED, failure=jobs.FAULT_TEXT)
    body = client.get(address).content.decode()
    assert "hx-trigger" not in body
    assert jobs.FAULT_TEXT in body
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(again, {"idem": str(uuid.uuid4())})
    assert (answer.status_code, answer["Location"], sent) == (303, address, [row.pk])
    row.refresh_from_db()
    assert (row.state, row.failure, row.finished_at) == ("queued", "", None)
    jobs.run(row.pk)
    assert slow_jobs.SENTENCE in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_job_is_its_owner_s_own(world: Any, client: Client) -> None:
    row = Job.objects.create(name="tests.count", by=world.users["personnel"])
    client.force_login(world.users["leader"], backend=BACKEND)
    assert client.get(row.get_absolute_url()).status_code == 404
    again = client.post(reverse("core:job_again", args=[row.pk]), {"idem": str(uuid.uuid4())})
    assert again.status_code == 404
