"""Putting people on the staff: one by one, new or known by identity number; or thousands at once, out of a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from groups.models import School
from kunshan_edu.core.changes import acting, add_all, changing
from kunshan_edu.core.denials import Denial, Denied, demand
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import User
from personnel.actions.people import identity_hash, new_person, register_person, register_staff, staff_case
from personnel.models import REFUSALS, Person, Staff, StaffRecord
from personnel.rules import people as rules

BATCH = 1000
NUMBER_TAKEN = REFUSALS["personnel_person_identity_hash_key"]
STAFF_ALREADY = REFUSALS["personnel_staff_person_id_key"]
STAFF_NO_TAKEN = REFUSALS["personnel_staff_staff_no_key"]
ACCOUNT_TAKEN = REFUSALS["personnel_person_user_id_key"]


@dataclass(frozen=True)
class Entry:
    """Somebody who is put on the staff: who, by which number, where and since when, by which document."""

    name: str
    identity_number: str
    staff_no: str
    school_id: int
    document: str
    valid_from: dt.date
    phone: str = ""
    username: str = ""
    title: str = ""
    backbone_level: str = ""
    subject: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What the record says besides; what is empty is left to the model."""
        given = {name: getattr(self, name) for name in ("title", "backbone_level", "subject")}
        return {name: value for name, value in given.items() if value}


class Register:
    """What is known already of some people, read by three queries however many there are."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        hashes = [identity_hash(entry.identity_number) for entry in entries]
        names = [entry.username for entry in entries if entry.username]
        people = Person.objects.defer("identity_number", "phone").select_related("staff")
        self.by_hash = {person.identity_hash: person for person in people.filter(identity_hash__in=hashes)}
        numbers = [entry.staff_no for entry in entries]
        self.staff_numbers = set(
            Staff.objects.filter(staff_no__in=numbers).values_list("staff_no", flat=True)
        )
        accounts = User.objects.filter(username__in=names).select_related("person__staff")
        self.accounts = {user.username: user for user in accounts} if names else {}

    def person(self, entry: Entry) -> Person | None:
        """The person of that identity number, or the one behind the account whose number is not known yet."""
        known = self.by_hash.get(identity_hash(entry.identity_number))
        account = self.accounts.get(entry.username)
        return known or (getattr(account, "person", None) if account else None)

    def fault(self, entry: Entry) -> Denial | None:
        """Why this one cannot be put on the staff."""
        if entry.staff_no in self.staff_numbers:
            return STAFF_NO_TAKEN
        if entry.username and entry.username not in self.accounts:
            return rules.NO_SUCH_ACCOUNT
        person = self.person(entry)
        return None if person is None else self._misfit(person, entry)

    def _misfit(self, person: Person, entry: Entry) -> Denial | None:
        """Why this known person is not the one that the entry means."""
        number = identity_hash(entry.identity_number)
        if hasattr(person, "staff"):
            return STAFF_ALREADY
        if person.name != entry.name:
            return NUMBER_TAKEN if person.identity_hash == number else rules.ANOTHER_ACCOUNT_NAME
        account = self.accounts.get(entry.username)
        others = account is not None and getattr(account, "person", person) != person
        clash = person.identity_hash not in (None, number) or (
            account and person.user_id not in (None, account.pk)
        )
        return ACCOUNT_TAKEN if others or clash else None


def enlist(*, school: School, valid_from: dt.date, by: Any, **typed: Any) -> Staff:
    """登记教职工: who has this identity number, or the account without a number, or else somebody new."""
    given = {name: value or "" for name, value in typed.items()}
    entry = Entry(**given, school_id=school.pk, valid_from=valid_from)
    with acting("personnel.register_staff", by):
        demand(rules.cannot_register_staff(staff_case(None, by)))
        known = Register([entry])
        fault = known.fault(entry)
        if fault:
            raise Denied(fault)
        person = known.person(entry)
        if person is None:
            user = known.accounts.get(entry.username)
            number = {"identity_number": entry.identity_number, "phone": entry.phone}
            person = register_person(name=entry.name, user=user, by=by, **number)
        else:
            _complete(person, entry, known, by=by)
        where: dict[str, Any] = {"school": school, "document": entry.document, "valid_from": valid_from}
        return register_staff(person, staff_no=entry.staff_no, by=by, **where, **entry.facts)


def _complete(person: Person, entry: Entry, known: Register, *, by: Any) -> None:
    """Note the number, telephone and account of a known person where they are not noted yet."""
    with changing(person, "personnel.register_person", by=by, clause=Clause.C4_1_T) as row:
        if row.identity_hash is None:
            told = new_person(name=row.name, identity_number=entry.identity_number)
            for name in ("identity_number", "identity_hash", "sex", "birth_date"):
                setattr(row, name, getattr(told, name))
        row.phone = row.phone or entry.phone
        if row.user_id is None and entry.username:
            row.user = known.accounts[entry.username]


def enlist_all(entries: Sequence[Entry], *, verb: str, by: Any) -> Iterator[int]:
    """批量登记教职工 in one transaction; yields how many were written since last time.

    The event of the sheet tells of them all; a person who was known before has an event of his own.
    """
    with acting(verb, by):
        demand(rules.cannot_register_staff(staff_case(None, by)))
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            _enlist_part(part, verb=verb, by=by)
            yield len(part)


def _enlist_part(entries: Sequence[Entry], *, verb: str, by: Any) -> None:
    known = Register(entries)
    people = {entry: known.person(entry) for entry in entries}
    for entry, person in people.items():
        if person is not None:
            _complete(person, entry, known, by=by)
    new = {entry: _person(entry, known) for entry, person in people.items() if person is None}
    add_all(new.values(), verb=verb, by=by)
    staff = {e: Staff(person=new.get(e) or people[e], staff_no=e.staff_no) for e in entries}
    add_all(staff.values(), verb=verb, by=by)
    add_all((_record(entry, row) for entry, row in staff.items()), verb=verb, by=by)


def _person(entry: Entry, known: Register) -> Person:
    user = known.accounts.get(entry.username)
    return new_person(name=entry.name, identity_number=entry.identity_number, phone=entry.phone, user=user)


def _record(entry: Entry, staff: Staff) -> StaffRecord:
    return StaffRecord(
        staff=staff,
        school_id=entry.school_id,
        document=entry.document,
        valid_from=entry.valid_from,
        **entry.facts,
    )
