"""README and docs/ against what they speak of: variables, commands, accounts, addresses, files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve
from django.utils.translation import override

from kunshan_edu.demo import PASSWORD, accounts
from tests.test_deploy import settings_with
from tests.test_house import APP_MODULES, CORE_MODULES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TWO = README.partition("\n# 中文\n")
LANGUAGES = {"en": TWO[0], "zh-hans": TWO[2]}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)\s]+\.png)\)")
SECTION = {"variables": ("Environment variables", "环境变量"), "accounts": ("The demonstration", "演示数据")}
MOST_PICTURE = 300 * 1024


def code(text: str) -> str:
    """What stands in code spans and indented or fenced blocks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", text)
    blocks = re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)
    return "\n".join((*fenced, *spans, *blocks))


def targets(text: str) -> set[str]:
    """The targets of `make` that a text names."""
    return {name for line in re.findall(r"\bmake((?: [a-z]+)+)", code(text)) for name in line.split()}


def commands(text: str) -> set[str]:
    """The commands of manage.py that a text names."""
    return set(re.findall(r"manage\.py ([a-z_]+)", code(text)))


def table(language: str, name: str) -> list[list[str]]:
    """The rows of the table of that section, without its head."""
    heading = SECTION[name][language != "en"]
    section = LANGUAGES[language].split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def slugs(path: Path) -> set[str]:
    """The anchors of a page's headings, as the site that shows it makes them."""
    lines = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def read_from_environment() -> set[str]:
    """The names of variables in the statements of settings.py and embedded/ that look at the environment."""
    found: set[str] = set()
    for path in (ROOT / "kunshan_edu/settings.py", *(ROOT / "kunshan_edu/embedded").glob("*.py")):
        for statement in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr):
                found |= set(_names_in(statement))
    return found


def _names_in(statement: ast.AST) -> Iterator[str]:
    nodes = list(ast.walk(statement))
    words = {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in nodes}
    if words & {"environ", "getenv", "flag", "names"}:
        for node in nodes:
            if isinstance(node, ast.Constant) and re.fullmatch(r"[A-Z][A-Z_]+", str(node.value)):
                yield node.value


def test_the_variables_are_found() -> None:
    assert {"DATABASE_URL", "REDIS_URL", "PORT", "DEMO", "ALLOWED_HOSTS"} <= read_from_environment()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_variables_is_what_is_read(language: str) -> None:
    assert sorted(row[0].strip("`") for row in table(language, "variables")) == sorted(
        read_from_environment()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_variable_has_the_default_that_the_table_says(language: str) -> None:
    said = {row[0].strip("`"): row[1] for row in table(language, "variables")}
    held = settings_with({}, "PORT", "BIND", "HTTPS", "DEBUG", "DEMO")
    assert (said["PORT"], said["BIND"]) == (f"`{held['PORT']}`", f"`{held['BIND']}`")
    off = {"en": "off", "zh-hans": "关"}[language]
    assert {said["HTTPS"], said["DEBUG"]} == {off}
    assert (held["HTTPS"], held["DEBUG"], held["DEMO"]) == (False, False, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_accounts_are_those_of_the_demonstration(language: str) -> None:
    assert f"`{PASSWORD}`" in LANGUAGES[language]
    assert {account.password for account in accounts()} == {PASSWORD}
    assert [row[0].strip("`") for row in table(language, "accounts")] == [a.username for a in accounts()]


def test_posts_of_the_accounts_are_named_as_the_site_names_them() -> None:
    with override("zh-hans"):
        shown = [str(account.label) for account in accounts() if not account.is_admin]
    assert [" · ".join(row[1:]) for row in table("zh-hans", "accounts")][: len(shown)] == shown


def test_both_languages_name_the_same() -> None:
    english, chinese = LANGUAGES.values()
    assert targets(english) == targets(chinese) >= {"run", "test"}
    assert commands(english) == commands(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")
    pictures, other = set(PICTURE.findall(english)), {"#中文"}
    assert len(pictures) == 2
    said = [{link for link in LINK.findall(text) if not link.startswith("#")} for text in (english, chinese)]
    assert said[0] - pictures - other == said[1]
    for name in SECTION:
        assert [row[0] for row in table("en", name)] == [row[0] for row in table("zh-hans", name)]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        if re.match(r"https?:", link):
            continue
        name, _hash, anchor = link.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), link
        assert ROOT in (there, *there.parents), link
        assert not anchor or anchor in slugs(there), link


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    rules = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets(text) <= set(rules)
    assert commands(text) <= set(get_commands())


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(path: Path) -> None:
    """Paths with a folder, in code; names with a place to fill in (`<app>`, `*`, `NNNN`) are not meant."""
    for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", path.read_text("utf-8")):
        if re.search(r"^(var|node_modules|locale|api)/|NNNN", name) or name.startswith("."):
            continue
        here = (
            ROOT / name,
            ROOT / "templates" / name,
            ROOT / "static" / name,
            *(ROOT / app / name for app in ("groups", "finance")),
        )
        assert any(place.exists() for place in here), name


def test_pictures_are_light() -> None:
    for name in PICTURE.findall(README):
        assert (ROOT / name).stat().st_size <= MOST_PICTURE, name


def test_the_house_lists_the_modules_that_are_allowed() -> None:
    text = (ROOT / "docs/house.md").read_text("utf-8")
    apps, core = (text.split(f"\n## {n}. ")[1].split("\n## ")[0] for n in (2, 3))
    listed = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", core, re.MULTILINE)
    assert {name for cell in listed for name in re.findall(r"`(\w+)`", cell)} == CORE_MODULES - {"__init__"}
    named = set(re.findall(r"`(\w+)(?:\.py|/)?`", apps))
    assert APP_MODULES - {"__init__", "migrations"} <= named


def test_every_address_of_the_api_page_answers() -> None:
    text = (ROOT / "docs/api.md").read_text("utf-8")
    named = re.findall(r"\$SITE(/[\w/$-]*)", text) + re.findall(r"`(?:DELETE )?(/api/[\w/-]*)`", text)
    found = {address.replace("$ID", "1") for address in named}
    assert len(found) > 10
    wrong = []
    for address in found:
        try:
            resolve(address)
        except Resolver404:
            wrong.append(address)
    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_its_parts(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:4]} · ")
    parts = ["The question", "The decision", "What follows", "What else was weighed"]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == parts


def test_decisions_are_numbered_and_short() -> None:
    found = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name[:5] for path in found] == [f"{number:04d}-" for number in range(1, len(found) + 1)]
    assert [path.name for path in found if len(path.read_text("utf-8").splitlines()) > 40] == []
