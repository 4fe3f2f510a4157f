"""What tests of pages do: send a form under a key of its own, read the words of an answer, find a verb's address."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(address, {"idem": str(uuid.uuid4()), **typed})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def do(row: Any, verb: str, noun: str = "appointment") -> str:
    return reverse(f"personnel:{noun}_verb", args=[row.pk, verb])
