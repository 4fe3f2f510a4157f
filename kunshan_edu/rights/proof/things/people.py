"""People and staff, rotations, appraisals, trainings, honours, the calendar, and the pages about rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import (
    Deed,
    Scene,
    Thing,
    around,
    blank,
    entries,
    filling,
    maker,
    ways,
)
from kunshan_edu.rights.proof.things.personnel import DOCUMENT, person, somebody
from personnel import actions
from personnel.actions import rotation as rotating
from personnel.models import Rotation, Staff

MEMBERS = {"staff_a": "school_a", "staff_b": "school_b", "staff_e": "school_e", "staff_left": "school_a"}


def number(n: int) -> str:
    return developer("tests.personnel.staffing").identity_number(n)


@maker("staff")
def staff(scene: Scene) -> Iterator[Thing]:
    """Teachers with accounts of two sister schools and another group's, and one who has left."""
    world, by = scene.world, scene.world.users["personnel"]
    for n, (word, key) in enumerate(MEMBERS.items()):
        scene.newcomer(word)
        school = world.schools[key]
        facts = {"school": school, "document": DOCUMENT, "valid_from": scene.today - dt.timedelta(days=400)}
        row = actions.register_staff(person(scene, word), staff_no=f"PX{n:04d}", **facts, by=by)
        state = "employed"
        if word == "staff_left":
            row = actions.leave(row, valid_to=scene.today - dt.timedelta(days=30), document=DOCUMENT, by=by)
            state, school = "left", None
        where = around(school) if school else {}
        facts = Facts(**where, state=state, owner=world.users[word].pk, kind="staff")
        yield Thing("staff", f"{word} {state}", row, facts, row.staff_no)


@maker("person")
def people(scene: Scene) -> Iterator[Thing]:
    """Somebody with a post, somebody of the staff, somebody with neither."""
    world = scene.world
    official = person(scene, "principal_b")
    own = {"owner": official.user_id}
    yield Thing(
        "person",
        "任职人员",
        official,
        Facts(**around(world.schools["school_b"]), kind="official", **own),
        official.name,
    )
    for thing in scene.of("staff")[:3]:
        row = thing.row.person
        yield Thing("person", f"教职工 {row.name}", row, replace(thing.facts, kind="staff"), row.name)
    other = somebody(scene)
    yield Thing("person", "其他人员", other, Facts(kind="other"), other.name)


@filling("staff.change_record")
def record(scene: Scene, _thing: Thing) -> dict[str, Any]:
    facts = {"title": "first", "backbone_level": "none", "subject": "music", "document": DOCUMENT}
    return {"school": scene.world.schools["school_b"].pk, **facts, "valid_from": scene.today.isoformat()}


@filling("staff.leave")
def leaving(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"valid_to": scene.today.isoformat(), "document": DOCUMENT}


@filling("staff.reveal")
def revealing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "核对社保缴费"}


# Rotations

WAY = {
    "sending_agreed": (rotating.agree_sending, "principal_a"),
    "receiving_agreed": (rotating.agree_receiving, "principal_b"),
    "approved": (rotating.approve_rotation, "president"),
    "filed": (rotating.file, "personnel"),
}


def rotation(scene: Scene, state: str, to: str = "school_b", first: int = 30) -> Rotation:
    """A rotation of a new teacher of school A, so far on its way."""
    world, n = scene.world, next(scene.numbers)
    by = world.users["personnel"]
    who = actions.register_person(name=f"探针{n:04d}号", identity_number=number(20_000 + n), by=by)
    since = scene.today - dt.timedelta(days=900)
    facts = {"school": world.schools["school_a"], "document": DOCUMENT, "valid_from": since}
    teacher = actions.register_staff(who, staff_no=f"PR{n:04d}", **facts, by=by)
    start = scene.today + dt.timedelta(days=first)
    term = {"valid_from": start, "valid_to": start + dt.timedelta(days=365)}
    row = rotating.propose(teacher, to_school=world.schools[to], **term, by=world.users["principal_a"])
    return along(scene, row, state, to)


def along(scene: Scene, row: Rotation, state: str, to: str) -> Rotation:
    """As far as `state`; across groups the personnel section decides at once."""
    for stage, (act, who) in WAY.items():
        if row.state == state:
            break
        if stage == "approved" and to != "school_b":
            continue
        by = scene.world.users[f"principal_{to[-1]}" if stage == "receiving_agreed" else who]
        more = {"document": DOCUMENT} if stage == "filed" else {}
        row = act(row, by=by, **more)
    return row


