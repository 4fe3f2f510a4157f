"""The matrix against the second oracle: every cell of its table, and every door that is built, is the same in Cedar.

At the doors Cedar is asked a quarter of a million questions: here all that are allowed and a sample of the others,
another one whenever table or policies change; all of them with `pytest -m proof tests/rights/test_oracle.py`.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

import cedarpy
import pytest

from kunshan_edu.core.guideline import Clause
from kunshan_edu.rights import oracle
from kunshan_edu.rights.decide import decide
from kunshan_edu.rights.facts import Holding, Verdict
from kunshan_edu.rights.matrix import ROWS
from kunshan_edu.rights.matrix.cells import Cell as TableCell
from kunshan_edu.rights.matrix.words import Mark, Role
from kunshan_edu.rights.oracle import Answer, Oracle, policies, rows_of, verdicts
from kunshan_edu.rights.questions import PERIODS, Cell, Held
from kunshan_edu.rights.questions import ROWS as NUMBERS
from tests.rights.oracle_cells import APART, every_key, neighbours, scenes, table_says
from tests.rights.oracle_doors import LEFT_OUT, every_pair
from tests.rights.oracle_pairs import Pair

BASES = {"choice", "law", "measures"}
UNLIKE = frozenset({"by_appointment", "of_group_office"})
BY_NUMBER = {row.number: row for row in ROWS}
# What the administrator keeps in row 83 are accounts, and no door makes one; what follows from an appointment is never
# the administrator's (rule 10). So this cell opens none of the row's doors, in the design either.
ACCOUNTS = BY_NUMBER[83].cells[Role.ADM]


def as_designed(cell: TableCell) -> bool:
    """Is a cell given by the design? What this house added is not, what it does not give yet is."""
    return cell.mark != Mark.ADDED and not any(cell is one for one in ACCOUNTS)


Key = tuple[int, str, str, str]  # row, role, kind, place


@dataclass
class Compared:
    """What came of asking both at every built door: how often, where they differ, what was said."""

    cells: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    doors: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)


Asked = tuple[tuple[Holding, ...], Pair]
AT_ONCE = 20_000
# Of what is refused, one question in so many is asked in Cedar beside the first of its kind.
ONE_IN = 16
# What the sample depends on: all that the two say.
SAID_IN = (*oracle.FOLDER.glob("*.cedar"), *(oracle.FOLDER.parent / "matrix").glob("*.py"))


def _in_parts() -> Iterator[list[Asked]]:
    everything = every_pair()
    while part := list(islice(everything, AT_ONCE)):
        yield part


def _cedar(part: list[Asked]) -> list[bool]:
    answers = iter(verdicts(cell for _held, pair in part for cell in pair.cells))
    return [sum(next(answers) for _cell in pair.cells) > 0 for _held, pair in part]


def _decide(part: list[Asked]) -> list[Verdict]:
    return [decide(held, pair.door, pair.facts) for held, pair in part]


def _by_design(part: list[Asked]) -> list[Verdict]:
    """What `decide` says with the cells that the design gives, whatever this house gives yet or added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TableCell, "given", property(as_designed))
        return _decide(part)


class Sample:
    """What is allowed; of what is refused the first of each door, role, place and reason, and some of the rest."""

    def __init__(self) -> None:
        seed = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SAID_IN)))
        self._dice, self._known = random.Random(seed.digest()), set()  # noqa: S311

    def has(self, asked: Asked, design: Verdict) -> bool:
        held, pair = asked
        kind = (pair.door, tuple(one.role for one in held), pair.cells[0].relation, design.code)
        new, by_chance = kind not in self._known, self._dice.randrange(ONE_IN) == 0
        self._known.add(kind)
        return design.allowed or new or by_chance


def _ask_cedar(part: list[Asked], designs: list[Verdict], found: Compared) -> None:
    for asked, cedar, design in zip(part, _cedar(part), designs, strict=True):
        found.asked += 1
        if cedar != design.allowed:
            found.wrong.append(f"{'cedar' if cedar else 'decide'} alone: {asked}")


