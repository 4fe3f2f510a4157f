"""审批链: from the Measures' limits to the steps of a request, each with the reason it is there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from kunshan_edu.core.denials import Denial, Denied, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.money import format_money

PRINCIPAL, PRESIDENT, LEADER = "executive_principal", "group_president", "bureau_leader"
GROUP_FINANCE, DISTRICT, BUREAU_FINANCE = "group_finance", "district", "bureau_finance"
# Who decides in the place of whom, from the school up to the bureau.
SUPERIOR = {
    PRINCIPAL: PRESIDENT,
    PRESIDENT: LEADER,
    GROUP_FINANCE: BUREAU_FINANCE,
    DISTRICT: BUREAU_FINANCE,
    BUREAU_FINANCE: LEADER,
}
RANK = {PRINCIPAL: 1, PRESIDENT: 2, LEADER: 3}
UPWARDS = (PRINCIPAL, GROUP_FINANCE, PRESIDENT, DISTRICT, BUREAU_FINANCE, LEADER)
BUREAU_ROLES = (BUREAU_FINANCE, LEADER)

NO_LIMIT = Denial(
    "no_limit_matches",
    _("使用办法没有为该金额和类别设定审批限额，请联系市教育局计财科。"),
    Clause.C4_2_L,
)
NO_MEASURES = Denial(
    "no_measures",
    _("《集团管理专项经费使用办法》尚未施行，无法确定审批人；制定前可以保存草稿。"),
    Clause.C4_2_K,
)
BUREAU_VACANT = Denial(
    "bureau_vacant",
    _("市教育局没有可以办理本申请的审批人，请联系人事科办理任职。"),
    Clause.C4_2_L,
)


@dataclass(frozen=True)
class LimitStep:
    """One step of a limit: role and act (consent, check, review, approve, confirm)."""

    role: str
    act: str


@dataclass(frozen=True)
class Limit:
    """above < amount ≤ up_to yuan (None: no upper bound) of one category (None: any) are decided by `role`."""

    role: str
    above: Decimal
    up_to: Decimal | None
    category: int | None
    steps: tuple[LimitStep, ...]

    def covers(self, amount: Decimal) -> bool:
        return self.above < amount and (self.up_to is None or amount <= self.up_to)


@dataclass(frozen=True)
class Place:
    """A container as the chain needs it: kind (school, group, district, bureau), id, its name for people."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class Setting:
    """Everything that the chain of one request follows from.

    holders: (role, container id) → ids of the users who hold the role's right today, by appointment or by a
    delegation that reaches the amount. delegates: those of them who hold it by delegation only. avoid: requester
    and beneficiary. serving: who holds a post in the group, and so decides nothing of it for the bureau. schools and
    districts: the bearing schools, and the districts that fund some of them.
    """

    amount: Decimal
    band_amount: Decimal
    categories: frozenset[int]
    limits: tuple[Limit, ...]
    document: str
    schools: tuple[Place, ...]
    group: Place
    districts: tuple[Place, ...]
    bureau: Place
    holders: Mapping[tuple[str, int], frozenset[int]]
    avoid: frozenset[int]
    delegates: Mapping[tuple[str, int], frozenset[int]] = field(default_factory=dict)
    serving: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PlannedStep:
    """A step as it will be stored: who is asked, where, why, and in whose place. delegates: who of them stand in."""

    role: str
    act: str
    place: Place
    why: str
    seq: int = 0
    reason: str = "limit"
    instead_of: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    people: frozenset[int] = frozenset()
    delegates: frozenset[int] = frozenset()


def limit_for(limits: Iterable[Limit], amount: Decimal, category: int) -> Limit:
    """The one limit that covers the amount: of the category itself before that of any; Denied when there is none."""
    fitting = [x for x in limits if x.covers(amount) and x.category in (category, None)]
    fitting.sort(key=lambda x: x.category is None)
    if not fitting:
        raise Denied(NO_LIMIT)
    return fitting[0]


