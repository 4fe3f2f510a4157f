"""Rules of personnel that the database keeps: the life of an appointment, quotas, tenure, delegation, rotation."""

from importlib import import_module

from django.db import migrations

from kunshan_edu.core.guards import also, redefine, require_verb, rule

first = import_module("personnel.migrations.0002_guards")
second = import_module("personnel.migrations.0003_membership_guard")

LIVE = "('active', 'extended')"
CONFIRMED_POSTS = (
    "('group_president', 'group_secretary', 'deputy_secretary', 'executive_principal', 'vice_principal',"
    " 'bureau_leader', 'department_head')"
)
FOLLOWS = (
    "ARRAY['nominated>proposed', 'nominated>cancelled', 'proposed>selecting', 'proposed>notice', 'proposed>active',"
    " 'proposed>cancelled', 'selecting>notice', 'selecting>cancelled', 'notice>active', 'notice>cancelled',"
    " 'active>extended']"
)

# A bureau's first leader is recorded by the personnel section alone: nobody could confirm.
STATES = f"""
DECLARE live boolean := NEW.state IN {LIVE}; was_live boolean := false;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('nominated', 'proposed', 'active') THEN
      PERFORM refuse('appointment_state_does_not_follow');
    END IF;
  ELSE
    was_live := OLD.state IN {LIVE};
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY ({FOLLOWS}) THEN
      PERFORM refuse('appointment_state_does_not_follow');
    END IF;
  END IF;
  IF (TG_OP = 'INSERT' OR live AND NOT was_live) AND EXISTS (
       SELECT 1 FROM groups_educationgroup g WHERE g.id = NEW.group_id AND g.status = 'dissolved') THEN
    PERFORM refuse('dissolved_group_has_no_posts');
  END IF;
  IF live AND NOT was_live THEN
    IF NEW.post IN {CONFIRMED_POSTS} AND NEW.confirmed_by_id IS NULL
       AND NOT (NEW.post = 'bureau_leader' AND NOT EXISTS (SELECT 1 FROM personnel_appointment a
         WHERE a.post = 'bureau_leader' AND a.state IN {LIVE} AND a.valid_from <= kunshan_today()
           AND coalesce(a.valid_to, 'infinity') > kunshan_today())) THEN
      PERFORM refuse('cadre_is_confirmed_by_a_second_person');
    END IF;
    IF NEW.method = 'competitive' AND (NEW.notice_to IS NULL OR NOT EXISTS (
         SELECT 1 FROM personnel_selection s JOIN personnel_candidate c ON c.selection_id = s.id
         WHERE s.appointment_id = NEW.id AND c.person_id = NEW.person_id)) THEN
      PERFORM refuse('selection_is_published_first');
    END IF;
    IF NEW.notice_to >= kunshan_today() THEN
      PERFORM refuse('notice_has_run_its_days');
    END IF;
  END IF;
  IF NEW.unit_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM personnel_orgunit u WHERE u.id = NEW.unit_id
       AND u.group_id IS NOT DISTINCT FROM NEW.group_id AND u.school_id IS NOT DISTINCT FROM NEW.school_id) THEN
    PERFORM refuse('unit_is_of_the_same_owner');
  END IF;
  IF NEW.post = 'group_president' AND NEW.secretary_on IS NOT NULL AND EXISTS (
       SELECT 1 FROM personnel_groupruleset r WHERE r.group_id = NEW.group_id AND r.kind = 'separated_2022'
         AND daterange(r.valid_from, r.valid_to) @> NEW.secretary_on) THEN
    PERFORM refuse('separated_president_is_not_secretary');
  END IF;
  RETURN NEW;
END
"""

