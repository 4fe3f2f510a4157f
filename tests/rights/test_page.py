"""The page 权限矩阵, and the roles that somebody holds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from kunshan_edu.core import clock
from kunshan_edu.rights.facts import Holding
from kunshan_edu.rights.holdings import holdings_of
from kunshan_edu.rights.matrix import ROWS
from kunshan_edu.rights.matrix.words import Role
from personnel import actions
from personnel.choices import Method, Post
from tests.world import SINCE, appoint

pytestmark = pytest.mark.django_db


def page(client, user, **query):
    client.force_login(user)
    answer = client.get(reverse("rights:matrix"), query)
    assert answer.status_code == 200
    return answer


def numbers(answer) -> list[int]:
    return [row.number for row in answer.context["rows"]]


def test_everybody_who_is_signed_in_reads_the_whole_matrix(client, world):
    for who in ("president", "clerk_a", "parent", "admin"):
        assert numbers(page(client, world.users[who])) == [row.number for row in ROWS]


def test_a_stranger_signs_in_first(client):
    assert client.get(reverse("rights:matrix")).status_code == 302


def test_own_roles_are_marked(client, world):
    answer = page(client, world.president)
    assert answer.context["own"] == ["总校长", "教师"]
    text = answer.content.decode()
    assert "<b>总校长</b>" in text
    assert "<b>执行校长</b>" not in text
    approving = next(row for row in answer.context["rows"] if row.number == 36)
    mine = [role["name"] for line in approving.rights for role in line["roles"] if role["mine"]]
    assert mine == [["总校长"]]


def test_a_right_not_given_yet_is_nobodys(client, world):
    rows = {row.number: row for row in page(client, world.teacher).context["rows"]}
    drafting = [line for line in rows[31].rights if ["教师"] in [role["name"] for role in line["roles"]]]
    assert [(line["given"], line["mine"]) for line in drafting] == [(False, False)]
    assert drafting[0]["terms"] == ("办理", "本人", "尚未授予")


def test_roles_with_the_same_right_stand_together(client, world):
    rows = {row.number: row for row in page(client, world.teacher).context["rows"]}
    assert [len(line["roles"]) for line in rows[1].rights] == [20]
    paying = next(line for line in rows[44].rights if line["given"] and line["terms"] == ("办理", "本校"))
    assert [role["name"] for role in paying["roles"]] == [["出纳"]]


def test_narrowed_by_role_app_and_oneself(client, world):
    assert set(numbers(page(client, world.parent, app="register"))) == set(range(1, 8))
    of_cashiers = numbers(page(client, world.parent, role="ACC"))
    assert 44 in of_cashiers
    assert 8 not in of_cashiers
    mine = numbers(page(client, world.president, mine="mine"))
    assert 36 in mine
    assert 23 in mine
    assert 44 not in mine
    assert numbers(page(client, world.president, mine="mine", role="ACC")) == []
    assert len(numbers(page(client, world.president, role="nobody"))) == len(ROWS)


def test_clauses_are_quoted_and_verbs_named(client, world):
    text = page(client, world.president, app="finance").content.decode()
    assert "昆政办发〔2019〕132号 四、2" in text
    assert "经费申请 · 同意" in text
    assert "尚未建设" in text


def test_htmx_gets_the_rows_of_the_same_page(client, world):
    client.force_login(world.president)
    headers = {"HX-Request": "true", "HX-Target": "rows"}
    part = client.get(reverse("rights:matrix"), {"role": "PRE"}, headers=headers).content.decode()
    assert "<h1>" not in part
    assert part.strip() in client.get(reverse("rights:matrix"), {"role": "PRE"}).content.decode()


def test_in_english(client, world):
    client.cookies["django_language"] = "en"
    world.president.language = "en"
    world.president.save()
    answer = page(client, world.president)
    assert "Approve above the president" in answer.content.decode()
    assert answer.context["own"] == ["president", "teacher"]


def test_few_queries(client, world, django_assert_max_num_queries):
    client.force_login(world.president)
    client.get(reverse("rights:matrix"))
    with django_assert_max_num_queries(14):
        client.get(reverse("rights:matrix"))


# Holdings


def roles(user) -> set[Role]:
    return {held.role for held in holdings_of(user) if held.in_force(clock.today())}


def test_roles_follow_from_posts(world):
    assert roles(world.clerk_a) == {Role.MID, Role.TCH}
    assert roles(world.personnel) == {Role.HR, Role.TCH}
    assert roles(world.teacher) == {Role.TCH}
    assert roles(world.parent) == {Role.PUB}
    assert roles(world.admin) == {Role.PUB, Role.ADM}
    assert Holding(Role.EXE, world.school_b.pk, "executive_principal", SINCE) in holdings_of(
        world.principal_b
    )


def test_a_post_to_come_is_held_from_its_day(world):
    soon = clock.today() + dt.timedelta(days=3)
    appoint(world, "teacher", Post.GROUP_FINANCE, world.group, valid_from=soon)
    assert roles(world.teacher) == {Role.TCH}
    assert [held.role for held in holdings_of(world.teacher) if held.in_force(soon)] == [Role.TCH, Role.GFI]


def test_a_post_gives_its_role_when_it_is_confirmed(world):
    row = actions.appoint(
        world.teacher.person,
        post=Post.VICE_PRINCIPAL,
        container=world.school_b,
        method=Method.ASSIGNED,
        document="昆教人〔2026〕9号",
        valid_from=clock.today(),
        by=world.personnel,
    )
    assert roles(world.teacher) == {Role.TCH}
    actions.confirm(row, by=world.leader)
    assert roles(world.teacher) == {Role.TCH, Role.VPR}


def test_a_delegate_holds_the_givers_role_for_its_days(world):
    today = clock.today()
    actions.give(
        world.posts["president"],
        delegate=world.deputy.person,
        valid_from=today,
        valid_to=today + dt.timedelta(days=5),
        ceiling=Decimal("20000.00"),
        reason="外出学习",
        by=world.president,
    )
    lent = [held for held in holdings_of(world.deputy) if held.giver]
    assert lent == [
        Holding(
            Role.PRE,
            world.group.pk,
            "group_president",
            today,
            today + dt.timedelta(days=5),
            giver=world.president.pk,
            ceiling=Decimal("20000.00"),
        )
    ]
