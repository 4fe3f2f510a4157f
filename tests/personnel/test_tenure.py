"""Tenure and incentive by their verbs (6.3.c-f): two people, a president appraised excellent, within the term."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from groups.choices import Authority
from kunshan_edu.core import access, clock
from personnel import actions, grants
from personnel.actions import appraisal
from personnel.choices import Post
from personnel.models import Appointment, TermExtension
from tests.personnel.rows import changed, person
from tests.personnel.test_lives import A_DAY, DOCUMENT, TODAY, refused
from tests.world import fresh

pytestmark = pytest.mark.django_db


def graded(world, grade="excellent", year=2025):
    return appraisal.appraise(
        person(world, "president"),
        year=year,
        post=Post.GROUP_PRESIDENT,
        group=world.group,
        grade=grade,
        document="昆教督〔2026〕3号",
        by=world.supervision,
    )


def ending(world):
    """The president in office to the end of this year, with a term of two more."""
    row = Appointment.objects.get(pk=world.posts["president"].pk)
    actions.end(row, valid_to=dt.date(2027, 1, 1), document=DOCUMENT, by=world.personnel)
    row = actions.confirm_end(row, by=world.leader)
    return changed(world, row, term_end=dt.date(2029, 1, 1))


def extend(world, row, new_end=dt.date(2028, 1, 1)):
    actions.extend(
        row, new_end=new_end, document="昆教人〔2026〕8号", reason="重点项目未完成", by=world.personnel
    )
    return TermExtension.objects.get()


def test_a_tenure_is_extended_by_two_people_for_a_president_appraised_excellent(world):
    row = ending(world)
    refused(lambda: extend(world, row), "extension_is_of_an_excellent_president")
    graded(world)
    extension = extend(world, row)
    assert (extension.old_end, extension.new_end) == (dt.date(2027, 1, 1), dt.date(2028, 1, 1))
    refused(lambda: extend(world, row), "extension_waits")
    refused(lambda: actions.confirm_extension(extension, by=world.personnel), "not_a_confirmer")
    actions.confirm_extension(extension, by=world.leader)
    row.refresh_from_db()
    assert (row.state, row.valid_to) == ("extended", dt.date(2028, 1, 1))
    assert access.has(world.president, Authority.APPROVE_AS_PRESIDENT, world.group, dt.date(2027, 6, 1))
    assert grants.drift() == (0, 0)


def test_an_extension_stays_within_the_term_and_a_refused_one_changes_nothing(world):
    row = ending(world)
    graded(world)
    refused(lambda: extend(world, row, dt.date(2029, 1, 3)), "extension_stays_within_the_term", "new_end")
    extension = actions.refuse_extension(extend(world, row), reason="已有接任人选", by=world.leader)
    row.refresh_from_db()
    assert (extension.state, row.state, row.valid_to) == ("refused", "active", dt.date(2027, 1, 1))


def test_what_has_ended_does_not_revive_by_an_extension(world):
    row = ending(world)
    graded(world)
    extension = extend(world, row)
    with clock.at(dt.date(2027, 1, 1)):
        refused(lambda: actions.confirm_extension(extension, by=fresh(world.leader)), "extension_is_outdated")


def test_a_later_appraisal_takes_the_place_of_an_excellent_one(world):
    row = ending(world)
    graded(world, "excellent", 2024)
    graded(world, "competent", 2025)
    refused(lambda: extend(world, row), "extension_is_of_an_excellent_president")


def test_an_incentive_is_recorded_confirmed_and_ended(world):
    row = world.posts["president"]
    actions.reward(
        row,
        base_coefficient=Decimal("1.5"),
        coefficient=Decimal("1.6"),
        deputy_section_treatment=True,
        document=DOCUMENT,
        valid_from=TODAY,
        by=world.personnel,
    )
    incentive = row.incentives.get()
    refused(lambda: actions.confirm_incentive(incentive, by=world.personnel), "not_a_confirmer")
    incentive = actions.confirm_incentive(incentive, by=world.leader)
    assert incentive.state == "confirmed"
    incentive = actions.end_incentive(incentive, valid_to=TODAY + A_DAY, by=world.personnel)
    assert incentive.valid_to == TODAY + A_DAY


def test_treatment_in_a_mixed_group_is_refused_beside_its_field(world):
    changed(world, world.school_b, stage="senior")
    refused(
        lambda: actions.reward(
            world.posts["president"],
            base_coefficient=Decimal("1.5"),
            coefficient=Decimal("1.6"),
            deputy_section_treatment=True,
            document=DOCUMENT,
            valid_from=TODAY,
            by=world.personnel,
        ),
        "treatment_is_for_compulsory_presidents",
        "deputy_section_treatment",
    )
