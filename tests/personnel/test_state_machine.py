"""Random lives of posts, memberships, delegations and rotations: after each step rights and invariants hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from groups import actions as register
from groups.choices import ModelType
from groups.models import School, SchoolAffiliation
from kunshan_edu.core import access, clock
from kunshan_edu.core.models import User
from personnel.choices import Post
from personnel.models import Appointment, StaffRecord
from tests.personnel.invariants import POSTS, broken, conferred_today, other_rights, wrong_rights
from tests.personnel.lives.hands import A_DAY, DOCUMENT, PEOPLE, START
from tests.personnel.lives.members import Members
from tests.personnel.lives.posts import Posts
from tests.personnel.lives.rotations import Rotations
from tests.personnel.lives.setting import Setting
from tests.personnel.staffing import on_staff
from tests.world import appoint, credit_code, fresh

pytestmark = pytest.mark.django_db
SEEDS = st.integers(0, 2**16)
PARTS = ["posts", "posts", "posts", "members", "setup", "setup", "rotations", "rotations"]


def tables() -> list[Any]:
    """What no step here may change (I8): schools, their affiliations, the staff's establishment."""
    return [
        list(model.objects.order_by("pk").values_list()) for model in (School, SchoolAffiliation, StaffRecord)
    ]


class Lives(Posts, Members, Setting, Rotations, RuleBasedStateMachine):
    """Everybody of the small world tries things at random. done: what went through, by its name."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.today, self.moved = START, True
        self.tried: list[str] = []
        self.steps = self.looks = 0
        self.clock = clock.at(START)
        self.clock.__enter__()
        self.still, self.others = tables(), other_rights()

    def teardown(self) -> None:
        self.clock.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(part=st.sampled_from(PARTS), seed=SEEDS)
    def step(self, part: str, seed: int) -> None:
        try:
            self.acts(part, seed)
        finally:
            note(f"{self.today} {self.tried}")

    def acts(self, part: str, seed: int) -> None:
        """The seed and the number of the step say what is done, and with whom."""
        self.steps += 1
        self.tried = []
        luck = Random(f"{self.steps} {seed}")  # noqa: S311 - no secret
        luck.choice(getattr(self, part)())(luck)

    # What holds after each step

    @invariant()
    def all_is_well(self) -> None:
        self.looks_about()

    def looks_about(self) -> None:
        """The rows of rights are what the posts confer, no invariant is broken, no school or record has changed."""
        if not self.moved:
            return
        self.moved = False
        assert wrong_rights() == []
        assert broken(self.today) == []
        assert other_rights() == self.others
        assert tables() == self.still
        self.reads_rights()

    def reads_rights(self) -> None:
        """What a page asks for today, of one person after the other."""
        self.looks += 1
        user = self.by(PEOPLE[self.looks % len(PEOPLE)])
        mine = {(r.model, r.permission, r.object_id, r.source_id, r.delegation_id) for r in rights_of(user)}
        assert mine == conferred_today(user, self.today)


def rights_of(user: User) -> list[Any]:
    """Those of the posts that are appointed here."""
    rows = access.rights_of(user, fresh=True).rows
    known = set(Appointment.objects.filter(post__in=POSTS).values_list("pk", flat=True))
    return [row for row in rows if row.source_id in known]


# What must have gone through somewhere, or the lives were too short to say anything: part → deeds.
DEEDS = {
    "posts": {
        *(f"appoint {post}" for post in POSTS if post != Post.GROUP_SECRETARY),
        *("nominate", "accept", "announce", "record scores", "publish notice", "confirm who competed"),
        *("confirm", "cancel", "end", "confirm end", "withdraw end", "time"),
    },
    "members": {"join", "leave as member", "give", "reassign", "revoke"},
    "setup": {
        *("set rules", "appoint group_secretary", "set quota", "deviate", "confirm_deviation", "hang"),
        *("end GroupRuleSet", "end PostQuota", "end Deviation", "end Plaque"),
        *("appraise", "extend", "confirm_extension", "reward", "confirm_incentive"),
    },
    "rotations": {
        *("propose rotation", "agree_sending", "agree_receiving", "approve_rotation", "file"),
        *("stop rotation", "withdraw rotation", "refuse rotation", "renew rotation"),
    },
}


def missing() -> dict[str, set[str]]:
    """part → what has not gone through yet."""
    found = {part: deeds - set(Lives.done) for part, deeds in DEEDS.items()}
    return {part: deeds for part, deeds in found.items() if deeds}


def live_on(seeds: range) -> None:
    """One more life, given to what was too rare so far."""
    life = Lives()
    try:
        for seed in seeds:
            if parts := sorted(missing()):
                life.acts(parts[seed % len(parts)], seed)
                life.looks_about()
    finally:
        life.teardown()


def stage(world: Any) -> None:
    """Beside the small world: a kindergarten, an empty group, a president whose tenure ends before the term."""
    world.schools["school_k"] = register.register_school(
        name="示例幼儿园",
        short_name="示例幼",
        identifier="2132000099",
        credit_code=credit_code(99),
        stage="kindergarten",
        opened_on=dt.date(2010, 9, 1),
        position=99,
        level="city",
        document="昆编〔2010〕1号",
        by=fresh(world.personnel),
    )
    world.new_group = register.found(
        name="示例新教育集团",
        short_name="示新集团",
        code="SX",
        model_type=ModelType.LEAD_AND_NEW,
        founded_on=START,
        founding_document=DOCUMENT,
        decision="专项工作组第 2 次会议",
        by=fresh(world.basic),
    )
    facts = {"valid_to": START + 200 * A_DAY, "term_end": START + 900 * A_DAY}
    appoint(world, "head_a", Post.GROUP_PRESIDENT, world.preparing, **facts)


def test_rights_follow_from_posts_whatever_happens(world: Any) -> None:
    stage(world)
    Lives.world, Lives.done = world, Counter()
    Lives.staff = [on_staff(world, world.school_a), on_staff(world, world.school_a)]
    # The same lives each time: a run that fails for want of luck would teach nobody anything.
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for life in range(12):
        live_on(range(60 * life, 60 * life + 60))
    assert missing() == {}
    assert "leave as lead" not in Lives.done
