"""Who does it, where and when: picked by the luck of the step."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import User
from personnel.choices import SCOPE_OF, Post
from personnel.models import Appointment, Person
from tests.world import fresh

START = dt.date(2026, 11, 24)
A_DAY = dt.timedelta(days=1)
DOCUMENT = "昆教人〔2026〕12号"
PEOPLE = (
    "teacher",
    "office",
    "deputy",
    "vice_a",
    "head_a",
    "principal_a",
    "principal_b",
    "principal_c",
    "president",
)
ONE_SEAT = (Post.GROUP_PRESIDENT, Post.DEPUTY_SECRETARY, Post.EXECUTIVE_PRINCIPAL)
Deed = Callable[[Random], None]


class Hands:
    """done: what went through, by its name; tried: what this step has tried."""

    world: Any
    staff: Any
    done: Counter[str]
    today: dt.date
    moved: bool
    tried: list[str]

    def by(self, who: str) -> User:
        return fresh(self.world.users[who])

    def someone(self, luck: Random) -> Person:
        return Person.objects.get(user=self.world.users[luck.choice(PEOPLE)])

    def place(self, post: Post, luck: Random) -> Any:
        """A group or school, as the post asks for."""
        world = self.world
        if SCOPE_OF[post] == "group":
            return luck.choice([world.preparing, world.group, world.other_group, world.new_group])
        return luck.choice(list(world.schools.values()))

    def seat(self, post: Post, luck: Random, first: dt.date) -> Any:
        """A place, most often one where nobody holds a post of which there is one."""
        place = self.place(post, luck)
        scope = SCOPE_OF[post].value
        held = Appointment.objects.live().filter(post=post).exclude(valid_to__lte=first).values(scope)
        free = type(place).objects.exclude(pk__in=held).order_by("pk")
        return luck.choice([*free, place]) if post in ONE_SEAT else place

    def day(self, luck: Random, since: int = -40, until: int = 40) -> dt.date:
        return self.today + luck.randint(since, until) * A_DAY

    def days(self, luck: Random) -> dict[str, dt.date]:
        """valid_from, and most often valid_to."""
        first = luck.choice([self.today, self.day(luck)])
        return {"valid_from": first} | (
            {"valid_to": first + luck.randint(0, 120) * A_DAY} if luck.random() < 0.6 else {}
        )

    def tries(self, name: str, deed: Callable[[], Any]) -> bool:
        """A refusal is an answer; anything else that is raised is a fault."""
        self.moved = True
        self.tried.append(name)
        with suppress(Denied):
            deed()
            self.done[name] += 1
            return True
        return False

    def time_passes(self, luck: Random) -> None:
        self.clock.__exit__(None, None, None)
        self.today += luck.choice([1, 3, 14, 45]) * A_DAY
        self.clock = clock.at(self.today)
        self.clock.__enter__()
        self.tries("time", lambda: None)
