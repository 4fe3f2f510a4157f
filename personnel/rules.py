"""The rules of appointments: who may appoint and end, and why not. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause

NOT_AN_APPOINTER = Denial(
    "not_an_appointer",
    _("任免由市教育局人事科办理，您没有该权限。"),
    Clause.C6_3_A,
    status=FORBIDDEN,
)


@dataclass(frozen=True)
class Case:
    """An appointment as it is, and whether the actor manages appointments today."""

    may_appoint: bool
    valid_from: dt.date | None = None
    ended: bool = False


def cannot_appoint(case: Case) -> Denial | None:
    """任职"""
    return None if case.may_appoint else NOT_AN_APPOINTER


def cannot_end(case: Case, valid_to: dt.date | None = None) -> Denial | None:
    """免职: from the day `valid_to` on the post is no longer held."""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.ended:
        return Denial("already_ended", _("该任职已经结束。"), Clause.C6_3_A)
    if valid_to and case.valid_from and valid_to < case.valid_from:
        return Denial(
            "ends_before_it_begins",
            _("免职日期不能早于任职日期。"),
            Clause.C6_3_A,
            field="valid_to",
            status=INVALID,
        )
    return None
