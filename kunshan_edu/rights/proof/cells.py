"""A cell: one person at one door of one thing, what the matrix says, what the code did; their sums, layer by layer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kunshan_edu.rights.facts import Verdict
from kunshan_edu.rights.matrix import doors_to
from kunshan_edu.rights.matrix.cells import Row
from kunshan_edu.rights.proof.crawl import Found

TITLES = {
    "L0": "the pure decision is the table, in every cell",
    "L0'": "the second oracle (Cedar) says what the table says",
    "L1a": "every door of the site is in a row of the matrix",
    "L1b": "with every decision denied, no byte is shown and no row changes",
    "L1c": "no row changes without a yes for that row, and no GET changes anything",
    "L2": "every person, door, thing and state: by effect the code does what the matrix says",
    "doors": "every door was gone through by somebody who may and by somebody who may not",
    "guard": "each row of the matrix that has a door was tried with both verdicts",
}


@dataclass
class Report:
    """What one layer looked at, and what is wrong."""

    layer: str
    looked: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Report) -> None:
        self.looked += other.looked
        self.wrong += other.wrong
        self.seconds += other.seconds

    @property
    def title(self) -> str:
        return TITLES[self.layer]


@dataclass(frozen=True)
class Mismatch:
    """A cell in which the matrix and the code differ."""

    door: str
    way: str
    thing: str
    who: str
    expected: bool
    actual: bool
    row: int | None
    why: str
    note: str = ""

    def __str__(self) -> str:
        said, did = ("yes" if each else "no" for each in (self.expected, self.actual))
        return (
            f"{self.door} ({self.way}) of {self.thing} by {self.who}: matrix {said} (row {self.row}: {self.why}), "
            f"code {did} {self.note}"
        ).rstrip()


@dataclass
class Line:
    """All cells of one door in one way on one thing: how many, who may by the matrix, in how many the code differs."""

    tried: int = 0
    may: list[str] = field(default_factory=list)
    wrong: int = 0


@dataclass
class Tally:
    """Sums over cells. Those of several processes add up."""

    lines: dict[tuple[str, str, str], Line] = field(default_factory=dict)
    mismatches: list[Mismatch] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    said: dict[int, set[bool]] = field(default_factory=dict)
    doors: dict[Found, set[bool]] = field(default_factory=dict)
    visits: int = 0

    @property
    def cells(self) -> int:
        return sum(line.tried for line in self.lines.values())

    def compare(
        self, door: str, way: str, thing: str, who: str, verdict: Verdict, actual: bool, note: str = ""
    ) -> None:
        """Count one cell."""
        line = self.lines.setdefault((door, way, thing), Line())
        line.tried += 1
        if verdict.allowed:
            line.may.append(who)
        self._exercise(door, verdict)
        if verdict.allowed != actual:
            line.wrong += 1
            why = str(verdict.why) % {"row": verdict.row}
            self.mismatches.append(
                Mismatch(door, way, thing, who, verdict.allowed, actual, verdict.row, why, note)
            )

    def _exercise(self, door: str, verdict: Verdict) -> None:
        """Which rows have now said yes, and which no. A no is said by every row that the door belongs to."""
        if verdict.allowed and verdict.row is not None:
            self.said.setdefault(verdict.row, set()).add(True)
        elif not verdict.allowed:
            for row, _door in doors_to(door):
                self.said.setdefault(row.number, set()).add(False)

    def through(self, door: Found | None, verdict: bool) -> None:
        """Somebody went to a door who may by the matrix, or who may not."""
        if door is not None:
            self.doors.setdefault(door, set()).add(verdict)

    def find(self, what: str) -> None:
        self.findings[what] += 1

    def add(self, other: Tally) -> Tally:
        """Both together."""
        for key, line in other.lines.items():
            mine = self.lines.setdefault(key, Line())
            mine.tried, mine.wrong = mine.tried + line.tried, mine.wrong + line.wrong
            mine.may += line.may
        self.mismatches += other.mismatches
        self.findings.update(other.findings)
        for row, said in other.said.items():
            self.said.setdefault(row, set()).update(said)
        for door, said in other.doors.items():
            self.doors.setdefault(door, set()).update(said)
        self.visits += other.visits
        return self

    def unsaid(self, row: Row) -> str:
        """The verdicts with which a row was not tried: nothing is proven of them."""
        missing = {True, False} - self.said.get(row.number, set())
        return " and ".join("yes" if each else "no" for each in sorted(missing, reverse=True))
