"""Raw writes to rotations: where from and where to, for how long, agreed by whom, and never against the 编制."""

from __future__ import annotations

import datetime as dt

from personnel.models import Rotation, StaffRecord
from tests.finance.raw import Refuses
from tests.personnel.rows import change, changed, kept
from tests.personnel.staffing import AFTER, FILED, FIRST, filed, on_staff, proposed, taken

refuses = Refuses()
A_DAY = dt.timedelta(days=1)


def unsaved(world, staff=None, **facts):
    base = {
        "staff": staff or on_staff(world, world.school_a),
        "from_school": world.school_a,
        "to_school": world.school_b,
        "group": world.group,
        "subject": "chinese",
        "valid_from": FIRST,
        "valid_to": AFTER,
    }
    return Rotation(**{**base, **facts})


def waiting(world, **facts):
    return proposed(world, on_staff(world, world.school_a), world.school_b, **facts)


@refuses("rotation_is_to_another_school")
def to_the_own_school(world):
    return lambda: unsaved(world, to_school=world.school_a, group=None).save()


@refuses("rotation_ends_after_it_begins")
def ends_before_it_begins(world):
    return lambda: unsaved(world, valid_to=FIRST - A_DAY).save()


@refuses("workload_is_a_percentage")
def no_work_at_all(world):
    return lambda: unsaved(world, workload=0).save()


@refuses("workload_is_a_percentage")
def more_than_all_the_work(world):
    return lambda: unsaved(world, workload=101).save()


@refuses("filed_rotation_was_agreed_by_all")
def filed_without_a_document(world):
    row = taken(world, waiting(world), 3)
    return lambda: change(row, state="filed", filed_by=world.personnel)


@refuses("filed_rotation_was_agreed_by_all")
def filed_without_the_president(world):
    row = taken(world, waiting(world), 3)
    return lambda: change(row, state="filed", filed_by=world.personnel, document=FILED, approved_by=None)


@refuses("filed_rotation_was_agreed_by_all")
def filed_without_a_school(world):
    row = taken(world, waiting(world), 3)
    return lambda: change(row, state="filed", filed_by=world.personnel, document=FILED, receiving_by=None)


@refuses("one_rotation_at_a_time")
def second_one_at_the_same_time(world):
    row = waiting(world)
    last = {"to_school": world.school_c, "valid_from": AFTER - A_DAY, "valid_to": AFTER + A_DAY}
    return lambda: unsaved(world, row.staff, **last).save()


@refuses("personnel_rotation_renews_id_key")
def renewed_twice(world):
    row = filed(world)
    kept(world, unsaved(world, row.staff, valid_from=AFTER, valid_to=AFTER + 300 * A_DAY, renews=row))
    later = {"valid_from": AFTER + 300 * A_DAY, "valid_to": AFTER + 400 * A_DAY}
    return lambda: unsaved(world, row.staff, **later, renews=row).save()


@refuses("rotation_starts_from_the_establishment")
def from_a_school_of_others(world):
    staff = on_staff(world, world.school_c)
    return lambda: unsaved(world, staff).save()


@refuses("rotation_starts_from_the_establishment")
def before_the_record_begins(world):
    staff = on_staff(world, world.school_a, since=FIRST + A_DAY)
    return lambda: unsaved(world, staff).save()


@refuses("rotation_stays_in_the_group")
def out_of_the_group(world):
    return lambda: unsaved(world, to_school=world.school_e).save()


@refuses("rotation_state_does_not_follow")
def born_filed(world):
    by = dict.fromkeys(("sending_by", "receiving_by", "approved_by", "filed_by"), world.personnel)
    return lambda: unsaved(world, state="filed", document=FILED, **by).save()


@refuses("rotation_state_does_not_follow")
def past_the_receiving_school(world):
    row = taken(world, waiting(world), 1)
    return lambda: change(row, state="approved")


@refuses("rotation_state_does_not_follow")
def refused_and_taken_up_again(world):
    row = changed(world, waiting(world), state="refused")
    return lambda: change(row, state="sending_agreed")


@refuses("rotation_facts_are_not_rewritten")
def another_teacher(world):
    row, other = waiting(world), on_staff(world, world.school_a)
    return lambda: change(row, staff=other)


@refuses("rotation_facts_are_not_rewritten")
def another_school(world):
    row = waiting(world)
    return lambda: change(row, to_school=world.school_c)


@refuses("rotation_facts_are_not_rewritten")
def longer_than_agreed(world):
    row = filed(world)
    return lambda: change(row, valid_to=AFTER + A_DAY)


@refuses("staff_stays_with_its_rotations")
def transferred_in_the_middle(world):
    row = filed(world)
    record = StaffRecord.objects.get(staff=row.staff)
    return lambda: change(record, valid_to=AFTER - A_DAY)


@refuses("staff_stays_with_its_rotations")
def record_taken_away(world):
    row = filed(world)
    return lambda: StaffRecord.objects.filter(staff=row.staff).delete()


@refuses("staff_stays_with_its_rotations")
def rotated_longer_than_employed(world):
    staff = on_staff(world, world.school_a)
    changed(world, StaffRecord.objects.get(staff=staff), valid_to=AFTER - A_DAY)
    return lambda: unsaved(world, staff).save()