# What an appointment is does not change; a competition finds its person, and days may move until it is confirmed.
FACTS = f"""
BEGIN
  IF (NEW.post, NEW.method, NEW.group_id, NEW.school_id, NEW.district_id, NEW.bureau_id)
     IS DISTINCT FROM (OLD.post, OLD.method, OLD.group_id, OLD.school_id, OLD.district_id, OLD.bureau_id)
     OR (NEW.person_id IS DISTINCT FROM OLD.person_id AND NOT (OLD.person_id IS NULL AND OLD.state = 'selecting'))
     OR (NEW.valid_from <> OLD.valid_from AND OLD.state IN {LIVE}) THEN
    PERFORM refuse('appointment_facts_are_not_rewritten');
  END IF;
  IF OLD.post = 'group_president' AND OLD.state IN {LIVE} AND OLD.valid_to IS NOT NULL
     AND coalesce(NEW.valid_to, 'infinity') > OLD.valid_to AND NOT EXISTS (
       SELECT 1 FROM personnel_termextension x WHERE x.appointment_id = NEW.id AND x.state = 'confirmed'
         AND x.new_end = NEW.valid_to AND NEW.state = 'extended') THEN
    PERFORM refuse('tenure_is_lengthened_by_extension');
  END IF;
  RETURN NEW;
END
"""

PRESIDENT = first.PRESIDENT.replace(
    "a.post = 'group_president'\n", f"a.post = 'group_president' AND a.state IN {LIVE}\n"
)
DEPUTY = first.DEPUTY.replace(
    "e.post = 'executive_principal'\n",
    f"e.post = 'executive_principal'\n      AND d.state IN {LIVE} AND e.state IN {LIVE}\n",
)
MEMBERSHIP = second.DEPUTY.replace(
    "WHERE d.post = 'deputy_secretary'", f"WHERE d.state IN {LIVE} AND e.state IN {LIVE} AND d.post = 'deputy_secretary'"
)
if LIVE not in PRESIDENT or LIVE not in DEPUTY or LIVE not in MEMBERSHIP:
    raise RuntimeError("a published guard is not what this migration stands on")

# Ambiguity of the guideline: it names only the deputy secretary as also a principal, so a president needs a deviation.
PRESIDENT_AND_PRINCIPAL = f"""
BEGIN
  IF EXISTS (
    SELECT 1 FROM personnel_appointment p JOIN personnel_appointment e ON e.person_id = p.person_id
    WHERE p.person_id = NEW.person_id AND p.post = 'group_president' AND e.post = 'executive_principal'
      AND p.state IN {LIVE} AND e.state IN {LIVE}
      AND NOT isempty(daterange(p.valid_from, p.valid_to) * daterange(e.valid_from, e.valid_to))
      AND NOT datemultirange(daterange(p.valid_from, p.valid_to) * daterange(e.valid_from, e.valid_to)) <@ coalesce(
        (SELECT range_agg(daterange(d.valid_from, d.valid_to)) FROM personnel_deviation d
         WHERE d.group_id = p.group_id AND d.clause_id = '4.1.k' AND d.state = 'confirmed'), '{{}}'::datemultirange)
  ) THEN
    PERFORM refuse('president_is_principal_by_deviation');
  END IF;
  RETURN NULL;
END
"""

SECRETARY = f"""
DECLARE m jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));
BEGIN
  IF EXISTS (
    SELECT 1 FROM personnel_appointment a
    WHERE a.group_id = (m->>'group_id')::bigint AND a.post = 'group_secretary' AND a.state IN {LIVE}
      AND NOT datemultirange(daterange(a.valid_from, a.valid_to)) <@ coalesce(
        (SELECT range_agg(daterange(r.valid_from, r.valid_to)) FROM personnel_groupruleset r
         WHERE r.group_id = a.group_id AND r.kind = 'separated_2022'), '{{}}'::datemultirange)
  ) THEN
    PERFORM refuse('secretary_is_separate_by_rule_set');
  END IF;
  RETURN NULL;
END
"""

