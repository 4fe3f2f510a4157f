"""经费申请的规则: whether a verb may be done on a fund request, and why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from finance.rules import delegation
from finance.rules.delegation import Delegated
from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.money import format_money

# What a step must be there for, to end a request for good.
REJECTING = ("approve", "consent")


@dataclass(frozen=True)
class OpenStep:
    """A step that waits for a decision. mine: the actor holds its right today.

    delegated: how, when by delegation alone; instead: who else may decide it, by name, when that does not reach.
    serves: it is the bureau's, and the actor holds a post in the group that asks.
    """

    id: int
    role: str
    act: str
    mine: bool
    delegated: tuple[Delegated, ...] = ()
    instead: str = ""
    serves: bool = False


@dataclass(frozen=True)
class Decided:
    """The last decision on a step that the actor holds the right of: by whom and when."""

    by: str
    at: str


@dataclass(frozen=True)
class Seen:
    """What the decider had on the screen; a decision binds to it."""

    version: int
    digest: str
    amount: Decimal


@dataclass(frozen=True)
class Shortfall:
    """A budget line that does not cover what the request asks of it (yuan)."""

    line: str
    available: Decimal
    asked: Decimal


@dataclass(frozen=True)
class Case:
    """What the rules look at: the request as it is, and who acts. band: the amount that limits compare (yuan)."""

    state: str
    version: int = 0
    digest: str = ""
    amount: Decimal = Decimal(0)
    band: Decimal = Decimal(0)
    is_requester: bool = False
    is_beneficiary: bool = False
    may_draft: bool = False
    lines: int = 1
    amounts_positive: bool = True
    fund_allocated: bool = True
    affiliations_hold: bool = True
    shortfalls: tuple[Shortfall, ...] = ()
    measures_in_force: bool = True
    open_steps: tuple[OpenStep, ...] = ()
    decided: Decided | None = None
    approvals: int = 0
    approved_by_actor: bool = False
    needs_minutes: bool = False
    has_minutes: bool = False
    may_record_minutes: bool = False
    may_cancel: bool = False
    may_pay: bool = False
    payments: int = 0
    seen: Seen | None = None


def _state(case: Case, allowed: tuple[str, ...], message: str) -> Denial | None:
    return None if case.state in allowed else Denial("wrong_state", message)


def cannot_edit(case: Case) -> Denial | None:
    """修改"""
    if not case.is_requester:
        return Denial("not_requester", _("只有申请人可以修改草稿。"), Clause.C4_2_B, status=FORBIDDEN)
    if not case.may_draft:
        return NOT_A_DRAFTER
    return _state(case, ("draft", "returned"), _("已提交的申请不能修改；被退回后可以修改再报。"))


NOT_A_DRAFTER = Denial(
    "not_a_drafter",
    _("您今天没有为该单位起草用款申请的权限，权限随任职产生。"),
    Clause.C4_2_B,
    status=FORBIDDEN,
)


def cannot_delete(case: Case) -> Denial | None:
    """删除草稿"""
    if not case.is_requester:
        return Denial("not_requester", _("只有申请人可以删除草稿。"), Clause.C4_2_B, status=FORBIDDEN)
    if case.version:
        return Denial("already_numbered", _("提交过的申请保留编号，不能删除，可以撤回。"))
    return _state(case, ("draft",), _("只有草稿可以删除。"))


def insufficient(short: Shortfall) -> Denial:
    """预算不足: both figures, so that the requester can reduce or move."""
    return Denial(
        "budget_insufficient",
        _("%(line)s可用 %(available)s 元，本次 %(asked)s 元，差 %(short)s 元；请减少金额或先申请调剂。"),
        Clause.C4_2_E,
        params={
            "line": short.line,
            "available": format_money(short.available),
            "asked": format_money(short.asked),
            "short": format_money(short.asked - short.available),
        },
    )


def cannot_submit(case: Case) -> Denial | None:
    """提交"""
    refused = cannot_edit(case)
    if refused:
        return refused
    if not case.fund_allocated:
        return Denial(
            "fund_not_allocated", _("该集团年度经费尚未下达或已冻结，不能提交申请。"), Clause.C4_2_G
        )
    if not case.lines:
        return Denial("no_lines", _("请至少填写一行费用明细。"), status=INVALID)
    if not case.amounts_positive:
        return Denial("line_amount_not_positive", _("每行明细的金额须大于 0 元。"), status=INVALID)
    if not case.affiliations_hold:
        return Denial(
            "funding_level_mismatch",
            _("承担学校没有与其现行隶属关系一致的预算明细，请核对承担学校和类别。"),
            Clause.C4_2_F,
        )
    if case.shortfalls:
        return insufficient(case.shortfalls[0])
    return None


def _stale(case: Case) -> Denial | None:
    seen = case.seen
    if seen is None or (seen.version, seen.digest, seen.amount) == (case.version, case.digest, case.amount):
        return None
    return Denial(
        "stale_version",
        _("您看到的是第 %(seen)s 版，申请现为第 %(now)s 版，金额 %(amount)s 元；请核对新版本后再办理。"),
        params={"seen": seen.version, "now": case.version, "amount": format_money(case.amount)},
    )


OWN_REQUEST = Denial(
    "own_request", _("不能审批自己的申请或使自己受益的申请。"), Clause.C4_2_L, status=FORBIDDEN
)

NOT_YOUR_STEP = Denial(
    "not_your_step",
    _("当前环节不由您办理，或您的任职已经结束；审批权限随任职产生。"),
    Clause.C4_2_L,
    status=FORBIDDEN,
)


def _already(decided: Decided) -> Denial:
    return Denial(
        "step_already_decided",
        _("您的环节已由%(by)s于 %(at)s 办理，现由后续环节办理。"),
        params={"by": decided.by, "at": decided.at},
    )


SERVES_THERE = Denial(
    "serves_the_group",
    _("您在该集团或其成员学校任职，不能代表市教育局复核、核定该集团的申请；请由局内其他人员办理。"),
    Clause.C4_2_L,
    status=FORBIDDEN,
)


def _out_of_reach(step: OpenStep, case: Case) -> Denial | None:
    """Why the actor, who holds the step's right, may not use it on this request."""
    if step.serves:
        return SERVES_THERE
    return delegation.cannot_use_any(step.delegated, case.band, step.instead)


