"""Lights of the clauses 4.1: each lamp in each of its tones on given days, what mends it, how many queries it takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups import actions as register
from groups.choices import MembershipRole, PolicySlot
from groups.models import EducationGroup, Membership, School
from kunshan_edu.core import clock, lights
from kunshan_edu.core.changes import acting
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.lights import Tone
from kunshan_edu.core.templatetags.kg import say
from personnel import actions as personnel
from personnel.actions import organisation as actions
from personnel.choices import Post
from personnel.lights import LAMPS, REGISTRATION_DAYS
from tests.personnel import setup
from tests.personnel.rows import kept, post, principal
from tests.personnel.staffing import YEAR, filed, on_staff
from tests.personnel.visits import text
from tests.world import SINCE, appoint, credit_code, end, fresh

pytestmark = pytest.mark.django_db
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


def light(row: Any, clause: Clause, on: dt.date = TODAY) -> lights.Light:
    """The light of one group or school for one clause."""
    [found] = [x for x in lights.lit(type(row).objects.filter(pk=row.pk), on)[row.pk] if x.clause == clause]
    return found


def shown(row: Any, clause: Clause, on: dt.date = TODAY) -> tuple[str, str]:
    """(tone, the sentence as people read it)."""
    found = light(row, clause, on)
    return found.tone.value, say(found)


def adopt(world: Any, *slots: PolicySlot, group: Any = None, who: str = "president") -> None:
    for slot in slots:
        register.adopt(
            group or world.group,
            slot=slot.value,
            title=f"{slot.label}办法",
            document=f"示集〔2024〕{slot.value}号",
            valid_from=SINCE,
            text="正文",
            by=fresh(world.users[who]),
        )


# 4.1.a、4.1.f：总校长、副书记


def test_a_president_is_green_and_a_vacancy_red_with_its_days(world):
    assert shown(world.group, Clause.C4_1_A) == ("green", "总校长：示例president。")
    end(world, "president", TODAY)
    after = TODAY + 9 * A_DAY
    assert shown(world.group, Clause.C4_1_A, after) == ("red", "总校长空缺 9 天。")
    found = light(world.group, Clause.C4_1_A, after)
    assert (found.since, found.params["days"], str(found.action)) == (TODAY, 9, "办理任职")
    assert shown(world.group, Clause.C4_1_A, TODAY - A_DAY)[0] == "green", "a past day is as it was"


def test_a_vacancy_counts_from_the_founding_where_there_never_was_one(world):
    assert shown(world.group, Clause.C4_1_A, SINCE - A_DAY)[0] == "red"
    end(world, "deputy", SINCE)
    found = light(world.group, Clause.C4_1_F)
    assert (found.tone, found.since) == (Tone.AMBER, SINCE)
    assert found.params["days"] == (TODAY - SINCE).days


def test_a_group_in_preparation_is_grey(world):
    for clause in (
        Clause.C3_2_B,
        Clause.C4_1_A,
        Clause.C4_1_C,
        Clause.C4_1_D,
        Clause.C4_1_F,
        Clause.C4_1_I,
        Clause.C4_1_U,
    ):
        assert shown(world.preparing, clause) == ("grey", "集团处于筹建，暂不适用。"), clause


def test_who_is_only_proposed_fills_no_vacancy(world):
    end(world, "deputy", TODAY)
    kept(
        world, post(world, "teacher", Post.DEPUTY_SECRETARY, world.group, state="proposed", confirmed_by=None)
    )
    assert shown(world.group, Clause.C4_1_F)[0] == "amber"


# 4.1.c：党组织


def test_a_party_organisation_of_the_group(world):
    found = light(world.group, Clause.C4_1_C)
    assert (found.tone, found.since, str(found.action)) == (Tone.RED, world.group.founded_on, "登记党组织")
    row = setup.party(world, valid_from=TODAY)
    assert shown(world.group, Clause.C4_1_C) == ("green", "中共示例教育集团委员会（昆教党〔2024〕5号）。")
    assert light(world.group, Clause.C4_1_C).url == row.get_absolute_url()
    assert shown(world.group, Clause.C4_1_C, TODAY - A_DAY)[0] == "red"


# 4.1.d：书记


def test_the_president_is_secretary_from_the_registered_day(world):
    assert shown(world.group, Clause.C4_1_D) == ("amber", "总校长尚未登记兼任书记日期。")
    personnel.register_dates(
        world.posts["president"], secretary_on=TODAY, legal_representative_on=None, by=fresh(world.personnel)
    )
    assert shown(world.group, Clause.C4_1_D) == ("green", "总校长示例president兼任书记。")
    assert shown(world.group, Clause.C4_1_D, TODAY - A_DAY)[0] == "amber"


def test_without_a_president_there_is_no_secretary(world):
    end(world, "president", TODAY)
    assert shown(world.group, Clause.C4_1_D) == ("red", "总校长空缺，没有书记。")


def test_separate_posts_are_explained_by_their_rule_set(world):
    row = setup.rule_set(world)
    assert shown(world.group, Clause.C4_1_D) == ("amber", "按昆教党〔2024〕5号书记、校长分设，书记：—。")
    appoint(world, "teacher", Post.GROUP_SECRETARY, world.group)
    assert shown(world.group, Clause.C4_1_D) == (
        "explained",
        "按昆教党〔2024〕5号书记、校长分设，书记：示例teacher。",
    )
    assert light(world.group, Clause.C4_1_D).url == row.get_absolute_url()


# 4.1.h、4.1.o：职数


def test_quotas_of_a_group(world):
    assert shown(world.group, Clause.C4_1_H) == ("amber", "尚未核定全部职数（0/2）。")
    setup.quota(world, group=world.group, level=3, posts=2)
    assert shown(world.group, Clause.C4_1_H) == ("amber", "尚未核定全部职数（1/2）。")
    setup.quota(world, group=world.group, level=4, posts=1)
    assert shown(world.group, Clause.C4_1_H) == (
        "green",
        "在核定职数之内：集团管理机构 1/2、集团副书记 1/1。",
    )


def test_quotas_of_a_school_and_one_too_many_by_deviation(world):
    setup.quota(world, level=1, posts=1)
    setup.quota(world, level=2, posts=6)
    assert shown(world.school_a, Clause.C4_1_O) == ("green", "在核定职数之内：副校长 1/1、中层干部 1/6。")
    setup.deviation(world, school=world.school_a, valid_from=SINCE, valid_to=TODAY + 30 * A_DAY)
    kept(
        world,
        post(world, "teacher", Post.VICE_PRINCIPAL, world.school_a, valid_from=TODAY, valid_to=TODAY + A_DAY),
    )
    assert shown(world.school_a, Clause.C4_1_O) == ("explained", "新校区过渡期（昆教党〔2024〕5号）。")
    assert shown(world.school_a, Clause.C4_1_O, TODAY + A_DAY)[0] == "green"


# 4.1.i：管理机构


def test_an_office_of_the_group_and_its_lines(world):
    assert shown(world.group, Clause.C4_1_I) == ("red", "尚未成立独立于成员学校的管理机构。")
    setup.unit(world, school=world.school_a, name="教导处")
    assert shown(world.group, Clause.C4_1_I)[0] == "red", "a school's unit is none of the group's"
    setup.unit(world)
    setup.unit(world, name="教研中心")
    setup.unit(world, name="综合办公室", line="office")
    found = light(world.group, Clause.C4_1_I)
    assert (found.tone, found.params["count"], sorted(found.params["lines"])) == (
        Tone.GREEN,
        3,
        ["教学", "综合办公"],
    )


# 4.1.k、4.1.l、4.1.m：执行校长、法定代表人、支部书记


def test_a_principal_in_every_member_school(world):
    assert shown(world.school_b, Clause.C4_1_K) == ("green", "执行校长：示例principal_b。")
    assert shown(world.school_d, Clause.C4_1_K) == ("grey", "该校不是集团成员，不适用。")
    end(world, "principal_b", TODAY - 3 * A_DAY)
    assert shown(world.school_b, Clause.C4_1_K) == ("red", "执行校长空缺 3 天。")
    assert shown(world.school_b, Clause.C4_1_L) == ("red", "执行校长空缺，没有法定代表人。")


def test_a_school_that_never_had_one_is_vacant_since_it_joined(world):
    register.join(
        world.group,
        school=world.school_d,
        valid_from=TODAY - 5 * A_DAY,
        join_document="昆教〔2026〕9号",
        by=fresh(world.basic),
    )
    assert shown(world.school_d, Clause.C4_1_K) == ("red", "执行校长空缺 5 天。")


def test_a_president_who_is_principal_is_explained_by_the_deviation(world):
    register.join(
        world.group,
        school=world.school_d,
        valid_from=SINCE,
        join_document="昆教〔2026〕9号",
        by=fresh(world.basic),
    )
    row = setup.deviation(world, clause_id="4.1.k")
    kept(world, principal(world, "president", world.school_d))
    found = light(world.school_d, Clause.C4_1_K)
    assert (found.tone, found.url) == (Tone.EXPLAINED, row.get_absolute_url())
    assert say(found) == "总校长示例president兼任执行校长：新校区过渡期（昆教党〔2024〕5号）。"
    assert shown(world.school_b, Clause.C4_1_K)[0] == "green"


@pytest.mark.parametrize(
    ("days", "tone"), [(0, "amber"), (REGISTRATION_DAYS, "amber"), (REGISTRATION_DAYS + 1, "red")]
)
def test_the_legal_representative_is_registered_within_thirty_days(world, days, tone):
    end(world, "principal_b", TODAY)
    appoint(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_b, valid_from=TODAY)
    on = TODAY + days * A_DAY
    assert shown(world.school_b, Clause.C4_1_L, on) == (
        tone,
        f"执行校长任职 {days} 天，法定代表人变更登记尚未登记。",
    )
    personnel.register_dates(
        world.posts["teacher"], secretary_on=None, legal_representative_on=TODAY, by=fresh(world.personnel)
    )
    assert shown(world.school_b, Clause.C4_1_L, on) == ("green", "法定代表人示例teacher已登记。")


def test_a_branch_whose_secretary_the_principal_is(world):
    assert shown(world.school_a, Clause.C4_1_M) == ("amber", "尚未登记党支部。")
    setup.party(world, school=world.school_a)
    assert shown(world.school_a, Clause.C4_1_M) == ("amber", "执行校长尚未登记兼任党支部书记日期。")
    personnel.register_dates(
        world.posts["principal_a"],
        secretary_on=TODAY,
        legal_representative_on=None,
        by=fresh(world.personnel),
    )
    assert shown(world.school_a, Clause.C4_1_M) == ("green", "执行校长示例principal_a兼任党支部书记。")
    assert shown(world.school_a, Clause.C4_1_M, TODAY - A_DAY)[0] == "amber"


# 4.1.q：牌匾


@pytest.mark.parametrize(
    ("kinds", "tone"), [((), "amber"), ((1,), "amber"), ((2,), "amber"), ((1, 2), "green")]
)
def test_two_plaques(world, kinds, tone):
    for kind in kinds:
        setup.plaque(world, kind=kind)
    assert shown(world.school_a, Clause.C4_1_Q) == (
        tone,
        f"挂牌 {len(kinds)} 块，应挂原校名牌和集团成员校牌两块。",
    )


def test_a_plaque_of_a_membership_that_ended_does_not_count(world):
    setup.plaque(world, "b")
    setup.plaque(world, "b", kind=2)
    with acting("groups.test", world.admin):
        Membership.objects.filter(school=world.school_b).update(valid_to=TODAY)
    assert shown(world.school_b, Clause.C4_1_Q) == ("grey", "该校不是集团成员，不适用。")
    assert shown(world.school_b, Clause.C4_1_Q, TODAY - A_DAY)[0] == "green"


# 3.2.b：骨干教师柔性流动


def teachers(world: Any, count: int, **facts: Any) -> list[Any]:
    return [on_staff(world, world.school_a, **facts) for _n in range(count)]


def test_the_shares_of_rotation_of_the_school_year(world):
    assert shown(world.group, Clause.C3_2_B) == ("amber", "成员学校尚未登记教职工，不能计算轮岗比例。")
    teachers(world, 9)
    plain = filed(world)
    said = f"{YEAR}—{YEAR + 1} 学年轮岗 1 人，占教师 10.0%（应达 10%）；其中骨干 {{}}（应达 20%）。"
    assert shown(world.group, Clause.C3_2_B) == ("amber", said.format("0 人，占轮岗教师 0.0%"))
    assert str(light(world.group, Clause.C3_2_B).action) == "提出轮岗"
    assert shown(world.other_group, Clause.C3_2_B)[1].startswith("成员学校尚未登记教职工")
    [backbone] = teachers(world, 1, backbone_level="city")
    filed(world, backbone)
    found = light(world.group, Clause.C3_2_B)
    assert (found.tone, found.params["rotated"], found.params["of_backbone"]) == (Tone.GREEN, 2, "50.0%")
    assert found.url.endswith(f"/rotations/?group={world.group.pk}")
    assert shown(world.group, Clause.C3_2_B, plain.valid_to)[0] == "amber", "next year begins with nobody"


def test_too_few_who_rotate_are_amber_though_all_are_backbone(world):
    teachers(world, 10)
    filed(world, *teachers(world, 1, backbone_level="county"))
    assert light(world.group, Clause.C3_2_B).tone == Tone.AMBER


# 4.1.u：七项制度


def test_the_seven_rules(world):
    assert shown(world.group, Clause.C4_1_U)[0] == "red"
    adopt(world, *(slot for slot in PolicySlot if slot != PolicySlot.BENEFITS))
    assert shown(world.group, Clause.C4_1_U) == ("amber", "七项人事制度施行 6 项，缺：福利发放。")
    found = light(world.group, Clause.C4_1_U)
    assert found.url.endswith(f"?group={world.group.pk}&slot={PolicySlot.BENEFITS.value}")
    adopt(world, PolicySlot.BENEFITS)
    assert shown(world.group, Clause.C4_1_U) == ("green", "七项人事制度全部施行。")
    assert shown(world.group, Clause.C4_1_U, SINCE - A_DAY)[0] == "red"


# 例外


@pytest.mark.parametrize(
    ("clause", "where"),
    [(lamp.clause, "group" if lamp.model is EducationGroup else "school_c") for lamp in LAMPS
     if lamp.clause not in (Clause.C4_1_A, Clause.C4_1_F, Clause.C4_1_K)],
)  # fmt: skip
def test_a_confirmed_deviation_explains_what_is_amber_or_red(world, clause, where):
    row = getattr(world, where)
    assert light(row, clause).tone in (Tone.AMBER, Tone.RED)
    owner = {"group": row} if where == "group" else {"school": row}
    proposed = setup.deviation(world, confirmed=False, clause_id=clause.id, **owner)
    assert light(row, clause).tone in (Tone.AMBER, Tone.RED), "a proposal explains nothing"
    confirmed = actions.confirm_deviation(proposed, by=fresh(world.leader))
    found = light(row, clause)
    assert (found.tone, say(found), found.url) == (
        Tone.EXPLAINED,
        "新校区过渡期（昆教党〔2024〕5号）。",
        confirmed.get_absolute_url(),
    )
    assert light(row, clause, SINCE - A_DAY).tone != Tone.EXPLAINED


def test_a_deviation_dims_no_green_and_no_grey(world):
    setup.deviation(world, clause_id="4.1.a")
    setup.deviation(world, clause_id="4.1.a", group=world.preparing)
    assert shown(world.group, Clause.C4_1_A)[0] == "green"
    assert shown(world.preparing, Clause.C4_1_A)[0] == "grey"


# 依据、办理、次序、查询次数


def every_light(world: Any) -> list[lights.Light]:
    found = lights.lit(EducationGroup.objects.all(), TODAY), lights.lit(School.objects.all(), TODAY)
    return [light for lit in found for mine in lit.values() for light in mine]


def test_every_lamp_lights_every_row_once_in_the_order_of_the_guideline(world):
    order = list(Clause)
    for model in (EducationGroup, School):
        found = lights.lit(model.objects.all(), TODAY)
        assert set(found) == set(model.objects.values_list("pk", flat=True))
        clauses = [lamp.clause for lamp in lights.lamps() if lamp.model is model]
        assert clauses == sorted(clauses, key=order.index)
        for mine in found.values():
            assert [light.clause for light in mine] == clauses


def test_the_sentence_ends_and_what_is_not_in_order_says_how_it_is_mended(world):
    for found in every_light(world):
        assert say(found).endswith("。"), found
        assert "%" not in say(found), found
        if found.tone == Tone.RED:
            assert found.url and found.action, found
        if found.tone == Tone.GREY:
            assert not found.url, found


MENDED_BY = {
    Clause.C3_2_B: "personnel",
    Clause.C4_1_A: "personnel",
    Clause.C4_1_C: "personnel",
    Clause.C4_1_D: "personnel",
    Clause.C4_1_F: "personnel",
    Clause.C4_1_H: "leader",
    Clause.C4_1_I: "president",
    Clause.C4_1_K: "personnel",
    Clause.C4_1_L: "personnel",
    Clause.C4_1_M: "personnel",
    Clause.C4_1_O: "personnel",
    Clause.C4_1_Q: "teacher",
    Clause.C4_1_U: "president",
}


def test_what_mends_a_light_opens_for_whom_it_is_meant_filled_in(world, enter):
    for who in ("deputy", "principal_b"):
        end(world, who, TODAY)
    appoint(world, "teacher", Post.VICE_PRINCIPAL, world.school_b)
    tried = set()
    for row in (world.group, world.school_b):
        for found in lights.lit(type(row).objects.filter(pk=row.pk), TODAY)[row.pk]:
            who = MENDED_BY[found.clause]
            assert found.url, found
            answer = enter(who).get(found.url)
            assert answer.status_code == 200, (found, who)
            if found.action and "form" in answer.context and "?" in found.url:
                form = answer.context["form"]
                chosen = {
                    form[name].value()
                    for name in ("group", "school", "container", "membership")
                    if name in form.fields
                }
                membership = Membership.objects.filter(school=row.pk).values_list("pk", flat=True).first()
                assert {str(value) for value in chosen if value} & {str(row.pk), str(membership)}, found
            tried.add(found.clause)
    assert tried == {lamp.clause for lamp in LAMPS}


def test_every_clause_of_the_lamps_is_there_once_for_a_model():
    assert len({(lamp.clause, lamp.model) for lamp in LAMPS}) == len(LAMPS)
    assert {lamp.clause for lamp in LAMPS} == set(MENDED_BY)


def queries(rows: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        lights.lit(rows.all(), TODAY)
    return len(captured)


def test_fifty_schools_take_no_more_queries_than_five(world):
    few = queries(School.objects), queries(EducationGroup.objects)
    by = fresh(world.personnel)
    for n in range(50):
        school = register.register_school(
            name=f"示例第{n}小学",
            short_name=f"示例{n}小",
            identifier=f"21320088{n:02d}",
            credit_code=credit_code(800 + n),
            stage="primary",
            opened_on=dt.date(2010, 9, 1),
            level="city",
            document="昆编〔2010〕1号",
            by=by,
        )
        if n % 10 == 0:
            group = register.found(
                name=f"示例第{n}教育集团", short_name=f"第{n}集团", code=f"Q{n}", model_type="lead_and_new",
                founded_on=SINCE, founding_document="昆教〔2024〕1号", decision="第 1 次会议", by=fresh(world.basic),
            )  # fmt: skip
        register.join(
            group, school=school, valid_from=SINCE, join_document="昆教〔2024〕2号", by=fresh(world.basic),
            role=MembershipRole.MEMBER if n % 10 else MembershipRole.LEAD,
        )  # fmt: skip
        kept(
            world,
            principal(
                world, "", school, person=None, method="competitive", state="proposed", confirmed_by=None
            ),
        )
    many = queries(School.objects), queries(EducationGroup.objects)
    assert many == few
    assert max(many) <= 5 * len(LAMPS)


def test_the_page_of_a_group_shows_its_lights_with_word_and_evidence(world, enter):
    page = text(enter("teacher").get(f"/leadership/{world.group.pk}/"))
    for word in ("已落实", "须留意", "须办理", "总校长：示例president。", "尚未成立集团党委或党总支部。"):
        assert word in page
