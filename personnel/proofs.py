"""What must hold of appointments: one holder per post, and rights exactly as the posts confer them."""

from typing import Any

from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.proofs import Proof
from personnel import grants

OVERLAPPING = """
SELECT a.id, b.id FROM personnel_appointment a
JOIN personnel_appointment b ON a.post = b.post AND a.id < b.id AND a.{scope}_id = b.{scope}_id
WHERE a.post = '{post}' AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
"""
FOREIGN_DEPUTY = """
SELECT d.id FROM personnel_appointment d JOIN personnel_appointment e ON e.person_id = d.person_id
WHERE d.post = 'deputy_secretary' AND e.post = 'executive_principal'
  AND d.valid_from <= kunshan_today() AND coalesce(d.valid_to, 'infinity') > kunshan_today()
  AND e.valid_from <= kunshan_today() AND coalesce(e.valid_to, 'infinity') > kunshan_today()
  AND NOT EXISTS (SELECT 1 FROM groups_membership m WHERE m.group_id = d.group_id AND m.school_id = e.school_id
    AND m.valid_from <= kunshan_today() AND coalesce(m.valid_to, 'infinity') > kunshan_today())
"""


def _drift() -> list[Any]:
    missing, unfounded = grants.drift()
    return [("missing", missing), ("unfounded", unfounded)] if missing or unfounded else []


def _one_holder(post: str, scope: str) -> str:
    return OVERLAPPING.format(post=post, scope=scope)


PROOFS = [
    Proof(
        "group_has_at_most_one_president",
        _("一个集团同一天至多一名总校长。"),
        _one_holder("group_president", "group"),
        Clause.C4_1_A,
    ),
    Proof(
        "group_has_at_most_one_deputy_secretary",
        _("一个集团同一天至多一名副书记。"),
        _one_holder("deputy_secretary", "group"),
        Clause.C4_1_F,
    ),
    Proof(
        "school_has_at_most_one_principal",
        _("一所学校同一天至多一名执行校长。"),
        _one_holder("executive_principal", "school"),
        Clause.C4_1_K,
    ),
    Proof(
        "deputy_secretary_is_of_the_group",
        _("兼任副书记的执行校长属于本集团的成员学校。"),
        FOREIGN_DEPUTY,
        Clause.C4_1_G,
    ),
    Proof("rights_equal_appointments", _("权限与现有任职完全一致，没有多也没有少。"), _drift, Clause.C6_3_A),
]
