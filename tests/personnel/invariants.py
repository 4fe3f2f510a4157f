"""What must hold of posts, memberships and rights (I1-I9, I23-I27), asked of the tables in SQL: a second writing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

LIVE = "('active', 'extended')"
ON = "daterange({0}.valid_from, {0}.valid_to)"


def days(*rows: str) -> str:
    """The days that all of these rows share."""
    return " * ".join(ON.format(row) for row in rows)


def twice(table: str, same: str, where: str) -> str:
    """Two rows of a table with the same value on the same day."""
    return (
        f"SELECT a.id FROM {table} a JOIN {table} b ON a.id < b.id AND a.{same} = b.{same}"
        f" WHERE {ON.format('a')} && {ON.format('b')} AND {where.format('a')} AND {where.format('b')}"
    )


def posts_twice(post: str, same: str, more: str = "") -> str:
    return twice("personnel_appointment", same, f"{{0}}.post = '{post}' AND {{0}}.state IN {LIVE}{more}")


def uncovered(of: str, by: str, joined: str) -> str:
    """`of` holds on a day on which no row of `by` does."""
    return f"NOT datemultirange({of}) <@ coalesce((SELECT range_agg({by}) {joined}), '{{}}')"


NOT_ACTING = " AND {0}.method <> 'acting'"
SEPARATE = uncovered(
    days("a"),
    days("r"),
    "FROM personnel_groupruleset r WHERE r.group_id = a.group_id AND r.kind = 'separated_2022'",
)
MEMBER = uncovered(
    days("d", "e"),
    days("m"),
    "FROM groups_membership m WHERE m.group_id = d.group_id AND m.school_id = e.school_id",
)
AFFILIATED = uncovered(
    "daterange(s.opened_on, s.closed_on)",
    days("f"),
    "FROM groups_schoolaffiliation f WHERE f.school_id = s.id",
)
ESTABLISHED = uncovered(
    days("r"),
    days("e"),
    "FROM personnel_staffrecord e WHERE e.staff_id = r.staff_id AND e.school_id = r.from_school_id",
)
# name → what breaks it; %(today)s is the day in Shanghai.
INVARIANTS = {
    "I1 one president": posts_twice("group_president", "group_id"),
    "I1 one deputy secretary": posts_twice("deputy_secretary", "group_id"),
    "I1 one executive principal": posts_twice("executive_principal", "school_id"),
    "I2 one presidency": posts_twice("group_president", "person_id"),
    "I2 one principalship": posts_twice("executive_principal", "person_id", NOT_ACTING),
    "I3 one group": twice("groups_membership", "school_id", "{0}.id > 0"),
    "I4 one lead": twice("groups_membership", "group_id", "{0}.role = 'lead'"),
    "I4 a lead": """SELECT g.id FROM groups_educationgroup g WHERE g.status IN ('pilot', 'running', 'extended')
        AND NOT EXISTS (SELECT 1 FROM groups_membership m WHERE m.group_id = g.id AND m.role = 'lead'
          AND daterange(m.valid_from, m.valid_to) @> %(today)s::date)""",
    "I5 secretary apart by rule-set": f"""SELECT a.id FROM personnel_appointment a
        WHERE a.post = 'group_secretary' AND a.state IN {LIVE} AND {SEPARATE}""",
    "I5 secretary by the same row": """SELECT a.id FROM personnel_appointment a WHERE a.secretary_on IS NOT NULL
        AND a.post NOT IN ('group_president', 'executive_principal')
        OR a.legal_representative_on IS NOT NULL AND a.post <> 'executive_principal'""",
    "I6 deputy of a member": f"""SELECT d.id FROM personnel_appointment d
        JOIN personnel_appointment e ON e.person_id = d.person_id
        WHERE d.post = 'deputy_secretary' AND e.post = 'executive_principal' AND d.state IN {LIVE}
          AND e.state IN {LIVE} AND NOT isempty({days("d", "e")}) AND {MEMBER}""",
    "I7 two plaques": twice("personnel_plaque", "membership_id", "{0}.kind = 1")
    + " UNION "
    + twice("personnel_plaque", "membership_id", "{0}.kind = 2"),
    "I7 plaque with the name": """SELECT p.id FROM personnel_plaque p JOIN groups_membership m
        ON m.id = p.membership_id JOIN groups_school s ON s.id = m.school_id
        WHERE p.kind NOT IN (1, 2) OR p.kind = 1 AND p.text <> s.name""",
    "I9 affiliated every day": f"SELECT s.id FROM groups_school s WHERE {AFFILIATED}",
    "I9 one affiliation": twice("groups_schoolaffiliation", "school_id", "{0}.id > 0"),
    "I23 one rotation": twice("personnel_rotation", "staff_id", "{0}.state NOT IN ('refused', 'withdrawn')"),
    "I23 from the establishment": f"""SELECT r.id FROM personnel_rotation r
        WHERE r.state NOT IN ('refused', 'withdrawn') AND NOT isempty({days("r")}) AND {ESTABLISHED}
          OR r.from_school_id = r.to_school_id""",
    "I24 quota": f"""SELECT q.id FROM personnel_postquota q, generate_series(0, 400) n
        WHERE {days("q")} @> (%(today)s::date - 100 + n) AND q.posts < (
          SELECT count(*) FROM personnel_appointment a WHERE a.state IN {LIVE} AND a.post = CASE q.level
            WHEN 1 THEN 'vice_principal' WHEN 2 THEN 'department_head' WHEN 3 THEN 'group_office'
            ELSE 'deputy_secretary' END AND (a.school_id = q.school_id OR a.group_id = q.group_id)
            AND {days("a")} @> (%(today)s::date - 100 + n))
        AND NOT EXISTS (SELECT 1 FROM personnel_deviation d WHERE d.clause_id IN ('4.1.o', '4.1.h')
          AND d.state = 'confirmed' AND (d.school_id = q.school_id OR d.group_id = q.group_id)
          AND {days("d")} @> (%(today)s::date - 100 + n))""",
    "I25 competition with its record": f"""SELECT a.id FROM personnel_appointment a
        WHERE a.method = 'competitive' AND a.state IN {LIVE} AND NOT EXISTS (
          SELECT 1 FROM personnel_selection s JOIN personnel_candidate c ON c.selection_id = s.id
          WHERE s.appointment_id = a.id AND c.person_id = a.person_id AND a.notice_from >= s.announced_on
            AND a.notice_to < %(today)s::date)""",
    "I26 extension": """SELECT x.id FROM personnel_termextension x
        JOIN personnel_appointment a ON a.id = x.appointment_id JOIN personnel_appraisal g ON g.id = x.appraisal_id
        WHERE x.state = 'confirmed' AND (a.post <> 'group_president' OR g.grade <> 'excellent'
          OR g.person_id <> a.person_id OR x.document = '' OR x.old_end >= x.new_end OR x.new_end > a.term_end + 1
          OR a.state <> 'extended')""",
    "I27 treatment": f"""SELECT i.id FROM personnel_incentiveterm i JOIN personnel_appointment a
        ON a.id = i.appointment_id WHERE a.post <> 'group_president' OR i.deputy_section_treatment AND NOT EXISTS (
          SELECT 1 FROM personnel_deviation d WHERE d.group_id = a.group_id AND d.clause_id = '6.3.d'
            AND d.state = 'confirmed' AND {days("d")} @> i.valid_from)
        AND EXISTS (SELECT 1 FROM groups_membership m JOIN groups_school s ON s.id = m.school_id
          WHERE m.group_id = a.group_id AND {days("m")} @> i.valid_from
            AND s.stage NOT IN ('primary', 'junior', 'nine_year'))""",
    "6.3.a two people": f"""SELECT a.id FROM personnel_appointment a WHERE a.confirmed_by_id = a.recorded_by_id
        OR a.state IN {LIVE} AND a.confirmed_by_id IS NULL AND a.post IN ('group_president', 'group_secretary',
          'deputy_secretary', 'executive_principal', 'vice_principal', 'department_head')""",
    "6.3.a two people end": f"""SELECT a.id FROM personnel_appointment a WHERE a.end_confirmed_by_id = a.ending_by_id
        OR a.state IN {LIVE} AND a.ending_by_id IS NOT NULL AND a.ending_on IS NULL AND a.end_confirmed_by_id IS NULL
          AND a.post IN ('group_president', 'group_secretary', 'deputy_secretary', 'executive_principal',
            'vice_principal', 'bureau_leader')""",
}
BROKEN = " UNION ALL ".join(
    f"SELECT '{name}', count(*) FROM ({query}) broken HAVING count(*) > 0"
    for name, query in INVARIANTS.items()
)


def broken(today: dt.date, cursor: Any = None) -> list[tuple[str, int]]:
    """The invariants that do not hold, each with how many rows break it."""
    cursor = cursor or connection.cursor()
    cursor.execute(BROKEN, {"today": today})
    return cursor.fetchall()


# 职务 → 权限, as domain.md §2.2 reads, of eight posts: (post, right, clause, on the member schools?)
SCHOOLS, OWN = True, False
CONFERRED = [
    ("group_president", "approve_as_president", "4.2.l", OWN),
    ("group_president", "view_group_finance", "4.1.e", OWN),
    ("group_president", "view_school_finance", "4.1.e", SCHOOLS),
    ("group_president", "view_school_staff", "4.1.e", SCHOOLS),
    ("group_president", "nominate_in_group", "6.3.b", OWN),
    ("group_president", "appoint_department_heads", "6.3.b", OWN),
    ("group_president", "manage_group_units", "4.3.g", OWN),
    ("group_president", "adopt_policies", "4.1.u", OWN),
    ("group_president", "approve_rotation", "4.1.u", OWN),
    ("group_president", "run_training", "4.1.u", OWN),
    ("group_president", "propose_group_rotation", "3.2.b", OWN),
    ("group_secretary", "view_group_finance", "4.1.d", OWN),
    ("group_secretary", "view_school_staff", "4.1.d", SCHOOLS),
    ("deputy_secretary", "view_group_finance", "4.1.f", OWN),
    ("deputy_secretary", "view_school_staff", "4.1.f", SCHOOLS),
    ("deputy_secretary", "propose_group_rotation", "3.2.b", OWN),
    ("deputy_secretary", "run_training", "4.1.u", OWN),
    ("group_office", "view_group_finance", "4.1.i", OWN),
    ("group_office", "draft_group_request", "4.1.i", OWN),
    ("group_office", "view_school_staff", "4.1.j", SCHOOLS),
    ("group_office", "propose_group_rotation", "3.2.b", OWN),
    ("group_office", "run_training", "4.1.u", OWN),
    ("executive_principal", "approve_as_principal", "4.2.l", OWN),
    ("executive_principal", "view_school_finance", "4.1.n", OWN),
    ("executive_principal", "draft_school_request", "4.1.n", OWN),
    ("executive_principal", "view_school_staff", "4.1.n", OWN),
    ("executive_principal", "reveal_school_identities", "4.1.n", OWN),
    ("executive_principal", "edit_school_profile", "3.3.a", OWN),
    ("executive_principal", "agree_rotation", "3.3.a", OWN),
    ("executive_principal", "propose_school_rotation", "3.2.b", OWN),
    ("executive_principal", "nominate_in_school", "4.1.o", OWN),
    ("executive_principal", "appraise_staff", "4.1.u", OWN),
    ("executive_principal", "keep_staff_records", "4.1.u", OWN),
    ("vice_principal", "view_school_finance", "4.1.o", OWN),
    ("vice_principal", "draft_school_request", "4.1.o", OWN),
    ("vice_principal", "view_school_staff", "4.1.o", OWN),
    ("vice_principal", "edit_school_profile", "3.3.a", OWN),
    ("vice_principal", "propose_school_rotation", "3.2.b", OWN),
    ("vice_principal", "keep_staff_records", "4.1.u", OWN),
    ("department_head", "draft_school_request", "4.1.o", OWN),
    ("cashier", "view_school_finance", "4.2.b", OWN),
    ("cashier", "record_payment", "4.2.b", OWN),
]
POSTS = sorted({post for post, *_right in CONFERRED})
# 使用办法: only the right to approve is lent, and to see what there is to approve.
LENT = ("approve_as_president", "approve_as_principal", "view_group_finance", "view_school_finance")
TABLES = ("bureau", "district", "group", "school")
HELD = " UNION ALL ".join(
    f"""SELECT g.user_id, p.codename, '{kind}', g.content_object_id, g.source_id, g.document::text, g.clause_id::text,
      daterange(g.valid_from, g.valid_to) AS days, g.delegation_id, g.ceiling, g.giver_id
    FROM groups_{kind}grant g JOIN auth_permission p ON p.id = g.permission_id
    JOIN personnel_appointment a ON a.id = g.source_id AND a.post = ANY(%(posts)s)"""
    for kind in TABLES
)
# The days on end, from the first of the delegation, on which the delegate holds a post that may stand in.
RESTS = f"""
  SELECT run FROM (
    SELECT unnest(range_agg(daterange(e.valid_from, e.valid_to))) AS run
    FROM personnel_appointment e JOIN personnel_appointment a ON a.id = d.appointment_id
    WHERE e.person_id = d.delegate_id AND e.state IN {LIVE} AND (d.kind = 'bureau'
      OR a.post = 'group_president' AND e.post = 'deputy_secretary' AND e.group_id = a.group_id
      OR a.post = 'executive_principal' AND e.post = 'vice_principal' AND e.school_id = a.school_id
      OR a.post = 'bureau_leader' AND e.bureau_id = a.bureau_id AND e.post IN ('bureau_leader', 'bureau_personnel',
        'bureau_basic_education', 'bureau_supervision'))
  ) runs WHERE run @> d.valid_from
