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
SUPERIOR = {PRINCIPAL: PRESIDENT, PRESIDENT: LEADER, GROUP_FINANCE: BUREAU_FINANCE, DISTRICT: BUREAU_FINANCE}
RANK = {PRINCIPAL: 1, PRESIDENT: 2, LEADER: 3}
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

    holders: (role, container id) → ids of the users who hold the role's right today. avoid: requester and
    beneficiary. schools and districts: the bearing schools, and the districts that fund some of them.
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


@dataclass(frozen=True)
class PlannedStep:
    """A step as it will be stored: who is asked, where, why, and in whose place."""

    role: str
    act: str
    place: Place
    why: str
    seq: int = 0
    reason: str = "limit"
    instead_of: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    people: frozenset[int] = frozenset()


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
    planned = []
    for step in limit.steps:
        why, params = _why(limit, step, setting)
        for place in _places(step.role, setting):
            planned.append(PlannedStep(step.role, step.act, place, why, len(planned), params=params))
    return planned


AVOIDANCE_WHY = _("%(role)s是申请人、受益人或已办理前序环节，应当回避，由上一级办理。")
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
    elif step.role == BUREAU_FINANCE:
        superior = LEADER
    else:
        superior = SUPERIOR.get(step.role, "")
    if not superior:
        raise Denied(BUREAU_VACANT)
    lifted = _instead(step, superior, step.act, reason, setting)
    if superior == LEADER and step.act == "approve" and step.role != BUREAU_FINANCE:
        return [_instead(step, BUREAU_FINANCE, "review", reason, setting), lifted]
    return [lifted]


def _resolve(step: PlannedStep, used: frozenset[int], setting: Setting) -> list[PlannedStep]:
    """The step with the people who may decide it, or what takes its place, as often as needed."""
    holders = setting.holders.get((step.role, step.place.id), frozenset())
    people = holders - setting.avoid - used
    if people:
        return [replace(step, people=people)]
    reason = "avoidance" if holders else "vacant"
    resolved: list[PlannedStep] = []
    for superior in _superiors(step, reason, setting):
        resolved += _resolve(superior, used, setting)
    return resolved


def _duplicate(step: PlannedStep, others: Iterable[PlannedStep]) -> bool:
    return any((o.role, o.place) == (step.role, step.place) for o in others)


def _resolved(planned: list[PlannedStep], setting: Setting) -> list[PlannedStep]:
    """Every step with people who may decide it; nobody who alone decides one step decides another."""
    chain: list[PlannedStep] = []
    used: frozenset[int] = frozenset()
    for index, step in enumerate(planned):
        for found in _resolve(step, used, setting):
            later = planned[index + 1 :]
            if found.instead_of and found.act != "confirm" and _duplicate(found, chain + later):
                continue
            chain.append(found)
            if len(found.people) == 1:
                used |= found.people
    return chain


def _presides(setting: Setting) -> bool:
    """Is the group's president the requester or the beneficiary?"""
    return bool(setting.holders.get((PRESIDENT, setting.group.id), frozenset()) & setting.avoid)


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
    planned = _above_the_president(_by_limit(deciding_limit(setting), setting), setting)
    chain = _resolved(planned, setting)
    if not any(step.act == "approve" for step in chain):
        raise Denied(BUREAU_VACANT)
    return tuple(_numbered(chain))


def limits_fault(limits: Iterable[Limit]) -> Denial | None:
    """Do the limits for any category join from 0 up without a gap? The database checks the same on publishing."""
    reached: Decimal | None = Decimal(0)
    for limit in sorted((x for x in limits if x.category is None), key=lambda x: x.above):
        if reached is None or limit.above != reached:
            break
        reached = limit.up_to
    else:
        if reached is None:
            return None
    gap = format_money(reached or Decimal(0))
    return Denial(
        "limits_leave_a_gap",
        _("限额在 %(gap)s 元处没有接上：每种来源须从 0 元起连续到不设上限，请补齐。"),
        Clause.C4_2_L,
        params={"gap": gap},
    )
