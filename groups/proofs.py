"""What must hold of the register: memberships, lead schools, affiliations, codes."""

from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.proofs import Proof

ONE_GROUP = """
SELECT a.school_id FROM groups_membership a JOIN groups_membership b ON a.school_id = b.school_id AND a.id < b.id
WHERE daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
"""
LEAD = """
SELECT g.id FROM groups_educationgroup g WHERE g.status IN ('pilot', 'running', 'extended') AND 1 <> (
  SELECT count(*) FROM groups_membership m WHERE m.group_id = g.id AND m.role = 'lead'
  AND m.valid_from <= kunshan_today() AND coalesce(m.valid_to, 'infinity') > kunshan_today())
"""
AFFILIATED = """
SELECT s.id FROM groups_school s WHERE NOT datemultirange(daterange(s.opened_on, s.closed_on, '[)')) <@ coalesce(
  (SELECT range_agg(daterange(a.valid_from, a.valid_to, '[)')) FROM groups_schoolaffiliation a
   WHERE a.school_id = s.id), '{}'::datemultirange)
"""
ONE_AFFILIATION = """
SELECT a.school_id FROM groups_schoolaffiliation a
JOIN groups_schoolaffiliation b ON a.school_id = b.school_id AND a.id < b.id
WHERE daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
"""

PROOFS = [
    Proof("school_is_in_one_group", _("一所学校同一天只在一个集团。"), ONE_GROUP, Clause.C4_2_E),
    Proof("active_group_has_one_lead", _("运行中的集团今天有且只有一所牵头学校。"), LEAD, Clause.C3_2_A),
    Proof("school_is_affiliated_every_day", _("学校存续的每一天都有隶属关系。"), AFFILIATED, Clause.C4_1_S),
    Proof(
        "school_has_one_affiliation", _("一所学校同一天只有一个隶属关系。"), ONE_AFFILIATION, Clause.C4_1_S
    ),
    Proof(
        "credit_codes_are_valid",
        _("统一社会信用代码的校验位都正确。"),
        "SELECT id FROM groups_school WHERE NOT credit_code_ok(credit_code)",
        Clause.C4_1_R,
    ),
]
