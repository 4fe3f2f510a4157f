"""Mutation testing of the rules, the decision and the grants: `python bench/mutation.py`, from the repository.

Each mutant is one small change of one file. A child process takes it in, in the place of the code that is loaded, and
runs the tests of that file until one fails. A mutant that no test fails on has survived, and is printed. One that does
not even load is no mutant and is not counted. Before all of them the files are taken in unchanged: no test may notice.

--sample N   as many mutants of the pure files, another choice whenever one of those files changes
--only TEXT  only mutants whose name contains it, for example personnel/rules/tenure
--target FILE TEST [TEST …]  in place of all that, this file of this folder against these tests
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import os
import random
import signal
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connections

ROOT = Path.cwd()
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
from mutants import Walk  # noqa: E402 - a neighbour, found by the line above

# Of computing that a mutant may take, and of waiting for the database; one that takes longer counts as killed.
SECONDS, WAIT = 60, 600
PASSED, BROKEN = "", "does not load"


@dataclass(frozen=True)
class Target:
    """Files, and the tests that are to notice each change in them. pure: they need no database."""

    files: str
    tests: tuple[str, ...]
    pure: bool = True


DECISION = (
    "tests/rights/test_facts.py",
    "tests/rights/test_conditions.py",
    "tests/rights/test_decide_rows.py",
    "tests/rights/test_decide_cells.py",
)
TARGETS = (
    *(
        Target(f"kunshan_edu/rights/{name}.py", DECISION)
        for name in ("decide", "conditions", "facts", "route")
    ),
    Target(
        "personnel/rules/*.py",
        (
            "tests/personnel/test_rules.py",
            "tests/personnel/test_filling.py",
            "tests/personnel/test_rotation_rules.py",
            "tests/personnel/test_delegation_rules.py",
            "tests/personnel/test_record_rules.py",
        ),
    ),
    Target("groups/rules.py", ("tests/groups/test_rules.py",)),
    Target(
        "finance/rules/*.py",
        (
            "tests/finance/test_rules.py",
            "tests/finance/test_chain.py",
            "tests/finance/test_chain_cases.py",
            "tests/finance/test_delegation.py",
            "tests/finance/test_escalation.py",
        ),
    ),
    Target(
        "personnel/grants.py",
        (
            "tests/personnel/test_rights_table.py",
            "tests/personnel/test_grants.py",
            "tests/personnel/test_drift.py",
        ),
        pure=False,
    ),
    Target(
        "kunshan_edu/core/access.py",
        ("tests/core/test_access.py", "tests/core/test_rights_in_hand.py"),
        pure=False,
    ),
)
# Changes that change nothing: (name of the mutant, why). The names are those that the command prints.
A_CLOSED_ACCOUNT = (
    "a closed account is refused before any stage is reached; the table names the word to be whole"
)
WIDEST_FIRST = "the delegation that reaches furthest comes first: when it refuses, all do"
EQUIVALENT: dict[str, str] = {
    "kunshan_edu/rights/decide.py STAGES: other word: 'inactive'": A_CLOSED_ACCOUNT,
    "kunshan_edu/rights/decide.py STAGES: without entry 2: "
    "('unknown', 'inactive', 'role', 'reach', 'delegation', 'stat": A_CLOSED_ACCOUNT,
    "finance/rules/chain.py _superiors: without operand 3: "
    "superior == LEADER and step.act == 'approve' and (step.role ": "who may not approve for the section may not"
    " review for it: that step is lifted, too, and is covered by the leader's approval",
    "finance/rules/delegation.py cannot_use_any: without operand 2: refusals and all(refusals)": WIDEST_FIRST,
    "finance/rules/delegation.py cannot_use_any: swap all: all": WIDEST_FIRST,
    "finance/rules/measures.py limits_fault: without operand 1: reached is None or limit.above != reached": (
        "no amount equals None: the second operand says the same, the first tells the type checker"
    ),
    "finance/rules/chain.py RANK: one more: 3": "the highest of three ranks, whatever its figure",
}


@dataclass(frozen=True)
class Mutant:
    """The change of that number in a file."""

    target: Target
    path: Path
    number: int
    line: int
    what: str

    @property
    def name(self) -> str:
        return f"{self.path.relative_to(ROOT)} {self.what}"

    @property
    def module(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def mutants_of(target: Target) -> list[Mutant]:
    found = []
    for path in sorted(ROOT.glob(target.files)):
        if path.name == "__init__.py":
            continue  # names alone
        walk = Walk()
        walk.visit(ast.parse(path.read_text("utf-8")))
        found += [Mutant(target, path, n, line, what) for n, (what, line) in enumerate(walk.found)]
    return found


# Taking a mutant in: whoever has imported something of the module has it changed


def take_in(mutant: Mutant) -> None:
    module = importlib.import_module(mutant.module)
    tree = Walk(mutant.number).visit(ast.parse(mutant.path.read_text("utf-8")))
    fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": str(mutant.path)}
    exec(compile(tree, str(mutant.path), "exec"), fresh)  # noqa: S102 - our own file with one change
    for name, new in fresh.items():
        old = vars(module).get(name)
        imported = old is new
        if not (name.startswith("__") or imported or old is None or same_function(old, new)):
            replace(name, old, new)
        if hasattr(old, "cache_clear"):
            old.cache_clear()


def same_function(old: Any, new: Any) -> bool:
    """A function or class of the module takes the new code in; what is imported is left alone."""
    old, new = getattr(old, "__wrapped__", old), getattr(new, "__wrapped__", new)
    if isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
        if new.__globals__.get("__file__") == old.__code__.co_filename:
            graft(old, new)
        return True
    if isinstance(old, type) and isinstance(new, type):
        for name, value in vars(new).items():
            graft_member(old, name, value)
        return True
    return isinstance(old, types.ModuleType)


def graft(old: types.FunctionType, new: types.FunctionType) -> None:
    if old.__code__.co_freevars == new.__code__.co_freevars:
        old.__code__ = new.__code__
    old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__


def graft_member(owner: type, name: str, new: Any) -> None:
    old = vars(owner).get(name)
    if isinstance(old, property) and isinstance(new, property):
        graft(old.fget, new.fget)
    elif isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
        graft(old, new)
    elif not name.startswith("__") and isinstance(new, bool | int | str | tuple | type(None)):
        setattr(owner, name, new)


def replace(name: str, old: Any, new: Any) -> None:
    """A table changes in place; of anything else, every module that has it by this name gets the new one."""
    if isinstance(old, dict):
        old.clear()
        old.update(new)
    elif type(old).__name__ != type(new).__name__ or old != new:
        for other in list(sys.modules.values()):
            if getattr(other, "__dict__", {}).get(name) is old:
                setattr(other, name, new)


# Running the tests of a mutant in a child


class Bench:
    """A plugin that runs, in place of the tests once, the tests of each mutant until one fails."""

    def __init__(self, chosen: list[Mutant]) -> None:
        self.chosen, self.error = chosen, ""
        self.survived: list[Mutant] = []
        self.broken: list[Mutant] = []
        self.tests: dict[Path, list[pytest.Item]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        by_target: dict[Target, list[Mutant]] = {}
        for mutant in self.chosen:
            by_target.setdefault(mutant.target, []).append(mutant)
        for target, chosen in by_target.items():
            items = list(self.items(session, target))
            for path in dict.fromkeys(m.path for m in chosen):
                # The tests that bear the name of the file will know it best.
                self.tests[path] = sorted(items, key=lambda item: path.stem not in item.path.stem)
            if not target.pure:
                self.build_database(items)
            self.unchanged(session, target, chosen)
            for mutant in chosen:
                self.judge(mutant, self.runs(session, mutant))
            if (
                not target.pure
            ):  # the children share a database: it must not be one of them that fails the others
                self.unchanged(session, target, chosen)
        return True

    def unchanged(self, session: pytest.Session, target: Target, chosen: list[Mutant]) -> None:
        """The files as they are, taken in like a mutant: a test that fails now says nothing about any."""
        same = [Mutant(target, path, -1, 0, "unchanged") for path in dict.fromkeys(m.path for m in chosen)]
        fit = self.runs(session, *same)
        if fit != PASSED:
            raise pytest.UsageError(f"{target.files}, unchanged, fails: {fit}")

    @staticmethod
    def build_database(items: list[pytest.Item]) -> None:
        """Once, by one test in this process: the children find it there, and open connections of their own."""
        one, other = [item for item in items if "world" in getattr(item, "fixturenames", ())][:2]
        one.config.hook.pytest_runtest_protocol(item=one, nextitem=other)
        connections.close_all()

    def judge(self, mutant: Mutant, killer: str) -> None:
        tests = self.tests[mutant.path]
        names = [item.nodeid for item in tests]
        if killer == BROKEN:
            self.broken.append(mutant)
        elif killer == PASSED:
            self.survived.append(mutant)
            print(f"survived: {mutant.name}  (line {mutant.line})", flush=True)
        elif killer in names:
            tests.insert(0, tests.pop(names.index(killer)))  # it will kill the next one, too
        else:
            print(f"{killer}: {mutant.name}  (line {mutant.line})", flush=True)

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.error = str(excrepr)

    @staticmethod
    def items(session: pytest.Session, target: Target) -> Iterator[pytest.Item]:
        for item in session.items:
            stands_alone = not (
                {"db", "world", "client"} & set(item.fixturenames) or item.get_closest_marker("django_db")
            )
            if str(item.path.relative_to(ROOT)) in target.tests and (stands_alone or not target.pure):
                yield item

    def runs(self, session: pytest.Session, *taken: Mutant) -> str:
        """The first test that fails in a child that has taken these in, or what else became of the child."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            self.child(session, self.tests[taken[0].path], taken, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        _pid, status = os.waitpid(pid, 0)
        return told or (PASSED if status == 0 else "took too long")

    @staticmethod
    def child(
        session: pytest.Session, tests: list[pytest.Item], taken: tuple[Mutant, ...], writing: int
    ) -> None:
        """Never comes back."""
        signal.alarm(WAIT)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1), os.dup2(nowhere, 2)
        try:
            for mutant in taken:
                take_in(mutant)
        except Exception:  # a file that does not even load
            os.write(writing, BROKEN.encode())
            os._exit(1)
        # After the last comes the first again: what is there for the session must stay, it is the parent's too.
        for item, after in zip(tests, [*tests[1:], tests[0]], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                os.write(writing, item.nodeid.encode())
                os._exit(1)
        os._exit(0)


def choose(targets: tuple[Target, ...], sample: int | None, only: str) -> list[Mutant]:
    """All, or as many of the pure files, drawn by what those files say."""
    every = [m for target in targets for m in mutants_of(target) if target.pure or not sample]
    every = [m for m in every if only in m.name]
    if not sample:
        return every
    said = hashlib.sha256(b"".join(path.read_bytes() for path in sorted({m.path for m in every})))
    luck = random.Random(said.hexdigest())  # noqa: S311 - no secret
    return luck.sample(every, min(sample, len(every)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    parser.add_argument("--sample", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help=argparse.SUPPRESS)
    parser.add_argument("--target", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def run(bench: Bench) -> int:
    """Collect the tests of the chosen mutants and have the plugin run them; 0 when that could be done."""
    tests = dict.fromkeys(test for mutant in bench.chosen for test in mutant.target.tests)
    quiet = ["--capture=no", "-p", "no:terminalreporter", "-p", "no:cacheprovider"]
    hypothesis.settings.register_profile(
        "mutation",
        database=None,
        derandomize=True,
        deadline=None,  # a busy machine kills no mutant
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    hypothesis.settings.load_profile("mutation")
    status = pytest.main([*quiet, *tests], plugins=[bench])
    if status:
        print(f"the tests could not be run: {status!r} {bench.error}")
    return int(status)


def main() -> int:
    given = arguments()
    own = given.target and (Target(given.target[0], tuple(given.target[1:])),)
    bench = Bench(choose(own or TARGETS, given.sample, given.only))
    status = run(bench)
    if status:
        return status
    gone = [m for m in bench.survived if m.name not in EQUIVALENT]
    equal, broken = len(bench.survived) - len(gone), len(bench.broken)
    counted = len(bench.chosen) - equal - broken
    killed = counted - len(gone)
    print(f"\nmutants {counted}, killed {killed}, {100 * killed / max(counted, 1):.1f} %", end="")
    print(f"; not counted: {equal} equivalent, {broken} that do not load")
    return int(bool(gone))


if __name__ == "__main__":
    sys.exit(main())
