"""What one may do oneself, and every right that each president actually holds: the pages equal the rows."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups import actions as register
from groups.choices import Authority
from groups.models import GroupGrant, SchoolGrant
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting
from kunshan_edu.core.verbs import doors
from personnel.actions import delegation as delegations
from personnel.choices import Post
from personnel.models import Delegation, Person
from tests.world import appoint, end

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = dt.date(2026, 11, 23)
A_DAY = dt.timedelta(days=1)
PRESIDE, HEAD = Authority.APPROVE_AS_PRESIDENT, Authority.APPROVE_AS_PRINCIPAL
EXPLAIN, MINE, PRESIDENTS = "/rights/explain/", "/rights/mine/", "/rights/presidents/"


@pytest.fixture(autouse=True)
def that_day() -> Any:
    """Every test is on the same day, whatever the calendar says."""
    with clock.at(NOW):
        yield


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def text(answer: Any) -> str:
    """What is read on a page."""
    body = answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def at(kind: str, row: Any) -> str:
    return f"{kind}:{row.pk}"


def delegate(world: Any, **facts: Any) -> Delegation:
    """The president's right to approve with the deputy secretary, for ten days up to 20,000 yuan."""
    given = {"valid_from": NOW, "valid_to": NOW + 10 * A_DAY, "ceiling": Decimal("20000.00"), **facts}
    return delegations.give(
        world.posts["president"],
        delegate=Person.objects.get(user=world.deputy),
        reason="赴外地学习",
        by=world.president,
        **given,
    )


# What can I do here?


@pytest.mark.parametrize(
    "who", ["president", "principal_a", "clerk_a", "leader", "personnel", "district_officer"]
)
def test_every_right_held_today_is_on_the_page_with_what_it_is_for(world: Any, enter: Any, who: str) -> None:
    page = text(enter(who).get(MINE))
    rows = access.rows_of(world.users[who])
    assert rows
    for row in rows:
        assert str(Authority(row.permission.codename).label) in page
        assert str(row.content_object) in page
        assert str(doors()[row.permission.codename][0]) in page
        assert row.document in page


def test_nobody_s_page_says_why_it_is_empty(world: Any, enter: Any) -> None:
    for who in ("teacher", "parent", "admin"):
        assert "这一天没有任何权限" in text(enter(who).get(MINE))


def test_what_comes_and_what_ended_lately_is_listed_apart(world: Any, enter: Any) -> None:
    appoint(world, "teacher", Post.CASHIER, world.school_a, valid_from=NOW + A_DAY)
    appoint(world, "teacher", Post.CLERK, world.school_b, valid_to=NOW - 10 * A_DAY)
    appoint(world, "teacher", Post.CLERK, world.school_c, valid_to=NOW - 400 * A_DAY)
    page = text(enter("teacher").get(MINE))
    coming, ended = page.split("将要生效")[1].split("最近半年失效")
    assert "登记支付" in coming
    assert "示例A小" in coming
    assert "示例B小" in ended
    assert "示例C小" not in page
    assert "登记支付" in text(enter("teacher").get(MINE, {"on": "2026-11-24"})).split("最近半年失效")[0]


def test_delegations_given_and_received_are_on_the_page(world: Any, enter: Any) -> None:
    row = delegate(world)
    given, received = enter("president").get(MINE), enter("deputy").get(MINE)
    assert "委托 示例deputy 代行总校长审批" in text(given)
    assert "受委托" in text(enter("deputy").get(MINE))
    for answer in (given, received):
        assert row.get_absolute_url() in answer.content.decode()
    assert "20,000.00" in text(received)


def test_the_page_is_in_the_menu_of_everybody(world: Any, enter: Any) -> None:
    for who in ("clerk_a", "parent"):
        client = enter(who)
        for page in ("/", "/profile/"):
            assert f'href="{MINE}"' in client.get(page).content.decode()


