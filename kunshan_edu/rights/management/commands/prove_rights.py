"""权限证明: walks every door of the site as everybody, and compares what happens with the matrix of rights."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kunshan_edu.rights.proof.stage import Aside, NoTools, side_by_side, stage


def processor() -> float:
    """Seconds of processor that the processes of the proof have used; the database's own not counted."""
    return sum(os.times()[:4])


class Command(BaseCommand):
    help = (
        "Prove that the running code gives exactly the rights of the matrix; exit status 1 where it does not."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--evidence", type=Path, default=settings.VAR / "rights-proof.md", help="where to write it"
        )
        parser.add_argument("--processes", type=int, default=2, help="each with a database of its own")
        parser.add_argument(
            "--everybody", action="store_true", help="send everybody everywhere, not one of a kind"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        begun = time.monotonic()
        try:
            findings = self.prove(options["processes"], options["everybody"])
        except NoTools as error:
            raise CommandError(str(error)) from error
        self.tell(findings, options["evidence"], time.monotonic() - begun)
        if not findings.holds:
            sys.exit(1)

    def prove(self, processes: int, everybody: bool) -> Any:
        from kunshan_edu.rights.proof import layers  # asks for the tests' world, which may not be there

        aside = Aside(layers.without_database)  # while the scene is built, which takes one processor
        with stage(partial(layers.prepare, everybody), processes) as (prepared, databases):
            found = side_by_side(databases, partial(layers.work, prepared), len(prepared.jobs))
            findings = layers.Findings()
            for each in (*found, aside.result()):
                findings.add(each)
            return layers.conclude(findings)

    def tell(self, findings: Any, place: Path, seconds: float) -> None:
        from kunshan_edu.rights.proof import evidence

        evidence.write(findings, place)
        for line in (*evidence.wrong(findings), *evidence.summary(findings)):
            self.stdout.write(line)
        where = f"the evidence is in {place} and {place.with_suffix('.csv').name}"
        self.stdout.write(f"{seconds:.0f} s, {processor():.0f} s of processor; {where}")
        self.stdout.write(evidence.last_line(findings))
