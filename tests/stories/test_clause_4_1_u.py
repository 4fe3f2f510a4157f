"""四、1 制定统一的人事管理制度: seven of them, adopted by the president, in force for every member school."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from groups.choices import PolicySlot
from groups.models import GroupPolicy
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from tests.stories.doors import A_DAY, Answer, light, opens, refused_raw, sends

pytestmark = pytest.mark.django_db
NEW = "/policies/new/"


def adopts(world: Any, slot: PolicySlot, who: str = "president", **typed: Any) -> Answer:
    form = {
        "group": world.group.pk,
        "slot": slot.value,
        "title": f"{slot.label}办法",
        "document": f"示集〔2026〕{slot.value}号",
        "valid_from": clock.today().isoformat(),
        "text": "第一条 本办法适用于全体成员学校。",
        **typed,
    }
    return sends(world, who, NEW, **form)


def test_4_1_u_the_light_counts_the_seven_and_names_what_is_missing(world: Any) -> None:
    seven = ["教师考勤", "业务培训", "教师流动", "年度考核", "评优晋级", "绩效考核", "福利发放"]
    assert [slot.label for slot in PolicySlot] == seven
    assert light(world, world.group, Clause.C4_1_U) == (
        "red",
        f"七项人事制度施行 0 项，缺：{'、'.join(seven)}。",
    )
    for slot in PolicySlot:
        if slot != PolicySlot.BENEFITS:
            assert adopts(world, slot).status == 303
    board = opens(world, "clerk_e", reverse("groups:policy_board"))
    assert board.says("6/7", "缺", "四、1")
    assert light(world, world.group, Clause.C4_1_U) == ("amber", "七项人事制度施行 6 项，缺：福利发放。")
    assert adopts(world, PolicySlot.BENEFITS).status == 303
    assert light(world, world.group, Clause.C4_1_U) == ("green", "七项人事制度全部施行。")
    assert light(world, world.group, Clause.C4_1_U, clock.today() - A_DAY)[0] == "red"


def test_4_1_u_a_rule_that_ends_is_missing_again(world: Any) -> None:
    adopts(world, PolicySlot.ATTENDANCE)
    row = GroupPolicy.objects.get()
    last = {"valid_to": (clock.today() + 9 * A_DAY).isoformat(), "reason": "修订"}
    assert (
        sends(world, "president", reverse("groups:policy_verb", args=[row.pk, "end"]), **last).status == 303
    )
    assert opens(world, "president", reverse("groups:policy_board")).says("剩10天")
    assert light(world, world.group, Clause.C4_1_U, clock.today() + 9 * A_DAY)[0] == "amber"
    assert light(world, world.group, Clause.C4_1_U, clock.today() + 10 * A_DAY)[0] == "red"


def test_4_1_u_one_document_at_a_time_in_a_slot_and_none_beside_the_seven(world: Any) -> None:
    adopts(world, PolicySlot.MERIT)
    old = GroupPolicy.objects.get()
    assert (
        adopts(world, PolicySlot.MERIT, title="评优晋级办法（修订）", document="示集〔2026〕15号").status
        == 303
    )
    old.refresh_from_db()
    assert old.valid_to == clock.today(), "the one before it ends that day"
    assert sends(world, "president", NEW, group=world.group.pk, slot=8, title="第八项").status == 422
    facts = {"title": "甲", "document": "甲", "text": "甲", "adopted_by": world.president}
    second = GroupPolicy(group=world.group, slot=PolicySlot.MERIT, valid_from=clock.today(), **facts)
    assert refused_raw(world, "one_policy_per_slot_and_day", second.save) == Clause.C4_1_U
    eighth = GroupPolicy(group=world.group, slot=8, valid_from=clock.today(), **facts)
    assert refused_raw(world, "policy_fills_a_slot", eighth.save) == Clause.C4_1_U


@pytest.mark.parametrize("who", ["principal_a", "deputy", "office", "other_president", "personnel", "leader"])
def test_4_1_u_the_president_adopts_them_and_nobody_else(world: Any, who: str) -> None:
    refused = adopts(world, PolicySlot.MERIT, who)
    assert refused.status in (403, 422)
    assert not GroupPolicy.objects.exists()


def test_4_1_u_it_holds_for_every_member_school_and_all_may_read_it(world: Any) -> None:
    """There is one document for the group, and none of a school's own to take its place."""
    adopts(world, PolicySlot.ATTENDANCE)
    row = GroupPolicy.objects.get()
    assert not hasattr(row, "school")
    for who in ("principal_a", "principal_b", "clerk_c"):
        assert opens(world, who, row.get_absolute_url()).says(
            "教师考勤办法", "本办法适用于全体成员学校", "施行中"
        )
