"""Rows of personnel, unsaved, as a raw write would make them: what a test changes in them is what it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kunshan_edu.core import clock
from kunshan_edu.core.changes import acting
from personnel.choices import SCOPE_OF, Method, Post
from personnel.models import Appointment, Appraisal, Candidate, Person, Selection, TermExtension
from tests.world import SINCE

TODAY = clock.today()
LATER = dt.date(2027, 1, 1)
NEVER = dt.date(2000, 1, 1)
DOCUMENT = "昆教人〔2026〕9号"


def person(world: Any, who: str) -> Person:
    return Person.objects.get(user=world.users[who])


def post(world: Any, who: str, title: Any, container: Any, **facts: Any) -> Appointment:
    """An appointment in office: recorded by one, confirmed by another."""
    base = {
        "person": person(world, who) if who else None,
        "method": Method.ASSIGNED,
        "document": DOCUMENT,
        "valid_from": SINCE,
        "state": "active",
        "recorded_by": world.users["personnel"],
        "confirmed_by": world.users["leader"],
        SCOPE_OF[Post(title)].value: container,
    }
    return Appointment(post=title, **{**base, **facts})


def president(world: Any, who: str, group: Any, **facts: Any) -> Appointment:
    return post(world, who, Post.GROUP_PRESIDENT, group, **{"method": Method.APPOINTED, **facts})


def principal(world: Any, who: str, school: Any, **facts: Any) -> Appointment:
    return post(world, who, Post.EXECUTIVE_PRINCIPAL, school, **facts)


def kept(world: Any, row: Any) -> Any:
    """The row, saved."""
    with acting("personnel.test", world.admin):
        row.save()
    return row


def change(row: Any, **values: Any) -> int:
    return type(row).objects.filter(pk=row.pk).update(**values)


def changed(world: Any, row: Any, **values: Any) -> Any:
    """The row with other values, saved."""
    with acting("personnel.test", world.admin):
        change(row, **values)
    row.refresh_from_db()
    return row


def end_in_two_steps(world: Any, row: Appointment, valid_to: dt.date) -> None:
    """The end of a post, recorded by one and confirmed by another, as the database asks it of a cadre's."""
    recorded = {"ending_by": world.users["personnel"], "end_document": DOCUMENT}
    change(row, ending_on=valid_to, end_confirmed_by=None, **recorded)
    change(row, valid_to=valid_to, ending_on=None, end_confirmed_by=world.users["leader"])


def ended(world: Any, row: Appointment, valid_to: dt.date) -> Appointment:
    """The row with that end, saved."""
    with acting("personnel.test", world.admin):
        end_in_two_steps(world, row, valid_to)
    row.refresh_from_db()
    return row


def competition(
    world: Any, *, candidate: str = "teacher", state: str = "notice", **facts: Any
) -> Appointment:
    """A competition for the presidency of the group in preparation, with one candidate, at a stage of its life."""
    row = kept(
        world,
        president(
            world,
            "",
            world.preparing,
            method=Method.COMPETITIVE,
            state="proposed",
            confirmed_by=None,
            **facts,
        ),
    )
    selection = kept(
        world, Selection(appointment=row, announced_on=SINCE, document=DOCUMENT, requirements="中级以上职称")
    )
    kept(world, Candidate(selection=selection, person=person(world, candidate), total=90))
    changed(world, row, state="selecting")
    if state == "notice":
        chosen = person(world, candidate)
        changed(world, row, person=chosen, state="notice", notice_from=SINCE, notice_to=SINCE)
    return row


def grade(world: Any, who: str = "president", year: int = 2025, **facts: Any) -> Appraisal:
    """An annual appraisal as president."""
    base = {
        "person": person(world, who),
        "post": Post.GROUP_PRESIDENT,
        "grade": "excellent",
        "document": DOCUMENT,
        "recorded_by": world.users["supervision"],
    }
    return Appraisal(year=year, **{**base, **facts})


def ending_president(world: Any) -> Appointment:
    """The president of the group, in office until `LATER`, with a term of four more years, appraised excellent."""
    row = ended(world, Appointment.objects.get(pk=world.posts["president"].pk), LATER)
    return changed(world, row, term_end=dt.date(2031, 1, 1))


def extension(world: Any, **facts: Any) -> TermExtension:
    """A longer tenure of that president."""
    row = facts.pop("appointment", None) or ending_president(world)
    base = {
        "appraisal": facts.pop("appraisal", None) or kept(world, grade(world)),
        "document": DOCUMENT,
        "reason": "组织需要",
        "old_end": LATER,
        "new_end": dt.date(2028, 1, 1),
        "recorded_by": world.users["personnel"],
    }
    return TermExtension(appointment=row, **{**base, **facts})
