"""What must hold of posts, staff and rotations on every day; and that rights are exactly what the posts confer."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext

from groups.choices import Authority
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.proofs import Proof
from kunshan_edu.core.templatetags.kg import span
from personnel import actions, grants
from personnel.choices import CONFIRMED_POSTS, Post
from personnel.models import Appointment
from personnel.querysets import SCOPES

OVERLAPPING = """
SELECT a.id, b.id FROM personnel_appointment a
JOIN personnel_appointment b ON a.post = b.post AND a.id < b.id AND a.{scope}_id = b.{scope}_id
WHERE a.post = '{post}' AND a.state IN ('active', 'extended') AND b.state IN ('active', 'extended')
  AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
"""
FOREIGN_DEPUTY = """
SELECT d.id FROM personnel_appointment d JOIN personnel_appointment e ON e.person_id = d.person_id
WHERE d.post = 'deputy_secretary' AND e.post = 'executive_principal'
  AND d.state IN ('active', 'extended') AND e.state IN ('active', 'extended')
  AND d.valid_from <= kunshan_today() AND coalesce(d.valid_to, 'infinity') > kunshan_today()
  AND e.valid_from <= kunshan_today() AND coalesce(e.valid_to, 'infinity') > kunshan_today()
  AND NOT EXISTS (SELECT 1 FROM groups_membership m WHERE m.group_id = d.group_id AND m.school_id = e.school_id
    AND m.valid_from <= kunshan_today() AND coalesce(m.valid_to, 'infinity') > kunshan_today())
"""
# The most at once is reached on a day when somebody begins, or on the first day of the quota.
OVER_QUOTA = """
SELECT q.id, d.day FROM personnel_postquota q
JOIN personnel_appointment a ON a.state IN ('active', 'extended')
  AND a.post = (ARRAY['vice_principal', 'department_head', 'group_office', 'deputy_secretary'])[q.level]
  AND (a.school_id = q.school_id OR a.group_id = q.group_id)
  AND daterange(a.valid_from, a.valid_to) && daterange(q.valid_from, q.valid_to)
CROSS JOIN LATERAL (
  SELECT greatest(a.valid_from, q.valid_from) AS day
  UNION SELECT v.valid_to FROM personnel_deviation v WHERE v.state = 'confirmed' AND v.clause_id IN ('4.1.o', '4.1.h')
    AND (v.school_id = q.school_id OR v.group_id = q.group_id)
    AND daterange(a.valid_from, a.valid_to) * daterange(q.valid_from, q.valid_to) @> v.valid_to) d
WHERE (SELECT count(*) FROM personnel_appointment b WHERE b.state IN ('active', 'extended') AND b.post = a.post
         AND (b.school_id = q.school_id OR b.group_id = q.group_id)
         AND daterange(b.valid_from, b.valid_to) @> d.day) > q.posts
  AND NOT EXISTS (SELECT 1 FROM personnel_deviation v WHERE v.state = 'confirmed'
         AND v.clause_id IN ('4.1.o', '4.1.h') AND (v.school_id = q.school_id OR v.group_id = q.group_id)
         AND daterange(v.valid_from, v.valid_to) @> d.day)
"""
UNSEPARATED = """
SELECT a.id FROM personnel_appointment a
WHERE a.post = 'group_secretary' AND a.state IN ('active', 'extended')
  AND NOT datemultirange(daterange(a.valid_from, a.valid_to)) <@ coalesce(
    (SELECT range_agg(daterange(r.valid_from, r.valid_to)) FROM personnel_groupruleset r
     WHERE r.group_id = a.group_id AND r.kind = 'separated_2022'), '{}'::datemultirange)
"""
THIRD_PLAQUE = """
SELECT p.id FROM personnel_plaque p
WHERE (SELECT count(*) FROM personnel_plaque o WHERE o.membership_id = p.membership_id
       AND daterange(o.valid_from, o.valid_to) @> p.valid_from) > 2
