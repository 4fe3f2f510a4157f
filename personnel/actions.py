"""The verbs of personnel: register a person, appoint, end, and set the rights right again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import User
from personnel import grants, rules
from personnel.choices import SCOPE_OF, Method, Post
from personnel.models import Appointment, Person


def case_for(appointment: Appointment | None, by: Any) -> rules.Case:
    """What the rules of appointments look at."""
    may = access.rights_of(by).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau)
    if appointment is None:
        return rules.Case(may)
    ended = appointment.valid_to is not None and appointment.valid_to <= clock.today()
    return rules.Case(may, appointment.valid_from, ended)


def register_person(
    *, name: str, by: Any, user: User | None = None, username: str = "", password: str = ""
) -> Person:
    """登记人员: a human being, with an account (an existing one, or a new one of that username) or without."""
    with acting("personnel.register_person", by):
        demand(rules.cannot_appoint(case_for(None, by)))
        if username:
            user = User.objects.create_user(username, password, name=name)
        return add(Person(name=name, user=user), "personnel.register_person", by=by)


def appoint(
    person: Person,
    *,
    post: str,
    container: Any,
    method: str,
    document: str,
    valid_from: dt.date,
    by: Any,
    valid_to: dt.date | None = None,
    term_end: dt.date | None = None,
    **dates: Any,
) -> Appointment:
    """任职: the rights of the post begin on `valid_from`, in the same instant that the row is written."""
    row = Appointment(
        person=person,
        post=post,
        method=method,
        document=document,
        valid_from=valid_from,
        valid_to=valid_to,
        term_end=term_end,
        **{SCOPE_OF[Post(post)].value: container},
        **dates,
    )
    with acting("personnel.appoint", by):
        demand(rules.cannot_appoint(case_for(None, by)))
        return add(row, "personnel.appoint", by=by, clause=Clause.C6_3_A)


def end(appointment: Appointment, *, valid_to: dt.date, document: str, by: Any) -> Appointment:
    """免职: the rights end with the day before `valid_to`."""
    with changing(appointment, "personnel.end", by=by, clause=Clause.C6_3_A) as appointment:
        demand(rules.cannot_end(case_for(appointment, by), valid_to))
        appointment.valid_to, appointment.end_document = valid_to, document
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
        )
        return add(row, "personnel.install", by=None, clause=Clause.C6_3_A)


def rederive(*, by: Any = None) -> int:
    """重算权限: make every guardian row say what the appointments confer; returns how many changed."""
    people = Appointment.objects.select_related("person", *grants.SCOPE_NAMES)
    return grants.derive(people, by=by) + grants.remove_unfounded(by=by)
