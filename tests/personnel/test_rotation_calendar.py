"""轮岗日历 of a school year, the shares of a group, and the 编制 that no sequence of rotations moves."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kunshan_edu.core.denials import Denied
from personnel import actions as personnel
from personnel.actions import rotation as actions
from personnel.choices import RotationState
from personnel.models import Rotation, Staff, StaffRecord
from tests.personnel.staffing import AFTER, DOCUMENT, FILED, FIRST, YEAR, filed, on_staff, proposed
from tests.world import fresh

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = dt.timedelta(days=1)
CALENDAR = "/rotations/calendar/"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


@pytest.fixture
def teacher(world: Any) -> Staff:
    return on_staff(world, world.school_a, who="teacher", backbone_level="city")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_calendar_says_who_goes_and_returns_and_the_shares(world, enter, teacher):
    for n in range(19):
        on_staff(world, world.school_b if n % 2 else world.school_a)
    filed(world, teacher)
    filed(world, first=FIRST.replace(month=10), after=dt.date(YEAR + 1, 2, 1))
    client = enter("president")
    answer = client.get(f"{CALENDAR}?group={world.group.pk}&year={YEAR}")
    year = answer.context["year"]
    assert [(g.part, g.whole, g.percent, g.missing) for g in year.gauges] == [
        (2, 21, "9.5%", 1),
        (1, 2, "50.0%", 0),
    ]
    counts = {str(label): [n for _day, n in counted] for label, counted in year.totals}
    assert counts["去（人）"] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert counts["返（人）"] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert counts["轮岗中（人）"] == [1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
    page = text(answer)
    for words in (
        "未达 10%，还差 1 人",
        "达到 20%",
        "轮岗没有改变编制",
        "2 / 21 = 9.5%",
        teacher.person.name,
    ):
        assert words in page
    assert page.count("轮岗中") >= 10
    assert (
        text(client.get(f"{CALENDAR}?group={world.group.pk}&year={YEAR - 1}")).count("这一学年没有轮岗") == 1
    )


def test_the_establishment_is_counted_per_school_and_moves_by_documents_alone(world, enter, teacher):
    staying, moving, leaving = (on_staff(world, world.school_a) for _n in range(3))
    filed(world, teacher)
    day = FIRST + 10 * A_DAY
    by = fresh(world.personnel)
    personnel.change_record(moving, school=world.school_b, document=DOCUMENT, valid_from=day, by=by)
    personnel.leave(leaving, valid_to=day, document=DOCUMENT, by=by)
    year = enter("president").get(CALENDAR).context["year"]
    found = {
        e.school: (e.at_first, e.came, e.left, e.now, e.out, e.into, e.teaching) for e in year.establishments
    }
    assert found == {
        world.school_a: (4, 0, 2, 2, 1, 0, 1),
        world.school_b: (0, 1, 0, 1, 0, 1, 2),
        world.school_c: (0, 0, 0, 0, 0, 0, 0),
    }
    assert year.moved == 0
    assert staying.records.get().valid_to is None


def test_sister_schools_see_nothing_of_one_another_in_the_calendar(world, enter, teacher):
    filed(world, teacher)
    answer = enter("principal_c").get(CALENDAR)
    year = answer.context["year"]
    assert (year.schools, year.rows, year.whole) == ([world.school_c], [], False)
    page = text(answer)
    assert teacher.person.name not in page
    assert "轮岗比例由集团和市教育局查看" in page
    assert "示例A小" not in page
    assert [row.staff for row in enter("principal_b").get(CALENDAR).context["year"].rows] == [teacher]


def test_the_calendar_is_for_who_sees_staff_and_of_the_own_groups(world, enter):
    for who in ("teacher", "clerk_a", "finance_1", "parent", "admin"):
        assert enter(who).get(CALENDAR).status_code == 404, who
    client = enter("president")
    assert client.get(f"{CALENDAR}?group={world.other_group.pk}").status_code == 404
    assert client.get(f"{CALENDAR}?group={world.group.pk}&year=0").status_code == 200
    everything = enter("leader").get(CALENDAR)
    assert len(everything.context["form"].groups) == 3


# 4.1.t, whatever happens


def records() -> list[tuple[Any, ...]]:
    return list(StaffRecord.objects.order_by("pk").values_list())


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["propose", "next", "refuse", "withdraw", "stop", "renew", "transfer"]),
        st.integers(0, 1),
        st.sampled_from(["school_b", "school_c", "school_e"]),
        st.integers(-200, 400),
        st.integers(1, 500),
    ),
    min_size=1,
    max_size=12,
)


def do(world: Any, staff: list[Staff], step: tuple[str, int, str, int, int]) -> None:
    """One thing that somebody tries to do with the rotations of two teachers."""
    name, which, school, start, length = step
    first = FIRST + start * A_DAY
    if name == "propose":
        to = world.schools[school]
        proposed(world, staff[which], to, first=first, after=first + length * A_DAY)
        return
    row = Rotation.objects.filter(staff=staff[which]).order_by("-pk").first()
    if row is None:
        return
    if name == "next":
        onward(world, row)
    elif name == "refuse":
        actions.refuse_rotation(row, reason="不同意", by=fresh(world.principal_a))
    elif name == "withdraw":
        actions.withdraw_rotation(row, by=fresh(world.principal_a))
    elif name == "renew":
        actions.renew(row, valid_to=row.valid_to + length * A_DAY, by=fresh(world.principal_a))
    else:
        stop = {"valid_to": first, "reason": "调整", "transfer": name == "transfer"}
        actions.stop_rotation(row, by=fresh(world.principal_a), **stop)


def onward(world: Any, row: Rotation) -> None:
    """The next step of the way, by whoever takes it."""
    key = next(key for key, school in world.schools.items() if school == row.to_school)
    hands = {
        RotationState.PROPOSED: lambda: actions.agree_sending(row, by=fresh(world.principal_a)),
        RotationState.SENDING_AGREED: lambda: actions.agree_receiving(
            row, by=fresh(world.users[f"principal_{key[-1]}"])
        ),
        RotationState.RECEIVING_AGREED: lambda: (
            actions.approve_rotation(row, by=fresh(world.president))
            if row.group_id
            else actions.file(row, document=FILED, by=fresh(world.personnel))
        ),
        RotationState.APPROVED: lambda: actions.file(row, document=FILED, by=fresh(world.personnel)),
    }
    hands.get(RotationState(row.state), lambda: None)()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_sequence_of_rotations_changes_a_byte_of_any_record(world, steps):
    """4.1.t, I8, I23: the 编制 is as it was, and nobody is at two schools at once."""
    with transaction.atomic():
        staff = [on_staff(world, world.school_a), on_staff(world, world.school_a)]
        before = records()
        for step in steps:
            with suppress(Denied):
                do(world, staff, step)
            assert records() == before
        for day in (FIRST - 100 * A_DAY, FIRST, AFTER, AFTER + 300 * A_DAY):
            employed = Staff.objects.employed(day).filter(pk__in=[s.pk for s in staff])
            assert {row.school_id for row in employed} <= {world.school_a.pk}
            lasting = list(Rotation.objects.in_force(day).values_list("staff", flat=True))
            assert len(lasting) == len(set(lasting))
        transaction.set_rollback(True)
