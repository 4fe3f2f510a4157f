"""Raw writes to appointments, what they may not overlap with, and the states they go through."""

from __future__ import annotations

from django.db import connection

from groups.models import EducationGroup, Membership
from personnel.choices import Post
from personnel.models import Appointment, GroupRuleSet, OrgUnit, PostQuota, Selection
from tests.finance.raw import Refuses
from tests.personnel.rows import (
    DOCUMENT,
    LATER,
    NEVER,
    TODAY,
    change,
    changed,
    competition,
    end_in_two_steps,
    ended,
    kept,
    person,
    post,
    president,
    principal,
)
from tests.world import SINCE

refuses = Refuses()


def of(world, who):
    return Appointment.objects.get(pk=world.posts[who].pk)


def clerk(world, **facts):
    return post(world, "teacher", Post.CLERK, world.school_a, **facts)


@refuses("post_is_held_in_its_own_scope")
def clerk_of_a_group(world):
    return lambda: clerk(world, group=world.group).save()


@refuses("president_is_appointed_or_selected")
def president_who_is_assigned(world):
    return lambda: president(world, "teacher", world.preparing, method="assigned").save()


@refuses("appointment_ends_after_it_begins")
def ends_before_it_begins(world):
    return lambda: clerk(world, valid_to=NEVER).save()


@refuses("only_president_and_principal_are_secretaries")
def clerk_who_is_secretary(world):
    return lambda: clerk(world, secretary_on=SINCE).save()


@refuses("only_the_principal_is_legal_representative")
def president_who_is_legal_representative(world):
    return lambda: president(world, "teacher", world.preparing, legal_representative_on=SINCE).save()


@refuses("appointment_names_its_person")
def nobody_in_office(world):
    return lambda: post(world, "", Post.CLERK, world.school_a).save()


@refuses("appointment_names_its_person")
def nobody_proposed_without_a_competition(world):
    return lambda: post(world, "", Post.CLERK, world.school_a, state="proposed").save()


@refuses("appointment_is_confirmed_by_another")
def confirmed_by_its_recorder(world):
    return lambda: principal(world, "teacher", world.school_d, confirmed_by=world.personnel).save()


@refuses("notice_ends_after_it_begins")
def notice_that_ends_before_it_begins(world):
    return lambda: clerk(world, state="proposed", notice_from=SINCE, notice_to=NEVER).save()


@refuses("notice_ends_after_it_begins")
def notice_without_a_beginning(world):
    return lambda: clerk(world, state="proposed", notice_to=SINCE).save()


@refuses("auditor_is_appointed_for_a_time")
def auditor_for_ever(world):
    return lambda: post(world, "teacher", Post.AUDITOR, world.bureau).save()


@refuses("one_president_per_group")
def second_president(world):
    return lambda: president(world, "teacher", world.group).save()


@refuses("one_deputy_secretary_per_group")
def second_deputy_secretary(world):
    return lambda: post(world, "teacher", Post.DEPUTY_SECRETARY, world.group).save()


@refuses("one_group_secretary_per_group")
def second_group_secretary(world):
    kept(world, GroupRuleSet(group=world.group, kind="separated_2022", document=DOCUMENT, valid_from=SINCE))
    kept(world, post(world, "teacher", Post.GROUP_SECRETARY, world.group))
    return lambda: post(world, "clerk_a", Post.GROUP_SECRETARY, world.group).save()


@refuses("one_executive_principal_per_school")
def second_principal(world):
    return lambda: principal(world, "teacher", world.school_a).save()


@refuses("one_executive_principal_per_school")
def second_principal_who_acts(world):
    return lambda: principal(world, "teacher", world.school_a, method="acting").save()


@refuses("one_presidency_per_person")
def president_of_two_groups(world):
    return lambda: president(world, "president", world.preparing).save()


@refuses("one_principalship_per_person")
def principal_of_two_schools(world):
    return lambda: principal(world, "principal_a", world.school_d).save()


@refuses("one_president_per_group")
def proposal_that_is_confirmed_beside_the_president(world):
    row = kept(world, president(world, "teacher", world.group, state="proposed", confirmed_by=None))
    return lambda: change(row, state="active", confirmed_by=world.leader)


