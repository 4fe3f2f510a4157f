"""四、2 独立建帐、核算: the group has no books; each school bears, confirms and pays its own, by people who differ."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from finance.models import BudgetLine, FundRequest
from groups.models import EducationGroup
from kunshan_edu.core import clock
from tests.finance import pages
from tests.finance.requests import totals
from tests.stories.doors import Answer, decides, opens, sends, submitted

pytestmark = pytest.mark.django_db


def pays(world: Any, who: str, row: FundRequest, amount: str) -> Answer:
    form = {"amount": amount, "voucher_no": f"记-{who}", "paid_on": clock.today().isoformat()}
    answer = sends(world, who, reverse("finance:fund_request_verb", args=[row.pk, "pay"]), **form)
    row.refresh_from_db()
    return answer


def of_the_group_office(world: Any) -> FundRequest:
    """An activity of the group, borne by two schools."""
    research = world.categories["research"].pk
    rows = [
        ("甲校承担", world.school_a.pk, research, "4,000"),
        ("乙校承担", world.school_b.pk, research, "5,000"),
    ]
    form = pages.draft_post(world, "office", rows=rows, verb="submit")
    answer = pages.signed_in(world, "office").post(pages.url("fund_request_new"), form)
    assert answer.status_code == 303, answer.content.decode()
    return FundRequest.objects.latest("pk")


def test_4_2_b_each_school_confirms_bears_and_pays_its_own_share(world: Any) -> None:
    row = of_the_group_office(world)
    assert totals(world, "school_a")[1:] == (4000, 0)
    assert totals(world, "school_b")[1:] == (5000, 0)
    assert decides(world, "president", row).status == 303
    assert decides(world, "principal_a", row).status == 303
    assert row.state == "pending"
    assert decides(world, "principal_b", row).status == 303
    assert row.state == "approved"

    assert pays(world, "cashier_c", row, "4,000").status in (403, 404)
    assert pays(world, "cashier_a", row, "4,000").status == 303
    assert row.state == "paying"
    assert opens(world, "office", row.get_absolute_url()).says("部分支付", "示例A小支付 4,000.00 元")
    assert pays(world, "cashier_a", row, "5,000").status == 403
    assert pays(world, "cashier_b", row, "4,800").status == 303
    assert row.state == "paid"
    assert totals(world, "school_a") == (200_000, 0, 4_000)
    assert totals(world, "school_b") == (200_000, 0, 4_800)


def test_4_2_b_nothing_is_booked_to_a_school_that_does_not_confirm(world: Any) -> None:
    row = of_the_group_office(world)
    decides(world, "president", row)
    decides(world, "principal_a", row)
    answer = decides(world, "principal_b", row, "return", opinion="本校没有参加该活动。")
    assert answer.status == 303
    assert row.state == "returned"
    for school in ("school_a", "school_b"):
        assert totals(world, school) == (200_000, 0, 0)


def test_4_2_b_the_group_has_no_books(world: Any) -> None:
    columns = {f.name: f.related_model for f in BudgetLine._meta.get_fields() if f.is_relation}
    assert columns["school"] is not None
    assert EducationGroup not in columns.values()
    assert not BudgetLine._meta.get_field("school").null
    page = opens(world, "office", reverse("finance:fund_request_new"))
    for school in ("示例A小", "示例B小", "示例C小"):
        assert page.says(school)
    assert not page.says("示例E小")


def test_4_2_b_a_school_does_not_spend_another_schools_money(world: Any) -> None:
    research = world.categories["research"].pk
    form = pages.draft_post(
        world, "clerk_a", rows=[("示例用途", world.school_b.pk, research, "10")], verb="submit"
    )
    answer = pages.signed_in(world, "clerk_a").post(pages.url("fund_request_new"), form)
    assert answer.status_code == 422
    assert not FundRequest.objects.exists()


def test_4_2_b_who_asks_or_approves_does_not_pay(world: Any) -> None:
    """Money is touched by three people: who asks, who approves, who pays."""
    row = submitted(world)
    assert decides(world, "clerk_a", row).status == 403
    assert decides(world, "cashier_a", row).status == 403
    assert decides(world, "principal_a", row).status == 303
    for who in ("clerk_a", "principal_a", "accountant_a", "president"):
        refused = pays(world, who, row, "4,860")
        assert refused.status == 403
        assert refused.says("四、2")
    assert pays(world, "cashier_a", row, "4,860").status == 303
    assert row.state == "paid"
    assert len({row.requester, row.versions.get().decisions.get().actor, row.payments.get().paid_by}) == 3
