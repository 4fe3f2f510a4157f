"""Raw writes to party organisations, units, plaques, quotas, rule-sets and deviations, and to what stands on them."""

from __future__ import annotations

from groups.models import Membership
from personnel.choices import Post
from personnel.models import (
    Appointment,
    Deviation,
    GroupRuleSet,
    OrgUnit,
    PartyOrganisation,
    Plaque,
    PostQuota,
)
from tests.finance.raw import Refuses
from tests.personnel.rows import DOCUMENT, LATER, NEVER, TODAY, change, changed, kept, post, principal
from tests.world import SINCE

refuses = Refuses()


def dated(model, **facts):
    return model(**{"document": DOCUMENT, "valid_from": SINCE, **facts})


def party(**facts):
    return dated(PartyOrganisation, **{"kind": "committee", "name": "中共示例教育集团委员会", **facts})


def branch(school, **facts):
    return party(school=school, **{"kind": "branch", "name": "示例小学党支部", **facts})


def unit(**facts):
    return dated(OrgUnit, **{"name": "教学管理中心", "line": "teaching", **facts})


def membership(world, key="b"):
    return Membership.objects.get(school=world.schools[f"school_{key}"])


def plaque(world, **facts):
    """The plaque with the school's own name, unless it says otherwise."""
    base = {"membership": membership(world), "kind": 1, "text": world.school_b.name, "valid_from": SINCE}
    return Plaque(**{**base, **facts})


def quota(**facts):
    return dated(PostQuota, **{"posts": 3, "level": 1, **facts})


def rules(world, **facts):
    return dated(GroupRuleSet, **{"group": world.group, "kind": "separated_2022", **facts})


def deviation(world, **facts):
    """Confirmed, as one that counts."""
    base = {
        "clause_id": "4.1.o",
        "reason": "新校区过渡期",
        "state": "confirmed",
        "recorded_by": world.users["personnel"],
        "confirmed_by": world.leader,
    }
    return dated(Deviation, **{**base, **facts})


def twice(world, make):
    """The same row again, for days that the first covers too."""
    kept(world, make(valid_to=LATER))
    return make(valid_from=TODAY).save


# 每张表：止于始后


@refuses("partyorganisation_ends_after_it_begins")
def party_that_ends_first(world):
    return party(group=world.group, valid_to=NEVER).save


@refuses("orgunit_ends_after_it_begins")
def unit_that_ends_first(world):
    return unit(group=world.group, valid_to=NEVER).save


@refuses("plaque_ends_after_it_begins")
def plaque_that_ends_first(world):
    return plaque(world, valid_to=NEVER).save


@refuses("postquota_ends_after_it_begins")
def quota_that_ends_first(world):
    return quota(school=world.school_a, valid_to=NEVER).save


@refuses("groupruleset_ends_after_it_begins")
def rules_that_end_first(world):
    return rules(world, valid_to=NEVER).save


@refuses("deviation_ends_after_it_begins")
def deviation_that_ends_first(world):
    return deviation(world, school=world.school_a, valid_to=NEVER).save


# 党组织


@refuses("party_organisation_is_of_its_kind")
def branch_of_a_group(world):
    return party(group=world.group, kind="branch").save


@refuses("party_organisation_is_of_its_kind")
def committee_of_a_school(world):
    return party(school=world.school_a).save


@refuses("party_organisation_is_of_its_kind")
def party_of_nobody(world):
    return party(kind="branch").save


@refuses("party_organisation_is_of_its_kind")
def party_of_both(world):
    return party(group=world.group, school=world.school_a).save


@refuses("one_party_organisation_per_group")
def second_committee(world):
    return twice(world, lambda **days: party(group=world.group, **days))


@refuses("one_party_organisation_per_group")
def general_branch_beside_the_committee(world):
    kept(world, party(group=world.group))
    return party(group=world.group, kind="general_branch", valid_from=TODAY).save


@refuses("one_party_branch_per_school")
def second_branch(world):
    return twice(world, lambda **days: branch(world.school_a, **days))


# 内设机构


@refuses("unit_belongs_to_a_group_or_a_school")
def unit_of_nobody(world):
    return unit().save


@refuses("unit_belongs_to_a_group_or_a_school")
def unit_of_both(world):
    return unit(group=world.group, school=world.school_a).save


@refuses("unit_name_once_in_a_group")
def unit_of_a_group_twice(world):
    kept(world, unit(group=world.group))
    return unit(group=world.group, line="moral").save


@refuses("unit_name_once_in_a_school")
def unit_of_a_school_twice(world):
    kept(world, unit(school=world.school_a))
    return unit(school=world.school_a, line="moral").save


# 牌匾


@refuses("plaque_is_one_of_two_kinds")
def third_plaque(world):
    return plaque(world, kind=3).save


@refuses("one_plaque_of_a_kind")
def same_plaque_again(world):
    return twice(world, lambda **days: plaque(world, **days))


@refuses("plaque_bears_the_school_name")
def own_plaque_with_the_name_of_the_group(world):
    return plaque(world, text="示例教育集团B校区").save


@refuses("plaque_bears_the_school_name")
def own_plaque_painted_over(world):
    row = kept(world, plaque(world))
    return lambda: change(row, text="示例B小学（新）")


@refuses("plaque_is_of_a_current_member")
def plaque_from_before_the_school_joined(world):
    return plaque(world, valid_from=NEVER).save


@refuses("plaque_is_of_a_current_member")
def plaque_of_a_school_that_left(world):
    left = changed(world, membership(world), valid_to=TODAY)
    return plaque(world, membership=left, valid_from=TODAY).save


