"""Whom a field suggests while one types: at most ten, of the choices of the form, by a constant number of queries."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kunshan_edu.core import clock
from personnel import actions as personnel
from personnel.actions import appraisal
from personnel.models import Appointment, Delegation, Person, Rotation, Staff
from tests.personnel.staffing import AFTER, DOCUMENT, FIRST, identity_number, on_staff
from tests.world import fresh

pytestmark = pytest.mark.django_db
ROTATION, APPOINTMENT = "/rotations/new/", "/appointments/new/?post=clerk"
OFFERED = re.compile(r'data-say="([^"]*)" data-for="([^"]*)">[^<]*(?:<small>([^<]*)</small>)?')


@pytest.fixture
def teacher(world: Any) -> Staff:
    return on_staff(world, world.school_a, who="teacher")


def suggested(client: Client, text: str, field: str = "staff", page: str = ROTATION) -> list[tuple[str, ...]]:
    """What is filled in, into which input, and where the person is."""
    address, _mark, asked = page.partition("?")
    answer = client.get(address, {**QueryDict(asked).dict(), "suggest": field, field: text})
    body = answer.content.decode()
    assert "<form" not in body
    return OFFERED.findall(body)


def called(client: Client, text: str, **where: str) -> list[str]:
    return [found[0] for found in suggested(client, text, **where)]


def test_a_name_or_a_number_suggests_the_teachers_of_the_reach_and_nobody_else(world, enter, teacher):
    client = enter("principal_a")
    assert suggested(client, "示例teach") == [(str(teacher), "id_staff", world.school_a.short_name)]
    assert called(client, teacher.staff_no.lower()) == [str(teacher)]
    assert called(enter("principal_c"), "示例teach") == []


@pytest.mark.parametrize("text", ["", "  ", "无此人", "%", "示例teacher（JS00001）"])
def test_nothing_unknown_or_complete_suggests_nobody(world, enter, teacher, text):
    assert called(enter("principal_a"), text) == []


def test_who_may_not_open_the_form_is_told_of_nobody(world, enter, teacher):
    answer = enter("teacher").get(ROTATION, {"suggest": "staff", "staff": "示例"})
    assert answer.status_code == 403
    assert "data-say" not in answer.content.decode()


@pytest.mark.parametrize("field", ["reason", "nothing", ""])
def test_other_fields_suggest_nothing_and_leave_the_form_as_it_is(world, enter, field):
    answer = enter("principal_a").get(ROTATION, {"suggest": field, field: "示例"})
    assert "<form" in answer.content.decode()


def test_people_come_with_the_post_that_everybody_may_see(world, enter):
    found = suggested(enter("personnel"), "示例principal_a", "person", APPOINTMENT)
    person = Person.objects.get(user=world.users["principal_a"])
    post = Appointment.objects.in_force().get(person=person)
    [(value, into, place)] = found
    assert (into, place) == ("id_person", f"{post.container} {post.get_post_display()}")
    assert value.startswith(f"{person.name}（")


def test_somebody_without_a_post_is_suggested_without_a_place(world, enter):
    row = on_staff(world, world.school_a)
    assert suggested(enter("personnel"), row.staff_no, "person", APPOINTMENT) == [(str(row), "id_person", "")]


def test_at_most_ten_by_the_same_queries(world, enter, teacher):
    client = enter("principal_a")
    suggested(client, "教师")
    for _n in range(2):
        on_staff(world, world.school_a)
    with CaptureQueriesContext(connection) as few:
        assert len(suggested(client, "教师")) == 2
    for _n in range(11):
        on_staff(world, world.school_a)
    with CaptureQueriesContext(connection) as many:
        assert len(suggested(client, "教师")) == 10
    assert len(many) == len(few)


def test_the_form_lists_nobody_and_asks_its_own_address(world, enter, teacher):
    for _n in range(3):
        on_staff(world, world.school_a)
    page = enter("principal_a").get(ROTATION, {"on": "2026-09-01"}).content.decode()
    assert "教师1（" not in page and str(teacher) not in page
    assert 'hx-get="/rotations/new/?on=2026-09-01&amp;suggest=staff"' in page
    assert 'id="id_staff_suggested"' in page


def test_whoever_has_no_script_types_the_staff_number(world, enter, teacher):
    typed = {
        "idem": str(uuid.uuid4()), "staff": teacher.staff_no, "to_school": world.school_b.pk, "workload": "100",
        "valid_from": FIRST.isoformat(), "valid_to": AFTER.isoformat(),
    }  # fmt: skip
    assert enter("principal_a").post(ROTATION, typed).status_code == 303
    assert Rotation.objects.get().staff == teacher


def test_whom_nobody_knows_is_said_beside_the_field(world, enter):
    page = "/delegations/reassign/"
    assert called(enter("leader"), "示例deputy", field="delegate", page=page)
    typed = {
        "idem": str(uuid.uuid4()), "appointment": world.posts["president"].pk, "delegate": "无此人",
        "valid_from": FIRST.isoformat(), "valid_to": FIRST.isoformat(), "reason": "外出",
    }  # fmt: skip
    answer = enter("leader").post(page, typed)
    assert answer.status_code == 422
    assert "没有找到这个人" in answer.content.decode().partition('id="id_delegate"')[2].partition("hint")[0]
    assert not Delegation.objects.exists()


def training(world: Any) -> Any:
    return appraisal.hold_training(
        group=world.group,
        title="示例培训",
        held_on=clock.today(),
        hours=Decimal(6),
        by=fresh(world.president),
    )


def attended(enter: Any, world: Any, text: str) -> tuple[Any, set[Any]]:
    """The answer to a column of names, and who is recorded."""
    row = training(world)
    page = reverse("personnel:training_verb", args=[row.pk, "record-attendance"])
    answer = enter("president").post(page, {"idem": str(uuid.uuid4()), "staff": text, "hours": ""})
    return answer, {each.staff for each in row.attendances.all()}


def test_a_column_copied_from_a_spreadsheet_is_a_list_of_people(world, enter, teacher):
    two, three = (on_staff(world, world.school_b) for _n in range(2))
    answer, found = attended(
        enter, world, f"{teacher.person.name}\r\n{two.staff_no}\t\r\n{three}、{two.staff_no}\n"
    )
    assert answer.status_code == 303
    assert found == {teacher, two, three}


@pytest.mark.parametrize("written", ["无此人", "JS99999", "E"])
def test_whom_the_group_does_not_employ_is_named_and_nobody_is_recorded(world, enter, teacher, written):
    elsewhere = on_staff(world, world.school_e)
    text = {"E": elsewhere.staff_no}.get(written, written)
    answer, found = attended(enter, world, f"{teacher.staff_no}\n{text}")
    assert answer.status_code == 422
    assert f"没有找到：{text}。" in answer.content.decode()
    assert found == set()


def test_namesakes_are_asked_for_by_number_and_nobody_is_asked_for_somebody(world, enter, teacher):
    by = fresh(world.users["personnel"])
    same = personnel.register_person(
        name=teacher.person.name, identity_number=identity_number(9000), phone="", by=by
    )
    personnel.register_staff(
        same, staff_no="JS90000", school=world.school_b, document=DOCUMENT, valid_from=FIRST, by=by
    )
    answer, found = attended(enter, world, teacher.person.name)
    assert (answer.status_code, found) == (422, set())
    assert "请改写工号" in answer.content.decode()
    answer, found = attended(enter, world, " \n ")
    assert (answer.status_code, found) == (422, set())
    assert "请选择参训教师" in answer.content.decode()
