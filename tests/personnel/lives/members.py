"""Memberships and delegations: schools join and leave, the right to approve is lent and taken back."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from groups import actions as register
from groups.models import Membership
from personnel import actions
from personnel.choices import DelegationKind, Post
from personnel.models import Appointment, Delegation
from tests.personnel.lives.hands import A_DAY, DOCUMENT, Deed, Hands
from tests.world import fresh


class Members(Hands):
    """What changes the rights of a post while the post stays."""

    def joins(self, luck: Random) -> None:
        group, school = self.place(Post.GROUP_PRESIDENT, luck), self.place(Post.CASHIER, luck)
        facts = {"valid_from": self.day(luck), "join_document": DOCUMENT}
        self.tries("join", lambda: register.join(group, school=school, by=self.by("basic"), **facts))

    def leaves(self, luck: Random) -> None:
        """A lead school would leave a working group without one, and is asked for today."""
        row = luck.choice(list(Membership.objects.order_by("pk")))
        day = self.today if row.role == "lead" else self.day(luck, -10)
        deed = partial(register.leave, row, valid_to=day, leave_document=DOCUMENT)
        self.tries(f"leave as {row.role}", lambda: deed(by=self.by("basic")))

    def delegates(self, luck: Random) -> None:
        """By the holder to a deputy, or by the bureau in the holder's place."""
        deputies = Appointment.objects.in_force().filter(post__in=("deputy_secretary", "vice_principal"))
        deputy = luck.choice([*deputies.order_by("pk"), None])
        giver = Appointment.objects.in_force().filter(post__in=("group_president", "executive_principal"))
        if deputy:
            giver = giver.filter(group=deputy.group_id, school=deputy.school_id)
        row = giver.order_by("pk").first()
        if row is None:
            return
        first = self.day(luck, 0, 10)
        facts: dict[str, Any] = {"valid_from": first, "valid_to": first + luck.randint(0, 32) * A_DAY}
        facts |= {
            "reason": "出差",
            "ceiling": luck.choice([None, Decimal(3000)]),
            "delegate": deputy.person if deputy else self.someone(luck),
        }
        act, by = (actions.give, row.person.user) if deputy else (actions.reassign, self.world.leader)
        self.tries(act.__name__, lambda: act(row, by=fresh(by), **facts))

    def revokes(self, luck: Random) -> None:
        rows = list(Delegation.objects.order_by("pk"))
        if rows:
            row = luck.choice(rows)
            giver = row.appointment.person.user if row.kind == DelegationKind.OWN else self.world.leader
            self.tries("revoke", lambda: actions.revoke(row, by=fresh(giver)))

    def members(self) -> list[Deed]:
        return [self.joins, self.leaves, self.delegates, self.delegates, self.revokes]