def _usable(case: Case) -> list[OpenStep]:
    """The open steps that the actor may decide."""
    return [step for step in case.open_steps if step.mine and not _out_of_reach(step, case)]


def cannot_decide(case: Case) -> Denial | None:
    """办理审批环节: what approving, returning and rejecting have in common."""
    refused = _state(case, ("pending",), _("该申请不在审批中，可能已被他人办理或撤回，请刷新页面。"))
    if refused:
        return refused
    if case.is_requester or case.is_beneficiary:
        return OWN_REQUEST
    mine = [step for step in case.open_steps if step.mine]
    if not mine:
        return _already(case.decided) if case.decided else NOT_YOUR_STEP
    refusals = [_out_of_reach(step, case) for step in mine]
    return refusals[0] if all(refusals) else _stale(case)


def cannot_approve(case: Case) -> Denial | None:
    """同意"""
    refused = cannot_decide(case)
    if refused:
        return refused
    if case.approved_by_actor:
        return Denial(
            "already_approved",
            _("您已同意过本版本的申请；同一人对同一版本只能同意一次，本环节须由他人办理。"),
            Clause.C4_2_L,
        )
    if not case.measures_in_force:
        return Denial(
            "no_measures_in_force",
            _("《集团管理专项经费使用办法》尚未制定或今天未施行，制定前不能审批。"),
            Clause.C4_2_K,
        )
    if not case.fund_allocated:
        return Denial(
            "fund_not_open",
            _("该集团年度经费已冻结或已决算，不能再批准；请退回申请人，列入下一年度。"),
            Clause.C4_2_E,
        )
    deciding = any(step.act == "approve" for step in _usable(case))
    if deciding and case.needs_minutes and not case.has_minutes:
        return Denial(
            "minutes_needed",
            _("本申请达到集体决策起点金额，请先登记会议纪要再审批。"),
            Clause.C4_2_L,
        )
    return None


