"""四、1 设副书记1名，可由执行校长兼任: one, who may be the principal of a member school of the same group."""

from __future__ import annotations

from typing import Any

import pytest

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post
from tests.personnel.rows import post
from tests.stories.doors import (
    A_DAY,
    DOCUMENT,
    appoints,
    dismisses,
    leaves,
    light,
    on_group,
    opens,
    refused_raw,
    sends,
)

pytestmark = pytest.mark.django_db
DEPUTY = Post.DEPUTY_SECRETARY.value


def test_4_1_f_a_vacancy_is_amber_with_its_days(world: Any) -> None:
    assert light(world, world.group, Clause.C4_1_F) == ("green", "副书记：示例deputy。")
    dismisses(world, "deputy")
    in_a_week = clock.today() + 7 * A_DAY
    assert light(world, world.group, Clause.C4_1_F, in_a_week) == ("amber", "副书记空缺 7 天。")


def test_4_1_f_there_is_one_deputy_at_a_time(world: Any) -> None:
    second = appoints(world, "teacher", DEPUTY, world.group)
    assert second.status == 409
    assert second.says("集团设副书记 1 名", "示例deputy", "四、1")
    row = post(world, "teacher", DEPUTY, world.group)
    assert refused_raw(world, "one_deputy_secretary_per_group", row.save) == Clause.C4_1_F
    dismisses(world, "deputy")
    assert appoints(world, "teacher", DEPUTY, world.group).status == 303


def test_4_1_g_the_principal_of_a_member_school_may_be_deputy_as_well(world: Any) -> None:
    dismisses(world, "deputy")
    assert appoints(world, "principal_b", DEPUTY, world.group).status == 303
    page = opens(world, "teacher", f"/leadership/{world.group.pk}/")
    assert page.words.count("示例principal_b") >= 2
    assert light(world, world.school_b, Clause.C4_1_K)[0] == "green"
    assert light(world, world.group, Clause.C4_1_F)[0] == "green"


def test_4_1_g_the_principal_of_a_school_outside_may_not(world: Any) -> None:
    dismisses(world, "deputy")
    refused = appoints(world, "principal_e", DEPUTY, world.group)
    assert refused.status == 409
    assert refused.says("副书记可由执行校长兼任，但须为本集团成员学校的执行校长", "四、1")
    row = post(world, "principal_e", DEPUTY, world.group, valid_from=clock.today())
    clause = refused_raw(world, "deputy_secretary_principal_of_the_same_group", row.save)
    assert clause == Clause.C4_1_G


def test_4_1_g_the_school_of_such_a_deputy_stays_in_the_group(world: Any) -> None:
    dismisses(world, "deputy")
    appoints(world, "principal_b", DEPUTY, world.group)
    refused = leaves(world, world.school_b)
    assert refused.status == 409
    assert refused.says("该校执行校长兼任本集团副书记，请先办理副书记免职，再退出集团", "四、1")
    joining = {
        "school": world.school_b.pk,
        "role": "member",
        "valid_from": clock.today().isoformat(),
        "join_document": DOCUMENT,
    }
    assert sends(world, "basic", on_group(world.other_group, "join"), **joining).status == 409
