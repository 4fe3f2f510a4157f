"""The verbs of appointments: nominate, record, accept, confirm or cancel, and register what goes with the post."""

from __future__ import annotations

import datetime as dt
from typing import Any

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import INVALID, Denial, Denied, _, demand
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import User
from personnel import grants
from personnel.actions import cases
from personnel.actions.cases import case_for
from personnel.choices import CADRE_POSTS, CONFIRMED_POSTS, SCOPE_OF, AppointmentState, Method, Post
from personnel.models import Appointment, Person
from personnel.rules import appointments as rules
from personnel.rules.filling import cannot_fill


def _drafted(post: str, container: Any, valid_from: dt.date, remark: str, **facts: Any) -> Appointment:
    """An unsaved appointment; Denied when it is dated too far back without a word of why."""
    if (clock.today() - valid_from).days > rules.BACKDATED_DAYS and not remark:
        raise Denied(
            Denial(
                "backdated_without_a_reason",
                _("任职日期早于今天 30 天以上的，请填写补录说明；权限从登记之时起生效，不追溯。"),
                Clause.C6_3_A,
                field="remark",
                status=INVALID,
            )
        )
    place = {SCOPE_OF[Post(post)].value: container}
    return Appointment(post=post, valid_from=valid_from, remark=remark, **place, **facts)


def _needs_second(post: str) -> bool:
    """The first leader is recorded by the personnel section alone: nobody could confirm."""
    if post == Post.BUREAU_LEADER:
        return Appointment.objects.in_force().filter(post=post).exists()
    return Post(post) in CONFIRMED_POSTS


def appoint(
    person: Person | None,
    *,
    post: str,
    container: Any,
    method: str,
    document: str,
    valid_from: dt.date,
    by: Any,
    valid_to: dt.date | None = None,
    term_end: dt.date | None = None,
    remark: str = "",
    **facts: Any,
) -> Appointment:
    """任职: recorded by the personnel section. A cadre's waits for the second person (6.3.a), any other begins.

    The rights of the post begin on `valid_from`, in the same instant that it is confirmed. facts: secretary_on,
    legal_representative_on, unit.
    """
    with acting("personnel.appoint", by):
        demand(rules.cannot_appoint(case_for(None, by)))
        facts |= {"person": person, "method": method, "document": document, "recorded_by": by}
        row = _drafted(post, container, valid_from, remark, valid_to=valid_to, term_end=term_end, **facts)
        demand(cannot_fill(cases.filling_of(row, planned=True)))
        if not _needs_second(post) and method != Method.COMPETITIVE:
            row.state = AppointmentState.ACTIVE
        row = add(row, "personnel.appoint", by=by, clause=Clause.C6_3_A)
        if row.state == AppointmentState.PROPOSED and method != Method.COMPETITIVE:
            cases.tell(cases.confirmers(row), cases.PROPOSED, row)
    return row


def nominate(
    person: Person,
    *,
    post: str,
    container: Any,
    method: str,
    document: str,
    valid_from: dt.date,
    by: Any,
    term_end: dt.date | None = None,
    **facts: Any,
) -> Appointment:
    """提名: a department head goes to the president, a cadre to the personnel section."""
    with acting("personnel.nominate", by):
        may = cases.may_nominate(Post(post), container, by)
        demand(rules.cannot_nominate(rules.Case(may_nominate=may)))
        cadre = post in CADRE_POSTS
        facts |= {"person": person, "method": method, "document": document, "term_end": term_end}
        facts["state"] = AppointmentState.NOMINATED if cadre else AppointmentState.PROPOSED
        remark = facts.pop("remark", "")
        row = _drafted(post, container, valid_from, remark, recorded_by=by, nominated_by=by, **facts)
        if not cadre:
            demand(cannot_fill(cases.filling_of(row, planned=True)))
        row = add(row, "personnel.nominate", by=by, clause=Clause.C6_3_B)
        if cadre:
            officers = access.holders(Authority.MANAGE_APPOINTMENTS, Bureau.objects.get())
            cases.tell(officers, cases.NOMINATED, row)
        else:
            cases.tell(cases.confirmers(row), cases.PROPOSED, row)
    return row


def accept(appointment: Appointment, *, by: Any) -> Appointment:
    """采纳提名: the personnel section records it as its own, and the leader confirms."""
    with changing(appointment, "personnel.accept", by=by, clause=Clause.C6_3_A) as appointment:
        demand(rules.cannot_accept(case_for(appointment, by)))
        appointment.state, appointment.recorded_by = AppointmentState.PROPOSED, by
        cases.tell(cases.confirmers(appointment), cases.PROPOSED, appointment)
    return appointment


def confirm(appointment: Appointment, *, by: Any) -> Appointment:
    """审定任职: the second person; the rights of the post begin with its first day, or now when that has passed."""
    with changing(appointment, "personnel.confirm", by=by, clause=Clause.C6_3_A) as appointment:
        demand(rules.cannot_confirm(case_for(appointment, by)))
        appointment.state, appointment.confirmed_by = AppointmentState.ACTIVE, by
        cases.tell(cases.concerned(appointment), cases.APPOINTED, appointment)
    return appointment


def cancel(appointment: Appointment, *, reason: str, by: Any) -> Appointment:
    """不予任用"""
    with changing(appointment, "personnel.cancel", by=by, clause=Clause.C6_3_A, reason=reason) as appointment:
        demand(rules.cannot_cancel(case_for(appointment, by)))
        appointment.state = AppointmentState.CANCELLED
        cases.tell(cases.makers(appointment), cases.CANCELLED, appointment)
    return appointment


def register_dates(
    appointment: Appointment,
    *,
    by: Any,
    secretary_on: dt.date | None = None,
    legal_representative_on: dt.date | None = None,
) -> Appointment:
    """登记兼任书记、法定代表人日期: what an office of registration has confirmed."""
    with changing(appointment, "personnel.register_dates", by=by, clause=Clause.C4_1_L) as appointment:
        demand(rules.cannot_register_dates(case_for(appointment, by)))
        appointment.secretary_on = secretary_on or appointment.secretary_on
        appointment.legal_representative_on = legal_representative_on or appointment.legal_representative_on
    return appointment


def install(*, bureau: Bureau, username: str, name: str, password: str | None = None) -> Appointment:
    """安装时的第一个任职: the personnel section officer by whom everybody else is appointed.

    Only while nobody holds a post: afterwards `appoint` is the one way.
    """
    if Appointment.objects.exists():
        raise ValueError("somebody is appointed already: use `appoint`")
    user = User.objects.create_user(username, password, name=name)
    with acting("personnel.install", None):
        person = add(Person(name=name, user=user), "personnel.install", by=None)
        row = Appointment(
            person=person,
            post=Post.BUREAU_PERSONNEL,
            bureau=bureau,
            method=Method.ASSIGNED,
            document="系统安装",
            valid_from=clock.today(),
            state=AppointmentState.ACTIVE,
        )
        return add(row, "personnel.install", by=None, clause=Clause.C6_3_A)


def rederive(*, by: Any = None) -> int:
    """重算权限: make every guardian row say what the appointments confer; returns how many changed."""
    rows = Appointment.objects.select_related("person", *grants.SCOPE_NAMES)
    with acting("personnel.derive_rights", by):
        grants.tell_unfounded(by=by)
        return grants.derive(rows, by=by) + grants.remove_unfounded(by=by)
