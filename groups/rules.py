"""The rules of the register: who may found, change, join and leave, and why not. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause

# 集团状态的次序: which statuses follow which (3.1.c: pilot first, then extend).
NEXT_STATUSES = {"preparing": ("pilot", "running"), "pilot": ("running",), "running": ("extended",)}
NOT_A_REGISTRAR = Denial(
    "not_a_registrar",
    _("集团的组建、成员的加入和退出由市教育局办理，您没有该权限。"),
    Clause.C6_1_E,
    status=FORBIDDEN,
)
NOT_A_SCHOOL_REGISTRAR = Denial(
    "not_a_school_registrar",
    _("学校和隶属关系由市教育局人事科登记，您没有该权限。"),
    Clause.C4_1_S,
    status=FORBIDDEN,
)
NO_PRESIDENT = Denial(
    "active_group_has_a_president",
    _("集团设总校长 1 名：总校长空缺的集团不能转入试点、运行或推广，请先办理总校长任职。"),
    Clause.C4_1_A,
)
NO_LEAD = Denial(
    "active_group_has_a_lead_school",
    _("试点、运行、推广中的集团每天都须有一所牵头学校，请先加入牵头学校。"),
    Clause.C3_2_A,
)


@dataclass(frozen=True)
class Case:
    """The group as it is, and who acts."""

    may_manage: bool = False
    may_manage_schools: bool = False
    may_edit_profile: bool = False
    may_adopt: bool = False
    status: str = "preparing"
    has_president: bool = False
    has_lead: bool = False
    left: bool = False
    valid_from: dt.date | None = None


def cannot_found(case: Case) -> Denial | None:
    """组建集团"""
    return None if case.may_manage else NOT_A_REGISTRAR


def cannot_join(case: Case) -> Denial | None:
    """加入集团"""
    if not case.may_manage:
        return NOT_A_REGISTRAR
    if case.status == "dissolved":
        return Denial("group_dissolved", _("该集团已撤销，不能再加入成员。"), Clause.C6_1_E)
    return None


def cannot_leave(case: Case) -> Denial | None:
    """退出集团: what is over is not dated anew; a day still to come may be."""
    if not case.may_manage:
        return NOT_A_REGISTRAR
    return Denial("already_left", _("该校已经退出集团。"), Clause.C4_1_E) if case.left else None


def cannot_dissolve(case: Case) -> Denial | None:
    """撤销集团: its schools leave with it."""
    if not case.may_manage:
        return NOT_A_REGISTRAR
    if case.status == "dissolved":
        return Denial("group_dissolved", _("该集团已经撤销。"), Clause.C6_1_E)
    return None


def cannot_advance(case: Case, status: str = "") -> Denial | None:
    """转换集团状态: activation needs a president and a lead school."""
    if not case.may_manage:
        return NOT_A_REGISTRAR
    following = NEXT_STATUSES.get(case.status, ())
    if not following or (status and status not in following):
        return Denial("status_does_not_follow", _("集团不能从现状态转入所选状态。"), Clause.C3_1_C)
    if not case.has_president:
        return NO_PRESIDENT
    return None if case.has_lead else NO_LEAD


def cannot_register_school(case: Case) -> Denial | None:
    """登记学校与隶属关系"""
    return None if case.may_manage_schools else NOT_A_SCHOOL_REGISTRAR


def cannot_edit_profile(case: Case) -> Denial | None:
    """编辑学校特色: the school itself, never the group (2.c, 3.3.a)."""
    if case.may_edit_profile:
        return None
    return Denial(
        "not_your_school",
        _("学校简介与特色由本校编辑；集团和总校长可以查看，不能代为修改。"),
        Clause.C3_3_A,
        status=FORBIDDEN,
    )


def cannot_adopt(case: Case) -> Denial | None:
    """审定集团制度: by the president; the rule holds for every member school (4.1.u)."""
    if case.may_adopt:
        return None
    return Denial(
        "not_the_president",
        _("集团制度由总校长审定，您没有该权限。"),
        Clause.C4_1_U,
        status=FORBIDDEN,
    )


def cannot_end_policy(case: Case, valid_to: dt.date | None = None) -> Denial | None:
    """登记制度失效"""
    denial = cannot_adopt(case)
    if denial:
        return denial
    if case.left:
        return Denial("policy_has_ended", _("该制度已经失效。"), Clause.C4_1_U)
    if valid_to and case.valid_from and valid_to < case.valid_from:
        sentence = _("失效日期不能早于施行日期。")
        return Denial("ends_before_it_begins", sentence, Clause.C4_1_U, field="valid_to", status=INVALID)
    return None
