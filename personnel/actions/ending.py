"""The verbs of the end of an appointment: recorded by the personnel section, of a cadre confirmed by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kunshan_edu.core.changes import changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause
from personnel.actions import cases
from personnel.actions.cases import case_for, confirmers
from personnel.choices import CADRE_POSTS, Post
from personnel.models import Appointment
from personnel.rules import appointments as rules


def end(
    appointment: Appointment, *, valid_to: dt.date, document: str, by: Any, end_reason: str = "removed"
) -> Appointment:
    """办理免职: the rights end with the day before `valid_to`; of a cadre once the second person has confirmed it."""
    with changing(appointment, "personnel.end", by=by, clause=Clause.C6_3_A) as appointment:
        demand(rules.cannot_end(case_for(appointment, by), valid_to))
        appointment.end_document, appointment.end_reason = document, end_reason
        if Post(appointment.post) in CADRE_POSTS:
            appointment.ending_on, appointment.ending_by = valid_to, by
            appointment.end_confirmed_by = (
                None  # of an earlier end, whose day stands until this one is confirmed
            )
            cases.tell(confirmers(appointment), cases.ENDING, appointment)
        else:
            appointment.valid_to = valid_to
    return appointment


def confirm_end(appointment: Appointment, *, by: Any) -> Appointment:
    """审定免职"""
    with changing(appointment, "personnel.confirm_end", by=by, clause=Clause.C6_3_A) as appointment:
        demand(rules.cannot_confirm_end(case_for(appointment, by)))
        appointment.valid_to, appointment.ending_on = appointment.ending_on, None
        appointment.end_confirmed_by = by
        cases.tell(cases.concerned(appointment), cases.ENDED, appointment)
    return appointment


def withdraw_end(appointment: Appointment, *, by: Any) -> Appointment:
    """撤销免职登记, before it is confirmed."""
    with changing(appointment, "personnel.withdraw_end", by=by, clause=Clause.C6_3_A) as appointment:
        demand(rules.cannot_withdraw_end(case_for(appointment, by)))
        appointment.ending_on, appointment.ending_by = None, None
        appointment.end_document, appointment.end_reason = "", ""
    return appointment
