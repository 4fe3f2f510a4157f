"""What the second oracle is asked: posts, objects and their places, and the entities that Cedar makes of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CITY, DISTRICT, GROUP = "CityPost", "DistrictPost", "GroupPost"
SCHOOL, CITIZEN = "SchoolPost", "Citizen"
ROLES: dict[str, str] = {
    **dict.fromkeys(("ADM", "BL", "HR", "FIN", "BE", "SUP", "VM", "AUD"), CITY),
    "DT": DISTRICT,
    **dict.fromkeys(("PRE", "DSC", "GOF", "GFI"), GROUP),
    **dict.fromkeys(("EXE", "VPR", "MID", "ACC", "ENR", "TCH"), SCHOOL),
    "PUB": CITIZEN,
}
KINDS = ("act", "view", "propose", "consult")
ROWS = tuple(range(1, 87))
# First day and the day after the last, counted from the day of the question.
PERIODS = {
    "in_force": (-30, 30),
    "first_day": (0, 30),
    "last_day": (-30, 1),
    "ended": (-30, 0),
    "future": (1, 30),
}
NONE, NOBODY, GIVER = "none", "nobody", "giver"


Key = tuple[str, str, str, str, int]  # of a question: post, kind, object, deed, day


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; readers: the groups that may read it."""

    school: str = NONE
    group: str = NONE
    district: str = NONE
    readers: tuple[str, ...] = ()


