"""四、1 集团适当增加职数设置，按规定职数配备: leadership posts are filled within a quota that has a document."""

from __future__ import annotations

from typing import Any

import pytest

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post, QuotaLevel
from personnel.models import Deviation, PostQuota
from tests.personnel.rows import post
from tests.stories.doors import A_DAY, appoints, does, light, records, refused_raw

pytestmark = pytest.mark.django_db
DOCUMENT = "昆编〔2026〕3号"
OFFICE, VICE = Post.GROUP_OFFICE.value, Post.VICE_PRINCIPAL.value


def allows(world: Any, level: QuotaLevel, posts: int, who: str = "personnel", **owner: Any) -> Any:
    """A quota of so many posts from today on."""
    name, row = next(iter(owner.items()))
    form = {name: row.pk, "level": level.value, "posts": posts, "document": DOCUMENT}
    return records(world, who, "post_quota", **form, valid_from=clock.today().isoformat())


def test_4_1_h_the_group_fills_its_posts_within_its_quota(world: Any) -> None:
    group = world.group
    assert light(world, group, Clause.C4_1_H) == ("amber", "尚未核定全部职数（0/2）。")
    assert allows(world, QuotaLevel.GROUP_OFFICE, 2, group=group).status == 303
    assert allows(world, QuotaLevel.DEPUTY_SECRETARY, 1, "leader", group=group).status == 303
    assert appoints(world, "teacher", OFFICE, group).status == 303
    green = ("green", "在核定职数之内：集团管理机构 2/2、集团副书记 1/1。")
    assert light(world, group, Clause.C4_1_H) == green

    third = appoints(world, "clerk_a", OFFICE, group)
    assert third.status == 409
    assert third.says("超出核定职数", "核定 2 名", DOCUMENT, "已有 2 名在任", Clause.C4_1_H.quote, "四、1")
    row = post(world, "clerk_a", OFFICE, group, valid_from=clock.today())
    assert refused_raw(world, "quota_is_not_exceeded", row.save)


def test_4_1_h_more_posts_are_allowed_by_another_document(world: Any) -> None:
    allows(world, QuotaLevel.GROUP_OFFICE, 1, group=world.group)
    assert appoints(world, "teacher", OFFICE, world.group).status == 409
    old = PostQuota.objects.get()
    end = {"valid_to": (clock.today() - A_DAY).isoformat(), "document": "昆编〔2026〕4号"}
    assert does(world, "personnel", "post_quota", old, "end", **end).status == 303
    assert allows(world, QuotaLevel.GROUP_OFFICE, 2, group=world.group).status == 303
    assert appoints(world, "teacher", OFFICE, world.group).status == 303


@pytest.mark.parametrize("who", ["president", "principal_a", "basic", "finance_1"])
def test_4_1_h_the_bureau_alone_sets_a_quota(world: Any, who: str) -> None:
    refused = allows(world, QuotaLevel.GROUP_OFFICE, 9, who, group=world.group)
    assert refused.status == 403
    assert refused.says("职数由市教育局核定", "四、1")
    assert not PostQuota.objects.exists()


def test_4_1_h_a_group_has_one_quota_of_a_level_at_a_time(world: Any) -> None:
    allows(world, QuotaLevel.GROUP_OFFICE, 2, group=world.group)
    second = allows(world, QuotaLevel.GROUP_OFFICE, 5, group=world.group)
    assert second.status == 409
    assert second.says("该集团该层级在这段时间已核定职数，请先结束原职数", "四、1")
    facts = {"level": QuotaLevel.GROUP_OFFICE, "posts": 5, "document": DOCUMENT}
    row = PostQuota(group=world.group, valid_from=clock.today(), **facts)
    assert refused_raw(world, "one_quota_per_group_and_level", row.save) == Clause.C4_1_H
    school_level = allows(world, QuotaLevel.VICE_PRINCIPAL, 5, group=world.group)
    assert school_level.status in (409, 422)
    assert school_level.says("学校核定副校长和中层干部职数，集团核定管理机构和副书记职数")


def test_4_1_o_a_school_has_no_more_cadres_than_its_quota(world: Any) -> None:
    school = world.school_a
    assert light(world, school, Clause.C4_1_O)[0] == "amber"
    allows(world, QuotaLevel.VICE_PRINCIPAL, 1, school=school)
    allows(world, QuotaLevel.DEPARTMENT_HEAD, 6, school=school)
    assert light(world, school, Clause.C4_1_O) == ("green", "在核定职数之内：副校长 1/1、中层干部 1/6。")

    second = appoints(world, "teacher", VICE, school)
    assert second.status == 409
    assert second.says("超出核定职数：示例A小核定 1 名", DOCUMENT, Clause.C4_1_O.quote, "四、1")
    row = post(world, "teacher", VICE, school, valid_from=clock.today())
    assert refused_raw(world, "quota_is_not_exceeded", row.save) == Clause.C4_1_O
    other = appoints(world, "teacher", VICE, world.school_b)
    assert other.status == 303, "the quota is that school's alone"


def test_4_1_o_a_quota_is_never_set_below_those_in_office(world: Any) -> None:
    refused = allows(world, QuotaLevel.VICE_PRINCIPAL, 0, school=world.school_a)
    assert refused.status == 409
    assert refused.says("职数", "四、1")
    assert not PostQuota.objects.exists()


def test_4_1_o_one_too_many_is_explained_by_a_confirmed_deviation_or_is_not_there(world: Any) -> None:
    allows(world, QuotaLevel.VICE_PRINCIPAL, 1, school=world.school_a)
    allows(world, QuotaLevel.DEPARTMENT_HEAD, 6, school=world.school_a)
    form = {
        "school": world.school_a.pk,
        "clause_id": "4.1.o",
        "reason": "新校区过渡期",
        "document": "昆教人〔2026〕30号",
        "valid_from": clock.today().isoformat(),
    }
    assert records(world, "personnel", "deviation", **form).status == 303
    assert appoints(world, "teacher", VICE, world.school_a).status == 409, "a proposal allows nothing"
    row = Deviation.objects.get()
    assert does(world, "personnel", "deviation", row, "confirm").status == 403
    assert does(world, "leader", "deviation", row, "confirm").status == 303
    assert appoints(world, "teacher", VICE, world.school_a).status == 303
    explained = ("explained", "新校区过渡期（昆教人〔2026〕30号）。")
    assert light(world, world.school_a, Clause.C4_1_O) == explained
