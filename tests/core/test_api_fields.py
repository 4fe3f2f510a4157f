"""A noun of the API told from its model: the named fields and no others, words, refs, filters, a day, the document."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.db import models
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework import serializers

from finance.models import FundRequest
from groups import actions
from groups import verbs as tables
from groups.choices import FundingLevel, GroupStatus, MembershipRole
from groups.models import EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core.api.bodies import body_shape, cleaned_from
from kunshan_edu.core.api.fields import filters_of, shape_of, told, words_behind
from kunshan_edu.core.api.nouns import Noun, verbs
from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.api.routes import routes
from kunshan_edu.core.api.shapes import Choice, Id, Ref, Yuan
from tests.api_client import Api, errors, rows
from tests.world import SINCE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_api_fields")]
A_DAY = dt.timedelta(days=1)


@verbs(tables.MEMBERSHIP)
class Members(Noun):
    """成员."""

    model = Membership
    fields = ("school", "group", "role", "valid_from", "valid_to")
    more = ("join_document", ("batch", serializers.IntegerField(source="group.batch")))
    by = ("role", "group", ("school", Id(required=False, source="school_id")))


class Places(Noun):
    """学校, told by a list alone."""

    model = School
    fields = ("name", "stage", "opened_on", "closed_on")
    by = ("stage", "position")


V1 = routes((("members", Members), ("places", Places)))
urlpatterns = [path("api/v1/", include((V1, "api"))), path("", include("kunshan_edu.urls"))]


def test_a_row_says_what_is_named_and_nothing_else(world: Any) -> None:
    found = Membership.objects.get(school=world.school_a)
    [row] = rows(Api(world.teacher).get(f"members/?school={world.school_a.pk}"))
    assert row == {
        "id": found.pk,
        "school": {"id": world.school_a.pk, "name": "示例A小"},
        "group": {"id": world.group.pk, "name": "示例集团"},
        "role": "lead",
        "role_label": "牵头学校",
        "valid_from": "2024-01-01",
        "valid_to": None,
    }


def test_a_row_on_its_own_says_more_and_what_may_be_done(world: Any) -> None:
    found = Membership.objects.get(school=world.school_a)
    row = Api(world.basic).get(f"members/{found.pk}/").json()
    assert (row["join_document"], row["batch"]) == ("昆教〔2024〕2号", 1)
    [offer] = row["offers"]
    assert (offer["verb"], offer["allowed"]) == ("leave", True)
    assert offer["url"].endswith(f"/api/v1/members/{found.pk}/leave/")
    assert Members.filters is not None
    assert "offers" not in Places.shape().fields
    assert Places.whole is None


def test_relations_are_read_in_one_journey(world: Any, django_assert_max_num_queries: Any) -> None:
    assert Members.related == ("school", "group")
    api = Api(world.teacher)
    api.get("members/")
    with django_assert_max_num_queries(5):
        assert len(rows(api.get("members/"))) == 4


def test_lists_are_narrowed_by_the_named_fields(world: Any) -> None:
    api = Api(world.teacher)
    assert {r["school"]["name"] for r in rows(api.get("members/?role=lead"))} == {"示例A小", "示例E小"}
    assert len(rows(api.get(f"members/?role=lead&group={world.group.pk}"))) == 1
    assert len(rows(api.get("places/?position=2"))) == 1
    assert errors(api.get("members/?role=chief")) == {"role": ["invalid_choice"]}
    assert errors(api.get("members/?on=yesterday")) == {"on": ["invalid"]}
    assert "on" not in Places.filters().fields


def test_a_day_gives_what_was_in_force(world: Any) -> None:
    day = dt.date(2025, 9, 1)
    row = Membership.objects.get(school=world.school_b)
    actions.leave(row, valid_to=day, leave_document="昆教〔2025〕9号", by=world.basic)
    api = Api(world.teacher)
    for on, count in ((day, 3), (day - A_DAY, 4), (SINCE - A_DAY, 0)):
        assert len(rows(api.get(f"members/?on={on}"))) == count, on
    assert len(rows(api.get("members/"))) == 4


def test_the_document_tells_of_it(world: Any) -> None:
    reset_generator_stats()
    generator = SchemaGenerator(patterns=[path("api/v1/", include((V1, "api")))])
    document = generator.get_schema(request=None, public=True)
    assert not GENERATOR_STATS
    validate_schema(document)
    parts = document["components"]["schemas"]
    assert set(parts["MembershipRow"]["properties"]) == {
        "id", "school", "group", "role", "role_label", "valid_from", "valid_to",
    }  # fmt: skip
    assert set(parts["MembershipDetail"]["properties"]) - set(parts["MembershipRow"]["properties"]) == {
        "join_document", "batch", "offers",
    }  # fmt: skip
    assert parts["MembershipRole"]["enum"] == ["lead", "member"]
    assert parts["MembershipRow"]["properties"]["valid_to"]["nullable"] or (
        parts["MembershipRow"]["properties"]["valid_to"]["type"] == ["string", "null"]
    )
    listed = document["paths"]["/api/v1/members/"]["get"]
    asked = {p["name"]: p["schema"] for p in listed["parameters"]}
    assert set(asked) == {"page", "size", "role", "group", "school", "on"}
    assert asked["on"]["format"] == "date"
    assert "post" in document["paths"]["/api/v1/members/{id}/leave/"]


def test_a_file_is_none_of_the_api(world: Any) -> None:
    """JSON has no files: a form's file is not told of, and a text in its place is not passed over in silence."""

    class Photo(forms.Form):
        note = forms.CharField(required=False)
        photo = forms.FileField(required=False)

    assert set(body_shape("Photo", Photo)().fields) == {"note"}
    assert cleaned_from(Photo({"note": "甲"}), {"note": "甲"})["note"] == "甲"
    with pytest.raises(Invalid) as refused:
        cleaned_from(Photo({"photo": "x.png"}), {"photo": "x.png"})
    assert list(refused.value.get_codes()) == ["photo"]


