"""Rules of decisions and payments that the database keeps: on what was seen, by right today, never one's own."""

from django.db import migrations

from kunshan_edu.core.guards import rule

# The right that each role of a step asks for, as in querysets.ROLE_RIGHTS (a test compares the two).
DECISION = """
DECLARE s finance_requeststep; v finance_requestversion; r finance_fundrequest; may boolean;
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
  may := CASE s.role
    WHEN 'executive_principal' THEN holds(NEW.actor_id, 'approve_as_principal', 'school', s.school_id)
    WHEN 'group_finance' THEN holds(NEW.actor_id, 'check_group_accounts', 'group', s.group_id)
    WHEN 'group_president' THEN holds(NEW.actor_id, 'approve_as_president', 'group', s.group_id)
    WHEN 'district' THEN holds(NEW.actor_id, 'review_as_district', 'district', s.district_id)
    WHEN 'bureau_finance' THEN holds(NEW.actor_id, 'review_as_bureau_finance', 'bureau', s.bureau_id)
    WHEN 'bureau_leader' THEN holds(NEW.actor_id, 'approve_as_bureau_leader', 'bureau', s.bureau_id)
    ELSE false END;
  IF NOT may THEN
    PERFORM refuse('decision_needs_the_right_today');
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

PAYMENT = """
DECLARE r finance_fundrequest; borne numeric;
BEGIN
  SELECT * INTO r FROM finance_fundrequest WHERE id = NEW.fund_request_id;
  IF r.state NOT IN ('approved', 'paying') THEN
    PERFORM refuse('payment_follows_approval');
  END IF;
  SELECT sum(l.amount) INTO borne FROM finance_requestline l JOIN finance_requestversion v ON v.id = l.version_id
    WHERE v.id = NEW.version_id AND v.fund_request_id = r.id AND v.number = r.current AND l.school_id = NEW.school_id;
  IF borne IS NULL OR NEW.amount > borne THEN
    PERFORM refuse('payment_is_made_by_the_bearing_school');
  END IF;
  IF NEW.paid_by_id = r.requester_id OR EXISTS (
    SELECT 1 FROM finance_decision d WHERE d.version_id = NEW.version_id AND d.actor_id = NEW.paid_by_id) THEN
    PERFORM refuse('payer_is_neither_requester_nor_approver');
  END IF;
  IF NOT holds(NEW.paid_by_id, 'record_payment', 'school', NEW.school_id) THEN
    PERFORM refuse('decision_needs_the_right_today');
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0004_request_guards")]

    operations = [
        rule("decision_is_allowed", DECISION, table="finance_decision", when="BEFORE INSERT"),
        rule("payment_is_allowed", PAYMENT, table="finance_payment", when="BEFORE INSERT"),
    ]
