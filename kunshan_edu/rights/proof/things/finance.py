"""Fund requests at every step of every band, funds, budget lines and Measures, in each state they can reach."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse

from finance.actions import budget, deciding, paying
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.things import API, FORM, PAGE, Deed, Scene, Thing, blank, filling, maker, ways
from kunshan_edu.rights.proof.things.requests import (
    CENT,
    LEADER,
    MINUTES,
    PRESIDENT,
    PRINCIPAL,
    Chain,
    Requests,
)

# The way of a request by its band (domain.md §2.3), written down here and not asked of the code.
TO_PRINCIPAL: Chain = [(PRINCIPAL, "approve")]
TO_PRESIDENT: Chain = [(PRINCIPAL, "consent"), ("group_finance", "check"), (PRESIDENT, "approve")]
REVIEWED: Chain = [("bureau_finance", "review"), (LEADER, "approve")]
TO_LEADER: Chain = [(PRINCIPAL, "consent"), ("group_finance", "check"), (PRESIDENT, "consent"), *REVIEWED]
OF_DISTRICT: Chain = [*TO_LEADER[:3], ("district", "review"), *REVIEWED]
OFFICE: Chain = [(PRESIDENT, "approve"), (PRINCIPAL, "confirm")]
OFFICE_TO_LEADER: Chain = [(PRESIDENT, "consent"), *REVIEWED, (PRINCIPAL, "confirm")]


def _under_review(make: Requests) -> Iterator[Thing]:
    """School requests around each limit at each of their steps; the group office's; a district school's."""
    e, p = make.small.E, make.small.P
    bands = (
        (e - CENT, TO_PRINCIPAL),
        (e, TO_PRINCIPAL),
        (e + CENT, TO_PRESIDENT),
        (p, TO_PRESIDENT),
        (p + CENT, TO_LEADER),
    )
    for amount, chain in bands:
        for steps, (role, _act) in enumerate(chain):
            yield make.on_its_way(f"{amount} 元，待 {role}", amount, chain, steps)
            if chain[steps][1] == "approve" and amount >= make.small.C:
                yield make.on_its_way(
                    f"{amount} 元，无纪要，待 {role}", amount, chain, steps, lacks_minutes=True
                )
    town = {"who": "clerk_c", "school": "school_c"}
    yield make.on_its_way("区镇校，待执行校长", e, TO_PRINCIPAL, 0, **town)
    for steps, (role, _act) in enumerate(OF_DISTRICT):
        yield make.on_its_way(f"区镇校 {p + CENT} 元，待 {role}", p + CENT, OF_DISTRICT, steps, **town)
    office = {"who": "office", "school": None, "bearers": ("school_a",)}
    for amount, chain in ((p - CENT, OFFICE), (p + CENT, OFFICE_TO_LEADER)):
        for steps, (role, _act) in enumerate(chain):
            yield make.on_its_way(f"集团办 {amount} 元，待 {role}", amount, chain, steps, **office)


def _avoided(make: Requests) -> Iterator[Thing]:
    """What would have been decided by the requester or the beneficiary goes one level up."""
    e, to_president = make.small.E, [(PRESIDENT, "approve")]
    yield make.lifted("受益人是执行校长", e, to_president, beneficiary="principal_a")
    yield make.lifted("申请人是执行校长", e, to_president, who="principal_a")
    office = {"who": "office", "school": None, "bearers": ("school_a",), "beneficiary": "president"}
    yield make.lifted("集团办，受益人是总校长", e, REVIEWED, **office)


def _elsewhere(make: Requests) -> Iterator[Thing]:
    e = make.small.E
    yield make.on_its_way("姊妹校，待执行校长", e, TO_PRINCIPAL, 0, who="clerk_b", school="school_b")
    other = {"who": "clerk_e", "school": "school_e", "fund": "other_fund"}
    yield make.on_its_way("别的集团，待执行校长", e, TO_PRINCIPAL, 0, **other)
    yield make.on_its_way("别的集团，已批准", e, TO_PRINCIPAL, 1, **other)


def _not_submitted(make: Requests) -> Iterator[Thing]:
    e = make.small.E
    for word, draft in (
        ("草稿", {}),
        ("集团办草稿", {"who": "office", "school": None, "bearers": ("school_a",)}),
        ("别的集团的草稿", {"who": "clerk_e", "school": "school_e", "fund": "other_fund"}),
    ):
        row = make.draft(e, **draft)
        yield make.thing(
            word, row, make.facts(row, draft.get("bearers") or (draft.get("school", "school_a"),))
        )


def _decided(make: Requests) -> Iterator[Thing]:
    e, p = make.small.E, make.small.P
    yield make.on_its_way("已批准（执行校长）", e, TO_PRINCIPAL, 1)
    yield make.on_its_way("已批准（总校长）", p, TO_PRESIDENT, 3)
    yield make.on_its_way("已批准（局领导）", p + CENT, TO_LEADER, 5)
    both = {"who": "office", "school": None, "bearers": ("school_a", "school_c")}
    yield _confirmed(make, "已批准，两校承担", e, **both)
    paid = _confirmed(make, "部分支付", e, **both)
    yield _pay(make, paid, "cashier_a", "school_a", {"school_c"})
    yield _pay(make, make.on_its_way("已支付", e, TO_PRINCIPAL, 1), "cashier_a", "school_a", set())


def _confirmed(make: Requests, word: str, amount: Decimal, **draft: Any) -> Thing:
    """The group office's, approved by the president and confirmed by both principals."""
    thing = make.on_its_way(word, amount, OFFICE, 1, **draft)
    for bearer in draft["bearers"]:
        deciding.approve(thing.row, by=make.user(f"principal_{bearer[-1]}"))
    return make.again(thing, frozenset(make.user(f"principal_{b[-1]}").pk for b in draft["bearers"]))