# 状态


@refuses("appointment_state_does_not_follow")
def begins_as_extended(world):
    return lambda: clerk(world, state="extended").save()


@refuses("appointment_state_does_not_follow")
def begins_as_cancelled(world):
    return lambda: clerk(world, state="cancelled").save()


@refuses("cadre_is_confirmed_by_a_second_person")
def principal_whom_nobody_confirmed(world):
    return lambda: principal(world, "teacher", world.school_d, confirmed_by=None).save()


@refuses("cadre_is_confirmed_by_a_second_person")
def second_leader_whom_nobody_confirmed(world):
    return lambda: post(world, "teacher", Post.BUREAU_LEADER, world.bureau, confirmed_by=None).save()


@refuses("cadre_is_confirmed_by_a_second_person")
def head_whom_nobody_confirmed(world):
    row = kept(
        world,
        post(world, "teacher", Post.DEPARTMENT_HEAD, world.school_a, state="proposed", confirmed_by=None),
    )
    return lambda: change(row, state="active")


@refuses("cadre_is_confirmed_by_a_second_person")
def principal_whom_nobody_recorded(world):
    return lambda: principal(world, "teacher", world.school_d, recorded_by=None).save()


# 免职


def recorded(world):
    return {"ending_by": world.personnel, "end_document": DOCUMENT}


@refuses("recorded_end_has_a_document")
def end_by_word_of_mouth(world):
    return lambda: change(of(world, "president"), ending_on=LATER, ending_by=world.personnel)


@refuses("appointment_has_a_document")
def clerk_by_word_of_mouth(world):
    return lambda: clerk(world, document="").save()


@refuses("cadre_end_is_confirmed_by_a_second_person")
def president_whom_one_write_ends(world):
    return lambda: change(of(world, "president"), valid_to=LATER)


@refuses("cadre_end_is_confirmed_by_a_second_person")
def principal_whom_one_write_ends_in_two_names(world):
    names = {"ending_by": world.personnel, "end_confirmed_by": world.leader}
    return lambda: change(of(world, "principal_a"), valid_to=LATER, **names)


@refuses("cadre_end_is_confirmed_by_a_second_person")
def vice_principal_who_ends_on_another_day_than_recorded(world):
    row = changed(world, of(world, "vice_a"), ending_on=LATER, **recorded(world))
    return lambda: change(row, valid_to=TODAY, ending_on=None, end_confirmed_by=world.leader)


@refuses("cadre_end_is_confirmed_by_a_second_person")
def leader_whose_end_nobody_confirmed(world):
    row = changed(world, of(world, "leader"), ending_on=LATER, **recorded(world))
    return lambda: change(row, valid_to=LATER, ending_on=None)


@refuses("cadre_end_is_confirmed_by_a_second_person")
def deputy_whose_end_is_recorded_by_another_with_the_confirmation(world):
    row = changed(world, of(world, "deputy"), ending_on=LATER, **recorded(world))
    names = {"ending_by": world.basic, "end_confirmed_by": world.leader}
    return lambda: change(row, valid_to=LATER, ending_on=None, **names)


@refuses("cadre_end_is_confirmed_by_a_second_person")
def end_that_still_waits(world):
    row = changed(world, of(world, "deputy"), ending_on=LATER, **recorded(world))
    return lambda: change(row, valid_to=LATER, end_confirmed_by=world.leader)


@refuses("cadre_end_is_confirmed_by_a_second_person")
def end_that_one_write_brings_nearer(world):
    """The names of the end that was set stay on the row; they do not speak for another day."""
    row = ended(world, of(world, "principal_a"), LATER)
    return lambda: change(row, valid_to=TODAY)


@refuses("end_is_confirmed_by_another")
def end_confirmed_by_its_recorder(world):
    row = changed(world, of(world, "president"), ending_on=LATER, **recorded(world))
    return lambda: change(row, valid_to=LATER, ending_on=None, end_confirmed_by=world.personnel)


