"""Byte budgets of the face, and nothing in it that the oldest browsers of government desktops cannot do."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from kunshan_edu.core import assets

ROOT = Path(__file__).resolve().parent.parent
FACE = ROOT / "static/kg"
KB = 1024


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 9))


@pytest.mark.parametrize(("name", "most"), [("kg.css", 14 * KB), ("kg.js", 5 * KB), ("favicon.svg", KB)])
def test_a_file_of_the_face_is_light(name: str, most: int) -> None:
    assert weight((FACE / name).read_bytes()) <= most


def test_everything_a_first_page_loads_is_light() -> None:
    """60 KB with up to 15 KB of HTML: stylesheet, both scripts, icons, favicon."""
    script = Path(settings.NODE_MODULES) / settings.NPM_FILES["vendor/htmx.min.js"]
    own = [FACE / name for name in ("kg.css", "kg.js", "favicon.svg")]
    icons = assets.sprite(assets.icon_names()).encode()
    assert sum(weight(path.read_bytes()) for path in (*own, script)) + weight(icons) <= (60 - 15) * KB


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    "too_new", ["oklch", "@layer", ":has(", "popover", "@container", "color-mix", "inset:", "&:", "& ."]
)
def test_the_stylesheet_keeps_to_chromium_90(too_new: str) -> None:
    for path in FACE.glob("*.css"):
        assert too_new not in without_comments(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "unsafe", ["eval(", "new Function", "innerHTML", "document.write", 'setAttribute("style']
)
def test_the_script_needs_nothing_that_the_policy_forbids(unsafe: str) -> None:
    assert unsafe not in without_comments((FACE / "kg.js").read_text("utf-8"))


def test_every_class_in_a_template_of_core_has_a_rule() -> None:
    """A class that nobody draws is a typing error; `what` and `do` only name cells for the phone."""
    drawn = set(re.findall(r"\.([a-z][\w-]*)", without_comments((FACE / "kg.css").read_text("utf-8"))))
    used: set[str] = set()
    for path in [*(ROOT / "templates").glob("*.html"), *(ROOT / "templates/core").glob("*.html")]:
        for value in re.findall(r'class="([^"]*)"', path.read_text("utf-8")):
            used.update(re.sub(r"\{[{%].*?[%}]\}", " ", value).split())
    assert used <= drawn | {"what", "do"}, used - drawn
