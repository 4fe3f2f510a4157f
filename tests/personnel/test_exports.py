"""A list that somebody takes along as a file: on record with who, in what capacity, by what filter, how many rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kunshan_edu.core.models import AuditEvent
from personnel.choices import Post
from tests.personnel.staffing import on_staff
from tests.world import appoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _enter


def text(answer: Any) -> str:
    return answer.content.decode()


def exports():
    return AuditEvent.objects.filter(verb="core.export_sheet").order_by("pk")


def test_an_export_is_on_record_with_who_in_what_capacity_what_and_how_many(world, enter):
    on_staff(world, world.school_a, title="senior")
    on_staff(world, world.school_a)
    enter("principal_a").post("/staff/export/?title=senior")
    event = exports().get()
    assert (event.actor, event.model, event.object_text) == (
        world.principal_a, "personnel.staff", "教职工名册",
    )  # fmt: skip
    assert event.capacity == {
        "capacity": "执行校长", "appointment": world.posts["principal_a"].pk, "document": "昆教人〔2024〕1号",
    }  # fmt: skip
    assert event.difference["rows"] == [None, 1]
    assert event.difference["filter"][1].startswith("职称＝高级教师；截至＝")
    enter("teacher").post("/staff/export/")
    assert [e.difference["rows"][1] for e in exports()] == [1, 0]
    page = text(enter("leader").get("/audit/?verb=core.export_sheet"))
    assert "导出表格" in page
    assert "教职工名册" in page
    assert "执行校长" in page
    assert "<b>行数</b>：— → 1" in page
    assert "职称＝高级教师" in page


def test_who_holds_several_posts_exports_as_all_that_say_yes(world, enter):
    appoint(world, "vice_a", Post.DEPUTY_SECRETARY, world.preparing)
    enter("vice_a").post("/staff/export/")
    assert exports().get().capacity["capacity"] == "副校长、副书记"


def test_an_export_is_asked_for_by_a_button_and_by_nothing_else(world, enter):
    on_staff(world, world.school_a)
    client = enter("principal_a")
    assert '<form method="post" action="/staff/export/?title=none">' in text(client.get("/staff/?title=none"))
    for act in (client.get, client.head, client.options):
        act("/staff/export/")
    assert client.get("/staff/export/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.principal_a)
    assert strict.post("/staff/export/").status_code == 403
    assert not exports().exists()