# The most at once within a quota's days is reached on a day when some holder begins, or on its first day.
QUOTA = f"""
DECLARE m jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));
BEGIN
  IF EXISTS (
    SELECT 1 FROM personnel_postquota q
    JOIN personnel_appointment a ON a.state IN {LIVE}
      AND a.post = (ARRAY['vice_principal', 'department_head', 'group_office', 'deputy_secretary'])[q.level]
      AND (a.school_id = q.school_id OR a.group_id = q.group_id)
      AND daterange(a.valid_from, a.valid_to) && daterange(q.valid_from, q.valid_to)
    CROSS JOIN LATERAL (SELECT greatest(a.valid_from, q.valid_from) AS day) d
    WHERE (q.school_id = (m->>'school_id')::bigint OR q.group_id = (m->>'group_id')::bigint)
      AND (SELECT count(*) FROM personnel_appointment b WHERE b.state IN {LIVE} AND b.post = a.post
           AND (b.school_id = q.school_id OR b.group_id = q.group_id)
           AND daterange(b.valid_from, b.valid_to) @> d.day) > q.posts
      AND NOT EXISTS (SELECT 1 FROM personnel_deviation v WHERE v.state = 'confirmed'
           AND v.clause_id IN ('4.1.o', '4.1.h') AND (v.school_id = q.school_id OR v.group_id = q.group_id)
           AND daterange(v.valid_from, v.valid_to) @> d.day)
  ) THEN
    PERFORM refuse('quota_is_not_exceeded');
  END IF;
  RETURN NULL;
END
"""

EXTENSION = f"""
DECLARE a personnel_appointment; g personnel_appraisal;
BEGIN
  IF NEW.state = 'refused' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO a FROM personnel_appointment WHERE id = NEW.appointment_id;
  SELECT * INTO g FROM personnel_appraisal WHERE id = NEW.appraisal_id;
  IF a.post <> 'group_president' OR a.state NOT IN {LIVE} OR g.person_id IS DISTINCT FROM a.person_id
     OR g.post <> 'group_president' OR g.grade <> 'excellent' OR EXISTS (
       SELECT 1 FROM personnel_appraisal l WHERE l.person_id = a.person_id AND l.post = g.post AND l.year > g.year) THEN
    PERFORM refuse('extension_is_of_an_excellent_president');
  END IF;
  IF a.term_end IS NULL OR NEW.new_end > a.term_end THEN
    PERFORM refuse('extension_stays_within_the_term');
  END IF;
  RETURN NEW;
END
"""

INCENTIVE = """
DECLARE a personnel_appointment;
BEGIN
  SELECT * INTO a FROM personnel_appointment WHERE id = NEW.appointment_id;
  IF a.post <> 'group_president' THEN
    PERFORM refuse('incentive_is_for_presidents');
  END IF;
  IF NEW.deputy_section_treatment AND NOT (
    (SELECT coalesce(bool_and(s.stage IN ('primary', 'junior', 'nine_year')), false) FROM groups_membership m
     JOIN groups_school s ON s.id = m.school_id
     WHERE m.group_id = a.group_id AND daterange(m.valid_from, m.valid_to) @> NEW.valid_from)
    OR EXISTS (SELECT 1 FROM personnel_deviation d WHERE d.group_id = a.group_id AND d.clause_id = '6.3.d'
               AND d.state = 'confirmed' AND daterange(d.valid_from, d.valid_to) @> NEW.valid_from)) THEN
    PERFORM refuse('treatment_is_for_compulsory_presidents');
  END IF;
  RETURN NEW;
END
"""

PLAQUE = """
DECLARE m groups_membership; s text;
BEGIN
  SELECT * INTO m FROM groups_membership WHERE id = NEW.membership_id;
  SELECT name INTO s FROM groups_school WHERE id = m.school_id;
  IF NOT daterange(m.valid_from, m.valid_to) @> NEW.valid_from THEN
    PERFORM refuse('plaque_is_of_a_current_member');
  END IF;
  IF NEW.kind = 1 AND NEW.text <> s AND (TG_OP = 'INSERT' OR NEW.text <> OLD.text) THEN
    PERFORM refuse('plaque_bears_the_school_name');
  END IF;
  RETURN NEW;
END
"""

