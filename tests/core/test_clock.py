"""The one clock: today in Shanghai, an instant that is always aware, and a setting that never leaks."""

from __future__ import annotations

import ast
import datetime as dt
import threading
from pathlib import Path

import pytest

from kunshan_edu.core import clock

ROOT = Path(__file__).resolve().parents[2]
UTC = dt.UTC


def test_now_is_aware_and_now():
    before = dt.datetime.now(tz=UTC)
    assert before <= clock.now() <= dt.datetime.now(tz=UTC)
    assert clock.now().utcoffset() == dt.timedelta(hours=8)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (dt.datetime(2026, 8, 31, 15, 59, 59, tzinfo=UTC), dt.date(2026, 8, 31)),
        (dt.datetime(2026, 8, 31, 16, 0, 0, tzinfo=UTC), dt.date(2026, 9, 1)),
        (dt.datetime(2026, 9, 1, 0, 0, tzinfo=clock.SHANGHAI), dt.date(2026, 9, 1)),
        (dt.datetime(2026, 8, 31, 23, 59, 59, tzinfo=clock.SHANGHAI), dt.date(2026, 8, 31)),
    ],
)
def test_the_day_changes_at_midnight_in_shanghai(instant, day):
    with clock.at(instant):
        assert clock.today() == day
        assert clock.now() == instant


def test_a_bare_date_means_ten_in_the_morning():
    with clock.at(dt.date(2026, 9, 1)):
        assert clock.now().isoformat() == "2026-09-01T10:00:00+08:00"


def test_the_setting_ends_with_its_block_even_by_an_exception():
    with pytest.raises(ZeroDivisionError), clock.at(dt.date(2000, 1, 1)):
        _ = 1 / 0
    assert clock.today().year > 2000


def test_settings_nest():
    with clock.at(dt.date(2025, 1, 1)):
        with clock.at(dt.date(2024, 1, 1)):
            assert clock.today().year == 2024
        assert clock.today().year == 2025


def test_another_thread_keeps_its_own_time():
    seen = []
    with clock.at(dt.date(2000, 1, 1)):
        thread = threading.Thread(target=lambda: seen.append(clock.today().year))
        thread.start()
        thread.join()
    assert seen[0] > 2000


def clocks_read(path):
    """Where a file asks another clock: date.today(), datetime.now(), timezone.now(), time.time()."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            said = ast.unparse(node.func)
            if said.split(".")[-2:] in (
                ["date", "today"], ["datetime", "now"], ["datetime", "today"], ["timezone", "now"],
                ["timezone", "localdate"], ["datetime", "utcnow"], ["time", "time"],
            ):  # fmt: skip
                yield f"{path.relative_to(ROOT)}:{node.lineno} {said}"


def test_nobody_asks_another_clock():
    folders = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")
    files = [p for folder in folders for p in (ROOT / folder).rglob("*.py") if p.name != "clock.py"]
    assert len(files) > 60
    assert [found for path in files for found in clocks_read(path)] == []
