"""Rights explained: why may they, why not, who could; on the page and in the API."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from groups.choices import Authority
from kunshan_edu.core import access, clock
from personnel import actions
from personnel.actions import delegation as delegations
from personnel.choices import Method, Post
from personnel.models import Delegation, Person
from tests.api_client import Api, errors
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


# The page: why may they?


def test_everybody_may_ask_about_oneself(world: Any, enter: Any) -> None:
    page = text(enter("president").get(EXPLAIN, {"right": PRESIDE, "place": at("group", world.group)}))
    post = world.posts["president"]
    for words in (
        "示例president 2026年11月23日可以办理",
        "以总校长身份审批",
        "自",
        "昆教人〔2024〕1号",
        str(post),
    ):
        assert words in page
    assert "科学设定总校长及执行校长的资金使用审批权限" in page
    assert "昆政办发〔2019〕132号 四、2" in page


def test_the_chain_leads_to_the_appointment(world: Any, enter: Any) -> None:
    answer = enter("president").get(EXPLAIN, {"right": PRESIDE, "place": at("group", world.group)})
    assert f'href="{world.posts["president"].get_absolute_url()}"' in answer.content.decode()
    icons = re.findall(
        r"icons[\w.]*\.svg#([\w-]+)", answer.content.decode().split('class="flow"')[1].split("</ol>")[0]
    )
    assert icons == ["key", "id-badge-2", "file-text", "scale"]


@pytest.mark.parametrize(
    "who", ["president", "principal_a", "clerk_a", "teacher", "parent", "finance_1", "admin"]
)
def test_about_others_only_the_bureau_may_ask(world: Any, enter: Any, who: str) -> None:
    client = enter(who)
    asked = {"right": HEAD, "place": at("school", world.school_a)}
    assert client.get(EXPLAIN, {**asked, "who": "leader"}).status_code == 404
    assert client.get(EXPLAIN, {**asked, "who": "nobody-of-that-name"}).status_code == 404
    own = client.get(EXPLAIN, {**asked, "who": world.users[who].username})
    assert own.status_code == 200
    assert 'name="who"' not in own.content.decode()


@pytest.mark.parametrize("who", ["leader", "personnel", "supervision"])
def test_the_bureau_asks_about_anybody(world: Any, enter: Any, who: str) -> None:
    asked = {"who": "principal_a", "right": HEAD, "place": at("school", world.school_a)}
    assert "示例principal_a 2026年11月23日可以办理" in text(enter(who).get(EXPLAIN, asked))


def test_a_name_that_several_bear_is_asked_back(world: Any, enter: Any) -> None:
    asked = {"who": "示例principal", "right": HEAD, "place": at("school", world.school_a)}
    answer = enter("leader").get(EXPLAIN, asked)
    assert "您指的是谁？" in text(answer)
    assert answer.content.decode().count("who=principal_") == 4
    assert "没有找到这个账号" in text(enter("leader").get(EXPLAIN, {**asked, "who": "查无此人"}))


def test_a_right_is_asked_on_what_it_stands_on(world: Any, enter: Any) -> None:
    page = text(enter("president").get(EXPLAIN, {"right": PRESIDE, "place": at("school", world.school_a)}))
    assert "“以总校长身份审批”是教育集团的权限，请在对象中选择一个教育集团。" in page
    missing = text(enter("president").get(EXPLAIN, {"place": at("group", world.group)}))
    assert "请选择权限。" in missing
    bureau = text(enter("leader").get(EXPLAIN, {"who": "leader", "right": Authority.MANAGE_REGISTER}))
    assert "可以办理" in bureau


@pytest.mark.parametrize("place", ["group:0", "group:x", "group", "x:1", "'"])
def test_an_object_that_does_not_exist_is_refused_with_a_sentence(world: Any, enter: Any, place: str) -> None:
    answer = enter("president").get(EXPLAIN, {"right": PRESIDE, "place": place, "on": "never"})
    assert answer.status_code == 200
    assert "看不懂这个日期" in text(answer)


# Why not, and who could?


def test_what_ended_is_told_with_its_last_day_and_whoever_came_after(world: Any, enter: Any) -> None:
    end(world, "principal_a", NOW)
    appoint(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_a, valid_from=NOW)
    asked = {"who": "principal_a", "right": HEAD, "place": at("school", world.school_a)}
    page = text(enter("leader").get(EXPLAIN, asked))
    for words in ("不能办理", "曾以执行校长身份持有，至2026年11月22日止。", "示例teacher 执行校长"):
        assert words in page
    before = text(enter("leader").get(EXPLAIN, {**asked, "on": "2026-11-22"}))
    assert "示例principal_a 2026年11月22日可以办理" in before
    assert "示例teacher" not in before


def test_a_vacancy_says_which_posts_would_give_the_right(world: Any, enter: Any) -> None:
    page = text(
        enter("leader").get(EXPLAIN, {"who": "teacher", "right": HEAD, "place": at("school", world.school_d)})
    )
    assert "这一天没有人持有这项权限。" in page
    assert "产生这项权限的职务：执行校长" in page


def test_a_post_that_waits_for_confirmation_is_told_to_those_who_may_know(world: Any, enter: Any) -> None:
    """Not to the candidate: what is proposed is not public before it is decided."""
    actions.appoint(
        Person.objects.get(user=world.teacher),
        post=Post.EXECUTIVE_PRINCIPAL,
        container=world.school_d,
        method=Method.ASSIGNED,
        document="昆教人〔2026〕9号",
        valid_from=NOW,
        by=world.personnel,
    )
    asked = {"right": HEAD, "place": at("school", world.school_d)}
    words = "任职（执行校长）已登记，尚在“拟任”，审定后才带来这项权限。"
    assert words in text(enter("leader").get(EXPLAIN, {**asked, "who": "teacher"}))
    assert words not in text(enter("teacher").get(EXPLAIN, asked))


def test_a_president_in_waiting_is_found_for_the_schools_of_the_group_too(world: Any, enter: Any) -> None:
    end(world, "president", NOW + A_DAY)
    actions.appoint(
        Person.objects.get(user=world.teacher),
        post=Post.GROUP_PRESIDENT,
        container=world.group,
        method=Method.APPOINTED,
        document="昆教人〔2026〕9号",
        valid_from=NOW + A_DAY,
        by=world.personnel,
    )
    right = Authority.VIEW_SCHOOL_FINANCE
    for school, found in ((world.school_a, True), (world.school_e, False)):
        asked = {"who": "teacher", "right": right, "place": at("school", school)}
        assert ("任职（总校长）已登记" in text(enter("leader").get(EXPLAIN, asked))) is found


def test_a_delegation_is_shown_as_one_with_its_giver_and_ceiling(world: Any, enter: Any) -> None:
    delegate(world)
    asked = {"right": PRESIDE, "place": at("group", world.group)}
    page = text(enter("deputy").get(EXPLAIN, asked))
    for words in ("可以办理", "委托 代：受示例president委托", "限额 20,000.00 元", "总校长（代）"):
        assert words in page
    assert "不能办理" in text(enter("deputy").get(EXPLAIN, {**asked, "on": "2026-12-03"}))
    who = text(enter("president").get(EXPLAIN, asked))
    assert "示例president 总校长" in who
    assert "示例deputy 总校长（代）" in who


def test_the_page_takes_few_queries(world: Any, enter: Any, django_assert_max_num_queries: Any) -> None:
    client = enter("leader")
    asked = {
        "who": "president",
        "right": Authority.VIEW_SCHOOL_FINANCE,
        "place": at("school", world.school_a),
    }
    client.get(EXPLAIN, asked)
    with django_assert_max_num_queries(16):
        client.get(EXPLAIN, asked)
    for page in (MINE, PRESIDENTS):
        client.get(page)
        with django_assert_max_num_queries(14):
            client.get(page)


# The API tells the same


def test_the_api_gives_the_chain(world: Any) -> None:
    told = (
        Api(world.president).get(f"rights/explain/?right={PRESIDE}&place={at('group', world.group)}").json()
    )
    assert (told["allowed"], told["on"], told["person"]["username"]) == (True, "2026-11-23", "president")
    (grant,) = told["grants"]
    assert (grant["capacity"], grant["document"], grant["clause"]["id"]) == (
        "总校长",
        "昆教人〔2024〕1号",
        "4.2.l",
    )
    assert grant["appointment"] == world.posts["president"].pk
    assert [(r["code"], r["message"]) for r in told["reasons"]] == [
        ("held", "以总校长身份持有，自2024年1月1日起。")
    ]
    assert [holder["holder"]["username"] for holder in told["holders"]] == ["president"]


def test_the_api_says_why_not_in_the_reader_s_language(world: Any) -> None:
    end(world, "principal_a", NOW)
    address = f"rights/explain/?who=principal_a&right={HEAD}&place={at('school', world.school_a)}"
    told = Api(world.leader).get(address).json()
    assert not told["allowed"]
    assert [(r["code"], r["appointment"]) for r in told["reasons"]] == [
        ("ended", world.posts["principal_a"].pk)
    ]
    assert told["holders"] == []
    assert Api(world.leader).get(f"{address}&on=2026-11-22").json()["allowed"]


def test_the_api_answers_about_others_to_the_bureau_only(world: Any) -> None:
    address = f"rights/explain/?who=leader&right={Authority.MANAGE_REGISTER}"
    assert Api(world.president).get(address).status_code == 404
    assert Api(world.personnel).get(address).json()["allowed"]
    assert Api(world.personnel).get(address.replace("leader", "nobody")).status_code == 404
    assert errors(Api(world.president).get("rights/explain/?right=fly")) == {"right": ["invalid_choice"]}
    assert Api().get(address).status_code == 401


def test_the_api_lists_what_one_may_do(world: Any) -> None:
    delegate(world)
    told = Api(world.deputy).get("rights/mine/").json()
    rows = {(r["right"], r["place"]["kind"], r["place"]["id"]) for r in told["rights"]}
    held = {(r.permission, r.object_id) for r in access.rights_of(world.deputy, fresh=True).rows}
    assert {(right, pk) for right, _kind, pk in rows} == held
    delegated = [r for r in told["rights"] if r["delegation"]]
    assert {r["ceiling"] for r in delegated} == {"20000.00"}
    assert Api(world.deputy).get("rights/mine/?on=2023-01-01").json() == {"on": "2023-01-01", "rights": []}
    assert errors(Api(world.deputy).get("rights/mine/?on=x")) == {"on": ["invalid"]}
