"""Spreadsheets of people lie encrypted, open for their own uploader alone, and are gone when their time is over."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import clear_url_caches

from kunshan_edu.celery import app as celery
from kunshan_edu.core import clock, files, jobs
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, SheetImport, StoredFile, User
from kunshan_edu.core.sheets import imports, known
from kunshan_edu.core.tasks import discard_files
from tests.core.account_sheet import ACCOUNTS, HEAD, WHO_MAY, as_csv

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NUMBER = "320583199001011234"
SECRET = f"工号,姓名\nA1,{NUMBER}\n".encode()
DAYS = 30


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def clerk(world: Any) -> User:
    return world.users["personnel"]


def sealed(clerk: User, content: bytes = SECRET, name: str = "名册.csv") -> StoredFile:
    return files.keep(SimpleUploadedFile(name, content), by=clerk, kinds=files.SHEETS, days=DAYS)


def on_disk(media: Path) -> dict[str, bytes]:
    return {str(p.relative_to(media)): p.read_bytes() for p in media.rglob("*") if p.is_file()}


def later(days: int, seconds: int = 0) -> Any:
    return clock.at(clock.now() + dt.timedelta(days=days, seconds=seconds))


def aged(media: Path) -> None:
    """As if every content had been written long ago."""
    for place in media.rglob("*"):
        os.utime(place, (0, 0))


# What lies there


def test_a_sealed_content_is_not_there_in_clear_and_opens_as_it_was(clerk: User, media: Path) -> None:
    stored = sealed(clerk)
    assert (stored.sha256, stored.size) == (hashlib.sha256(SECRET).hexdigest(), len(SECRET))
    [(where, content)] = on_disk(media).items()
    assert where == f"sealed/{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"
    assert NUMBER.encode() not in content
    assert content != SECRET
    assert content.startswith(b"kept:") or b":" in content[:21]
    with files.opened(StoredFile.objects.get(pk=stored.pk)) as clear:
        assert clear.read() == SECRET
    assert b"".join(files.answer(stored).streaming_content) == SECRET
    assert oct((media / where).stat().st_mode & 0o077) == "0o0"


def test_other_files_stay_as_they_were(clerk: User, media: Path) -> None:
    stored = files.keep(SimpleUploadedFile("a.csv", SECRET), by=clerk, kinds=files.SHEETS)
    assert (stored.kept_until, stored.is_sealed, stored.is_over) == (None, False, False)
    assert list(on_disk(media).values()) == [SECRET]
    with later(4000):
        assert files.opened(stored).read() == SECRET
        assert files.discard() == 0


def test_the_same_content_sealed_and_in_clear_are_two(clerk: User, media: Path) -> None:
    first, second = (
        sealed(clerk),
        files.keep(SimpleUploadedFile("a.csv", SECRET), by=clerk, kinds=files.SHEETS),
    )
    assert first.sha256 == second.sha256
    assert len(on_disk(media)) == 2
    aged(media)
    with later(DAYS + 1):
        assert files.discard() == 1
        assert files.opened(second).read() == SECRET


def test_a_sealed_content_that_was_changed_moved_or_lost_its_key_does_not_open(
    clerk: User, media: Path, settings: Any
) -> None:
    stored, other = sealed(clerk), sealed(clerk, SECRET + b"A2,x\n")
    place = files.place_of(stored.sha256, sealed=True)
    whole = place.read_bytes()
    for content in (
        whole[:-1],
        whole[:-1] + bytes([whole[-1] ^ 1]),
        files.place_of(other.sha256, sealed=True).read_bytes(),
        SECRET,
        b"",
    ):
        place.write_bytes(content)
        with pytest.raises(Denied) as caught:
            files.opened(stored)
        assert caught.value.denial == files.LOST
        assert files.damaged() == [stored]
    place.write_bytes(whole)
    assert files.damaged() == []
    keys = settings.FIELD_KEYS
    settings.FIELD_KEYS = f"k2:{'A' * 43}=,{keys}"
    assert files.opened(stored).read() == SECRET, "an older key still opens"
    settings.FIELD_KEYS = f"k2:{'A' * 43}="
    with pytest.raises(Denied):
        files.opened(stored)


# Its time


def test_at_its_hour_it_is_over_though_no_job_has_run(clerk: User) -> None:
    stored = sealed(clerk)
    assert stored.kept_until == pytest.approx(
        clock.now() + dt.timedelta(days=DAYS), abs=dt.timedelta(minutes=1)
    )
    with clock.at(stored.kept_until - dt.timedelta(seconds=1)):
        assert files.opened(stored).read() == SECRET
    with clock.at(stored.kept_until):
        for act in (files.opened, files.answer):
            with pytest.raises(Denied) as caught:
                act(stored)
            assert caught.value.denial == files.OVER


def test_what_is_over_is_deleted_and_the_audit_keeps_hash_and_size(clerk: User, media: Path) -> None:
    stored = sealed(clerk)
    with later(DAYS - 1):
        assert files.discard() == 0
    with later(DAYS, 60):
        assert files.discard() == 1
        assert on_disk(media) == {}
        assert files.damaged() == []
        assert files.discard() == 0
    event = AuditEvent.objects.get(verb="core.discard_file")
    assert (event.actor, event.object_id, event.object_text) == (None, stored.pk, "名册.csv")
    assert event.difference == {"sha256": [stored.sha256, None], "size": [len(SECRET), None]}
    assert StoredFile.objects.get(pk=stored.pk).sha256 == stored.sha256


def test_a_content_that_somebody_uploaded_again_stays_for_the_later_one(clerk: User, media: Path) -> None:
    first = sealed(clerk)
    with later(20):
        second = sealed(clerk)
    aged(media)
    with later(DAYS + 1):
        assert files.discard() == 0
        assert files.opened(second).read() == SECRET
        with pytest.raises(Denied):
            files.opened(first)
    with later(DAYS + 21):
        assert files.discard() == 1


def test_a_content_without_a_row_goes_too_but_not_one_that_is_just_written(clerk: User, media: Path) -> None:
    sealed(clerk)
    place = next(p for p in media.rglob("*") if p.is_file())
    orphan = place.with_name("0" * 64)
    place.rename(orphan)
    assert files.discard() == 0
    aged(media)
    assert files.discard() == 1
    assert not AuditEvent.objects.filter(verb="core.discard_file").exists()


def test_without_any_sealed_file_there_is_nothing_to_do(media: Path) -> None:
    assert files.discard() == discard_files() == 0
    assert not media.exists()


def test_the_worker_deletes_every_night(settings: Any) -> None:
    assert settings.SHEET_FILES_DAYS == DAYS
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert discard_files.name in names
    assert discard_files.name in celery.tasks


# The way of a spreadsheet


@pytest.fixture
def visit(client: Client, clerk: User, settings: Any) -> Iterator[Client]:
    settings.ROOT_URLCONF = "tests.core.sheet_urls"
    clear_url_caches()
    known()[ACCOUNTS.name] = ACCOUNTS
    WHO_MAY.add(clerk.username)
    client.force_login(clerk, backend=BACKEND)
    yield client
    WHO_MAY.clear()
    del known()[ACCOUNTS.name]
    clear_url_caches()


def uploaded(visit: Client) -> SheetImport:
    """A good row, and one with an identity number in the column of days."""
    rows = [
        ["B00001", "王一", "2024-09-01", "中文", "8", "0.5", "否"],
        ["B00002", "王二", NUMBER, "中文", "8", "0.5", "否"],
    ]
    upload = SimpleUploadedFile("账号.csv", as_csv(HEAD, *rows))
    visit.post("/tests/accounts/", {"file": upload, "idem": str(uuid.uuid4())})
    jobs.run(SheetImport.objects.get().job_id)
    return SheetImport.objects.select_related("stored", "bad_file").get()


def page(visit: Client, row: SheetImport) -> str:
    return visit.get(row.get_absolute_url()).content.decode()


def test_neither_the_upload_nor_the_wrong_rows_nor_what_is_quoted_lies_in_clear(
    visit: Client, media: Path
) -> None:
    row = uploaded(visit)
    assert row.stored.is_sealed
    assert row.bad_file.is_sealed
    assert NUMBER in str(row.faults)
    assert len(on_disk(media)) == 2
    for content in on_disk(media).values():
        assert NUMBER.encode() not in content
        assert not content.startswith(b"PK")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(s)::text FROM core_sheetimport s UNION ALL SELECT to_jsonb(e)::text FROM core_auditevent e"
        )
        assert not [text for (text,) in cursor.fetchall() if NUMBER in text]
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(visit.get(f"{row.get_absolute_url()}bad/").streaming_content))
    )
    assert NUMBER in {str(cell.value) for line in book.active.iter_rows() for cell in line}
    until = row.stored.kept_until.astimezone(clock.SHANGHAI)
    assert f"加密保存，{until.year}年{until.month}月{until.day}日删除" in page(visit, row)


def test_nobody_else_opens_it(visit: Client, world: Any) -> None:
    row = uploaded(visit)
    WHO_MAY.add(world.leader.username)
    other = Client()
    other.force_login(world.leader, backend=BACKEND)
    for address in (row.get_absolute_url(), f"{row.get_absolute_url()}bad/"):
        assert other.get(address).status_code == 404
    WHO_MAY.clear()
    assert visit.get(f"{row.get_absolute_url()}bad/").status_code == 403


def test_when_its_time_is_over_the_counts_stay_and_nothing_else(visit: Client, media: Path) -> None:
    row = uploaded(visit)
    with later(DAYS, 60):
        visit.force_login(row.by, backend=BACKEND)
        shown = page(visit, row)  # nobody has deleted it yet
        assert "下载有误的" not in shown
        assert "导入 1 行</button>" not in shown
        assert visit.get(f"{row.get_absolute_url()}bad/").status_code == 404
        with pytest.raises(Denied) as caught:
            imports.bring_in(row, by=row.by)
        assert caught.value.denial == files.OVER
        assert discard_files() == 2
        assert on_disk(media) == {}
        shown = page(visit, row)
        assert NUMBER not in shown
        assert "内容已按规定删除" in shown
        assert discard_files() == 0
    row.refresh_from_db()
    assert (row.good, row.bad, row.faults, row.bad_file) == (1, 1, [], None)


def test_an_import_without_a_wrong_row_holds_nothing_that_a_key_is_needed_for(clerk: User) -> None:
    stored = sealed(clerk)
    row = SheetImport.objects.create(sheet=ACCOUNTS.name, stored=stored, by=clerk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT faults FROM core_sheetimport")
        assert cursor.fetchall() == [("",)]
    assert SheetImport.objects.get(pk=row.pk).faults == []


def test_how_long_they_are_kept_is_a_setting(visit: Client, settings: Any) -> None:
    settings.SHEET_FILES_DAYS = 3
    row = uploaded(visit)
    for stored in (row.stored, row.bad_file):
        assert stored.kept_until - stored.uploaded_at < dt.timedelta(days=3, minutes=1)
