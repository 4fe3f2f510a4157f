"""The verbs of the register: districts, schools, affiliations, groups, joining and leaving."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from groups import rules
from groups.choices import Authority, FundingLevel, GroupStatus, MembershipRole
from groups.models import (
    Bureau,
    District,
    EducationGroup,
    GroupPolicy,
    Membership,
    School,
    SchoolAffiliation,
)
from kunshan_edu.core import access, clock, files
from kunshan_edu.core.changes import acting, add, changing, locked
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause


def _has_lead(group: EducationGroup) -> bool:
    return Membership.objects.in_force().filter(group=group, role=MembershipRole.LEAD).exists()


def case_for(group: EducationGroup | None, by: Any) -> rules.Case:
    """What the rules of a group look at."""
    rights = access.rights_of(by)
    return rules.Case(
        may_manage=rights.anywhere(Authority.MANAGE_REGISTER, Bureau),
        may_manage_schools=rights.anywhere(Authority.MANAGE_SCHOOLS, Bureau),
        status=group.status if group else "preparing",
        has_president=group is not None and access.holders(Authority.APPROVE_AS_PRESIDENT, group).exists(),
        has_lead=group is not None and _has_lead(group),
    )


def membership_case(membership: Membership, by: Any) -> rules.Case:
    """What the rules of a membership look at."""
    left = membership.valid_to is not None and membership.valid_to <= clock.today()
    return dataclasses.replace(case_for(membership.group, by), left=left)


def school_case(school: School | None, by: Any) -> rules.Case:
    """What the rules of a school look at."""
    rights = access.rights_of(by)
    return rules.Case(
        may_manage_schools=rights.anywhere(Authority.MANAGE_SCHOOLS, Bureau),
        may_edit_profile=school is not None and rights.may(Authority.EDIT_SCHOOL_PROFILE, school),
    )


def register_school(
    *,
    level: str,
    document: str,
    by: Any,
    district: District | None = None,
    **facts: Any,
) -> School:
    """登记学校: with the affiliation that covers it from its first day (facts: the columns of School)."""
    with acting("groups.register_school", by):
        demand(rules.cannot_register_school(school_case(None, by)))
        school = add(School(**facts), "groups.register_school", by=by, clause=Clause.C4_1_R)
        add(
            SchoolAffiliation(
                school=school,
                level=level,
                district=district if level == FundingLevel.DISTRICT else None,
                document=document,
                valid_from=school.opened_on,
            ),
            "groups.affiliate",
            by=by,
            clause=Clause.C4_1_S,
        )
    return school


def change_affiliation(
    school: School,
    *,
    level: str,
    document: str,
    valid_from: dt.date,
    by: Any,
    district: District | None = None,
) -> SchoolAffiliation:
    """变更隶属关系: the old one ends the day the new one begins; only by a document of its own (4.1.s)."""
    with acting("groups.affiliate", by):
        demand(rules.cannot_register_school(school_case(school, by)))
        for old in SchoolAffiliation.objects.in_force(valid_from).filter(school=school):
            with changing(old, "groups.affiliate", by=by, clause=Clause.C4_1_S) as ending:
                ending.valid_to = valid_from
        row = SchoolAffiliation(
            school=school, level=level, district=district, document=document, valid_from=valid_from
        )
        return add(row, "groups.affiliate", by=by, clause=Clause.C4_1_S)


def found(
    *,
    name: str,
    short_name: str,
    code: str,
    model_type: str,
    founded_on: dt.date,
    founding_document: str,
    decision: str,
    by: Any,
    batch: int = 1,
) -> EducationGroup:
    """组建教育集团: in preparation, by a decision of the working group (6.1.e)."""
    row = EducationGroup(
        name=name,
        short_name=short_name,
        code=code,
        model_type=model_type,
        founded_on=founded_on,
        founding_document=founding_document,
        decision=decision,
        batch=batch,
    )
    with acting("groups.found", by):
        demand(rules.cannot_found(case_for(None, by)))
        return add(row, "groups.found", by=by, clause=Clause.C6_1_E)


def advance(group: EducationGroup, *, status: str, by: Any) -> EducationGroup:
    """转换集团状态: pilot, running, extended, dissolved."""
    with changing(group, "groups.advance", by=by, clause=Clause.C3_1_C) as group:
        demand(rules.cannot_advance(case_for(group, by), status))
        group.status = status
    return group


def dissolve(group: EducationGroup, *, document: str, by: Any) -> EducationGroup:
    """撤销集团: its schools leave today by the same document; its row and its history stay."""
    with changing(group, "groups.dissolve", by=by, clause=Clause.C6_1_E, reason=document) as group:
        demand(rules.cannot_dissolve(case_for(group, by)))
        group.status = GroupStatus.DISSOLVED
        for membership in group.memberships.in_force():
            leave(membership, valid_to=clock.today(), leave_document=document, by=by)
    return group


def join(
    group: EducationGroup,
    *,
    school: School,
    valid_from: dt.date,
    join_document: str,
    by: Any,
    role: str = MembershipRole.MEMBER,
) -> Membership:
    """加入集团: a dated row; no column of the school changes (4.1.p-t)."""
    with acting("groups.join", by):
        group = locked(group)  # as it is now: it may have been dissolved meanwhile
        demand(rules.cannot_join(case_for(group, by)))
        row = Membership(
            group=group, school=school, role=role, valid_from=valid_from, join_document=join_document
        )
        return add(row, "groups.join", by=by, clause=Clause.C4_1_P)


def leave(membership: Membership, *, valid_to: dt.date, leave_document: str, by: Any) -> Membership:
    """退出集团: `valid_to` is the first day on which the school is no longer a member."""
    with changing(membership, "groups.leave", by=by, clause=Clause.C4_1_E) as membership:
        demand(rules.cannot_leave(membership_case(membership, by)))
        membership.valid_to, membership.leave_document = valid_to, leave_document
    return membership


def edit_profile(school: School, *, feature: str, by: Any) -> School:
    """编辑学校特色"""
    with changing(school, "groups.edit_profile", by=by, clause=Clause.C3_3_A) as school:
        demand(rules.cannot_edit_profile(school_case(school, by)))
        school.feature = feature.strip()
    return school


def policy_case(policy: GroupPolicy | None, by: Any, group: EducationGroup | None = None) -> rules.Case:
    """What the rules of a group's rules look at."""
    group = policy.group if policy else group
    over = policy is not None and policy.valid_to is not None and policy.valid_to <= clock.today()
    may = access.rights_of(by).may(Authority.ADOPT_POLICIES, group)
    return rules.Case(may_adopt=may, left=over, valid_from=policy.valid_from if policy else None)