def test_every_right_says_what_it_is_for_and_where(world: Any) -> None:
    assert set(doors()) == set(Authority.values)
    for right, (sentence, route) in doors().items():
        assert str(sentence).endswith("。"), right
        assert not route or reverse(route), right


# What presidents actually hold


def printed(page: Any) -> list[tuple[str, str, str]]:
    """(group, right, place) of every line of the lists, places of a line one by one."""
    found = []
    for section in re.findall(
        r'<section class="card" aria-labelledby="h-group-(\d+)">(.*?)</section>', page, re.DOTALL
    ):
        for row in re.findall(r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', section[1], re.DOTALL):
            right = re.sub(r"<[^>]*>", "", row[0]).strip()
            places = re.sub(r"<[^>]*>", "", row[1].split("</td>")[0]).split("：")[-1].strip()
            found += [(section[0], right, place) for place in places.split("、")]
    return sorted(found)


def test_the_printed_list_equals_the_rows(world: Any, enter: Any) -> None:
    page = enter("leader").get(PRESIDENTS).content.decode()
    rows = []
    for group, user in ((world.group, world.president), (world.other_group, world.other_president)):
        rows += [
            (str(group.pk), Authority(row.permission.codename).label, str(row.content_object))
            for row in access.rows_of(user)
        ]
    assert len(rows) > 20
    assert printed(page) == sorted(rows)


def test_the_list_is_read_from_the_rows_and_not_from_the_table(world: Any, enter: Any) -> None:
    """A row taken away is missing from the list, and the group differs from the others."""
    assert "各集团一致" in text(enter("leader").get(PRESIDENTS))
    with acting("personnel.test", None):
        GroupGrant.objects.filter(user=world.president, permission__codename=PRESIDE).delete()
        SchoolGrant.objects.filter(user=world.president, content_object=world.school_b).delete()
    answer = enter("leader").get(PRESIDENTS)
    page = text(answer)
    mine = [line for line in printed(answer.content.decode()) if line[0] == str(world.group.pk)]
    assert not [line for line in mine if line[1] == PRESIDE.label or line[2] == "示例B小"]
    assert "3 项不一致" in page  # approving, and the two rights over schools
    assert "2 / 3" in page


def test_rights_from_another_post_stand_apart(world: Any, enter: Any) -> None:
    delegate(world, valid_to=NOW + A_DAY)
    appoint(world, "president", Post.BUREAU_SUPERVISION, world.bureau)
    page = text(enter("leader").get(PRESIDENTS))
    assert "督导室" in page.split("同一人以其他身份持有")[1].split("邻园")[0]
    assert "各集团一致" in page


def test_a_president_sees_the_own_list_only_and_others_none(world: Any, enter: Any) -> None:
    page = text(enter("president").get(PRESIDENTS))
    assert "示例教育集团" in page or "示例集团" in page
    assert "邻园" not in page
    for who in ("deputy", "principal_a", "finance_1", "teacher", "admin"):
        assert enter(who).get(PRESIDENTS).status_code == 404, who
    end(world, "president", NOW)
    assert enter("president").get(PRESIDENTS).status_code == 404


def test_the_list_of_a_past_day_and_a_vacancy(world: Any, enter: Any) -> None:
    end(world, "president", NOW)
    assert "总校长空缺" in text(enter("leader").get(PRESIDENTS))
    yesterday = text(enter("leader").get(PRESIDENTS, {"on": "2026-11-22"}))
    assert "总校长空缺" not in yesterday
    assert "截至 2026年11月22日" in yesterday


def test_a_school_is_on_the_list_from_the_day_it_joins(world: Any, enter: Any) -> None:
    register.join(
        world.group,
        school=world.school_d,
        valid_from=NOW + A_DAY,
        join_document="昆教〔2026〕9号",
        by=world.basic,
    )
    for day, listed in (("2026-11-23", False), ("2026-11-24", True)):
        answer = enter("leader").get(PRESIDENTS, {"on": day})
        assert ("示例D小" in text(answer)) is listed, day
        assert "各集团一致" in text(answer)
