"""The rules of how the unified personnel rules act on people: appraisal, training, attendance, merit. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, Denial, _
from kunshan_edu.core.guideline import Clause


@dataclass(frozen=True)
class RecordCase:
    """A record about somebody, and whether the actor keeps such records there."""

    may_keep: bool = False
    is_own: bool = False
    closed: bool = False


def _forbidden(code: str, sentence: str, clause: Clause) -> Denial:
    return Denial(code, sentence, clause, status=FORBIDDEN)


OWN_RECORD = _forbidden(
    "own_personnel_record", _("不能登记本人的考核、评优，请由另一人办理。"), Clause.C4_1_U
)
NOT_AN_APPRAISER = _forbidden(
    "not_an_appraiser",
    _("总校长、执行校长的考核由市教育局登记，教职工的考核由本校执行校长登记，您没有该权限。"),
    Clause.C6_3_E,
)
NOT_A_TRAINER = _forbidden("not_a_trainer", _("培训由集团或本校组织和登记，您没有该权限。"), Clause.C4_1_U)
NOT_A_RECORD_KEEPER = _forbidden(
    "not_a_record_keeper", _("考勤和评优由教师任教的学校登记，您没有该权限。"), Clause.C4_1_U
)


def cannot_appraise(case: RecordCase) -> Denial | None:
    """登记或更正考核等次"""
    if not case.may_keep:
        return NOT_AN_APPRAISER
    return OWN_RECORD if case.is_own else None


def cannot_hold_training(case: RecordCase) -> Denial | None:
    """组织培训"""
    return None if case.may_keep else NOT_A_TRAINER


def cannot_record_training(case: RecordCase) -> Denial | None:
    """登记参训或取消培训"""
    if not case.may_keep:
        return NOT_A_TRAINER
    return Denial("training_cancelled", _("该培训已取消。"), Clause.C4_1_U) if case.closed else None


def cannot_keep_attendance(case: RecordCase) -> Denial | None:
    """登记考勤月报"""
    return None if case.may_keep else NOT_A_RECORD_KEEPER


def cannot_record_merit(case: RecordCase) -> Denial | None:
    """登记评优"""
    if not case.may_keep:
        return NOT_A_RECORD_KEEPER
    return OWN_RECORD if case.is_own else None


def cannot_revoke_merit(case: RecordCase) -> Denial | None:
    """撤销评优"""
    denial = cannot_record_merit(case)
    if denial:
        return denial
    return Denial("merit_revoked", _("该荣誉已经撤销。"), Clause.C4_1_U) if case.closed else None
