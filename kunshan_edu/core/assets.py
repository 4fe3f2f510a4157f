"""Third-party assets: the files of node_modules that are served, and the sprite of the icons in use."""

from __future__ import annotations

import ast
import json
import os
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage

ROOT = Path(settings.BASE_DIR)
NODE_MODULES = Path(settings.NODE_MODULES)

# One JSON file with the drawings of all Tabler icons: 2 MB, where the package of single files has 51 MB.
ICON_SOURCE = NODE_MODULES / "@iconify-json/tabler/icons.json"
SPRITE = Path(settings.VAR) / "icons.svg"
# Requests run in threads, and Python 3.11 parses Python in one thread at a time only.
_DRAWING = threading.Lock()

_ICON_TAG = re.compile(r"""\{%\s*(?:icon|look\s+\S+\s+\S+)\s+["']([a-z0-9-]+)["']""")
_ICON_ARGUMENT = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")
# Stroke and fill come from the stylesheet: an icon takes the colour and weight of the words beside it.
_DRAWN = re.compile(r'\s(?:fill="none"|stroke(?:-linecap|-linejoin|-width)?="[^"]*")')


def files() -> dict[str, Path]:
    """Public name → file, for everything that is served beside our own static folder."""
    installed = {name: NODE_MODULES / source for name, source in settings.NPM_FILES.items()}
    return {"kg/icons.svg": SPRITE, **installed}


def missing() -> list[Path]:
    """The installed files without which pages have no script or no icons."""
    needed = [NODE_MODULES / source for source in settings.NPM_FILES.values()]
    return [path for path in (*needed, ICON_SOURCE) if not path.exists()]


class MappedStorage(FileSystemStorage):
    """Reads public names from wherever `files` says."""

    def path(self, name: str) -> str:
        return str(files()[name.replace("\\", "/")])


class NpmFinder(BaseFinder):
    """Finds exactly what `files` lists, nothing else of node_modules; draws the sprite when it is wanted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = MappedStorage(location=str(NODE_MODULES))
        super().__init__(*args, **kwargs)

    def check(self, **_kwargs: Any) -> list[checks.CheckMessage]:
        return [checks.Warning(f"{path} is missing: run `make assets`", id="core.W001") for path in missing()]

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        if path not in files() or missing():
            return []
        with _DRAWING:
            build_sprite()
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        if absent := missing():
            raise FileNotFoundError(f"{absent[0]} is missing: run `make assets`")
        build_sprite()
        for name in files():
            yield name, self.storage


class AdminFinder(AppDirectoriesFinder):
    """Finds the stylesheets of Django's admin; of no other app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(["django.contrib.admin"], *args, **kwargs)


@cache
def build_sprite() -> int:
    """Draw the sprite of the icons in use, once per process; returns how many there are."""
    names = icon_names()
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    draft = SPRITE.with_suffix(f".{os.getpid()}")
    draft.write_text(sprite(names), "utf-8")
    draft.replace(SPRITE)  # at once, for readers and for builders beside this one
    return len(names)


def icon_names() -> set[str]:
    """Every icon named in a template, or in Python as icon="…", "icon": "…" or in a constant ICONS."""
    names: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text("utf-8")
        names.update(_ICON_TAG.findall(text), _ICON_ARGUMENT.findall(text))
    for module in _modules():
        names.update(_named_in(ast.parse(module.read_text("utf-8"))))
    return names


def _modules() -> Iterator[Path]:
    for package in ("kunshan_edu", "groups", "personnel", "finance", "enrollment"):
        yield from (ROOT / package).rglob("*.py")


def _named_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "icon":
            yield from _strings(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "icon":
                    yield from _strings(value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and _is_icons(node):
            yield from _strings(node.value.values if isinstance(node.value, ast.Dict) else node.value)


def _is_icons(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id == "ICONS" for target in targets)


def _strings(node: Any) -> Iterator[str]:
    """The string constants below a node or a list of nodes; an empty one names no icon."""
    for each in node if isinstance(node, list) else [node]:
        for leaf in ast.walk(each) if each is not None else ():
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value:
                yield leaf.value


def sprite(names: set[str]) -> str:
    """One SVG whose symbols are the icons `names`; LookupError naming those that do not exist."""
    drawn = json.loads(ICON_SOURCE.read_text("utf-8"))
    bodies = {name: _body(drawn, name) for name in sorted(names)}
    unknown = [name for name, body in bodies.items() if body is None]
    if unknown:
        raise LookupError(f"no such Tabler icon: {', '.join(unknown)}")
    symbols = "".join(
        f'<symbol id="{name}" viewBox="0 0 24 24">{_DRAWN.sub("", body or "")}</symbol>'
        for name, body in bodies.items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _body(drawn: dict[str, Any], name: str) -> str | None:
    name = drawn.get("aliases", {}).get(name, {}).get("parent", name)
    icon = drawn["icons"].get(name)
    return icon["body"] if icon else None
