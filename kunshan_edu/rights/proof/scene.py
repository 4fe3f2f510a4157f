"""Builds the scene: the people of the small world, those whose posts are over or to come, and all things."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kunshan_edu.core.models import User
from kunshan_edu.rights.holdings import holdings_of
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import (
    MAKERS,
    Scene,
    account,
    boards,
    files,
    finance,
    funds,
    groups,
    organisation,
    people,
    personnel,
    records,
    rights,
    tenure,
)
from personnel.choices import Post

__all__ = [
    "account",
    "boards",
    "files",
    "finance",
    "funds",
    "groups",
    "organisation",
    "people",
    "personnel",
    "records",
    "rights",
    "set_scene",
    "tenure",
]

YESTERDAY, TODAY, TOMORROW = -1, 0, 1
# Whose post is over since midnight, begins at the next, ends at the next, or began at the last one; and the posts
# that the tests' own world leaves empty.
NEWCOMERS: tuple[tuple[str, Post, str, dict[str, int]], ...] = (
    ("ended_finance", Post.GROUP_FINANCE, "group", {"valid_from": -20, "valid_to": TODAY}),
    ("coming_finance", Post.GROUP_FINANCE, "group", {"valid_from": TOMORROW}),
    ("last_day_finance", Post.GROUP_FINANCE, "group", {"valid_from": -20, "valid_to": TOMORROW}),
    ("first_day_finance", Post.BUREAU_FINANCE, "bureau", {"valid_from": TODAY}),
    ("ended_leader", Post.BUREAU_LEADER, "bureau", {"valid_from": -20, "valid_to": TODAY}),
    ("coming_leader", Post.BUREAU_LEADER, "bureau", {"valid_from": TOMORROW}),
    ("ended_cashier", Post.CASHIER, "school_a", {"valid_from": -20, "valid_to": TODAY}),
    ("coming_clerk", Post.CLERK, "school_a", {"valid_from": TOMORROW}),
    ("locked_finance", Post.GROUP_FINANCE, "group", {"valid_from": TODAY}),
    ("auditor", Post.AUDITOR, "bureau", {"valid_from": TODAY, "valid_to": 100}),
    ("vice_mayor", Post.VICE_MAYOR, "bureau", {"valid_from": TODAY}),
    ("enrollment_clerk", Post.ENROLLMENT_CLERK, "school_a", {"valid_from": TODAY}),
)


def container(scene: Scene, word: str) -> Any:
    return scene.world.schools.get(word) or getattr(scene.world, word)


def _newcomers(scene: Scene) -> None:
    """People in the posts that the tests' world does not have."""
    small = developer("tests.world")
    for word, post, where, days in NEWCOMERS:
        scene.newcomer(word)
        dates = {name: scene.today + dt.timedelta(days=n) for name, n in days.items()}
        small.appoint(scene.world, word, post, container(scene, where), **dates)
    User.objects.filter(username="locked_finance").update(is_active=False)


def set_scene(*nouns: str, world: Any = None) -> Scene:
    """The scene: everybody, and the things of every noun or of those named; on a world that is there, or a new one."""
    scene = Scene(world or developer("tests.world").build())
    _newcomers(scene)
    for noun, make in MAKERS.items():
        if not nouns or noun in nouns:
            for thing in make(scene):
                scene.things.append(thing)  # at once: later ones stand on it
    for user in User.objects.order_by("pk").select_related("person"):
        scene.people[user.username] = user
        scene.holdings[user.username] = holdings_of(user)
    scene.people["stranger"], scene.holdings["stranger"] = None, ()
    return scene
