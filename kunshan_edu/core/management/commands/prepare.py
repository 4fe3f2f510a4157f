"""Bring everything up to date before serving: words, tables, static files, demonstration data."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import trans_real


class Command(BaseCommand):
    help = "Compile words, migrate, collect static files and load the demonstration data, as far as needed."

    def handle(self, **_: Any) -> None:
        compile_words()
        if unapplied():
            self.stdout.write(
                "正在准备数据库，首次约需一分钟 / preparing the database, about a minute the first time …"
            )
            self.stdout.flush()
            call_command("migrate", verbosity=0, interactive=False)
        if settings.DEMO:
            call_command("demo", stdout=self.stdout)
        collect_static_files()


def compile_words() -> None:
    """Translations as gettext reads them, where a text is newer than its compiled form."""
    for source in (path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/*/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as text, target.open("wb") as words:
            write_mo(words, read_po(text, locale=source.parent.parent.name))
        trans_real._translations.clear()  # type: ignore[attr-defined]  # what this process read before


def unapplied() -> bool:
    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static_files() -> None:
    """Collect them only when a name, a size or a time differs from the last collection."""
    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            seen.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT).with_name("static.stamp")
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(seen.hexdigest())
