"""The verbs of people: register a person, put a person on a school's staff, change the record, and reveal a number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from groups.choices import Authority
from groups.models import Bureau, School
from kunshan_edu.core import access, codes
from kunshan_edu.core.changes import acting, add, changing, record
from kunshan_edu.core.ciphers import keyed_hash
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import User
from personnel.models import Person, Staff, StaffRecord
from personnel.rules import people as rules


def identity_hash(number: str) -> str | None:
    """The keyed hash that makes an identity number unique; None of an empty one."""
    return keyed_hash(number, "identity_number") if number else None


def new_person(*, name: str, identity_number: str = "", **facts: Any) -> Person:
    """An unsaved person; sex and birth date follow from the identity number when there is one."""
    if identity_number:
        facts.setdefault("sex", codes.sex_of(identity_number))
        facts.setdefault("birth_date", codes.birth_date_of(identity_number))
    return Person(
        name=name, identity_number=identity_number, identity_hash=identity_hash(identity_number), **facts
    )


def staff_case(staff: Staff | None, by: Any) -> rules.StaffCase:
    """What the rules of staff look at."""
    rights = access.rights_of(by)
    schools = set() if staff is None else set(_places(staff))
    return rules.StaffCase(
        may_manage=rights.anywhere(Authority.MANAGE_STAFF, Bureau),
        may_appoint=rights.anywhere(Authority.MANAGE_APPOINTMENTS, Bureau),
        may_reveal=rights.anywhere(Authority.REVEAL_IDENTITIES, Bureau)
        or bool(schools & rights.ids(Authority.REVEAL_SCHOOL_IDENTITIES, School)),
        is_own=staff is not None and staff.person.user_id == getattr(by, "pk", None),
        on_the_staff=bool(schools),
    )


def _places(staff: Staff) -> list[int]:
    return list(StaffRecord.objects.in_force().filter(staff=staff).values_list("school_id", flat=True))


def register_person(
    *,
    name: str,
    by: Any,
    user: User | None = None,
    username: str = "",
    password: str = "",
    identity_number: str = "",
    **facts: Any,
) -> Person:
    """登记人员: a human being, with an account (an existing one, or a new one of that username) or without."""
    with acting("personnel.register_person", by):
        demand(rules.cannot_register_person(staff_case(None, by)))
        if username:
            user = User.objects.create_user(username, password, name=name)
        person = new_person(name=name, identity_number=identity_number, user=user, **facts)
        return add(person, "personnel.register_person", by=by)


def register_staff(
    person: Person,
    *,
    staff_no: str,
    school: School,
    document: str,
    valid_from: dt.date,
    by: Any,
    **facts: Any,
) -> Staff:
    """登记教职工: on the establishment of `school` from that day (facts: title, backbone_level, subject)."""
    with acting("personnel.register_staff", by):
        demand(rules.cannot_register_staff(staff_case(None, by)))
        staff = add(
            Staff(person=person, staff_no=staff_no), "personnel.register_staff", by=by, clause=Clause.C4_1_T
        )
        row = StaffRecord(staff=staff, school=school, document=document, valid_from=valid_from, **facts)
        add(row, "personnel.change_record", by=by, clause=Clause.C4_1_T)
    return staff


def change_record(
    staff: Staff, *, school: School, document: str, valid_from: dt.date, by: Any, **facts: Any
) -> Staff:
    """变更人事记录: a new dated record (transfer, title, level); the old one ends the day it begins (4.1.t)."""
    with acting("personnel.change_record", by):
        demand(rules.cannot_change_record(staff_case(staff, by)))
        for old in StaffRecord.objects.in_force(valid_from).filter(staff=staff):
            with changing(old, "personnel.change_record", by=by, clause=Clause.C4_1_T) as ending:
                ending.valid_to = valid_from
        row = StaffRecord(staff=staff, school=school, document=document, valid_from=valid_from, **facts)
        add(row, "personnel.change_record", by=by, clause=Clause.C4_1_T)
    return staff


def leave(staff: Staff, *, valid_to: dt.date, document: str, by: Any) -> Staff:
    """离职: from that day on nobody's establishment; the records stay."""
    with acting("personnel.leave", by):
        demand(rules.cannot_leave(staff_case(staff, by)))
        for row in StaffRecord.objects.in_force(valid_to).filter(staff=staff):
            with changing(row, "personnel.leave", by=by, clause=Clause.C4_1_T, reason=document) as ending:
                ending.valid_to = valid_to
    return staff


def reveal(staff: Staff, *, reason: str, by: Any) -> Staff:
    """查看证件与手机号码: told to the audit trail with its reason before a digit is shown."""
    with acting("personnel.reveal", by):
        demand(rules.cannot_reveal(staff_case(staff, by)))
        record(
            staff.person,
            "personnel.reveal",
            by=by,
            difference={},
            clause=Clause.C4_1_T,
            reason=reason,
        )
    return staff
