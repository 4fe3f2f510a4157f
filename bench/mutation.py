"""Mutation testing of the rules, the decision and the grants: `python bench/mutation.py`, from the repository.

Each mutant is one small change of one file. A child process takes it in, in the place of the code that is loaded, and
runs the tests of that file until one fails. A mutant that no test fails on has survived, and is printed.

--sample N   as many mutants of the pure files, another choice whenever one of those files changes
--only TEXT  only mutants whose name contains it, for example personnel/rules/tenure
"""

from __future__ import annotations

import argparse
import ast
import copy
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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SECONDS = 60  # that a mutant may take; one that takes longer counts as killed


@dataclass(frozen=True)
class Target:
    """Files, and the tests that are to notice each change in them. pure: they need no database."""

    files: str
    tests: tuple[str, ...]
    pure: bool = True


TARGETS = (
    Target(
        "kunshan_edu/rights/decide.py", ("tests/rights/test_decide_cells.py", "tests/rights/test_decide.py")
    ),
    Target(
        "kunshan_edu/rights/conditions.py",
        ("tests/rights/test_decide_cells.py", "tests/rights/test_decide.py"),
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
        "personnel/grants.py", ("tests/personnel/test_grants.py", "tests/personnel/test_drift.py"), pure=False
    ),
)
# Changes that change nothing: (name of the mutant, why). The names are those that the command prints.
EQUIVALENT: dict[str, str] = {}

SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
Change = tuple[str, ast.AST]  # what is done, and the node that takes the place of the old one


