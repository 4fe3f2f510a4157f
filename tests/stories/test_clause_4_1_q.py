"""四、1 挂两块牌子: a member school hangs its own name and the group's; not one, and never a third."""

from __future__ import annotations

from typing import Any

import pytest

from groups.models import Membership
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import PlaqueKind
from personnel.models import Plaque
from tests.stories.doors import does, light, opens, records, refused_raw
from tests.world import SINCE

pytestmark = pytest.mark.django_db
TWO = "挂牌 {} 块，应挂原校名牌和集团成员校牌两块。"
GROUP_TEXT = "示例教育集团A校区"


def hangs(world: Any, kind: Any, text: str, who: str = "principal_a", **typed: Any) -> Any:
    membership = Membership.objects.get(school=world.school_a)
    form = {"membership": membership.pk, "kind": kind, "text": text, "valid_from": clock.today().isoformat()}
    return records(world, who, "plaque", **form | typed)


def test_4_1_q_the_light_is_green_with_two_and_with_no_other_number(world: Any) -> None:
    assert light(world, world.school_a, Clause.C4_1_Q) == ("amber", TWO.format(0))
    assert hangs(world, PlaqueKind.ORIGINAL.value, "示例A小学").status == 303
    assert light(world, world.school_a, Clause.C4_1_Q) == ("amber", TWO.format(1))
    assert hangs(world, PlaqueKind.GROUP.value, GROUP_TEXT, "vice_a").status == 303
    assert light(world, world.school_a, Clause.C4_1_Q) == ("green", TWO.format(2))
    row = Plaque.objects.get(kind=PlaqueKind.GROUP)
    assert opens(world, "clerk_e", row.get_absolute_url()).says(GROUP_TEXT, "四、1")
    day = {"valid_to": clock.today().isoformat()}
    assert does(world, "principal_a", "plaque", row, "end", **day).status == 303
    assert light(world, world.school_a, Clause.C4_1_Q, row.valid_to) == ("amber", TWO.format(1))


def test_4_1_q_there_is_no_third(world: Any) -> None:
    hangs(world, PlaqueKind.ORIGINAL.value, "示例A小学")
    hangs(world, PlaqueKind.GROUP.value, GROUP_TEXT)
    assert hangs(world, 3, "示例教育集团总校").status == 422
    second = hangs(world, PlaqueKind.GROUP.value, "示例教育集团A分校")
    assert second.status == 409
    assert second.says("该校已挂有同类的牌子，请先登记摘牌", "四、1")
    facts = {"membership": Membership.objects.get(school=world.school_a), "valid_from": clock.today()}
    third = Plaque(kind=3, text="总校", **facts)
    assert refused_raw(world, "plaque_is_one_of_two_kinds", third.save) == Clause.C4_1_Q
    again = Plaque(kind=PlaqueKind.GROUP, text="分校", **facts)
    assert refused_raw(world, "one_plaque_of_a_kind", again.save) == Clause.C4_1_Q


def test_4_1_p_the_first_bears_the_name_that_the_school_keeps(world: Any) -> None:
    refused = hangs(world, PlaqueKind.ORIGINAL.value, "示例教育集团第一小学")
    assert refused.status == 409
    assert refused.says("原校名牌的文字须与登记的校名一致：成员学校保留原校名", "四、1")
    membership = Membership.objects.get(school=world.school_a)
    row = Plaque(membership=membership, kind=PlaqueKind.ORIGINAL, text="别名", valid_from=SINCE)
    assert refused_raw(world, "plaque_bears_the_school_name", row.save) == Clause.C4_1_P


@pytest.mark.parametrize("who", ["principal_b", "president", "personnel", "clerk_a"])
def test_4_1_q_a_school_hangs_its_own(world: Any, who: str) -> None:
    assert hangs(world, PlaqueKind.ORIGINAL.value, "示例A小学", who).status in (403, 422)
    assert not Plaque.objects.exists()


def test_4_1_q_only_a_member_hangs_the_plaque_of_a_group(world: Any) -> None:
    membership = Membership.objects.get(school=world.school_a)
    before = membership.valid_from.replace(year=membership.valid_from.year - 1)
    refused = hangs(world, PlaqueKind.GROUP.value, GROUP_TEXT, valid_from=before.isoformat())
    assert refused.status == 409
    assert refused.says("只有成员学校在其加入期间挂集团牌匾", "四、1")
    row = Plaque(membership=membership, kind=PlaqueKind.GROUP, text=GROUP_TEXT, valid_from=before)
    assert refused_raw(world, "plaque_is_of_a_current_member", row.save) == Clause.C4_1_Q