def _pay(make: Requests, thing: Thing, who: str, school: str, left: set[str]) -> Thing:
    share = thing.row.amount / len(thing.facts.unpaid)
    paying.pay(
        thing.row,
        amount=share,
        voucher_no=uuid.uuid4().hex[:12],
        paid_on=make.scene.today,
        by=make.user(who),
        school=make.world.schools[school],
    )
    unpaid = frozenset(make.world.schools[key].pk for key in left)
    return make.again(thing, payments=1, unpaid=unpaid)


def _turned_down(make: Requests) -> Iterator[Thing]:
    e = make.small.E
    for word, act in (("退回", deciding.return_), ("驳回", deciding.reject)):
        thing = make.on_its_way(word, e, TO_PRINCIPAL, 0)
        act(thing.row, by=make.user("principal_a"), opinion="示例意见。")
        yield make.again(thing)
    thing = make.on_its_way("撤回", e, TO_PRINCIPAL, 0)
    deciding.withdraw(thing.row, by=make.user("clerk_a"))
    yield make.again(thing)
    thing = make.on_its_way("作废", e, TO_PRINCIPAL, 1)
    deciding.cancel(thing.row, by=make.user("principal_a"), opinion="示例意见。")
    yield make.again(thing)


ROOT = "/api/v1/fund-requests/"
PLENTY = Decimal("5000000.00")


@maker("fund_request")
def fund_requests(scene: Scene) -> Iterator[Thing]:
    """Requests of two schools, of the group office and of another group, after money enough for all."""
    make, world = Requests(scene), scene.world
    for fund, keys in ((world.fund, "abc"), (world.other_fund, "e")):
        for key in keys:
            facts = {"school": world.schools[f"school_{key}"], "category": world.categories["research"]}
            budget.allocate(
                fund, **facts, amount=PLENTY, document="昆教财〔2026〕8号", by=make.user("finance_1")
            )
    for part in (_under_review, _avoided, _elsewhere, _not_submitted, _decided, _turned_down):
        yield from part(make)


@filling("fund_request.approve", "fund_request.return", "fund_request.reject")
def decision(_scene: Scene, thing: Thing) -> dict[str, Any]:
    return {"opinion": "示例意见。", **thing.more["seen"]}