"""
WANTED = """
SELECT * FROM own WHERE NOT isempty(days) UNION ALL SELECT * FROM lent
"""
WITH = f"""
WITH conferred (post, codename, clause, members) AS (SELECT * FROM unnest(%(post)s, %(code)s, %(clause)s, %(members)s)),
post AS (
  SELECT a.*, p.user_id, daterange(a.valid_from, a.valid_to) AS days FROM personnel_appointment a
  JOIN personnel_person p ON p.id = a.person_id
  WHERE a.state IN {LIVE} AND p.user_id IS NOT NULL
), own (user_id, codename, kind, container, source, document, clause, days, delegation, ceiling, giver) AS (
  SELECT post.user_id, c.codename, CASE WHEN post.school_id IS NULL THEN 'group' ELSE 'school' END,
    coalesce(post.school_id, post.group_id), post.id, post.document::text, c.clause, post.days,
    NULL::bigint, NULL::numeric, NULL::bigint
  FROM post JOIN conferred c ON c.post = post.post AND NOT c.members
  UNION ALL
  SELECT post.user_id, c.codename, 'school', m.school_id, post.id, post.document::text, c.clause,
    post.days * daterange(m.valid_from, m.valid_to), NULL, NULL, NULL
  FROM post JOIN conferred c ON c.post = post.post AND c.members
  JOIN groups_membership m ON m.group_id = post.group_id
), lent AS (
  SELECT q.user_id, o.codename, o.kind, o.container, o.source, o.document, o.clause,
    o.days * daterange(d.valid_from, d.valid_to) * r.run AS days, d.id, d.ceiling, o.user_id
  FROM own o JOIN personnel_delegation d ON d.appointment_id = o.source JOIN personnel_person q ON q.id = d.delegate_id
  CROSS JOIN LATERAL ({RESTS}) r
  WHERE o.codename = ANY(%(lent)s) AND NOT isempty(o.days * daterange(d.valid_from, d.valid_to) * r.run)
), wanted AS ({WANTED}), held AS ({HELD})
"""
RIGHTS = f"""{WITH}
SELECT 'missing', w.* FROM (SELECT * FROM wanted EXCEPT ALL SELECT * FROM held) w
UNION ALL SELECT 'unfounded', h.* FROM (SELECT * FROM held EXCEPT ALL SELECT * FROM wanted) h
"""
TODAY = f"""{WITH}
SELECT 'groups.' || CASE kind WHEN 'group' THEN 'educationgroup' ELSE kind END, codename, container, source, delegation
FROM wanted WHERE user_id = %(user)s AND days @> %(today)s::date
"""


def _columns() -> dict[str, Any]:
    columns = zip(("post", "code", "clause", "members"), map(list, zip(*CONFERRED, strict=True)), strict=True)
    return {**dict(columns), "lent": list(LENT), "posts": POSTS}


def wrong_rights(cursor: Any = None) -> list[tuple[Any, ...]]:
    """The rows that the eight posts confer and no table of rights has, and those that it has too many."""
    cursor = cursor or connection.cursor()
    cursor.execute(RIGHTS, _columns())
    return cursor.fetchall()


def conferred_today(user: Any, today: dt.date) -> set[tuple[Any, ...]]:
    """What these posts confer upon one account on the day: container, right, where, from which post and delegation."""
    with connection.cursor() as cursor:
        cursor.execute(TODAY, {**_columns(), "user": user.pk, "today": today})
        return set(cursor.fetchall())


def other_rights() -> list[tuple[Any, ...]]:
    """Every row of the other posts, which nothing in these tests touches."""
    with connection.cursor() as cursor:
        cursor.execute(HELD.replace("= ANY", "<> ALL"), {"posts": POSTS})
        return sorted(map(repr, cursor.fetchall()))
