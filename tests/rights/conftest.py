"""What the tests of the rights share."""

from __future__ import annotations

import pytest

from kunshan_edu.core import jobs


@pytest.fixture(autouse=True)
def _only_our_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that other tests of this process brought along are no doors of the site."""
    ours = {name: work for name, work in jobs._known.items() if not work.__module__.startswith("tests.")}
    monkeypatch.setattr(jobs, "_known", ours)
