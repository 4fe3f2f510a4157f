"""What hangs on an appointment: extensions and incentives of presidents, and delegations of the right to approve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse

from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import (
    API,
    FORM,
    PAGE,
    Deed,
    Scene,
    Thing,
    around,
    blank,
    filling,
    maker,
    ways,
)
from kunshan_edu.rights.proof.things.groups import new_group
from kunshan_edu.rights.proof.things.personnel import DOCUMENT, Posts, person
from personnel import actions
from personnel.actions import appraisal
from personnel.choices import Post
from personnel.models import Appointment, IncentiveTerm, TermExtension


@filling("appointment.extend")
def extending(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {
        "new_end": (scene.today + dt.timedelta(days=300)).isoformat(),
        "document": DOCUMENT,
        "reason": "示例",
    }


@filling("appointment.reward")
def rewarding(scene: Scene, _thing: Thing) -> dict[str, Any]:
    facts = {"base_coefficient": "1.50", "coefficient": "1.60", "document": DOCUMENT}
    return {**facts, "valid_from": scene.today.isoformat()}


@filling("incentive.end")
def ending_incentive(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"valid_to": (scene.today + dt.timedelta(days=5)).isoformat()}


def ending_president(scene: Scene, number: int) -> Appointment:
    """The president of a new group, appraised excellent, in office for a while of a longer term."""
    small, world, today = developer("tests.world"), scene.world, scene.today
    group, word = new_group(scene, number), f"president_{number}"
    scene.newcomer(word)
    term = {"valid_from": today - dt.timedelta(days=700), "valid_to": today + dt.timedelta(days=100)}
    row = small.appoint(
        world, word, Post.GROUP_PRESIDENT, group, **term, term_end=today + dt.timedelta(days=900)
    )
    facts = {"year": today.year - 1, "grade": "excellent", "document": DOCUMENT, "post": "group_president"}
    appraisal.appraise(row.person, **facts, group=group, by=world.users["leader"])
    return row


@maker("extension")
def extensions(scene: Scene) -> Iterator[Thing]:
    """An extension that waits, one refused; and a president whose tenure may be extended."""
    world = scene.world
    scene.things.append(Posts(scene).thing("可延任的总校长", ending_president(scene, 61)))
    for number, state in ((62, "proposed"), (63, "refused")):
        post = ending_president(scene, number)
        end = scene.today + dt.timedelta(days=200)
        actions.extend(post, new_end=end, document=DOCUMENT, reason="示例", by=world.users["personnel"])
        row = TermExtension.objects.get(appointment=post)
        if state == "refused":
            row = actions.refuse_extension(row, reason="示例理由", by=world.users["leader"])
        yield Thing("extension", state, row, _of_pair(row, post, state))


def _of_pair(row: Any, post: Appointment, state: str) -> Facts:
    owner, recorder = post.person.user_id, row.recorded_by_id
    return Facts(**around(post.group), state=state, owner=owner, maker=recorder, post=post.post)


@maker("incentive")
def incentives(scene: Scene) -> Iterator[Thing]:
    """Incentives of presidents: waiting, confirmed, refused."""
    world = scene.world
    for word, state in (
        ("president", "proposed"),
        ("other_president", "confirmed"),
        ("president_1", "refused"),
    ):
        post = world.posts[word]
        facts = {"base_coefficient": Decimal("1.5"), "coefficient": Decimal("1.6"), "document": DOCUMENT}
        actions.reward(post, **facts, valid_from=scene.today, by=world.users["personnel"])
        row = IncentiveTerm.objects.get(appointment=post)
        if state == "confirmed":
            row = actions.confirm_incentive(row, by=world.users["leader"])
        if state == "refused":
            row = actions.refuse_incentive(row, reason="示例理由", by=world.users["leader"])
        yield Thing("incentive", state, row, _of_pair(row, post, state))


@maker("delegation")
def delegations(scene: Scene) -> Iterator[Thing]:
    """A president's to the deputy, a principal's with a ceiling, one to come, one that was taken back."""
    world, today = scene.world, scene.today
    month = dt.timedelta(days=20)
    for giver, to, first, ceiling in (
        ("president", "deputy", today, None),
        ("principal_a", "vice_a", today, Decimal("5000.00")),
        ("leader", "basic", today + month, None),
        ("other_president", "clerk_e", today, Decimal("5000.00")),
    ):
        act, by = (
            (actions.give, giver) if giver in ("president", "principal_a") else (actions.reassign, "leader")
        )
        facts = {"valid_from": first, "valid_to": first + month, "reason": scene.canary(), "ceiling": ceiling}
        row = act(world.posts[giver], delegate=person(scene, to), **facts, by=world.users[by])
        state = "coming" if first > today else "current"
        if giver == "other_president":
            row, state = actions.revoke(row, by=world.users["leader"]), "over"
        yield _delegation(row, state, {giver, to, by}, scene)


def _delegation(row: Any, state: str, parties: set[str], scene: Scene) -> Thing:
    post = row.appointment
    owner = post.person.user_id
    where = around(post.container) if post.group_id or post.school_id else {}
    facts = Facts(**where, state=state, owner=owner, post=post.post)
    own = frozenset(scene.world.users[word].pk for word in parties)
    return Thing("delegation", f"{post} {state}", row, facts, row.reason, {}, own)


@filling("extension.refuse", "incentive.refuse")
def refusing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "示例理由"}


@ways
def delegating(scene: Scene) -> Iterator[Deed]:
    world, today = scene.world, scene.today
    first = today + dt.timedelta(days=40)
    facts = {
        "valid_from": first.isoformat(),
        "valid_to": (first + dt.timedelta(days=9)).isoformat(),
        "reason": "示例",
    }
    for giver, to in (("president", "deputy"), ("principal_a", "vice_a")):
        post = world.posts[giver]
        own = {"appointment": post.pk, "delegate": person(scene, to).pk, **facts}
        said = Facts(**around(post.container), owner=world.users[giver].pk, post=post.post)
        thing = blank("delegation", f"委托 {giver}", said)
        page = reverse("personnel:delegation_new")
        yield Deed("delegation.give", thing, FORM, page, lambda own=own: own)
        both = "delegation.give delegation.reassign"  # to a program one address is either
        yield Deed(both, thing, API, "/api/v1/delegations/", lambda own=own: own)
    post = world.posts["principal_b"]
    other = {"appointment": post.pk, "delegate": person(scene, "clerk_b").pk, **facts}
    thing = blank("delegation", "改派", Facts(**around(post.container), post=post.post))
    yield Deed("delegation.reassign", thing, FORM, reverse("personnel:delegation_reassign"), lambda: other)
    yield Deed(
        "delegation.reassign",
        thing,
        PAGE,
        reverse("personnel:delegation_reassign"),
        dict,
        "GET",
        b'name="delegate"',
    )
