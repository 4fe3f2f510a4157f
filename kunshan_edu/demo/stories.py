"""How a fund request of the demonstration goes on, from draft to its end: who does what, when, with what words."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from random import Random
from typing import Any

from finance.actions import deciding, drafting, paying, submitting
from finance.actions.cases import open_steps, submitted_version
from finance.choices import Act, RequestState, Role
from finance.models import FundRequest, RequestStep
from finance.rules.fund_request import REJECTING
from groups.models import School
from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from kunshan_edu.demo.city import City, at_work
from personnel.choices import Post

POST_OF = {
    Role.EXECUTIVE_PRINCIPAL: Post.EXECUTIVE_PRINCIPAL,
    Role.GROUP_FINANCE: Post.GROUP_FINANCE,
    Role.GROUP_PRESIDENT: Post.GROUP_PRESIDENT,
    Role.DISTRICT: Post.DISTRICT_OFFICER,
    Role.BUREAU_FINANCE: Post.BUREAU_FINANCE,
    Role.BUREAU_LEADER: Post.BUREAU_LEADER,
}
AGREED = ("同意。", "同意。", "情况属实，同意。", "符合预算安排，同意列支。", "同意，按标准执行。", "")
RETURNED = (
    "请补充参加人员名单和通知后再报。",
    "请补充三家报价的比较。",
    "用途说明过于笼统，请写明数量和单价的依据。",
    "使用日期与活动方案不一致，请核对。",
)
REJECTED = (
    "与本年度已批事项重复，不予批准。",
    "不属于专项经费的用途，请从公用经费列支。",
    "本学期同类培训已经统一安排。",
)
CANCELLED = ("活动因故取消，不再实施。", "改由区镇统一采购，本申请作废。")


class Fate(Enum):
    """What becomes of a request."""

    DRAFT = auto()
    WAITING = auto()  # stays at a step
    APPROVED = auto()
    PAYING = auto()  # the first of several schools has paid
    PAID = auto()
    RETURNED = auto()  # and not taken up again
    MENDED = auto()  # returned once, then approved and paid
    REJECTED = auto()
    WITHDRAWN = auto()
    CANCELLED = auto()


@dataclass
class Story:
    """A request to come. after: a waiting one stops once so many steps are decided."""

    group: str
    year: int
    school: str | None
    by: User
    title: str
    purpose: str
    payee: str
    lines: list[tuple[str, str, str, Decimal]]  # school, category, description, yuan
    rng: Random
    fate: Fate = Fate.PAID
    after: int = 0
    beneficiary: User | None = None
    hurried: bool = False
    agreed: list[User] = field(default_factory=list)


def later(story: Story, least: float, most: float) -> dt.datetime:
    """A moment so many hours on, in office hours."""
    hours = story.rng.uniform(least, most) / (8 if story.hurried else 1)
    return at_work((clock.now() + dt.timedelta(hours=hours)).replace(microsecond=0))


def _lines(city: City, story: Story) -> list[dict[str, Any]]:
    return [
        {
            "school": city.schools[school],
            "category": city.categories[category],
            "description": words,
            "amount": yuan,
        }
        for school, category, words, yuan in story.lines
    ]


def _draft(city: City, story: Story) -> FundRequest:
    return drafting.draft(
        fund=city.funds[story.group, story.year],
        school=city.schools[story.school] if story.school else None,
        title=story.title,
        purpose=story.purpose,
        used_on=clock.today() + dt.timedelta(days=story.rng.randint(9, 30)),
        payee=story.payee,
        beneficiary=story.beneficiary,
        lines=_lines(city, story),
        by=story.by,
    )


def holders(city: City, step: RequestStep) -> list[User]:
    """Who holds the post that a step asks."""
    columns = ("school_id", "group_id", "district_id", "bureau_id")
    return city.holders(POST_OF[Role(step.role)], **{column: getattr(step, column) for column in columns})


def decider(city: City, story: Story, step: RequestStep) -> User:
    """Who decides a step: a holder of its post who neither asked, nor benefits, nor has agreed before."""
    avoid = (story.by, story.beneficiary, *story.agreed)
    return next(user for user in holders(city, step) if user not in avoid)


def _idem(story: Story) -> uuid.UUID:
    return uuid.UUID(int=story.rng.getrandbits(128), version=4)


def _minutes(city: City, story: Story, row: FundRequest) -> None:
    group = city.groups[story.group]
    due = story.rng.randint(7, 9)
    deciding.record_minutes(
        row,
        body=f"{group.short_name}校长办公会",
        number=city.document(f"{group.short_name}会纪"),
        held_on=clock.today(),
        due=due,
        present=due - story.rng.randint(0, 2),
        conclusion="经集体讨论，同意按预算列支，分管负责人落实。",
        by=city.holders(Post.GROUP_OFFICE, group_id=group.pk)[0],
    )


def _refuse(city: City, story: Story, row: FundRequest) -> FundRequest:
    step = open_steps(submitted_version(row))[0]
    act, words = (deciding.reject, REJECTED) if story.fate == Fate.REJECTED else (deciding.return_, RETURNED)
    return act(row, opinion=story.rng.choice(words), idem=_idem(story), by=decider(city, story, step))


def _approve(city: City, story: Story, row: FundRequest, step: RequestStep) -> FundRequest:
    version = submitted_version(row)
    if step.act == Act.APPROVE and version.needs_minutes and not row.minutes.exists():
        _minutes(city, story, row)
    words, by = story.rng.choice(AGREED), decider(city, story, step)
    story.agreed.append(by)
    return deciding.approve(row, opinion=words, idem=_idem(story), by=by)


def _pay(city: City, story: Story, row: FundRequest, school: School, most: Decimal) -> FundRequest:
    number = city.vouchers[school.pk] = city.vouchers.get(school.pk, 0) + story.rng.randint(3, 17)
    less = story.rng.choice((0, 0, 0, 0, 1, 2, 4)) * most / 100
    return paying.pay(
        row,
        amount=(most - less).quantize(Decimal("0.01")),
        voucher_no=f"{story.year}记{number:05d}",
        paid_on=clock.today(),
        school=school,
        idem=_idem(story),
        by=city.holders(Post.CASHIER, school_id=school.pk)[0],
    )


def _resubmit(city: City, story: Story, row: FundRequest) -> FundRequest:
    drafting.edit(row, purpose=f"{story.purpose}（已按意见补充）", lines=_lines(city, story), by=story.by)
    return submitting.submit(row, by=story.by)


def _decisions(city: City, story: Story, row: FundRequest) -> Generator[dt.datetime, None, FundRequest]:
    """Step after step, until all have agreed or as many as the story lets decide; gives the request as it then is."""
    done = 0
    while (story.fate, done) != (Fate.WAITING, story.after):
        row = _approve(city, story, row, open_steps(submitted_version(row))[0])
        if row.state == RequestState.APPROVED:
            break
        done += 1
        yield later(story, 2, 30)
    return row


def _checked(city: City, story: Story, row: FundRequest) -> Generator[dt.datetime, None, FundRequest]:
    """The steps that only check and so do not reject agree, until one that may reject is open."""
    while (step := open_steps(submitted_version(row))[0]).act not in REJECTING:
        row = _approve(city, story, row, step)
        yield later(story, 2, 30)
    return row


def _payments(city: City, story: Story, row: FundRequest) -> Iterator[dt.datetime]:
    borne: dict[str, Decimal] = {}
    for school, _category, _words, yuan in story.lines:
        borne[school] = borne.get(school, Decimal(0)) + yuan
    for number, (school, most) in enumerate(borne.items()):
        if number and story.fate == Fate.PAYING:
            return
        row = _pay(city, story, row, city.schools[school], most)
        yield later(story, 4, 24)


def told(city: City, story: Story) -> Iterator[dt.datetime]:
    """Play the story; what it yields is the moment at which it goes on."""
    row = _draft(city, story)
    if story.fate == Fate.DRAFT:
        return
    yield later(story, 0.2, 3)
    row = submitting.submit(row, by=story.by)
    yield later(story, 2, 26)
    if story.fate == Fate.WITHDRAWN:
        deciding.withdraw(row, by=story.by)
        return
    if story.fate == Fate.REJECTED:
        row = yield from _checked(city, story, row)
    if story.fate in (Fate.REJECTED, Fate.RETURNED, Fate.MENDED):
        row = _refuse(city, story, row)
        if story.fate != Fate.MENDED:
            return
        yield later(story, 6, 48)
        row = _resubmit(city, story, row)
        yield later(story, 2, 26)
    row = yield from _decisions(city, story, row)
    if row.state != RequestState.APPROVED or story.fate == Fate.APPROVED:
        return
    yield later(story, 20, 90)
    if story.fate == Fate.CANCELLED:
        deciding.cancel(row, opinion=story.rng.choice(CANCELLED), by=_canceller(city, story, row))
        return
    yield from _payments(city, story, row)


def _canceller(city: City, story: Story, row: FundRequest) -> User:
    step = submitted_version(row).steps.filter(act=Act.APPROVE).last()
    return next(user for user in holders(city, step) if user != story.by)
