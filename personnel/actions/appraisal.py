"""The verbs of appraisal, training, attendance and merit: how the unified personnel rules act on people (4.1.u)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School
from kunshan_edu.core import access
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause
from personnel.choices import Appraised
from personnel.models import Appraisal, Merit, Person, Staff, TrainingAttendance, TrainingEvent
from personnel.rules import appraisal as rules


def may_appraise(post: str, school: School | None, by: Any) -> bool:
    """考核人: the bureau for the heads of groups and schools, the principal for the staff of the own school."""
    rights = access.rights_of(by)
    if post != Appraised.STAFF or school is None:
        return rights.anywhere(Authority.APPRAISE_HEADS, Bureau)
    return rights.may(Authority.APPRAISE_STAFF, school)


def _is(person: Person, by: Any) -> bool:
    return person.user_id is not None and person.user_id == getattr(by, "pk", None)


def appraisal_case(row: Appraisal, by: Any) -> rules.RecordCase:
    """What the rules of an appraisal look at."""
    return rules.RecordCase(may_appraise(row.post, row.school, by), _is(row.person, by))


def appraise(
    person: Person,
    *,
    year: int,
    grade: str,
    document: str,
    by: Any,
    post: str = Appraised.STAFF,
    group: EducationGroup | None = None,
    school: School | None = None,
) -> Appraisal:
    """登记年度考核等次"""
    row = Appraisal(
        person=person,
        year=year,
        grade=grade,
        document=document,
        post=post,
        group=group,
        school=school,
        recorded_by=by,
    )
    with acting("personnel.appraise", by):
        demand(rules.cannot_appraise(appraisal_case(row, by)))
        return add(row, "personnel.appraise", by=by, clause=Clause.C4_1_U)


def correct_grade(row: Appraisal, *, grade: str, reason: str, by: Any) -> Appraisal:
    """更正考核等次: what was recorded before stays in the audit trail."""
    with changing(row, "personnel.correct_grade", by=by, clause=Clause.C4_1_U, reason=reason) as row:
        demand(rules.cannot_appraise(appraisal_case(row, by)))
        row.grade = grade
    return row


def may_train(group: EducationGroup | None, school: School | None, by: Any) -> bool:
    """组织培训的人: the group's leaders for the group, the school's for the school."""
    rights = access.rights_of(by)
    if group is not None:
        return rights.may(Authority.RUN_TRAINING, group)
    return rights.may(Authority.KEEP_STAFF_RECORDS, school)


def training_case(row: TrainingEvent, by: Any) -> rules.RecordCase:
    """What the rules of a training look at."""
    return rules.RecordCase(may_train(row.group, row.school, by), closed=row.is_cancelled)


def hold_training(*, by: Any, **facts: Any) -> TrainingEvent:
    """组织培训 (facts: the columns)."""
    row = TrainingEvent(**facts)
    with acting("personnel.hold_training", by):
        demand(rules.cannot_hold_training(training_case(row, by)))
        return add(row, "personnel.hold_training", by=by, clause=Clause.C4_1_U)


def record_training(
    row: TrainingEvent, *, staff: Iterable[Staff], by: Any, hours: Decimal | None = None
) -> TrainingEvent:
    """登记参训: the whole hours of the event unless said otherwise; again for the same one corrects the hours."""
    with changing(row, "personnel.record_training", by=by, clause=Clause.C4_1_U) as row:
        demand(rules.cannot_record_training(training_case(row, by)))
        known = {a.staff_id: a for a in row.attendances.all()}
        for member in staff:
            attended = hours if hours is not None else row.hours
            if member.pk in known:
                with changing(
                    known[member.pk], "personnel.record_training", by=by, clause=Clause.C4_1_U
                ) as old:
                    old.hours = attended
            else:
                new = TrainingAttendance(event=row, staff=member, hours=attended)
                add(new, "personnel.record_training", by=by, clause=Clause.C4_1_U)
    return row


def cancel_training(row: TrainingEvent, *, reason: str, by: Any) -> TrainingEvent:
    """取消培训"""
    with changing(row, "personnel.cancel_training", by=by, clause=Clause.C4_1_U, reason=reason) as row:
        demand(rules.cannot_record_training(training_case(row, by)))
        row.is_cancelled = True
    return row


def may_keep_records(school: School, by: Any) -> bool:
    """登记考勤和评优的人: the principal and vice principals of the school taught at."""
    return access.rights_of(by).may(Authority.KEEP_STAFF_RECORDS, school)


def merit_case(row: Merit, by: Any) -> rules.RecordCase:
    """What the rules of an honour look at."""
    return rules.RecordCase(
        may_keep_records(row.school, by), _is(row.staff.person, by), row.revoked_on is not None
    )


def record_merit(*, by: Any, **facts: Any) -> Merit:
    """登记评优 (facts: the columns)."""
    row = Merit(**facts)
    with acting("personnel.record_merit", by):
        demand(rules.cannot_record_merit(merit_case(row, by)))
        return add(row, "personnel.record_merit", by=by, clause=Clause.C4_1_U)


def revoke_merit(row: Merit, *, revoked_on: dt.date, reason: str, by: Any) -> Merit:
    """撤销评优"""
    with changing(row, "personnel.revoke_merit", by=by, clause=Clause.C4_1_U, reason=reason) as row:
        demand(rules.cannot_revoke_merit(merit_case(row, by)))
        row.revoked_on = revoked_on
    return row