"""
OFF_THE_ESTABLISHMENT = """
SELECT r.id FROM personnel_rotation r
WHERE r.state NOT IN ('refused', 'withdrawn') AND r.valid_from < r.valid_to
  AND NOT datemultirange(daterange(r.valid_from, r.valid_to)) <@ coalesce(
    (SELECT range_agg(daterange(e.valid_from, e.valid_to)) FROM personnel_staffrecord e
     WHERE e.staff_id = r.staff_id AND e.school_id = r.from_school_id), '{}'::datemultirange)
"""
TWO_ROTATIONS = """
SELECT a.id, b.id FROM personnel_rotation a JOIN personnel_rotation b ON b.staff_id = a.staff_id AND a.id < b.id
WHERE a.state = 'filed' AND b.state = 'filed'
  AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
"""
UNDESERVED = """
SELECT x.id FROM personnel_termextension x JOIN personnel_appointment a ON a.id = x.appointment_id
JOIN personnel_appraisal g ON g.id = x.appraisal_id
WHERE x.state = 'confirmed' AND (a.post <> 'group_president' OR g.post <> 'group_president'
  OR g.person_id IS DISTINCT FROM a.person_id OR g.grade <> 'excellent' OR x.document = ''
  OR a.term_end IS NULL OR x.new_end > a.term_end + 1 OR x.new_end <= x.old_end
  OR x.confirmed_by_id IS NULL OR x.confirmed_by_id = x.recorded_by_id)
"""
TREATED = """
SELECT i.id FROM personnel_incentiveterm i JOIN personnel_appointment a ON a.id = i.appointment_id
WHERE i.state <> 'refused' AND (a.post <> 'group_president' OR i.deputy_section_treatment
  AND NOT coalesce((SELECT bool_and(s.stage IN ('primary', 'junior', 'nine_year')) FROM groups_membership m
    JOIN groups_school s ON s.id = m.school_id
    WHERE m.group_id = a.group_id AND daterange(m.valid_from, m.valid_to) @> i.valid_from), false)
  AND NOT EXISTS (SELECT 1 FROM personnel_deviation d WHERE d.group_id = a.group_id AND d.clause_id = '6.3.d'
    AND d.state = 'confirmed' AND daterange(d.valid_from, d.valid_to) @> i.valid_from))
"""
MISPLACED_DELEGATION = """
SELECT d.id FROM personnel_delegation d JOIN personnel_appointment a ON a.id = d.appointment_id
WHERE d.valid_to > d.valid_from + 30 OR d.delegate_id = a.person_id
  OR a.post NOT IN ('group_president', 'executive_principal', 'bureau_leader')
  OR EXISTS (SELECT 1 FROM personnel_appointment f WHERE f.person_id = d.delegate_id
    AND f.state IN ('active', 'extended')
    AND f.post IN ('group_finance', 'school_accountant', 'cashier', 'bureau_finance')
    AND daterange(f.valid_from, f.valid_to) && daterange(d.valid_from, d.valid_to))
"""
UNPUBLISHED = """
SELECT a.id FROM personnel_appointment a
WHERE a.method = 'competitive' AND a.state IN ('active', 'extended') AND (a.notice_to IS NULL OR NOT EXISTS (
  SELECT 1 FROM personnel_selection s JOIN personnel_candidate c ON c.selection_id = s.id
  WHERE s.appointment_id = a.id AND c.person_id = a.person_id))
