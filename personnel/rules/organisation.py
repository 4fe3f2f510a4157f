"""The rules of how groups and schools are set up: party organisations, units, plaques, quotas, deviations. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause


@dataclass(frozen=True)
class SetupCase:
    """A dated row of the setup of a group or school, and whether the actor may record such a row there."""

    may_record: bool = False
    ended: bool = False
    valid_from: dt.date | None = None


def _forbidden(code: str, sentence: str, clause: Clause) -> Denial:
    return Denial(code, sentence, clause, status=FORBIDDEN)


NOT_THE_PARTY_SECTION = _forbidden(
    "not_the_party_section", _("党组织的设立由市教育局人事科登记，您没有该权限。"), Clause.C4_1_C
)
NOT_THE_ORGANISER = _forbidden(
    "not_the_organiser",
    _("集团和成员学校的内设机构由总校长设置，您没有该权限。"),
    Clause.C4_3_G,
)
NOT_THE_PLAQUE_HOLDER = _forbidden(
    "not_the_plaque_holder", _("牌匾由本校登记，您没有该权限。"), Clause.C4_1_Q
)
NOT_A_QUOTA_SETTER = _forbidden("not_a_quota_setter", _("职数由市教育局核定，您没有该权限。"), Clause.C4_1_H)
NOT_A_RULE_SETTER = _forbidden(
    "not_a_rule_setter", _("书记设置规定由市教育局人事科登记，您没有该权限。"), Clause.C4_1_D
)
NOT_A_DEVIATION_RECORDER = _forbidden(
    "not_a_deviation_recorder", _("例外由市教育局人事科登记、局领导审定，您没有该权限。"), Clause.C6_3_A
)


def _ended(case: SetupCase, valid_to: dt.date | None, clause: Clause) -> Denial | None:
    if case.ended:
        return Denial("already_ended", _("该记录已经结束。"), clause)
    if valid_to and case.valid_from and valid_to < case.valid_from:
        return Denial(
            "ends_before_it_begins",
            _("截止日期不能早于起始日期。"),
            clause,
            field="valid_to",
            status=INVALID,
        )
    return None


def cannot_record_party(case: SetupCase) -> Denial | None:
    """登记党组织"""
    return None if case.may_record else NOT_THE_PARTY_SECTION


def cannot_end_party(case: SetupCase, valid_to: dt.date | None = None) -> Denial | None:
    """撤销党组织"""
    return cannot_record_party(case) or _ended(case, valid_to, Clause.C4_1_C)


def cannot_record_unit(case: SetupCase) -> Denial | None:
    """设置内设机构"""
    return None if case.may_record else NOT_THE_ORGANISER


def cannot_end_unit(case: SetupCase, valid_to: dt.date | None = None) -> Denial | None:
    """撤销内设机构"""
    return cannot_record_unit(case) or _ended(case, valid_to, Clause.C4_3_G)


def cannot_hang(case: SetupCase) -> Denial | None:
    """登记挂牌"""
    return None if case.may_record else NOT_THE_PLAQUE_HOLDER


def cannot_take_down(case: SetupCase, valid_to: dt.date | None = None) -> Denial | None:
    """登记摘牌"""
    return cannot_hang(case) or _ended(case, valid_to, Clause.C4_1_Q)


def cannot_set_quota(case: SetupCase) -> Denial | None:
    """核定职数"""
    return None if case.may_record else NOT_A_QUOTA_SETTER


def cannot_end_quota(case: SetupCase, valid_to: dt.date | None = None) -> Denial | None:
    """结束职数"""
    return cannot_set_quota(case) or _ended(case, valid_to, Clause.C4_1_O)


def cannot_set_rules(case: SetupCase) -> Denial | None:
    """登记适用规定"""
    return None if case.may_record else NOT_A_RULE_SETTER


def cannot_end_rules(case: SetupCase, valid_to: dt.date | None = None) -> Denial | None:
    """结束适用规定"""
    return cannot_set_rules(case) or _ended(case, valid_to, Clause.C4_1_D)


def cannot_deviate(case: SetupCase) -> Denial | None:
    """登记例外"""
    return None if case.may_record else NOT_A_DEVIATION_RECORDER