def of_rotation(scene: Scene, row: Rotation, state: str) -> Facts:
    sending, receiving = row.from_school, row.to_school
    # Across groups no group has a part in it, though both see it.
    where = (
        around(sending, receiving) if row.group_id else {**around(sending, receiving), "groups": frozenset()}
    )
    return Facts(
        **where,
        sending=frozenset({sending.pk}),
        receiving=frozenset({receiving.pk}),
        state=state,
        maker=row.proposed_by_id,
        kind="group" if row.group_id else "across",
        over=row.valid_to <= scene.today,
    )


@maker("rotation")
def rotations(scene: Scene) -> Iterator[Thing]:
    """Inside the group at each stage, filed, over, refused, withdrawn; across groups at two stages."""
    for state in ("proposed", *WAY):
        yield _rotation(scene, rotation(scene, state), state)
    yield _rotation(scene, rotation(scene, "filed", first=-800), "filed", "已期满")
    for state, act in (("refused", rotating.refuse_rotation), ("withdrawn", rotating.withdraw_rotation)):
        more = {"reason": "示例理由"} if state == "refused" else {}
        row = act(rotation(scene, "proposed"), by=scene.world.users["principal_a"], **more)
        yield _rotation(scene, row, state)
    for state in ("receiving_agreed", "filed"):
        yield _rotation(scene, rotation(scene, state, "school_e"), state, f"跨集团 {state}")


def _rotation(scene: Scene, row: Rotation, state: str, word: str = "") -> Thing:
    facts = of_rotation(scene, row, state)
    seen = replace(facts, **around(row.from_school, row.to_school))
    # The calendar shows one school year, and of it what is decided.
    more = {"calendar": state == "filed" and facts.kind == "group" and not facts.over}
    return Thing("rotation", word or state, row, facts, row.staff.person.name, more, seen=seen)


@filling("rotation.file")
def filing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"document": DOCUMENT}


@filling("rotation.refuse")
def refusing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "示例理由"}


@filling("rotation.renew")
def renewing(_scene: Scene, thing: Thing) -> dict[str, Any]:
    return {"valid_to": (thing.row.valid_to + dt.timedelta(days=200)).isoformat()}


@filling("rotation.stop")
def stopping(_scene: Scene, thing: Thing) -> dict[str, Any]:
    return {"valid_to": (thing.row.valid_from + dt.timedelta(days=30)).isoformat(), "reason": "示例理由"}


# What is entered anew


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """A person, a member of staff, rotations of three proposers, a day of the calendar."""
    world, day = scene.world, scene.today.isoformat()
    who = {"name": "示例新人"}
    thing = blank("person", "登记", Facts())
    yield from entries("person.register", thing, "personnel:person_new", "people", lambda: who, "name")
    facts = {
        "name": "示例教师",
        "identity_number": number(29_999),
        "staff_no": "PX9999",
        "document": DOCUMENT,
    }
    facts |= {"school": world.schools["school_a"].pk, "title": "none", "backbone_level": "none"}
    facts |= {"subject": "music", "valid_from": day}
    thing = blank("staff", "登记", Facts(**around(world.schools["school_a"])))
    yield from entries("staff.register", thing, "personnel:staff_new", "staff", lambda: facts, "staff_no")
    yield from _proposals(scene)
    rest = {"day": f"{scene.today.year + 1}-05-08", "kind": "holiday", "name": "示例", "document": DOCUMENT}
    thing = blank("calendar", "登记", Facts())
    yield from entries(
        "calendar.set_day", thing, "personnel:calendar_day_new", "calendar-days", lambda: rest, "day"
    )


def _proposals(scene: Scene) -> Iterator[Deed]:
    """A teacher of the own school, a sister's and another group's."""
    world = scene.world
    start = scene.today + dt.timedelta(days=60)
    term = {
        "valid_from": start.isoformat(),
        "valid_to": (start + dt.timedelta(days=365)).isoformat(),
        "workload": 100,
    }
    for word, to in (("staff_a", "school_b"), ("staff_b", "school_a"), ("staff_e", "school_a")):
        member = Staff.objects.get(person__user=world.users[word])
        own, other = world.schools[MEMBERS[word]], world.schools[to]
        facts = {"staff": member.pk, "to_school": other.pk, **term}
        inside = word != "staff_e"
        said = Facts(
            **(around(own, other) if inside else {**around(own), "groups": frozenset()}),
            sending=frozenset({own.pk}),
            receiving=frozenset({other.pk}),
            kind="group" if inside else "across",
        )
        thing = blank("rotation", f"提出 {word}", said)
        yield from entries(
            "rotation.propose", thing, "personnel:rotation_new", "rotations", partial(dict, facts)
        )
