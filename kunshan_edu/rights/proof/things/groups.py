"""Groups in every status, memberships to come, in force and over, schools in and out of a group, districts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from groups import actions
from groups.choices import FundingLevel, GroupStatus, MembershipRole, ModelType, Seat, Stage
from groups.models import District, EducationGroup, Membership
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import API, FORM, PAGE, Deed, Scene, Thing, blank, filling, maker, ways

NEXT = {"preparing": "pilot", "pilot": "running", "running": "extended"}


def new_school(scene: Scene, number: int) -> Any:
    """One more school of the city, in no group; its name is a canary."""
    word = scene.canary()
    return actions.register_school(
        name=f"{word}小学",
        short_name=f"{word}小",
        identifier=f"21320001{number:02d}",
        credit_code=developer("tests.world").credit_code(100 + number),
        stage=Stage.PRIMARY,
        opened_on=dt.date(2010, 9, 1),
        position=50 + number,
        level=FundingLevel.CITY,
        document="昆编〔2010〕1号",
        by=scene.world.users["personnel"],
    )


def new_group(scene: Scene, number: int) -> EducationGroup:
    word = scene.canary()
    return actions.found(
        name=f"{word}教育集团",
        short_name=f"{word}集团",
        code=f"PX{number}",
        model_type=ModelType.LEAD_AND_NEW,
        founded_on=scene.today,
        founding_document="昆教〔2026〕1号",
        decision="专项工作组第 2 次会议",
        by=scene.world.users["basic"],
    )


def led_group(scene: Scene, number: int) -> EducationGroup:
    """A group in preparation that lacks nothing to go on: a lead school and a president."""
    small, world = developer("tests.world"), scene.world
    group = new_group(scene, number)
    join(scene, group, new_school(scene, number), role=MembershipRole.LEAD)
    president = f"president_{number}"
    scene.newcomer(president)
    small.appoint(world, president, Seat.GROUP_PRESIDENT, group, valid_from=scene.today)
    return group


def join(scene: Scene, group: EducationGroup, school: Any, **more: Any) -> Membership:
    by = scene.world.users["basic"]
    dates = {"valid_from": scene.today, "join_document": "昆教〔2026〕2号", **more}
    return actions.join(group, school=school, by=by, **dates)


def of_group(group: EducationGroup) -> Facts:
    """Where a group belongs: itself, and its schools of today."""
    schools = frozenset(group.memberships.in_force().values_list("school_id", flat=True))
    return Facts(groups=frozenset({group.pk}), schools=schools, state=group.status)


@maker("education_group")
def education_groups(scene: Scene) -> Iterator[Thing]:
    """One in each status; those that may go on have what that needs."""
    world, basic = scene.world, scene.world.users["basic"]
    groups = [world.group, world.other_group, led_group(scene, 1), led_group(scene, 2)]
    actions.advance(groups[3], status=GroupStatus.PILOT, by=basic)
    extended = led_group(scene, 3)
    for status in (GroupStatus.RUNNING, GroupStatus.EXTENDED):
        extended = actions.advance(extended, status=status, by=basic)
    dissolved = new_group(scene, 4)
    actions.dissolve(dissolved, document="昆教〔2026〕3号", by=basic)
    for group in (*groups, extended, dissolved):
        group.refresh_from_db()
        yield Thing(
            "education_group", f"{group} {group.get_status_display()}", group, of_group(group), group.name
        )


@filling("education_group.advance")
def advance(_scene: Scene, thing: Thing) -> dict[str, Any]:
    return {"status": NEXT.get(thing.row.status, "extended")}


@filling("education_group.join")
def joining(scene: Scene, _thing: Thing) -> dict[str, Any]:
    facts = {"role": "member", "valid_from": scene.today.isoformat(), "join_document": "昆教〔2026〕4号"}
    return {"school": scene.world.schools["school_free"].pk, **facts}


@filling("education_group.dissolve")
def dissolve(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"document": "昆教〔2026〕5号"}


@maker("membership")
def memberships(scene: Scene) -> Iterator[Thing]:
    """A member of today, one to come, and one that has left."""
    world = scene.world
    current = Membership.objects.get(group=world.group, school=world.schools["school_b"])
    coming = join(scene, world.group, new_school(scene, 11), valid_from=scene.today + dt.timedelta(days=30))
    gone = join(scene, world.group, new_school(scene, 12), valid_from=scene.today - dt.timedelta(days=60))
    day = scene.today - dt.timedelta(days=1)
    gone = actions.leave(gone, valid_to=day, leave_document="昆教〔2026〕6号", by=world.users["basic"])
    for word, row in (("current", current), ("coming", coming), ("left", gone)):
        facts = Facts(groups=frozenset({row.group_id}), schools=frozenset({row.school_id}), state=word)
        yield Thing("membership", word, row, facts)


@filling("membership.leave")
def leave(scene: Scene, thing: Thing) -> dict[str, Any]:
    day = max(scene.today, thing.row.valid_from) + dt.timedelta(days=1)
    return {"valid_to": day.isoformat(), "leave_document": "昆教〔2026〕7号"}


@maker("school")
def schools(scene: Scene) -> Iterator[Thing]:
    """The group's two kinds of members, a sister, one of another group, and one in none."""
    world = scene.world
    world.schools["school_free"] = new_school(scene, 13)
    for key in ("a", "b", "c", "e", "free"):
        row = world.schools[f"school_{key}"]
        membership = row.memberships.in_force().first()
        group = frozenset({membership.group_id}) if membership else frozenset()
        district = frozenset({world.district.pk}) if key == "c" else frozenset()
        facts = Facts(schools=frozenset({row.pk}), groups=group, districts=district, state="open")
        yield Thing("school", str(row), row, facts, row.name)


@filling("school.edit_profile")
def profile(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"feature": "示例特色。"}


@filling("school.change_affiliation")
def affiliation(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"level": "city", "document": "昆编〔2026〕1号", "valid_from": scene.today.isoformat()}


@maker("district")
def districts(scene: Scene) -> Iterator[Thing]:
    row = District.objects.get(pk=scene.world.district.pk)
    yield Thing("district", str(row), row, Facts(districts=frozenset({row.pk})), row.name)


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """A group and a school that do not exist yet."""
    group, school = blank("education_group", "组建", Facts()), blank("school", "登记", Facts())
    founded = {
        "name": "示例新教育集团",
        "short_name": "新集团",
        "code": "XJT",
        "model_type": ModelType.LEAD_AND_NEW.value,
    }
    founded |= {"batch": 1, "founded_on": scene.today.isoformat(), "founding_document": "昆教〔2026〕8号"}
    founded |= {"decision": "专项工作组第 3 次会议"}
    code = developer("tests.world").credit_code(900)
    opened = {"name": "示例新小学", "short_name": "新小", "identifier": "2132000990", "credit_code": code}
    opened |= {
        "stage": "primary",
        "ownership": "public",
        "legal_person_type": "public_institution",
        "level": "city",
    }
    opened |= {"opened_on": "2020-09-01", "document": "昆编〔2020〕1号"}
    for door, thing, name, root, content, mark in (
        ("education_group.found", group, "groups:group_new", "groups", founded, b'name="founding_document"'),
        ("school.register", school, "groups:school_new", "schools", opened, b'name="credit_code"'),
    ):
        yield Deed(door, thing, FORM, reverse(name), lambda content=content: content)
        yield Deed(door, thing, API, f"/api/v1/{root}/", lambda content=content: content)
        yield Deed(door, thing, PAGE, reverse(name), dict, "GET", mark)