def adopt(
    group: EducationGroup,
    *,
    slot: int,
    title: str,
    document: str,
    valid_from: dt.date,
    by: Any,
    text: str = "",
    attachment: Any = None,
) -> GroupPolicy:
    """审定集团制度: in force from `valid_from`; the one before it in the same slot ends that day."""
    with acting("groups.adopt", by):
        demand(rules.cannot_adopt(policy_case(None, by, group)))
        for old in GroupPolicy.objects.in_force(valid_from).filter(group=group, slot=slot):
            with changing(old, "groups.adopt", by=by, clause=Clause.C4_1_U) as ending:
                ending.valid_to = valid_from
        row = GroupPolicy(
            group=group,
            slot=slot,
            title=title,
            document=document,
            text=text,
            attachment=files.keep(attachment, by=by) if attachment else None,
            adopted_by=by,
            valid_from=valid_from,
        )
        return add(row, "groups.adopt", by=by, clause=Clause.C4_1_U)


def end_policy(policy: GroupPolicy, *, valid_to: dt.date, reason: str, by: Any) -> GroupPolicy:
    """登记制度失效"""
    with changing(policy, "groups.end_policy", by=by, clause=Clause.C4_1_U, reason=reason) as policy:
        demand(rules.cannot_end_policy(policy_case(policy, by), valid_to))
        policy.valid_to = valid_to
    return policy