def constants(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "flip", ast.Constant(not value)
    elif isinstance(value, int):
        yield "one more", ast.Constant(value + 1)
    elif isinstance(value, str):
        yield "other word", ast.Constant(f"{value}…")


def operators(node: ast.AST) -> Iterator[Change]:
    """Each operator of a comparison, a junction or a sum turned into its opposite; each operand left out."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            ops = [*node.ops[:place], SWAPS[type(op)](), *node.ops[place + 1 :]]
            yield f"swap {type(op).__name__}", ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield f"swap {type(node.op).__name__}", ast.BoolOp(SWAPS[type(node.op)](), node.values)
        for place in range(len(node.values)):
            rest = [*node.values[:place], *node.values[place + 1 :]]
            yield f"without operand {place + 1}", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        yield f"swap {type(node.op).__name__}", ast.BinOp(node.left, SWAPS[type(node.op)](), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", node.operand
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in NAMES:
        yield f"swap {node.id}", ast.Name(NAMES[node.id], ast.Load())


def statements(node: ast.AST) -> Iterator[Change]:
    """A condition that always holds, or never; a return of nothing."""
    if isinstance(node, ast.If | ast.IfExp):
        for word, value in (("always", True), ("never", False)):
            changed = copy.copy(node)
            changed.test = ast.Constant(value)
            yield word, changed
    elif isinstance(node, ast.comprehension) and node.ifs:
        changed = copy.copy(node)
        changed.ifs = []
        yield "without if", changed
    elif isinstance(node, ast.Return) and not is_nothing(node.value):
        yield "return nothing", ast.Return(ast.Constant(None))


def is_nothing(node: ast.AST | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant):
        yield from constants(node)
    yield from operators(node)
    yield from statements(node)


class Walk(ast.NodeTransformer):
    """Finds every change in a file, or makes the one of a number. found: (name, line) of each."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted, self.in_class = wanted, False
        self.found: list[tuple[str, int]] = []
        self.place: list[str] = []

    def visit(self, node: ast.AST) -> Any:
        if self.is_said(node):
            return node
        for name, other in changes(node):
            words = " ".join(ast.unparse(node).split())[:60]
            place = ".".join(self.place) or "module"
            self.found.append((f"{place}: {name}: {words}", getattr(node, "lineno", 0)))
            if len(self.found) - 1 == self.wanted:
                return ast.fix_missing_locations(ast.copy_location(other, node))
        return super().visit(node)

    def named(self, node: Any) -> Any:
        """Of a function or a class its body alone: the rest is annotations."""
        outer, self.in_class = self.in_class, isinstance(node, ast.ClassDef)
        self.place.append(node.name)
        node.body = [self.visit(each) for each in node.body]
        self.place.pop()
        self.in_class = outer
        return node

    visit_FunctionDef = visit_ClassDef = named  # noqa: N815 - the names that ast gives them

    @staticmethod
    def is_said(node: ast.AST) -> bool:
        """What is only read by people: docstrings, marked sentences; and annotations."""
        marked = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        return marked or docstring or isinstance(node, ast.Import | ast.ImportFrom | ast.arguments)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """A field's default is left alone: the cases that the tests ask about are made before a mutant comes."""
        if node.value and not self.in_class:
            node.value = self.visit(node.value)
        return node


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


def mutants(target: Target) -> list[Mutant]:
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
        if not name.startswith("__") and old is not None and not same_function(old, new):
            replace(name, old, new)


def same_function(old: Any, new: Any) -> bool:
    """A function or class of the module takes the new code in; what is imported is left alone."""
    old, new = getattr(old, "__wrapped__", old), getattr(new, "__wrapped__", new)
    if isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
        if new.__globals__.get("__file__") == old.__code__.co_filename:
            graft(old, new)
        return True
    if isinstance(old, type) and isinstance(new, type):
        if old is not new:
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

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {t: list(self.items(session, t)) for t in dict.fromkeys(m.target for m in self.chosen)}
        for target, tests in items.items():
            fit = self.runs(session, tests, None)
            if fit:
                raise pytest.UsageError(f"{target.files}: the tests fail without a mutant: {fit}")
        for mutant in self.chosen:
            killer = self.runs(session, items[mutant.target], mutant)
            if not killer:
                self.survived.append(mutant)
                print(f"survived: {mutant.name}  (line {mutant.line})", flush=True)
            elif killer in (names := [item.nodeid for item in items[mutant.target]]):
                tests = items[mutant.target]
                tests.insert(0, tests.pop(names.index(killer)))  # it will kill the next one, too
        return True

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

    def runs(self, session: pytest.Session, tests: list[pytest.Item], mutant: Mutant | None) -> str:
        """The first test that fails in a child that has taken the mutant in; "" when none does."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            self.child(session, tests, mutant, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        _pid, status = os.waitpid(pid, 0)
        return told or ("" if status == 0 else "died")

    @staticmethod
    def child(session: pytest.Session, tests: list[pytest.Item], mutant: Mutant | None, writing: int) -> None:
        """Never comes back."""
        signal.alarm(SECONDS)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1), os.dup2(nowhere, 2)
        try:
            if mutant:
                take_in(mutant)
        except Exception as error:  # a file that does not even load
            os.write(writing, repr(error).encode())
            os._exit(1)
        # After the last comes the first again: what is there for the session must stay, it is the parent's too.
        for item, after in zip(tests, [*tests[1:], tests[0]], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                os.write(writing, item.nodeid.encode())
                os._exit(1)
        os._exit(0)


def choose(sample: int | None, only: str) -> list[Mutant]:
    """All, or as many of the pure files, drawn by what those files say."""
    every = [m for target in TARGETS for m in mutants(target) if target.pure or not sample]
    every = [m for m in every if only in m.name]
    if not sample:
        return every
    said = hashlib.sha256(b"".join(path.read_bytes() for path in sorted({m.path for m in every})))
    luck = random.Random(said.hexdigest())  # noqa: S311 - no secret
    return luck.sample(every, min(sample, len(every)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    hypothesis.settings.register_profile(
        "mutation",
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    hypothesis.settings.load_profile("mutation")
    chosen = choose(given.sample, given.only)
    bench = Bench(chosen)
    tests = dict.fromkeys(test for mutant in chosen for test in mutant.target.tests)
    status = pytest.main(
        ["--capture=no", "-p", "no:terminalreporter", "-p", "no:cacheprovider", *tests], plugins=[bench]
    )
    if status:
        print(f"the tests could not be run: {status!r} {bench.error}")
        return int(status)
    survived = [m.name for m in bench.survived]
    gone = [m for m in survived if m not in EQUIVALENT]
    counted = len(chosen) - (len(survived) - len(gone))
    print(
        f"\nmutants {len(chosen)}, equivalent {len(chosen) - counted}, killed {counted - len(gone)} of {counted}"
    )
    return int(bool(gone))


if __name__ == "__main__":
    sys.exit(main())
