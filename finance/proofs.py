"""What must hold of money: totals, reserves, versions, decisions, payments, Measures."""

from typing import Any

from finance.actions.submitting import digest_of
from finance.models import RequestVersion
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.proofs import Proof

TOTALS = """
SELECT l.id FROM finance_budgetline l LEFT JOIN finance_budgetmove m ON m.line_id = l.id GROUP BY l.id
HAVING (l.approved, l.reserved, l.spent) <> (coalesce(sum(m.approved_delta), 0),
        coalesce(sum(m.reserved_delta), 0), coalesce(sum(m.spent_delta), 0))
"""
# What a line has reserved is what its open requests still ask of it: the lines of schools that have not paid yet.
RESERVED = """
SELECT l.id, l.reserved, o.asked FROM finance_budgetline l LEFT JOIN (
  SELECT n.budget_line_id AS id, sum(n.amount) AS asked FROM finance_requestline n
  JOIN finance_requestversion v ON v.id = n.version_id
  JOIN finance_fundrequest r ON r.id = v.fund_request_id AND r.current = v.number
  WHERE r.state IN ('pending', 'approved', 'paying') AND NOT EXISTS (
    SELECT 1 FROM finance_payment p WHERE p.version_id = v.id AND p.school_id = n.school_id)
  GROUP BY 1) o USING (id)
WHERE l.reserved <> coalesce(o.asked, 0)
"""
SUMS = """
SELECT v.id FROM finance_requestversion v LEFT JOIN finance_requestline l ON l.version_id = v.id
GROUP BY v.id HAVING v.amount IS DISTINCT FROM sum(l.amount)
"""
SEEN = """
SELECT d.id FROM finance_decision d JOIN finance_requestversion v ON v.id = d.version_id
WHERE (d.digest, d.amount) <> (v.digest, v.amount)
"""
OWN = """
SELECT d.id FROM finance_decision d JOIN finance_requestversion v ON v.id = d.version_id
JOIN finance_fundrequest r ON r.id = v.fund_request_id
WHERE d.actor_id = r.requester_id OR d.actor_id IS NOT DISTINCT FROM r.beneficiary_id
"""
TWICE = """
SELECT version_id, actor_id FROM finance_decision WHERE verdict = 'approve' GROUP BY 1, 2 HAVING count(*) > 1
"""
ORDER = """
SELECT d.id FROM finance_decision d JOIN finance_requeststep s ON s.id = d.step_id
JOIN finance_requeststep e ON e.version_id = s.version_id AND e.seq < s.seq
LEFT JOIN finance_decision f ON f.step_id = e.id WHERE f.id IS NULL OR f.id > d.id
"""
EVERY_STEP = """
SELECT r.id FROM finance_fundrequest r
JOIN finance_requestversion v ON v.fund_request_id = r.id AND v.number = r.current
JOIN finance_requeststep s ON s.version_id = v.id
LEFT JOIN finance_decision d ON d.step_id = s.id AND d.verdict = 'approve'
WHERE r.state IN ('approved', 'paying', 'paid', 'cancelled') AND d.id IS NULL
"""
PAID = """
SELECT p.id FROM finance_payment p WHERE p.amount > coalesce((
  SELECT sum(l.amount) FROM finance_requestline l WHERE l.version_id = p.version_id AND l.school_id = p.school_id), 0)
"""
PAYER = """
SELECT p.id FROM finance_payment p JOIN finance_fundrequest r ON r.id = p.fund_request_id
WHERE p.paid_by_id = r.requester_id OR EXISTS (
  SELECT 1 FROM finance_decision d WHERE d.version_id = p.version_id AND d.actor_id = p.paid_by_id)
"""
MINUTES = """
SELECT r.id FROM finance_fundrequest r
JOIN finance_requestversion v ON v.fund_request_id = r.id AND v.number = r.current
WHERE v.needs_minutes AND r.state IN ('approved', 'paying', 'paid')
AND NOT EXISTS (SELECT 1 FROM finance_minutes m WHERE m.fund_request_id = r.id)
"""
NUMBERS = """
SELECT f.id FROM finance_groupfund f LEFT JOIN finance_fundrequest r ON r.fund_id = f.id AND r.number IS NOT NULL
GROUP BY f.id HAVING count(r.id) <> f.last_number
"""
ENDED = """
SELECT r.id, m.line_id FROM finance_fundrequest r JOIN finance_requestversion v ON v.fund_request_id = r.id
JOIN finance_budgetmove m ON m.version_id = v.id
WHERE r.state IN ('returned', 'rejected', 'withdrawn', 'cancelled', 'paid')
GROUP BY 1, 2 HAVING sum(m.reserved_delta) <> 0
"""
LIMITS = """
SELECT m.id, o.origin FROM finance_measures m CROSS JOIN unnest(ARRAY[1, 2]) AS o(origin)
WHERE m.state = 'published' AND '{(0,)}'::nummultirange IS DISTINCT FROM
  (SELECT range_agg(numrange(l.above, l.up_to, '(]')) FROM finance_approvallimit l
   WHERE l.measures_id = m.id AND l.origin = o.origin AND l.category_id IS NULL)
"""
MEASURES = """
SELECT d.id FROM finance_decision d LEFT JOIN finance_measures m ON m.id = d.measures_id
WHERE d.verdict = 'approve' AND (m.id IS NULL OR m.state <> 'published'
  OR (d.at AT TIME ZONE 'Asia/Shanghai')::date < m.valid_from)
"""


