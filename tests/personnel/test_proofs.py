"""The proofs of personnel: whole in health, and each finds what was written behind the triggers and constraints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from groups.models import Membership, School
from personnel import proofs
from personnel.choices import Post
from personnel.models import (
    Delegation,
    IncentiveTerm,
    Plaque,
    PostQuota,
    Rotation,
    StaffRecord,
)
from tests.personnel.rows import (
    DOCUMENT,
    TODAY,
    change,
    ending_president,
    extension,
    grade,
    kept,
    person,
    post,
    president,
)
from tests.personnel.staffing import AFTER, FIRST, on_staff, proposed
from tests.world import SINCE

Break = Callable[[Any], Any]
TABLES = (
    *(
        f"personnel_{noun}"
        for noun in ("appointment", "appraisal", "delegation", "incentiveterm", "plaque", "postquota")
    ),
    *(f"personnel_{noun}" for noun in ("rotation", "staffrecord", "termextension")),
    "groups_school",
)
# What would refuse before a proof could find it: table → constraints.
DROPPED = {
    "personnel_appointment": (
        "one_president_per_group",
        "one_deputy_secretary_per_group",
        "one_executive_principal_per_school",
    ),
    "personnel_delegation": ("delegation_is_at_most_thirty_days",),
    "personnel_plaque": ("plaque_is_one_of_two_kinds",),
    "personnel_rotation": ("one_rotation_at_a_time", "filed_rotation_was_agreed_by_all"),
}


def _unguarded() -> None:
    """Let anything be written, as the owner of the tables could."""
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, names in DROPPED.items():
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def _plaques(world: Any) -> None:
    membership = Membership.objects.get(school=world.school_a)
    for kind in (1, 2, 3):
        Plaque(membership=membership, kind=kind, text="示例", valid_from=SINCE).save()


def _delegation(world: Any, delegate: str, days: int) -> None:
    Delegation(
        appointment=world.posts["principal_a"],
        delegate=person(world, delegate),
        reason="外出",
        valid_from=TODAY,
        valid_to=TODAY + dt.timedelta(days=days),
        made_by=world.principal_a,
    ).save()


def _rotation(world: Any, staff: Any, **facts: Any) -> None:
    days = {"valid_from": FIRST, "valid_to": AFTER, "state": "filed"}
    schools = {"from_school": world.school_a, "to_school": world.school_b}
    Rotation(staff=staff, subject="music", **schools, **{**days, **facts}).save()


def _two_rotations(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    _rotation(world, staff)
    _rotation(world, staff, valid_from=AFTER - dt.timedelta(days=1), valid_to=AFTER + dt.timedelta(days=30))


def _moved_establishment(world: Any) -> None:
    staff = on_staff(world, world.school_a)
    proposed(world, staff, world.school_b)
    change(StaffRecord.objects.get(staff=staff), school=world.school_b)


def _treatment(world: Any) -> None:
    change(School.objects.get(pk=world.school_b.pk), stage="senior")
    IncentiveTerm(
        appointment=world.posts["president"],
        base_coefficient=1,
        coefficient=2,
        deputy_section_treatment=True,
        document=DOCUMENT,
        valid_from=TODAY,
    ).save()


def _undeserved(world: Any) -> None:
    row = ending_president(world)
    appraisal = grade(world, grade="competent")
    appraisal.save()
    confirmed = {"state": "confirmed", "confirmed_by": world.users["leader"]}
    extension(world, appointment=row, appraisal=appraisal, **confirmed).save()


BROKEN: list[tuple[str, Break]] = [
    ("group_has_at_most_one_president", lambda w: president(w, "teacher", w.group).save()),
    (
        "group_has_at_most_one_deputy_secretary",
        lambda w: post(w, "teacher", Post.DEPUTY_SECRETARY, w.group).save(),
    ),
    (
        "school_has_at_most_one_principal",
        lambda w: post(w, "teacher", Post.EXECUTIVE_PRINCIPAL, w.school_a).save(),
    ),
    (
        "deputy_secretary_is_of_the_group",
        lambda w: post(w, "principal_e", Post.DEPUTY_SECRETARY, w.group).save(),
    ),
    ("cadre_was_confirmed_by_a_second_person", lambda w: change(w.posts["principal_a"], confirmed_by=None)),
    ("competition_was_published", lambda w: change(w.posts["president"], method="competitive")),
    (
        "secretary_is_separate_only_by_rule_set",
        lambda w: post(w, "teacher", Post.GROUP_SECRETARY, w.group).save(),
    ),
    (
        "posts_are_within_the_quota_every_day",
        lambda w: PostQuota(school=w.school_a, level=1, posts=0, document=DOCUMENT, valid_from=SINCE).save(),
    ),
    ("member_hangs_at_most_two_plaques", _plaques),
    ("rotation_leaves_the_establishment_alone", _moved_establishment),
    ("filed_rotations_never_overlap", _two_rotations),
    ("delegation_is_short_and_not_to_finance", lambda w: _delegation(w, "vice_a", 31)),
    ("delegation_is_short_and_not_to_finance", lambda w: _delegation(w, "cashier_b", 5)),
    ("treatment_is_of_compulsory_presidents", _treatment),
    ("extension_was_deserved", _undeserved),
]


@pytest.mark.django_db
def test_health_has_no_offenders(world: Any) -> None:
    assert {proof.name: found for proof in proofs.PROOFS if (found := proof.check())} == {}


def test_every_proof_but_that_of_rights_is_broken_here() -> None:
    assert {proof.name for proof in proofs.PROOFS} - {name for name, _break in BROKEN} == {
        "rights_equal_appointments"
    }


@pytest.mark.parametrize(
    ("name", "broken"), BROKEN, ids=[f"{n} {name}" for n, (name, _b) in enumerate(BROKEN)]
)
def test_what_is_forged_is_found(own_database: str, world: Any, name: str, broken: Break) -> None:
    _unguarded()
    broken(world)
    assert name in {proof.name for proof in proofs.PROOFS if proof.check()}


@pytest.mark.django_db
def test_who_is_only_proposed_is_no_second_president(world: Any) -> None:
    kept(world, president(world, "teacher", world.group, state="proposed", confirmed_by=None))
    assert proofs.PROOFS[0].check() == []
