"""Raw writes to people, staff and their dated records."""

from __future__ import annotations

import datetime as dt

from personnel.models import Person, Staff, StaffRecord
from tests.finance.raw import Refuses
from tests.personnel.rows import DOCUMENT, LATER, NEVER, change, kept, person
from tests.world import SINCE

refuses = Refuses()


def teacher(world):
    """The teacher on the establishment of school a since the beginning."""
    staff = kept(world, Staff(person=person(world, "teacher"), staff_no="T0001"))
    kept(world, record(world, staff))
    return staff


def record(world, staff, **facts):
    return StaffRecord(
        **{"staff": staff, "school": world.school_a, "document": DOCUMENT, "valid_from": SINCE, **facts}
    )


@refuses("personnel_person_user_id_key")
def a_second_person_of_an_account(world):
    return lambda: Person(name="另一人", user=world.clerk_a).save()


@refuses("personnel_person_identity_hash_key")
def a_second_person_of_an_identity_number(world):
    kept(world, Person(name="甲", identity_hash="0" * 64))
    return lambda: Person(name="乙", identity_hash="0" * 64).save()


@refuses("personnel_staff_person_id_key")
def one_person_on_the_staff_twice(world):
    staff = teacher(world)
    return lambda: Staff(person=staff.person, staff_no="T0002").save()


@refuses("personnel_staff_staff_no_key")
def two_people_of_one_number(world):
    teacher(world)
    return lambda: Staff(person=person(world, "clerk_a"), staff_no="T0001").save()


@refuses("staff_record_ends_after_it_begins")
def record_that_ends_before_it_begins(world):
    staff = teacher(world)
    return lambda: change(staff.records.get(), valid_to=NEVER)


@refuses("staff_record_has_a_document")
def record_without_a_document(world):
    staff = teacher(world)
    return lambda: change(staff.records.get(), document="")


@refuses("one_establishment_school_at_a_time")
def two_establishment_schools(world):
    staff = teacher(world)
    return lambda: record(world, staff, school=world.school_b, valid_from=LATER).save()


@refuses("one_establishment_school_at_a_time")
def two_records_that_share_one_day(world):
    staff = teacher(world)
    row = staff.records.get()

    def write():
        change(row, valid_to=LATER)
        record(world, staff, valid_from=LATER - dt.timedelta(days=1)).save()

    return write
