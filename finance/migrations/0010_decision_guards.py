"""Decisions: none on a closed year, no rejection by who only checks, none for the bureau by who serves in the group."""

from importlib import import_module

from django.db import migrations

from kunshan_edu.core.guards import redefine

BEFORE = import_module("finance.migrations.0009_escalation_guards").DECISION

# Does somebody hold a post of the own in a group or in one of its member schools today? As querysets.served_groups.
SERVES = """
CREATE FUNCTION serves(who bigint, education_group bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM groups_groupgrant g
    WHERE g.user_id = who AND g.content_object_id = education_group AND g.delegation_id IS NULL
      AND g.valid_from <= kunshan_today() AND coalesce(g.valid_to, 'infinity') > kunshan_today()
  ) OR EXISTS (
    SELECT 1 FROM groups_schoolgrant g JOIN groups_membership m ON m.school_id = g.content_object_id
    WHERE g.user_id = who AND m.group_id = education_group AND g.delegation_id IS NULL
      AND g.valid_from <= kunshan_today() AND coalesce(g.valid_to, 'infinity') > kunshan_today()
      AND m.valid_from <= kunshan_today() AND coalesce(m.valid_to, 'infinity') > kunshan_today()
  );
$$;
"""

DECISION = """
DECLARE s finance_requeststep; v finance_requestversion; r finance_fundrequest; f finance_groupfund;
  asked record; held record;
BEGIN
  SELECT * INTO s FROM finance_requeststep WHERE id = NEW.step_id;
  SELECT * INTO v FROM finance_requestversion WHERE id = s.version_id;
  SELECT * INTO r FROM finance_fundrequest WHERE id = v.fund_request_id;
  SELECT * INTO f FROM finance_groupfund WHERE id = r.fund_id;
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
  IF s.role IN ('bureau_finance', 'bureau_leader') AND serves(NEW.actor_id, f.group_id) THEN
    PERFORM refuse('bureau_staff_do_not_review_where_they_serve');
  END IF;
  IF NEW.verdict = 'reject' AND s.act NOT IN ('approve', 'consent') THEN
    PERFORM refuse('only_who_decides_or_consents_rejects');
  END IF;
  IF NEW.verdict = 'approve' THEN
    IF f.state <> 'allocated' THEN
      PERFORM refuse('no_approval_on_a_closed_year');
    END IF;
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


class Migration(migrations.Migration):
    dependencies = [("finance", "0009_escalation_guards"), ("groups", "0007_policy_guards")]

    operations = [
        migrations.RunSQL(SERVES, "DROP FUNCTION serves(bigint, bigint);"),
        redefine("decision_is_allowed", DECISION, BEFORE),
    ]
