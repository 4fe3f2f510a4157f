"""The rules of appointments: who may nominate, record, confirm, extend and end, and why not. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denial, _
from kunshan_edu.core.guideline import Clause
from personnel.rules.filling import FillCase, cannot_fill

NOT_AN_APPOINTER = Denial(
    "not_an_appointer",
    _("任免由市教育局人事科办理，您没有该权限。"),
    Clause.C6_3_A,
    status=FORBIDDEN,
)
NOT_A_CONFIRMER = Denial(
    "not_a_confirmer",
    _("该任免由局领导审定，您没有该权限。"),
    Clause.C6_3_A,
    status=FORBIDDEN,
)
NOT_THE_PRESIDENT = Denial(
    "not_the_president",
    _("成员学校中层干部由集团总校长审定，您没有该权限。"),
    Clause.C6_3_B,
    status=FORBIDDEN,
)
NOT_A_NOMINATOR = Denial(
    "not_a_nominator",
    _("您不能提名该职务：集团和学校只提名本集团、本校的干部，任免由市教育局办理。"),
    Clause.C6_3_B,
    status=FORBIDDEN,
)
OWN_RECORD = Denial(
    "recorded_by_yourself",
    _("登记人不能审定自己登记的任免，请由另一人审定。"),
    Clause.C6_3_A,
    status=FORBIDDEN,
)
OWN_POST = Denial("own_post", _("不能办理本人的任免，请由另一人办理。"), Clause.C6_3_A, status=FORBIDDEN)
ENDED = Denial("already_ended", _("该任职已经结束。"), Clause.C6_3_A)
NOT_LIVE = Denial(
    "not_in_office", _("该任职尚未生效，不能办理免职；不再任用请办理“不予任用”。"), Clause.C6_3_A
)
BACKDATED_DAYS = 30  # 补录: longer ago only with a reason
NOTICE_WORKDAYS = 5  # 公示: at least, unless the Measures of the bureau say otherwise

LIVE = ("active", "extended")


@dataclass(frozen=True)
class Case:
    """An appointment as it is, and what the actor may do with it today."""

    may_appoint: bool = False
    may_confirm: bool = False
    may_nominate: bool = False
    is_recorder: bool = False
    is_ender: bool = False
    is_own: bool = False
    post: str = ""
    state: str = "proposed"
    method: str = ""
    has_person: bool = True
    candidates: int = 0
    notice_to: dt.date | None = None
    today: dt.date | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    term_end: dt.date | None = None
    ended: bool = False
    ending_on: dt.date | None = None
    needs_second: bool = False
    latest_grade: str = ""
    extension_waits: bool = False
    filling: FillCase | None = None


def _cannot_fill(case: Case) -> Denial | None:
    return cannot_fill(case.filling) if case.filling else None


def cannot_appoint(case: Case) -> Denial | None:
    """任职: recorded by the personnel section (6.3.a), where the post can be filled."""
    return _cannot_fill(case) if case.may_appoint else NOT_AN_APPOINTER


def cannot_nominate(case: Case) -> Denial | None:
    """提名: by the group's president, the school's principal or the district, for their own."""
    return _cannot_fill(case) if case.may_nominate or case.may_appoint else NOT_A_NOMINATOR


def _wrong_state(case: Case, *states: str) -> Denial | None:
    if case.state in states:
        return None
    if case.state in LIVE:
        return Denial("already_in_office", _("该任职已经生效。"), Clause.C6_3_A)
    if case.state == "cancelled":
        return Denial("already_cancelled", _("该拟任已不予任用，不能再办理。"), Clause.C6_3_A)
    return Denial("not_at_this_stage", _("该任职现在的环节不能办理此事项，请按顺序办理。"), Clause.C4_1_B)


def cannot_accept(case: Case) -> Denial | None:
    """采纳提名: the personnel section takes a nomination up; then it is proposed (拟任)."""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    return OWN_POST if case.is_own else _wrong_state(case, "nominated")


def cannot_announce(case: Case) -> Denial | None:
    """公告竞聘"""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.method != "competitive":
        return Denial("not_competitive", _("只有竞聘的职务才公告竞聘。"), Clause.C4_1_B)
    return _wrong_state(case, "proposed")


def cannot_record_scores(case: Case) -> Denial | None:
    """登记竞聘人选与成绩"""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    return _wrong_state(case, "selecting")


def cannot_publish_notice(case: Case, workdays: int | None = None) -> Denial | None:
    """公示: of the person chosen, for at least five working days."""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    stage = "selecting" if case.method == "competitive" else "proposed"
    wrong = _wrong_state(case, stage)
    if wrong:
        return wrong
    if case.method == "competitive" and not case.candidates:
        return Denial("no_candidates", _("请先登记竞聘人选和成绩，再公示。"), Clause.C4_1_B)
    if workdays is not None and workdays < NOTICE_WORKDAYS:
        return Denial(
            "notice_too_short",
            _("公示不少于 %(least)s 个工作日，所选日期只有 %(given)s 个工作日，请推迟最后一日。"),
            Clause.C4_1_B,
            field="notice_to",
            status=INVALID,
            params={"least": NOTICE_WORKDAYS, "given": workdays},
        )
    return None


def _not_the_second(case: Case) -> Denial | None:
    """Why the actor is not the second of the two people (6.3.a)."""
    if not case.may_confirm:
        return NOT_THE_PRESIDENT if case.post == "department_head" else NOT_A_CONFIRMER
    return OWN_POST if case.is_own else None


def cannot_confirm(case: Case) -> Denial | None:
    """审定任职: by a bureau leader (department heads: by the president), never by who recorded it."""
    wrong = _wrong_state(case, "proposed", "notice")
    denial = _not_the_second(case) or (OWN_RECORD if case.is_recorder else None) or wrong
    if denial:
        return denial
    if case.method == "competitive" and case.state != "notice":
        return Denial(
            "selection_is_published_first",
            _("竞聘须先公告、列出人选成绩并公示期满，才能任用。"),
            Clause.C4_1_B,
        )
    if case.notice_to and case.today and case.notice_to >= case.today:
        return Denial("notice_has_run_its_days", _("公示期未满，请在公示最后一日之后审定。"), Clause.C4_1_B)
    return _cannot_fill(case)


def cannot_cancel(case: Case) -> Denial | None:
    """不予任用: what is not yet confirmed, by the personnel section or who would confirm it."""
    if not (case.may_appoint or case.may_confirm):
        return NOT_AN_APPOINTER
    return _wrong_state(case, "nominated", "proposed", "selecting", "notice")


def cannot_end(case: Case, valid_to: dt.date | None = None) -> Denial | None:
    """办理免职: from the day `valid_to` on the post is no longer held; of a cadre it waits for the second person."""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.ended:
        return ENDED
    if case.state not in LIVE:
        return NOT_LIVE
    if valid_to and case.valid_from and valid_to < case.valid_from:
        return Denial(
            "ends_before_it_begins",
            _("免职日期不能早于任职日期。"),
            Clause.C6_3_A,
            field="valid_to",
            status=INVALID,
        )
    if case.needs_second and valid_to and case.valid_to and valid_to > case.valid_to:
        return Denial(
            "appointment_is_not_lengthened",
            _("已定的最后在任日不能推后：需要继续任职的，请另行任职。"),
            Clause.C6_3_A,
            field="valid_to",
            status=INVALID,
        )
    return None


def cannot_confirm_end(case: Case) -> Denial | None:
    """审定免职"""
    denial = _not_the_second(case)
    if denial:
        return denial
    if case.ended:
        return ENDED
    if case.ending_on is None:
        return Denial("no_end_recorded", _("人事科尚未登记免职，没有需要审定的事项。"), Clause.C6_3_A)
    return OWN_RECORD if case.is_ender else None


def cannot_withdraw_end(case: Case) -> Denial | None:
    """撤销免职登记"""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.ending_on is None:
        return Denial("no_end_recorded", _("没有待审定的免职登记。"), Clause.C6_3_A)
    return None


def cannot_register_dates(case: Case) -> Denial | None:
    """登记兼任书记与法定代表人日期 (4.1.d, 4.1.l, 4.1.m)"""
    if not case.may_appoint:
        return NOT_AN_APPOINTER
    if case.post not in ("group_president", "executive_principal"):
        return Denial(
            "no_dates_to_register", _("只有总校长和执行校长登记兼任书记、法定代表人日期。"), Clause.C4_1_L
        )
    return None if case.state in LIVE else Denial("not_confirmed", _("任职审定之后再登记。"), Clause.C6_3_A)