@filling("fund_request.cancel")
def opinion(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"opinion": "示例意见。"}


@filling("fund_request.record_minutes")
def minutes(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {**MINUTES, "held_on": scene.today.isoformat()}


@filling("fund_request.pay")
def payment(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"amount": "1.00", "voucher_no": uuid.uuid4().hex[:12], "paid_on": scene.today.isoformat()}


def _draft_form(scene: Scene, source: str, bearer: str) -> dict[str, Any]:
    """The form of a request with one line, as a browser sends it."""
    lines = {
        f"lines-{n}-{name}": "" for n in range(3) for name in ("school", "category", "description", "amount")
    }
    line = {"school": scene.world.schools[bearer].pk, "category": scene.world.categories["office"].pk}
    line |= {"description": "示例用途", "amount": "1.00"}
    facts = {
        "title": "示例",
        "purpose": "示例",
        "used_on": scene.today.isoformat(),
        "payee": "示例",
        "beneficiary": "",
    }
    return {**facts, "source": source, **lines, **{f"lines-0-{name}": value for name, value in line.items()}}


def _draft_body(scene: Scene, bearer: str) -> dict[str, Any]:
    """The same as a program sends it."""
    world = scene.world
    line = {"school": world.schools[bearer].pk, "category": world.categories["office"].pk}
    line |= {"description": "示例用途", "amount": "1.00"}
    facts = {"title": "示例", "purpose": "示例", "used_on": scene.today.isoformat(), "payee": "示例"}
    return {**facts, "lines": [line]}


@ways
def drafting_ways(scene: Scene) -> Iterator[Deed]:
    """A new request of each kind of unit, and the two ways to change a draft and one to delete it."""
    world = scene.world
    for word, fund, school, bearer in (
        ("本校", world.fund, "school_a", "school_a"),
        ("区镇校", world.fund, "school_c", "school_c"),
        ("别的集团的学校", world.other_fund, "school_e", "school_e"),
        ("集团办公室", world.fund, None, "school_a"),
    ):
        pk = world.schools[school].pk if school else 0
        group = frozenset({fund.group_id})
        unit = {"school": frozenset({pk}), "group": group} if school else {"group": group}
        thing = blank(
            "fund_request",
            f"起草：{word}",
            Facts(
                groups=group,
                schools=unit.get("school", frozenset()),
                unit=unit,
                origin="school" if school else "group",
            ),
        )
        form = partial(_draft_form, scene, f"{fund.pk}-{pk}", bearer)
        body = partial(_draft_body, scene, bearer)
        yield Deed("fund_request.draft", thing, FORM, reverse("finance:fund_request_new"), form)
        source = {"fund": fund.pk, "school": pk or None}
        yield Deed(
            "fund_request.draft", thing, API, ROOT, lambda body=body, source=source: {**body(), **source}
        )
    kinds = {
        (t.facts.state, t.facts.numbered, t.facts.origin, t.facts.groups): t for t in scene.of("fund_request")
    }
    for thing in kinds.values():
        yield from _editing(scene, thing)


def _editing(scene: Scene, thing: Thing) -> Iterator[Deed]:
    bearer = next(key for key, school in scene.world.schools.items() if school.pk in thing.facts.schools)
    page = reverse("finance:fund_request_edit", args=[thing.pk])
    yield Deed("fund_request.edit", thing, FORM, page, partial(_draft_form, scene, "", bearer))
    body = partial(_draft_body, scene, bearer)
    yield Deed("fund_request.edit", thing, API, f"{ROOT}{thing.pk}/", body, "PUT")
    yield Deed("fund_request.edit", thing, API, f"{ROOT}{thing.pk}/", lambda: {"title": "示例二"}, "PATCH")
    yield Deed("fund_request.delete", thing, API, f"{ROOT}{thing.pk}/", dict, "DELETE")
    yield Deed("fund_request.edit", thing, PAGE, page, dict, "GET", b'name="title"')
