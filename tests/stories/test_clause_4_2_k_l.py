"""四、2 制定《集团管理专项经费使用办法》，科学设定审批权限: no Measures, no approval; the limits decide who signs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from finance.models import FundRequest, Measures
from kunshan_edu.core import clock
from tests.finance import pages
from tests.finance.requests import route
from tests.stories.doors import A_DAY, Answer, decides, opens, sends, submits, submitted

pytestmark = pytest.mark.django_db
NO_MEASURES = "《集团管理专项经费使用办法》尚未"
# What the new Measures say: the executive principal to 5,000 yuan, the president without an upper limit.
LIMITS = {
    1: (("0", "5,000", "executive_principal", []), ("5,000", "", "group_president", ["executive_principal-consent"])),
    2: (("0", "", "group_president", ["executive_principal-confirm"]),),
}  # fmt: skip


def ends_the_measures(world: Any) -> Answer:
    """A bureau leader ends them: yesterday was their last day."""
    address = reverse("finance:measures_verb", args=[world.measures.pk, "end"])
    answer = sends(world, "leader", address, valid_to=(clock.today() - A_DAY).isoformat())
    assert answer.status == 303, answer.words
    return answer


def prepares(world: Any, valid_from: dt.date) -> Measures:
    answer = sends(
        world,
        "finance_1",
        reverse("finance:measures_new"),
        title="集团管理专项经费使用办法（新）",
        document="昆教财〔2027〕3号",
        valid_from=valid_from.isoformat(),
        collective_threshold="50,000",
        split_window_days="30",
    )
    assert answer.status == 303, answer.words
    return Measures.objects.get(document="昆教财〔2027〕3号")


def adds_limits(world: Any, row: Measures, origin: int) -> None:
    address = reverse("finance:measures_verb", args=[row.pk, "add-limit"])
    for above, up_to, role, steps in LIMITS[origin]:
        form = {"origin": origin, "role": role, "above": above, "up_to": up_to, "steps": steps}
        answer = sends(world, "finance_1", address, **form)
        assert answer.status == 303, answer.words


def publishes(world: Any, row: Measures, who: str = "leader") -> Answer:
    return sends(world, who, reverse("finance:measures_verb", args=[row.pk, "publish"]))


def test_4_2_k_without_measures_one_drafts_but_nothing_is_submitted(world: Any) -> None:
    ends_the_measures(world)
    refused = submits(world)
    assert refused.status == 409
    assert refused.says(NO_MEASURES, "四、2")
    assert not FundRequest.objects.exists()
    form = pages.draft_post(world, verb="save")
    saved = pages.signed_in(world, "clerk_a").post(pages.url("fund_request_new"), form)
    assert saved.status_code == 303
    row = FundRequest.objects.get()
    assert row.state == "draft"
    assert opens(world, "clerk_a", row.get_absolute_url()).says(
        NO_MEASURES, "制定《集团管理专项经费使用办法》"
    )


def test_4_2_k_without_measures_nothing_is_approved(world: Any) -> None:
    row = submitted(world)
    ends_the_measures(world)
    refused = decides(world, "principal_a", row)
    assert refused.status == 409
    assert refused.says(NO_MEASURES, "四、2")
    assert row.state == "pending"
    assert opens(world, "principal_a", row.get_absolute_url()).says("同意", NO_MEASURES)
    assert decides(world, "principal_a", row, "return", opinion="等新办法施行后再报。").status == 303


def test_4_2_k_measures_are_prepared_by_one_and_published_by_another(world: Any) -> None:
    ends_the_measures(world)
    for who in ("president", "group_finance", "principal_a", "leader"):
        assert opens(world, who, reverse("finance:measures_new")).status == 403
    row = prepares(world, clock.today())
    assert opens(world, "president", row.get_absolute_url()).status == 404
    adds_limits(world, row, 1)
    incomplete = publishes(world, row)
    assert incomplete.status == 409
    adds_limits(world, row, 2)
    assert publishes(world, row, "finance_1").status == 403
    assert publishes(world, row).status == 303
    row.refresh_from_db()
    assert row.state == "published"
    assert opens(world, "clerk_a", row.get_absolute_url()).says("不超过 5,000.00 元")
    frozen = sends(
        world,
        "finance_1",
        reverse("finance:measures_verb", args=[row.pk, "add-limit"]),
        origin=1,
        role="group_president",
        above="0",
        up_to="",
    )
    assert frozen.status == 409
    assert frozen.says("已发布的使用办法不能改写")


def test_4_2_l_new_limits_decide_what_is_submitted_under_them(world: Any) -> None:
    before = submitted(world, amount="8,000")
    ends_the_measures(world)
    row = prepares(world, clock.today())
    for origin in LIMITS:
        adds_limits(world, row, origin)
    assert publishes(world, row).status == 303
    after = submitted(world, "clerk_b", amount="8,000")
    assert route(before) == ["executive_principal:approve"]
    assert route(after) == ["executive_principal:consent", "group_president:approve"]
    assert opens(world, "clerk_b", after.get_absolute_url()).says("昆教财〔2027〕3号")
    assert decides(world, "principal_b", after).status == 303
    assert after.state == "pending"
    assert decides(world, "president", after).status == 303
    assert after.state == "approved"


@pytest.mark.parametrize(
    ("amount", "last"),
    [("10,000", "principal_a"), ("10,000.01", "president"), ("50,000", "president"), ("50,000.01", "leader")],
)
def test_4_2_l_the_amount_decides_who_has_the_last_word(world: Any, amount: str, last: str) -> None:
    row = submitted(world, amount=amount)
    if row.versions.get().needs_minutes:
        form = {"body": "集团党委会", "number": "2026-8", "held_on": clock.today().isoformat(), "due": 9,
                "present": 7, "conclusion": "同意。"}  # fmt: skip
        address = reverse("finance:fund_request_verb", args=[row.pk, "record-minutes"])
        assert sends(world, "office", address, **form).status == 303
    upwards = ("principal_a", "group_finance", "president", "finance_1", "leader")
    signed = [who for who in upwards if decides(world, who, row).status == 303]
    assert signed[-1] == last
    assert row.state == "approved"
    assert {d.measures for d in row.versions.get().decisions.all()} == {world.measures}


def test_4_2_l_nobody_signs_above_his_limit_or_out_of_turn(world: Any) -> None:
    row = submitted(world, amount="30,000")
    for who in ("president", "group_finance", "leader", "principal_b", "deputy"):
        assert decides(world, who, row).status in (403, 404)
    assert decides(world, "principal_a", row).status == 303
    assert row.state == "pending"
    again = decides(world, "principal_a", row)
    assert again.status in (403, 409)
    assert row.versions.get().decisions.count() == 1
