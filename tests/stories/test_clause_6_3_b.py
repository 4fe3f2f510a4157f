"""六、3 给予总校长充分的管理权限: what a president may do is given by the post, listed, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from groups.choices import GROUP_AUTHORITIES, SCHOOL_AUTHORITIES, Authority, PolicySlot
from groups.models import School
from kunshan_edu.core import access, clock
from personnel.choices import Post
from personnel.grants import RIGHTS
from tests.personnel.staffing import on_staff
from tests.stories.doors import A_DAY, Answer, appoints, dismisses, does, leaves, opens, records, sends
from tests.stories.test_clause_4_1_u import adopts
from tests.world import fresh

pytestmark = pytest.mark.django_db
PAGE = "/rights/presidents/"


def listed(page: Answer, group: Any) -> dict[str, str]:
    """Right → its cell in the column of the group, as the page shows it."""
    matrix = page.response.context["matrix"]
    return {line["label"]: dict(line["cells"]).get(group.short_name, "") for line in matrix["lines"]}


def held(world: Any, who: str) -> dict[Any, str]:
    """The same, asked right by right and school by school of the access rules themselves."""
    user, found = fresh(world.users[who]), {}
    for right in GROUP_AUTHORITIES:
        if access.has(user, right, world.group):
            found[right.label] = "✓"
    members = list(School.objects.members_of(world.group))
    for right in SCHOOL_AUTHORITIES:
        n = sum(access.has(user, right, school) for school in members)
        if n:
            found[right.label] = f"{n} / {len(members)}"
    return found


def test_6_3_b_the_printed_list_equals_the_rights_that_are_held(world: Any) -> None:
    page = opens(world, "leader", PAGE)
    told = {label: cell for label, cell in listed(page, world.group).items() if cell}
    assert told == held(world, "president")
    assert set(told) == {right.authority.label for right in RIGHTS[Post.GROUP_PRESIDENT]}
    assert page.says("示例president", "昆教人〔2024〕1号", "六、3")
    for label in told:
        assert page.says(str(label))


def test_6_3_b_the_list_follows_the_appointment_and_the_members_on_the_day(world: Any) -> None:
    assert listed(opens(world, "leader", PAGE), world.group)[Authority.VIEW_SCHOOL_STAFF.label] == "3 / 3"
    leaves(world, world.school_b)
    assert listed(opens(world, "leader", PAGE), world.group)[Authority.VIEW_SCHOOL_STAFF.label] == "2 / 2"
    dismisses(world, "president")
    assert not any(listed(opens(world, "leader", PAGE), world.group).values())
    appoints(world, "teacher", Post.GROUP_PRESIDENT.value, world.group)
    page = opens(world, "leader", PAGE)
    assert {label: cell for label, cell in listed(page, world.group).items() if cell} == held(
        world, "teacher"
    )
    before = opens(world, "leader", f"{PAGE}?on={(clock.today() - A_DAY).isoformat()}")
    assert before.says("示例president")


def test_6_3_b_a_president_reads_the_own_list_and_others_none(world: Any) -> None:
    mine = opens(world, "president", PAGE)
    assert [p.group for p in mine.response.context["presidencies"]] == [world.group]
    for who in ("principal_a", "deputy", "clerk_a", "teacher"):
        assert opens(world, who, PAGE).status == 404, who


def test_6_3_b_the_president_decides_what_the_list_says(world: Any) -> None:
    """Heads of departments, units, rules of the group: the president's own decision, without the bureau."""
    assert adopts(world, PolicySlot.MERIT).status == 303
    staff = on_staff(world, world.school_b, who="teacher")
    form = {
        "group": world.group.pk,
        "name": "教学管理中心",
        "line": "teaching",
        "document": "示集〔2026〕3号",
        "valid_from": clock.today().isoformat(),
    }
    assert records(world, "president", "org_unit", **form).status == 303
    assert opens(world, "president", staff.get_absolute_url()).status == 200
    head = {
        "post": Post.DEPARTMENT_HEAD.value,
        "person": world.teacher.person.pk,
        "container": world.school_b.pk,
        "method": "assigned",
        "document": "示校〔2026〕1号",
        "valid_from": clock.today().isoformat(),
    }
    assert sends(world, "principal_b", reverse("personnel:appointment_nominate"), **head).status == 303
    row = world.teacher.person.appointments.get()
    assert does(world, "leader", "appointment", row, "confirm").status == 403
    assert does(world, "president", "appointment", row, "confirm").status == 303
    assert row.state == "active"
