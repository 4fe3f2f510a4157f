"""Raw writes to longer tenures, incentives and delegations."""

from __future__ import annotations

import datetime as dt

from personnel.choices import Post
from personnel.models import Appointment, Delegation, IncentiveTerm, Person
from tests.finance.raw import Refuses
from tests.personnel.rows import (
    DOCUMENT,
    LATER,
    TODAY,
    change,
    changed,
    ended,
    ending_president,
    extension,
    grade,
    kept,
    person,
    post,
)
from tests.world import SINCE

refuses = Refuses()
A_DAY = dt.timedelta(days=1)


def of(world, who):
    return Appointment.objects.get(pk=world.posts[who].pk)


@refuses("tenure_is_lengthened_by_extension")
def president_whose_days_are_moved_out(world):
    row = ending_president(world)
    return lambda: change(row, valid_to=LATER + A_DAY)


@refuses("tenure_is_lengthened_by_extension")
def president_without_an_end_any_more(world):
    row = ending_president(world)
    return lambda: change(row, valid_to=None)


@refuses("tenure_is_lengthened_by_extension")
def president_extended_beyond_what_was_confirmed(world):
    row = kept(world, extension(world, state="confirmed", confirmed_by=world.leader))
    return lambda: change(row.appointment, valid_to=row.new_end + A_DAY, state="extended")


@refuses("extension_lengthens_the_tenure")
def extension_to_the_same_day(world):
    return extension(world, new_end=LATER).save


@refuses("extension_has_a_document_of_need")
def extension_without_a_need(world):
    return extension(world, document="").save


@refuses("extension_is_confirmed_by_another")
def extension_confirmed_by_its_recorder(world):
    return extension(world, state="confirmed", confirmed_by=world.personnel).save


@refuses("confirmed_extension_names_its_confirmer")
def extension_that_nobody_confirmed(world):
    return extension(world, state="confirmed").save


@refuses("confirmed_extension_names_its_confirmer")
def extension_that_nobody_recorded(world):
    return extension(world, state="confirmed", confirmed_by=world.leader, recorded_by=None).save


@refuses("cadre_end_is_confirmed_by_a_second_person")
def extension_that_is_to_shorten_what_came_after_it(world):
    """What was confirmed of an earlier end speaks for no later one."""
    row = kept(world, extension(world, state="confirmed", confirmed_by=world.leader))
    changed(world, row.appointment, valid_to=row.new_end, state="extended")
    later = extension(world, appointment=row.appointment, appraisal=row.appraisal, old_end=row.new_end)
    later.new_end, later.state, later.confirmed_by = row.new_end + A_DAY, "confirmed", world.leader
    kept(world, later)
    changed(world, row.appointment, valid_to=later.new_end)
    return lambda: change(row.appointment, valid_to=row.new_end)


@refuses("extension_is_of_an_excellent_president")
def extension_of_somebody_competent(world):
    return extension(world, appraisal=kept(world, grade(world, grade="competent"))).save


@refuses("extension_is_of_an_excellent_president")
def extension_by_an_older_appraisal(world):
    older = kept(world, grade(world, year=2024))
    kept(world, grade(world, year=2025, grade="competent"))
    return extension(world, appraisal=older).save


@refuses("extension_is_of_an_excellent_president")
def extension_by_another_s_appraisal(world):
    return extension(world, appraisal=kept(world, grade(world, "other_president"))).save


@refuses("extension_is_of_an_excellent_president")
def extension_of_a_principal(world):
    row = changed(world, ended(world, of(world, "principal_a"), LATER), term_end=dt.date(2031, 1, 1))
    appraisal = kept(world, grade(world, "principal_a", post=Post.EXECUTIVE_PRINCIPAL))
    return extension(world, appointment=row, appraisal=appraisal).save


@refuses("extension_stays_within_the_term")
def extension_beyond_the_term(world):
    return extension(world, new_end=dt.date(2031, 1, 3)).save


@refuses("extension_stays_within_the_term")
def extension_of_no_term(world):
    row = ended(world, of(world, "president"), LATER)
    return extension(world, appointment=row).save


# 激励


def incentive(world, who="president", **facts):
    base = {
        "appointment": of(world, who),
        "base_coefficient": "1.50",
        "coefficient": "1.60",
        "document": DOCUMENT,
        "valid_from": SINCE,
        "recorded_by": world.users["personnel"],
    }
    return IncentiveTerm(**{**base, **facts})


@refuses("coefficient_is_above_the_base")
def coefficient_of_the_base(world):
    return incentive(world, coefficient="1.50").save


@refuses("incentive_ends_after_it_begins")
def incentive_that_ends_before_it_begins(world):
    return incentive(world, valid_to=SINCE - A_DAY).save


@refuses("incentive_is_confirmed_by_another")
def incentive_confirmed_by_its_recorder(world):
    return incentive(world, state="confirmed", confirmed_by=world.personnel).save


@refuses("confirmed_incentive_names_its_confirmer")
def incentive_that_nobody_confirmed(world):
    return incentive(world, state="confirmed").save


