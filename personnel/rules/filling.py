"""Whether a post can be filled in some days: its group exists, the seat is free, the quota is not used up. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kunshan_edu.core.denials import Denial, _
from kunshan_edu.core.guideline import Clause

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """Half-open: `after` is the first day that no longer counts, None for no end."""

    first: dt.date
    after: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.after is None or day < self.after)

    def meets(self, other: Days) -> bool:
        """Is there a day in both?"""
        start = max(self.first, other.first)
        return self.covers(start) and other.covers(start)


@dataclass(frozen=True)
class Holder:
    """Somebody who holds the post in question: in the same place, or the same person in another."""

    name: str
    days: Days


@dataclass(frozen=True)
class Quota:
    """职数 (4.1.h, 4.1.o): how many may hold the post at once in these days, by which document."""

    posts: int
    document: str
    days: Days


@dataclass(frozen=True)
class FillCase:
    """A post to be filled. seat: who holds it there. elsewhere: where the same person holds it. deviations: confirmed
    exceptions from the quota. separate: the group's rule-set has a secretary beside the president in these days."""

    post: str
    place: str
    days: Days
    is_acting: bool = False
    is_dissolved: bool = False
    is_separate: bool = True
    seat: tuple[Holder, ...] = ()
    elsewhere: tuple[Holder, ...] = ()
    quotas: tuple[Quota, ...] = ()
    deviations: tuple[Days, ...] = ()


# 每个单位只有 1 名: post → the constraint that says so, the words, the clause.
ONE_PER_PLACE = {
    "group_president": ("one_president_per_group", _("集团设总校长 1 名"), Clause.C4_1_A),
    "group_secretary": ("one_group_secretary_per_group", _("集团党组织书记只有 1 名"), Clause.C4_1_D),
    "deputy_secretary": ("one_deputy_secretary_per_group", _("集团设副书记 1 名"), Clause.C4_1_F),
    "executive_principal": (
        "one_executive_principal_per_school",
        _("成员学校设执行校长 1 名"),
        Clause.C4_1_K,
    ),
}
ONE_PER_PERSON = {
    "group_president": ("one_presidency_per_person", _("一人只能任一个集团的总校长"), Clause.C4_1_A),
    "executive_principal": (
        "one_principalship_per_person",
        _("一人只能任一所学校的执行校长，代理除外"),
        Clause.C4_1_K,
    ),
}
GROUP_QUOTAS = (
    "group_office",
    "deputy_secretary",
)  # the posts that a group adds (4.1.h), the others are a school's
TAKEN = _("%(rule)s：%(holder)s自%(first)s起在任，请先办理其免职。")
TAKEN_UNTIL = _("%(rule)s：%(holder)s任职至%(last)s，请把任职日期改到此后，或先办理其免职。")


def cannot_fill(case: FillCase) -> Denial | None:
    """任职期间: why the post cannot be held in these days; each refusal is about a field of the form."""
    if case.is_dissolved:
        return Denial(
            "dissolved_group_has_no_posts",
            _("该集团已撤销，不能再任用集团职务。"),
            Clause.C6_1_E,
            field="container",
        )
    if not case.is_separate:
        return Denial(
            "secretary_is_separate_by_rule_set",
            _("按 132 号文总校长兼任书记；书记、校长分设的集团须先登记适用规定及其文件。"),
            Clause.C4_1_D,
            field="container",
        )
    taken = _taken(case, case.seat, ONE_PER_PLACE)
    if taken is None and not case.is_acting:
        taken = _taken(case, case.elsewhere, ONE_PER_PERSON, field="person")
    return taken or over_quota(case)


def _taken(
    case: FillCase,
    holders: Iterable[Holder],
    rules: dict[str, tuple[str, str, Clause]],
    field: str = "valid_from",
) -> Denial | None:
    """The first holder whose days meet those of the case."""
    if case.post not in rules:
        return None
    code, words, clause = rules[case.post]
    for holder in holders:
        if holder.days.meets(case.days):
            after = holder.days.after
            params = {"rule": words, "holder": holder.name, "first": holder.days.first}
            if after is not None:
                params["last"] = after - A_DAY
            return Denial(code, TAKEN if after is None else TAKEN_UNTIL, clause, field=field, params=params)
    return None


def over_quota(case: FillCase) -> Denial | None:
    """超出职数: on some day of the case one more holder would be above the quota, and no deviation covers it."""
    for quota in case.quotas:
        for day in _days_to_count(case, quota):
            held = sum(holder.days.covers(day) for holder in case.seat)
            if held >= quota.posts and not any(days.covers(day) for days in case.deviations):
                return Denial(
                    "quota_is_not_exceeded",
                    _(
                        "超出核定职数：%(place)s核定 %(posts)s 名（%(document)s），%(day)s已有 %(held)s 名在任，"
                        "请先办理免职，或由人事科调整职数。"
                    ),
                    Clause.C4_1_H if case.post in GROUP_QUOTAS else Clause.C4_1_O,
                    field="container",
                    params={
                        "place": case.place,
                        "posts": quota.posts,
                        "document": quota.document,
                        "day": day,
                        "held": held,
                    },
                )
    return None


def _days_to_count(case: FillCase, quota: Quota) -> Iterator[dt.date]:
    """The most are there at once on the first day, on a day when somebody begins, or when a deviation is over."""
    starts = {max(days.first, case.days.first, quota.days.first) for days in (case.days, *_all(case))}
    starts |= {days.after for days in case.deviations if days.after is not None}
    yield from sorted(day for day in starts if case.days.covers(day) and quota.days.covers(day))


def _all(case: FillCase) -> Iterator[Days]:
    return (holder.days for holder in case.seat)