# Seats of posts, in a world of two groups and three districts.
SEATS = {
    "home": Place("S1", "G1", "D1"),
    "sister": Place("S2", "G1", "D2"),
    "other": Place("S3", "G2", "D3"),
}
# Where the object stands, as seen from a post at home. An own record stands where its owner does.
RELATIONS = {
    "own_school": Place("S1", "G1", "D1", ("G1",)),
    "sister_school": Place("S2", "G1", "D2", ("G1",)),
    "own_group": Place(NONE, "G1", NONE, ("G1",)),
    "other_group": Place("S3", "G2", "D3", ("G2",)),
    "own_district": Place("S4", NONE, "D1"),
    "other_district": Place("S5", NONE, "D2"),
    "bureau": Place(),
    # A school that has left the group: what is dated before, and what is newer.
    "former_member": Place("S6", NONE, "D3", ("G1",)),
    "former_member_newer": Place("S6", NONE, "D3"),
}
OWN_RECORD = "own_record"
OWN_PLACES = {
    CITY: Place(),
    DISTRICT: Place(NONE, NONE, "D1"),
    GROUP: RELATIONS["own_group"],
    SCHOOL: RELATIONS["own_school"],
    CITIZEN: RELATIONS["own_school"],
}
# 使用办法 of the world: what executive principal and president may decide, in fen.
PRINCIPAL_LIMIT, PRESIDENT_LIMIT = 1_000_000, 5_000_000
ENDLESS = 10**15
# How the actor is entangled with the object, and whoever the actor stands in for.
FLAGS = (
    "requester",
    "beneficiary",
    "decided",
    "serves",
    "giver_requester",
    "giver_beneficiary",
    "giver_decided",
)
FACTS = {
    "about_money": "aboutMoney",  # 69: a rule on money or property
    "aggregate": "aggregate",  # a sum, not a single record
    "approved_once": "approvedOnce",  # 42: somebody has approved already
    "assisted": "assisted",  # 58: the family asked for help
    "between_levels": "betweenLevels",  # 29, 30: from one treasury to another
    "between_schools": "betweenSchools",
    "by_appointment": "byAppointment",  # 83: a right that follows from an appointment
    "competitive": "competitive",  # 8-13: filled by competitive selection
    "district_level": "districtLevel",  # paid by the district's treasury
    "district_share": "districtShare",  # 28: a district pays part and has not confirmed yet
    "ending": "ending",  # 8-13: its end is recorded and not yet confirmed
    "measures_missing": "measuresMissing",
    "minutes_missing": "minutesMissing",  # the amount asks for a collective decision, and there is none
    "of_group_office": "ofGroupOffice",  # the request's origin
    "of_system": "ofSystem",  # 84: what the system did
    "own_line": "ownLine",  # 46: of the department's own line
    "own_post": "ownPost",  # 85: the actor's own
    "own_unit": "ownUnit",  # 46: of the own unit of the school
    "payee": "payee",  # 21: somebody whom the school pays
    "president_barred": "presidentBarred",  # the president is maker or beneficiary
    "principal_barred": "principalBarred",
    "unfit_delegate": "unfitDelegate",  # 85: finance staff, or whom the money is for
    "unheard": "unheard",  # 7: the school was not heard
    "year_closed": "yearClosed",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A post that the actor holds: where, when, and whether in another's stead (ceiling in fen)."""

    role: str
    period: str = "in_force"
    seat: str = "home"
    delegated: bool = False
    ceiling: int = ENDLESS

    def now(self) -> bool:
        start, end = PERIODS[self.period]
        return start <= 0 < end


@dataclass(frozen=True, slots=True)
class Cell:
    """One question: may somebody who holds these posts do this to that, on this day?

    relation: of the object to a post at home. state: of the object, as the policies name it. amount: fen.
    flags: how the actor is entangled with the object. facts: what else is so of the object. deed: which of the row's
    deeds, where it has several that differ ("confirm" what another recorded); "" for the row's own.
    """

    held: tuple[Held, ...]
    row: int
    kind: str
    relation: str
    state: str = NONE
    amount: int = 0
    flags: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    delegate_post: str = NONE
    deed: str = ""
    day: int = 20_000

    def place(self) -> Place:
        if self.relation == OWN_RECORD:
            return OWN_PLACES[ROLES[self.held[0].role]]
        return RELATIONS[self.relation]


def _ref(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": {"type": kind, "id": name}}


def _entity(kind: str, name: str, attributes: Mapping[str, Any], parent: str = "") -> dict[str, Any]:
    parents = [{"type": "Role", "id": parent}] if parent else []
    return {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": parents}


def _actor(cell: Cell) -> tuple[str, dict[str, Any]]:
    """The person, with the groups in which posts are held today."""
    serves = {SEATS[h.seat].group for h in cell.held if h.now() and ROLES[h.role] in (GROUP, SCHOOL)}
    if "serves" in cell.flags:
        serves.add(cell.place().group)
    name = "actor/" + ",".join(sorted(serves))
    return name, _entity("Person", name, {"serves": [_ref("Group", g) for g in sorted(serves)]})


def _post(held: Held, person: str, day: int) -> tuple[str, dict[str, Any]]:
    """A post as principal: its dates count from the day of the question."""
    kind, seat = ROLES[held.role], SEATS[held.seat]
    start, end = PERIODS[held.period]
    attributes: dict[str, Any] = {
        "person": _ref("Person", person),
        "instead": _ref("Person", GIVER if held.delegated else person),
        "from": day + start,
        "to": day + end,
        "delegated": held.delegated,
        "ceiling": held.ceiling,
    }
    scope = {
        DISTRICT: ("district", "District", seat.district),
        GROUP: ("group", "Group", seat.group),
        SCHOOL: ("school", "School", seat.school),
    }.get(kind)
    if scope:
        attributes[scope[0]] = _ref(scope[1], scope[2])
    name = f"{held.role}/{held.seat}/{day + start}/{day + end}/{held.delegated}/{held.ceiling}/{person}"
    return name, _entity(kind, name, attributes, held.role)


def _persons(cell: Cell, actor: str) -> dict[str, Any]:
    """Who stands behind the object: the actor, whoever the actor stands in for, or nobody."""

    def who(flag: str) -> str:
        return actor if flag in cell.flags else GIVER if f"giver_{flag}" in cell.flags else NOBODY

    owns = cell.relation == OWN_RECORD or "requester" in cell.flags  # whoever asks for money owns the request
    return {
        "owner": _ref("Person", actor if owns else NOBODY),
        "requester": _ref("Person", who("requester")),
        "beneficiary": _ref("Person", who("beneficiary")),
        "deciders": [_ref("Person", who("decided"))],
    }


def _record(cell: Cell, actor: str) -> tuple[str, dict[str, Any]]:
    """What is acted on."""
    place = cell.place()
    flags, facts = "+".join(sorted(cell.flags)), "+".join(sorted(cell.facts))
    where = f"{cell.relation}/{place.school}{place.group}{place.district}"
    name = "/".join((where, cell.state, str(cell.amount), cell.delegate_post, facts, flags, actor))
    attributes = {
        "school": _ref("School", place.school),
        "group": _ref("Group", place.group),
        "groups": [_ref("Group", g) for g in place.readers],
        "district": _ref("District", place.district),
        **_persons(cell, actor),
        "state": cell.state,
        "amount": cell.amount,
        "principalLimit": PRINCIPAL_LIMIT,
        "presidentLimit": PRESIDENT_LIMIT,
        "delegatePost": cell.delegate_post,
        **{attribute: fact in cell.facts for fact, attribute in FACTS.items()},
    }
    return name, _entity("Record", name, attributes)


def _request(post: tuple[str, str], cell: Cell, record: str) -> dict[str, Any]:
    return {
        "principal": {"type": post[0], "id": post[1]},
        "action": {"type": "Action", "id": f"{cell.row}.{cell.kind}"},
        "resource": {"type": "Record", "id": record},
        "context": {"day": cell.day, "deed": cell.deed},
    }


class Questions:
    """Cells as Cedar asks them: each post of the actor is a principal of its own; what repeats is asked once."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.entities: dict[tuple[str, str], dict[str, Any]] = {}
        self.asked: dict[int, dict[Key, dict[str, Any]]] = {}
        self._scenes: dict[tuple[Any, ...], tuple[list[tuple[str, str]], str]] = {}
        self.keys = [self._add(cell) for cell in cells]

    def _keep(self, kind: str, named: tuple[str, dict[str, Any]]) -> str:
        self.entities.setdefault((kind, named[0]), named[1])
        return named[0]

    def _scene(self, cell: Cell) -> tuple[list[tuple[str, str]], str]:
        """The posts and the object of a cell, by their names; the same for every row and kind."""
        key = (
            cell.held, cell.relation, cell.state, cell.amount, cell.flags, cell.facts, cell.delegate_post, cell.day,
        )  # fmt: skip
        if key not in self._scenes:
            person = self._keep("Person", _actor(cell))
            record = self._keep("Record", _record(cell, person))
            posts = [
                (ROLES[h.role], self._keep(ROLES[h.role], _post(h, person, cell.day))) for h in cell.held
            ]
            self._scenes[key] = posts, record
        return self._scenes[key]

    def _add(self, cell: Cell) -> tuple[int, list[Key]]:
        posts, record = self._scene(cell)
        asked = self.asked.setdefault(cell.row, {})
        keys = [(post[1], cell.kind, record, cell.deed, cell.day) for post in posts]
        for key, post in zip(keys, posts, strict=True):
            if key not in asked:
                asked[key] = _request(post, cell, record)
        return cell.row, keys


def standing() -> list[dict[str, Any]]:
    """The rest of the world: the roles, nobody, and whoever somebody stands in for."""
    return [
        *(_entity("Role", role, {}) for role in ROLES),
        *(_entity("Person", person, {"serves": []}) for person in (NOBODY, GIVER)),
    ]
