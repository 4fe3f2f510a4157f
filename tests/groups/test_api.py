"""The register through the REST API."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.models import EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core import clock
from tests.api_client import Api, errors, refusal, rows
from tests.world import credit_code

pytestmark = pytest.mark.django_db

TODAY = clock.today().isoformat()


def school(**other):
    facts = {
        "name": "示例Z小学",
        "short_name": "示例Z小",
        "identifier": "2132000099",
        "credit_code": credit_code(99),
        "stage": "primary",
        "ownership": "public",
        "legal_person_type": "public_institution",
        "opened_on": "2020-09-01",
        "level": "city",
        "document": "昆编〔2020〕1号",
    }
    return {**facts, **other}


def group(**other):
    facts = {
        "name": "示例新教育集团",
        "short_name": "新集团",
        "code": "XX",
        "model_type": "lead_and_new",
        "batch": 2,
        "founded_on": TODAY,
        "founding_document": "昆教〔2026〕1号",
        "decision": "专项工作组第 9 次会议",
    }
    return {**facts, **other}


@pytest.mark.parametrize("who", ["teacher", "parent", "clerk_a", "leader"])
def test_the_register_is_read_by_everybody_who_signs_in(world, who):
    api = Api(world.users[who])
    assert len(rows(api.get("districts/"))) == 12
    assert len(rows(api.get("schools/"))) == 5
    assert len(rows(api.get("groups/"))) == 3
    assert len(rows(api.get("memberships/"))) == 4


def test_a_school_tells_its_place_and_principal_of_today(world):
    told = Api(world.teacher).get(f"schools/{world.school_c.pk}/").json()
    assert (told["level"], told["district"], told["group"]) == ("district", "张浦镇", world.group.pk)
    assert told["principal"] == world.principal_c.name
    assert [a["district"]["name"] for a in told["affiliations"]] == ["张浦镇"]
    outside = Api(world.teacher).get(f"schools/{world.school_d.pk}/").json()
    assert (outside["group"], outside["principal"]) == (None, None)


def test_a_group_tells_who_heads_it(world):
    told = Api(world.teacher).get(f"groups/{world.group.pk}/").json()
    assert (told["president"], told["lead"], told["members"], told["status"]) == (
        world.president.name,
        "示例A小",
        3,
        "running",
    )


def test_lists_are_narrowed(world):
    api = Api(world.teacher)
    found = {s["id"] for s in rows(api.get(f"schools/?group={world.group.pk}"))}
    assert found == {world.school_a.pk, world.school_b.pk, world.school_c.pk}
    assert [s["id"] for s in rows(api.get("schools/?level=district"))] == [world.school_c.pk]
    assert [g["id"] for g in rows(api.get("groups/?status=preparing"))] == [world.preparing.pk]
    assert [m["school"]["id"] for m in rows(api.get(f"memberships/?group={world.other_group.pk}"))] == [
        world.school_e.pk
    ]


def test_a_school_joins_a_group_and_leaves_it_again(world):
    api = Api(world.basic)
    joining = {
        "school": world.school_d.pk,
        "role": "member",
        "valid_from": TODAY,
        "join_document": "昆教〔2026〕2号",
    }
    joined = api.post(f"groups/{world.group.pk}/join/", joining)
    assert (joined.status_code, joined.json()["members"]) == (200, 4)
    [row] = rows(api.get(f"memberships/?school={world.school_d.pk}"))
    assert row["is_in_force"]
    leaving = {"valid_to": TODAY, "leave_document": "昆教〔2026〕3号"}
    left = api.post(f"memberships/{row['id']}/leave/", leaving).json()
    assert left["is_in_force"], "the last day belongs to the membership"
    assert left["valid_to"] > TODAY


def test_a_group_is_founded_once_by_those_who_may(world):
    api, key = Api(world.basic), uuid.uuid4()
    first, second = (api.post("groups/", group(), key=key) for _ in range(2))
    assert (first.status_code, first.json()["status"]) == (201, "preparing")
    assert second.json() == first.json()
    assert EducationGroup.objects.count() == 4
    assert refusal(Api(world.president).post("groups/", {})) == (403, "not_a_registrar", "6.1.e")


def test_a_school_is_registered_with_its_affiliation(world):
    api = Api(world.users["personnel"])
    made = api.post("schools/", school())
    assert made.status_code == 201, made.content
    assert SchoolAffiliation.objects.filter(school_id=made.json()["id"]).count() == 1
    assert refusal(Api(world.president).post("schools/", school()))[:2] == (403, "not_a_school_registrar")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identifier": "12"}, "identifier"),
        ({"credit_code": credit_code(99)[:-1] + "?"}, "credit_code"),
        ({"stage": "university"}, "stage"),
        ({"level": "district"}, "district"),
        ({"opened_on": "soon"}, "opened_on"),
        ({"name": ""}, "name"),
        ({"district": 10**30, "level": "district"}, "district"),
        ({"closed_on": TODAY}, "closed_on"),
    ],
)
def test_a_wrong_school_is_refused_beside_its_field(world, change, field):
    before = School.objects.count()
    assert list(errors(Api(world.users["personnel"]).post("schools/", school(**change)))) == [field]
    assert School.objects.count() == before


def test_a_name_that_is_taken_is_refused_beside_its_field(world):
    answer = Api(world.users["personnel"]).post("schools/", school(name=world.school_a.name))
    assert answer.status_code in (409, 422)
    assert list(answer.json()["errors"]) == ["name"]


REFUSED = {
    "join without the right": ("president", "groups", "join", 403, "not_a_registrar", "6.1.e"),
    "advance without the right": ("president", "groups", "advance", 403, "not_a_registrar", "6.1.e"),
    "leave without the right": ("principal_a", "memberships", "leave", 403, "not_a_registrar", "6.1.e"),
    "another school's profile": ("principal_b", "schools", "edit-profile", 403, "not_your_school", "3.3.a"),
    "the president edits a profile": ("president", "schools", "edit-profile", 403, "not_your_school", "3.3.a"),
    "affiliation without the right": (
        "principal_a", "schools", "change-affiliation", 403, "not_a_school_registrar", "4.1.s",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_each_refusal_has_its_status_code_and_clause(world, case):
    who, plural, verb, *found = case
    row = {
        "groups": world.group,
        "schools": world.school_a,
        "memberships": Membership.objects.get(school=world.school_a),
    }[plural]
    assert refusal(Api(world.users[who]).post(f"{plural}/{row.pk}/{verb}/", {})) == tuple(found)


def test_a_group_without_president_is_not_activated(world):
    answer = Api(world.basic).post(f"groups/{world.preparing.pk}/advance/", {"status": "pilot"})
    assert refusal(answer) == (409, "active_group_has_a_president", "4.1.a")


def test_a_second_group_at_once_is_refused(world):
    joining = {
        "school": world.school_e.pk,
        "role": "member",
        "valid_from": TODAY,
        "join_document": "昆教〔2026〕2号",
    }
    answer = Api(world.basic).post(f"groups/{world.group.pk}/join/", joining)
    assert answer.status_code in (409, 422)
    assert Membership.objects.filter(school=world.school_e).count() == 1


def test_the_school_itself_edits_its_profile(world):
    api = Api(world.principal_a)
    told = api.post(f"schools/{world.school_a.pk}/edit-profile/", {"feature": "书法"}).json()
    assert told["feature"] == "书法"
    offers = {offer["verb"]: offer["allowed"] for offer in told["offers"]}
    assert offers == {"edit_profile": True, "change_affiliation": False}


@pytest.mark.parametrize("path", ["districts/", "schools/", "groups/", "memberships/"])
def test_a_list_makes_as_many_queries_for_many_rows_as_for_few(world, path):
    api = Api(world.teacher)

    def queries(size):
        with CaptureQueriesContext(connection) as found:
            assert len(rows(api.get(f"{path}?size={size}"))) == size
        return len(found)

    api.get(path)
    assert queries(1) == queries(3) <= 4
