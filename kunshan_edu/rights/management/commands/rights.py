"""manage.py rights: write docs/rights.md from the matrix, or say what is wrong with the doors."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kunshan_edu.rights import doors
from kunshan_edu.rights.document import PLACE, document


class Command(BaseCommand):
    """docs/rights.md, and the doors that are in no row."""

    help = "Write docs/rights.md from the matrix of rights; --check only looks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when something is wrong"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["check"]:
            PLACE.write_text(document(), "utf-8")
        wrong = [f"in no row: {door}" for door in doors.undeclared()]
        wrong += [f"does not exist: {name}" for name in doors.stale()]
        if PLACE.read_text("utf-8") != document():
            wrong.append("docs/rights.md is not what the matrix says; run manage.py rights")
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} things are wrong with the matrix of rights")
        self.stdout.write(f"{PLACE.name}: {len(doors.sites())} doors, each in its row")
