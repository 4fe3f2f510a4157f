"""The rules of rotation: proposed, agreed by both schools, approved by the group, filed with the bureau. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause

FINAL = ("refused", "withdrawn")
OPEN = ("proposed", "sending_agreed", "receiving_agreed", "approved")
# Percent a year, 教师〔2014〕4号: a group is lit by them, nobody is refused.
TEACHERS_SHARE, BACKBONE_SHARE = 10, 20
YEAR_BEGINS = 9  # 学年: September to August


@dataclass(frozen=True)
class RotationCase:
    """A rotation as it is, and in which of its capacities the actor stands today."""

    state: str = "proposed"
    may_propose: bool = False
    sends: bool = False
    receives: bool = False
    approves: bool = False
    files: bool = False
    is_proposer: bool = False
    in_group: bool = True
    under_way: bool = False
    over: bool = False
    renewed: bool = False
    same_school: bool = False
    no_days: bool = False
    overlaps: bool = False


def _forbidden(code: str, sentence: str, clause: Clause) -> Denial:
    return Denial(code, sentence, clause, status=FORBIDDEN)


NOT_A_PROPOSER = _forbidden(
    "not_a_rotation_proposer",
    _("轮岗由总校长、副书记、集团办公室或本校执行校长、副校长提出，您没有该权限。"),
    Clause.C3_2_B,
)
NOT_THE_SENDER = _forbidden(
    "not_the_sending_school", _("由派出校执行校长表示同意，您没有该权限。"), Clause.C3_3_A
)
NOT_THE_RECEIVER = _forbidden(
    "not_the_receiving_school", _("由接收校执行校长表示同意，您没有该权限。"), Clause.C3_3_A
)
NOT_THE_PRESIDENT = _forbidden(
    "not_the_president", _("集团内轮岗由总校长批准，您没有该权限。"), Clause.C6_3_B
)
NOT_THE_PERSONNEL_SECTION = _forbidden(
    "not_the_personnel_section", _("轮岗备案由市教育局人事科办理，您没有该权限。"), Clause.C4_1_T
)


NOT_ON_THE_STAFF = Denial(
    "not_on_the_staff",
    _("该人在起始日没有编制所在校，不能轮岗；请核对教职工和日期。"),
    Clause.C4_1_T,
    field="staff",
    status=INVALID,
)
ALREADY_ROTATING = Denial(
    "one_rotation_at_a_time",
    _("该教师在这段时间已有轮岗安排，请先办理结束或撤回。"),
    Clause.C3_2_B,
    field="valid_from",
    status=INVALID,
)


def cannot_propose(case: RotationCase) -> Denial | None:
    """提出轮岗"""
    if not case.may_propose:
        return NOT_A_PROPOSER
    if case.same_school:
        return Denial(
            "rotation_is_to_another_school",
            _("接收校不能是派出校本身，请选择另一所学校。"),
            Clause.C3_2_B,
            field="to_school",
            status=INVALID,
        )
    if case.no_days:
        return Denial(
            "rotation_ends_after_it_begins",
            _("轮岗的最后一日不能早于第一日。"),
            Clause.C3_2_B,
            field="valid_to",
            status=INVALID,
        )
    return ALREADY_ROTATING if case.overlaps else None


def _stage(case: RotationCase, *states: str) -> Denial | None:
    if case.state in states:
        return None
    if case.state in FINAL:
        return Denial("rotation_is_closed", _("该轮岗已撤回或未获同意，不能再办理。"), Clause.C4_1_U)
    if case.state == "filed":
        return Denial("rotation_is_filed", _("该轮岗已报局备案。"), Clause.C4_1_U)
    return Denial("not_at_this_stage", _("该轮岗现在的环节不能办理此事项，请按顺序办理。"), Clause.C4_1_U)


def cannot_agree_sending(case: RotationCase) -> Denial | None:
    """派出校同意"""
    return _stage(case, "proposed") if case.sends else NOT_THE_SENDER


def cannot_agree_receiving(case: RotationCase) -> Denial | None:
    """接收校同意"""
    return _stage(case, "sending_agreed") if case.receives else NOT_THE_RECEIVER


def cannot_approve(case: RotationCase) -> Denial | None:
    """集团批准: within the group; across groups the personnel section decides when it files."""
    if not case.in_group:
        return Denial(
            "rotation_across_groups",
            _("跨集团的轮岗不经集团批准，两校同意后由人事科审批备案。"),
            Clause.C3_2_B,
        )
    return _stage(case, "receiving_agreed") if case.approves else NOT_THE_PRESIDENT


def cannot_file(case: RotationCase) -> Denial | None:
    """报局备案"""
    if not case.files:
        return NOT_THE_PERSONNEL_SECTION
    return _stage(case, "approved" if case.in_group else "receiving_agreed")


def _turn(case: RotationCase) -> tuple[bool, Denial]:
    """Whether it is the actor's turn, and what to say when it is not."""
    return {
        "proposed": (case.sends, NOT_THE_SENDER),
        "sending_agreed": (case.receives, NOT_THE_RECEIVER),
        "receiving_agreed": (case.approves, NOT_THE_PRESIDENT)
        if case.in_group
        else (case.files, NOT_THE_PERSONNEL_SECTION),
        "approved": (case.files, NOT_THE_PERSONNEL_SECTION),
    }.get(case.state, (True, NOT_A_PROPOSER))


