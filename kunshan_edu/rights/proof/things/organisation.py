"""How groups and schools are set up: party organisations, units, plaques, quotas, rule-sets, deviations, policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from groups import actions as register
from groups.models import Membership
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.things import Deed, Scene, Thing, around, blank, entries, filling, maker, ways
from personnel.actions import organisation as actions

DOCUMENT = "昆教人〔2026〕21号"
LONG_AGO = dt.timedelta(days=300)
# As much of a file as it is known by.
PNG, PDF = b"\x89PNG\r\n\x1a\n" + bytes(20), b"%PDF-1.7\n"


def days(scene: Scene) -> dict[str, dt.date]:
    """State of a dated row → its first day: in force, to come, over."""
    return {
        "current": scene.today - dt.timedelta(days=10),
        "coming": scene.today + dt.timedelta(days=10),
        "over": scene.today - LONG_AGO,
    }


def ended(end: Callable[..., Any], row: Any, scene: Scene, by: str, **facts: Any) -> Any:
    day = scene.today - dt.timedelta(days=5)
    return end(row, valid_to=day, by=scene.world.users[by], **facts)


def _user(scene: Scene, word: str) -> Any:
    return scene.world.users[word]


@filling(
    "party_organisation.end",
    "org_unit.end",
    "plaque.end",
    "post_quota.end",
    "rule_set.end",
    "policy.end",
    "deviation.end",
)
def ending(scene: Scene, thing: Thing) -> dict[str, Any]:
    """The last day, and by what."""
    last = max(scene.today, thing.row.valid_from) + dt.timedelta(days=1)
    if thing.noun in ("plaque", "deviation"):
        return {"valid_to": last.isoformat()}
    more = {"reason": "示例理由"} if thing.noun == "policy" else {"document": DOCUMENT}
    return {"valid_to": last.isoformat(), **more}


@maker("party_organisation")
def party_organisations(scene: Scene) -> Iterator[Thing]:
    """The group's committee, a branch to come, one that is over, one of another group."""
    world, start = scene.world, days(scene)
    record = partial(actions.record_party, document=DOCUMENT, by=_user(scene, "personnel"))
    committee = record(group=world.group, kind="committee", name=scene.canary(), valid_from=start["current"])
    yield Thing(
        "party_organisation",
        "集团党委",
        committee,
        Facts(**around(world.group), state="current"),
        committee.name,
    )
    for key, state in (("b", "coming"), ("e", "over")):
        school = world.schools[f"school_{key}"]
        row = record(school=school, kind="branch", name=scene.canary(), valid_from=start[state])
        if state == "over":
            row = ended(actions.end_party, row, scene, "personnel", document=DOCUMENT)
        yield Thing(
            "party_organisation", f"{school} {state}", row, Facts(**around(school), state=state), row.name
        )


@maker("org_unit")
def units(scene: Scene) -> Iterator[Thing]:
    """Units of the group, of a member school, of another group, and one that is over."""
    world, start = scene.world, days(scene)
    for word, by, owner, kind, state in (
        ("集团机构", "president", {"group": world.group}, "group", "current"),
        ("成员学校机构", "president", {"school": world.schools["school_b"]}, "school", "coming"),
        ("已撤销的机构", "president", {"school": world.schools["school_a"]}, "school", "over"),
        ("别的集团的机构", "other_president", {"group": world.other_group}, "group", "current"),
    ):
        facts = {"name": scene.canary(), "line": "teaching", "document": DOCUMENT, "valid_from": start[state]}
        row = actions.record_unit(**owner, **facts, by=_user(scene, by))
        if state == "over":
            row = ended(actions.end_unit, row, scene, by, document=DOCUMENT)
        yield Thing("org_unit", word, row, Facts(**around(*owner.values()), state=state, kind=kind), row.name)


@maker("plaque")
def plaques(scene: Scene) -> Iterator[Thing]:
    """Plaques of the lead school, a sister and another group's school; one taken down."""
    world, start = scene.world, days(scene)
    for key, state in (("a", "current"), ("b", "current"), ("e", "current"), ("c", "over")):
        school = world.schools[f"school_{key}"]
        membership, by = Membership.objects.in_force().get(school=school), f"principal_{key}"
        facts = {"membership": membership, "kind": 2, "text": scene.canary(), "valid_from": start[state]}
        photo = SimpleUploadedFile("牌匾.png", PNG) if state == "current" else None
        row = actions.hang(**facts, photo=photo, by=_user(scene, by))
        if state == "over":
            row = ended(actions.take_down, row, scene, by)
        said, more = Facts(**around(school), state=state), {"file": photo is not None}
        yield Thing("plaque", f"{school} {state}", row, said, row.text, more)


@maker("post_quota")
def quotas(scene: Scene) -> Iterator[Thing]:
    """Quotas of the group's office and of a school's department heads."""
    world, start = scene.world, days(scene)
    for owner, level, state in (
        ({"group": world.group}, 3, "current"),
        ({"school": world.schools["school_a"]}, 2, "current"),
        ({"school": world.schools["school_e"]}, 2, "coming"),
        ({"school": world.schools["school_b"]}, 1, "over"),
    ):
        facts = {
            "level": level,
            "posts": 90,
            "document": f"昆编〔2026〕{next(scene.numbers)}号",
            "valid_from": start[state],
        }
        row = actions.set_quota(**owner, **facts, by=_user(scene, "personnel"))
        if state == "over":
            row = ended(actions.end_quota, row, scene, "personnel", document=DOCUMENT)
        said = Facts(**around(*owner.values()), state=state)
        yield Thing("post_quota", f"{row} {state}", row, said, row.document)


