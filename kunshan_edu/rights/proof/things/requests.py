"""Makes fund requests through actions, and says of each what the matrix has to know."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from finance.actions import deciding, drafting, submitting
from finance.models import FundRequest
from kunshan_edu.rights.facts import LEVEL_OF, Facts, Limits, Step
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import Scene, Thing

CENT = Decimal("0.01")
Chain = list[tuple[str, str]]
PRINCIPAL, PRESIDENT, LEADER = "executive_principal", "group_president", "bureau_leader"
MINUTES = {"body": "党委会", "number": "1", "due": 3, "present": 2, "conclusion": "同意。"}


class Requests:
    """Makes fund requests and says of each what the matrix has to know."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.world = scene, scene.world
        self.small = developer("tests.world")
        self.deciders = {
            "group_finance": "group_finance",
            PRESIDENT: "president",
            "district": "district_officer",
            "bureau_finance": "finance_1",
            LEADER: "leader",
        }

    def user(self, word: str) -> Any:
        return self.world.users[word]

    def draft(
        self,
        amount: Decimal,
        who: str = "clerk_a",
        school: str | None = "school_a",
        bearers: tuple[str, ...] = (),
        beneficiary: str = "",
        fund: str = "fund",
    ) -> FundRequest:
        """A draft whose title and payee are its canary; the amount is shared by the schools that bear it."""
        word, bearers = self.scene.canary(), bearers or (school or "",)
        shares = [(amount / len(bearers)).quantize(CENT)] * (len(bearers) - 1)
        lines = [
            {
                "school": self.world.schools[bearer],
                "category": self.world.categories["research"],
                "description": "示例用途",
                "amount": share,
            }
            for bearer, share in zip(bearers, [*shares, amount - sum(shares, Decimal(0))], strict=True)
        ]
        return drafting.draft(
            fund=getattr(self.world, fund),
            school=self.world.schools[school] if school else None,
            title=word,
            purpose="示例事由",
            used_on=self.scene.today,
            payee=f"{word}书店",
            beneficiary=self.user(beneficiary) if beneficiary else None,
            lines=lines,
            by=self.user(who),
        )

    def place(self, role: str, row: FundRequest, bearer: str) -> int:
        """The id of the container whose right a step asks for."""
        school = self.world.schools[bearer]
        return {
            PRINCIPAL: school.pk,
            "district": self.world.district.pk,
            "bureau_finance": self.world.bureau.pk,
            LEADER: self.world.bureau.pk,
        }.get(role, row.fund.group_id)

    def decider(self, role: str, bearer: str) -> str:
        return {**self.deciders, PRINCIPAL: f"principal_{bearer[-1]}"}[role]

    def agree(
        self, row: FundRequest, chain: Chain, bearer: str, steps: int, lacks_minutes: bool
    ) -> FundRequest:
        """Have the first steps of the chain agree, with minutes before the deciding one where they are needed."""
        if row.amount >= self.small.C and not lacks_minutes:
            deciding.record_minutes(row, by=self.user("office"), **MINUTES, held_on=self.scene.today)
        for role, _act in chain[:steps]:
            row = deciding.approve(row, by=self.user(self.decider(role, bearer)))
        return FundRequest.objects.get(pk=row.pk)

    def facts(self, row: FundRequest, bearers: tuple[str, ...], **said: Any) -> Facts:
        schools = [self.world.schools[bearer] for bearer in bearers]
        district = frozenset({self.world.district.pk}) if "school_c" in bearers else frozenset()
        group = frozenset({row.fund.group_id})
        unit = (
            {"group": group}
            if row.school_id is None
            else {"school": frozenset({row.school_id}), "group": group}
        )
        return Facts(
            schools=frozenset(school.pk for school in schools)
            | ({row.school_id} if row.school_id else set()),
            groups=group,
            districts=district,
            unit=unit,
            state=row.state,
            owner=row.requester_id,
            beneficiary=row.beneficiary_id,
            origin="school" if row.school_id else "group",
            amount=row.amount,
            limits=Limits(self.small.E, self.small.P, self.small.C),
            numbered=bool(row.number),
            **said,
        )

    def on_its_way(
        self,
        word: str,
        amount: Decimal,
        chain: Chain,
        steps: int,
        *,
        lacks_minutes: bool = False,
        **draft: Any,
    ) -> Thing:
        """A submitted request of which the first `steps` steps are done."""
        bearers = draft.get("bearers") or (draft.get("school", "school_a"),)
        row = self.draft(amount, **draft)
        row = submitting.submit(row, by=row.requester)
        row = self.agree(row, chain, bearers[0], steps, lacks_minutes)
        done = frozenset(self.user(self.decider(role, bearers[0])).pk for role, _act in chain[:steps])
        waiting = chain[steps : steps + 1]
        confirming = [b for b in bearers for role, _act in waiting if role == PRINCIPAL] or bearers[:1]
        open_steps = tuple(
            Step(role, act, self.place(role, row, bearer)) for role, act in waiting for bearer in confirming
        )
        facts = self.facts(
            row,
            bearers,
            open_steps=open_steps,
            decided=self.decided(row, chain, bearers),
            approvers=done,
            approvals=steps,
            has_minutes=amount >= self.small.C and not lacks_minutes,
            unpaid=frozenset(self.world.schools[b].pk for b in bearers),
        )
        return self.thing(word, row, facts)

    def decided(self, row: FundRequest, chain: Chain, bearers: tuple[str, ...]) -> tuple[Step, ...]:
        return tuple(
            Step(role, act, self.place(role, row, bearers[0])) for role, act in chain if act == "approve"
        )

    def lifted(self, word: str, amount: Decimal, chain: Chain, **draft: Any) -> Thing:
        """A request that went to superiors, because its own decider is the requester or the beneficiary."""
        row = self.draft(amount, **draft)
        row = submitting.submit(row, by=row.requester)
        steps = [Step(role, act, self.place(role, row, "school_a"), lifted=True) for role, act in chain]
        decided = tuple(step for step in steps if step.act == "approve")
        said = {"open_steps": (steps[0],), "decided": decided, "level": LEVEL_OF[decided[0].role]}
        return self.thing(word, row, self.facts(row, ("school_a",), **said))

    def thing(self, word: str, row: FundRequest, facts: Facts) -> Thing:
        version = row.versions.filter(number=row.current).first()
        seen = {
            "version": row.current or 1,
            "digest": version.digest if version else "x",
            "amount": str(row.amount),
        }
        return Thing("fund_request", word, row, facts, row.title, {"seen": seen})

    def again(self, thing: Thing, approvers: frozenset[int] = frozenset(), **said: Any) -> Thing:
        """The thing as it is now: no step is open any more."""
        row = FundRequest.objects.get(pk=thing.pk)
        approvers |= thing.facts.approvers
        facts = replace(thing.facts, state=row.state, open_steps=(), approvers=approvers, **said)
        return self.thing(thing.word, row, facts)
