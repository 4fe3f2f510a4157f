"""The small changes that mutation testing makes of a file: one at a time, by number."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

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
TYPES = {"tuple", "dict", "list", "set", "frozenset", "type", "Mapping", "Callable", "Iterable", "Iterator"}
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


def elements(node: ast.AST) -> Iterator[Change]:
    """What a table lists, without one of its entries."""
    if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
        for place in range(len(node.elts)):
            rest = [*node.elts[:place], *node.elts[place + 1 :]]
            yield f"without entry {place + 1}", type(node)(rest, ast.Load())
    elif isinstance(node, ast.Set):
        for place in range(len(node.elts)):
            rest = ast.List([*node.elts[:place], *node.elts[place + 1 :]], ast.Load())
            yield f"without entry {place + 1}", ast.Call(ast.Name("set", ast.Load()), [rest], [])
    elif isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            keys, values = list(node.keys), list(node.values)
            del keys[place], values[place]
            yield f"without entry {place + 1}", ast.Dict(keys, values)


def arguments(node: ast.AST) -> Iterator[Change]:
    """In a table, a call without one of the things it lists: the second and those after it."""
    if isinstance(node, ast.Call):
        for place in range(1, len(node.args)):
            rest = [*node.args[:place], *node.args[place + 1 :]]
            yield f"without argument {place + 1}", ast.Call(node.func, rest, node.keywords)


def statements(node: ast.AST) -> Iterator[Change]:
    """A condition that always holds, or never; a return of nothing; a deed that is not done."""
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
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise):
        yield "left out", ast.Pass()


def is_nothing(node: ast.AST | None) -> bool:
    """Nothing, or no: whoever asks for a truth is told the same."""
    return node is None or (isinstance(node, ast.Constant) and any(node.value is no for no in (None, False)))


def changes(node: ast.AST, in_table: bool) -> Iterator[Change]:
    if isinstance(node, ast.Constant):
        yield from constants(node)
    yield from operators(node)
    yield from elements(node)
    yield from statements(node)
    if in_table:
        yield from arguments(node)


class Walk(ast.NodeTransformer):
    """Finds every change in a file, or makes the one of a number (of -1: none). found: (name, line) of each."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted, self.in_class, self.in_code = wanted, False, False
        self.found: list[tuple[str, int]] = []
        self.place: list[str] = []

    def visit(self, node: ast.AST) -> Any:
        if self.is_said(node):
            return node
        for name, other in changes(node, in_table=not self.in_code):
            words = " ".join(ast.unparse(node).split())[:60]
            place = ".".join(self.place) or "module"
            self.found.append((f"{place}: {name}: {words}", getattr(node, "lineno", 0)))
            if len(self.found) - 1 == self.wanted:
                return ast.fix_missing_locations(ast.copy_location(other, node))
        return super().visit(node)

    def named(self, node: Any) -> Any:
        """Of a function or a class its body alone: the rest is annotations."""
        outer = self.in_class, self.in_code
        self.in_class, self.in_code = isinstance(node, ast.ClassDef), True
        self.place.append(node.name)
        node.body = [self.visit(each) for each in node.body]
        self.place.pop()
        self.in_class, self.in_code = outer
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        return node if self.in_class else self.table(node, node.targets[0])

    def table(self, node: Any, name: ast.expr) -> Any:
        """A value; one that a file gives a name to is told by that name."""
        known = [name.id] if isinstance(name, ast.Name) and not self.in_code else []
        self.place += known
        node.value = self.visit(node.value)
        del self.place[len(self.place) - len(known) :]
        return node

    visit_FunctionDef = visit_ClassDef = named  # noqa: N815 - the names that ast gives them

    @staticmethod
    def is_said(node: ast.AST) -> bool:
        """What only people read (docstrings, marked sentences), and what only type checkers do."""
        marked = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        kind = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in TYPES
        return marked or docstring or kind or isinstance(node, ast.Import | ast.ImportFrom | ast.arguments)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """A field is left alone, here and above: cases and models are made before a mutant comes."""
        return self.table(node, node.target) if node.value and not self.in_class else node
