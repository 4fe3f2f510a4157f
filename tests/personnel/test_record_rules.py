"""The rules of appraisal, training, merit, setup and calendar as tables of cases: code, status, clause and field."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kunshan_edu.core.denials import CONFLICT, FORBIDDEN, INVALID
from personnel.rules import appraisal, organisation, people, rotation, workdays
from personnel.rules.appointments import BACKDATED_DAYS
from personnel.rules.appraisal import RecordCase
from personnel.rules.organisation import SetupCase
from personnel.rules.workdays import CalendarCase

DAY = dt.date(2026, 9, 1)
A_DAY = dt.timedelta(days=1)


def told(denial):
    return denial and (denial.code, denial.status, denial.clause and denial.clause.id, denial.field)


NO_APPRAISER = ("not_an_appraiser", FORBIDDEN, "6.3.e", None)
NO_TRAINER = ("not_a_trainer", FORBIDDEN, "4.1.u", None)
NO_KEEPER = ("not_a_record_keeper", FORBIDDEN, "4.1.u", None)
OWN = ("own_personnel_record", FORBIDDEN, "4.1.u", None)
CANCELLED = ("training_cancelled", CONFLICT, "4.1.u", None)
REVOKED = ("merit_revoked", CONFLICT, "4.1.u", None)
STRANGER, KEEPER = RecordCase(), RecordCase(may_keep=True)
MINE, CLOSED = replace(KEEPER, is_own=True), replace(KEEPER, closed=True)
# rule → what it answers a stranger, a keeper of such records, of the own record, of a closed one
RECORDS = {
    appraisal.cannot_appraise: (NO_APPRAISER, None, OWN, None),
    appraisal.cannot_hold_training: (NO_TRAINER, None, None, None),
    appraisal.cannot_record_training: (NO_TRAINER, None, None, CANCELLED),
    appraisal.cannot_keep_attendance: (NO_KEEPER, None, None, None),
    appraisal.cannot_record_merit: (NO_KEEPER, None, OWN, None),
    appraisal.cannot_revoke_merit: (NO_KEEPER, None, OWN, REVOKED),
}


@pytest.mark.parametrize("rule", RECORDS)
def test_who_keeps_which_record_about_whom(rule):
    assert tuple(told(rule(case)) for case in (STRANGER, KEEPER, MINE, CLOSED)) == RECORDS[rule]
    assert told(rule(replace(STRANGER, is_own=True, closed=True))) == RECORDS[rule][0]


# (to record, to end, who may not, the clause, the clause of what has ended)
SETUP = [
    (organisation.cannot_record_party, organisation.cannot_end_party, "not_the_party_section", "4.1.c", "4.1.c"),
    (organisation.cannot_record_unit, organisation.cannot_end_unit, "not_the_organiser", "4.3.g", "4.3.g"),
    (organisation.cannot_hang, organisation.cannot_take_down, "not_the_plaque_holder", "4.1.q", "4.1.q"),
    (organisation.cannot_set_quota, organisation.cannot_end_quota, "not_a_quota_setter", "4.1.h", "4.1.o"),
    (organisation.cannot_set_rules, organisation.cannot_end_rules, "not_a_rule_setter", "4.1.d", "4.1.d"),
]  # fmt: skip
HOLDER = SetupCase(may_record=True, valid_from=DAY)


@pytest.mark.parametrize(("begin", "end", "code", "clause", "ended"), SETUP)
def test_what_is_set_up_is_begun_and_ended_by_the_same_hands(begin, end, code, clause, ended):
    stranger = (code, FORBIDDEN, clause, None)
    over, early = (
        ("already_ended", CONFLICT, ended, None),
        ("ends_before_it_begins", INVALID, ended, "valid_to"),
    )
    assert told(begin(SetupCase())) == told(end(SetupCase(ended=True), DAY)) == stranger
    assert begin(HOLDER) is None
    assert told(end(replace(HOLDER, ended=True), DAY)) == over
    assert [told(end(HOLDER, DAY + n * A_DAY)) for n in (-1, 0, 1)] == [early, None, None]
    assert end(HOLDER) is end(replace(HOLDER, valid_from=None), DAY) is None


def test_a_deviation_is_recorded_by_the_personnel_section():
    refused = ("not_a_deviation_recorder", FORBIDDEN, "6.3.a", None)
    assert told(organisation.cannot_deviate(SetupCase())) == refused
    assert organisation.cannot_deviate(HOLDER) is None


def test_the_calendar_has_its_keeper():
    assert told(workdays.cannot_set_day(CalendarCase())) == (
        "not_the_calendar_keeper", FORBIDDEN, "6.2.a", None,
    )  # fmt: skip
    assert workdays.cannot_set_day(CalendarCase(may_keep=True)) is None


def test_what_is_refused_beside_its_field():
    assert told(people.NO_SUCH_ACCOUNT) == ("no_such_account", INVALID, None, "username")
    assert told(people.ANOTHER_ACCOUNT_NAME) == ("account_of_another_name", INVALID, None, "username")
    assert told(rotation.NOT_ON_THE_STAFF) == ("not_on_the_staff", INVALID, "4.1.t", "staff")
    assert told(rotation.ALREADY_ROTATING) == ("one_rotation_at_a_time", INVALID, "3.2.b", "valid_from")


def test_what_is_entered_late_is_explained_after_thirty_days():
    assert BACKDATED_DAYS == 30
