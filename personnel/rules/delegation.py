"""The rules of delegation: one's own right to approve, for a time, to somebody who may; or by the bureau. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause

MOST_DAYS = 30
NOTHING_TO_DELEGATE = Denial(
    "delegation_is_of_an_approver",
    _("只有在任的总校长、执行校长和局领导可以委托审批，受托的审批不能再委托。"),
    Clause.C4_2_L,
    status=FORBIDDEN,
)
NOT_A_REASSIGNER = Denial(
    "not_a_reassigner", _("改派审批由局领导办理，您没有该权限。"), Clause.C4_2_L, status=FORBIDDEN
)
# 委托给谁 (使用办法): the deputy for the president, a vice principal for the principal, an officer for a leader.
DELEGATES = {
    "group_president": ("deputy_secretary",),
    "executive_principal": ("vice_principal",),
    "bureau_leader": (
        "bureau_leader",
        "bureau_personnel",
        "bureau_basic_education",
        "bureau_supervision",
    ),
}
WHO = {
    "group_president": _("总校长委托本集团副书记"),
    "executive_principal": _("执行校长委托本校副校长"),
    "bureau_leader": _("局领导委托本局财务以外的人员"),
}


@dataclass(frozen=True)
class DelegationCase:
    """A delegation to be made, or as it is. posts: what the delegate holds in the same container in its days."""

    is_giver: bool = False
    may_reassign: bool = False
    giver_post: str = ""
    giver_in_office: bool = True
    posts: frozenset[str] = frozenset()
    is_reassignment: bool = False
    ended: bool = False


def cannot_delegate(case: DelegationCase) -> Denial | None:
    """委托审批: of one's own post in office."""
    if not case.is_giver or case.giver_post not in DELEGATES or not case.giver_in_office:
        return NOTHING_TO_DELEGATE
    return None


def cannot_reassign(case: DelegationCase) -> Denial | None:
    """改派: by a bureau leader, in the holder's place."""
    if not case.may_reassign:
        return NOT_A_REASSIGNER
    return None if case.giver_post in DELEGATES and case.giver_in_office else NOTHING_TO_DELEGATE


def cannot_be_delegate(case: DelegationCase) -> Denial | None:
    """受托人: who holds one of the posts that may stand in, in the same group, school or bureau."""
    allowed = DELEGATES.get(case.giver_post, ())
    if (case.is_reassignment and case.posts) or set(allowed) & case.posts:
        return None
    if case.is_reassignment:
        sentence = _("改派只给在委托期间一直在任的干部，请另选一人。")
        return Denial("delegate_holds_no_post", sentence, Clause.C4_2_L, field="delegate", status=INVALID)
    return Denial(
        "delegate_holds_the_wrong_post",
        _("%(who)s，所选的人在委托期间不担任该职务，请另选一人。"),
        Clause.C4_2_L,
        field="delegate",
        status=INVALID,
        params={"who": WHO.get(case.giver_post, "")},
    )


def too_long(valid_from: dt.date, valid_to: dt.date) -> Denial | None:
    """最长 30 天"""
    if (valid_to - valid_from).days <= MOST_DAYS:
        return None
    return Denial(
        "delegation_is_at_most_thirty_days",
        _("委托最长 30 天，请缩短起止日期；到期后可以另行委托。"),
        Clause.C4_2_L,
        field="valid_to",
        status=INVALID,
    )


def cannot_revoke(case: DelegationCase) -> Denial | None:
    """收回委托: by who gave it, or by the bureau; at once."""
    if not (case.is_giver or case.may_reassign):
        return NOTHING_TO_DELEGATE
    return Denial("already_ended", _("该委托已经结束。"), Clause.C4_2_L) if case.ended else None
