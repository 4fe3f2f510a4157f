"""Delegated decisions stay below their ceiling and out of their giver's own matter; a step's waiting is not reset."""

from importlib import import_module

from django.db import migrations, models

from kunshan_edu.core.guards import append_only, redefine, require_verb

DECISION_BEFORE = import_module("finance.migrations.0005_decision_guards").DECISION
STEP_BEFORE = import_module("finance.migrations.0004_request_guards").STEP

# The row in force by which somebody holds a right: by appointment, or by the delegation named.
GRANT_BEHIND = """
CREATE FUNCTION grant_behind(who bigint, right_name text, kind text, container bigint, delegation bigint)
RETURNS TABLE (ceiling numeric, giver bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT g.ceiling, g.giver_id FROM %I g JOIN auth_permission p ON p.id = g.permission_id'
    ' WHERE g.user_id = $1 AND p.codename = $2 AND g.content_object_id = $3'
    ' AND g.delegation_id IS NOT DISTINCT FROM $4'
    ' AND g.valid_from <= kunshan_today() AND coalesce(g.valid_to, ''infinity'') > kunshan_today()',
    'groups_' || kind || 'grant') USING who, right_name, container, delegation;
END $$;
"""

# The right that each role of a step asks for, as in querysets.ROLE_RIGHTS (a test compares the two).
DECISION = """
DECLARE s finance_requeststep; v finance_requestversion; r finance_fundrequest; asked record; held record;
BEGIN
  SELECT * INTO s FROM finance_requeststep WHERE id = NEW.step_id;
  SELECT * INTO v FROM finance_requestversion WHERE id = s.version_id;
  SELECT * INTO r FROM finance_fundrequest WHERE id = v.fund_request_id;
  IF NEW.version_id <> v.id OR r.state <> 'pending' OR r.current <> v.number
     OR NEW.digest <> v.digest OR NEW.amount <> v.amount THEN
    PERFORM refuse('decision_is_on_what_was_seen');
  END IF;
  IF s.state <> 'open' OR EXISTS (
    SELECT 1 FROM finance_requeststep e LEFT JOIN finance_decision d ON d.step_id = e.id
    WHERE e.version_id = v.id AND e.seq < s.seq AND d.id IS NULL) THEN
    PERFORM refuse('steps_are_decided_in_order');
  END IF;
  IF NEW.actor_id = r.requester_id OR NEW.actor_id IS NOT DISTINCT FROM r.beneficiary_id THEN
    PERFORM refuse('nobody_decides_on_their_own_request');
  END IF;
  SELECT * INTO asked FROM (VALUES
    ('executive_principal', 'approve_as_principal', 'school', s.school_id),
    ('group_finance', 'check_group_accounts', 'group', s.group_id),
    ('group_president', 'approve_as_president', 'group', s.group_id),
    ('district', 'review_as_district', 'district', s.district_id),
    ('bureau_finance', 'review_as_bureau_finance', 'bureau', s.bureau_id),
    ('bureau_leader', 'approve_as_bureau_leader', 'bureau', s.bureau_id)
  ) AS a (role, right_name, kind, container) WHERE a.role = s.role;
  IF NOT holds(NEW.actor_id, asked.right_name, asked.kind, asked.container) THEN
    PERFORM refuse('decision_needs_the_right_today');
  END IF;
  SELECT * INTO held FROM
    grant_behind(NEW.actor_id, asked.right_name, asked.kind, asked.container, NEW.delegation_id);
  IF NOT FOUND THEN
    PERFORM refuse('decision_names_its_delegation');
  END IF;
  IF NEW.delegation_id IS NOT NULL THEN
    IF v.band_amount > held.ceiling THEN
      PERFORM refuse('delegate_stays_below_the_ceiling');
    END IF;
    IF held.giver IS NULL OR held.giver = r.requester_id OR held.giver IS NOT DISTINCT FROM r.beneficiary_id THEN
      PERFORM refuse('delegate_does_not_decide_for_the_giver');
    END IF;
  END IF;
  IF NEW.verdict = 'approve' THEN
    IF NOT EXISTS (SELECT 1 FROM finance_measures WHERE state = 'published' AND valid_from <= kunshan_today()
                   AND coalesce(valid_to, 'infinity') > kunshan_today()) THEN
      PERFORM refuse('approval_needs_measures_in_force');
    END IF;
    IF s.act = 'approve' AND v.needs_minutes
       AND NOT EXISTS (SELECT 1 FROM finance_minutes WHERE fund_request_id = r.id) THEN
      PERFORM refuse('large_sums_are_decided_collectively');
    END IF;
  END IF;
  RETURN NEW;
END
"""

# As before; and `opened_at` is written once, when the step opens, so that nothing resets how long it has waited.
STEP = """
DECLARE apart text[] := ARRAY['state', 'opened_at'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('done', 'void')
     OR (NEW.version_id, NEW.seq, NEW.act) IS DISTINCT FROM (OLD.version_id, OLD.seq, OLD.act)
     OR (NEW.opened_at IS DISTINCT FROM OLD.opened_at AND NOT (OLD.opened_at IS NULL AND NEW.state = 'open'))
     OR ((to_jsonb(NEW) - apart) <> (to_jsonb(OLD) - apart) AND NOT (
       OLD.state = 'open' AND NEW.state = 'open' AND NEW.reason = 'vacant' AND NEW.bureau_id IS NOT NULL
       AND OLD.role NOT IN ('bureau_finance', 'bureau_leader'))) THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  RETURN NEW;
END
"""

# What is open already has waited since the last decision before it, or since it was submitted.
SINCE_WHEN = """
SELECT set_config('kunshan.verb', 'finance.load_reference', true);
UPDATE finance_requeststep s SET opened_at = coalesce((
  SELECT max(d.at) FROM finance_decision d JOIN finance_requeststep e ON e.id = d.step_id
  WHERE e.version_id = s.version_id AND e.seq < s.seq), v.submitted_at)
FROM finance_requestversion v WHERE v.id = s.version_id AND s.state = 'open';
SELECT set_config('kunshan.verb', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0008_delegation_and_escalation")]

    operations = [
        migrations.RunSQL(
            GRANT_BEHIND, "DROP FUNCTION grant_behind(bigint, text, text, bigint, bigint);"
        ),
        redefine("decision_is_allowed", DECISION, DECISION_BEFORE),
        redefine("step_keeps_its_place", STEP, STEP_BEFORE),
        require_verb("finance_escalationnotice"),
        append_only("finance_escalationnotice"),
        migrations.RunSQL(SINCE_WHEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="requeststep",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(opened_at__isnull=False),
                name="open_step_says_since_when",
                violation_error_message="待办理的环节须记载待办起始时间。",
            ),
        ),
    ]
