"""Rules of fund requests that the database keeps: states along their table, frozen versions, reserves of their own."""

from django.db import migrations

from kunshan_edu.core.guards import append_only, require_verb, rule

GUARDED = (
    "finance_fundrequest",
    "finance_draftline",
    "finance_requestversion",
    "finance_requestline",
    "finance_requeststep",
    "finance_decision",
    "finance_minutes",
    "finance_payment",
)
ADDED_ONLY = (
    "finance_requestversion",
    "finance_requestline",
    "finance_decision",
    "finance_minutes",
    "finance_payment",
)

STATE = """
DECLARE v bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.current <> 0 THEN PERFORM refuse('request_state_moves_along_its_table'); END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' OR OLD.current <> 0 THEN PERFORM refuse('submitted_content_is_frozen'); END IF;
    RETURN OLD;
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('draft', 'pending'), ('draft', 'withdrawn'), ('pending', 'approved'), ('pending', 'returned'),
    ('pending', 'rejected'), ('pending', 'withdrawn'), ('returned', 'pending'), ('returned', 'withdrawn'),
    ('approved', 'paying'), ('approved', 'paid'), ('approved', 'cancelled'), ('paying', 'paid')) THEN
    PERFORM refuse('request_state_moves_along_its_table', OLD.state || ' > ' || NEW.state);
  END IF;
  IF OLD.state NOT IN ('draft', 'returned')
     AND (to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  IF (OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number) OR NEW.requester_id <> OLD.requester_id
     OR NEW.fund_id <> OLD.fund_id OR NEW.origin <> OLD.origin
     OR (NEW.current <> OLD.current AND NEW.state <> 'pending') THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  SELECT id INTO v FROM finance_requestversion WHERE fund_request_id = NEW.id AND number = NEW.current;
  IF NEW.state = 'pending' AND OLD.state <> 'pending' THEN
    IF (SELECT state FROM finance_groupfund WHERE id = NEW.fund_id) <> 'allocated' THEN
      PERFORM refuse('request_is_made_on_an_allocated_fund');
    END IF;
    IF NEW.current <> OLD.current + 1 OR v IS NULL
       OR NOT EXISTS (SELECT 1 FROM finance_requeststep WHERE version_id = v AND act = 'approve')
       OR NEW.amount IS DISTINCT FROM (SELECT sum(reserved_delta) FROM finance_budgetmove WHERE version_id = v) THEN
      PERFORM refuse('request_state_moves_along_its_table', 'no version, chain or reserve');
    END IF;
  END IF;
  IF NEW.state = 'approved' AND OLD.state <> 'approved' AND EXISTS (
    SELECT 1 FROM finance_requeststep s LEFT JOIN finance_decision d ON d.step_id = s.id AND d.verdict = 'approve'
    WHERE s.version_id = v AND d.id IS NULL) THEN
    PERFORM refuse('request_is_approved_by_every_step');
  END IF;
  IF NEW.state = 'paid' AND OLD.state <> 'paid' AND EXISTS (
    SELECT 1 FROM finance_requestline l WHERE l.version_id = v AND NOT EXISTS (
      SELECT 1 FROM finance_payment p WHERE p.version_id = v AND p.school_id = l.school_id)) THEN
    PERFORM refuse('request_state_moves_along_its_table', 'unpaid school');
  END IF;
  RETURN NEW;
END
"""

# A request that ends without payment, or is paid, holds nothing back: all it reserved is released or spent.
HOLDS_NOTHING = """
BEGIN
  IF NEW.state IN ('returned', 'rejected', 'withdrawn', 'cancelled', 'paid') AND EXISTS (
    SELECT 1 FROM finance_budgetmove m JOIN finance_requestversion v ON v.id = m.version_id
    WHERE v.fund_request_id = NEW.id GROUP BY m.line_id HAVING sum(m.reserved_delta) <> 0) THEN
    PERFORM refuse('request_state_moves_along_its_table', 'still reserved');
  END IF;
  RETURN NULL;
END
"""

RESERVE = """
BEGIN
  IF NEW.version_id IS NOT NULL AND (
    SELECT sum(m.reserved_delta) FROM finance_budgetmove m
    WHERE m.line_id = NEW.line_id AND m.version_id = NEW.version_id) < 0 THEN
    PERFORM refuse('reserve_is_released_by_its_own_request');
  END IF;
  RETURN NULL;
END
"""

DRAFT_LINE = """
DECLARE r bigint := coalesce(to_jsonb(NEW)->>'fund_request_id', to_jsonb(OLD)->>'fund_request_id')::bigint;
BEGIN
  IF (SELECT state FROM finance_fundrequest WHERE id = r) NOT IN ('draft', 'returned') THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  RETURN coalesce(NEW, OLD);
END
"""