def deciding_limit(setting: Setting) -> Limit:
    """The limit of the highest deciding role among the categories of the request."""
    found = [limit_for(setting.limits, setting.band_amount, c) for c in sorted(setting.categories)]
    return max(found, key=lambda x: RANK[x.role])


def _places(role: str, setting: Setting) -> tuple[Place, ...]:
    if role == PRINCIPAL:
        return setting.schools
    if role in (GROUP_FINANCE, PRESIDENT):
        return (setting.group,)
    if role == DISTRICT:
        return setting.districts
    return (setting.bureau,)


def _why(limit: Limit, step: LimitStep, setting: Setting) -> tuple[str, dict[str, Any]]:
    params = {"amount": format_money(setting.band_amount), "document": setting.document}
    if step.act == "confirm":
        return _("费用由该校承担并独立建账，由其法定代表人确认入账（%(document)s）。"), params
    if step.role == DISTRICT:
        return _("承担学校隶属区镇，由区镇财政保障，先经区镇审核（%(document)s）。"), params
    if step.act != "approve":
        return _("终审之前的环节：按 %(document)s 逐级办理。"), params
    if limit.up_to is None:
        params["above"] = format_money(limit.above)
        return _("计算金额 %(amount)s 元，超过 %(above)s 元，由本级终审（%(document)s）。"), params
    params["up_to"] = format_money(limit.up_to)
    if limit.above == 0:
        return _("计算金额 %(amount)s 元，不超过 %(up_to)s 元，由本级终审（%(document)s）。"), params
    params["above"] = format_money(limit.above)
    return (
        _("计算金额 %(amount)s 元，大于 %(above)s 元、不超过 %(up_to)s 元，由本级终审（%(document)s）。"),
        params,
    )


def _by_limit(limit: Limit, setting: Setting) -> list[PlannedStep]:
    planned: list[PlannedStep] = []
    for seq, step in enumerate(limit.steps):
        why, params = _why(limit, step, setting)
        planned += [
            PlannedStep(step.role, step.act, place, why, seq, params=params)
            for place in _places(step.role, setting)
        ]
    return planned


AVOIDANCE_WHY = _("%(role)s是申请人、受益人，或办理本申请的其他环节，应当回避，由上一级办理。")
VACANT_WHY = _("%(place)s的%(role)s空缺，由市教育局办理；空缺不等于同意。")
ROLE_WORDS = {
    PRINCIPAL: _("执行校长"),
    PRESIDENT: _("总校长"),
    GROUP_FINANCE: _("集团财务"),
    DISTRICT: _("区镇经办"),
    BUREAU_FINANCE: _("计财科"),
    LEADER: _("局领导"),
}


def _instead(step: PlannedStep, role: str, act: str, reason: str, setting: Setting) -> PlannedStep:
    why = VACANT_WHY if reason == "vacant" else AVOIDANCE_WHY
    return replace(
        step,
        role=role,
        act=act,
        place=_places(role, setting)[0],
        why=why,
        reason=reason,
        instead_of=step.instead_of or step.role,
        params={"role": ROLE_WORDS[step.role], "place": step.place.name},
    )


def _superiors(step: PlannedStep, reason: str, setting: Setting) -> list[PlannedStep]:
    """What takes the place of a step that nobody may decide: the superior, or the bureau when it is vacant."""
    if reason == "vacant" and step.role not in BUREAU_ROLES:
        superior = LEADER if step.act == "approve" else BUREAU_FINANCE
    else:
        superior = SUPERIOR.get(step.role, "")
    if not superior:
        raise Denied(BUREAU_VACANT)
    lifted = _instead(step, superior, step.act, reason, setting)
    if superior == LEADER and step.act == "approve" and step.role != BUREAU_FINANCE:
        return [_instead(step, BUREAU_FINANCE, "review", reason, setting), lifted]
    return [lifted]


def _covers(other: PlannedStep, step: PlannedStep) -> bool:
    """Does `other` already ask the role and place that `step` was lifted to? Only a decision covers a decision."""
    if (other.role, other.place) != (step.role, step.place) or "confirm" in (other.act, step.act):
        return False
    return step.act != "approve" or other.act == "approve"


