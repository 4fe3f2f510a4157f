"""第二判定: the rights of the 86 rows once more, in Cedar policies written from the guideline and its design.

It knows nothing of the matrix. A test compares the two in every cell: what both say was meant. Cedar is a tool of the
checks (requirements-dev.txt); nothing that serves a page imports this.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cedarpy

from kunshan_edu.rights.questions import ROWS, Cell, Key, Questions, standing

FOLDER = Path(__file__).parent / "cedar"


@cache
def schema() -> cedarpy.Schema:
    return cedarpy.Schema.from_str((FOLDER / "rights.cedarschema").read_text("utf-8"))


@cache
def policies() -> dict[str, dict[str, Any]]:
    """The policies by their @id, parsed. An id that is missing or used twice raises KeyError or ValueError."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.cedar")):
        parsed = json.loads(cedarpy.policies_to_json_str(path.read_text("utf-8")))
        for policy in parsed["staticPolicies"].values():
            name = policy["annotations"]["id"]
            if name in found:
                raise ValueError(f"two policies are called {name!r}")
            found[name] = policy
    return found


def rows_of(policy: Mapping[str, Any]) -> frozenset[int]:
    """The rows that a policy is about: those its scope names, or all of them."""
    scope = policy["action"]
    named = scope.get("entities") or [scope["entity"]] if scope["op"] != "All" else []
    ids = [entity["id"] for entity in named]
    if not ids or not all(i[0].isdigit() for i in ids):
        return frozenset(ROWS)
    return frozenset(int(i.split(".")[0]) for i in ids)


def _policy_set(chosen: Mapping[str, Any]) -> cedarpy.PolicySet:
    document = {"staticPolicies": dict(chosen), "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_str(cedarpy.policies_from_json_str(json.dumps(document)))


class Answer(NamedTuple):
    """May they, and by which policies: those that permit it, or those that forbid it (none: nothing permits it)."""

    allowed: bool
    grounds: frozenset[str]


class Oracle:
    """The policies, ready to be asked; `without` leaves one out, to see that it is missed."""

    def __init__(self, without: str = "") -> None:
        self._policies = {name: p for name, p in policies().items() if name != without}
        self._by_row: dict[int, cedarpy.PolicySet] = {}

    def _of_row(self, row: int) -> cedarpy.PolicySet:
        """Only the policies that can speak on a row: ten times faster, and the same answer."""
        if row not in self._by_row:
            self._by_row[row] = _policy_set({n: p for n, p in self._policies.items() if row in rows_of(p)})
        return self._by_row[row]

    def answers(self, cells: Iterable[Cell]) -> list[Answer]:
        """One per cell: yes when any post of the actor allows it."""
        questions = Questions(cells)
        entities = [*questions.entities.values(), *standing()]
        handle = cedarpy.Entities.from_json_str(json.dumps(entities), schema())
        found: dict[tuple[int, Key], Answer] = {}
        for row, asked in questions.asked.items():
            results = cedarpy.is_authorized_batch(list(asked.values()), self._of_row(row), handle)
            found.update(((row, key), _answer(result)) for key, result in zip(asked, results, strict=True))
        return [_together([found[row, key] for key in keys]) for row, keys in questions.keys]

    def verdicts(self, cells: Iterable[Cell]) -> list[bool]:
        return [answer.allowed for answer in self.answers(cells)]


def _answer(result: cedarpy.AuthzResult) -> Answer:
    said = result.diagnostics
    if said.errors:
        raise ValueError(said.errors)
    return Answer(result.allowed, frozenset(said.id_annotations_by_reason.values()))


def _together(answers: list[Answer]) -> Answer:
    """Of several posts: the first that allows it, or all that is said against it."""
    if len(answers) == 1:
        return answers[0]
    yes = next((answer for answer in answers if answer.allowed), None)
    return yes or Answer(False, frozenset().union(*(answer.grounds for answer in answers)))


@cache
def _oracle() -> Oracle:
    return Oracle()


def verdicts(cells: Iterable[Cell]) -> list[bool]:
    """What the guideline says of each cell."""
    return _oracle().verdicts(cells)
