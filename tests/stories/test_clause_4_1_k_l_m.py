"""四、1 设执行校长1名（法人代表，兼任党支部书记）: one in every member school, registered as what goes with it."""

from __future__ import annotations

from typing import Any

import pytest

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post
from personnel.models import Appointment, Deviation
from tests.personnel.rows import principal
from tests.stories.doors import A_DAY, appoints, dismisses, does, light, opens, records, refused_raw
from tests.world import SINCE

pytestmark = pytest.mark.django_db
PRINCIPAL = Post.EXECUTIVE_PRINCIPAL.value


def test_4_1_k_a_vacancy_is_red_with_its_days(world: Any) -> None:
    assert light(world, world.school_b, Clause.C4_1_K) == ("green", "执行校长：示例principal_b。")
    dismisses(world, "principal_b")
    on = clock.today() + 3 * A_DAY
    assert light(world, world.school_b, Clause.C4_1_K, on) == ("red", "执行校长空缺 3 天。")
    assert light(world, world.school_b, Clause.C4_1_L, on)[0] == "red"


def test_4_1_k_a_school_has_one_and_one_has_a_school(world: Any) -> None:
    second = appoints(world, "teacher", PRINCIPAL, world.school_b)
    assert second.status == 409
    assert second.says("成员学校设执行校长 1 名", "示例principal_b", "四、1")
    row = principal(world, "teacher", world.school_b)
    assert refused_raw(world, "one_executive_principal_per_school", row.save) == Clause.C4_1_K
    elsewhere = appoints(world, "principal_b", PRINCIPAL, world.school_d)
    assert elsewhere.status == 409
    assert elsewhere.says("一人只能任一所学校的执行校长，代理除外")
    row = principal(world, "principal_b", world.school_d)
    assert refused_raw(world, "one_principalship_per_person", row.save) == Clause.C4_1_K


def test_4_1_k_the_president_is_principal_only_by_a_deviation(world: Any) -> None:
    refused = appoints(world, "president", PRINCIPAL, world.school_d)
    assert refused.status == 409
    assert refused.says("总校长兼任成员学校执行校长须先登记并审定例外（条款 4.1.k）", "四、1")


def test_4_1_l_amber_from_the_first_day_red_from_the_thirty_first_green_when_registered(world: Any) -> None:
    dismisses(world, "principal_b")
    assert appoints(world, "teacher", PRINCIPAL, world.school_b).status == 303
    today, row = clock.today(), Appointment.objects.get(person__user=world.teacher)
    said = "执行校长任职 {} 天，法定代表人变更登记尚未登记。"
    for days, tone in ((0, "amber"), (30, "amber"), (31, "red")):
        found = light(world, world.school_b, Clause.C4_1_L, today + days * A_DAY)
        assert found == (tone, said.format(days))
    page = opens(world, "clerk_e", row.get_absolute_url())
    assert page.says("法定代表人登记未登记")
    with clock.at(today + 31 * A_DAY):
        day = {"legal_representative_on": clock.today().isoformat()}
        assert does(world, "personnel", "appointment", row, "register-dates", **day).status == 303
        assert light(world, world.school_b, Clause.C4_1_L) == ("green", "法定代表人示例teacher已登记。")


def test_4_1_l_nobody_else_represents_the_school_in_law(world: Any) -> None:
    vice = world.posts["vice_a"]
    refused = does(world, "personnel", "appointment", vice, "register-dates", secretary_on="2026-01-01")
    assert refused.status == 409
    assert refused.says("只有总校长和执行校长登记兼任书记、法定代表人日期", "四、1")

    def of_the_vice_principal() -> Any:
        return Appointment.objects.filter(pk=vice.pk).update(legal_representative_on=SINCE)

    clause = refused_raw(world, "only_the_principal_is_legal_representative", of_the_vice_principal)
    assert clause == Clause.C4_1_L


def test_4_1_l_the_office_ends_with_the_post_and_not_later(world: Any) -> None:
    """The legal representative is derived: there is no other row to forget."""
    day = {"legal_representative_on": clock.today().isoformat()}
    does(world, "personnel", "appointment", world.posts["principal_b"], "register-dates", **day)
    assert light(world, world.school_b, Clause.C4_1_L)[0] == "green"
    dismisses(world, "principal_b")
    assert light(world, world.school_b, Clause.C4_1_L) == ("red", "执行校长空缺，没有法定代表人。")


def test_4_1_m_the_branch_and_its_secretary(world: Any) -> None:
    assert light(world, world.school_b, Clause.C4_1_M) == ("amber", "尚未登记党支部。")
    form = {
        "school": world.school_b.pk,
        "kind": "branch",
        "name": "中共示例B小学支部",
        "document": "昆教党〔2026〕5号",
    }
    today = clock.today().isoformat()
    assert records(world, "personnel", "party_organisation", **form, valid_from=today).status == 303
    assert light(world, world.school_b, Clause.C4_1_M) == ("amber", "执行校长尚未登记兼任党支部书记日期。")
    row = world.posts["principal_b"]
    assert does(world, "personnel", "appointment", row, "register-dates", secretary_on=today).status == 303
    assert light(world, world.school_b, Clause.C4_1_M) == ("green", "执行校长示例principal_b兼任党支部书记。")
    again = records(world, "personnel", "party_organisation", **form, valid_from=today)
    assert again.status == 409
    assert again.says("该校在这段时间已有党支部", "四、1")


def test_4_1_m_a_deviation_needs_a_reason_a_document_and_a_second_person(world: Any) -> None:
    form = {"school": world.school_b.pk, "clause_id": "4.1.m", "valid_from": clock.today().isoformat()}
    assert records(world, "personnel", "deviation", **form).status == 422
    form |= {"reason": "执行校长是民主党派人士", "document": "昆教党〔2026〕7号"}
    assert records(world, "personnel", "deviation", **form).status == 303
    assert light(world, world.school_b, Clause.C4_1_M)[0] == "amber"
    assert does(world, "leader", "deviation", Deviation.objects.get(), "confirm").status == 303
    told = ("explained", "执行校长是民主党派人士（昆教党〔2026〕7号）。")
    assert light(world, world.school_b, Clause.C4_1_M) == told
