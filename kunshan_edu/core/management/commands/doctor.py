"""体检: checks every invariant that exists, prints one line each, and fails when any does not hold."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as translate

from kunshan_edu.core.proofs import Proof, every_proof


class Command(BaseCommand):
    help = "Check every invariant in the database; one line each, exit status 1 on any fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="derive anew what follows from other rows")

    def handle(self, *_args: Any, **options: Any) -> None:
        proofs = list(every_proof())
        faults = sum(self.holds_not(proof, options["mend"]) for proof in proofs)
        self.stdout.write(f"{len(proofs)} checked, {faults} at fault")
        if faults:
            sys.exit(1)

    def holds_not(self, proof: Proof, mend: bool) -> bool:
        """Print one line; True when the invariant does not hold, nor after mending where that is asked."""
        if not self.show(proof):
            return False
        if not proof.mend:
            return True
        if not mend:
            self.stdout.write("      manage.py doctor --mend puts this right")
            return True
        self.stdout.write(f"      mended: {proof.mend()} rows changed")
        return self.show(proof)

    def show(self, proof: Proof) -> bool:
        """Print one line, and one for each thing that breaks the invariant; True when there is any."""
        begun = time.monotonic()
        offenders = proof.check()
        took = f"{(time.monotonic() - begun) * 1000:5.0f} ms"
        cited = f" [{proof.clause.id}]" if proof.clause else ""
        mark = "FAULT" if offenders else "ok   "
        self.stdout.write(f"{mark} {took} {proof.name}{cited}: {translate(proof.sentence)}")
        for offender in offenders:
            self.stdout.write(f"      {offender}")
        return bool(offenders)