def cannot_refuse(case: RotationCase) -> Denial | None:
    """不同意: by whoever would have to agree now."""
    mine, denial = _turn(case)
    return _stage(case, *OPEN) if mine else denial


def cannot_withdraw(case: RotationCase) -> Denial | None:
    """撤回: by who proposed it, until it is filed."""
    if not case.is_proposer:
        return _forbidden("not_the_proposer", _("只有提出人可以撤回。"), Clause.C4_1_U)
    return _stage(case, *OPEN)


def cannot_stop(case: RotationCase) -> Denial | None:
    """提前结束 or 转为调动: by either school's principal, the president, or the personnel section."""
    if not (case.sends or case.receives or case.approves or case.files):
        return NOT_THE_PERSONNEL_SECTION
    if case.state != "filed":
        return Denial("rotation_not_filed", _("轮岗尚未备案；不再进行请撤回。"), Clause.C4_1_U)
    return Denial("rotation_is_over", _("该轮岗已经结束。"), Clause.C4_1_U) if case.over else None


def cannot_renew(case: RotationCase) -> Denial | None:
    """续期: a new rotation that begins where this one ends, and goes the same way."""
    if not case.may_propose:
        return NOT_A_PROPOSER
    if case.state != "filed":
        return Denial("rotation_not_filed", _("只有已备案的轮岗可以续期。"), Clause.C4_1_U)
    return Denial("renewed_already", _("该轮岗已经续期。"), Clause.C3_2_B) if case.renewed else None


# The shares of a school year


def school_year(day: dt.date) -> int:
    """The school year that a day is in, by the year in which it begins: 2026-08-31 is of 2025."""
    return day.year if day.month >= YEAR_BEGINS else day.year - 1


def days_of(year: int) -> tuple[dt.date, dt.date]:
    """A school year as a half-open period."""
    return dt.date(year, YEAR_BEGINS, 1), dt.date(year + 1, YEAR_BEGINS, 1)


@dataclass(frozen=True)
class Shares:
    """轮岗比例 of a group in a school year: its teachers, those of them rotated, and the backbone among those."""

    teachers: int
    rotated: int
    backbone: int

    @property
    def of_teachers(self) -> float | None:
        """Rotated per teacher; None of a group without teachers."""
        return self.rotated / self.teachers if self.teachers else None

    @property
    def of_backbone(self) -> float | None:
        """Backbone per rotated teacher; None when nobody is rotated."""
        return self.backbone / self.rotated if self.rotated else None

    @property
    def missing_teachers(self) -> int:
        """How many more rotations reach the share of the teachers."""
        return max(0, -(-self.teachers * TEACHERS_SHARE // 100) - self.rotated)

    @property
    def missing_backbone(self) -> int:
        """How many more of the rotated would have to be backbone teachers."""
        return max(0, -(-self.rotated * BACKBONE_SHARE // 100) - self.backbone)
