"""四、1 成立独立于成员学校的管理机构，统筹条线工作: a body of the group itself; it coordinates and approves nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from finance.actions import submitting
from finance.models import FundRequest
from groups.choices import GROUP_AUTHORITIES, SCHOOL_AUTHORITIES, Authority
from groups.models import School
from kunshan_edu.core import access, clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post
from personnel.models import Appointment, OrgUnit
from tests.finance.requests import make
from tests.personnel.rows import changed
from tests.personnel.staffing import on_staff
from tests.stories.doors import (
    A_DAY,
    appoints,
    decides,
    does,
    leaves,
    light,
    opens,
    records,
    refused_raw,
    sends,
    submitted,
)
from tests.world import SINCE, fresh

pytestmark = pytest.mark.django_db


def sets_up(world: Any, who: str = "president", **typed: Any) -> Any:
    form = {"group": world.group.pk, "name": "德育中心", "line": "moral", "document": "示集〔2026〕1号"}
    return records(world, who, "org_unit", **form | typed, valid_from=clock.today().isoformat())


def heads_moral_education(world: Any) -> Appointment:
    """A teacher who heads the unit of the group for moral education."""
    assert sets_up(world).status == 303
    unit = OrgUnit.objects.get()
    answer = appoints(world, "teacher", Post.GROUP_OFFICE.value, world.group, unit=unit.pk)
    assert answer.status == 303, answer.words
    return Appointment.objects.get(person__user=world.teacher)


def staff_seen(world: Any, who: str) -> set[str]:
    """The schools of whose establishment the list of staff shows somebody."""
    page = opens(world, who, reverse("personnel:staff_list"))
    return {str(School.objects.get(pk=staff.school_id)) for staff in page.response.context["page"]}


def test_4_1_i_the_light_is_red_until_the_group_has_a_body_of_its_own(world: Any) -> None:
    assert light(world, world.group, Clause.C4_1_I) == ("red", "尚未成立独立于成员学校的管理机构。")
    assert sets_up(world, group="", school=world.school_a.pk, name="教导处").status == 303
    assert light(world, world.group, Clause.C4_1_I)[0] == "red", "a school's office is not the group's"
    assert sets_up(world).status == 303
    assert light(world, world.group, Clause.C4_1_I) == ("green", "集团管理机构 1 个，条线：德育。")
    assert light(world, world.group, Clause.C4_1_I, clock.today() - A_DAY)[0] == "red"


def test_4_1_i_a_unit_belongs_to_the_group_or_to_one_school_never_to_both(world: Any) -> None:
    for owners in ({"school": world.school_a.pk}, {"group": ""}):
        refused = sets_up(world, **owners)
        assert refused.status == 422
        assert refused.says("请选择集团或学校，只选一个")
    facts = {"name": "联合办公室", "line": "office", "document": "甲", "valid_from": SINCE}
    for row in (OrgUnit(group=world.group, school=world.school_a, **facts), OrgUnit(**facts)):
        assert refused_raw(world, "unit_belongs_to_a_group_or_a_school", row.save) == Clause.C4_1_I


def test_4_1_i_who_serves_the_group_serves_in_a_unit_of_the_group(world: Any) -> None:
    sets_up(world, group="", school=world.school_a.pk, name="教导处")
    unit = OrgUnit.objects.get()
    refused = appoints(world, "teacher", Post.GROUP_OFFICE.value, world.group, unit=unit.pk)
    assert refused.status == 422

    def moved() -> Any:
        return changed(world, Appointment.objects.get(pk=world.posts["office"].pk), unit=unit)

    assert refused_raw(world, "unit_is_of_the_same_owner", moved)


@pytest.mark.parametrize("who", ["principal_a", "office", "personnel", "other_president"])
def test_4_1_i_the_president_sets_up_the_bodies_of_the_group(world: Any, who: str) -> None:
    assert sets_up(world, who).status in (403, 422)
    assert not OrgUnit.objects.exists()


def test_4_1_j_the_head_of_a_line_reads_it_in_every_member_school(world: Any) -> None:
    for school in (world.school_a, world.school_b, world.school_c, world.school_e):
        on_staff(world, school)
    assert staff_seen(world, "teacher") == set()
    row = heads_moral_education(world)
    assert staff_seen(world, "teacher") == {"示例A小", "示例B小", "示例C小"}
    assert opens(world, "clerk_e", row.get_absolute_url()).says("德育中心")
    leaves(world, world.school_b)
    assert staff_seen(world, "teacher") == {"示例A小", "示例C小"}


def test_4_1_j_and_approves_nothing_of_a_school(world: Any) -> None:
    heads_moral_education(world)
    row = submitted(world, amount="30,000")
    address = reverse("finance:fund_request_verb", args=[row.pk, "approve"])
    assert opens(world, "teacher", address).status in (403, 404)
    assert decides(world, "teacher", row).status in (403, 404)
    assert row.state == "pending"
    user = fresh(world.teacher)
    held = {a for a in SCHOOL_AUTHORITIES if access.has(user, a, world.school_a)}
    assert held == {Authority.VIEW_SCHOOL_STAFF}, "reads, and writes nothing of a school"
    approving = {Authority.APPROVE_AS_PRESIDENT, Authority.APPROVE_ROTATION, Authority.ADOPT_POLICIES}
    assert not approving & {a for a in GROUP_AUTHORITIES if access.has(user, a, world.group)}


def test_4_1_j_the_school_keeps_its_own_records(world: Any) -> None:
    """3.3.a: who coordinates a line proposes; the plaques, the profile and the staff stay the school's and bureau's."""
    heads_moral_education(world)
    staff = on_staff(world, world.school_a)
    profile = reverse("groups:school_verb", args=[world.school_a.pk, "edit-profile"])
    assert sends(world, "teacher", profile, feature="统一特色").status == 403
    assert records(world, "teacher", "plaque").status == 403
    leaving = {"valid_to": clock.today().isoformat(), "document": "昆教人〔2026〕9号"}
    refused = does(world, "teacher", "staff", staff, "leave", **leaving)
    assert refused.status == 403
    assert refused.says("教职工编制和人事关系由市教育局人事科办理", "四、1")


def test_4_1_j_a_department_sees_the_requests_of_its_line_and_no_other(world: Any) -> None:
    """德育 opens neither what 总务 asks for nor a school's request; the group's office and president see all."""
    heads_moral_education(world)
    sets_up(world, name="总务中心", line="logistics")
    unit = OrgUnit.objects.get(line="logistics")
    assert appoints(world, "clerk_b", Post.GROUP_OFFICE.value, world.group, unit=unit.pk).status == 303
    moral = make(world, "teacher", "1000.00", school=None, bearer="school_a")
    assert moral.line == "moral"
    submitting.submit(moral, by=fresh(world.teacher))
    of_a_school = submitted(world, amount="30,000")
    seen = {
        who: {
            row.pk for row in (moral, of_a_school) if opens(world, who, row.get_absolute_url()).status == 200
        }
        for who in ("teacher", "office", "president", "group_finance")
    }
    assert seen == {
        "teacher": {moral.pk},
        "office": {moral.pk, of_a_school.pk},
        "president": {moral.pk, of_a_school.pk},
        "group_finance": {moral.pk, of_a_school.pk},
    }
    assert opens(world, "clerk_b", moral.get_absolute_url()).status == 404
    assert opens(world, "teacher", moral.get_absolute_url()).says("德育")


def test_4_1_j_a_request_stays_in_its_line(world: Any) -> None:
    heads_moral_education(world)
    draft = make(world, "teacher", "1000.00", school=None, bearer="school_a")
    rows = FundRequest.objects.filter(pk=draft.pk)
    refused_raw(world, "submitted_content_is_frozen", lambda: rows.update(line=""))
