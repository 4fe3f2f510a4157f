"""六、3 适当提高奖金职级系数；义务教育阶段集团校的总校长两项奖享受副科职待遇: above the base, and for whom."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from groups import actions as register
from groups.choices import FundingLevel, Stage
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.models import Deviation, IncentiveTerm
from tests.stories.doors import DOCUMENT, does, opens, records, refused_raw
from tests.world import credit_code, fresh

pytestmark = pytest.mark.django_db
PAPER = "昆教人〔2026〕60号"


def rewards(world: Any, who: str = "personnel", post: str = "president", **typed: Any) -> Any:
    """The personnel section records an incentive of a president; a leader has yet to confirm it."""
    form = {
        "base_coefficient": "1.50",
        "coefficient": "1.80",
        "document": PAPER,
        "valid_from": clock.today().isoformat(),
        **typed,
    }
    return does(world, who, "appointment", world.posts[post], "reward", **form)


def incentive(world: Any, **facts: Any) -> IncentiveTerm:
    usual = {"base_coefficient": Decimal("1.50"), "coefficient": Decimal("1.80"), "document": PAPER}
    who = {"appointment": world.posts["president"], "recorded_by": world.users["personnel"]}
    return IncentiveTerm(**{**usual, **who, "valid_from": clock.today(), **facts})


def with_a_school(world: Any, stage: Stage) -> None:
    """A school of another stage joins the group."""
    school = register.register_school(
        name=f"示例{stage.label}",
        short_name=f"示例{stage.label}",
        identifier="2132000099",
        credit_code=credit_code(99),
        stage=stage,
        opened_on=dt.date(2010, 9, 1),
        level=FundingLevel.CITY,
        document="昆编〔2010〕1号",
        by=fresh(world.users["personnel"]),
    )
    by = fresh(world.basic)
    register.join(world.group, school=school, valid_from=clock.today(), join_document=DOCUMENT, by=by)


def test_6_3_c_the_coefficient_is_raised_above_the_base(world: Any) -> None:
    assert rewards(world).status == 303
    row = IncentiveTerm.objects.get()
    assert (row.state, row.coefficient, row.base_coefficient) == (
        "proposed",
        Decimal("1.80"),
        Decimal("1.50"),
    )
    for who in ("personnel", "president", "finance_1"):
        assert does(world, who, "incentive", row, "confirm").status in (403, 404), who
    assert does(world, "leader", "incentive", row, "confirm").status == 303
    assert row.state == "confirmed"
    page = opens(world, "president", world.posts["president"].get_absolute_url())
    assert page.says("1.80（基数1.50）", PAPER)


@pytest.mark.parametrize("coefficient", ["1.50", "1.49"])
def test_6_3_c_never_at_or_below_the_base(world: Any, coefficient: str) -> None:
    refused = rewards(world, coefficient=coefficient)
    assert refused.status == 422
    assert refused.says("奖金职级系数应高于基数系数（适当提高）")
    row = incentive(world, coefficient=Decimal(coefficient))
    assert refused_raw(world, "coefficient_is_above_the_base", row.save) == Clause.C6_3_C
    assert not IncentiveTerm.objects.exists()


def test_6_3_c_it_is_a_president_s_by_a_document_one_at_a_time(world: Any) -> None:
    other = rewards(world, post="principal_a")
    assert other.status == 409
    assert other.says("奖金职级系数和副科职待遇是总校长的激励，其他职务不登记", "六、3")
    row = incentive(world, appointment=world.posts["principal_a"])
    assert refused_raw(world, "incentive_is_for_presidents", row.save) == Clause.C6_3_C
    assert rewards(world, document="").status == 422
    assert rewards(world, "president").status == 403
    rewards(world)
    does(world, "leader", "incentive", IncentiveTerm.objects.get(), "confirm")
    second = incentive(world, state="confirmed", confirmed_by=world.leader)
    assert refused_raw(world, "one_incentive_at_a_time", second.save) == Clause.C6_3_C


def test_6_3_c_nobody_but_those_it_concerns_reads_it(world: Any) -> None:
    rewards(world)
    for who in ("principal_a", "clerk_e", "other_president"):
        assert not opens(world, who, world.posts["president"].get_absolute_url()).says(PAPER)


def test_6_3_d_two_bonuses_of_the_president_of_a_compulsory_group(world: Any) -> None:
    assert rewards(world, deputy_section_treatment="on").status == 303
    does(world, "leader", "incentive", IncentiveTerm.objects.get(), "confirm")
    page = opens(world, "personnel", world.posts["president"].get_absolute_url())
    assert page.says("副科职待遇", "奖励性绩效、地方绩效奖享受")


@pytest.mark.parametrize("stage", [Stage.SENIOR, Stage.KINDERGARTEN])
def test_6_3_d_not_of_a_group_with_a_school_beyond_compulsory_education(world: Any, stage: Stage) -> None:
    with_a_school(world, stage)
    refused = rewards(world, deputy_section_treatment="on")
    assert refused.status == 409
    assert refused.says("副科职待遇只适用于义务教育阶段集团的总校长", "六、3")
    row = incentive(world, deputy_section_treatment=True)
    assert refused_raw(world, "treatment_is_for_compulsory_presidents", row.save) == Clause.C6_3_D
    assert rewards(world).status == 303, "the coefficient is no matter of the stage"


def test_6_3_d_a_nine_year_school_is_compulsory(world: Any) -> None:
    with_a_school(world, Stage.NINE_YEAR)
    assert rewards(world, deputy_section_treatment="on").status == 303


def test_6_3_d_a_mixed_group_needs_a_confirmed_deviation(world: Any) -> None:
    with_a_school(world, Stage.SENIOR)
    form = {"group": world.group.pk, "clause_id": "6.3.d", "reason": "以义务教育学校为主", "document": PAPER}
    records(world, "personnel", "deviation", **form, valid_from=clock.today().isoformat())
    assert rewards(world, deputy_section_treatment="on").status == 409
    does(world, "leader", "deviation", Deviation.objects.get(), "confirm")
    assert rewards(world, deputy_section_treatment="on").status == 303
