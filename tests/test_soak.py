"""Four processes do hundreds of random verbs at once, thousands with `pytest -m proof`; then every invariant holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from finance.models import Decision, FundRequest, Payment
from kunshan_edu.core import seals
from kunshan_edu.core.proofs import every_proof

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600


@pytest.mark.parametrize("verbs", [400, pytest.param(3000, marks=pytest.mark.proof)])
def test_random_verbs_by_four_processes_break_nothing(own_database, verbs):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "kunshan_edu.settings"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.soak", str(seed), str(verbs)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(4)
    ]
    told: Counter[str] = Counter()
    for process in processes:
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err[-3000:]
        told.update(json.loads(out))
    assert told.total() > 2 * verbs  # what is tried on no request at all is not counted
    assert told["approve"] > 50
    assert told["pay"] > 5
    assert FundRequest.objects.count() > 20
    assert Decision.objects.exists()
    assert Payment.objects.exists()
    assert seals.seal() is not None
    assert {proof.name: proof.check() for proof in every_proof() if proof.check()} == {}
