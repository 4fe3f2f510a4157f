"""A cell: one person at one door of one thing, what the matrix says and what the running code did; and their sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kunshan_edu.rights.facts import Verdict
from kunshan_edu.rights.matrix import doors_to
from kunshan_edu.rights.matrix.cells import Row


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
        self.visits += other.visits
        return self

    def unsaid(self, row: Row) -> str:
        """The verdicts with which a row was not tried: nothing is proven of them."""
        missing = {True, False} - self.said.get(row.number, set())
        return " and ".join("yes" if each else "no" for each in sorted(missing, reverse=True))
