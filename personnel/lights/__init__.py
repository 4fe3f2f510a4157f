"""How personnel answers for the clauses 3.2.b and 4.1: rotation, posts, party, units, plaques, quotas, seven rules."""

from __future__ import annotations

from groups.models import EducationGroup, School
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.lights import Lamp, Tone
from personnel.choices import QUOTA_POSTS, SCHOOL_QUOTAS, Post
from personnel.lights import groups, schools
from personnel.lights.evidence import explained, within_quotas
from personnel.lights.schools import REGISTRATION_DAYS

__all__ = ["LAMPS", "REGISTRATION_DAYS"]

GROUP_QUOTAS = tuple(level for level in QUOTA_POSTS if level not in SCHOOL_QUOTAS)


def _of_groups() -> tuple[Lamp, ...]:
    looks = {
        Clause.C3_2_B: groups.rotation,
        Clause.C4_1_A: groups.seat(Clause.C4_1_A, Post.GROUP_PRESIDENT, Tone.RED),
        Clause.C4_1_C: groups.party_organisation,
        Clause.C4_1_D: groups.secretaryship,
        Clause.C4_1_F: groups.seat(Clause.C4_1_F, Post.DEPUTY_SECRETARY, Tone.AMBER),
        Clause.C4_1_H: within_quotas(GROUP_QUOTAS, "group", Clause.C4_1_H),
        Clause.C4_1_I: groups.office,
        Clause.C4_1_U: groups.policies,
    }
    return tuple(explained(clause, EducationGroup, look) for clause, look in looks.items())


def _of_schools() -> tuple[Lamp, ...]:
    looks = {
        Clause.C4_1_K: schools.principal,
        Clause.C4_1_L: schools.registered,
        Clause.C4_1_M: schools.branch,
        Clause.C4_1_O: within_quotas(SCHOOL_QUOTAS, "school", Clause.C4_1_O),
        Clause.C4_1_Q: schools.plaques,
    }
    return tuple(explained(clause, School, look) for clause, look in looks.items())


LAMPS = (*_of_groups(), *_of_schools())
