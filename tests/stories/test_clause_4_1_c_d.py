"""四、1 成立集团党委或总支部，总校长兼任书记: one organisation of the right kind; the president is its secretary."""

from __future__ import annotations

from typing import Any

import pytest

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post
from personnel.models import Appointment, GroupRuleSet, PartyOrganisation
from tests.personnel.rows import post
from tests.stories.doors import A_DAY, appoints, does, light, records, refused_raw
from tests.world import SINCE

pytestmark = pytest.mark.django_db
SECRETARY = Post.GROUP_SECRETARY.value


def establishes(world: Any, who: str = "personnel", **typed: Any) -> Any:
    form = {
        "group": world.group.pk,
        "kind": "committee",
        "name": "中共示例教育集团委员会",
        "document": "昆教党〔2026〕5号",
        "valid_from": clock.today().isoformat(),
        **typed,
    }
    return records(world, who, "party_organisation", **form)


def test_4_1_c_the_light_is_red_until_the_group_has_its_organisation(world: Any) -> None:
    assert light(world, world.group, Clause.C4_1_C) == ("red", "尚未成立集团党委或党总支部。")
    assert establishes(world).status == 303
    green = ("green", "中共示例教育集团委员会（昆教党〔2026〕5号）。")
    assert light(world, world.group, Clause.C4_1_C) == green
    assert light(world, world.group, Clause.C4_1_C, clock.today() - A_DAY)[0] == "red"
    row = PartyOrganisation.objects.get()
    typed = {"valid_to": clock.today().isoformat(), "document": "昆教党〔2026〕6号"}
    assert does(world, "personnel", "party_organisation", row, "end", **typed).status == 303
    assert light(world, world.group, Clause.C4_1_C, clock.today() + A_DAY)[0] == "red"


def test_4_1_c_a_branch_is_no_organisation_of_a_group(world: Any) -> None:
    refused = establishes(world, kind="branch")
    assert refused.status == 422
    assert refused.says("集团成立党委或党总支部，成员学校设党支部")
    row = PartyOrganisation(group=world.group, kind="branch", name="支部", document="甲", valid_from=SINCE)
    assert refused_raw(world, "party_organisation_is_of_its_kind", row.save) == Clause.C4_1_C


def test_4_1_c_a_group_has_one(world: Any) -> None:
    assert establishes(world, kind="general_branch").status == 303
    second = establishes(world)
    assert second.status == 409
    assert second.says("该集团在这段时间已有党组织", "四、1")
    row = PartyOrganisation(
        group=world.group, kind="committee", name="党委", document="甲", valid_from=clock.today()
    )
    assert refused_raw(world, "one_party_organisation_per_group", row.save) == Clause.C4_1_C


@pytest.mark.parametrize("who", ["president", "leader", "principal_a", "office"])
def test_4_1_c_it_is_recorded_by_the_personnel_section_alone(world: Any, who: str) -> None:
    refused = establishes(world, who)
    assert refused.status == 403
    assert refused.says("党组织的设立由市教育局人事科登记", "四、1")
    assert not PartyOrganisation.objects.exists()


def test_4_1_d_the_president_is_secretary_in_the_same_row(world: Any) -> None:
    assert light(world, world.group, Clause.C4_1_D) == ("amber", "总校长尚未登记兼任书记日期。")
    day = {"secretary_on": clock.today().isoformat()}
    row = world.posts["president"]
    assert does(world, "personnel", "appointment", row, "register-dates", **day).status == 303
    assert light(world, world.group, Clause.C4_1_D) == ("green", "总校长示例president兼任书记。")

    def of_another() -> Any:
        return Appointment.objects.filter(pk=world.posts["deputy"].pk).update(secretary_on=SINCE)

    assert refused_raw(world, "only_president_and_principal_are_secretaries", of_another) == Clause.C4_1_D


def test_4_1_d_nobody_else_is_secretary_unless_a_later_rule_separates_the_posts(world: Any) -> None:
    refused = appoints(world, "teacher", SECRETARY, world.group)
    assert refused.status == 409
    assert refused.says("按 132 号文总校长兼任书记", "四、1")
    assert refused_raw(
        world, "secretary_is_separate_by_rule_set", post(world, "teacher", SECRETARY, world.group).save
    )

    typed = {"group": world.group.pk, "kind": "separated_2022", "document": "昆教党〔2026〕8号"}
    typed["valid_from"] = clock.today().isoformat()
    assert records(world, "president", "rule_set", **typed).status == 403
    assert records(world, "personnel", "rule_set", **typed).status == 303
    assert light(world, world.group, Clause.C4_1_D)[0] == "amber", "separate, and nobody holds it"
    assert appoints(world, "teacher", SECRETARY, world.group).status == 303
    assert light(world, world.group, Clause.C4_1_D) == (
        "explained",
        "按昆教党〔2026〕8号书记、校长分设，书记：示例teacher。",
    )
    date = {"secretary_on": clock.today().isoformat()}
    both = does(world, "personnel", "appointment", world.posts["president"], "register-dates", **date)
    assert both.status == 409
    assert both.says("该集团已登记书记、校长分设")


def test_4_1_d_the_rule_does_not_end_before_the_secretary_it_allows(world: Any) -> None:
    typed = {"group": world.group.pk, "kind": "separated_2022", "document": "昆教党〔2026〕8号"}
    records(world, "personnel", "rule_set", **typed, valid_from=clock.today().isoformat())
    appoints(world, "teacher", SECRETARY, world.group)
    row = GroupRuleSet.objects.get()
    end = {"valid_to": clock.today().isoformat(), "document": "昆教党〔2026〕9号"}
    refused = does(world, "personnel", "rule_set", row, "end", **end)
    assert refused.status == 409
    assert row.valid_to is None
