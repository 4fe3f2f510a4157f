"""The verbs of a competition and of the public notice (4.1.b): announce, record scores, publish who is chosen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kunshan_edu.core import workdays
from kunshan_edu.core.changes import add, changing
from kunshan_edu.core.denials import INVALID, Denial, Denied, _, demand
from kunshan_edu.core.guideline import Clause
from personnel.actions.cases import case_for
from personnel.choices import AppointmentState, Method
from personnel.models import Appointment, Candidate, Person, Selection
from personnel.rules import appointments as rules


def announce(
    appointment: Appointment, *, announced_on: dt.date, document: str, requirements: str, by: Any
) -> Appointment:
    """公告竞聘: the post, what it asks, and from when; candidates and scores follow."""
    with changing(appointment, "personnel.announce", by=by, clause=Clause.C4_1_B) as appointment:
        demand(rules.cannot_announce(case_for(appointment, by)))
        selection = Selection(
            appointment=appointment,
            announced_on=announced_on,
            document=document,
            requirements=requirements,
        )
        add(selection, "personnel.announce", by=by, clause=Clause.C4_1_B)
        appointment.state = AppointmentState.SELECTING
    return appointment


def record_scores(
    appointment: Appointment, *, person: Person, written: Any, interview: Any, by: Any
) -> Appointment:
    """登记人选成绩: of one candidate; again for the same one corrects the scores."""
    with changing(appointment, "personnel.record_scores", by=by, clause=Clause.C4_1_B) as appointment:
        demand(rules.cannot_record_scores(case_for(appointment, by)))
        selection = appointment.selection
        weight = selection.written_weight
        total = (written * weight + interview * (100 - weight)) / 100
        known = Candidate.objects.filter(selection=selection, person=person).first()
        if known is None:
            row = Candidate(
                selection=selection, person=person, written=written, interview=interview, total=total
            )
            add(row, "personnel.record_scores", by=by, clause=Clause.C4_1_B)
        else:
            with changing(known, "personnel.record_scores", by=by, clause=Clause.C4_1_B) as row:
                row.written, row.interview, row.total = written, interview, total
    return appointment


def publish_notice(
    appointment: Appointment,
    *,
    notice_from: dt.date,
    notice_to: dt.date,
    by: Any,
    person: Person | None = None,
) -> Appointment:
    """公示: of the candidate chosen (in a competition one of its candidates), for at least five working days."""
    with changing(appointment, "personnel.publish_notice", by=by, clause=Clause.C4_1_B) as appointment:
        days = workdays.workdays_between(notice_from - dt.timedelta(days=1), notice_to)
        demand(rules.cannot_publish_notice(case_for(appointment, by), days))
        if appointment.method == Method.COMPETITIVE:
            appointment.person = _chosen(appointment, person)
        appointment.notice_from, appointment.notice_to = notice_from, notice_to
        appointment.state = AppointmentState.NOTICE
    return appointment


def _chosen(appointment: Appointment, person: Person | None) -> Person:
    if person and Candidate.objects.filter(selection__appointment=appointment, person=person).exists():
        return person
    raise Denied(
        Denial(
            "not_a_candidate",
            _("请从本次竞聘的人选中选择一人。"),
            Clause.C4_1_B,
            field="person",
            status=INVALID,
        )
    )