@refuses("end_is_confirmed_by_another")
def end_confirmed_that_nobody_recorded(world):
    return lambda: change(of(world, "clerk_a"), end_confirmed_by=world.leader)


@refuses("appointment_is_not_lengthened")
def clerk_whose_days_are_moved_out(world):
    row = changed(world, of(world, "clerk_a"), valid_to=TODAY)
    return lambda: change(row, valid_to=LATER)


@refuses("appointment_is_not_lengthened")
def department_head_who_stays(world):
    """A president appointed him; one person of the personnel section ended it."""
    row = changed(world, of(world, "head_a"), valid_to=LATER)
    return lambda: change(row, valid_to=None)


@refuses("appointment_is_not_lengthened")
def auditor_who_stays(world):
    row = kept(world, post(world, "teacher", Post.AUDITOR, world.bureau, valid_to=TODAY))
    return lambda: change(row, valid_to=LATER)


@refuses("appointment_is_not_lengthened")
def principal_without_an_end_any_more(world):
    row = ended(world, of(world, "principal_a"), LATER)
    return lambda: change(row, valid_to=None)


@refuses("appointment_is_not_lengthened")
def principal_whose_end_two_people_move_out(world):
    row = ended(world, of(world, "principal_a"), TODAY)
    return lambda: end_in_two_steps(world, row, LATER)


@refuses("tenure_is_lengthened_by_extension")
def principal_who_is_extended(world):
    return lambda: change(of(world, "principal_a"), state="extended")


@refuses("selection_is_published_first")
def competition_without_a_notice(world):
    return lambda: president(world, "teacher", world.preparing, method="competitive").save()


@refuses("selection_is_published_first")
def chosen_who_was_no_candidate(world):
    row = competition(world, candidate="clerk_a", state="selecting")
    changed(world, row, person=person(world, "teacher"), state="notice", notice_from=SINCE, notice_to=SINCE)
    return lambda: change(row, state="active", confirmed_by=world.leader)


@refuses("notice_has_run_its_days")
def confirmed_on_the_last_day_of_the_notice(world):
    row = changed(world, competition(world), notice_to=TODAY)
    return lambda: change(row, state="active", confirmed_by=world.leader)


@refuses("personnel_selection_appointment_id_key")
def announced_twice(world):
    row = competition(world, state="selecting")
    return lambda: Selection(appointment=row, announced_on=SINCE, document=DOCUMENT, requirements="无").save()


@refuses("written_weight_is_a_percentage")
def written_part_of_more_than_everything(world):
    row = competition(world, state="selecting")
    return lambda: change(row.selection, written_weight=101)


@refuses("person_stands_once_in_a_selection")
def one_candidate_twice(world):
    known = competition(world, state="selecting").selection.candidates.get()

    def write():
        known.pk = None
        known.save(force_insert=True)

    return write


@refuses("scores_are_out_of_a_hundred")
def score_of_a_hundred_and_one(world):
    known = competition(world, state="selecting").selection.candidates.get()
    return lambda: type(known).objects.filter(pk=known.pk).update(interview=101)


# 事实


@refuses("appointment_facts_are_not_rewritten")
def another_post(world):
    return lambda: change(of(world, "clerk_a"), post=Post.CASHIER)


@refuses("appointment_facts_are_not_rewritten")
def another_document(world):
    return lambda: change(of(world, "president"), document=DOCUMENT)


@refuses("appointment_facts_are_not_rewritten")
def another_who_recorded_it(world):
    return lambda: change(of(world, "president"), recorded_by=world.basic)


@refuses("appointment_facts_are_not_rewritten")
def another_who_confirmed_it(world):
    return lambda: change(of(world, "president"), confirmed_by=world.basic)


@refuses("appointment_facts_are_not_rewritten")
def a_longer_term(world):
    row = changed(world, of(world, "president"), term_end=TODAY)
    return lambda: change(row, term_end=LATER)


@refuses("appointment_facts_are_not_rewritten")
def another_person_while_the_notice_runs(world):
    row = competition(world)
    return lambda: change(row, person=person(world, "clerk_a"))