cannot_return = cannot_decide


def cannot_reject(case: Case) -> Denial | None:
    """驳回: final, and so by who decides or consents; who checks, reviews or books returns."""
    refused = cannot_decide(case)
    if refused:
        return refused
    if any(step.act in REJECTING for step in _usable(case)):
        return None
    return Denial(
        "step_does_not_reject",
        _("审核、复核和入账确认的环节不能驳回，可以退回补正并说明理由；驳回由先行同意或核定的一级办理。"),
        Clause.C4_2_L,
        status=FORBIDDEN,
    )


def cannot_withdraw(case: Case) -> Denial | None:
    """撤回: until the first approval."""
    if not case.is_requester:
        return Denial("not_requester", _("只有申请人可以撤回申请。"), status=FORBIDDEN)
    refused = _state(case, ("draft", "pending", "returned"), _("该申请已办结，不能撤回。"))
    if refused:
        return refused
    if case.state == "pending" and case.approvals:
        return Denial("already_decided", _("已有审批人同意，不能撤回；请联系审批人退回。"))
    return None


def cannot_cancel(case: Case) -> Denial | None:
    """作废: by the level that approved, while nothing is paid."""
    refused = _state(case, ("approved",), _("只有已批准且未支付的申请可以作废。"))
    if refused:
        return refused
    if case.payments:
        return Denial("already_paid", _("已经支付，不能作废；请办理退款。"), Clause.C4_2_B)
    if not case.may_cancel:
        return Denial(
            "not_the_approving_level",
            _("作废由终审的一级办理，您今天没有该级的审批权限。"),
            Clause.C4_2_L,
            status=FORBIDDEN,
        )
    return None


def cannot_pay(case: Case) -> Denial | None:
    """登记支付"""
    refused = _state(case, ("approved", "paying"), _("申请尚未批准或已经支付完毕，不能登记支付。"))
    if refused:
        return refused
    if case.is_requester or case.approved_by_actor:
        return Denial(
            "payer_is_involved",
            _("登记支付的人不能是申请人或本申请的审批人（不相容岗位分离）。"),
            Clause.C4_2_B,
            status=FORBIDDEN,
        )
    return None if case.may_pay else NOT_YOUR_PAYMENT


NOT_YOUR_PAYMENT = Denial(
    "not_your_payment",
    _("支付由承担学校的出纳登记；您不是承担学校的出纳，或本校已登记支付。"),
    Clause.C4_2_B,
    status=FORBIDDEN,
)


def cannot_pay_amount(amount: Decimal, approved: Decimal) -> Denial | None:
    """支付金额: at most what was approved for the school (yuan)."""
    if amount <= approved:
        return None
    return Denial(
        "exceeds_approved",
        _("本校批准金额 %(approved)s 元，支付 %(amount)s 元超出，请核对。"),
        Clause.C4_2_B,
        field="amount",
        params={"approved": format_money(approved), "amount": format_money(amount)},
    )


def cannot_record_minutes(case: Case) -> Denial | None:
    """登记集体决策纪要"""
    refused = _state(case, ("pending",), _("只有审批中的申请可以登记会议纪要。"))
    if refused:
        return refused
    if not case.needs_minutes:
        return Denial("minutes_not_needed", _("本申请未达到集体决策起点金额，不需要登记会议纪要。"))
    if case.has_minutes:
        return Denial("minutes_recorded", _("会议纪要已经登记。"))
    if not case.may_record_minutes:
        return Denial(
            "not_a_recorder",
            _("会议纪要由申请单位或集团办公室登记，您没有该权限。"),
            Clause.C4_2_L,
            status=FORBIDDEN,
        )
    return None
