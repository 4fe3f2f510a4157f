"""Posts through the REST API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from personnel.models import Appointment, Person
from tests.api_client import Api, errors, refusal, rows

pytestmark = pytest.mark.django_db

TODAY = clock.today().isoformat()


def appointment(world, **other):
    facts = {
        "person": Person.objects.get(user=world.teacher).pk,
        "post": "clerk",
        "container": world.school_b.pk,
        "method": "assigned",
        "document": "昆教人〔2026〕1号",
        "valid_from": TODAY,
    }
    return {**facts, **other}


def test_people_and_posts_are_public_in_the_house_and_accounts_are_not(world):
    api = Api(world.parent)
    person = Person.objects.get(user=world.president)
    told = api.get(f"people/{person.pk}/").json()
    assert set(told) == {"id", "name", "account", "appointments"}
    assert told["account"] == world.president.pk
    [post] = told["appointments"]
    assert (post["post"], post["place"]) == (
        "group_president",
        {"kind": "group", "id": world.group.pk, "name": "示例集团"},
    )
    assert len(rows(api.get("appointments/?size=200"))) == Appointment.objects.count()


def test_an_appointment_gives_its_rights_at_once_and_its_end_takes_them(world):
    officer, teacher = Api(world.users["personnel"]), Api(world.teacher)
    assert rows(teacher.get("budget-lines/")) == []
    made = officer.post("appointments/", appointment(world))
    assert made.status_code == 201, made.content
    assert {line["school"]["id"] for line in rows(teacher.get("budget-lines/"))} == {world.school_b.pk}
    with clock.at(clock.today() + clock.dt.timedelta(days=1)):
        ended = officer.post(
            f"appointments/{made.json()['id']}/end/", {"valid_to": TODAY, "document": "昆教人〔2026〕2号"}
        )
        assert (ended.status_code, ended.json()["end_document"]) == (200, "昆教人〔2026〕2号")
        assert rows(teacher.get("budget-lines/")) == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"post": "king"}, "post", "invalid_choice"),
        ({"post": None}, "post", "invalid_choice"),
        ({"post": ["clerk"]}, "post", "invalid_choice"),
        ({"container": 99999}, "container", "invalid_choice"),
        ({"person": None}, "person", "invalid"),
        ({"person": 99999}, "person", "invalid_choice"),
        ({"person": 10**30}, "person", "invalid_choice"),
        ({"secretary_on": TODAY}, "secretary_on", "not_applicable"),
        ({"rank": 1}, "rank", "unknown_field"),
        ({"valid_from": "1.1.2026"}, "valid_from", "invalid"),
    ],
)
def test_a_wrong_appointment_is_refused_beside_its_field(world, change, field, code):
    before = Appointment.objects.count()
    answer = Api(world.users["personnel"]).post("appointments/", appointment(world, **change))
    assert errors(answer) == {field: [code]}
    assert Appointment.objects.count() == before


def test_a_second_president_is_refused_with_the_clause(world):
    sent = appointment(world, post="group_president", container=world.group.pk, method="appointed")
    answer = Api(world.users["personnel"]).post("appointments/", sent)
    assert refusal(answer) == (409, "one_president_per_group", "4.1.a")


def test_only_the_personnel_section_appoints(world):
    api = Api(world.president)
    assert refusal(api.post("appointments/", appointment(world))) == (403, "not_an_appointer", "6.3.a")
    assert refusal(api.post("people/", {"name": "示例"})) == (403, "not_an_appointer", "6.3.a")
    row = world.posts["clerk_a"]
    assert refusal(api.post(f"appointments/{row.pk}/end/", {})) == (403, "not_an_appointer", "6.3.a")


def test_a_person_is_registered_with_an_account_or_without(world):
    api = Api(world.users["personnel"])
    plain = api.post("people/", {"name": "示例甲"})
    assert (plain.status_code, plain.json()["name"]) == (201, "示例甲")
    signing = {"name": "示例乙", "username": "yi", "password": "kunshan-2026-abc"}
    answer = api.post("people/", signing)
    assert answer.status_code == 201
    assert "password" not in answer.content.decode()
    assert User.objects.get(username="yi").check_password("kunshan-2026-abc")
    assert errors(api.post("people/", {"name": "示例丙", "username": "bing"})) == {"password": ["invalid"]}


def test_appointments_are_narrowed(world):
    api = Api(world.teacher)
    [row] = rows(api.get(f"appointments/?post=executive_principal&school={world.school_a.pk}"))
    assert row["person"]["name"] == world.principal_a.name


@pytest.mark.parametrize("path", ["people/", "appointments/"])
def test_a_list_makes_as_many_queries_for_many_rows_as_for_few(world, path):
    api = Api(world.teacher)

    def queries(size):
        with CaptureQueriesContext(connection) as found:
            assert len(rows(api.get(f"{path}?size={size}"))) == size
        return len(found)

    api.get(path)
    assert queries(2) == queries(20) <= 5