"""


def _alone() -> list[Any]:
    """Confirmed by nobody or by who recorded it. The first leader is; so is what was there before two were asked for,
    which names nobody who recorded it."""
    earlier = Appointment.objects.live().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_from")),
        post=Post.BUREAU_LEADER,
        pk__lt=OuterRef("pk"),
        valid_from__lte=OuterRef("valid_from"),
    )
    rows = Appointment.objects.live().filter(post__in=CONFIRMED_POSTS, recorded_by__isnull=False)
    alone = rows.filter(Q(confirmed_by__isnull=True) | Q(confirmed_by=F("recorded_by")))
    return list(alone.exclude(~Exists(earlier), post=Post.BUREAU_LEADER).values_list("pk", "post"))


def _held(row: Any) -> dict[str, Any]:
    """Who, where, what, and on what ground a guardian row says."""
    return {
        "who": row.user,
        "where": row.content_object,
        "what": Authority(row.permission.codename).label,
        "capacity": gettext(row.capacity),
        "document": row.document,
        "days": span(row),
    }


def _missing(row: Any) -> str:
    return gettext(
        "缺少：%(who)s在%(where)s应有“%(what)s”（%(capacity)s，%(document)s，%(days)s），权限表中没有。"
    ) % _held(row)


def _unfounded(row: Any, altered: bool) -> str:
    """A row that no appointment confers: made by hand, unless the appointment confers the same on other terms."""
    facts = {**_held(row), "source": row.source_id}
    if altered:
        return (
            gettext(
                "手工改动：%(who)s在%(where)s的“%(what)s”（%(capacity)s，%(days)s）与任职 #%(source)s 不符。"
            )
            % facts
        )
    return gettext(
        "手工添加：%(who)s在%(where)s有“%(what)s”（%(days)s），写明来自任职 #%(source)s；%(why)s"
    ) % {**facts, "why": _why_not(row)}


def _why_not(row: Any) -> str:
    """Why the appointment that a row names does not confer it."""
    source = Appointment.objects.filter(pk=row.source_id).select_related("person", *SCOPES).first()
    if source is None:
        return gettext("没有这项任职。")
    if not source.is_live:
        return gettext("该任职（%(source)s）没有审定。") % {"source": source}
    if row.delegation_id is None and source.person.user_id != row.user_id:
        return gettext("该任职是%(source)s，不是这个账号的。") % {"source": source}
    return gettext("该任职（%(source)s）不产生这项权限。") % {"source": source}


def _key(row: Any) -> tuple[Any, ...]:
    return row.user_id, row.permission_id, row.content_object_id, row.source_id, row.delegation_id


def _drift() -> list[str]:
    """Every row that is missing or unfounded, in words."""
    missing, unfounded = grants.drifted()
    expected = {_key(row) for row in missing}
    added = (_unfounded(row, _key(row) in expected) for row in unfounded)
    return [*added, *map(_missing, missing)]


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
    Proof(
        "cadre_was_confirmed_by_a_second_person",
        _("在任的干部由人事科登记、另一人审定。"),
        _alone,
        Clause.C6_3_A,
    ),
    Proof(
        "competition_was_published",
        _("竞聘任用的人选有成绩、经过公示。"),
        UNPUBLISHED,
        Clause.C4_1_B,
    ),
    Proof(
        "secretary_is_separate_only_by_rule_set",
        _("单设书记的集团在其任期内登记了分设的适用规定。"),
        UNSEPARATED,
        Clause.C4_1_D,
    ),
    Proof(
        "posts_are_within_the_quota_every_day",
        _("每一天在任人数都在核定职数之内，审定例外的除外。"),
        OVER_QUOTA,
        Clause.C4_1_O,
    ),
    Proof(
        "member_hangs_at_most_two_plaques",
        _("成员学校至多挂两块牌子。"),
        THIRD_PLAQUE,
        Clause.C4_1_Q,
    ),
    Proof(
        "rotation_leaves_the_establishment_alone",
        _("轮岗期间编制一直在派出校。"),
        OFF_THE_ESTABLISHMENT,
        Clause.C4_1_T,
    ),
    Proof(
        "filed_rotations_never_overlap",
        _("一名教师同一天至多一项轮岗。"),
        TWO_ROTATIONS,
        Clause.C3_2_B,
    ),
    Proof(
        "delegation_is_short_and_not_to_finance",
        _("委托不超过 30 天，不委托给财务人员和本人。"),
        MISPLACED_DELEGATION,
        Clause.C4_2_L,
    ),
    Proof(
        "treatment_is_of_compulsory_presidents",
        _("副科职待遇只给义务教育阶段集团的总校长，经审定例外的除外。"),
        TREATED,
        Clause.C6_3_D,
    ),
    Proof(
        "extension_was_deserved",
        _("延长任职的总校长考核优秀、有组织需要的文件，不超过聘期。"),
        UNDESERVED,
        Clause.C6_3_E,
    ),
    Proof(
        "rights_equal_appointments",
        _("权限与现有任职完全一致，没有多也没有少。"),
        _drift,
        Clause.C6_3_A,
        mend=actions.rederive,
    ),
]
