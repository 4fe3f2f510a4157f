"""Loads the demonstration: all of it in one transaction, or nothing of it; once."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db import connection, transaction

from finance.models import ExpenseCategory
from groups.models import Bureau, District
from kunshan_edu.core import clock, inbox
from kunshan_edu.demo import (
    careers,
    everyday,
    money,
    oracles,
    organisation,
    people,
    places,
    policies,
    posts,
    records,
    rotations,
    staff,
)
from kunshan_edu.demo.city import SET_UP, TODAY, City
from personnel.models import Appointment

READ_UNTIL = dt.date(2026, 11, 16)


def load() -> bool:
    """Load it; False when there are data already, which are then left as they are."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two at once: the second waits, however long it takes, and then finds the data of the first.
            cursor.execute("SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(132, 2023)")
        if Appointment.objects.exists():
            return False
        _tell()
    return True


def _set_up() -> City:
    city = City(Bureau.objects.get(), Random(132))  # noqa: S311
    city.districts = {d.name: d for d in District.objects.all()}
    city.categories = {c.code: c for c in ExpenseCategory.objects.all()}
    people.register_people(city)
    places.register_schools(city)
    posts.appoint_schools_and_bureau(city)
    staff.plan_staff(city)
    return city


def _tell() -> None:
    with clock.at(SET_UP):
        city = _set_up()
    for plan in (
        places.plan_groups,
        places.plan_move,
        organisation.plan_organisation,
        posts.plan_posts,
        careers.plan_careers,
        policies.plan_policies,
        records.plan_records,
        rotations.plan_rotations,
        money.plan_measures,
        money.plan_budgets,
        money.fill_purse,
        oracles.plan_oracles,
        everyday.plan_everyday,
    ):
        plan(city)
    city.calendar.plan(READ_UNTIL, lambda: _read(city))
    city.calendar.run(TODAY)


def _read(city: City) -> None:
    """Everybody has read what they were told of before the last week."""
    for user in city.users.values():
        inbox.mark_read(user)
