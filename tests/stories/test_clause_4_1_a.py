"""四、1 集团设总校长1名: no group works without one, there is never a second, and a vacancy approves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from finance.tasks import lift_vacant_steps
from kunshan_edu.core import clock
from personnel.choices import Post
from tests.finance.requests import route
from tests.stories.doors import (
    DOCUMENT,
    appoints,
    decides,
    dismisses,
    on_group,
    opens,
    sends,
    submits,
    submitted,
)

pytestmark = pytest.mark.django_db
PRESIDENT = Post.GROUP_PRESIDENT.value


def test_4_1_a_a_group_is_activated_only_with_a_president(world: Any) -> None:
    group = world.preparing
    refused = sends(world, "basic", on_group(group, "advance"), status="running")
    assert refused.status == 409
    assert refused.says("集团设总校长 1 名：总校长空缺的集团不能转入试点、运行或推广", "四、1")

    assert appoints(world, "teacher", PRESIDENT, group).status == 303
    joined = sends(
        world,
        "basic",
        on_group(group, "join"),
        school=world.school_d.pk,
        role="lead",
        valid_from=clock.today().isoformat(),
        join_document=DOCUMENT,
    )
    assert joined.status == 303, joined.words
    assert sends(world, "basic", on_group(group, "advance"), status="running").status == 303
    group.refresh_from_db()
    assert group.status == "running"
    assert opens(world, "clerk_b", group.get_absolute_url()).says("运行", "示例teacher")


def test_4_1_a_there_is_one_president_at_a_time(world: Any) -> None:
    second = appoints(world, "teacher", PRESIDENT, world.group)
    assert second.status == 409
    assert second.says("总校长")
    assert dismisses(world, "president").status == 303
    assert appoints(world, "teacher", PRESIDENT, world.group).status == 303


def test_4_1_a_a_vacancy_goes_to_the_bureau_before_submission(world: Any) -> None:
    dismisses(world, "president")
    row = submitted(world, amount="30,000")
    assert route(row) == [
        "executive_principal:consent",
        "group_finance:check",
        "bureau_finance:review",
        "bureau_leader:approve",
    ]
    shown = opens(world, "clerk_a", row.get_absolute_url())
    assert shown.says("总校长空缺，由市教育局办理；空缺不等于同意")


def test_4_1_a_a_vacancy_during_the_way_lifts_the_step_and_approves_nothing(world: Any) -> None:
    row = submitted(world, amount="30,000")
    for who in ("principal_a", "group_finance"):
        assert decides(world, who, row).status == 303
    dismisses(world, "president")
    assert decides(world, "president", row).status in (403, 404)
    assert row.state == "pending"
    assert decides(world, "leader", row).status == 403

    assert lift_vacant_steps() == 1
    assert lift_vacant_steps() == 0
    row.refresh_from_db()
    assert row.state == "pending"
    assert route(row)[-1] == "bureau_leader:approve"
    assert "30,000.00" in opens(world, "leader", "/").html
    assert decides(world, "leader", row).status == 303
    assert row.state == "approved"
    assert opens(world, "clerk_a", row.get_absolute_url()).says("职务空缺，环节上提市教育局")


def test_4_1_a_the_successor_decides_from_the_first_day(world: Any) -> None:
    row = submitted(world, amount="30,000")
    for who in ("principal_a", "group_finance"):
        decides(world, who, row)
    dismisses(world, "president")
    appoints(world, "teacher", PRESIDENT, world.group)
    assert lift_vacant_steps() == 0
    assert decides(world, "teacher", row).status == 303
    assert row.state == "approved"
    assert submits(world, amount="30,000", payee="另一家书店").status == 303