@dataclass
class _Builder:
    """Builds a chain in which every step has people who may decide it, and nobody who alone decides one another.

    used: who alone decides a step so far. confirming: who alone confirms the booking of a school; they keep that
    step, so that the decision is another's.
    """

    setting: Setting
    confirming: frozenset[int]
    used: frozenset[int] = frozenset()
    chain: list[PlannedStep] = field(default_factory=list)

    def ask(self, step: PlannedStep, later: list[PlannedStep]) -> None:
        """Add the step, or what takes its place, as often as needed; nothing when a lifted step is covered."""
        if step.instead_of and any(_covers(other, step) for other in self.chain + later):
            return
        key = (step.role, step.place.id)
        holders = self.setting.holders.get(key, frozenset())
        people = holders - self.setting.avoid - self.used
        if step.act != "confirm":
            people -= self.confirming
        if step.role in BUREAU_ROLES:
            people -= self.setting.serving
        if people:
            delegates = people & self.setting.delegates.get(key, frozenset())
            self.chain.append(replace(step, people=people, delegates=delegates))
            self.used |= people if len(people) == 1 else frozenset()
            return
        superiors = _superiors(step, "avoidance" if holders else "vacant", self.setting)
        for index, superior in enumerate(superiors, 1):
            self.ask(superior, superiors[index:] + later)


def _resolved(planned: list[PlannedStep], setting: Setting) -> list[PlannedStep]:
    able = (
        setting.holders.get((s.role, s.place.id), frozenset()) - setting.avoid
        for s in planned
        if s.act == "confirm"
    )
    builder = _Builder(setting, frozenset().union(*(people for people in able if len(people) == 1)))
    for index, step in enumerate(planned, 1):
        builder.ask(step, planned[index:])
    # what was lifted comes after the steps beside it: the superior decides last
    return sorted(builder.chain, key=lambda s: (s.seq, UPWARDS.index(s.role)))


def _presides(setting: Setting) -> bool:
    """Is the group's president, not who stands in, the requester or the beneficiary?"""
    key = (PRESIDENT, setting.group.id)
    presidents = setting.holders.get(key, frozenset()) - setting.delegates.get(key, frozenset())
    return bool(presidents & setting.avoid)


def _above_the_president(planned: list[PlannedStep], setting: Setting) -> list[PlannedStep]:
    """What serves the president is not decided by a principal whom he presides over: the bureau decides."""
    deciding = next(s for s in planned if s.act == "approve")
    if deciding.role != PRINCIPAL or not _presides(setting):
        return planned
    consents = [replace(s, act="consent") if s.act == "approve" else s for s in planned]
    last = max(i for i, s in enumerate(planned) if s.act == "approve")
    lifted = _superiors(replace(deciding, role=PRESIDENT, place=setting.group), "avoidance", setting)
    return consents[: last + 1] + lifted + consents[last + 1 :]


def _numbered(chain: list[PlannedStep]) -> list[PlannedStep]:
    """Steps of one role and act on several schools or districts run side by side under one number."""
    numbered: list[PlannedStep] = []
    seq = 0
    for step in chain:
        before = numbered[-1] if numbered else None
        beside = before is not None and (before.role, before.act, before.instead_of) == (
            step.role,
            step.act,
            step.instead_of,
        )
        seq += 0 if beside else 1
        numbered.append(replace(step, seq=seq))
    return numbered


def resolve(setting: Setting) -> tuple[PlannedStep, ...]:
    """The chain of a request: in order, numbered from 1, every step with people who may decide it today.

    Denied when no limit covers the amount or the bureau has nobody to lift a step to; never a default approval.
    """
    planned = _by_limit(deciding_limit(setting), setting)
    if not any(step.act == "approve" for step in planned):
        raise Denied(NO_LIMIT)
    return tuple(_numbered(_resolved(_above_the_president(planned, setting), setting)))
