"""Rotations of two teachers, step by step, by whoever takes the step."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any

from kunshan_edu.core import access
from personnel.actions import rotation
from personnel.choices import Post, RotationState
from personnel.models import Rotation
from tests.personnel.lives.hands import A_DAY, DOCUMENT, Deed, Hands
from tests.world import fresh

# The way of a rotation: the state it is in → the next deed, by whose right, and on what; the last on the bureau.
HANDS: dict[RotationState, tuple[Any, str, str]] = {
    RotationState.PROPOSED: (rotation.agree_sending, "agree_rotation", "from_school"),
    RotationState.SENDING_AGREED: (rotation.agree_receiving, "agree_rotation", "to_school"),
    RotationState.RECEIVING_AGREED: (rotation.approve_rotation, "approve_rotation", "group"),
    RotationState.APPROVED: (rotation.file, "manage_staff", ""),
}


class Rotations(Hands):
    """The way of a rotation, and how it ends."""

    def proposes_a_rotation(self, luck: Random) -> None:
        first = self.day(luck)
        to = luck.choice([self.world.school_b, self.world.school_c, self.place(Post.CASHIER, luck)])
        days = {"valid_from": first, "valid_to": first + luck.randint(1, 200) * A_DAY}
        deed = partial(rotation.propose, luck.choice(self.staff), to_school=to, **days)
        self.tries("propose rotation", lambda: deed(by=self.by("principal_a")))

    def rotations_go_on(self, _luck: Random) -> None:
        """Each by one step, by whoever takes it."""
        for row in Rotation.objects.filter(state__in=HANDS).order_by("pk"):
            across = row.state == RotationState.RECEIVING_AGREED and row.group_id is None
            act, right, where = HANDS[RotationState.APPROVED if across else RotationState(row.state)]
            place = getattr(row, where) if where else self.world.bureau
            by = access.holders(right, place).first()
            facts = {} if where else {"document": DOCUMENT}
            if by:
                self.tries(
                    act.__name__, lambda act=act, row=row, by=by, facts=facts: act(row, by=fresh(by), **facts)
                )

    def rotation_ends(self, luck: Random) -> None:
        """A filed one is stopped or renewed, any other withdrawn or refused; now and then it is the wrong way."""
        row = Rotation.objects.exclude(state=RotationState.FILED).order_by("-pk").first()
        row = luck.choice(
            [row, Rotation.objects.filter(state=RotationState.FILED, outcome="").order_by("pk").last() or row]
        )
        if row is None:
            return
        ways = {
            "stop": partial(rotation.stop_rotation, valid_to=self.day(luck), reason="调整"),
            "renew": partial(rotation.renew, valid_to=row.valid_to + 90 * A_DAY),
            "withdraw": rotation.withdraw_rotation,
            "refuse": partial(rotation.refuse_rotation, reason="不同意"),
        }
        fitting = ["stop", "renew"] if row.state == RotationState.FILED else ["withdraw", "refuse"]
        name = luck.choice([*fitting, *fitting, *ways])
        self.tries(f"{name} rotation", lambda: ways[name](row, by=self.by("principal_a")))

    def rotations(self) -> list[Deed]:
        goes_on = [self.rotations_go_on] * 4
        return [
            self.proposes_a_rotation,
            self.proposes_a_rotation,
            *goes_on,
            self.rotation_ends,
            self.rotation_ends,
        ]
