"""三、2 骨干教师柔性流动: asked of both schools and the group, filed by the bureau; the teacher changes no employer."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.models import Rotation, Staff, StaffRecord
from tests.personnel.staffing import filed, on_staff
from tests.stories.doors import A_DAY, does, light, opens, records, refused_raw

pytestmark = pytest.mark.django_db
FILE = {"document": "昆教人〔2026〕40号"}
WAY = (("principal_a", "agree-sending"), ("principal_b", "agree-receiving"), ("president", "approve"))


def proposes(world: Any, staff: Staff, who: str = "principal_a", **typed: Any) -> Any:
    """A rotation to school b, from today on for a year."""
    form = {
        "staff": staff.pk,
        "to_school": world.school_b.pk,
        "valid_from": clock.today().isoformat(),
        "valid_to": (clock.today() + 300 * A_DAY).isoformat(),
        "workload": 100,
        **typed,
    }
    return records(world, who, "rotation", **form)


def rotates(world: Any, staff: Staff) -> Rotation:
    """The whole way, each by the one whose turn it is."""
    answer = proposes(world, staff)
    assert answer.status == 303, answer.words
    row = Rotation.objects.latest("pk")
    for who, verb in WAY:
        assert does(world, who, "rotation", row, verb).status == 303, verb
    assert does(world, "personnel", "rotation", row, "file", **FILE).status == 303
    return row


def teaching(world: Any, staff: Staff) -> tuple[str, str]:
    """(establishment school, school taught at) as the personnel section's list of staff shows them."""
    page = opens(world, "personnel", reverse("personnel:staff_list"))
    [shown] = [row for row in page.response.context["page"] if row.pk == staff.pk]
    return shown.school_name, shown.teaching_name


def test_3_2_b_a_rotation_is_asked_of_both_schools_and_the_group(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    assert proposes(world, staff).status == 303
    row = Rotation.objects.get()
    early = does(world, "president", "rotation", row, "approve")
    assert early.status == 409
    assert early.says("该轮岗现在的环节不能办理此事项，请按顺序办理", "四、1")
    for turn, (who, verb) in enumerate(WAY):
        for other, _verb in WAY[:turn] + WAY[turn + 1 :]:
            assert does(world, other, "rotation", row, verb).status == 403, (other, verb)
        assert does(world, who, "rotation", row, verb).status == 303
    assert teaching(world, staff) == ("示例A小", "示例A小"), "not before it is filed"
    assert does(world, "president", "rotation", row, "file", **FILE).status == 403
    assert does(world, "personnel", "rotation", row, "file", **FILE).status == 303
    assert teaching(world, staff) == ("示例A小", "示例B小")


def test_3_2_b_the_employer_stays_and_the_teacher_comes_back(world: Any) -> None:
    """4.1.t: nothing of the record changes, going or returning; where one teaches is read off the rotation."""
    staff = on_staff(world, world.school_a)
    before = list(StaffRecord.objects.order_by("pk").values())
    row = rotates(world, staff)
    page = opens(world, "principal_b", row.get_absolute_url())
    assert page.says("示例A小", "示例B小", FILE["document"])
    assert teaching(world, staff) == ("示例A小", "示例B小")
    last = {"valid_to": clock.today().isoformat(), "reason": "原校缺员"}
    assert does(world, "principal_a", "rotation", row, "stop", **last).status == 303
    with clock.at(row.valid_to):
        assert teaching(world, staff) == ("示例A小", "示例A小")
    assert list(StaffRecord.objects.order_by("pk").values()) == before


def test_3_2_b_a_rotation_starts_from_the_establishment_school_to_another(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    home = proposes(world, staff, to_school=world.school_a.pk)
    assert home.status == 422
    assert home.says("接收校不能是派出校本身", "三、2")
    rotates(world, staff)
    second = proposes(world, staff, to_school=world.school_c.pk)
    assert second.status == 422
    assert second.says("该教师在这段时间已有轮岗安排", "三、2")

    other = on_staff(world, world.school_a)
    facts = {"group": world.group, "valid_from": clock.today(), "valid_to": clock.today() + 30 * A_DAY}
    from_b = Rotation(staff=other, from_school=world.school_b, to_school=world.school_c, **facts)
    assert refused_raw(world, "rotation_starts_from_the_establishment", from_b.save) == Clause.C4_1_T
    stays = Rotation(
        staff=other, from_school=world.school_a, to_school=world.school_a, **facts | {"group": None}
    )
    assert refused_raw(world, "rotation_is_to_another_school", stays.save) == Clause.C3_2_B
    outside = Rotation(staff=other, from_school=world.school_a, to_school=world.school_e, **facts)
    assert refused_raw(world, "rotation_stays_in_the_group", outside.save) == Clause.C3_2_B


@pytest.mark.parametrize("who", ["teacher", "clerk_a", "principal_b", "other_president", "finance_1"])
def test_3_2_b_a_sister_school_proposes_nothing(world: Any, who: str) -> None:
    staff = on_staff(world, world.school_a)
    assert proposes(world, staff, who).status in (403, 422)
    assert not Rotation.objects.exists()


def test_3_2_b_the_light_tells_the_share_of_backbone_teachers(world: Any) -> None:
    assert light(world, world.group, Clause.C3_2_B) == ("amber", "成员学校尚未登记教职工，不能计算轮岗比例。")
    for _n in range(6):
        on_staff(world, world.school_c)
    filed(world)
    tone, said = light(world, world.group, Clause.C3_2_B)
    assert tone == "amber"
    assert said.endswith("轮岗 1 人，占教师 14.3%（应达 10%）；其中骨干 0 人，占轮岗教师 0.0%（应达 20%）。")
    filed(world, on_staff(world, world.school_a, backbone_level="city"))
    tone, said = light(world, world.group, Clause.C3_2_B)
    assert tone == "green"
    assert "其中骨干 1 人，占轮岗教师 50.0%" in said
