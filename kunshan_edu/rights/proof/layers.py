"""The layers of the proof, shared out over processes, and what each found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kunshan_edu.core.pages import ListPage
from kunshan_edu.rights import doors
from kunshan_edu.rights.decide import decide
from kunshan_edu.rights.matrix import ROWS, door_codes
from kunshan_edu.rights.matrix.words import Beside
from kunshan_edu.rights.proof import crawl
from kunshan_edu.rights.proof.cast import Cast
from kunshan_edu.rights.proof.cells import Report, Tally
from kunshan_edu.rights.proof.deny_all import denied
from kunshan_edu.rights.proof.effects import Watch
from kunshan_edu.rights.proof.machine import by_job, by_machine
from kunshan_edu.rights.proof.nowhere import every_nowhere
from kunshan_edu.rights.proof.rounds import Plan, Round, Stop
from kunshan_edu.rights.proof.scene import set_scene
from kunshan_edu.rights.proof.spy import Spy
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import Scene
from kunshan_edu.rights.proof.visits import Visitor, Visits, index
from kunshan_edu.rights.proof.walks import Walk, Walker, every_walk, pages_of


@dataclass
class Findings:
    """All of it. Those of several processes add up."""

    reports: dict[str, Report] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def report(self, report: Report) -> None:
        self.reports.setdefault(report.layer, Report(report.layer)).add(report)

    def add(self, other: Findings) -> None:
        for report in other.reports.values():
            self.report(report)
        self.tally.add(other.tally)

    @property
    def wrong(self) -> int:
        """In how many cells matrix and code differ."""
        return len(self.tally.mismatches)

    @property
    def holds(self) -> bool:
        return not self.wrong and not any(report.wrong for report in self.reports.values())


# L0: without a database


def pure(codes: Iterable[str]) -> Report:
    """`decide` against the second reading of the table in the tests, over all of its scenarios."""
    tests, report = developer("tests.rights.test_decide"), Report("L0")
    for code in codes:
        for case in tests.scenarios(code):
            report.looked += 1
            found = decide([case.holding()], code, case.facts())
            if found.allowed != tests.expected(code, case):
                report.wrong.append(f"{code}: {case}: decide says {found.allowed}")
    return report


def oracle() -> Report:
    """Cedar against the table, over 20 roles × 86 rows × kinds × places."""
    tests = developer("tests.rights.test_oracle")
    cells = tests.cedar_of_cells()
    wrong = [
        str(key)
        for key, found in cells.items()
        if tests.table_says(tests.BY_NUMBER[key[0]], *key[1:]) != bool(found)
    ]
    return Report("L0'", len(cells), wrong)


# L1a


def crawled() -> Report:
    """Two crawls: the one that the matrix is documented from, and one of our own that takes nothing from it."""
    found = crawl.every_door()
    wrong = [f"{door} is in no row" for door in found if doors.declared(door.site) is None]
    wrong += [f"{door} is in no row" for door in doors.undeclared()]
    return Report("L1a", len(found), sorted(set(wrong)))


# L1b


def under_denial(stops: list[Stop], walker: Walker) -> Report:
    """A part of the round through all doors while everything is denied."""
    visits = Visits(watch=walker.watch)
    going = Round(walker.scene, walker.visitors, visits)
    with denied():
        going(stops)
    astray = [f"{table} was written past the transaction" for table in visits.watch.astray()]
    return Report("L1b", visits.made, going.found + astray)


# L2 with L1c


def walked(walks: list[Walk], walker: Walker) -> Report:
    """A part of the walks, with the spy listening; the cells are in the walker's tally."""
    spy = Spy()
    walker.visits = Visits(spy, walker.watch)
    with spy.listening():
        for walk in walks:
            walk(walker)
    walker.tally.visits += walker.visits.made
    for table in walker.visits.watch.astray():
        walker.tally.find(f"{table} was written past the transaction")
    return Report("L2", 0)


# All together

Job = Callable[[Walker], Report]


