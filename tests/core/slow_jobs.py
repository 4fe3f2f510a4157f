"""Jobs that only tests know: loaded into the worker with `--include`, and registered under their own names."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

from kunshan_edu.core import inbox
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.jobs import job

SENTENCE = "示例任务已完成。"
REFUSAL = "第 3 行没有文号，请补填后重新运行。"


@job("tests.count")
def count(*, by: Any, things: int, pause: float = 0.0) -> Generator[int, None, str]:
    """Counts slowly enough to be watched, and killed."""
    yield things
    for _ in range(things):
        time.sleep(pause)
        yield 1
    return SENTENCE


@job("tests.refuse")
def refuse(*, by: Any) -> Generator[int, None, str]:
    """Finds after two things that it may not go on."""
    yield 3
    yield 1
    yield 1
    raise Denied(Denial("no_document", REFUSAL))


@job("tests.break")
def break_(*, by: Any) -> Generator[int, None, str]:
    """Breaks by a fault of ours."""
    yield 2
    yield 1
    raise RuntimeError("a fault that no page may show")


@job("tests.tell")
def tell(*, by: Any) -> Generator[int, None, str]:
    """Leaves one trace each time that it really runs."""
    yield 1
    inbox.tell([by], "示例任务运行了一次。")
    yield 1
    return SENTENCE
