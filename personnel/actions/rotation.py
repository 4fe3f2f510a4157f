"""The verbs of rotation: propose, agree, approve, file, refuse, withdraw, stop and renew; the 编制 never moves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, Membership, School
from kunshan_edu.core import access, clock, inbox
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import Denied, _, demand
from kunshan_edu.core.guideline import Clause
from personnel.choices import BackboneLevel, RotationOutcome, RotationState, Subject
from personnel.models import Rotation, Staff, StaffRecord
from personnel.rules import rotation as rules


def group_of(from_school: School, to_school: School, on: dt.date) -> EducationGroup | None:
    """The group that both schools belong to that day; None makes it a rotation across groups."""
    groups = EducationGroup.objects.of_school(from_school, on)
    other = EducationGroup.objects.of_school(to_school, on).first()
    return other if other and groups.filter(pk=other.pk).exists() else None


def may_propose(from_school: School | None, group: EducationGroup | None, by: Any) -> bool:
    """提出人: the group's leaders for its members, the school's for its own teachers."""
    rights = access.rights_of(by)
    if rights.may(Authority.PROPOSE_GROUP_ROTATION, group):
        return True
    return rights.may(Authority.PROPOSE_SCHOOL_ROTATION, from_school)


def proposer_case(by: Any) -> rules.RotationCase:
    """What is asked before anybody is chosen: does this person propose rotations at all?"""
    rights = access.rights_of(by)
    anywhere = rights.anywhere(Authority.PROPOSE_GROUP_ROTATION, EducationGroup)
    return rules.RotationCase(
        may_propose=anywhere or rights.anywhere(Authority.PROPOSE_SCHOOL_ROTATION, School)
    )


def receiving_schools(by: Any, on: dt.date) -> Any:
    """Where this person may send teachers: a group within itself, a school anywhere."""
    rights, schools = access.rights_of(by), School.objects.open(on)
    if rights.anywhere(Authority.PROPOSE_SCHOOL_ROTATION, School):
        return schools
    groups = rights.ids(Authority.PROPOSE_GROUP_ROTATION, EducationGroup)
    members = Membership.objects.in_force(on).filter(group__in=groups)
    return schools.filter(pk__in=members.values("school"))


def shares_of(group: EducationGroup, year: int, on: dt.date) -> rules.Shares:
    """轮岗比例 of a school year (教师〔2014〕4号), the teachers counted on day `on`."""
    return shares_by_group([group], year, on)[group.pk]


def shares_by_group(groups: Iterable[EducationGroup], year: int, on: dt.date) -> dict[int, rules.Shares]:
    """Group id → its shares; as many queries for one group as for all."""
    joined = dict(Membership.objects.in_force(on).filter(group__in=groups).values_list("school", "group"))
    records = StaffRecord.objects.in_force(on).filter(school__in=joined).values_list("school", flat=True)
    teachers = Counter(joined[school] for school in records)
    rows = Rotation.objects.during(*rules.days_of(year)).filter(from_school__in=joined)
    facts = rows.values_list("from_school", "staff", "valid_from")
    rotated = {(joined[school], staff): first for school, staff, first in facts}
    backbone = Counter(group for group, _staff in _of_backbone(rotated))
    counted = Counter(group for group, _staff in rotated)
    return {g.pk: rules.Shares(teachers[g.pk], counted[g.pk], backbone[g.pk]) for g in groups}


def _of_backbone(rotated: dict[tuple[int, int], dt.date]) -> set[tuple[int, int]]:
    """Those of (group, staff) who were backbone teachers on their first day of rotation."""
    levels = StaffRecord.objects.filter(staff__in={staff for _group, staff in rotated})
    held: dict[int, list[StaffRecord]] = {}
    for record in levels.exclude(backbone_level=BackboneLevel.NONE):
        held.setdefault(record.staff_id, []).append(record)
    return {
        (group, staff)
        for (group, staff), first in rotated.items()
        if any(access.is_in_force(record, first) for record in held.get(staff, ()))
    }


def rotation_case(rotation: Rotation, by: Any) -> rules.RotationCase:
    """What the rules of a rotation look at."""
    rights, today = access.rights_of(by), clock.today()
    return rules.RotationCase(
        state=rotation.state,
        may_propose=may_propose(rotation.from_school, rotation.group, by),
        sends=rights.may(Authority.AGREE_ROTATION, rotation.from_school),
        receives=rights.may(Authority.AGREE_ROTATION, rotation.to_school),
        approves=rights.may(Authority.APPROVE_ROTATION, rotation.group),
        files=rights.anywhere(Authority.MANAGE_STAFF, Bureau),
        is_proposer=rotation.proposed_by_id is not None and rotation.proposed_by_id == by.pk,
        in_group=rotation.group_id is not None,
        under_way=rotation.is_in_force,
        over=rotation.valid_to <= today,
        renewed=Rotation.objects.filter(renews=rotation).exists(),
    )


def _next_deciders(rotation: Rotation) -> Any:
    """Who is asked next."""
    if rotation.state == RotationState.PROPOSED:
        return access.holders(Authority.AGREE_ROTATION, rotation.from_school)
    if rotation.state == RotationState.SENDING_AGREED:
        return access.holders(Authority.AGREE_ROTATION, rotation.to_school)
    if rotation.state == RotationState.RECEIVING_AGREED and rotation.group:
        return access.holders(Authority.APPROVE_ROTATION, rotation.group)
    return access.holders(Authority.MANAGE_STAFF, Bureau.objects.get())


def _tell(rotation: Rotation, text: str, people: Any = None) -> None:
    words = {
        "name": rotation.staff.person.name,
        "from": str(rotation.from_school),
        "to": str(rotation.to_school),
    }
    inbox.tell(
        _next_deciders(rotation) if people is None else people,
        text,
        url=rotation.get_absolute_url(),
        params=words,
    )


ASKED = _("%(name)s拟由%(from)s轮岗到%(to)s，请办理。")
FILED = _("%(name)s由%(from)s轮岗到%(to)s已报局备案。")
REFUSED = _("%(name)s由%(from)s轮岗到%(to)s未获同意。")


def propose(
    staff: Staff,
    *,
    to_school: School,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Any,
    subject: str = "",
    workload: int = 100,
    reason: str = "",
    renews: Rotation | None = None,
) -> Rotation:
    """提出轮岗: from the establishment school of the first day; the group is the one that both belong to."""
    with acting("personnel.propose_rotation", by):
        record = StaffRecord.objects.in_force(valid_from).filter(staff=staff).first()
        if record is None:
            raise Denied(rules.NOT_ON_THE_STAFF)
        group = group_of(record.school, to_school, valid_from)
        case = rules.RotationCase(
            may_propose=may_propose(record.school, group, by),
            same_school=record.school_id == to_school.pk,
            no_days=valid_to <= valid_from,
            overlaps=Rotation.objects.arranged(staff, valid_from, valid_to).exists(),
        )
        demand(rules.cannot_propose(case))
        row = Rotation(
            staff=staff,
            from_school=record.school,
            to_school=to_school,
            group=group,
            subject=subject or record.subject or Subject.OTHER,
            workload=workload,
            reason=reason,
            valid_from=valid_from,
            valid_to=valid_to,
            renews=renews,
            proposed_by=by,
        )
        row = add(row, "personnel.propose_rotation", by=by, clause=Clause.C3_2_B)
        _tell(row, ASKED)
    return row


def agree_sending(rotation: Rotation, *, by: Any) -> Rotation:
    """派出校同意"""
    with changing(rotation, "personnel.agree_sending", by=by, clause=Clause.C3_3_A) as rotation:
        demand(rules.cannot_agree_sending(rotation_case(rotation, by)))
        rotation.state, rotation.sending_by = RotationState.SENDING_AGREED, by
        _tell(rotation, ASKED)
    return rotation


def agree_receiving(rotation: Rotation, *, by: Any) -> Rotation:
    """接收校同意"""
    with changing(rotation, "personnel.agree_receiving", by=by, clause=Clause.C3_3_A) as rotation:
        demand(rules.cannot_agree_receiving(rotation_case(rotation, by)))
        rotation.state, rotation.receiving_by = RotationState.RECEIVING_AGREED, by
        _tell(rotation, ASKED)
    return rotation


def approve_rotation(rotation: Rotation, *, by: Any) -> Rotation:
    """集团批准轮岗"""
    with changing(rotation, "personnel.approve_rotation", by=by, clause=Clause.C4_1_U) as rotation:
        demand(rules.cannot_approve(rotation_case(rotation, by)))
        rotation.state, rotation.approved_by = RotationState.APPROVED, by
        _tell(rotation, ASKED)
    return rotation


def file(rotation: Rotation, *, document: str, by: Any) -> Rotation:
    """报局备案: from its first day on the teacher teaches at the receiving school."""
    with changing(rotation, "personnel.file_rotation", by=by, clause=Clause.C4_1_T) as rotation:
        demand(rules.cannot_file(rotation_case(rotation, by)))
        rotation.state, rotation.filed_by, rotation.document = RotationState.FILED, by, document
        _tell(rotation, FILED, _concerned(rotation))
    return rotation


def _concerned(rotation: Rotation) -> list[Any]:
    """The teacher, who proposed it, and both principals."""
    people = [rotation.staff.person.user, rotation.proposed_by]
    for school in (rotation.from_school, rotation.to_school):
        people += access.holders(Authority.AGREE_ROTATION, school)
    return [p for p in people if p]


def refuse_rotation(rotation: Rotation, *, reason: str, by: Any) -> Rotation:
    """不同意轮岗"""
    with changing(
        rotation, "personnel.refuse_rotation", by=by, clause=Clause.C3_3_A, reason=reason
    ) as rotation:
        demand(rules.cannot_refuse(rotation_case(rotation, by)))
        rotation.state = RotationState.REFUSED
        _tell(rotation, REFUSED, _concerned(rotation))
    return rotation


def withdraw_rotation(rotation: Rotation, *, by: Any) -> Rotation:
    """撤回轮岗"""
    with changing(rotation, "personnel.withdraw_rotation", by=by, clause=Clause.C4_1_U) as rotation:
        demand(rules.cannot_withdraw(rotation_case(rotation, by)))
        rotation.state = RotationState.WITHDRAWN
    return rotation


def stop_rotation(
    rotation: Rotation, *, valid_to: dt.date, reason: str, by: Any, transfer: bool = False
) -> Rotation:
    """提前结束轮岗: back at the own school from `valid_to` on, or transferred by the personnel section's document."""
    with changing(
        rotation, "personnel.stop_rotation", by=by, clause=Clause.C4_1_T, reason=reason
    ) as rotation:
        demand(rules.cannot_stop(rotation_case(rotation, by)))
        rotation.valid_to = min(rotation.valid_to, max(valid_to, rotation.valid_from))
        rotation.outcome = RotationOutcome.TRANSFERRED if transfer else RotationOutcome.STOPPED
    return rotation


def renew(rotation: Rotation, *, valid_to: dt.date, by: Any) -> Rotation:
    """续期: a new rotation of the same teacher, to the same school, from the day this one ends."""
    with changing(rotation, "personnel.renew_rotation", by=by, clause=Clause.C3_2_B) as rotation:
        demand(rules.cannot_renew(rotation_case(rotation, by)))
        rotation.outcome = RotationOutcome.RENEWED
        return propose(
            rotation.staff,
            to_school=rotation.to_school,
            valid_from=rotation.valid_to,
            valid_to=valid_to,
            subject=rotation.subject,
            workload=rotation.workload,
            reason=rotation.reason,
            renews=rotation,
            by=by,
        )
