"""四、1 总校长负责集团全面工作，执行校长负责成员学校日常工作: who reads whose money, and whose no longer."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from finance.actions import budget
from groups.choices import Authority
from kunshan_edu.core import access, clock
from tests.stories.doors import DOCUMENT, leaves, on_group, opens, sends, submitted

pytestmark = pytest.mark.django_db
LIST = "/fund-requests/"


def school_b_moves_to_the_other_group(world: Any) -> None:
    """By the two documents of the bureau; then the other group's fund has money for it."""
    left = leaves(world, world.school_b)
    assert left.status == 303, left.words
    joined = sends(
        world,
        "basic",
        on_group(world.other_group, "join"),
        school=world.school_b.pk,
        role="member",
        valid_from=clock.today().isoformat(),
        join_document=DOCUMENT,
    )
    assert joined.status == 303, joined.words
    budget.allocate(
        world.other_fund,
        school=world.school_b,
        category=world.categories["research"],
        amount=200_000,
        document=DOCUMENT,
        by=world.finance_1,
    )


def test_4_1_e_the_president_reads_every_member_school(world: Any) -> None:
    for key in "abc":
        row = submitted(world, f"clerk_{key}")
        assert opens(world, "president", row.get_absolute_url()).status == 200
        assert opens(world, "other_president", row.get_absolute_url()).status == 404
    assert opens(world, "president", LIST).html.count("4,860.00") == 3


def test_4_1_e_the_president_reads_a_former_member_no_more(world: Any) -> None:
    school_b_moves_to_the_other_group(world)
    assert not access.has(world.president, Authority.VIEW_SCHOOL_FINANCE, world.school_b)
    assert access.has(world.other_president, Authority.VIEW_SCHOOL_FINANCE, world.school_b)
    world.fund = world.other_fund
    row = submitted(world, "clerk_b")
    assert row.fund == world.other_fund
    assert opens(world, "president", row.get_absolute_url()).status == 404
    assert not opens(world, "president", LIST).says("4,860.00")
    assert opens(world, "other_president", row.get_absolute_url()).status == 200
    assert opens(world, "principal_b", row.get_absolute_url()).status == 200


@pytest.mark.parametrize("who", ["principal_b", "clerk_b", "cashier_b", "clerk_e", "teacher"])
def test_4_1_n_a_sister_school_learns_nothing(world: Any, who: str) -> None:
    row = submitted(world)
    assert opens(world, who, row.get_absolute_url()).status == 404
    assert not opens(world, who, LIST).says("4,860.00")
    assert not opens(world, who, f"{LIST}?q={row.number}").says(row.title)
    for verb in ("approve", "pay", "return"):
        address = reverse("finance:fund_request_verb", args=[row.pk, verb])
        assert opens(world, who, address).status == 404
        assert sends(world, who, address, opinion="同意。").status == 404


def test_4_1_n_the_principal_reads_his_own_school(world: Any) -> None:
    mine, theirs = submitted(world), submitted(world, "clerk_b")
    for who in ("principal_a", "vice_a", "accountant_a", "cashier_a"):
        assert opens(world, who, mine.get_absolute_url()).status == 200
        assert opens(world, who, theirs.get_absolute_url()).status == 404