@refuses("dissolved_group_has_no_posts")
def office_of_a_dissolved_group(world):
    changed(world, world.preparing, status="dissolved")
    return lambda: post(world, "teacher", Post.GROUP_OFFICE, world.preparing).save()


@refuses("dissolved_group_has_no_posts")
def confirmed_after_the_group_was_dissolved(world):
    row = kept(world, president(world, "teacher", world.preparing, state="proposed", confirmed_by=None))
    changed(world, world.preparing, status="dissolved")
    return lambda: change(row, state="active", confirmed_by=world.leader)


@refuses("unit_is_of_the_same_owner")
def head_of_another_school_s_unit(world):
    unit = kept(
        world,
        OrgUnit(school=world.school_b, name="教导处", line="teaching", document=DOCUMENT, valid_from=SINCE),
    )
    return lambda: clerk(world, unit=unit).save()


@refuses("quota_is_not_exceeded")
def one_vice_principal_too_many(world):
    kept(world, PostQuota(school=world.school_a, level=1, posts=1, document=DOCUMENT, valid_from=SINCE))
    return lambda: post(world, "teacher", Post.VICE_PRINCIPAL, world.school_a).save()


@refuses("quota_is_not_exceeded")
def quota_below_what_there_is(world):
    row = PostQuota(school=world.school_a, level=1, posts=0, document=DOCUMENT, valid_from=SINCE)
    return row.save


@refuses("quota_is_not_exceeded")
def one_too_many_for_some_days_only(world):
    """The first goes, the second comes, and the third comes while the second is there."""
    kept(world, PostQuota(school=world.school_b, level=1, posts=1, document=DOCUMENT, valid_from=SINCE))
    kept(world, post(world, "teacher", Post.VICE_PRINCIPAL, world.school_b, valid_from=LATER))
    return lambda: post(world, "clerk_a", Post.VICE_PRINCIPAL, world.school_b, valid_from=TODAY).save()


# 书记、兼任


@refuses("separated_president_is_not_secretary")
def secretary_beside_whom_there_is_one(world):
    kept(
        world, GroupRuleSet(group=world.preparing, kind="separated_2022", document=DOCUMENT, valid_from=SINCE)
    )
    return lambda: president(world, "teacher", world.preparing, secretary_on=SINCE).save()


@refuses("secretary_is_separate_by_rule_set")
def secretary_without_a_rule_set(world):
    return lambda: post(world, "teacher", Post.GROUP_SECRETARY, world.group).save()


@refuses("secretary_is_separate_by_rule_set")
def rule_set_that_ends_before_its_secretary(world):
    rules = kept(
        world, GroupRuleSet(group=world.group, kind="separated_2022", document=DOCUMENT, valid_from=SINCE)
    )
    kept(world, post(world, "teacher", Post.GROUP_SECRETARY, world.group))
    return lambda: change(rules, valid_to=LATER)


@refuses("president_is_principal_by_deviation")
def president_who_is_principal_as_well(world):
    return lambda: principal(world, "president", world.school_d).save()


@refuses("active_group_has_a_president")
def active_group_without_a_president(world):
    return lambda: EducationGroup.objects.filter(pk=world.preparing.pk).update(status="pilot")


@refuses("active_group_has_a_president")
def active_group_with_a_president_only_proposed(world):
    kept(world, president(world, "teacher", world.preparing, state="proposed", confirmed_by=None))
    return lambda: EducationGroup.objects.filter(pk=world.preparing.pk).update(status="pilot")


@refuses("deputy_secretary_principal_of_the_same_group")
def deputy_who_is_principal_elsewhere(world):
    return lambda: post(world, "principal_e", Post.DEPUTY_SECRETARY, world.preparing).save()


@refuses("school_of_a_deputy_secretary_stays")
def school_of_a_deputy_that_leaves(world):
    """The principal of school b becomes deputy secretary of its group, and then the school leaves."""
    ended(world, of(world, "deputy"), LATER)
    kept(world, post(world, "principal_b", Post.DEPUTY_SECRETARY, world.group, valid_from=LATER))
    with connection.cursor() as cursor:  # so far it holds
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return lambda: Membership.objects.filter(school=world.school_b).update(valid_to=LATER)
