"""How groups and schools are set up, made through actions, for the tests of it, of its lights and of its charts."""

from __future__ import annotations

from typing import Any

from groups.models import Membership
from personnel.actions import organisation as actions
from personnel.models import Deviation, GroupRuleSet, OrgUnit, PartyOrganisation, Plaque, PostQuota
from tests.world import SINCE, fresh

DOCUMENT = "昆教党〔2024〕5号"


def _facts(facts: dict[str, Any], **usual: Any) -> dict[str, Any]:
    return {"document": DOCUMENT, "valid_from": SINCE, **usual, **facts}


def party(world: Any, by: str = "personnel", **facts: Any) -> PartyOrganisation:
    """The committee of the group, unless it says otherwise."""
    usual = {"kind": "committee", "name": "中共示例教育集团委员会"}
    if "school" in facts:
        usual = {"kind": "branch", "name": f"{facts['school'].name}党支部"}
    elif "group" not in facts:
        usual["group"] = world.group
    return actions.record_party(**_facts(facts, **usual), by=fresh(world.users[by]))


def unit(world: Any, by: str = "president", **facts: Any) -> OrgUnit:
    """A unit of the group that coordinates teaching."""
    usual = {"name": "教学管理中心", "line": "teaching"}
    if "school" not in facts:
        usual["group"] = world.group
    return actions.record_unit(**_facts(facts, **usual), by=fresh(world.users[by]))


def plaque(world: Any, key: str = "a", by: str = "", kind: int = 1, **facts: Any) -> Plaque:
    """A plaque of a member school, hung by its principal."""
    school = world.schools[f"school_{key}"]
    base = {
        "membership": Membership.objects.get(school=school),
        "kind": kind,
        "text": school.name if kind == 1 else f"示例教育集团{key.upper()}校区",
        "valid_from": SINCE,
    }
    return actions.hang(**{**base, **facts}, by=fresh(world.users[by or f"principal_{key}"]))


def quota(world: Any, by: str = "personnel", **facts: Any) -> PostQuota:
    """Three vice principals at school a."""
    usual = {"level": 1, "posts": 3}
    if "group" not in facts:
        usual["school"] = world.school_a
    return actions.set_quota(**_facts(facts, **usual), by=fresh(world.users[by]))


def rule_set(world: Any, by: str = "personnel", **facts: Any) -> GroupRuleSet:
    """Secretary and president of the group are two people."""
    usual = {"group": world.group, "kind": "separated_2022"}
    return actions.set_rules(**_facts(facts, **usual), by=fresh(world.users[by]))


def deviation(world: Any, by: str = "personnel", *, confirmed: bool = True, **facts: Any) -> Deviation:
    """A confirmed departure of the group from a clause."""
    usual = {"clause_id": "4.1.o", "reason": "新校区过渡期"}
    if "school" not in facts and "group" not in facts:
        usual["group"] = world.group
    row = actions.deviate(**_facts(facts, **usual), by=fresh(world.users[by]))
    return actions.confirm_deviation(row, by=fresh(world.leader)) if confirmed else row