@refuses("confirmed_incentive_names_its_confirmer")
def incentive_that_nobody_recorded(world):
    return incentive(world, state="confirmed", confirmed_by=world.leader, recorded_by=None).save


@refuses("decision_is_not_rewritten")
def incentive_that_grows_after_all(world):
    row = kept(world, incentive(world, state="confirmed", confirmed_by=world.leader))
    return lambda: change(row, coefficient="2.60")


@refuses("decision_is_not_rewritten")
def incentive_that_lasts_longer_after_all(world):
    row = kept(world, incentive(world, state="confirmed", confirmed_by=world.leader, valid_to=TODAY))
    return lambda: change(row, valid_to=None)


@refuses("decision_is_not_rewritten")
def incentive_that_was_refused(world):
    row = kept(world, incentive(world, state="refused"))
    return lambda: change(row, state="confirmed", confirmed_by=world.leader)


@refuses("decision_is_not_rewritten")
def extension_that_was_refused(world):
    row = kept(world, extension(world, state="refused"))
    return lambda: change(row, state="confirmed", confirmed_by=world.leader)


@refuses("decision_is_not_rewritten")
def extension_to_a_later_day_after_all(world):
    row = kept(world, extension(world, state="confirmed", confirmed_by=world.leader))
    return lambda: change(row, new_end=row.new_end + A_DAY)


@refuses("one_incentive_at_a_time")
def two_incentives_at_once(world):
    kept(world, incentive(world, state="confirmed", confirmed_by=world.leader))
    return incentive(world, state="confirmed", confirmed_by=world.leader, valid_from=TODAY).save


@refuses("incentive_is_for_presidents")
def incentive_of_a_deputy(world):
    return incentive(world, "deputy").save


@refuses("treatment_is_for_compulsory_presidents")
def treatment_in_a_group_with_a_senior_school(world):
    changed(world, world.school_b, stage="senior")
    return incentive(world, deputy_section_treatment=True).save


@refuses("treatment_is_for_compulsory_presidents")
def treatment_in_a_group_without_schools(world):
    row = kept(world, post(world, "teacher", Post.GROUP_PRESIDENT, world.preparing, method="appointed"))
    return incentive(world, appointment=row, deputy_section_treatment=True).save


# 委托


def delegation(world, **facts):
    base = {
        "appointment": of(world, "president"),
        "delegate": person(world, "deputy"),
        "reason": "外出培训",
        "valid_from": TODAY,
        "valid_to": TODAY + 10 * A_DAY,
    }
    return Delegation(**{**base, **facts})


@refuses("delegation_is_at_most_thirty_days")
def delegation_of_thirty_one_days(world):
    return delegation(world, valid_to=TODAY + 31 * A_DAY).save


@refuses("delegation_is_at_most_thirty_days")
def delegation_that_ends_before_it_begins(world):
    return delegation(world, valid_to=TODAY - A_DAY).save


@refuses("delegation_ceiling_is_positive")
def delegation_of_nothing(world):
    return delegation(world, ceiling=0).save


@refuses("one_delegate_at_a_time")
def two_delegates_at_once(world):
    kept(world, delegation(world))
    return delegation(world, delegate=person(world, "vice_a"), valid_from=TODAY + 9 * A_DAY).save


@refuses("delegation_is_only_shortened")
def delegation_that_lasts_longer_after_all(world):
    row = kept(world, delegation(world))
    return lambda: change(row, valid_to=row.valid_to + A_DAY)


@refuses("delegation_is_only_shortened")
def delegation_of_more_money_after_all(world):
    row = kept(world, delegation(world, ceiling=1))
    return lambda: change(row, ceiling=None)


@refuses("delegation_is_only_shortened")
def delegation_to_another_after_all(world):
    row = kept(world, delegation(world))
    return lambda: change(row, delegate=person(world, "vice_a"))


@refuses("delegation_is_of_an_approver")
def delegation_of_a_clerk(world):
    return delegation(world, appointment=of(world, "clerk_a")).save


@refuses("delegation_is_of_an_approver")
def delegation_before_the_post_begins(world):
    return delegation(world, valid_from=SINCE - A_DAY, valid_to=SINCE).save


@refuses("delegation_is_of_an_approver")
def delegation_of_a_post_not_yet_confirmed(world):
    row = kept(
        world,
        post(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d, state="proposed", confirmed_by=None),
    )
    return delegation(world, appointment=row).save


@refuses("delegation_is_not_to_oneself")
def delegation_to_oneself(world):
    return delegation(world, delegate=person(world, "president")).save


@refuses("delegate_may_sign_in")
def delegation_to_nobody_s_account(world):
    return delegation(world, delegate=kept(world, Person(name="无账号者"))).save


@refuses("delegate_is_not_of_finance")
def delegation_to_finance(world):
    return delegation(world, delegate=person(world, "group_finance")).save


@refuses("delegate_is_not_of_finance")
def delegate_who_becomes_cashier(world):
    kept(world, delegation(world))
    return lambda: post(world, "deputy", Post.CASHIER, world.school_a, valid_from=TODAY).save()
