"""四、1 教职工编制、人事关系不变: only a document of the personnel section moves anybody; a group never does."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.urls import reverse

from groups.models import School
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel.models import Rotation, Staff, StaffRecord
from tests.personnel.staffing import filed, identity_number, on_staff
from tests.stories.doors import A_DAY, does, leaves, opens, records, refused_raw

pytestmark = pytest.mark.django_db
RECORD = {"title": "first", "backbone_level": "none", "subject": "chinese", "document": "昆教人〔2026〕51号"}


def moves(world: Any, who: str, staff: Staff, school: School, **typed: Any) -> Any:
    """A new record of the staff: on the establishment of `school` from today on."""
    form = {"school": school.pk, "valid_from": clock.today().isoformat(), **RECORD, **typed}
    return does(world, who, "staff", staff, "change-record", **form)


def counts() -> Counter[int]:
    """School → how many are on its establishment today."""
    return Counter(StaffRecord.objects.in_force().values_list("school", flat=True))


def test_4_1_t_who_is_on_the_establishment_is_registered_by_document(world: Any) -> None:
    form = {"name": "示例教师", "identity_number": identity_number(77), "staff_no": "T0077"}
    form |= {"school": world.school_a.pk, "valid_from": clock.today().isoformat(), **RECORD}
    for who in ("president", "principal_a", "office"):
        assert records(world, who, "staff", **form).status == 403
    nothing = records(world, "personnel", "staff", **form | {"document": ""})
    assert nothing.status == 422
    assert records(world, "personnel", "staff", **form).status == 303
    staff = Staff.objects.get()
    assert AuditEvent.objects.of(staff).get().clause_id == "4.1.t"
    row = StaffRecord(staff=staff, school=world.school_b, valid_from=clock.today() + A_DAY, document="")
    assert refused_raw(world, "staff_record_has_a_document", row.save) == Clause.C4_1_T


@pytest.mark.parametrize("who", ["president", "principal_a", "principal_b", "office", "leader"])
def test_4_1_t_nobody_of_the_group_moves_a_teacher(world: Any, who: str) -> None:
    staff = on_staff(world, world.school_a)
    refused = moves(world, who, staff, world.school_b)
    assert refused.status in (403, 404)
    if refused.status == 403:
        assert refused.says("教职工编制和人事关系由市教育局人事科办理", "四、1")
    assert counts() == {world.school_a.pk: 1}


def test_4_1_t_a_transfer_is_a_new_record_and_the_old_one_stays(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    assert moves(world, "personnel", staff, world.school_b).status == 303
    old, new = StaffRecord.objects.order_by("valid_from")
    assert (old.school, old.valid_to) == (world.school_a, clock.today())
    assert (new.school, new.document) == (world.school_b, RECORD["document"])
    page = opens(world, "personnel", staff.get_absolute_url())
    assert page.says("示例A小", "示例B小", RECORD["document"])


def test_4_1_t_nobody_is_on_two_establishments(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    row = StaffRecord(staff=staff, school=world.school_b, valid_from=clock.today(), document="甲")
    assert refused_raw(world, "one_establishment_school_at_a_time", row.save) == Clause.C4_1_T


def test_4_1_t_rotations_and_memberships_leave_the_counts_as_they_are(world: Any) -> None:
    teacher = on_staff(world, world.school_a)
    for school in (world.school_a, world.school_b, world.school_b):
        on_staff(world, school)
    before = counts()
    row = filed(world, teacher)
    assert counts() == before
    assert leaves(world, world.school_c).status == 303
    assert counts() == before
    with clock.at(row.valid_to):
        assert counts() == before
    page = opens(world, "president", reverse("personnel:rotation_calendar"))
    assert page.status == 200
    assert page.response.context["year"].moved == 0


def test_4_1_t_who_rotates_is_not_transferred_meanwhile(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    row = filed(world, staff)
    today = max(clock.today(), row.valid_from)
    with clock.at(today):
        refused = moves(world, "personnel", staff, world.school_b)
        assert refused.status == 409
        assert refused.says("该教师有未结束的轮岗，编制所在校不能在轮岗期间变动，请先结束轮岗", "四、1")

    def by_hand() -> Any:
        return StaffRecord.objects.filter(staff=staff).update(school=world.school_b)

    assert refused_raw(world, "staff_stays_with_its_rotations", by_hand) == Clause.C4_1_T

    def elsewhere() -> Any:
        return Rotation.objects.filter(pk=row.pk).update(from_school=world.school_c)

    assert refused_raw(world, "rotation_facts_are_not_rewritten", elsewhere) == Clause.C4_1_T