def _rewritten_versions() -> list[Any]:
    rows = RequestVersion.objects.values_list("pk", "digest", "content").iterator(chunk_size=1000)
    return [pk for pk, digest, content in rows if digest_of(content) != digest]


PROOFS = [
    Proof(
        "budget_covers_reserved_and_spent",
        _("每条预算：批复不小于占用加已支付。"),
        "SELECT id FROM finance_budgetline WHERE approved < reserved + spent",
        Clause.C4_2_E,
    ),
    Proof("totals_equal_moves", _("每条预算的数字等于其变动之和。"), TOTALS, Clause.C4_2_E),
    Proof("reserved_equals_open_requests", _("每条预算的占用等于在办申请之和。"), RESERVED, Clause.C4_2_E),
    Proof("ended_requests_hold_nothing", _("办结的申请不再占用预算。"), ENDED, Clause.C4_2_E),
    Proof("versions_equal_their_lines", _("申请金额等于明细之和。"), SUMS),
    Proof("versions_are_unchanged", _("已提交的内容与其摘要一致。"), _rewritten_versions),
    Proof("decisions_bind_to_what_was_seen", _("审批决定与所见的版本和金额一致。"), SEEN, Clause.C4_2_L),
    Proof("nobody_decided_on_their_own", _("没有人审批自己的或使自己受益的申请。"), OWN, Clause.C4_2_L),
    Proof("one_approval_per_person", _("同一人对同一版本至多同意一次。"), TWICE, Clause.C4_2_L),
    Proof("steps_were_decided_in_order", _("审批环节按顺序办理。"), ORDER, Clause.C4_2_L),
    Proof("approved_by_every_step", _("已批准的申请每个环节都已同意。"), EVERY_STEP, Clause.C4_2_L),
    Proof("approved_under_measures", _("每次同意都有当时施行的使用办法。"), MEASURES, Clause.C4_2_K),
    Proof("large_sums_have_minutes", _("达到起点金额的已批准申请都有会议纪要。"), MINUTES, Clause.C4_2_L),
    Proof("payments_within_approval", _("每所学校的支付不超过批准金额。"), PAID, Clause.C4_2_B),
    Proof("payers_are_separate", _("登记支付的人不是申请人或审批人。"), PAYER, Clause.C4_2_B),
    Proof("numbers_have_no_gap", _("申请编号连续，没有缺号。"), NUMBERS),
    Proof("published_limits_tile", _("已发布的限额从 0 元连续到不设上限。"), LIMITS, Clause.C4_2_L),
    Proof(
        "four_categories_exist",
        _("四类主要用途齐全。"),
        "SELECT 1 FROM finance_expensecategory WHERE is_statutory HAVING count(*) <> 4",
        Clause.C4_2_H,
    ),
]