# Telling of fields


def test_words_are_found_behind_a_field() -> None:
    assert words_behind(Membership._meta.get_field("role")) is MembershipRole
    assert words_behind(EducationGroup._meta.get_field("status")) is GroupStatus
    assert words_behind(SchoolAffiliation._meta.get_field("level")) is FundingLevel
    lone = models.CharField("甲", choices=[("x", "甲")], max_length=2)
    lone.name, lone.model = "lone", SchoolAffiliation
    with pytest.raises(LookupError, match="Choice"):
        words_behind(lone)


def test_a_field_that_is_none_of_the_model_is_told_by_hand() -> None:
    with pytest.raises(LookupError, match="principal"):
        shape_of(School, ("name", "principal"))
    assert "principal" in shape_of(School, ("name", ("principal", Ref(allow_null=True))))().fields
    with pytest.raises(LookupError, match="JSON"):
        told(type("JSON", (models.JSONField,), {"__str__": lambda _: "JSON"})())


def test_kinds_keep_their_kind() -> None:
    told_of = shape_of(FundRequest, ("amount", "submitted_at", "state", "fund"))().fields
    assert isinstance(told_of["amount"], serializers.DecimalField)
    assert (told_of["amount"].max_digits, told_of["amount"].decimal_places) == (
        Yuan().max_digits,
        Yuan().decimal_places,
    )
    assert isinstance(told_of["submitted_at"], serializers.DateTimeField)
    assert isinstance(told_of["state"], Choice)
    assert isinstance(told_of["fund"], Ref)
    assert told_of["submitted_at"].allow_null
    assert not told_of["state"].allow_null


def test_nothing_to_narrow_by_is_no_filter() -> None:
    assert filters_of(School, ()) is None
    assert list(filters_of(SchoolAffiliation, ())().fields) == ["on"]
