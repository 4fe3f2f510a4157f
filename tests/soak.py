"""One process of the soak: so many random verbs on random requests by random people.

Run as `python -m tests.soak SEED VERBS` against the database that DATABASE_URL names. Prints what happened as JSON;
any exception other than a refusal ends it with a traceback.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from decimal import Decimal
from typing import Any

import django

DOCUMENT = "昆教财〔2024〕9号"
STATES = {"submit": ("draft", "returned"), "approve": ("pending",), "pay": ("approved", "paying")}


def lines(chance: random.Random, schools: list[Any], categories: list[Any]) -> list[dict[str, Any]]:
    """One to three lines, some of them large enough to need minutes."""
    return [
        {
            "school": chance.choice(schools),
            "category": chance.choice(categories),
            "description": "示例用途",
            "amount": Decimal(chance.choice([300, 4860, 9999, 12000, 51000]))
            + Decimal(chance.randrange(100)) / 100,
        }
        for _ in range(chance.randint(1, 3))
    ]


class Soaker:
    """A process with its own chance, acting as everybody in turn."""

    def __init__(self, seed: int) -> None:
        from finance.models import ExpenseCategory, GroupFund
        from groups.models import School
        from kunshan_edu.core.models import User

        self.chance = random.Random(seed)  # noqa: S311 - chance for a test, not for a secret
        self.users = list(User.objects.order_by("pk"))
        self.fund = GroupFund.objects.order_by("pk").first()
        self.schools = list(School.objects.members_of(self.fund.group))
        self.categories = list(ExpenseCategory.objects.all())
        self.told: Counter[str] = Counter()

    def request(self, name: str) -> Any:
        """One of the latest; half the time one on which the verb may do something."""
        from finance.models import FundRequest

        rows = FundRequest.objects.order_by("-pk")
        if name in STATES and self.chance.random() < 0.5:
            rows = rows.filter(state__in=STATES[name])
        pks = list(rows.values_list("pk", flat=True)[:40])
        return FundRequest.objects.get(pk=self.chance.choice(pks)) if pks else None

    def draft(self, by: Any, _row: Any) -> None:
        from finance.actions import drafting
        from kunshan_edu.core import clock

        drafting.draft(
            fund=self.fund,
            school=self.chance.choice([*self.schools, None]),
            title="示例事项",
            purpose="示例事由",
            used_on=clock.today(),
            payee=self.chance.choice(["示例书店", "示例印刷厂", "示例酒店"]),
            lines=lines(self.chance, self.schools, self.categories),
            beneficiary=self.chance.choice([None, None, by, self.chance.choice(self.users)]),
            by=by,
        )

    def edit(self, by: Any, row: Any) -> None:
        from finance.actions import drafting

        drafting.edit(
            row, by=by, lines=lines(self.chance, self.schools, self.categories), title="示例事项（改）"
        )

    def pay(self, by: Any, row: Any) -> None:
        from finance.actions import paying
        from kunshan_edu.core import clock

        paying.pay(
            row,
            amount=Decimal(self.chance.randint(1, 12000)),
            voucher_no=str(self.chance.randrange(10**9)),
            paid_on=clock.today(),
            by=by,
        )

    def minutes(self, by: Any, row: Any) -> None:
        from finance.actions import deciding
        from kunshan_edu.core import clock

        deciding.record_minutes(
            row,
            body="集团党委会",
            number="纪要 1",
            held_on=clock.today(),
            due=9,
            present=self.chance.randint(5, 9),
            conclusion="同意",
            by=by,
        )

    def budget(self, by: Any, _row: Any) -> None:
        from finance.actions import budget
        from finance.models import BudgetLine

        line = self.chance.choice(list(BudgetLine.objects.filter(fund=self.fund)))
        budget.cut(line, amount=Decimal(self.chance.randint(1, 90000)), document=DOCUMENT, by=by)

    def allocate(self, by: Any, _row: Any) -> None:
        from finance.actions import budget

        budget.allocate(
            self.fund,
            school=self.chance.choice(self.schools),
            category=self.chance.choice(self.categories),
            amount=Decimal(self.chance.randint(1, 9000)),
            document=DOCUMENT,
            by=by,
        )

    def act(self) -> None:
        """One verb; a refusal is counted by its code, everything else is a fault."""
        from finance.actions import deciding, submitting
        from finance.models import FundRequest
        from kunshan_edu.core.denials import Denied

        verbs: list[tuple[str, int, Any]] = [
            ("draft", 4, self.draft),
            ("edit", 1, self.edit),
            ("submit", 6, lambda by, row: submitting.submit(row, by=by)),
            ("approve", 14, lambda by, row: deciding.approve(row, by=by)),
            ("return", 2, lambda by, row: deciding.return_(row, by=by, opinion="请补充")),
            ("reject", 1, lambda by, row: deciding.reject(row, by=by, opinion="不符")),
            ("withdraw", 1, lambda by, row: deciding.withdraw(row, by=by)),
            ("cancel", 1, lambda by, row: deciding.cancel(row, by=by, opinion="不再需要")),
            ("minutes", 2, self.minutes),
            ("pay", 4, self.pay),
            ("allocate", 1, self.allocate),
            ("cut", 1, self.budget),
        ]
        name, _weight, verb = self.chance.choices(verbs, weights=[w for _n, w, _v in verbs])[0]
        row = self.request(name)
        likely = self.likely(name, row)
        by = (
            self.chance.choice(likely)
            if likely and self.chance.random() < 0.8
            else self.chance.choice(self.users)
        )
        try:
            if row is not None or name in ("draft", "allocate", "cut"):
                verb(by, row)
                self.told[name] += 1
        except (Denied, FundRequest.DoesNotExist) as refusal:
            self.told[getattr(getattr(refusal, "denial", None), "code", "gone")] += 1

    def likely(self, name: str, row: Any) -> list[Any]:
        """Who may do it, so that most tries reach the database and not only a rule."""
        from finance.actions.cases import current_version
        from finance.actions.chain import eligible
        from groups.choices import Authority
        from groups.models import Bureau
        from kunshan_edu.core import access

        if name in ("allocate", "cut"):
            return list(access.holders(Authority.ALLOCATE_BUDGET, Bureau.objects.get()))
        if name == "draft":
            found = [u for s in self.schools for u in access.holders(Authority.DRAFT_SCHOOL_REQUEST, s)]
            return found + list(access.holders(Authority.DRAFT_GROUP_REQUEST, self.fund.group))
        if row is None:
            return []
        if name in ("submit", "edit", "withdraw", "minutes"):
            return [row.requester]
        if name == "pay":
            return [u for s in self.schools for u in access.holders(Authority.RECORD_PAYMENT, s)]
        version = current_version(row)
        return [u for step in version.steps.open() for u in eligible(step)] if version else []


def main(seed: int, verbs: int) -> None:
    soaker = Soaker(seed)
    for _ in range(verbs):
        soaker.act()
    sys.stdout.write(json.dumps(soaker.told))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