# Versions, their lines and steps are written in the transaction that submits them and never again.
VERSION = """
BEGIN
  IF NEW.number IS DISTINCT FROM (SELECT current + 1 FROM finance_fundrequest WHERE id = NEW.fund_request_id
                    AND state IN ('draft', 'returned')) THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  RETURN NEW;
END
"""

PART = """
BEGIN
  IF NOT EXISTS (SELECT 1 FROM finance_requestversion v JOIN finance_fundrequest r ON r.id = v.fund_request_id
                 WHERE v.id = NEW.version_id AND r.current < v.number AND r.state IN ('draft', 'returned')) THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  RETURN NEW;
END
"""

LINE = """
DECLARE b finance_budgetline; f finance_groupfund;
BEGIN
  SELECT * INTO b FROM finance_budgetline WHERE id = NEW.budget_line_id;
  SELECT g.* INTO f FROM finance_groupfund g JOIN finance_fundrequest r ON r.fund_id = g.id
    JOIN finance_requestversion v ON v.fund_request_id = r.id WHERE v.id = NEW.version_id;
  IF b.school_id <> NEW.school_id OR b.category_id <> NEW.category_id OR b.fund_id <> f.id
     OR NOT EXISTS (SELECT 1 FROM groups_schoolaffiliation a WHERE a.school_id = NEW.school_id
                    AND a.valid_from <= kunshan_today() AND coalesce(a.valid_to, 'infinity') > kunshan_today()
                    AND a.level = b.level AND a.district_id IS NOT DISTINCT FROM b.district_id) THEN
    PERFORM refuse('line_follows_the_affiliation');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM groups_membership m WHERE m.group_id = f.group_id AND m.school_id = NEW.school_id
                 AND m.valid_from <= kunshan_today() AND coalesce(m.valid_to, 'infinity') > kunshan_today()) THEN
    PERFORM refuse('line_is_of_a_member_school');
  END IF;
  RETURN NEW;
END
"""

SUM = """
DECLARE v bigint := CASE WHEN TG_TABLE_NAME = 'finance_requestversion' THEN NEW.id
  ELSE (to_jsonb(NEW)->>'version_id')::bigint END;
BEGIN
  IF (SELECT amount FROM finance_requestversion WHERE id = v) IS DISTINCT FROM
     (SELECT sum(amount) FROM finance_requestline WHERE version_id = v) THEN
    PERFORM refuse('version_amount_is_the_sum_of_its_lines');
  END IF;
  RETURN NULL;
END
"""

# After submission a step may change its state; all else stays, but for an open step lifted to the bureau when vacant.
STEP = """
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('done', 'void')
     OR (NEW.version_id, NEW.seq, NEW.act) IS DISTINCT FROM (OLD.version_id, OLD.seq, OLD.act)
     OR ((to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') AND NOT (
       OLD.state = 'open' AND NEW.state = 'open' AND NEW.reason = 'vacant' AND NEW.bureau_id IS NOT NULL
       AND OLD.role NOT IN ('bureau_finance', 'bureau_leader'))) THEN
    PERFORM refuse('submitted_content_is_frozen');
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0003_budget_guards")]

    operations = [
        require_verb(*GUARDED),
        append_only(*ADDED_ONLY),
        rule(
            "request_moves_along_its_table",
            STATE,
            table="finance_fundrequest",
            when="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        rule(
            "finished_request_holds_nothing",
            HOLDS_NOTHING,
            table="finance_fundrequest",
            when="AFTER UPDATE",
            deferred=True,
        ),
        rule(
            "reserve_covers_release",
            RESERVE,
            table="finance_budgetmove",
            when="AFTER INSERT",
            deferred=True,
        ),
        rule(
            "draft_line_is_of_a_draft",
            DRAFT_LINE,
            table="finance_draftline",
            when="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        rule("version_is_the_next", VERSION, table="finance_requestversion", when="BEFORE INSERT"),
        rule("line_is_written_at_submission", PART, table="finance_requestline", when="BEFORE INSERT"),
        rule("line_fits_its_budget_line", LINE, table="finance_requestline", when="BEFORE INSERT"),
        rule("step_is_written_at_submission", PART, table="finance_requeststep", when="BEFORE INSERT"),
        rule("step_keeps_its_place", STEP, table="finance_requeststep", when="BEFORE UPDATE OR DELETE"),
        rule(
            "version_equals_its_lines",
            SUM,
            table="finance_requestversion",
            when="AFTER INSERT",
            deferred=True,
        ),
        migrations.RunSQL(
            "CREATE CONSTRAINT TRIGGER lines_equal_their_version AFTER INSERT ON finance_requestline"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION version_equals_its_lines();",
            "DROP TRIGGER lines_equal_their_version ON finance_requestline;",
        ),
    ]
