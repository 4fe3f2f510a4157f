"""English: the catalogue is complete and true to its source, and every word of the code is marked."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.apps import apps
from django.db.models import Choices
from django.utils.translation import gettext, override

from groups.choices import DISTRICTS
from kunshan_edu.core.changes import sentences
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.files import UNNAMED
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.sheets.reading import EXAMPLE
from tests.words import CHINESE, CITED, DOCUMENT, HAN, INSTALLED, PACKAGES, ROOT, catalogue, compiled, pairs

PLACES = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?\w+>")
# What English keeps: the name of the other language, an amount as people here type it, two characters explained.
KEPT = ("简体中文", "1.2万", "“第”", "“号”")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` finds in the code of today, gathered far from the tree."""
    if not shutil.which("xgettext"):
        pytest.fail("xgettext is missing: install GNU gettext (apt-get install gettext) to check the words")
    there = tmp_path_factory.mktemp("words")
    for folder in (*PACKAGES, "templates"):
        for path in [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.html")]:
            copy = there / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    (there / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-wrap"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=there, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return catalogue(there / "locale/en/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with compiled(tmp_path_factory.mktemp("locale")):
        yield


# The catalogue against the code


def test_no_sentence_is_missing_or_stale(collected: Catalog) -> None:
    now, kept = {key for key, _ in pairs(collected)}, {key for key, _ in pairs(catalogue())}
    assert sorted(map(str, now - kept)) == [], "run `make messages` and translate these"
    assert sorted(map(str, kept - now)) == [], "run `make messages`: nobody says these any more"
    assert not catalogue().obsolete


def test_no_sentence_is_untranslated_or_fuzzy() -> None:
    words = catalogue()
    assert [key for key, said in pairs(words) if not all(said)] == []
    assert [message.id for message in words if message.id and message.fuzzy] == []


def test_plural_forms() -> None:
    words = catalogue()
    assert (words.num_plurals, words.plural_expr) == (2, "(n != 1)")
    assert {len(said) for _, said in pairs(words)} == {1, 2}


def test_every_place_is_kept() -> None:
    for (_, source), said in pairs(catalogue()):
        for sentence in said:
            assert sorted(PLACES.findall(sentence)) == sorted(PLACES.findall(source)), source


def test_english_is_written_without_chinese() -> None:
    for _, said in pairs(catalogue()):
        for sentence in said:
            left = CITED.sub("", DOCUMENT.sub("", sentence))
            for word in KEPT:
                left = left.replace(word, "")
            assert not CHINESE.search(left), sentence


def test_english_ends_as_its_source_does() -> None:
    for (_, source), said in pairs(catalogue()):
        if len(source) > 1 and source.endswith("。"):
            assert all(sentence.rstrip().endswith((".", "%(document)s.", ")")) for sentence in said), source


# The code against the marks

MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "pgettext_lazy"}
# Chinese that is no sentence of the pages: numerals and units, the console's two languages, names of places, and
# the proof's own scene, where names and documents are typed as people here would.
UNMARKED = {
    "kunshan_edu/core/money.py", "kunshan_edu/core/guideline.py", "kunshan_edu/core/templatetags/kg.py",
    "kunshan_edu/core/management", "kunshan_edu/demo", "kunshan_edu/rights/matrix", "kunshan_edu/rights/document.py",
    "kunshan_edu/rights/proof",
}  # fmt: skip
# EXAMPLE begins a line of a sheet that is never read, in both languages; UNNAMED is stored as the name of a file.
DATA = {INSTALLED, EXAMPLE, UNNAMED, *(name for _, name, *_ in DISTRICTS)}
# Of a column of a sheet: headings that are understood besides its own, and what somebody might type in it.
TYPED = {"also", "example"}


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [p for p in found if "migrations" not in p.parts and not _is_exempt(p.relative_to(ROOT))]


def _is_exempt(path: Path) -> bool:
    return any(path.is_relative_to(place) for place in UNMARKED)


def unmarked(tree: ast.AST) -> Iterator[str]:
    """Chinese string constants that no mark stands around; docstrings and patterns are shown to nobody."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            quiet = node.args if called.split(".")[-1] in MARKS or called.startswith("re.") else []
            if called == "Column":
                quiet = [word.value for word in node.keywords if word.arg in TYPED]
            silent.update(id(leaf) for argument in quiet for leaf in ast.walk(argument))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(text, str) and HAN.search(text) and text not in DATA:
            yield text


def marked_formats(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MARKS:
            yield from (ast.unparse(a) for a in node.args if isinstance(a, ast.JoinedStr))


def test_the_search_sees_what_is_not_marked() -> None:
    code = 'say("您好"); say(_("您好")); say(denials._("您好")); re.compile("号")'
    assert list(unmarked(ast.parse(code))) == ["您好"]
    column = 'Column("name", "姓名", hint="说明", also=("名字",), example="张三"); say(example="张三")'
    assert list(unmarked(ast.parse(column))) == ["姓名", "说明", "张三"]
    assert list(marked_formats(ast.parse('_(f"{n} 条")'))) == ["f'{n} 条'"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_strings_of_the_code_are_marked(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert list(unmarked(tree)) == []
    assert list(marked_formats(tree)) == []


TAGGED = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktranslate.*?endblocktranslate\s*%\}"
    r"|\{%\s*translate .*?%\}|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_words_of_the_templates_are_marked(path: Path) -> None:
    left = TAGGED.sub("", path.read_text("utf-8")).replace('lang="zh-CN">中文<', "")
    assert not CHINESE.search(left), [line for line in left.splitlines() if CHINESE.search(line)]


# What the code declares, in English


def declared() -> Iterator[Any]:
    """Every public object of every module of ours."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not {"migrations", "management", "asgi", "wsgi", "celery"} & set(found.name.split(".")):
                yield from vars(importlib.import_module(found.name)).values()


def test_every_refusal_is_translated(english: None) -> None:
    refusals = {thing.message for thing in declared() if isinstance(thing, Denial)}
    refusals |= {denial.message for denial in sentences().values()}
    assert len(refusals) > 100
    with override("en"):
        assert [message for message in refusals if CHINESE.search(gettext(message))] == []


def test_every_choice_is_translated(english: None) -> None:
    choices = {
        thing
        for thing in declared()
        if isinstance(thing, type) and issubclass(thing, Choices) and thing.__module__.startswith(PACKAGES)
    }
    assert len(choices) > 20
    with override("en"):
        labels = [str(label) for kind in choices for label in kind.labels]
    assert [label for label in labels if CHINESE.search(DOCUMENT.sub("", label)) or not label] == []


def test_every_name_of_the_models_is_translated(english: None) -> None:
    with override("en"):
        for config in map(apps.get_app_config, ("core", "groups", "personnel", "finance")):
            words = [config.verbose_name]
            for model in config.get_models():
                words += [model._meta.verbose_name, *(f.verbose_name for f in model._meta.fields)]
            assert [str(word) for word in words if CHINESE.search(str(word))] == []


def test_every_clause_has_an_english_gloss() -> None:
    assert [clause for clause in Clause if not clause.gloss or CHINESE.search(clause.gloss)] == []
