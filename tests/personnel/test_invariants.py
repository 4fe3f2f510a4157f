"""The measure of the random lives itself: each invariant is seen broken when its guard is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg2
import pytest

from kunshan_edu import embedded
from kunshan_edu.core import clock
from personnel import actions
from personnel.actions import organisation
from personnel.models import Appointment, IncentiveTerm, TermExtension
from tests.personnel.invariants import INVARIANTS, broken, wrong_rights
from tests.personnel.rows import DOCUMENT, extension, kept
from tests.personnel.staffing import filed
from tests.world import SINCE, fresh

POSTS = "UPDATE personnel_appointment SET"
# invariant → what breaks it, once no trigger and no constraint stands in the way
BREAKS = {
    "I1 one president": f"{POSTS} group_id = (SELECT min(group_id) FROM groups_membership)"
    " WHERE post = 'group_president'",
    "I1 one deputy secretary": f"{POSTS} post = 'deputy_secretary' WHERE post = 'group_office'",
    "I1 one executive principal": f"{POSTS} school_id = (SELECT min(id) FROM groups_school)"
    " WHERE post = 'executive_principal'",
    "I2 one presidency": f"{POSTS} person_id = (SELECT min(id) FROM personnel_person) WHERE post = 'group_president'",
    "I2 one principalship": f"{POSTS} person_id = (SELECT min(id) FROM personnel_person)"
    " WHERE post = 'executive_principal'",
    "I3 one group": "UPDATE groups_membership SET school_id = (SELECT min(id) FROM groups_school)",
    "I4 one lead": "UPDATE groups_membership SET role = 'lead'",
    "I4 a lead": "UPDATE groups_membership SET role = 'member'",
    "I5 secretary apart by rule-set": f"{POSTS} post = 'group_secretary' WHERE post = 'group_office'",
    "I5 secretary by the same row": f"{POSTS} secretary_on = valid_from WHERE post = 'cashier'",
    "I6 deputy of a member": f"{POSTS} person_id = (SELECT a.person_id FROM personnel_appointment a"
    " JOIN groups_school s ON s.id = a.school_id WHERE a.post = 'executive_principal' AND s.short_name = '示例E小')"
    " WHERE post = 'deputy_secretary'",
    "I7 two plaques": "UPDATE personnel_plaque SET kind = 2",
    "I7 plaque with the name": "UPDATE groups_school SET name = name || '分校'",
    "I9 affiliated every day": "UPDATE groups_schoolaffiliation SET valid_from = valid_from + 1",
    "I9 one affiliation": "UPDATE groups_schoolaffiliation SET school_id = (SELECT min(id) FROM groups_school)",
    "I23 one rotation": "UPDATE personnel_rotation SET staff_id = (SELECT min(id) FROM personnel_staff)",
    "I23 from the establishment": "UPDATE personnel_staffrecord SET valid_to = valid_from + 1",
    "I24 quota": "UPDATE personnel_postquota SET posts = 0",
    "I25 competition with its record": f"{POSTS} method = 'competitive' WHERE post = 'vice_principal'",
    "I26 extension": "UPDATE personnel_appraisal SET grade = 'competent'",
    "I27 treatment": "UPDATE groups_school SET stage = 'kindergarten'",
    "6.3.a two people": f"{POSTS} confirmed_by_id = recorded_by_id WHERE post = 'vice_principal'",
    "6.3.a two people end": f"{POSTS} ending_by_id = recorded_by_id WHERE post = 'vice_principal'",
}
UNGUARDED = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
    WHERE contype IN ('c', 'u', 'x') AND conrelid::regclass::text ~ '^(personnel|groups)_' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', c.owner, c.conname);
  END LOOP;
END $$;
SET session_replication_role = replica;
"""


def furnish(world: Any) -> None:
    """One of each of what the small world lacks: plaques, a quota, rotations, an extension, an incentive."""
    membership = world.group.memberships.get(school=world.school_a)
    for kind, text in ((1, world.school_a.name), (2, "示例教育集团成员校")):
        facts = {"membership": membership, "kind": kind, "text": text, "valid_from": SINCE}
        organisation.hang(by=fresh(world.principal_a), **facts)
    facts = {"school": world.school_a, "level": 1, "posts": 1, "document": DOCUMENT, "valid_from": SINCE}
    organisation.set_quota(by=fresh(world.personnel), **facts)
    filed(world), filed(world)
    row = kept(world, extension(world))
    actions.confirm_extension(TermExtension.objects.get(pk=row.pk), by=fresh(world.leader))
    facts = {
        "base_coefficient": Decimal("1.5"),
        "coefficient": Decimal("1.6"),
        "deputy_section_treatment": True,
    }
    president = Appointment.objects.get(pk=world.posts["president"].pk)
    facts |= {"document": DOCUMENT, "valid_from": clock.today()}
    actions.reward(president, by=fresh(world.personnel), **facts)
    actions.confirm_incentive(IncentiveTerm.objects.get(), by=fresh(world.leader))


@pytest.fixture
def unguarded(world: Any, own_database: str, django_db_blocker: Any) -> Iterator[Any]:
    """A cursor on the furnished world, in a database without triggers and constraints."""
    with django_db_blocker.unblock():
        furnish(world)
    place = {"host": str(embedded.test.place.run), "dbname": own_database}
    owner = psycopg2.connect(user="postgres", password=embedded.test.password("superuser"), **place)
    try:
        cursor = owner.cursor()
        cursor.execute(UNGUARDED)
        yield cursor
    finally:
        owner.close()


def test_each_invariant_is_seen_broken(unguarded: Any) -> None:
    today = clock.today()
    assert broken(today, unguarded) == []
    assert set(BREAKS) == set(INVARIANTS)
    for name, statement in BREAKS.items():
        unguarded.execute("SAVEPOINT whole")
        unguarded.execute(statement)
        assert name in dict(broken(today, unguarded)), name
        unguarded.execute("ROLLBACK TO whole")


# what is done to rights, posts or memberships by hand → how the rows of rights then are
TAMPERS = {
    "DELETE FROM groups_schoolgrant": {"missing"},
    "UPDATE groups_schoolgrant SET valid_to = '2099-01-01'": {"missing", "unfounded"},
    "UPDATE groups_schoolgrant SET clause_id = '4.2.k'": {"missing", "unfounded"},
    "UPDATE groups_groupgrant SET ceiling = 1": {"missing", "unfounded"},
    f"{POSTS} state = 'cancelled'": {"unfounded"},
    "UPDATE groups_membership SET valid_to = valid_from": {"unfounded"},
    "UPDATE groups_membership SET valid_from = valid_from + 1": {"missing", "unfounded"},
}


def test_wrong_rights_are_seen(unguarded: Any) -> None:
    assert wrong_rights(unguarded) == []
    for statement, shown in TAMPERS.items():
        unguarded.execute("SAVEPOINT whole")
        unguarded.execute(statement)
        assert {row[0] for row in wrong_rights(unguarded)} == shown, statement
        unguarded.execute("ROLLBACK TO whole")