def compared(sample: Sample | None) -> Compared:
    """Table and marks on every question, Cedar on every one or on those of the sample."""
    found = Compared()
    for part in _in_parts():
        designs, put, answers = _by_design(part), [], []
        for asked, design, house in zip(part, designs, _decide(part), strict=True):
            found.cells += 1
            found.doors.add(asked[1].door)
            if design.allowed:
                found.opened.add(asked[1].door)
            mark = Mark.ADDED if house.allowed else Mark.NOT_YET
            if house.allowed != design.allowed and mark not in _marks(*asked):
                found.unmarked.append(str(asked))
            if sample is None or sample.has(asked, design):
                put.append(asked)
                answers.append(design)
        _ask_cedar(put, answers, found)
    return found


@cache
def cedar_of_cells() -> dict[Key, list[tuple[Cell, Answer]]]:
    """Of each cell of the table, the scenes in which Cedar allows it, with the grounds; none: there is no right."""
    asked = [(key, scene) for key in every_key() for scene in scenes(*key)]
    found: dict[Key, list[tuple[Cell, Answer]]] = {key: [] for key in every_key()}
    for (key, scene), answer in zip(asked, Oracle().answers(s for _key, s in asked), strict=True):
        if answer.allowed:
            found[key].append((scene, answer))
    return found


# ------------------------------------------------------------------------------------------------ the policies


def test_policies_are_valid_against_their_schema() -> None:
    text = "\n".join(path.read_text("utf-8") for path in sorted(oracle.FOLDER.glob("*.cedar")))
    result = cedarpy.validate_policies(text, (oracle.FOLDER / "rights.cedarschema").read_text("utf-8"))
    assert result.validation_passed, [str(error) for error in result.errors]


def test_a_policy_that_asks_for_what_is_not_there_is_not_valid() -> None:
    schema = (oracle.FOLDER / "rights.cedarschema").read_text("utf-8")
    wrong = 'permit (principal, action == Action::"1.act", resource) when { resource.colour == "red" };'
    assert not cedarpy.validate_policies(wrong, schema).validation_passed


def test_every_policy_says_what_it_stands_on() -> None:
    for name, policy in policies().items():
        said = policy["annotations"]
        assert ("clause" in said) != ("basis" in said), name
        assert "clause" not in said or Clause.of(said["clause"]), name
        assert said.get("basis", "law") in BASES, name


def test_every_policy_is_explained() -> None:
    for path in sorted(oracle.FOLDER.glob("*.cedar")):
        lines = path.read_text("utf-8").splitlines()
        heads = [n for n, line in enumerate(lines) if line.startswith("@id(")]
        assert heads and all(lines[n - 1].startswith("// ") for n in heads), path.name


def test_every_row_has_a_permit() -> None:
    permitted = {row for p in policies().values() if p["effect"] == "permit" for row in _named(p)}
    assert permitted == set(NUMBERS)


def _named(policy: dict) -> Iterator[int]:
    rows = rows_of(policy)
    yield from rows if len(rows) < len(NUMBERS) else ()


def test_the_oracle_knows_nothing_of_the_matrix() -> None:
    for name in ("oracle.py", "questions.py"):
        source = (oracle.FOLDER.parent / name).read_text("utf-8")
        assert "rights.matrix" not in source, name
        assert "rights.decide" not in source, name


def test_asking_only_the_policies_of_a_row_changes_no_answer() -> None:
    whole = Oracle()
    whole._by_row = dict.fromkeys(NUMBERS, _all_policies())
    asked = [scene for key in every_key()[::53] for scene in scenes(*key)]
    assert whole.answers(asked) == Oracle().answers(asked)


def _all_policies() -> cedarpy.PolicySet:
    return oracle._policy_set(policies())


# ------------------------------------------------------------------------------------------------ the comparison


