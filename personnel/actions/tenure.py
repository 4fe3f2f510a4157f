"""The verbs of tenure and incentive (6.3.c-f): recorded by the personnel section, confirmed by a leader."""

from __future__ import annotations

import datetime as dt
from typing import Any

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting, add, changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.guideline import Clause
from personnel.actions import cases
from personnel.actions.cases import case_for, latest_appraisal
from personnel.choices import AppointmentState, Confirmation
from personnel.models import Appointment, IncentiveTerm, TermExtension
from personnel.rules import tenure as rules


def extend(appointment: Appointment, *, new_end: dt.date, document: str, reason: str, by: Any) -> Appointment:
    """登记延长任职: by the latest appraisal and a document of need; a leader confirms (6.3.e)."""
    with acting("personnel.extend", by):
        demand(rules.cannot_extend(case_for(appointment, by), new_end))
        row = TermExtension(
            appointment=appointment,
            appraisal=latest_appraisal(appointment),
            document=document,
            reason=reason,
            old_end=appointment.valid_to or new_end,  # the rule has refused one without an end
            new_end=new_end,
            recorded_by=by,
        )
        add(row, "personnel.extend", by=by, clause=Clause.C6_3_E)
        cases.tell(cases.confirmers(appointment), cases.EXTENDING, appointment)
    return appointment


def reward(
    appointment: Appointment,
    *,
    base_coefficient: Any,
    coefficient: Any,
    document: str,
    valid_from: dt.date,
    by: Any,
    valid_to: dt.date | None = None,
    deputy_section_treatment: bool = False,
) -> Appointment:
    """登记激励待遇: a coefficient above the base, and whether the two bonuses are treated as a deputy section's."""
    with acting("personnel.reward", by):
        demand(rules.cannot_reward(case_for(appointment, by)))
        row = IncentiveTerm(
            appointment=appointment,
            base_coefficient=base_coefficient,
            coefficient=coefficient,
            deputy_section_treatment=deputy_section_treatment,
            document=document,
            valid_from=valid_from,
            valid_to=valid_to,
            recorded_by=by,
        )
        add(row, "personnel.reward", by=by, clause=Clause.C6_3_C)
        cases.tell(cases.confirmers(appointment), cases.REWARDING, appointment)
    return appointment


def pair_case(row: Any, by: Any) -> rules.PairCase:
    """What the rules of an extension or an incentive look at."""
    rights = access.rights_of(by)
    ended = getattr(row, "valid_to", None)
    return rules.PairCase(
        may_record=rights.anywhere(Authority.MANAGE_APPOINTMENTS, Bureau),
        may_confirm=rights.anywhere(Authority.CONFIRM_APPOINTMENTS, Bureau),
        is_recorder=row.recorded_by_id == by.pk,
        is_own=row.appointment.person.user_id == by.pk,
        state=row.state,
        ended=ended is not None and ended <= clock.today(),
        is_outdated=isinstance(row, TermExtension) and _is_outdated(row),
    )


def _is_outdated(extension: TermExtension) -> bool:
    """The post has ended, or ends on another day than the one that was to be extended."""
    end = extension.appointment.valid_to
    return end != extension.old_end or end <= clock.today() or not extension.appointment.is_live


def confirm_extension(extension: TermExtension, *, by: Any) -> TermExtension:
    """审定延长任职: the tenure ends on the new day."""
    verb = "personnel.confirm_extension"
    with acting(verb, by):
        with changing(extension, verb, by=by, clause=Clause.C6_3_E) as extension:
            demand(rules.cannot_confirm_extension(pair_case(extension, by)))
            extension.state, extension.confirmed_by = Confirmation.CONFIRMED, by
        with changing(extension.appointment, verb, by=by, clause=Clause.C6_3_E) as row:
            row.valid_to, row.state = extension.new_end, AppointmentState.EXTENDED
    return extension


def confirm_incentive(incentive: IncentiveTerm, *, by: Any) -> IncentiveTerm:
    """审定激励待遇"""
    with changing(incentive, "personnel.confirm_incentive", by=by, clause=Clause.C6_3_C) as incentive:
        demand(rules.cannot_decide_pair(pair_case(incentive, by)))
        incentive.state, incentive.confirmed_by = Confirmation.CONFIRMED, by
    return incentive


def refuse_extension(extension: TermExtension, *, reason: str, by: Any) -> TermExtension:
    """不予延长"""
    with changing(
        extension, "personnel.refuse_extension", by=by, clause=Clause.C6_3_E, reason=reason
    ) as extension:
        demand(rules.cannot_decide_pair(pair_case(extension, by)))
        extension.state = Confirmation.REFUSED
    return extension


def refuse_incentive(incentive: IncentiveTerm, *, reason: str, by: Any) -> IncentiveTerm:
    """不予审定激励待遇"""
    with changing(
        incentive, "personnel.refuse_incentive", by=by, clause=Clause.C6_3_C, reason=reason
    ) as incentive:
        demand(rules.cannot_decide_pair(pair_case(incentive, by)))
        incentive.state = Confirmation.REFUSED
    return incentive


def end_incentive(incentive: IncentiveTerm, *, valid_to: dt.date, by: Any) -> IncentiveTerm:
    """结束激励待遇"""
    with changing(incentive, "personnel.end_incentive", by=by, clause=Clause.C6_3_C) as incentive:
        demand(rules.cannot_end_pair(pair_case(incentive, by)))
        incentive.valid_to = valid_to
    return incentive
