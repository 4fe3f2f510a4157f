"""What a decision looks at: the posts of whoever acts, and the object on that day. Pure: numbers, dates and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from kunshan_edu.rights.matrix.words import Role

Ids = frozenset[int]
NOBODY: Ids = frozenset()
# The role of an approval step (finance.choices.Role) → the column of the matrix.
STEP_ROLE = {
    "executive_principal": Role.EXE,
    "group_finance": Role.GFI,
    "group_president": Role.PRE,
    "district": Role.DT,
    "bureau_finance": Role.FIN,
    "bureau_leader": Role.BL,
}
STEP_PLACE = {
    "executive_principal": "school",
    "group_finance": "group",
    "group_president": "group",
    "district": "district",
    "bureau_finance": "bureau",
    "bureau_leader": "bureau",
}
# Who decides finally, from the school up: the bands that a request's amount falls into.
LEVELS = ("principal", "president", "leader")
LEVEL_OF = {"executive_principal": "principal", "group_president": "president", "bureau_leader": "leader"}


@dataclass(frozen=True)
class Holding:
    """A role held at a place from one day up to another (not included; None: open).

    place: the id of the school, group, district or bureau. role without a post (TCH, PUB, ADM): place 0. giver: of a
    right held by delegation, whose it is; ceiling: up to how many yuan, None: as far as the giver's. line: of the
    department of a group that coordinates one line only.
    """

    role: Role
    place: int = 0
    post: str = ""
    since: dt.date = dt.date.min
    until: dt.date | None = None
    giver: int | None = None
    ceiling: Decimal | None = None
    line: str = ""

    def in_force(self, on: dt.date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Step:
    """An approval step: role and act as finance.choices name them, the id of its container, whether it was lifted
    there because of avoidance or a vacancy."""

    role: str
    act: str
    place: int
    lifted: bool = False


@dataclass(frozen=True)
class Limits:
    """The ceilings of the Measures in force, in yuan: of the executive principal, of the president, and from where a
    collective decision is needed."""

    principal: Decimal = Decimal("10000.00")
    president: Decimal = Decimal("50000.00")
    collective: Decimal = Decimal("50000.00")


@dataclass(frozen=True)
class Facts:
    """The object and the deed. Everything has a default: say what applies.

    actor: the user who acts; on: the day; active: may the account sign in. anywhere: the deed has no object yet (a
    blank form): any place will do.

    schools, groups, districts: where the object belongs that day: a request's bearing schools, the group of its fund,
    the districts that fund it; the school where somebody teaches or is established, and its group and district.
    unit: the schools and groups for which it is made, when that is narrower: a request's own school with its group,
    or of the group office the group alone. sending, receiving: the two schools of a rotation.

    state: in the words of the app. owner: whose own record it is (the requester; the person concerned). maker: who
    recorded what is now to be confirmed (or its end, when that is to be). post: of an appointment, appraisal, quota;
    method: how it is filled; over: its last day has passed; ending: its end is recorded and not yet confirmed;
    vacant: its group has no president. kind: what else tells two rows apart ("group" or "school" of a unit, "group"
    or "across" of a rotation, "official", "staff" or "other" of a person).

    Of a fund request: origin (school, group), line (of the group's department), amount (yuan, added up over the
    window), limits, level (the level that its chain decides on, if lifted), open_steps, decided (its deciding steps),
    done (the steps already signed, to have their order judged too; None: not asked), replaced (step roles that are
    vacant or avoided), approvers (of this version), approvals (how many), serving (who holds a post of the own in the
    fund's group), beneficiary, unpaid (bearing schools), payments, has_minutes, numbered.
    """

    actor: int = 0
    on: dt.date = dt.date(2026, 1, 1)
    active: bool = True
    anywhere: bool = False
    schools: Ids = NOBODY
    groups: Ids = NOBODY
    districts: Ids = NOBODY
    unit: Mapping[str, Ids] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    sending: Ids = NOBODY
    receiving: Ids = NOBODY
    state: str = ""
    owner: int | None = None
    maker: int | None = None
    post: str = ""
    method: str = "assigned"
    kind: str = ""
    over: bool = False
    ending: bool = False
    vacant: bool = False
    origin: str = "school"
    line: str = ""
    amount: Decimal = Decimal(0)
    limits: Limits = Limits()
    level: str = ""
    open_steps: tuple[Step, ...] = ()
    decided: tuple[Step, ...] = ()
    done: tuple[Step, ...] | None = None
    replaced: frozenset[str] = frozenset()
    approvers: Ids = NOBODY
    approvals: int = 0
    serving: Ids = NOBODY
    beneficiary: int | None = None
    unpaid: Ids = NOBODY
    payments: int = 0
    has_minutes: bool = False
    numbered: bool = False
    measures_in_force: bool = True
    year_open: bool = True
    step: Step | None = None

    @property
    def band(self) -> str:
        """The level that decides: by the amount, or the one its chain was lifted to when that is higher."""
        lowest = LEVELS[0] if self.origin == "school" else LEVELS[1]
        by_amount = lowest if self.amount <= self.limits.principal else LEVELS[1]
        if self.amount > self.limits.president:
            by_amount = LEVELS[2]
        return max(by_amount, self.level or by_amount, key=LEVELS.index)

    @property
    def act(self) -> str:
        return self.step.act if self.step else ""

    @property
    def lifted(self) -> str:
        return "yes" if self.step and self.step.lifted else "no"

    @property
    def collective(self) -> bool:
        """Is a collective decision needed before the deciding step?"""
        return self.amount >= self.limits.collective

    def at(self, step: Step) -> Facts:
        """The same, looked at for one step."""
        return replace(self, step=step)

    def places(self, where: str) -> Mapping[str, Ids]:
        """Container kind → ids on which a reach is measured; where: as a door's `place` names it."""
        if where in ("step", "decided"):
            step = self.step
            return {STEP_PLACE[step.role]: frozenset({step.place})} if step else {}
        if where == "unit":
            return self.unit
        if where in ("sending", "receiving", "unpaid"):
            return {"school": getattr(self, where), "group": self.groups}
        return {"school": self.schools, "group": self.groups, "district": self.districts}


@dataclass(frozen=True)
class Verdict:
    """May it be done, by which row of the matrix, and why (not): a code and a sentence."""

    allowed: bool
    row: int | None
    code: str
    why: str

    def __bool__(self) -> bool:
        return self.allowed