def _parts(things: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def jobs(scene: Scene, everybody: bool) -> list[Job]:
    """What is to be done, in pieces of a few seconds, the largest first."""
    cast = Cast(scene, everybody)
    found: list[Job] = [partial(walked, part) for part in _parts(every_walk(scene, cast), 12)]
    found += [partial(walked, part) for part in _parts(every_nowhere(scene), 1)]
    found += [partial(under_denial, part) for part in _parts(list(Plan(scene).stops()), 60)]
    found += [by_machine, by_job]
    return found


def without_database() -> Findings:
    """The layers that need no world."""
    findings = Findings()
    for layer in (partial(pure, sorted(door_codes())), oracle):
        begun = time.process_time()
        report = layer()
        report.seconds = time.process_time() - begun
        findings.report(report)
    return findings


@dataclass
class Prepared:
    """The scene with everybody signed in, and the work on it."""

    scene: Scene
    visitors: dict[str, Visitor]
    jobs: list[Job]


def prepare(everybody: bool = False) -> Prepared:
    scene = set_scene()
    visitors = {word: Visitor.of(word, user) for word, user in scene.people.items()}
    index()  # every process inherits it
    return Prepared(scene, visitors, jobs(scene, everybody))


def work(prepared: Prepared, turns: Iterable[int]) -> Findings:
    """Do the jobs of these numbers, one after the other."""
    for address in pages_of(ListPage).values():
        address.view.per_page = 5000  # one page holds the whole list
    findings, watch = Findings(), Watch()
    for number in turns:
        walker = Walker(prepared.scene, prepared.visitors, None, findings.tally, watch)  # type: ignore[arg-type]
        begun = time.process_time()
        report = prepared.jobs[number](walker)
        report.seconds = time.process_time() - begun
        findings.report(report)
    return findings


def conclude(findings: Findings) -> Findings:
    """What can only be said when everything is known."""
    findings.report(crawled())
    tally = findings.tally
    findings.reports["L2"].looked, findings.reports["L2"].wrong = (
        tally.cells,
        list(map(str, tally.mismatches)),
    )
    findings.report(Report("L1c", tally.visits, [f"{what} ({n}×)" for what, n in tally.findings.items()]))
    built = [row for row in ROWS if set(codes_of(row)) - _missing()]
    unsaid = [f"row {row.number} {row.code}: never {words}" for row in built if (words := tally.unsaid(row))]
    findings.report(Report("guard", len(built), unsaid))
    findings.report(gone_through(tally))
    return findings


def owed(door: crawl.Found) -> set[bool]:
    """With which verdicts a door has to be tried. Commands are for whoever has the server's shell."""
    said = doors.declared(door.site) or doors.Declared()
    if door.kind == "command":
        return set()
    if door.kind in ("task", "job") or said.beside == Beside.OPEN:
        return {not _idle(door)}
    return {False} if _idle(door) else {True, False}


def _idle(door: crawl.Found) -> bool:
    """A method that an address takes and that does nothing for anybody."""
    looks = door.kind == "admin" and door.method != "GET"
    return looks or (door.kind in ("page", "post") and door.method not in ("GET", "POST"))


def gone_through(tally: Tally) -> Report:
    """Was every door that exists tried by somebody who may and by somebody who may not?"""
    found = [door for door in crawl.every_door() if owed(door)]
    missing = ((door, owed(door) - tally.doors.get(door, set())) for door in found)
    wrong = [
        f"{door}: nobody went who {' nor who '.join('may' if each else 'may not' for each in sorted(lacks))}"
        for door, lacks in missing
        if lacks
    ]
    return Report("doors", len(found), wrong)


def codes_of(row: Any) -> list[str]:
    return [door.code for door in row.doors]


def _missing() -> set[str]:
    """Doors that the matrix names and the site does not have yet."""
    return {name.removeprefix("door ") for name in doors.stale() if name.startswith("door ")}


def not_built() -> list[str]:
    """The rows of the matrix without any door yet."""
    missing = _missing()
    return [f"{row.number} {row.name.zh}" for row in ROWS if not set(codes_of(row)) - missing]
