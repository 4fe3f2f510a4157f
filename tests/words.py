"""What the tests of the translations know of words: the catalogue, what is Chinese, how to read English."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.test import override_settings

from kunshan_edu.core.management.commands.prepare import compile_words

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"
PACKAGES = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")
HAN = re.compile(r"[\u3400-\u9fff]")
CHINESE = re.compile(r"[\u3001-\u3011\u3016-\u303f\u3400-\u9fff\uff00-\uffef]")  # all but 〔〕
DOCUMENT = re.compile(r"[\u4e00-\u9fff]{2,20}〔\d{4}〕\d+号")
CITED = re.compile(r"[一二三四五六]、(?:\d|第[一二三]阶段)|(?<=号 )(?:文头|[一二三四五六])|^[一二三四五六]$")
# In place of a document number, under the appointment that the installation makes.
INSTALLED = "系统安装"

Key = tuple[str | None, str]


def catalogue(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, locale="en")


def pairs(words: Catalog) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """((context, source), every translation of it), plural forms side by side."""
    for message in words:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield (message.context, source), tuple(said)


@contextmanager
def compiled(folder: Path) -> Iterator[None]:
    """The catalogue compiled, in `folder`, from its text as it is now; one compiled earlier may be old."""
    (folder / "en/LC_MESSAGES").mkdir(parents=True)
    shutil.copy(CATALOGUE, folder / "en/LC_MESSAGES")
    with override_settings(LOCALE_PATHS=[folder]):
        compile_words()
        yield
