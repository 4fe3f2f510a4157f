"""How groups are set up, and the tenure of their presidents: rules, quotas, deviations, plaques, extensions."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from groups.models import Membership
from personnel import actions
from personnel.actions import appraisal, organisation
from personnel.choices import QUOTA_POSTS, SCOPE_OF, Method, Post, QuotaLevel
from personnel.models import (
    Appointment,
    Appraisal,
    Deviation,
    GroupRuleSet,
    IncentiveTerm,
    Plaque,
    PostQuota,
    TermExtension,
)
from tests.personnel.lives.hands import A_DAY, DOCUMENT, Deed, Hands


class Setting(Hands):
    """What posts are measured against."""

    def rules_are_set(self, luck: Random) -> None:
        facts = {"group": self.place(Post.GROUP_PRESIDENT, luck), "kind": "separated_2022", **self.days(luck)}
        by = self.by("personnel")
        if self.tries("set rules", lambda: organisation.set_rules(document=DOCUMENT, by=by, **facts)):
            self.a_secretary_beside_the_president(luck, facts)

    def a_secretary_beside_the_president(self, luck: Random, facts: dict[str, Any]) -> None:
        """What the rules are set for: for their days, or, which is refused, for one more."""
        more = {"valid_to": facts["valid_to"] + luck.choice([0, 1]) * A_DAY} if "valid_to" in facts else {}
        days = {"valid_from": facts["valid_from"], **more}
        given = {
            "method": Method.ASSIGNED,
            "document": DOCUMENT,
            "remark": "补录",
            "container": facts["group"],
            **days,
        }
        deed = partial(actions.appoint, self.someone(luck), post=Post.GROUP_SECRETARY, **given)
        self.tries("appoint group_secretary", lambda: deed(by=self.by("personnel")))

    def a_quota_is_set(self, luck: Random) -> None:
        level = luck.choice(list(QuotaLevel))
        post = QUOTA_POSTS[level]
        facts = {"level": level, "posts": luck.randint(0, 2), SCOPE_OF[post].value: self.place(post, luck)}
        facts |= {"document": DOCUMENT, "by": self.by("personnel"), **self.days(luck)}
        self.tries("set quota", lambda: organisation.set_quota(**facts))

    def something_deviates(self, luck: Random) -> None:
        clause, post = luck.choice(
            [
                ("4.1.k", "group_president"),
                ("4.1.h", "group_office"),
                ("4.1.h", "group_office"),
                ("6.3.d", "group_president"),
                ("4.1.o", "cashier"),
            ]
        )
        facts = {
            "clause_id": clause,
            SCOPE_OF[Post(post)].value: self.place(Post(post), luck),
            **self.days(luck),
        }
        facts |= {"reason": "历史原因", "document": DOCUMENT, "by": self.by("personnel")}
        self.tries("deviate", lambda: organisation.deviate(**facts))

    def hangs(self, luck: Random) -> None:
        """A plaque, by the school; of another text now and then."""
        who, school = luck.choice(
            [("principal_a", self.world.school_a), ("principal_b", self.world.school_b)]
        )
        row = luck.choice(list(Membership.objects.filter(school=school).order_by("pk")))
        kind = luck.choice([1, 2])
        text = school.name if kind == 1 and luck.random() < 0.8 else "示例教育集团成员校"
        facts = {"membership": row, "kind": kind, "text": text, "valid_from": self.day(luck, -40, 5)}
        self.tries("hang", lambda: organisation.hang(by=self.by(who), **facts))

    def winds_up(self, luck: Random) -> None:
        """What is set up is ended."""
        confirmed = Deviation.objects.filter(state="confirmed", clause_id__in=("4.1.h", "4.1.o"))
        kinds = [GroupRuleSet.objects.all(), PostQuota.objects.all(), Plaque.objects.all(), confirmed]
        rows = [list(kind.filter(valid_to=None).order_by("pk")) for kind in kinds]
        row, day = luck.choice(luck.choice([each for each in rows if each] or [[None]])), self.day(luck)
        if row is None:
            return
        by, facts = self.by("personnel"), {"valid_to": day, "document": DOCUMENT}
        deed = {
            GroupRuleSet: lambda: organisation.end_rules(row, by=by, **facts),
            PostQuota: lambda: organisation.end_quota(row, by=by, **facts),
            Deviation: lambda: organisation.end_deviation(row, by=by, valid_to=day),
            Plaque: lambda: organisation.take_down(
                row, by=self.by(f"principal_{row.membership.school.short_name[2].lower()}"), valid_to=day
            ),
        }[type(row)]
        self.tries(f"end {type(row).__name__}", deed)

    def leader_confirms(self, _luck: Random) -> None:
        """What the personnel section has recorded for a leader to confirm."""
        verbs = (
            (Deviation, organisation.confirm_deviation),
            (TermExtension, actions.confirm_extension),
            (IncentiveTerm, actions.confirm_incentive),
        )
        for model, act in verbs:
            for row in model.objects.filter(state="proposed").order_by("pk"):
                self.tries(act.__name__, lambda act=act, row=row: act(row, by=self.by("leader")))

    # Tenure

    def presidents(self) -> list[Appointment]:
        return list(Appointment.objects.live().filter(post=Post.GROUP_PRESIDENT).order_by("pk"))

    def appraises(self, luck: Random) -> None:
        row = luck.choice(self.presidents())
        grade = luck.choice(["excellent", "excellent", "excellent", "competent"])
        facts = {
            "year": luck.randint(2023, 2026),
            "grade": grade,
            "post": Post.GROUP_PRESIDENT,
            "group": row.group,
        }
        deed = partial(appraisal.appraise, row.person, document=DOCUMENT, **facts)
        self.tries("appraise", lambda: deed(by=self.by("supervision")))

    def lengthens(self, luck: Random) -> None:
        """A tenure is to be extended: within the term or beyond it, excellent or not."""
        rows = [row for row in self.presidents() if row.valid_to]
        if rows:
            row = luck.choice(rows)
            if luck.random() < 0.5:
                self.appraises_again(row)
            end = row.valid_to + luck.randint(0, 90) * A_DAY
            deed = partial(actions.extend, row, new_end=end, document=DOCUMENT, reason="重点项目")
            self.tries("extend", lambda: deed(by=self.by("personnel")))

    def appraises_again(self, row: Appointment) -> None:
        """For a year after every other: excellent."""
        year = (
            max(Appraisal.objects.filter(person=row.person).values_list("year", flat=True), default=2025) + 1
        )
        facts = {"year": year, "grade": "excellent", "post": Post.GROUP_PRESIDENT, "group": row.group}
        deed = partial(appraisal.appraise, row.person, document=DOCUMENT, **facts)
        self.tries("appraise", lambda: deed(by=self.by("supervision")))

    def rewards(self, luck: Random) -> None:
        others = Appointment.objects.live().filter(post=Post.CASHIER).order_by("pk")
        row = luck.choice([*self.presidents(), *others[:1]])
        facts = {"base_coefficient": Decimal("1.5"), "coefficient": Decimal(luck.randint(14, 18)) / 10}
        facts |= {"deputy_section_treatment": luck.random() < 0.5, "document": DOCUMENT, **self.days(luck)}
        self.tries("reward", lambda: actions.reward(row, by=self.by("personnel"), **facts))

    def setup(self) -> list[Deed]:
        begins = [self.rules_are_set, self.a_quota_is_set, self.something_deviates, self.hangs]
        tenure = [self.appraises, self.lengthens, self.lengthens, self.rewards]
        return [*begins, self.winds_up, self.winds_up, *tenure, *[self.leader_confirms] * 3]
