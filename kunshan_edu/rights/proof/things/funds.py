"""Funds of groups and years, their budget lines, and the Measures, each in the states that it can reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from finance.actions import budget, measures
from finance.models import BudgetLine, GroupFund
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import API, FORM, PAGE, Deed, Scene, Thing, blank, filling, maker, ways


def of_group(group: Any, schools: Any, district: Any, **said: Any) -> Facts:
    return Facts(
        groups=frozenset({group.pk}),
        schools=frozenset(school.pk for school in schools),
        districts=frozenset({district.pk}) if district else frozenset(),
        **said,
    )


@maker("group_fund")
def funds(scene: Scene) -> Iterator[Thing]:
    """A fund with money, another group's, one that is not allocated yet, and one that is frozen."""
    world, by = scene.world, scene.world.users["finance_1"]
    schools = [world.schools[f"school_{key}"] for key in "abc"]
    own = of_group(world.group, schools, world.district)
    yield Thing("group_fund", "已下达", world.fund, replace(own, state="allocated"))
    other = of_group(world.other_group, [world.schools["school_e"]], None, state="allocated")
    yield Thing("group_fund", "别的集团的", world.other_fund, other)
    year = scene.today.year
    empty = budget.open_fund(world.group, fiscal_year=year + 1, by=by)
    without_lines = of_group(world.group, [], None)
    yield Thing("group_fund", "编制", empty, replace(without_lines, state="draft"))
    frozen = budget.open_fund(world.group, fiscal_year=year - 1, by=by)
    facts = {"school": schools[0], "category": world.categories["office"], "amount": Decimal("1.00")}
    budget.allocate(frozen, **facts, document="昆教财〔2025〕8号", by=by)
    budget.freeze(GroupFund.objects.get(pk=frozen.pk), by=by)
    of_a = of_group(world.group, schools[:1], None)
    yield Thing("group_fund", "年末冻结", frozen, replace(of_a, state="frozen"))


@filling("group_fund.allocate")
def allocation(scene: Scene, thing: Thing) -> dict[str, Any]:
    school = "school_e" if thing.row.group_id == scene.world.other_group.pk else "school_a"
    return {
        "school": scene.world.schools[school].pk,
        "category": scene.world.categories["office"].pk,
        "amount": "1.00",
        "document": "昆教财〔2026〕9号",
    }


@maker("budget_line")
def budget_lines(scene: Scene) -> Iterator[Thing]:
    """A line of each school: the own one, a sister's, a district's, another group's; and one of a frozen year."""
    world = scene.world
    for row in BudgetLine.objects.filter(category=world.categories["office"]).select_related(
        "fund", "school"
    ):
        group = row.fund.group
        district = world.district if row.district_id else None
        facts = of_group(group, [row.school], district, state=row.fund.state)
        yield Thing("budget_line", f"{row.school}，{row.fund.get_state_display()}", row, facts)


@filling("budget_line.cut")
def cut(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"amount": "0.50", "document": "昆教财〔2026〕9号"}


@maker("measures")
def every_measures(scene: Scene) -> Iterator[Thing]:
    """The Measures in force, and a draft by one officer that a leader may publish."""
    world = scene.world
    today = scene.today
    # So that the draft, which begins later, can be published without overlap.
    measures.end(world.measures, valid_to=today + dt.timedelta(days=300), by=world.users["leader"])
    yield Thing("measures", "施行中", world.measures, Facts(state="published"), world.measures.document)
    draft = developer("tests.world").prepare_measures(
        world.users["finance_1"], document="昆教财〔2027〕1号", valid_from=today + dt.timedelta(days=400)
    )
    facts = Facts(state="draft", maker=world.users["finance_1"].pk)
    yield Thing("measures", "拟订", draft, facts, draft.document)


@filling("measures.add_limit")
def limit(scene: Scene, _thing: Thing) -> dict[str, Any]:
    category = scene.world.categories["office"].pk
    return {
        "origin": 1,
        "role": "bureau_leader",
        "above": "1.00",
        "up_to": "2.00",
        "category": category,
        "steps": [],
    }


@filling("measures.end")
def end(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"valid_to": scene.today.isoformat()}


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """Funds and Measures that do not exist yet."""
    world, today = scene.world, scene.today
    fund = blank("group_fund", "设立", of_group(world.group, [], None))
    content = {"group": world.group.pk, "fiscal_year": today.year + 3}
    yield Deed("group_fund.open", fund, FORM, reverse("finance:fund_new"), lambda: content)
    yield Deed("group_fund.open", fund, API, "/api/v1/group-funds/", lambda: content)
    draft = blank("measures", "拟订", Facts())
    facts = {
        "title": "示例",
        "document": "昆教财〔2027〕9号",
        "valid_from": (today + dt.timedelta(days=900)).isoformat(),
    }
    facts |= {"collective_threshold": "1.00", "split_window_days": 30}
    yield Deed("measures.prepare", draft, FORM, reverse("finance:measures_new"), lambda: facts)
    yield Deed("measures.prepare", draft, API, "/api/v1/measures/", lambda: facts)
    for code, thing, name, mark in (
        ("group_fund.open", fund, "finance:fund_new", b'name="fiscal_year"'),
        ("measures.prepare", draft, "finance:measures_new", b'name="collective_threshold"'),
        (
            "fund_request.draft",
            blank("fund_request", "空白表", Facts(anywhere=True)),
            "finance:fund_request_new",
            b'name="title"',
        ),
    ):
        yield Deed(code, thing, PAGE, reverse(name), dict, "GET", mark)
