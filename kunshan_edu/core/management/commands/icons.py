"""`manage.py icons`: draws the sprite of the icons that templates and code name, and says which are unknown."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kunshan_edu.core import assets


class Command(BaseCommand):
    help = "Build the icon sprite from node_modules; collectstatic does the same by itself."
    requires_system_checks = ()  # what the check misses is what this says

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = assets.build_sprite()
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} is missing: run `make assets`") from error
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{assets.SPRITE}: {count} icons, {assets.SPRITE.stat().st_size} bytes")
