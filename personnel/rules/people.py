"""The rules of people and staff: who registers, changes a record, and sees a number unmasked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause
from personnel.rules.appointments import NOT_AN_APPOINTER

NOT_A_STAFF_MANAGER = Denial(
    "not_a_staff_manager",
    _("教职工编制和人事关系由市教育局人事科办理，您没有该权限。"),
    Clause.C4_1_T,
    status=FORBIDDEN,
)

NO_SUCH_ACCOUNT = Denial(
    "no_such_account",
    _("没有这个用户名的账号，请核对；没有账号的人请留空。"),
    field="username",
    status=INVALID,
)
ANOTHER_ACCOUNT_NAME = Denial(
    "account_of_another_name",
    _("该账号登记的姓名与所填姓名不符，请核对姓名和用户名。"),
    field="username",
    status=INVALID,
)


@dataclass(frozen=True)
class StaffCase:
    """A member of staff, and what the actor may do today."""

    may_manage: bool = False
    may_appoint: bool = False
    may_reveal: bool = False
    is_own: bool = False
    on_the_staff: bool = False


def cannot_register_person(case: StaffCase) -> Denial | None:
    """登记人员"""
    return None if case.may_appoint or case.may_manage else NOT_AN_APPOINTER


def cannot_register_staff(case: StaffCase) -> Denial | None:
    """登记教职工"""
    return None if case.may_manage else NOT_A_STAFF_MANAGER


def cannot_change_record(case: StaffCase) -> Denial | None:
    """变更人事记录: transfer, title, backbone level; never by a group (4.1.t)."""
    return None if case.may_manage else NOT_A_STAFF_MANAGER


def cannot_leave(case: StaffCase) -> Denial | None:
    """离职"""
    if not case.may_manage:
        return NOT_A_STAFF_MANAGER
    if case.on_the_staff:
        return None
    return Denial("not_on_the_staff", _("该教职工今天没有编制所在校，不需要办理离职。"), Clause.C4_1_T)


def cannot_reveal(case: StaffCase) -> Denial | None:
    """查看证件与手机号码: by the personnel section, the own principal, and oneself; each look is recorded."""
    if case.may_reveal or case.is_own:
        return None
    return Denial(
        "identity_is_masked",
        _("证件和手机号码只由人事科、本校执行校长和本人查看，每次查看都会记录。"),
        Clause.C4_1_T,
        status=FORBIDDEN,
    )
