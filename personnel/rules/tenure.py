"""The rules of tenure and incentive (6.3.c-f), and of what one person records and another confirms. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import INVALID, Denial, _
from kunshan_edu.core.guideline import Clause
from personnel.rules.appointments import (
    ENDED,
    LIVE,
    NOT_A_CONFIRMER,
    NOT_AN_APPOINTER,
    NOT_LIVE,
    OWN_POST,
    OWN_RECORD,
    Case,
)

A_DAY = dt.timedelta(days=1)


def cannot_extend(case: Case, new_end: dt.date | None = None) -> Denial | None:
    """延长任职: president only, appraised excellent, with a document of need, within the term (6.3.e, 6.3.f)."""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.post != "group_president":
        return Denial("extension_is_for_presidents", _("只有总校长可以延长任职年限。"), Clause.C6_3_E)
    if case.state not in LIVE or case.ended:
        return ENDED if case.ended else NOT_LIVE
    if case.extension_waits:
        return Denial("extension_waits", _("已有一项延长任职等待审定。"), Clause.C6_3_E)
    if case.latest_grade != "excellent":
        return Denial(
            "extension_is_of_an_excellent_president",
            _("最近年度考核须为优秀才能延长任职；请先登记年度考核等次。"),
            Clause.C6_3_E,
        )
    if case.valid_to is None:
        return Denial("tenure_has_no_end", _("该任职没有结束日期，不需要延长。"), Clause.C6_3_E)
    return _beyond_the_term(case, new_end)


def _beyond_the_term(case: Case, new_end: dt.date | None) -> Denial | None:
    if case.term_end is None:
        return Denial("term_is_not_recorded", _("没有登记聘期届满日，不能判断延长期限。"), Clause.C6_3_F)
    if new_end and new_end > case.term_end + A_DAY:  # the term names its last day, an end the day after it
        return Denial(
            "extension_stays_within_the_term",
            _("延长任职是为完成任职聘期，不能超过聘期届满日 %(term_end)s。"),
            Clause.C6_3_F,
            field="new_end",
            status=INVALID,
            params={"term_end": case.term_end},
        )
    return None


def cannot_reward(case: Case) -> Denial | None:
    """登记激励待遇: of a president in office (6.3.c, 6.3.d)."""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.post != "group_president":
        return Denial(
            "incentive_is_for_presidents",
            _("奖金职级系数和副科职待遇是总校长的激励，其他职务不登记。"),
            Clause.C6_3_C,
        )
    return NOT_LIVE if case.state not in LIVE else None


@dataclass(frozen=True)
class PairCase:
    """Something recorded by one and confirmed by another: an extension, an incentive, a deviation."""

    may_record: bool = False
    may_confirm: bool = False
    is_recorder: bool = False
    is_own: bool = False
    state: str = "proposed"
    ended: bool = False
    is_outdated: bool = False


def cannot_decide_pair(case: PairCase) -> Denial | None:
    """审定或不予审定, by a bureau leader who neither recorded it nor gains by it."""
    if not case.may_confirm:
        return NOT_A_CONFIRMER
    if case.is_own:
        return OWN_POST
    if case.state != "proposed":
        return Denial("decided_already", _("该事项已经审定。"), Clause.C6_3_A)
    return OWN_RECORD if case.is_recorder else None


def cannot_confirm_extension(case: PairCase) -> Denial | None:
    """审定延长任职: of a post that still lasts as long as when it was recorded; what has ended does not revive."""
    denial = cannot_decide_pair(case)
    if denial is None and case.is_outdated:
        return Denial(
            "extension_is_outdated",
            _("该任职的期限已经变动或已经结束，请办理不予延长，由人事科重新登记。"),
            Clause.C6_3_E,
        )
    return denial


def cannot_end_pair(case: PairCase) -> Denial | None:
    """提前结束 what was confirmed."""
    if not case.may_record:
        return NOT_AN_APPOINTER
    if case.state != "confirmed":
        return Denial("not_confirmed", _("尚未审定，不能办理结束。"), Clause.C6_3_A)
    return Denial("already_ended", _("该事项已经结束。"), Clause.C6_3_A) if case.ended else None
