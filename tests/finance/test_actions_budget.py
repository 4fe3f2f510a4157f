"""The verbs of Measures and budgets: prepare, publish, end, open, allocate, cut, freeze."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from finance.actions import budget, measures
from finance.choices import FundState, MeasuresState
from finance.models import Measures
from kunshan_edu.core import clock
from kunshan_edu.core.models import AuditEvent
from personnel.choices import Post
from tests.finance.requests import (
    ask,
    budget_line,
    refused,
    said,
)
from tests.world import appoint, prepare_measures

pytestmark = pytest.mark.django_db
D = Decimal
ALL, NONE = D("200000.00"), D("0.00")
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


# 使用办法与预算


def test_measures_are_prepared_by_one_and_published_by_another(world):
    new = prepare_measures(world.finance_1, document="昆教财〔2026〕9号", valid_from=TODAY + A_DAY)
    refused("not_a_preparer", prepare_measures, world.leader, document="昆教财〔2026〕10号")
    refused("not_a_publisher", measures.publish, new, by=world.finance_1)
    refused("one_measures_in_force_at_a_time", measures.publish, new, by=world.leader)
    measures.end(world.measures, valid_to=TODAY + A_DAY, by=world.leader)
    appoint(world, "leader", Post.BUREAU_FINANCE, world.bureau, valid_from=TODAY)
    own = prepare_measures(world.leader, document="昆教财〔2026〕11号", valid_from=TODAY + A_DAY)
    refused("second_person_needed", measures.publish, own, by=world.leader)
    new = measures.publish(new, by=world.leader)
    assert (new.state, new.published_by) == (MeasuresState.PUBLISHED, world.leader)
    assert said(new, "finance.publish") == ("leader", "局领导", "4.2.k")
    refused("measures_published", measures.add_limit, new, origin=1, role="bureau_leader", above=D(0),
            up_to=None, steps=[], by=world.finance_1)  # fmt: skip
    assert list(Measures.objects.in_force()) == [world.measures]
    assert list(Measures.objects.in_force(TODAY + A_DAY)) == [new]


def test_measures_with_a_gap_are_not_published(world):
    new = measures.prepare(title="缺口", document="昆教财〔2026〕9号", valid_from=TODAY + A_DAY,
                           collective_threshold=D(50000), by=world.finance_1)  # fmt: skip
    refused("limits_leave_a_gap", measures.publish, new, by=world.leader)


def test_allocate_opens_a_line_at_the_level_of_the_school_and_adds_to_it(world):
    fund = budget.open_fund(world.group, fiscal_year=TODAY.year + 1, by=world.finance_1)
    assert fund.state == FundState.DRAFT
    facts = {"category": world.categories["office"], "amount": D("10.50"), "document": "昆教财〔2027〕1号"}
    refused("not_an_allocator", budget.allocate, fund, school=world.school_c, by=world.leader, **facts)
    found = budget.allocate(fund, school=world.school_c, by=world.finance_1, **facts)
    assert (found.level, found.district, found.approved) == ("district", world.district, D("10.50"))
    again = budget.allocate(fund, school=world.school_c, by=world.finance_1, **facts)
    assert (again.pk, again.approved) == (found.pk, D("21.00"))
    fund.refresh_from_db()
    assert (fund.state, fund.document) == (FundState.ALLOCATED, "昆教财〔2027〕1号")
    assert [m.document for m in found.moves.all()] == ["昆教财〔2027〕1号"] * 2
    events = AuditEvent.objects.of(fund).filter(verb="finance.allocate")
    assert {(e.actor.username, e.capacity["capacity"], e.clause_id) for e in events} == {
        ("finance_1", "计财科", "4.2.g")
    }
    refused(
        "line_is_of_a_member_school",
        budget.allocate,
        fund,
        school=world.school_d,
        by=world.finance_1,
        **facts,
    )


def test_cut_and_freeze(world):
    ask(world, "clerk_a", "199000.00")
    found = budget_line(world)
    refused(
        "cut_below_commitments", budget.cut, found, amount=D("1000.01"), document="核减", by=world.finance_1
    )
    refused("not_an_allocator", budget.cut, found, amount=D("1.00"), document="核减", by=world.president)
    assert budget.cut(found, amount=D("1000.00"), document="核减", by=world.finance_1).available == NONE
    assert said(world.fund, "finance.cut") == ("finance_1", "计财科", "4.2.g")
    assert budget.freeze(world.fund, by=world.finance_1).state == FundState.FROZEN
    refused("fund_not_allocated", budget.freeze, world.fund, by=world.finance_1)
    refused(
        "fund_is_closed",
        budget.cut,
        budget_line(world),
        amount=D("1.00"),
        document="核减",
        by=world.finance_1,
    )
