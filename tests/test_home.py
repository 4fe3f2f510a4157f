"""The home page of each role, and the shell around every page: what one may open, what waits, who one is."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from finance.actions import deciding
from finance.models import Decision, RequestStep
from groups.models import Membership
from kunshan_edu.core import clock, inbox
from kunshan_edu.home import LONGEST
from kunshan_edu.shell import MOST, few, shell
from personnel import actions as personnel
from personnel.choices import Post
from personnel.models import Person
from tests.finance.requests import ask, granted, make
from tests.world import appoint, end

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = (
    "clerk_a", "head_a", "accountant_a", "cashier_a", "principal_a", "vice_a", "president", "deputy", "office",
    "group_finance", "district_officer", "finance_1", "leader", "basic", "supervision", "personnel", "teacher",
    "parent", "admin",
)  # fmt: skip


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def nav(answer: Any) -> list[str]:
    found = re.search(r'<nav class="nav".*?</nav>', answer.content.decode(), re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', found.group()) if found else []


def approving(answer: Any) -> dict[str, str]:
    """The hidden fields of the first inline approval, as a browser sends them."""
    form = re.search(
        r'<form method="post" action="[^"]+/approve/".*?</form>', answer.content.decode(), re.DOTALL
    )
    assert form
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.group()))


# The shell


@pytest.mark.parametrize("who", ROLES)
def test_every_link_of_the_navigation_opens(enter: Any, who: str) -> None:
    client = enter(who)
    answer = client.get("/")
    links = nav(answer)
    assert links[0] == "/"
    for address in links:
        assert client.get(address).status_code == 200, address
    tabs = re.search(r'<nav class="tabbar".*?</nav>', answer.content.decode(), re.DOTALL).group()
    addresses = re.findall(r'<a href="([^"]+)"', tabs)
    assert 3 <= len(addresses) <= 5
    for address in set(addresses) - set(links):
        assert client.get(address).status_code == 200, address


def test_links_follow_from_rights(enter: Any) -> None:
    shown = {
        who: set(nav(enter(who).get("/"))) for who in ("teacher", "clerk_a", "leader", "personnel", "admin")
    }
    requests, audit = reverse("finance:fund_request_list"), reverse("core:audit_list")
    assert {who for who in shown if requests in shown[who]} == {"clerk_a", "leader"}
    assert {who for who in shown if audit in shown[who]} == {"leader"}
    assert all(reverse("groups:group_list") in links for links in shown.values())


def test_the_page_one_is_on_is_marked(world: Any, enter: Any) -> None:
    body = text(enter("clerk_a").get(world.group.get_absolute_url()))
    marked = re.findall(r'<a href="([^"]+)" aria-current="page"', body)
    assert set(marked) == {reverse("groups:group_list")}


def test_a_stranger_gets_the_sign_in_page_without_navigation(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")
    page = client.get("/sign-in/")
    assert nav(page) == []
    assert "tabbar" not in text(page)


def test_the_frame_takes_three_queries_and_a_fragment_none(
    world: Any, rf: Any, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    request = rf.get("/")
    request.user = world.users["president"]
    parts = shell(request)
    with django_assert_max_num_queries(3):
        for name in ("nav", "tabbar", "unread", "me"):
            assert parts[name]() is not None
    request = rf.get("/")
    request.user = world.users["president"]
    with django_assert_num_queries(0):
        shell(request)


def test_the_capacity_is_the_first_post_and_how_many_more(world: Any, enter: Any) -> None:
    assert "示例集团 总校长" in text(enter("president").get("/groups/"))
    personnel.appoint(
        Person.objects.get(user=world.users["president"]),
        post="group_office",
        container=world.group,
        method="assigned",
        document="昆教人〔2026〕9号",
        valid_from=clock.today(),
        by=world.users["personnel"],
    )
    assert "示例集团 总校长等 2 项任职" in text(enter("president").get("/groups/"))


@pytest.mark.parametrize(("n", "shown"), [(0, ""), (1, "1"), (99, "99"), (MOST, "99+")])
def test_counts_end_at_99(n: int, shown: str) -> None:
    assert few(n) == shown


def test_unread_notices_are_counted_up_to_a_hundred(world: Any, enter: Any) -> None:
    for _ in range(MOST + 3):
        inbox.tell([world.users["teacher"]], "一件事。")
    assert f'<span class="dot" aria-hidden="true">{MOST}</span>' in text(enter("teacher").get("/"))


def test_the_demonstration_offers_its_accounts_but_never_the_administrator(
    settings: Any, client: Client
) -> None:
    settings.DEMO = True
    offered = {account["username"] for account in client.get("/sign-in/").context["demo_accounts"]()}
    assert {"clerk", "president"} <= offered
    assert "admin" not in offered
    settings.DEMO = False
    assert client.get("/sign-in/").context["demo_accounts"]() == []
    assert "演示身份" not in text(client.get("/sign-in/"))


# What waits


def test_a_sentence_comes_first(world: Any, enter: Any) -> None:
    assert "示例principal_a执行校长，没有待办事项" in text(enter("principal_a").get("/"))
    for _ in range(2):
        ask(world, "clerk_a", "3000.00")
    answer = enter("principal_a").get("/")
    assert "示例principal_a执行校长，您有 2 件事项待办" in text(answer)
    assert '<span class="n">2<span class="sr"> 件待办</span></span>' in text(answer)


def test_each_sees_what_waits_for_them(world: Any, enter: Any) -> None:
    waiting = ask(world, "clerk_a", "20000.00", payee="甲")
    paid = granted(world, "clerk_a", "3000.00", payee="乙")
    returned = deciding.return_(
        ask(world, "clerk_a", "4000.00", payee="丙"), by=world.users["principal_a"], opinion="请补充。"
    )

    def entries(who: str) -> tuple[list[int], list[int], list[int]]:
        context = enter(who).get("/").context
        steps = [step.version.fund_request_id for step in context["waiting"]]
        return steps, [row.pk for row in context["payable"]], [row.pk for row in context["returned"]]

    assert entries("principal_a") == ([waiting.pk], [], [])
    assert entries("cashier_a") == ([], [paid.pk], [])
    assert entries("clerk_a") == ([], [], [returned.pk])
    assert entries("principal_b") == entries("president") == entries("leader") == ([], [], [])


def test_the_inbox_is_limited_and_says_how_many_there_are(world: Any, enter: Any) -> None:
    for _ in range(LONGEST + 2):
        ask(world, "clerk_a", "100.00")
    answer = enter("principal_a").get("/")
    assert len(answer.context["waiting"]) == LONGEST
    assert f"您有 {LONGEST + 2} 件事项待办" in text(answer)


def test_one_approves_in_the_inbox_without_a_script(world: Any, enter: Any) -> None:
    row = ask(world, "clerk_a", "3000.00")
    client = enter("principal_a")
    typed = approving(client.get("/"))
    assert {"idem", "version", "digest", "amount", "next"} <= set(typed)
    address = reverse("finance:fund_request_verb", args=[row.pk, "approve"])
    answers = [client.post(address, typed) for _click in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(303, "/")] * 2
    page = client.get("/")
    assert "已同意。" in text(page)
    assert page.context["waiting"] == []
    row.refresh_from_db()
    assert (row.state, Decision.objects.filter(version__fund_request=row).count()) == ("approved", 1)


def test_what_changed_since_is_not_approved_by_a_stale_button(world: Any, enter: Any) -> None:
    row = ask(world, "clerk_a", "3000.00")
    client = enter("principal_a")
    typed = approving(client.get("/"))
    answer = client.post(
        reverse("finance:fund_request_verb", args=[row.pk, "approve"]), {**typed, "amount": "3000.01"}
    )
    assert answer.status_code == 409
    assert not Decision.objects.exists()


def test_a_form_leads_nowhere_outside(world: Any, enter: Any) -> None:
    row = ask(world, "clerk_a", "3000.00")
    client = enter("principal_a")
    typed = {**approving(client.get("/")), "next": "https://evil.example/"}
    answer = client.post(reverse("finance:fund_request_verb", args=[row.pk, "approve"]), typed)
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())


def test_what_needs_minutes_first_is_not_offered_for_approval(world: Any, enter: Any) -> None:
    row = ask(world, "office", "60000.00", school=None, bearer="school_a")
    while True:
        step = row.versions.get().steps.open().first()
        if step.act == "approve":
            break
        row = deciding.approve(row, by=next(u for u in world.users.values() if _may(step, u)))
    answer = enter("leader").get("/")
    assert [each.lacks_minutes for each in answer.context["waiting"]] == [True]
    assert "待登记纪要" in text(answer)
    assert "/approve/" not in text(answer)


def _may(step: Any, user: Any) -> bool:
    return RequestStep.objects.waiting_for(user).filter(pk=step.pk).exists()


# By role


def test_a_clerk_sees_where_each_request_is(world: Any, enter: Any) -> None:
    make(world, "clerk_a", "100.00")
    ask(world, "clerk_a", "20000.00")
    context = enter("clerk_a").get("/").context
    assert [row.chip[1] for row in context["own"]] == ["待执行校长同意", "草稿"]
    assert "groups" not in context
    assert "oversees" not in context


def test_an_executive_principal_sees_the_campus(world: Any, enter: Any) -> None:
    ask(world, "clerk_a", "3000.00")
    make(world, "clerk_a", "100.00")
    ask(world, "clerk_b", "3000.00", school="school_b")
    answer = enter("principal_a").get("/")
    assert [row.school for row in answer.context["own"]] == [world.school_a]
    assert answer.context["balance"]["available"] == 800000 - 3000
    assert {name: line["reserved"] for name, line in answer.context["by_category"]}["教科研活动费"] == 3000
    assert "797,000.00" in text(answer)
    assert "groups" not in answer.context


def test_a_president_sees_the_group_s_money_and_vacancies(world: Any, enter: Any) -> None:
    ask(world, "clerk_a", "3000.00")
    end(world, "principal_b", clock.today())
    answer = enter("president").get("/")
    (each,) = answer.context["groups"]
    assert each["group"] == world.group
    assert [school for school, _cells, _sum in each["matrix"]] == ["示例A小", "示例B小", "示例C小"]
    first = dict(zip(each["categories"], each["matrix"][0][1], strict=True))
    assert first["教科研活动费"] == 197000
    assert each["sums"][-1] == 2_400_000 - 3000 == each["total"]["available"]
    assert [m.principal for m in each["members"]] == ["示例principal_a", None, "示例principal_c"]
    assert text(answer).count('<span class="st bad">') == 1
    assert "balance" not in answer.context


def test_the_bureau_sees_funds_vacancies_and_measures(world: Any, enter: Any) -> None:
    end(world, "principal_b", clock.today())
    context = enter("leader").get("/").context
    assert {str(fund.group): sum_["approved"] for fund, sum_ in context["funds"]} == {
        "示例集团": 2_400_000,
        "邻园集团": 800_000,
    }
    assert [row.school for row in context["unled"]] == [world.school_b]
    assert [str(group) for group in context["headless"]] == ["邻园集团"]
    assert context["measures"] == world.measures
    assert enter("personnel").get("/").context["funds"] == []


def test_a_district_officer_sees_the_district_s_money(world: Any, enter: Any) -> None:
    ask(world, "clerk_c", "3000.00", school="school_c")
    assert enter("district_officer").get("/").context["balance"]["available"] == 800_000 - 3000


@pytest.mark.parametrize("who", ["teacher", "parent", "admin"])
def test_people_without_a_post_learn_why(enter: Any, who: str) -> None:
    answer = enter(who).get("/")
    assert "您目前没有任职" in text(answer)
    assert "全部随任职产生" in text(answer)
    assert reverse("groups:group_list") in text(answer)
    assert "待办事项</h2>" not in text(answer)


def test_who_oversees_the_city_gets_its_totals_and_no_name(world: Any, enter: Any) -> None:
    assert "全市汇总" not in text(enter("leader").get("/"))
    appoint(world, "teacher", Post.VICE_MAYOR, world.bureau)
    before = enter("teacher").get("/").context["totals"]
    end(world, "principal_b", clock.today() - dt.timedelta(days=1))
    granted(world, "clerk_a", "2000.00")
    answer = enter("teacher").get("/")
    shown = answer.context["totals"]
    assert (before["principal"], shown["principal"]) == (0, 1)
    assert (shown["groups"], shown["president"], shown["deputy"], shown["complete"]) == (2, 0, 1, 0)
    assert shown["members"] == Membership.objects.in_force().filter(group__status="running").count() == 4
    assert shown["money"]["reserved"] == before["money"]["reserved"] + 2000
    card = text(answer).partition('aria-labelledby="h-totals"')[2].partition("</section>")[0]
    assert "只有汇总数字，不含个人信息" in card
    assert not [user.name for user in world.users.values() if user.name in card]


def test_home_takes_at_most_twelve_queries(
    world: Any, enter: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        ask(world, "clerk_a", "3000.00")
        granted(world, "clerk_b", "2000.00", school="school_b")
    for who in ROLES:
        client = enter(who)
        with django_assert_max_num_queries(12, info=who):
            client.get("/")


def test_keys_differ_from_row_to_row(world: Any, enter: Any) -> None:
    for _ in range(2):
        ask(world, "clerk_a", "3000.00")
    keys = re.findall(r'name="idem" value="([^"]+)"', enter("principal_a").get("/").content.decode())
    assert len(set(keys)) == len(keys) == 2
    assert all(uuid.UUID(key) for key in keys)
