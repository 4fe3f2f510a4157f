"""Chinese words stand between full-width punctuation: in templates, strings of the code, the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HAN = r"[\u3400-\u9fff]"
HALF = r"[,:;!?()]"
ASTRAY = re.compile(rf"{HAN}{HALF}|{HALF}{HAN}")
# The guideline is quoted word for word, with the punctuation of the published text.
VERBATIM = {ROOT / "kunshan_edu/core/guideline.py"}


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def modules() -> list[Path]:
    packages = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")
    return sorted(p for name in packages for p in (ROOT / name).rglob("*.py") if p not in VERBATIM)


def astray(text: str) -> list[str]:
    return [text[max(m.start() - 8, 0) : m.end() + 8] for m in ASTRAY.finditer(text)]


def shown_strings(tree: ast.AST) -> Iterator[str]:
    """String constants that people may read: neither docstrings nor regular expressions."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            silent.update(id(leaf) for leaf in ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


@pytest.mark.parametrize("text", ["共 3 条,其余见下", "办理:批准", "金额(元)", "好吗?", "甲;乙", "完成!"])
def test_the_pattern_sees_half_width_punctuation(text: str) -> None:
    assert astray(text)


@pytest.mark.parametrize("text", ["共 3 条，其余见下", "金额（元）", "%(n)s 条", "1,200.00 元", "10:12 批准"])
def test_the_pattern_leaves_good_writing_alone(text: str) -> None:
    assert not astray(text)


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(ROOT)))
def test_templates(path: Path) -> None:
    assert not astray(path.read_text("utf-8"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_strings_of_the_code(path: Path) -> None:
    found = [hit for text in shown_strings(ast.parse(path.read_text("utf-8"))) for hit in astray(text)]
    assert not found


def test_catalogue() -> None:
    found = []
    for path in (ROOT / "locale").rglob("*.po"):
        entries = re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', path.read_text("utf-8"), re.MULTILINE)
        found += [hit for entry in entries for hit in astray(entry.replace('"\n"', ""))]
    assert not found
