"""What the matrix is made of: cells, doors, rows, and the short notation that they are written in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kunshan_edu.core.guideline import Clause
from kunshan_edu.rights.matrix.words import Basis, Kind, Mark, Reach, Remark, Role, Worded, Words

CELL = re.compile(r"([ADGSR])([2pcnrbvtm]?)((?::[a-z]+)*)((?:@[a-z_]+)*)([~+]?)")
# Whoever has any of these in a row sees the row's objects whole.
SEEING = frozenset(set(Kind) - {Kind.TOTALS, Kind.MASKED})
STARTING = frozenset({Kind.FULL, Kind.PROPOSE})


class Chapter(Worded):
    """The parts of the matrix."""

    REGISTER = ("register", "登记", "Register")
    PERSONNEL = ("personnel", "人事", "Personnel")
    MONEY = ("finance", "专项经费", "Special fund")
    ENROLLMENT = ("enrollment", "招生", "Enrollment")
    TEACHING = ("teaching", "制度、教学、评价", "Rules, teaching, evaluation")
    SYSTEM = ("system", "推进与系统", "Programme and system")


# An auditor sees every row of these chapters, with the data of persons masked, and acts in none.
AUDITED = (Chapter.PERSONNEL, Chapter.MONEY, Chapter.ENROLLMENT)


@dataclass(frozen=True)
class Cell:
    """What one role may do of a row's action. posts: only these of the role's posts, when it has several."""

    reach: Reach
    kind: Kind = Kind.FULL
    remarks: tuple[Remark, ...] = ()
    posts: tuple[str, ...] = ()
    mark: Mark = Mark.NONE

    @property
    def given(self) -> bool:
        return self.mark != Mark.NOT_YET

    def __str__(self) -> str:
        remarks, posts = "".join(f":{r}" for r in self.remarks), "".join(f"@{p}" for p in self.posts)
        return f"{self.reach}{self.kind}{remarks}{posts}{self.mark}"


def read_cell(text: str) -> Cell:
    """A cell from its notation: reach, kind, :remarks, @posts, mark. "Sp@clerk~" proposes in the own school, …"""
    found = CELL.fullmatch(text)
    if found is None:
        raise ValueError(f"no cell: {text!r}")
    reach, kind, remarks, posts, mark = found.groups()
    return Cell(
        Reach.of(reach),
        Kind.of(kind),
        tuple(map(Remark.of, remarks.split(":")[1:])),
        tuple(posts.split("@")[1:]),
        Mark.of(mark),
    )


def read_cells(text: str) -> dict[Role, tuple[Cell, ...]]:
    """ "BL=A2 EXE,VPR=S HR=Ac/Av" → the cells of each role; ALL stands for every role but the auditor."""
    found: dict[Role, tuple[Cell, ...]] = {}
    for part in text.split():
        roles, _equals, cells = part.partition("=")
        named = (r for r in Role if r != Role.AUD) if roles == "ALL" else map(Role.of, roles.split(","))
        for role in named:
            found[role] = (*found.get(role, ()), *map(read_cell, cells.split("/")))
    return found


@dataclass(frozen=True)
class Door:
    """One way to carry out a row's action: `noun.verb` of a verb table, or `noun.word` of a page.

    kinds: the cells that open it. states: of the object, in which it may be done; none: any. when: the conditions,
    by the names of `rights.conditions`. only: attribute of the facts → its values of which this row speaks. place:
    the places in the facts that the reach is measured on, when not those of the object.
    """

    code: str
    kinds: frozenset[Kind] = frozenset({Kind.FULL})
    states: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    place: str = ""


def _door(kinds: Iterable[Kind], codes: str, states: str, when: str, place: str, only: Mapping) -> list[Door]:
    narrowed = {name: tuple(values.split()) for name, values in only.items()}
    return [
        Door(code, frozenset(kinds), tuple(states.split()), tuple(when.split()), narrowed, place)
        for code in codes.split()
    ]


def do(codes: str, states: str = "", when: str = "", place: str = "", **only: str) -> list[Door]:
    """Doors for whom the row lets do it."""
    return _door({Kind.FULL}, codes, states, when, place, only)


def start(codes: str, states: str = "", when: str = "", place: str = "", **only: str) -> list[Door]:
    """Doors for whom the row lets do or propose it."""
    return _door(STARTING, codes, states, when, place, only)


def nominate(codes: str, states: str = "", when: str = "", place: str = "", **only: str) -> list[Door]:
    """Doors for whom the row lets propose it, and for nobody who does it."""
    return _door({Kind.PROPOSE}, codes, states, when, place, only)


def second(codes: str, states: str = "", when: str = "another", place: str = "", **only: str) -> list[Door]:
    """Doors for the second person, who confirms what another recorded."""
    return _door({Kind.SECOND}, codes, states, when, place, only)


def heard(codes: str, states: str = "", when: str = "", place: str = "", **only: str) -> list[Door]:
    """Doors for who is consulted or acknowledges."""
    return _door({Kind.CONSULT}, codes, states, when, place, only)


def sign(kind: Kind, code: str, when: str = "", **only: str) -> list[Door]:
    """The door of an approval step: open while the request is under review, at the place of the step."""
    return _door({kind}, code, "pending", f"open_step not_own apart {when}", "step", only)


def see(codes: str, states: str = "", when: str = "", **only: str) -> list[Door]:
    """Doors for whoever has a part in the row, but for totals and masked sight."""
    return _door(SEEING, codes, states, when, "", only)


@dataclass(frozen=True)
class Row:
    """One action of the matrix, with who may do it, on what it stands, and the doors that carry it out."""

    number: int
    code: str
    name: Words
    chapter: Chapter
    basis: tuple[Clause | Basis, ...]
    cells: Mapping[Role, tuple[Cell, ...]] = field(hash=False)
    doors: tuple[Door, ...] = ()
    note: Words | None = None
    delegable: bool = False

    @property
    def built(self) -> bool:
        """Is there a door for it yet?"""
        return bool(self.doors)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(b for b in self.basis if isinstance(b, Clause))

    @property
    def app(self) -> str:
        return self.chapter.value

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the object in which something of the row may be done."""
        return tuple(dict.fromkeys(state for door in self.doors for state in door.states))

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for door in self.doors for name in door.when))


def _basis(text: str) -> tuple[Clause | Basis, ...]:
    codes = {basis.value for basis in Basis}
    return tuple(Basis.of(part) if part in codes else Clause.of(part) for part in text.split())


@dataclass(frozen=True)
class Rows:
    """Writes the rows of one chapter."""

    chapter: Chapter

    def __call__(
        self,
        number: int,
        code: str,
        name: tuple[str, str],
        basis: str,
        cells: str,
        *doors: list[Door],
        note: tuple[str, str] | None = None,
        delegable: bool = False,
    ) -> Row:
        read = read_cells(cells)
        if self.chapter in AUDITED:
            read.setdefault(Role.AUD, (Cell(Reach.ALL, Kind.VIEW),))
        flat = tuple(door for part in doors for door in part)
        return Row(
            number,
            code,
            Words(*name),
            self.chapter,
            _basis(basis),
            read,
            flat,
            Words(*note) if note else None,
            delegable,
        )
