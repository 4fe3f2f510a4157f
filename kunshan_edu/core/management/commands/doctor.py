"""体检: checks every invariant that exists, prints one line each, and fails when any does not hold."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as translate

from kunshan_edu.core.proofs import Proof, every_proof


class Command(BaseCommand):
    help = "Check every invariant in the database; one line each, exit status 1 on any fault."

    def handle(self, *_args: Any, **_options: Any) -> None:
        proofs = list(every_proof())
        faults = sum(self.show(proof) for proof in proofs)
        self.stdout.write(f"{len(proofs)} checked, {faults} at fault")
        if faults:
            sys.exit(1)

    def show(self, proof: Proof) -> bool:
        """Print one line; True when the invariant does not hold."""
        begun = time.monotonic()
        offenders = proof.check()
        took = f"{(time.monotonic() - begun) * 1000:5.0f} ms"
        cited = f" [{proof.clause.id}]" if proof.clause else ""
        mark = "FAULT" if offenders else "ok   "
        self.stdout.write(f"{mark} {took} {proof.name}{cited}: {translate(proof.sentence)}")
        for offender in offenders[:5]:
            self.stdout.write(f"      {offender}")
        return bool(offenders)