DELEGATION = f"""
DECLARE a personnel_appointment;
BEGIN
  IF NEW.valid_to < NEW.valid_from THEN
    RETURN NEW;  -- the check of the table refuses it; ranges of such days would be an error
  END IF;
  SELECT * INTO a FROM personnel_appointment WHERE id = NEW.appointment_id;
  IF a.post NOT IN ('group_president', 'executive_principal', 'bureau_leader') OR a.state NOT IN {LIVE}
     OR NOT daterange(a.valid_from, a.valid_to) @> NEW.valid_from THEN
    PERFORM refuse('delegation_is_of_an_approver');
  END IF;
  IF a.person_id = NEW.delegate_id THEN
    PERFORM refuse('delegation_is_not_to_oneself');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM personnel_person p WHERE p.id = NEW.delegate_id AND p.user_id IS NOT NULL) THEN
    PERFORM refuse('delegate_may_sign_in');
  END IF;
  IF EXISTS (SELECT 1 FROM personnel_appointment f WHERE f.person_id = NEW.delegate_id AND f.state IN {LIVE}
       AND f.post IN ('group_finance', 'school_accountant', 'cashier', 'bureau_finance')
       AND daterange(f.valid_from, f.valid_to) && daterange(NEW.valid_from, NEW.valid_to)) THEN
    PERFORM refuse('delegate_is_not_of_finance');
  END IF;
  RETURN NEW;
END
"""

# The other way round: who holds a delegation is not given a finance post in its days.
FINANCE_POST = f"""
BEGIN
  IF NEW.state IN {LIVE} AND NEW.post IN ('group_finance', 'school_accountant', 'cashier', 'bureau_finance')
     AND EXISTS (SELECT 1 FROM personnel_delegation d WHERE d.delegate_id = NEW.person_id
       AND daterange(d.valid_from, d.valid_to) && daterange(NEW.valid_from, NEW.valid_to)) THEN
    PERFORM refuse('delegate_is_not_of_finance');
  END IF;
  RETURN NULL;
END
"""

ROTATION = """
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      PERFORM refuse('rotation_state_does_not_follow');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM personnel_staffrecord r WHERE r.staff_id = NEW.staff_id
         AND r.school_id = NEW.from_school_id AND daterange(r.valid_from, r.valid_to) @> NEW.valid_from) THEN
      PERFORM refuse('rotation_starts_from_the_establishment');
    END IF;
    IF NEW.group_id IS NOT NULL AND (SELECT count(*) FROM groups_membership m WHERE m.group_id = NEW.group_id
         AND m.school_id IN (NEW.from_school_id, NEW.to_school_id)
         AND daterange(m.valid_from, m.valid_to) @> NEW.valid_from) < 2 THEN
      PERFORM refuse('rotation_stays_in_the_group');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.staff_id, NEW.from_school_id, NEW.to_school_id, NEW.group_id, NEW.valid_from)
     IS DISTINCT FROM (OLD.staff_id, OLD.from_school_id, OLD.to_school_id, OLD.group_id, OLD.valid_from)
     OR NEW.valid_to > OLD.valid_to THEN
    PERFORM refuse('rotation_facts_are_not_rewritten');
  END IF;
  IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
       'proposed>sending_agreed', 'proposed>refused', 'proposed>withdrawn',
       'sending_agreed>receiving_agreed', 'sending_agreed>refused', 'sending_agreed>withdrawn',
       'receiving_agreed>approved', 'receiving_agreed>refused', 'receiving_agreed>withdrawn',
       'approved>filed', 'approved>refused', 'approved>withdrawn'])
     AND NOT (NEW.group_id IS NULL AND OLD.state = 'receiving_agreed' AND NEW.state = 'filed') THEN
    PERFORM refuse('rotation_state_does_not_follow');
  END IF;
  RETURN NEW;
END
"""

ESTABLISHMENT = """
DECLARE who bigint := (coalesce(to_jsonb(NEW), to_jsonb(OLD))->>'staff_id')::bigint;
BEGIN
  IF EXISTS (
    SELECT 1 FROM personnel_rotation r WHERE r.staff_id = who AND r.state NOT IN ('refused', 'withdrawn')
      AND r.valid_from < r.valid_to
      AND NOT datemultirange(daterange(r.valid_from, r.valid_to)) <@ coalesce(
        (SELECT range_agg(daterange(e.valid_from, e.valid_to)) FROM personnel_staffrecord e
         WHERE e.staff_id = who AND e.school_id = r.from_school_id), '{}'::datemultirange)
  ) THEN
    PERFORM refuse('staff_stays_with_its_rotations');
  END IF;
  RETURN NULL;
END
"""