# 职数


@refuses("quota_level_is_of_its_owner")
def office_quota_of_a_school(world):
    return quota(school=world.school_a, level=3).save


@refuses("quota_level_is_of_its_owner")
def vice_principals_of_a_group(world):
    return quota(group=world.group, level=1).save


@refuses("quota_level_is_of_its_owner")
def quota_of_no_level(world):
    return quota(group=world.group, level=5).save


@refuses("one_quota_per_school_and_level")
def second_quota_of_a_school(world):
    return twice(world, lambda **days: quota(school=world.school_a, **days))


@refuses("one_quota_per_group_and_level")
def second_quota_of_a_group(world):
    return twice(world, lambda **days: quota(group=world.group, level=4, **days))


@refuses("quota_is_not_exceeded")
def quota_lowered_below_its_use(world):
    row = kept(world, quota(school=world.school_a, posts=1))
    return lambda: change(row, posts=0)


@refuses("quota_is_not_exceeded")
def quota_that_comes_to_cover_too_many(world):
    row = kept(world, quota(group=world.group, level=3, posts=0, valid_from=NEVER, valid_to=SINCE))
    return lambda: change(row, valid_to=LATER)


@refuses("quota_is_not_exceeded")
def second_of_an_office_quota_of_one(world):
    kept(world, quota(group=world.group, level=3, posts=1))
    return post(world, "teacher", Post.GROUP_OFFICE, world.group).save


@refuses("quota_is_not_exceeded")
def deviation_that_is_only_proposed(world):
    kept(world, deviation(world, school=world.school_a, state="proposed", confirmed_by=None))
    return quota(school=world.school_a, posts=0).save


@refuses("quota_is_not_exceeded")
def deviation_of_another_school(world):
    kept(world, deviation(world, school=world.school_b))
    return quota(school=world.school_a, posts=0).save


@refuses("quota_is_not_exceeded")
def deviation_from_another_clause(world):
    kept(world, deviation(world, school=world.school_a, clause_id="4.1.q"))
    return quota(school=world.school_a, posts=0).save


@refuses("quota_is_not_exceeded")
def post_that_outlasts_its_deviation(world):
    """Let in by the deviation, the holder would still be there when it is over."""
    kept(world, deviation(world, school=world.school_b, valid_to=LATER))
    kept(world, quota(school=world.school_b, posts=0))
    return post(world, "teacher", Post.VICE_PRINCIPAL, world.school_b).save


@refuses("quota_is_not_exceeded")
def deviation_that_ends_while_there_are_too_many(world):
    row = kept(world, deviation(world, school=world.school_a))
    kept(world, quota(school=world.school_a, posts=0))
    return lambda: change(row, valid_to=SINCE)


# 书记设置规定


@refuses("one_rule_set_per_group")
def second_rule_set(world):
    return twice(world, lambda **days: rules(world, **days))


# 例外


@refuses("deviation_is_of_a_group_or_a_school")
def deviation_of_nobody(world):
    return deviation(world).save


@refuses("deviation_is_of_a_group_or_a_school")
def deviation_of_both(world):
    return deviation(world, group=world.group, school=world.school_a).save


@refuses("deviation_is_from_a_clause")
def deviation_from_nothing(world):
    return deviation(world, group=world.group, clause_id="9.9.z").save


@refuses("deviation_is_confirmed_by_another")
def deviation_confirmed_by_its_recorder(world):
    return deviation(world, group=world.group, confirmed_by=world.users["personnel"]).save


@refuses("confirmed_deviation_names_its_confirmer")
def deviation_confirmed_by_nobody(world):
    return deviation(world, group=world.group, confirmed_by=None).save


@refuses("president_is_principal_by_deviation")
def principal_by_a_deviation_of_some_days(world):
    kept(world, deviation(world, group=world.group, clause_id="4.1.k", valid_to=LATER))
    return principal(world, "president", world.school_d).save


@refuses("president_is_principal_by_deviation")
def principal_by_a_deviation_of_another_group(world):
    kept(world, deviation(world, group=world.other_group, clause_id="4.1.k"))
    return principal(world, "president", world.school_d).save


@refuses("president_is_principal_by_deviation")
def deviation_that_ends_before_the_second_post(world):
    row = kept(world, deviation(world, group=world.group, clause_id="4.1.k"))
    kept(world, principal(world, "president", world.school_d))
    return lambda: change(row, valid_to=TODAY)


@refuses("decision_is_not_rewritten")
def deviation_that_is_refused_after_all(world):
    row = kept(world, deviation(world, group=world.group, clause_id="4.1.k"))
    kept(world, principal(world, "president", world.school_d))
    return lambda: change(row, state="refused")


@refuses("secretary_is_separate_by_rule_set")
def secretary_under_the_rule_of_2019(world):
    kept(world, rules(world, kind="guideline_2019"))
    return post(world, "teacher", Post.GROUP_SECRETARY, world.group).save


@refuses("secretary_is_separate_by_rule_set")
def secretary_from_before_the_rule(world):
    kept(world, rules(world, valid_from=TODAY))
    return post(world, "teacher", Post.GROUP_SECRETARY, world.group).save


@refuses("separated_president_is_not_secretary")
def president_who_is_registered_as_secretary_after_all(world):
    kept(world, rules(world))
    row = Appointment.objects.get(pk=world.posts["president"].pk)
    return lambda: change(row, secretary_on=TODAY)
