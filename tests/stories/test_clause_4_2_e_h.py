"""四、2 设置集团管理专项经费: one fund a year, by each school's affiliation, from two treasuries, for four purposes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from finance.models import BudgetLine, BudgetMove, FundRequest, GroupFund
from kunshan_edu.core import clock
from tests.finance.requests import totals
from tests.stories.doors import DOCUMENT, Answer, opens, sends, submits, submitted

pytestmark = pytest.mark.django_db
NEW_FUND = "/funds/new/"


def opens_fund(world: Any, group: Any, year: int, who: str = "finance_1") -> Answer:
    return sends(world, who, NEW_FUND, group=group.pk, fiscal_year=year)


def allocates(world: Any, fund: GroupFund, school: Any, amount: str, who: str = "finance_1") -> Answer:
    address = reverse("finance:fund_verb", args=[fund.pk, "allocate"])
    category = world.categories["research"].pk
    return sends(world, who, address, school=school.pk, category=category, amount=amount, document=DOCUMENT)


def line_of(fund: GroupFund, school: Any, **level: Any) -> BudgetLine:
    return BudgetLine.objects.get(fund=fund, school=school, category__code="research", **level)


def test_4_2_e_one_fund_a_group_and_year_and_all_its_money_by_documents(world: Any) -> None:
    year = clock.today().year + 1
    assert opens_fund(world, world.group, year).status == 303
    again = opens_fund(world, world.group, year)
    assert again.status == 409
    assert again.says("该集团本年度的专项经费已经设立。")
    fund = GroupFund.objects.get(group=world.group, fiscal_year=year)
    assert allocates(world, fund, world.school_a, "1,000").status == 303
    assert allocates(world, fund, world.school_a, "500.50").status == 303
    line = line_of(fund, world.school_a)
    assert line.approved == Decimal("1500.50")
    assert [m.document for m in BudgetMove.objects.filter(line=line)] == [DOCUMENT] * 2
    for who in ("president", "group_finance", "principal_a", "leader", "finance_1"):
        assert opens(world, who, fund.get_absolute_url()).says("1,500.50")
    assert opens(world, "clerk_e", fund.get_absolute_url()).status == 404


def test_4_2_g_only_the_bureau_sets_up_and_allocates(world: Any) -> None:
    for who in ("president", "group_finance", "principal_a", "personnel"):
        refused = opens_fund(world, world.group, clock.today().year + 1, who)
        assert refused.status == 403
        assert refused.says("集团专项经费由市教育局计财科设立和下达", "四、2")
    for who in ("president", "group_finance"):
        assert allocates(world, world.fund, world.school_a, "1,000", who).status == 403
    assert totals(world) == (200_000, 0, 0)


def test_4_2_f_g_each_treasury_secures_the_schools_affiliated_to_it(world: Any) -> None:
    allocates(world, world.fund, world.school_a, "1,000")
    allocates(world, world.fund, world.school_c, "1,000")
    city, district = (line_of(world.fund, world.schools[f"school_{key}"]) for key in "ac")
    assert (city.level, city.district) == ("city", None)
    assert (district.level, district.district) == ("district", world.district)
    assert city.approved == district.approved == 201_000
    page = opens(world, "finance_1", world.fund.get_absolute_url())
    assert page.says("市级", "张浦镇")


def test_4_2_f_the_district_sees_and_reviews_what_its_treasury_secures(world: Any) -> None:
    own, other = submitted(world, "clerk_c", "86,000"), submitted(world, "clerk_a", "86,000")
    assert opens(world, "district_officer", own.get_absolute_url()).says("区镇复核", "张浦镇")
    assert opens(world, "district_officer", other.get_absolute_url()).status == 404
    fund = opens(world, "district_officer", world.fund.get_absolute_url())
    assert fund.says("示例C小")
    assert not fund.says("示例A小")


def test_4_2_f_a_changed_affiliation_needs_money_of_its_own_treasury(world: Any) -> None:
    """The old level's money is not spent on; what it reserved goes on."""
    before = submitted(world)
    address = reverse("groups:school_verb", args=[world.school_a.pk, "change-affiliation"])
    form = {"level": "district", "district": world.district.pk, "document": DOCUMENT}
    assert sends(world, "personnel", address, valid_from=clock.today().isoformat(), **form).status == 303
    refused = submits(world, amount="1,000")
    assert refused.status == 409
    assert refused.says("没有与其现行隶属关系一致的预算明细", "四、2")
    assert FundRequest.objects.get() == before

    assert allocates(world, world.fund, world.school_a, "5,000").status == 303
    assert submits(world, amount="1,000").status == 303
    assert line_of(world.fund, world.school_a, level="city").reserved == Decimal("4860.00")
    assert line_of(world.fund, world.school_a, level="district").reserved == Decimal("1000.00")


def test_4_2_h_it_pays_for_the_four_purposes_and_not_for_awards(world: Any) -> None:
    page = opens(world, "clerk_a", reverse("finance:fund_request_new"))
    assert page.says(
        "办公费", "培训费", "会议费", "教科研活动费", "主要用于集团办公费、培训费、会议费、教科研活动费等"
    )
    assert sorted(c.name for c in world.categories.values()) == ["会议费", "办公费", "培训费", "教科研活动费"]
    for code, category in world.categories.items():
        row = submitted(world, amount="100", category=category, payee=f"示例{code}")
        assert row.versions.get().lines.get().category == category


def test_4_2_e_no_request_outruns_its_line(world: Any) -> None:
    submitted(world, amount="199,000")
    refused = submits(world, amount="1,000.01")
    assert refused.status == 409
    assert refused.says("可用 1,000.00 元，本次 1,000.01 元，差 0.01 元", "四、2")
    assert submits(world, amount="1,000").status == 303
    assert totals(world) == (200_000, 200_000, 0)
