"""The page of the audit trail: who may read it, what it says of each event, what it is narrowed by."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from finance.actions import deciding
from groups import actions
from groups.choices import Authority
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.querysets import VIEW_AUDIT
from kunshan_edu.core.templatetags.records import differences
from kunshan_edu.core.verbs import words
from tests.finance.requests import granted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ADDRESS = "/audit/"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def found(client: Client, **query: Any) -> list[AuditEvent]:
    return list(client.get(ADDRESS, query).context["page"])


def test_the_right_is_the_one_of_the_register() -> None:
    assert Authority.VIEW_AUDIT.value == VIEW_AUDIT


@pytest.mark.parametrize("who", ["president", "clerk_a", "personnel", "finance_1", "teacher", "admin"])
def test_others_are_told_who_may(enter: Any, who: str) -> None:
    answer = enter(who).get(ADDRESS)
    assert answer.status_code == 403
    assert "审计记录由局领导和督导室查看" in text(answer)
    assert Clause.C6_1_E.cite() in text(answer)


@pytest.mark.parametrize("who", ["leader", "supervision"])
def test_leaders_and_supervision_read_it(enter: Any, who: str, django_assert_max_num_queries: Any) -> None:
    client = enter(who)
    with django_assert_max_num_queries(12):
        answer = client.get(ADDRESS)
    assert answer.status_code == 200
    pks = [event.pk for event in answer.context["page"]]
    assert pks == sorted(pks, reverse=True)


def test_an_event_says_who_in_what_capacity_what_and_by_which_clause(world: Any, enter: Any) -> None:
    actions.edit_profile(world.school_a, feature="昆曲进课堂", by=world.principal_a)
    shown = text(enter("leader").get(ADDRESS))
    for word in (
        "示例principal_a",
        "编辑办学特色",
        "示例A小",
        Clause.C3_3_A.cite(),
        "办学特色",
        "昆曲进课堂",
    ):
        assert word in shown, word


def test_a_decision_says_in_what_capacity(world: Any, enter: Any) -> None:
    granted(world, "clerk_a", "3000.00")
    assert "执行校长 · 昆教人〔2024〕1号" in text(enter("leader").get(ADDRESS, {"verb": "finance.approve"}))


def test_a_reason_that_was_given_is_shown(world: Any, enter: Any) -> None:
    row = granted(world, "clerk_a", "3000.00")
    assert "理由：" not in text(enter("leader").get(ADDRESS))
    deciding.cancel(row, by=world.principal_a, opinion="活动取消。")
    assert "理由：活动取消。" in text(enter("leader").get(ADDRESS))


def test_every_verb_of_the_world_has_its_words(world: Any) -> None:
    granted(world, "clerk_a", "3000.00")
    used = set(AuditEvent.objects.order_by().values_list("verb", flat=True).distinct())
    assert used - set(words()) == set()


def test_differences_are_in_words(world: Any) -> None:
    event = AuditEvent.objects.of(world.group).filter(verb="groups.advance").get()
    assert differences(event) == [("状态", "筹建", "运行")]
    founded = AuditEvent.objects.of(world.group).get(verb="groups.found")
    assert ("名称", "—", "示例示例教育集团") in differences(founded)


def test_it_is_narrowed_by_person_verb_object_and_date(world: Any, enter: Any) -> None:
    actions.edit_profile(world.school_a, feature="甲", by=world.principal_a)
    actions.edit_profile(world.school_b, feature="乙", by=world.principal_b)
    client = enter("leader")
    assert [e.object_id for e in found(client, verb="groups.edit_profile")] == [
        world.school_b.pk,
        world.school_a.pk,
    ]
    assert [e.object_id for e in found(client, who="principal_a")] == [world.school_a.pk]
    assert {e.object_text for e in found(client, what="示例B小", verb="groups.edit_profile")} == {"示例B小"}
    own = found(client, of=f"groups.school:{world.school_a.pk}")
    assert {(e.model, e.object_id) for e in own} == {("groups.school", world.school_a.pk)}
    assert [e.verb for e in own] == ["groups.edit_profile", "groups.register_school"]


def test_both_dates_are_inclusive(world: Any, enter: Any) -> None:
    actions.edit_profile(world.school_a, feature="甲", by=world.principal_a)
    today, day = clock.today(), dt.timedelta(days=1)
    client, verb = enter("leader"), {"verb": "groups.edit_profile"}
    assert len(found(client, first=today, last=today, **verb)) == 1
    assert found(client, first=today + day, **verb) == []
    assert found(client, last=today - day, **verb) == []


@pytest.mark.parametrize("query", [{"of": "groups.school"}, {"of": "x'; DROP:1"}, {"first": "昨天"}])
def test_a_wrong_filter_narrows_nothing(enter: Any, query: dict[str, str]) -> None:
    answer = enter("leader").get(ADDRESS, query)
    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == AuditEvent.objects.count()


def test_an_empty_answer_says_so(enter: Any) -> None:
    assert "没有符合条件的记录" in text(enter("leader").get(ADDRESS, {"what": "没有这样的对象"}))


def test_the_link_stands_in_the_navigation_of_those_who_may(enter: Any) -> None:
    assert reverse("core:audit_list") == ADDRESS
    assert f'href="{ADDRESS}"' in text(enter("supervision").get("/"))
    assert f'href="{ADDRESS}"' not in text(enter("president").get("/"))
