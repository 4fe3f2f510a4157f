"""Posts through the REST API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from personnel.models import Appointment, Person
from tests.api_client import Api, errors, refusal, rows
from tests.personnel.test_tenure import ending, graded

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


# The life of an appointment, nominations, tenure and incentive


def test_the_whole_life_by_its_verbs(world):
    officer, leader, teacher = Api(world.users["personnel"]), Api(world.leader), Api(world.teacher)
    sent = appointment(world, post="executive_principal", container=world.school_d.pk)
    made = officer.post("appointments/", sent).json()
    assert (made["state"], made["state_label"], made["recorded_by"]["name"]) == (
        "proposed",
        "拟任",
        "示例personnel",
    )
    address = f"appointments/{made['id']}/"
    assert refusal(teacher.get(address))[0] == 404  # proposed: not even the one it is about
    assert refusal(officer.post(f"{address}confirm/"))[:2] == (403, "not_a_confirmer")
    done = leader.post(f"{address}confirm/").json()
    assert (done["state"], done["confirmed_by"]["name"]) == ("active", "示例leader")
    assert teacher.get(address).json()["state"] == "active"
    ended = officer.post(f"{address}end/", {"valid_to": TODAY, "document": "昆教人〔2026〕2号"}).json()
    assert (ended["valid_to"], ended["ending_on"] > TODAY) == (None, True)
    assert leader.post(f"{address}confirm-end/").json()["valid_to"] == ended["ending_on"]


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"post": "group_president", "container": "group"}, 409, "one_president_per_group", "valid_from"),
        (
            {"post": "group_secretary", "container": "group"},
            409,
            "secretary_is_separate_by_rule_set",
            "container",
        ),
        ({"valid_from": "2024-01-01"}, 422, "backdated_without_a_reason", "remark"),
    ],
)
def test_what_cannot_be_filled_names_its_field(world, change, status, code, field):
    if change.get("container") == "group":
        change = {**change, "container": world.group.pk, "method": "appointed"}
    answer = Api(world.users["personnel"]).post("appointments/", appointment(world, **change))
    assert refusal(answer)[:2] == (status, code)
    assert list(answer.json()["errors"]) == [field]


def test_the_group_nominates_and_the_bureau_decides(world):
    president, officer = Api(world.president), Api(world.users["personnel"])
    sent = appointment(world, person=Person.objects.get(user=world.clerk_b).pk, post="vice_principal")
    made = president.post("appointments/nominate/", sent)
    assert (made.status_code, made.json()["state"]) == (201, "nominated")
    accepted = officer.post(f"appointments/{made.json()['id']}/accept/").json()
    assert (accepted["state"], accepted["nominated_by"]["name"]) == ("proposed", "示例president")


@pytest.mark.parametrize(
    ("who", "change", "found"),
    [
        ("clerk_a", {}, (403, "not_a_nominator", "6.3.b")),
        ("president", {"post": "group_president"}, (403, "not_a_nominator", "6.3.b")),
        ("other_president", {}, (422, "invalid", None)),  # another group's school is not there for him
        ("president", {"person": "teacher"}, (422, "invalid", None)),  # nor is a teacher without a post
    ],
)
def test_one_nominates_for_the_own_only(world, who, change, found):
    person = Person.objects.get(user=world.users[change.pop("person", "clerk_b")]).pk
    sent = appointment(world, **{"post": "vice_principal", "person": person, **change})
    assert refusal(Api(world.users[who]).post("appointments/nominate/", sent)) == found
    assert not Appointment.objects.filter(state="nominated").exists()


def test_appointments_are_narrowed_by_state_and_day(world):
    api = Api(world.users["personnel"])
    api.post("appointments/", appointment(world, post="executive_principal", container=world.school_d.pk))
    [row] = rows(api.get("appointments/?state=proposed"))
    assert row["person"]["name"] == world.teacher.name
    assert rows(api.get("appointments/?on=2023-12-31")) == []
    assert row["id"] not in {r["id"] for r in rows(api.get(f"appointments/?on={TODAY}&size=200"))}


def test_extensions_and_incentives_are_the_bureau_s_and_the_holder_s(world):
    row = ending(world)
    graded(world)
    officer, leader = Api(world.users["personnel"]), Api(world.leader)
    typed = {"new_end": "2027-12-31", "document": "昆教人〔2026〕8号", "reason": "重点项目未完成"}
    assert officer.post(f"appointments/{row.pk}/extend/", typed).status_code == 200
    reward = {
        "base_coefficient": "1.50",
        "coefficient": "1.60",
        "document": "昆教人〔2026〕8号",
        "valid_from": TODAY,
    }
    assert officer.post(f"appointments/{row.pk}/reward/", reward).status_code == 200
    for noun in ("extensions", "incentives"):
        [told] = rows(leader.get(f"{noun}/?state=proposed&appointment={row.pk}"))
        assert rows(Api(world.president).get(f"{noun}/"))[0]["id"] == told["id"]
        assert rows(Api(world.deputy).get(f"{noun}/")) == []
        assert refusal(Api(world.deputy).get(f"{noun}/{told['id']}/"))[0] == 404
        assert refusal(officer.post(f"{noun}/{told['id']}/confirm/"))[:2] == (403, "not_a_confirmer")
        done = leader.post(f"{noun}/{told['id']}/confirm/").json()
        assert (done["state"], done["state_label"], done["confirmed_by"]["name"]) == (
            "confirmed", "已审定", "示例leader",
        )  # fmt: skip
    assert leader.get(f"appointments/{row.pk}/").json()["state"] == "extended"


def test_no_number_of_a_person_leaves_by_the_people(world):
    api = Api(world.users["personnel"])
    sent = {"name": "示例丁", "identity_number": "320583197801010036", "phone": "13900000001"}
    made = api.post("people/", sent)
    assert made.status_code == 201, made.content
    for answer in (made, api.get(f"people/{made.json()['id']}/"), api.get("people/?size=200")):
        assert "320583" not in answer.content.decode()
        assert "139000" not in answer.content.decode()
    wrong = api.post("people/", {"name": "示例戊", "identity_number": "320583197801010037"})
    assert errors(wrong) == {"identity_number": ["identity_number_check"]}
