"""Posts: nominated, competed for, recorded, confirmed, cancelled, ended."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random

from personnel import actions
from personnel.actions.cases import confirmers
from personnel.choices import Method, Post
from personnel.models import Appointment
from tests.personnel.invariants import POSTS
from tests.personnel.lives.hands import A_DAY, DOCUMENT, ONE_SEAT, Deed, Hands
from tests.world import fresh


class Posts(Hands):
    """The life of appointments."""

    def appoints(self, luck: Random) -> None:
        post = Post(luck.choice(POSTS))
        days = self.days(luck)
        facts = {"document": DOCUMENT, "remark": "补录", "by": self.by("personnel"), **days}
        if "valid_to" in days:
            facts["term_end"] = days["valid_to"] + 60 * A_DAY
        president = post == Post.GROUP_PRESIDENT
        method = Method.APPOINTED if president or luck.random() < 0.8 else Method.ACTING
        deed = partial(
            actions.appoint,
            post=post,
            container=self.seat(post, luck, days["valid_from"]),
            method=method,
            **facts,
        )
        self.tries(f"appoint {post.value}", partial(deed, self.someone(luck)))

    def nominates(self, luck: Random) -> None:
        world = self.world
        who, post, place = luck.choice(
            [
                ("principal_a", Post.DEPARTMENT_HEAD, world.school_a),
                ("principal_b", Post.VICE_PRINCIPAL, world.school_b),
                ("president", Post.DEPUTY_SECRETARY, world.group),
                ("district_officer", Post.EXECUTIVE_PRINCIPAL, world.school_c),
            ]
        )
        facts = {
            "method": Method.ASSIGNED,
            "document": DOCUMENT,
            "valid_from": self.day(luck),
            "remark": "补录",
        }
        deed = partial(actions.nominate, post=post, container=place, by=self.by(who), **facts)
        self.tries("nominate", partial(deed, self.someone(luck)))

    def competes(self, luck: Random) -> None:
        """A post is announced for competition."""
        post = luck.choice([Post.GROUP_PRESIDENT, Post.VICE_PRINCIPAL, Post.VICE_PRINCIPAL])
        facts = {"method": Method.COMPETITIVE, "document": DOCUMENT, "valid_from": self.day(luck, 0)}
        seat = self.seat(post, luck, facts["valid_from"])

        def deed() -> None:
            by = self.by("personnel")
            row = actions.appoint(None, post=post, container=seat, by=by, **facts)
            actions.announce(row, announced_on=self.today, document=DOCUMENT, requirements="无", by=by)

        self.tries("announce", deed)

    def goes_on(self, luck: Random) -> None:
        """The next step of some that are under way, by whoever takes it."""
        rows = list(Appointment.objects.under_way().order_by("pk"))
        for row in luck.sample(rows, min(3, len(rows))):
            getattr(self, f"_{row.state}")(row, luck)

    def _nominated(self, row: Appointment, _luck: Random) -> None:
        self.tries("accept", lambda: actions.accept(row, by=self.by("personnel")))

    def _proposed(self, row: Appointment, _luck: Random) -> None:
        self.tries("confirm", lambda: actions.confirm(row, by=fresh(confirmers(row).first())))

    def _selecting(self, row: Appointment, luck: Random) -> None:
        person, by = self.someone(luck), self.by("personnel")
        scores = {"written": Decimal(luck.randint(0, 100)), "interview": Decimal(80)}
        self.tries("record scores", lambda: actions.record_scores(row, person=person, by=by, **scores))
        notice = {"notice_from": self.today, "notice_to": self.day(luck, 5, 12), "person": person}
        self.tries("publish notice", lambda: actions.publish_notice(row, by=by, **notice))

    def _notice(self, row: Appointment, _luck: Random) -> None:
        self.tries("confirm who competed", lambda: actions.confirm(row, by=fresh(confirmers(row).first())))

    def cancels(self, luck: Random) -> None:
        """What is under way; or, which is refused, what is not."""
        rows = list(Appointment.objects.under_way().order_by("pk")) or list(
            Appointment.objects.order_by("pk")
        )
        row = luck.choice(rows)
        self.tries("cancel", lambda: actions.cancel(row, reason="不予任用", by=self.by("personnel")))

    def ends(self, luck: Random) -> None:
        """Of a cadre it waits for the leader, who confirms, or not yet; or it is taken back."""
        rows = Appointment.objects.live().filter(post__in=luck.choice([POSTS, ONE_SEAT]))
        row = luck.choice(list(rows.order_by("pk")))
        day = luck.choice([self.today, self.day(luck)])
        deed = partial(actions.end, row, valid_to=day, document=DOCUMENT)
        if not self.tries("end", lambda: deed(by=self.by("personnel"))):
            return
        what = luck.random()
        if what < 0.6:
            self.tries("confirm end", lambda: actions.confirm_end(row, by=self.by("leader")))
        elif what < 0.8:
            self.tries("withdraw end", lambda: actions.withdraw_end(row, by=self.by("personnel")))

    def leader_settles_the_ends(self, _luck: Random) -> None:
        for row in Appointment.objects.filter(ending_on__isnull=False).order_by("pk"):
            self.tries("confirm end", lambda row=row: actions.confirm_end(row, by=self.by("leader")))

    def posts(self) -> list[Deed]:
        begins = [self.appoints] * 5 + [self.nominates, self.competes, self.competes]
        ends = [self.cancels, self.ends, self.ends, self.leader_settles_the_ends]
        return [*begins, *[self.goes_on] * 4, *ends, self.time_passes, self.time_passes]
