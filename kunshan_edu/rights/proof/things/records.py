"""What the unified personnel rules leave behind of people: appraisals, trainings, attendance, honours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from groups.models import EducationGroup
from kunshan_edu.core.changes import add
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.things import Deed, Scene, Thing, around, blank, entries, filling, maker, ways
from kunshan_edu.rights.proof.things.people import MEMBERS
from kunshan_edu.rights.proof.things.personnel import DOCUMENT, person
from personnel.actions import appraisal as actions
from personnel.actions.workdays import set_day
from personnel.models import AttendanceSummary, Staff
from personnel.sheets.attendance import VERB


@maker("appraisal")
def appraisals(scene: Scene) -> Iterator[Thing]:
    """Of a president, a principal, and staff of two schools."""
    world, year = scene.world, scene.today.year - 1
    for word, post, owner, by in (
        ("president", "group_president", {"group": world.group}, "supervision"),
        ("principal_b", "executive_principal", {"school": world.schools["school_b"]}, "supervision"),
        ("staff_a", "staff", {"school": world.schools["school_a"]}, "principal_a"),
        ("staff_e", "staff", {"school": world.schools["school_e"]}, "principal_e"),
    ):
        facts = {
            "year": year,
            "grade": "competent",
            "document": f"昆教督〔{year}〕{next(scene.numbers)}号",
            "post": post,
        }
        row = actions.appraise(person(scene, word), **facts, **owner, by=world.users[by])
        said = Facts(**around(*owner.values()), owner=world.users[word].pk, post=post)
        yield Thing("appraisal", f"{word} {post}", row, said, row.document)


@filling("appraisal.correct")
def correcting(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"grade": "basic", "reason": "示例理由"}


def _organiser(owner: Any) -> dict[str, Any]:
    """Whose training it is: the group's or the school's, not of both."""
    kind = "groups" if isinstance(owner, EducationGroup) else "schools"
    return {kind: frozenset({owner.pk})}


@maker("training")
def trainings(scene: Scene) -> Iterator[Thing]:
    """Of the group, of two schools, and one that was cancelled."""
    world = scene.world
    for owner, by, state in (
        ({"group": world.group}, "president", "held"),
        ({"school": world.schools["school_a"]}, "principal_a", "held"),
        ({"school": world.schools["school_e"]}, "principal_e", "held"),
        ({"school": world.schools["school_a"]}, "vice_a", "cancelled"),
    ):
        facts = {"title": scene.canary(), "held_on": scene.today, "hours": Decimal(4)}
        row = actions.hold_training(**owner, **facts, by=world.users[by])
        if state == "cancelled":
            row = actions.cancel_training(row, reason="示例理由", by=world.users[by])
        said = Facts(**_organiser(*owner.values()), state=state)
        members = [m.school for m in world.group.memberships.in_force().select_related("school")]
        wide = around(world.group, *members) if "group" in owner else around(*owner.values())
        seen = replace(said, **wide)
        yield Thing("training", f"{next(iter(owner.values()))} {state}", row, said, row.title, seen=seen)


@filling("training.record_attendance 表单")
def attending_by_name(scene: Scene, thing: Thing) -> dict[str, Any]:
    members = Staff.objects.filter(pk__in=attending(scene, thing)["staff"])
    return {"staff": "\n".join(member.staff_no for member in members), "hours": "2"}


@filling("training.record_attendance")
def attending(scene: Scene, thing: Thing) -> dict[str, Any]:
    word = "staff_e" if scene.world.schools["school_e"].pk in thing.facts.schools else "staff_a"
    return {"staff": [Staff.objects.get(person__user=scene.world.users[word]).pk], "hours": "2"}


@filling("training.cancel")
def cancelling(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "示例理由"}


@maker("merit")
def merits(scene: Scene) -> Iterator[Thing]:
    """Honours of teachers of three schools; one of them revoked."""
    world = scene.world
    for word, by, state in (
        ("staff_a", "principal_a", "kept"),
        ("staff_b", "principal_b", "kept"),
        ("staff_e", "principal_e", "revoked"),
    ):
        school, teacher = world.schools[MEMBERS[word]], Staff.objects.get(person__user=world.users[word])
        facts = {"title": scene.canary(), "level": "school", "awarded_on": scene.today, "document": DOCUMENT}
        row = actions.record_merit(staff=teacher, school=school, **facts, by=world.users[by])
        if state == "revoked":
            row = actions.revoke_merit(row, revoked_on=scene.today, reason="示例理由", by=world.users[by])
        said = Facts(**around(school), state=state, owner=world.users[word].pk)
        unripe = frozenset({"merit.revoke"} if state == "revoked" else ())
        yield Thing("merit", f"{word} {state}", row, said, row.title, unripe=unripe)


@filling("merit.revoke")
def revoking(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"revoked_on": scene.today.isoformat(), "reason": "示例理由"}


@maker("attendance")
def attendances(scene: Scene) -> Iterator[Thing]:
    """A month of teachers of two schools of the group and of another group's."""
    month = (scene.today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for word in ("staff_a", "staff_b", "staff_e"):
        school, owner = scene.world.schools[MEMBERS[word]], scene.world.users[word]
        teacher = Staff.objects.select_related("person").get(person__user=owner)
        days = {"days_due": 20, "days_present": 19, "days_leave": 1}
        by = scene.world.users[f"principal_{word[-1]}"]
        row = add(AttendanceSummary(staff=teacher, school=school, month=month, **days), VERB, by=by)
        said = Facts(**around(school), owner=owner.pk)
        yield Thing("attendance", f"{word} 上月", row, said, teacher.staff_no)


@maker("calendar_day")
def calendar_days(scene: Scene) -> Iterator[Thing]:
    """A day of this year that is not what its weekday says."""
    day = dt.date(scene.today.year, 3, 3)
    facts = {"kind": "holiday", "name": scene.canary(), "document": DOCUMENT}
    row = set_day(day=day, **facts, by=scene.world.users["personnel"])
    yield Thing("calendar_day", "放假", row, Facts(), row.name)


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """A new appraisal of a head and of staff, a training of the group and of a school, an honour."""
    world, day = scene.world, scene.today.isoformat()
    for word, post, owner in (
        ("principal_a", "executive_principal", world.schools["school_a"]),
        ("staff_a", "staff", world.schools["school_a"]),
    ):
        facts = {
            "person": person(scene, word).pk,
            "year": 2020,
            "post": post,
            "grade": "competent",
            "document": DOCUMENT,
        }
        thing = blank(
            "appraisal", f"登记 {post}", Facts(**around(owner), owner=world.users[word].pk, post=post)
        )
        yield from entries(
            "appraisal.record", thing, "personnel:appraisal_new", "appraisals", partial(dict, facts)
        )
    for owner in ({"group": world.group}, {"school": world.schools["school_a"]}):
        facts = {name: each.pk for name, each in owner.items()} | {
            "title": "示例培训",
            "held_on": day,
            "hours": "4",
        }
        thing = blank("training", f"组织 {next(iter(owner))}", Facts(**_organiser(*owner.values())))
        yield from entries(
            "training.hold", thing, "personnel:training_new", "trainings", partial(dict, facts)
        )
    teacher = Staff.objects.get(person__user=world.users["staff_a"])
    school = world.schools["school_a"]
    facts = {"staff": teacher.pk, "school": school.pk, "title": "示例荣誉", "level": "school"}
    facts |= {"awarded_on": day, "document": DOCUMENT}
    thing = blank("merit", "登记", Facts(**around(school), owner=world.users["staff_a"].pk))
    yield from entries("merit.record", thing, "personnel:merit_new", "merits", lambda: facts)
