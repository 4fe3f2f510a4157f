"""The rules of appointments, tenure, people and staff as tables of cases: code, status, clause and field of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest

from kunshan_edu.core.denials import CONFLICT, FORBIDDEN, INVALID
from kunshan_edu.core.guideline import Clause
from personnel import rules
from personnel.rules import Case, PairCase, StaffCase
from personnel.rules.appointments import LIVE, NOTICE_WORKDAYS

DAY = dt.date(2026, 9, 1)
A_DAY = dt.timedelta(days=1)
ALL = ("nominated", "proposed", "selecting", "notice", "active", "extended", "cancelled")
OFFICER, LEADER = Case(may_appoint=True), Case(may_confirm=True)
HELD = Case(may_appoint=True, state="active", valid_from=DAY)
ENDING = Case(may_confirm=True, state="active", ending_on=DAY)
PRESIDENT = Case(
    may_appoint=True,
    post="group_president",
    state="active",
    latest_grade="excellent",
    valid_to=DAY,
    term_end=DAY + 9 * A_DAY,
)
CHOSEN = Case(may_confirm=True, state="notice", method="competitive", notice_to=DAY, today=DAY + A_DAY)


def in_state(case, *states):
    return [replace(case, state=state) for state in states]


def but(*states):
    return [state for state in ALL if state not in states]


def told(denial):
    return denial and (denial.code, denial.status, denial.clause.id, denial.field)


def no(code, status=CONFLICT, clause=Clause.C6_3_A, field=None):
    return code, status, clause.id, field


STRANGER = no("not_an_appointer", FORBIDDEN)
# (rule, what it is asked, what it answers; None for yes)
TABLE = [
    (rules.cannot_appoint, Case(), STRANGER),
    (rules.cannot_appoint, OFFICER, None),
    (rules.cannot_nominate, Case(), no("not_a_nominator", FORBIDDEN, Clause.C6_3_B)),
    (rules.cannot_nominate, Case(may_nominate=True), None),
    (rules.cannot_nominate, OFFICER, None),
    # 采纳
    (rules.cannot_accept, Case(state="nominated"), STRANGER),
    (rules.cannot_accept, replace(OFFICER, state="nominated"), None),
    (rules.cannot_accept, replace(OFFICER, state="nominated", is_own=True), no("own_post", FORBIDDEN)),
    # 竞聘
    (rules.cannot_announce, Case(method="competitive"), STRANGER),
    (rules.cannot_announce, replace(OFFICER, method="competitive"), None),
    (rules.cannot_announce, replace(OFFICER, method="assigned"), no("not_competitive", clause=Clause.C4_1_B)),
    (rules.cannot_record_scores, Case(state="selecting"), STRANGER),
    (rules.cannot_record_scores, replace(OFFICER, state="selecting"), None),
    (rules.cannot_publish_notice, Case(), STRANGER),
    (rules.cannot_publish_notice, OFFICER, None),
    (
        rules.cannot_publish_notice,
        replace(OFFICER, method="competitive", state="selecting", candidates=1),
        None,
    ),
    (
        rules.cannot_publish_notice,
        replace(OFFICER, method="competitive", state="selecting"),
        no("no_candidates", clause=Clause.C4_1_B),
    ),
    (
        rules.cannot_publish_notice,
        replace(OFFICER, method="competitive", state="proposed", candidates=1),
        no("not_at_this_stage", clause=Clause.C4_1_B),
    ),
    # 审定
    (rules.cannot_confirm, OFFICER, no("not_a_confirmer", FORBIDDEN)),
    (
        rules.cannot_confirm,
        replace(OFFICER, post="department_head"),
        no("not_the_president", FORBIDDEN, Clause.C6_3_B),
    ),
    (rules.cannot_confirm, LEADER, None),
    (rules.cannot_confirm, replace(LEADER, state="notice", notice_to=DAY, today=DAY + A_DAY), None),
    (rules.cannot_confirm, replace(LEADER, is_own=True), no("own_post", FORBIDDEN)),
    (rules.cannot_confirm, replace(LEADER, is_recorder=True), no("recorded_by_yourself", FORBIDDEN)),
    (
        rules.cannot_confirm,
        replace(LEADER, method="competitive"),
        no("selection_is_published_first", clause=Clause.C4_1_B),
    ),
    (rules.cannot_confirm, CHOSEN, None),
    (
        rules.cannot_confirm,
        replace(CHOSEN, today=DAY),
        no("notice_has_run_its_days", clause=Clause.C4_1_B),
    ),
    (rules.cannot_confirm, replace(LEADER, today=DAY), None),
    (rules.cannot_confirm, replace(LEADER, state="notice", notice_to=DAY), None),
    # 不予任用
    (rules.cannot_cancel, Case(), STRANGER),
    *(
        (rules.cannot_cancel, case, None)
        for case in in_state(OFFICER, "nominated", "proposed", "selecting", "notice")
    ),
    (rules.cannot_cancel, LEADER, None),
    # 免职
    (rules.cannot_end, Case(state="active", valid_from=DAY), STRANGER),
    (rules.cannot_end, replace(HELD, may_appoint=False, ended=True), STRANGER),
    (rules.cannot_end, HELD, None),
    (rules.cannot_end, replace(HELD, state="extended"), None),
    (rules.cannot_end, replace(HELD, ended=True), no("already_ended")),
    *(
        (
            partial(rules.cannot_end, valid_to=day),
            replace(HELD, valid_to=DAY + A_DAY, needs_second=True),
            answer,
        )
        for day, answer in (
            (DAY, None),
            (DAY + A_DAY, None),
            (DAY + 2 * A_DAY, no("appointment_is_not_lengthened", INVALID, field="valid_to")),
        )
    ),
    (partial(rules.cannot_end, valid_to=DAY + A_DAY), replace(HELD, valid_to=DAY), None),
    (rules.cannot_end, replace(HELD, valid_to=DAY, needs_second=True), None),
    (partial(rules.cannot_end, valid_to=DAY), replace(HELD, valid_to=None, needs_second=True), None),
    *((rules.cannot_end, case, no("not_in_office")) for case in in_state(HELD, *but(*LIVE))),
    (rules.cannot_confirm_end, replace(ENDING, may_confirm=False), no("not_a_confirmer", FORBIDDEN)),
    (rules.cannot_confirm_end, ENDING, None),
    (rules.cannot_confirm_end, replace(ENDING, is_own=True), no("own_post", FORBIDDEN)),
    (rules.cannot_confirm_end, replace(ENDING, is_ender=True), no("recorded_by_yourself", FORBIDDEN)),
    (rules.cannot_confirm_end, replace(ENDING, ending_on=None), no("no_end_recorded")),
    (rules.cannot_confirm_end, replace(ENDING, ended=True), no("already_ended")),
    (rules.cannot_withdraw_end, Case(ending_on=DAY), STRANGER),
    (rules.cannot_withdraw_end, replace(HELD, ending_on=DAY), None),
    (rules.cannot_withdraw_end, HELD, no("no_end_recorded")),
    # 书记、法人
    (rules.cannot_register_dates, replace(PRESIDENT, may_appoint=False), STRANGER),
    (rules.cannot_register_dates, PRESIDENT, None),
    (rules.cannot_register_dates, replace(PRESIDENT, post="executive_principal"), None),
    (
        rules.cannot_register_dates,
        replace(PRESIDENT, post="vice_principal"),
        no("no_dates_to_register", clause=Clause.C4_1_L),
    ),
    (rules.cannot_register_dates, replace(PRESIDENT, state="proposed"), no("not_confirmed")),
    # 延长
    (rules.cannot_extend, replace(PRESIDENT, may_appoint=False), STRANGER),
    (rules.cannot_extend, PRESIDENT, None),
    (rules.cannot_extend, replace(PRESIDENT, state="extended"), None),
    (
        rules.cannot_extend,
        replace(PRESIDENT, post="executive_principal"),
        no("extension_is_for_presidents", clause=Clause.C6_3_E),
    ),
    (rules.cannot_extend, replace(PRESIDENT, state="proposed"), no("not_in_office")),
    (rules.cannot_extend, replace(PRESIDENT, ended=True), no("already_ended")),
    (
        rules.cannot_extend,
        replace(PRESIDENT, extension_waits=True),
        no("extension_waits", clause=Clause.C6_3_E),
    ),
    *(
        (
            rules.cannot_extend,
            replace(PRESIDENT, latest_grade=grade),
            no("extension_is_of_an_excellent_president", clause=Clause.C6_3_E),
        )
        for grade in ("", "competent", "basic", "failed")
    ),
    (rules.cannot_extend, replace(PRESIDENT, valid_to=None), no("tenure_has_no_end", clause=Clause.C6_3_E)),
    (
        rules.cannot_extend,
        replace(PRESIDENT, term_end=None),
        no("term_is_not_recorded", clause=Clause.C6_3_F),
    ),
    # 激励
    (rules.cannot_reward, replace(PRESIDENT, may_appoint=False), STRANGER),
    (rules.cannot_reward, PRESIDENT, None),
    (
        rules.cannot_reward,
        replace(PRESIDENT, post="deputy_secretary"),
        no("incentive_is_for_presidents", clause=Clause.C6_3_C),
    ),
    (rules.cannot_reward, replace(PRESIDENT, state="notice"), no("not_in_office")),
]


@pytest.mark.parametrize(("rule", "case", "answer"), TABLE)
def test_a_rule_answers_as_the_table_says(rule, case, answer):
    assert told(rule(case)) == answer


STAGES = [
    (rules.cannot_accept, OFFICER, ("nominated",)),
    (rules.cannot_announce, replace(OFFICER, method="competitive"), ("proposed",)),
    (rules.cannot_record_scores, OFFICER, ("selecting",)),
    (rules.cannot_publish_notice, OFFICER, ("proposed",)),
    (rules.cannot_publish_notice, replace(OFFICER, method="competitive", candidates=1), ("selecting",)),
    (rules.cannot_confirm, LEADER, ("proposed", "notice")),
    (rules.cannot_confirm, replace(LEADER, method="competitive"), ("notice",)),
    (rules.cannot_cancel, OFFICER, ("nominated", "proposed", "selecting", "notice")),
]
WRONG = {"active": "already_in_office", "extended": "already_in_office", "cancelled": "already_cancelled"}


@pytest.mark.parametrize(("rule", "case", "stages"), STAGES)
@pytest.mark.parametrize("state", ALL)
def test_every_step_has_its_stage(rule, case, stages, state):
    denial = rule(replace(case, state=state))
    if state in stages:
        assert denial is None
    elif rule is rules.cannot_confirm and state == "proposed":
        assert denial.code == "selection_is_published_first"
    else:
        assert denial.code == WRONG.get(state, "not_at_this_stage")


@pytest.mark.parametrize(
    ("last", "answer"),
    [
        (DAY - A_DAY, no("ends_before_it_begins", INVALID, field="valid_to")),
        (DAY, None),
        (DAY + A_DAY, None),
    ],
)
def test_an_end_is_not_before_the_beginning(last, answer):
    assert told(rules.cannot_end(HELD, last)) == answer
    assert rules.cannot_end(replace(HELD, valid_from=None), last) is None


@pytest.mark.parametrize("days", [0, NOTICE_WORKDAYS - 1, NOTICE_WORKDAYS, 10])
def test_a_notice_lasts_five_working_days(days):
    denial = rules.cannot_publish_notice(OFFICER, days)
    if days >= 5:
        assert denial is None
    else:
        assert told(denial) == no("notice_too_short", INVALID, Clause.C4_1_B, "notice_to")
        assert str(denial) == f"公示不少于 5 个工作日，所选日期只有 {days} 个工作日，请推迟最后一日。"


@pytest.mark.parametrize(
    ("new_end", "answer"),
    [
        (PRESIDENT.term_end + A_DAY, None),  # the last day of the term is the last day in office
        (
            PRESIDENT.term_end + 2 * A_DAY,
            no("extension_stays_within_the_term", INVALID, Clause.C6_3_F, "new_end"),
        ),
    ],
)
def test_an_extension_stays_within_the_term(new_end, answer):
    denial = rules.cannot_extend(PRESIDENT, new_end)
    assert told(denial) == answer
    assert denial is None or "2026-09-10" in str(denial)


WAITS = PairCase(may_confirm=True)
CONFIRMED = PairCase(may_record=True, state="confirmed")
PAIRS = [
    (rules.cannot_decide_pair, PairCase(may_record=True), no("not_a_confirmer", FORBIDDEN)),
    (rules.cannot_decide_pair, WAITS, None),
    (rules.cannot_decide_pair, replace(WAITS, is_own=True), no("own_post", FORBIDDEN)),
    (rules.cannot_decide_pair, replace(WAITS, is_recorder=True), no("recorded_by_yourself", FORBIDDEN)),
    (rules.cannot_decide_pair, replace(WAITS, state="confirmed"), no("decided_already")),
    (rules.cannot_decide_pair, replace(WAITS, state="refused"), no("decided_already")),
    (rules.cannot_decide_pair, replace(WAITS, is_outdated=True), None),
    (rules.cannot_confirm_extension, PairCase(), no("not_a_confirmer", FORBIDDEN)),
    (rules.cannot_confirm_extension, PairCase(is_outdated=True), no("not_a_confirmer", FORBIDDEN)),
    (rules.cannot_confirm_extension, WAITS, None),
    (
        rules.cannot_confirm_extension,
        replace(WAITS, is_outdated=True),
        no("extension_is_outdated", clause=Clause.C6_3_E),
    ),
    (rules.cannot_end_pair, replace(CONFIRMED, may_record=False), STRANGER),
    (rules.cannot_end_pair, CONFIRMED, None),
    (rules.cannot_end_pair, replace(CONFIRMED, state="proposed"), no("not_confirmed")),
    (rules.cannot_end_pair, replace(CONFIRMED, ended=True), no("already_ended")),
]


@pytest.mark.parametrize(("rule", "case", "answer"), PAIRS)
def test_what_two_people_decide(rule, case, answer):
    assert told(rule(case)) == answer


STAFF = no("not_a_staff_manager", FORBIDDEN, Clause.C4_1_T)
MANAGER = StaffCase(may_manage=True, on_the_staff=True)
PEOPLE = [
    (rules.cannot_register_person, StaffCase(), STRANGER),
    (rules.cannot_register_person, StaffCase(may_appoint=True), None),
    (rules.cannot_register_person, MANAGER, None),
    (rules.cannot_register_staff, StaffCase(may_appoint=True), STAFF),
    (rules.cannot_register_staff, MANAGER, None),
    (rules.cannot_change_record, StaffCase(may_appoint=True), STAFF),
    (rules.cannot_change_record, MANAGER, None),
    (rules.cannot_leave, StaffCase(on_the_staff=True), STAFF),
    (rules.cannot_leave, MANAGER, None),
    (rules.cannot_leave, StaffCase(may_manage=True), no("not_on_the_staff", clause=Clause.C4_1_T)),
    (rules.cannot_reveal, MANAGER, no("identity_is_masked", FORBIDDEN, Clause.C4_1_T)),
    (rules.cannot_reveal, StaffCase(may_reveal=True), None),
    (rules.cannot_reveal, StaffCase(is_own=True), None),
]


@pytest.mark.parametrize(("rule", "case", "answer"), PEOPLE)
def test_people_and_staff(rule, case, answer):
    assert told(rule(case)) == answer