@maker("rule_set")
def rule_sets(scene: Scene) -> Iterator[Thing]:
    """The guideline's own rule written down for a group, now, to come, and over."""
    world, start = scene.world, days(scene)
    groups = [world.group, world.other_group, world.preparing]
    for group, state in zip(groups, start, strict=True):
        document = f"昆教人〔2026〕{next(scene.numbers)}号"
        facts = {"group": group, "kind": "guideline_2019", "document": document, "valid_from": start[state]}
        row = actions.set_rules(**facts, by=_user(scene, "personnel"))
        if state == "over":
            row = ended(actions.end_rules, row, scene, "personnel", document=DOCUMENT)
        yield Thing("rule_set", f"{row} {state}", row, Facts(**around(group), state=state), row.document)


@maker("deviation")
def deviations(scene: Scene) -> Iterator[Thing]:
    """Deviations of the group and of schools: to be confirmed, confirmed, refused."""
    world, leader = scene.world, _user(scene, "leader")
    for owner, state in (
        ({"school": world.schools["school_a"]}, "proposed"),
        ({"school": world.schools["school_e"]}, "proposed"),
        ({"group": world.group}, "confirmed"),
        ({"school": world.schools["school_b"]}, "refused"),
    ):
        word = scene.canary()
        facts = {
            "clause_id": "4.1.g",
            "reason": word,
            "document": DOCUMENT,
            "valid_from": days(scene)["current"],
        }
        row = actions.deviate(**owner, **facts, by=_user(scene, "personnel"))
        if state == "confirmed":
            row = actions.confirm_deviation(row, by=leader)
        if state == "refused":
            row = actions.refuse_deviation(row, reason="示例理由", by=leader)
        said = Facts(**around(*owner.values()), state=state, maker=_user(scene, "personnel").pk)
        yield Thing("deviation", f"{next(iter(owner.values()))} {state}", row, said, word)


@filling("deviation.refuse")
def refusing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "示例理由"}


@maker("policy")
def policies(scene: Scene) -> Iterator[Thing]:
    """Policies of two groups: in force, to come, over."""
    world, start = scene.world, days(scene)
    for group, by, slot, state in (
        (world.group, "president", 1, "current"),
        (world.group, "president", 2, "coming"),
        (world.group, "president", 3, "over"),
        (world.other_group, "other_president", 1, "current"),
    ):
        facts = {
            "slot": slot,
            "title": scene.canary(),
            "document": DOCUMENT,
            "text": "示例正文",
            "valid_from": start[state],
        }
        paper = SimpleUploadedFile("制度.pdf", PDF) if slot == 1 else None
        row = register.adopt(group, **facts, attachment=paper, by=_user(scene, by))
        if state == "over":
            row = ended(register.end_policy, row, scene, by, reason="示例理由")
        said, more = Facts(**around(group), state=state), {"file": paper is not None}
        yield Thing("policy", f"{group} {state}", row, said, row.title, more)


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """New rows of all of these, of the group and of a school where there is a difference."""
    world, day = scene.world, scene.today.isoformat()
    school, dated = world.schools["school_free"], {"document": DOCUMENT, "valid_from": day}
    branch = {"school": school.pk, "kind": "branch", "name": "示例党支部", **dated}
    party = blank("party_organisation", "登记", Facts(**around(school)))
    yield from entries(
        "party_organisation.record",
        party,
        "personnel:party_organisation_new",
        "party-organisations",
        lambda: branch,
        "kind",
    )
    for owner, kind in (({"group": world.group}, "group"), ({"school": world.schools["school_a"]}, "school")):
        facts = {name: each.pk for name, each in owner.items()} | {
            "name": "示例中心",
            "line": "safety",
            **dated,
        }
        thing = blank("org_unit", f"设置 {kind}", Facts(**around(*owner.values()), kind=kind))
        yield from entries("org_unit.record", thing, "personnel:org_unit_new", "units", partial(dict, facts))
    for key in "ab":
        membership = Membership.objects.in_force().get(school=world.schools[f"school_{key}"])
        facts = {"membership": membership.pk, "kind": 1, "text": membership.school.name, "valid_from": day}
        thing = blank("plaque", f"挂牌 {key}", Facts(**around(membership.school)))
        yield from entries("plaque.record", thing, "personnel:plaque_new", "plaques", partial(dict, facts))
    quota = {"school": school.pk, "level": 1, "posts": 9, **dated}
    thing = blank("post_quota", "核定", Facts(**around(school)))
    yield from entries("post_quota.set", thing, "personnel:post_quota_new", "quotas", lambda: quota, "posts")
    yield from _further(scene, dated)


def _further(scene: Scene, dated: dict[str, str]) -> Iterator[Deed]:
    world = scene.world
    group = scene.of("education_group")[3].row
    rules = {"group": group.pk, "kind": "separated_2022", **dated}
    thing = blank("rule_set", "登记", Facts(**around(group)))
    yield from entries("rule_set.set", thing, "personnel:rule_set_new", "rule-sets", lambda: rules, "kind")
    deviation = {"school": world.schools["school_free"].pk, "clause_id": "4.1.g", "reason": "示例", **dated}
    thing = blank("deviation", "登记", Facts(**around(world.schools["school_free"])))
    yield from entries(
        "deviation.record", thing, "personnel:deviation_new", "deviations", lambda: deviation, "clause_id"
    )
    for group in (world.group, world.other_group):
        policy = {"group": group.pk, "slot": 5, "title": "示例制度", "text": "示例", **dated}
        thing = blank("policy", f"审定 {group}", Facts(**around(group)))
        yield from entries("policy.adopt", thing, "groups:policy_new", "policies", partial(dict, policy))
