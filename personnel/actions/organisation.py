"""The verbs of how groups and schools are set up: record a dated row, and end it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, Membership, School
from kunshan_edu.core import access, clock, files
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.guideline import Clause
from personnel.choices import Confirmation
from personnel.models import Deviation, GroupRuleSet, OrgUnit, PartyOrganisation, Plaque, PostQuota
from personnel.rules import organisation as rules
from personnel.rules import tenure as pair_rules

Row = TypeVar("Row", PartyOrganisation, OrgUnit, Plaque, PostQuota, GroupRuleSet)


def may_set_up(model: Any, owner: Any, by: Any) -> bool:
    """Does `by` record rows of `model` for this group, school or membership? `owner` None: for any at all."""
    rights = access.rights_of(by)
    if model is OrgUnit:
        return _organises(owner, rights)
    if model is Plaque:
        return _holds_plaques(owner, rights)
    right = {PostQuota: Authority.SET_QUOTAS}.get(model, Authority.MANAGE_APPOINTMENTS)
    return rights.anywhere(right, Bureau)


def _organises(owner: Any, rights: access.Rights) -> bool:
    """内设机构 (rows 6, 7): the president, of the group's and of its members' units."""
    if owner is None:
        return rights.anywhere(Authority.MANAGE_GROUP_UNITS, EducationGroup)
    group = EducationGroup.objects.of_school(owner).first() if isinstance(owner, School) else owner
    return rights.may(Authority.MANAGE_GROUP_UNITS, group)


def _holds_plaques(owner: Membership | None, rights: access.Rights) -> bool:
    """牌匾 (row 5): the school itself."""
    if owner is None:
        return rights.anywhere(Authority.EDIT_SCHOOL_PROFILE, School)
    return rights.may(Authority.EDIT_SCHOOL_PROFILE, owner.school)


def owner_of(row: Any) -> Any:
    """The group, school or membership that a row belongs to."""
    if isinstance(row, Plaque):
        return row.membership
    return getattr(row, "school", None) or row.group


def setup_case(row: Any, by: Any) -> rules.SetupCase:
    """What the rules of an existing row look at."""
    ended = row.valid_to is not None and row.valid_to <= clock.today()
    return rules.SetupCase(may_set_up(type(row), owner_of(row), by), ended, row.valid_from)


def _record(
    row: Row, verb: str, rule: Callable[[rules.SetupCase], Denial | None], by: Any, clause: Clause
) -> Row:
    with acting(verb, by):
        demand(rule(rules.SetupCase(may_set_up(type(row), owner_of(row), by))))
        return add(row, verb, by=by, clause=clause)


def _end(row: Row, verb: str, rule: Any, valid_to: dt.date, by: Any, clause: Clause, reason: str) -> Row:
    with changing(row, verb, by=by, clause=clause, reason=reason) as row:
        demand(rule(setup_case(row, by), valid_to))
        row.valid_to = valid_to
    return row


def record_party(*, by: Any, **facts: Any) -> PartyOrganisation:
    """登记党组织 (facts: the columns)."""
    row = PartyOrganisation(**facts)
    return _record(row, "personnel.record_party", rules.cannot_record_party, by, Clause.C4_1_C)


def end_party(row: PartyOrganisation, *, valid_to: dt.date, document: str, by: Any) -> PartyOrganisation:
    """撤销党组织"""
    return _end(row, "personnel.end_party", rules.cannot_end_party, valid_to, by, Clause.C4_1_C, document)


def record_unit(*, by: Any, **facts: Any) -> OrgUnit:
    """设置内设机构"""
    return _record(OrgUnit(**facts), "personnel.record_unit", rules.cannot_record_unit, by, Clause.C4_1_I)


def end_unit(row: OrgUnit, *, valid_to: dt.date, document: str, by: Any) -> OrgUnit:
    """撤销内设机构"""
    return _end(row, "personnel.end_unit", rules.cannot_end_unit, valid_to, by, Clause.C4_3_G, document)


def hang(*, by: Any, photo: Any = None, **facts: Any) -> Plaque:
    """登记挂牌, with a photograph when one is uploaded."""
    with acting("personnel.hang_plaque", by):
        kept = files.keep(photo, by=by, kinds=("png", "jpeg")) if photo else None
        row = Plaque(**facts, photo=kept)
        return _record(row, "personnel.hang_plaque", rules.cannot_hang, by, Clause.C4_1_Q)


def take_down(row: Plaque, *, valid_to: dt.date, by: Any) -> Plaque:
    """登记摘牌"""
    return _end(row, "personnel.take_down_plaque", rules.cannot_take_down, valid_to, by, Clause.C4_1_Q, "")


def set_quota(*, by: Any, **facts: Any) -> PostQuota:
    """核定职数"""
    return _record(PostQuota(**facts), "personnel.set_quota", rules.cannot_set_quota, by, Clause.C4_1_H)


def end_quota(row: PostQuota, *, valid_to: dt.date, document: str, by: Any) -> PostQuota:
    """结束职数"""
    return _end(row, "personnel.end_quota", rules.cannot_end_quota, valid_to, by, Clause.C4_1_O, document)


def set_rules(*, by: Any, **facts: Any) -> GroupRuleSet:
    """登记适用规定"""
    return _record(GroupRuleSet(**facts), "personnel.set_rules", rules.cannot_set_rules, by, Clause.C4_1_D)


def end_rules(row: GroupRuleSet, *, valid_to: dt.date, document: str, by: Any) -> GroupRuleSet:
    """结束适用规定"""
    return _end(row, "personnel.end_rules", rules.cannot_end_rules, valid_to, by, Clause.C4_1_D, document)


def deviate(*, by: Any, **facts: Any) -> Deviation:
    """登记例外: recorded by the personnel section; a leader confirms."""
    with acting("personnel.deviate", by):
        may = access.rights_of(by).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau)
        demand(rules.cannot_deviate(rules.SetupCase(may)))
        row = Deviation(**facts, recorded_by=by)
        return add(row, "personnel.deviate", by=by, clause=Clause.C6_3_A)


def deviation_case(row: Deviation, by: Any) -> pair_rules.PairCase:
    """What the rules of an existing deviation look at."""
    rights = access.rights_of(by)
    return pair_rules.PairCase(
        may_record=rights.anywhere(Authority.MANAGE_APPOINTMENTS, Bureau),
        may_confirm=rights.anywhere(Authority.CONFIRM_APPOINTMENTS, Bureau),
        is_recorder=row.recorded_by_id == by.pk,
        state=row.state,
        ended=row.valid_to is not None and row.valid_to <= clock.today(),
    )


def confirm_deviation(row: Deviation, *, by: Any) -> Deviation:
    """审定例外"""
    with changing(row, "personnel.confirm_deviation", by=by, clause=Clause.C6_3_A) as row:
        demand(pair_rules.cannot_decide_pair(deviation_case(row, by)))
        row.state, row.confirmed_by = Confirmation.CONFIRMED, by
    return row


def refuse_deviation(row: Deviation, *, reason: str, by: Any) -> Deviation:
    """不予审定例外"""
    with changing(row, "personnel.refuse_deviation", by=by, clause=Clause.C6_3_A, reason=reason) as row:
        demand(pair_rules.cannot_decide_pair(deviation_case(row, by)))
        row.state = Confirmation.REFUSED
    return row


def end_deviation(row: Deviation, *, valid_to: dt.date, by: Any) -> Deviation:
    """结束例外"""
    with changing(row, "personnel.end_deviation", by=by, clause=Clause.C6_3_A) as row:
        demand(pair_rules.cannot_end_pair(deviation_case(row, by)))
        row.valid_to = valid_to
    return row
