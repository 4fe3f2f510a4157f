"""Delegation on the pages, in the API, and in the decision of a request: end to end, within its ceiling."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from finance.actions import deciding
from finance.models import Decision
from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denied
from personnel import actions
from personnel.models import Delegation
from tests.api_client import Api, errors, refusal
from tests.api_client import rows as listed
from tests.finance.requests import ask
from tests.finance.requests import refused as refused_by
from tests.personnel.rows import person
from tests.personnel.test_delegation import REASON, given, presides
from tests.personnel.visits import do, send, text
from tests.world import fresh

pytestmark = pytest.mark.django_db
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


# 审批


def before_the_president(world: Any, amount: str, **draft: Any) -> Any:
    row = ask(world, "clerk_a", amount, **draft)
    for who in ("principal_a", "group_finance"):
        row = deciding.approve(row, by=fresh(world.users[who]))
    return row


def test_a_delegate_approves_from_the_first_page_to_the_record(world, enter):
    given(world, ceiling=Decimal("30000.00"))
    row = before_the_president(world, "30000.00")
    assert row.title in text(enter("deputy").get("/")), "it waits in the delegate's inbox"
    row = deciding.approve(row, by=fresh(world.deputy))
    assert row.state == "approved"
    decision = Decision.objects.latest("pk")
    assert (decision.actor, decision.capacity, decision.is_delegated) == (world.deputy, "总校长（代）", True)
    assert (decision.delegation_id, decision.appointment_id) == (
        Delegation.objects.get().pk,
        world.posts["president"].pk,
    )
    assert "总校长（代）" in text(enter("clerk_a").get(row.get_absolute_url()))


def test_above_the_ceiling_the_giver_decides(world):
    given(world, ceiling=Decimal("30000.00"))
    row = before_the_president(world, "30000.01")
    refused_by("above_the_ceiling", deciding.approve, row, by=fresh(world.deputy))
    assert deciding.approve(row, by=fresh(world.president)).state == "approved"


def test_the_giver_s_own_matter_is_not_the_delegate_s(world):
    given(world)
    own = ask(world, "clerk_a", "20000.00", beneficiary=world.president, payee="示例书店二")
    for who in ("principal_a", "group_finance"):
        own = deciding.approve(own, by=fresh(world.users[who]))
    with pytest.raises(Denied):
        deciding.approve(own, by=fresh(world.deputy))
    own.refresh_from_db()
    assert own.state == "pending"


def test_once_taken_back_nothing_is_decided(world):
    delegation = given(world)
    row = before_the_president(world, "20000.00")
    actions.revoke(delegation, by=fresh(world.president))
    with pytest.raises(Denied):
        deciding.approve(row, by=fresh(world.deputy))
    row.refresh_from_db()
    assert row.state == "pending"


def test_a_leader_reassigns_what_lies_too_long(world, enter):
    row = before_the_president(world, "20000.00")
    where = reverse("personnel:delegation_reassign")
    post = world.posts["president"]
    asked = f"{where}?role=group_president&container={world.group.pk}"
    form = enter("leader").get(asked).context["form"]
    assert form["appointment"].value() == post.pk
    answer = send(
        enter("leader"),
        where,
        appointment=post.pk,
        delegate=person(world, "deputy").pk,
        valid_from=TODAY.isoformat(),
        valid_to=(TODAY + A_DAY).isoformat(),
        reason="总校长住院",
    )
    made = Delegation.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, made.get_absolute_url())
    assert (made.kind, made.valid_to) == ("bureau", TODAY + 2 * A_DAY)
    assert deciding.approve(row, by=fresh(world.deputy)).state == "approved"


# 页面

NEW = "personnel:delegation_new"


def typed(world: Any, giver: str = "president", to: str = "deputy", **facts: Any) -> dict[str, Any]:
    base = {
        "appointment": world.posts[giver].pk,
        "delegate": person(world, to).pk,
        "valid_from": TODAY.isoformat(),
        "valid_to": (TODAY + 6 * A_DAY).isoformat(),
        "ceiling": "30,000.00",
        "reason": REASON,
    }
    return {**base, **facts}


@pytest.mark.parametrize(
    ("who", "own", "others"),
    [
        ("president", True, False),
        ("principal_a", True, False),
        ("leader", True, True),
        ("deputy", False, False),
        ("personnel", False, False),
        ("teacher", False, False),
        ("parent", False, False),
    ],
)
def test_who_is_offered_which_form(world, enter, who, own, others):
    client = enter(who)
    shown = text(client.get(reverse("personnel:delegation_list")))
    for name, may in ((NEW, own), ("personnel:delegation_reassign", others)):
        assert (f'href="{reverse(name)}"' in shown) is may, name
        assert client.get(reverse(name)).status_code == (200 if may else 403), name


def test_the_form_offers_the_own_post_and_those_who_may_stand_in(world, enter):
    form = enter("principal_a").get(reverse(NEW)).context["form"]
    assert [str(a.pk) for a in form.fields["appointment"].queryset] == [str(world.posts["principal_a"].pk)]
    assert list(form.fields["delegate"].queryset) == [person(world, "vice_a")]
    form = enter("leader").get(reverse("personnel:delegation_reassign")).context["form"]
    offered = {a.post for a in form.fields["appointment"].queryset}
    assert offered == {"group_president", "executive_principal", "bureau_leader"}


def test_the_page_gives_and_the_button_takes_back(world, enter):
    answer = send(enter("president"), reverse(NEW), **typed(world))
    row = Delegation.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    assert (row.ceiling, row.valid_to) == (Decimal("30000.00"), TODAY + 7 * A_DAY)
    page = enter("president").get(row.get_absolute_url())
    assert [o.verb.name for o in page.context["offers"] if not o.denial] == ["revoke"]
    assert "30,000.00" in text(page)
    answer = send(enter("deputy"), do(row, "revoke", "delegation"))
    assert answer.status_code == 403
    assert presides(world)
    assert send(enter("president"), do(row, "revoke", "delegation")).status_code == 303
    assert not presides(world)


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"delegate": "office"}, "delegate", ""),
        ({"delegate": ""}, "delegate", "请选择受托人。"),
        ({"appointment": "principal_a"}, "appointment", ""),
        ({"valid_from": (TODAY - A_DAY).isoformat()}, "valid_from", "起始日期不能早于今天：委托不追溯。"),
        ({"valid_to": (TODAY - A_DAY).isoformat()}, "valid_to", "最后一日不能早于起始日期。"),
        (
            {"valid_to": (TODAY + 30 * A_DAY).isoformat()},
            "valid_to",
            "委托最长 30 天，请缩短起止日期；到期后可以另行委托。",
        ),
        ({"ceiling": "0"}, "ceiling", ""),
        ({"ceiling": "三万"}, "ceiling", ""),
        ({"reason": ""}, "reason", "请填写事由。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world, enter, facts, field, sentence):
    if facts.get("delegate"):
        facts = {"delegate": person(world, facts["delegate"]).pk}
    if "appointment" in facts:
        facts = {"appointment": world.posts[facts["appointment"]].pk}
    given = typed(world, **facts)
    answer = send(enter("president"), reverse(NEW), **given)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert not sentence or sentence in form.errors[field]
    assert {name: form.data[name] for name in given} == {name: str(value) for name, value in given.items()}
    assert not Delegation.objects.exists()


def test_the_thirtieth_day_is_the_last_that_may_be_typed(world, enter):
    answer = send(enter("president"), reverse(NEW), **typed(world, valid_to=(TODAY + 29 * A_DAY).isoformat()))
    assert answer.status_code == 303
    assert Delegation.objects.get().valid_to == TODAY + 30 * A_DAY


def test_a_delegation_is_seen_by_giver_delegate_and_bureau_alone(world, enter):
    row = given(world)
    where = row.get_absolute_url()
    every = (
        "president",
        "deputy",
        "leader",
        "personnel",
        "principal_a",
        "office",
        "teacher",
        "parent",
        "admin",
    )
    seen = {who for who in every if enter(who).get(where).status_code == 200}
    assert seen == {"president", "deputy", "leader", "personnel"}
    shown = {who for who in every if where in text(enter(who).get(reverse("personnel:delegation_list")))}
    assert shown == seen
    assert enter("principal_a").get(do(row, "revoke", "delegation")).status_code == 404


@pytest.mark.parametrize("asked", ["", "?role=clerk&container=1", "?role=group_president&container=x",
                                   "?role=group_president&container=" + "9" * 30, "?appointment=x"])  # fmt: skip
def test_whatever_the_address_asks_the_form_opens(world, enter, asked):
    assert enter("leader").get(reverse("personnel:delegation_reassign") + asked).status_code == 200


# 接口


def test_a_program_delegates_the_own_post_and_a_leader_s_reassigns(world):
    body = typed(world, ceiling="30000.00")
    assert refusal(Api(world.deputy).post("delegations/", body))[:2] == (403, "not_a_reassigner")
    assert refusal(Api(world.principal_a).post("delegations/", body))[:2] == (403, "not_a_reassigner")
    made = Api(world.president).post("delegations/", body)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["kind"], told["ceiling"], told["giver"]["name"]) == ("own", "30000.00", world.president.name)
    key = told["id"]
    assert refusal(Api(world.principal_a).get(f"delegations/{key}/"))[0] == 404
    assert [row["id"] for row in listed(Api(world.deputy).get(f"delegations/?on={TODAY}"))] == [key]
    assert refusal(Api(world.deputy).post(f"delegations/{key}/revoke/"))[0] == 403
    assert Api(world.president).post(f"delegations/{key}/revoke/").json()["valid_to"] == TODAY.isoformat()
    made = Api(world.leader).post("delegations/", body)
    assert (made.status_code, made.json()["kind"]) == (201, "bureau")


def test_a_program_is_told_which_field_is_wrong(world):
    long = typed(world, ceiling="", valid_to=(TODAY + 40 * A_DAY).isoformat())
    assert list(errors(Api(world.president).post("delegations/", long))) == ["valid_to"]
    wrong = typed(world, to="office", ceiling="")
    answer = Api(world.president).post("delegations/", wrong)
    assert refusal(answer)[:2] == (422, "delegate_holds_the_wrong_post")