TRAINING = """
BEGIN
  IF EXISTS (SELECT 1 FROM personnel_trainingevent e WHERE e.id = NEW.event_id
             AND (e.is_cancelled OR NEW.hours > e.hours)) THEN
    PERFORM refuse('attended_hours_within_the_event');
  END IF;
  RETURN NEW;
END
"""

TABLES = (
    "personnel_staff", "personnel_staffrecord", "personnel_partyorganisation", "personnel_orgunit", "personnel_plaque",
    "personnel_postquota", "personnel_groupruleset", "personnel_deviation", "personnel_selection",
    "personnel_candidate", "personnel_termextension", "personnel_incentiveterm", "personnel_delegation",
    "personnel_rotation", "personnel_appraisal", "personnel_trainingevent", "personnel_trainingattendance",
    "personnel_attendancesummary", "personnel_merit",
)  # fmt: skip


def on_appointment(name, body, *, when="AFTER INSERT OR UPDATE", deferred=True):
    return rule(name, body, table="personnel_appointment", when=when, deferred=deferred)


class Migration(migrations.Migration):
    dependencies = [("personnel", "0004_people_posts_staff"), ("groups", "0004_delegated_rights")]

    operations = [
        require_verb(*TABLES),
        redefine("group_is_activated_with_a_president", PRESIDENT, first.PRESIDENT),
        redefine("deputy_secretary_stays_in_the_group", DEPUTY, first.DEPUTY),
        redefine("membership_keeps_a_deputy_secretary", MEMBERSHIP, second.DEPUTY),
        redefine("appointment_keeps_its_facts", FACTS, first.FACTS),
        on_appointment("appointment_goes_its_way", STATES, when="BEFORE INSERT OR UPDATE", deferred=False),
        on_appointment("president_is_seldom_principal", PRESIDENT_AND_PRINCIPAL),
        on_appointment("secretary_is_separate_by_rule", SECRETARY),
        also(
            "secretary_is_separate_by_rule",
            "rule_set_keeps_its_secretary",
            table="personnel_groupruleset",
            when="AFTER UPDATE OR DELETE",
            deferred=True,
        ),
        on_appointment("posts_stay_within_the_quota", QUOTA),
        also(
            "posts_stay_within_the_quota",
            "quota_covers_its_posts",
            table="personnel_postquota",
            when="AFTER INSERT OR UPDATE",
            deferred=True,
        ),
        on_appointment("delegate_takes_no_finance_post", FINANCE_POST),
        rule(
            "extension_is_deserved",
            EXTENSION,
            table="personnel_termextension",
            when="BEFORE INSERT OR UPDATE",
        ),
        rule("incentive_is_for_whom", INCENTIVE, table="personnel_incentiveterm", when="BEFORE INSERT OR UPDATE"),
        rule("plaque_is_right", PLAQUE, table="personnel_plaque", when="BEFORE INSERT OR UPDATE"),
        rule("delegation_is_allowed", DELEGATION, table="personnel_delegation", when="BEFORE INSERT OR UPDATE"),
        rule("rotation_goes_its_way", ROTATION, table="personnel_rotation", when="BEFORE INSERT OR UPDATE"),
        rule(
            "establishment_stays_during_rotation",
            ESTABLISHMENT,
            table="personnel_staffrecord",
            when="AFTER INSERT OR UPDATE OR DELETE",
            deferred=True,
        ),
        also(
            "establishment_stays_during_rotation",
            "rotation_stays_on_the_establishment",
            table="personnel_rotation",
            when="AFTER INSERT OR UPDATE",
            deferred=True,
        ),
        rule(
            "attendance_is_within_the_event",
            TRAINING,
            table="personnel_trainingattendance",
            when="BEFORE INSERT OR UPDATE",
        ),
    ]
