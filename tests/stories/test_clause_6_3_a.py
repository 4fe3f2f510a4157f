"""六、3 市教育局选优配强集团总校长: the bureau appoints; the post gives the right, for its days and not one longer."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from groups.choices import Authority
from kunshan_edu.core import access, clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel.choices import Post
from personnel.models import Appointment
from tests.personnel.rows import president
from tests.stories.doors import (
    A_DAY,
    appoints,
    decides,
    dismisses,
    does,
    opens,
    refused_raw,
    sends,
    submitted,
)

pytestmark = pytest.mark.django_db
NEW = "/appointments/new/"
PRESIDENT = Post.GROUP_PRESIDENT.value


def may_approve(world: Any, who: str, **on: Any) -> bool:
    return access.has(world.users[who], Authority.APPROVE_AS_PRESIDENT, world.group, **on)


@pytest.mark.parametrize("who", ["president", "leader", "finance_1", "basic", "principal_a", "admin"])
def test_6_3_a_only_the_personnel_section_appoints(world: Any, who: str) -> None:
    before = Appointment.objects.count()
    page = opens(world, who, f"{NEW}?post={PRESIDENT}")
    assert page.status == 403
    assert page.says("任免由市教育局人事科办理", "六、3")
    form = {
        "post": PRESIDENT,
        "person": world.teacher.person.pk,
        "container": world.preparing.pk,
        "method": "competitive",
        "document": "昆教人〔2026〕9号",
        "valid_from": clock.today().isoformat(),
    }
    assert sends(world, who, NEW, **form).status == 403
    assert Appointment.objects.count() == before


def test_6_3_a_one_records_and_another_confirms(world: Any) -> None:
    """The personnel section and a bureau leader; between the two nothing has changed, and nobody does both."""
    dismisses(world, "president")
    form = {
        "post": PRESIDENT,
        "person": world.teacher.person.pk,
        "container": world.group.pk,
        "method": "appointed",
        "document": "昆教人〔2026〕9号",
        "valid_from": clock.today().isoformat(),
    }
    assert sends(world, "personnel", NEW, **form).status == 303
    row = Appointment.objects.get(person__user=world.teacher)
    assert row.state == "proposed"
    assert not may_approve(world, "teacher")
    confirm = reverse("personnel:appointment_verb", args=[row.pk, "confirm"])
    for who in ("personnel", "teacher", "president", "basic", "supervision"):
        assert sends(world, who, confirm).status in (403, 404), who
    assert "示例teacher拟任总校长，请审定。" in opens(world, "leader", "/notifications/").words
    assert sends(world, "leader", confirm).status == 303
    assert may_approve(world, "teacher")
    row.refresh_from_db()
    assert (row.recorded_by, row.confirmed_by) == (world.users["personnel"], world.leader)


def test_6_3_a_the_database_asks_for_two_people_as_well(world: Any) -> None:
    dismisses(world, "president")
    alone = president(world, "teacher", world.group, confirmed_by=None, valid_from=clock.today())
    assert refused_raw(world, "cadre_is_confirmed_by_a_second_person", alone.save) == Clause.C6_3_A
    twice = president(
        world, "teacher", world.group, confirmed_by=world.users["personnel"], valid_from=clock.today()
    )
    assert refused_raw(world, "appointment_is_confirmed_by_another", twice.save) == Clause.C6_3_A


def test_6_3_a_ending_takes_two_people_too(world: Any) -> None:
    row = world.posts["president"]
    form = {"valid_to": clock.today().isoformat(), "document": "昆教人〔2026〕10号"}
    assert does(world, "personnel", "appointment", row, "end", **form).status == 303
    assert row.valid_to is None
    assert may_approve(world, "president")
    assert does(world, "personnel", "appointment", row, "confirm-end").status == 403
    assert does(world, "leader", "appointment", row, "confirm-end").status == 303
    with clock.at(clock.today() + A_DAY):
        assert not may_approve(world, "president")


def test_6_3_a_the_post_gives_the_right_at_once_and_takes_it_at_once(world: Any) -> None:
    row = submitted(world, amount="30,000")
    decides(world, "principal_a", row)
    decides(world, "group_finance", row)
    assert opens(world, "teacher", row.get_absolute_url()).status == 404
    assert dismisses(world, "president").status == 303
    assert not may_approve(world, "president")
    assert appoints(world, "teacher", PRESIDENT, world.group).status == 303
    assert may_approve(world, "teacher")
    assert decides(world, "president", row).status in (403, 404)
    assert decides(world, "teacher", row).status == 303
    assert row.state == "approved"


def test_6_3_a_a_right_begins_and_ends_with_its_days_without_any_job(world: Any) -> None:
    today, end = clock.today(), clock.today() + 30 * A_DAY
    dismisses(world, "president")
    appoints(
        world,
        "teacher",
        PRESIDENT,
        world.group,
        valid_from=(today + A_DAY).isoformat(),
        valid_to=end.isoformat(),
    )
    for day, expected in ((today, False), (today + A_DAY, True), (end, True), (end + A_DAY, False)):
        with clock.at(day):
            assert may_approve(world, "teacher") is expected, day


def test_6_3_a_every_decision_says_in_what_capacity_and_by_which_document(world: Any) -> None:
    row = submitted(world)
    decides(world, "principal_a", row)
    decision = row.versions.get().decisions.get()
    assert (decision.capacity, decision.appointment_id) == ("执行校长", world.posts["principal_a"].pk)
    event = AuditEvent.objects.of(row).get(verb="finance.approve")
    assert event.capacity["document"] == "昆教人〔2024〕1号"
    assert event.clause_id == "4.2.l"
    why = access.explain(world.principal_a, Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    assert why.allowed
    assert [grant.document for grant in why.grants] == ["昆教人〔2024〕1号"]


def test_6_3_a_the_president_is_appointed_or_selected_never_just_assigned(world: Any) -> None:
    """四、1 由聘任或竞聘产生."""
    dismisses(world, "president")
    assert appoints(world, "teacher", PRESIDENT, world.group, method="assigned").status == 422
    assert appoints(world, "teacher", PRESIDENT, world.group, method="appointed").status == 303


def test_6_3_a_who_is_responsible_is_open_to_all(world: Any) -> None:
    page = opens(world, "clerk_e", world.posts["president"].get_absolute_url())
    assert page.says("示例president", "竞聘", "昆教人〔2024〕1号", "以总校长身份审批", "四、2")
    assert page.says("权限由系统按任职推导，不能单独授予或保留。", "六、3")
    address = reverse("personnel:appointment_verb", args=[world.posts["president"].pk, "end"])
    assert opens(world, "clerk_e", address).status == 403
