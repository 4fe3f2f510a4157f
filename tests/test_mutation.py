"""The mutation bench: a sample of the rules' mutants is killed, and the bench notices what it must notice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = 30
# Of so few drawn, one may be of the few that survive among all.
SPARED = 1
FIGURES = re.compile(r"mutants (\d+), killed (\d+)")


def bench(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The bench in a process of its own, which forks and runs tests inside; it finds its own settings."""
    command = [sys.executable, str(ROOT / "bench" / "mutation.py"), *arguments]
    ours = {"PYTEST_ADDOPTS", "DJANGO_SETTINGS_MODULE"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, timeout=900, check=False
    )


def figures(run: subprocess.CompletedProcess[str]) -> tuple[int, int]:
    """(mutants, killed)"""
    found = FIGURES.search(run.stdout)
    assert found, run.stdout + run.stderr
    return int(found[1]), int(found[2])


def test_a_sample_of_the_mutants_of_the_pure_files_is_killed() -> None:
    run = bench("--sample", str(SAMPLE))
    mutants, killed = figures(run)
    assert mutants > SAMPLE * 0.75, run.stdout  # the rest does not even load
    assert mutants - killed <= SPARED, run.stdout


RULE = '''"""A rule."""


def allowed(amount, limit):
    return amount <= limit


def forgotten(days):
    return days > 30
'''
TEST = """import rule


def test_allowed():
    assert rule.allowed(5, 5)
    assert not rule.allowed(6, 5)
{more}"""
ALL = """

def test_forgotten():
    assert rule.forgotten(31)
    assert not rule.forgotten(30)
"""


@pytest.mark.parametrize(
    ("more", "survivors"),
    [(ALL, set()), ("", {"swap Gt: days > 30", "one more: 30", "return nothing: return days > 30"})],
)
def test_a_function_without_a_test_has_survivors(tmp_path: Path, more: str, survivors: set[str]) -> None:
    (tmp_path / "rule.py").write_text(RULE, "utf-8")
    (tmp_path / "test_rule.py").write_text(TEST.format(more=more), "utf-8")
    run = bench("--target", "rule.py", "test_rule.py", folder=tmp_path)
    told = set(re.findall(r"survived: rule\.py forgotten: (.*?)  \(line \d+\)", run.stdout))
    assert told == survivors, run.stdout + run.stderr
    assert "survived: rule.py allowed" not in run.stdout
    mutants, killed = figures(run)
    assert mutants - killed == len(survivors)
    assert run.returncode == (1 if survivors else 0)


def test_tests_that_fail_anyway_are_no_measure(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text(RULE, "utf-8")
    (tmp_path / "test_rule.py").write_text("def test_no():\n    assert False\n", "utf-8")
    run = bench("--target", "rule.py", "test_rule.py", folder=tmp_path)
    assert run.returncode not in (0, 1)
    assert "rule.py, unchanged, fails: test_rule.py::test_no" in run.stdout + run.stderr