def test_the_table_is_what_cedar_says() -> None:
    """20 roles × 86 rows × 4 kinds × 8 places: what the design gives, in the table and in Cedar."""
    wrong = [
        (key, "cedar" if found else "table")
        for key, found in cedar_of_cells().items()
        if table_says(BY_NUMBER[key[0]], *key[1:]) != bool(found)
    ]
    print(f"cells {len(cedar_of_cells())}, disagreements {len(wrong)}")
    assert wrong[:5] == []
    assert len(cedar_of_cells()) >= 55_000
    for row in NUMBERS:
        said = {bool(found) for key, found in cedar_of_cells().items() if key[0] == row}
        assert said == {True, False}, row


def test_no_right_outlives_its_post_nor_comes_before_it() -> None:
    given = [found[0][0] for found in cedar_of_cells().values() if found]
    for period in PERIODS:
        asked = [replace(scene, held=(Held(scene.held[0].role, period),)) for scene in given]
        expected = period in ("in_force", "first_day", "last_day")
        assert set(verdicts(asked)) == {expected}, period


def test_the_decision_is_what_cedar_says() -> None:
    """Every built door × role × place × state × amount × flaw × period, also lent, and with two posts.

    With the marks of the table in force it differs only where it says so: more only by cells marked as added, less
    only by those not given yet. Every door of the 86 rows is compared, or left out with a reason.
    """
    found = compared(Sample())
    _agree(found)
    assert 30_000 <= found.asked <= found.cells / 4


@pytest.mark.proof
def test_the_decision_is_what_cedar_says_to_every_question() -> None:
    found = compared(None)
    _agree(found)
    assert found.asked == found.cells


def _agree(found: Compared) -> None:
    print(f"cells {found.cells}, asked in Cedar {found.asked}, disagreements {len(found.wrong)}")
    assert found.wrong[:3] == []
    assert found.unmarked[:3] == []
    assert found.cells >= 220_000
    assert found.opened == found.doors
    built = {door.code for row in ROWS if row.number <= 86 for door in row.doors}
    beyond = {door.code for row in ROWS if row.number > 86 for door in row.doors}
    assert built - beyond - found.doors == set(LEFT_OUT)
    assert found.doors - built == set()


def _marks(held: tuple[Holding, ...], pair: Pair) -> set[Mark]:
    """The marks of all cells that these roles have in rows of this door."""
    rows = [row for row in ROWS if any(door.code == pair.door for door in row.doors)]
    marks = {cell.mark for row in rows for one in held for cell in row.cells.get(one.role, ())}
    beyond = any(row.number > 86 for row in rows)
    return marks | ({Mark.ADDED} if beyond else set())


# ------------------------------------------------------------------------------------------------ no dead policy


def _turning_on(answers: Iterable[tuple[Cell, Answer]]) -> dict[str, list[Cell]]:
    """Policy → questions that it alone answered as they are answered."""
    found: dict[str, list[Cell]] = {}
    for cell, answer in answers:
        if len(answer.grounds) == 1:
            found.setdefault(next(iter(answer.grounds)), []).append(cell)
    return found


@cache
def turning() -> dict[str, list[Cell]]:
    """What turns on one policy: among what is allowed, and, one step from it, among what is refused."""
    allowed = [one for found in cedar_of_cells().values() for one in found]
    firsts = {
        (c.row, c.kind, c.state, c.held[0].role, c.facts & UNLIKE): c for c, _answer in reversed(allowed)
    }
    beside = [*APART, *(cell for scene in firsts.values() for cell in neighbours(scene))]
    refused = ((c, a) for c, a in zip(beside, Oracle().answers(beside), strict=True) if not a.allowed)
    return _turning_on(allowed) | _turning_on(refused)


def test_no_policy_is_dead() -> None:
    """Without it, at least one answer is another: each policy in turn is left out."""
    dead = [name for name in policies() if not _is_missed(name)]
    assert dead == []


def _is_missed(name: str) -> bool:
    """The first few questions nearly always tell."""
    asked, rest = turning().get(name, [])[:200], Oracle(without=name)
    return any(verdicts(part) != rest.verdicts(part) for part in (asked[:5], asked[5:]) if part)
