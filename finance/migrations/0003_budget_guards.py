"""Rules of Measures and budgets that the database keeps: published stays, totals by moves, levels by affiliation."""

from django.db import migrations

from kunshan_edu.core.guards import append_only, require_verb, rule

GUARDED = (
    "finance_expensecategory",
    "finance_measures",
    "finance_approvallimit",
    "finance_limitstep",
    "finance_groupfund",
    "finance_budgetline",
    "finance_budgetmove",
)

CATEGORY = """
BEGIN
  IF OLD.is_statutory AND (TG_OP = 'DELETE' OR NEW.name <> OLD.name OR NOT NEW.is_statutory) THEN
    PERFORM refuse('statutory_category_stays');
  END IF;
  RETURN coalesce(NEW, OLD);
END
"""

# Every limit holds its decision; each origin's limits for any category join from 0 up to no upper bound.
PUBLISHED = """
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'published' THEN PERFORM refuse('published_measures_stay'); END IF;
    RETURN OLD;
  END IF;
  IF OLD.state = 'published' AND (to_jsonb(NEW) - 'valid_to') <> (to_jsonb(OLD) - 'valid_to') THEN
    PERFORM refuse('published_measures_stay');
  END IF;
  IF NEW.state = 'published' AND OLD.state <> 'published' AND EXISTS (
    SELECT 1 FROM finance_approvallimit l WHERE l.measures_id = NEW.id AND NOT EXISTS (
      SELECT 1 FROM finance_limitstep s WHERE s.limit_id = l.id AND s.act = 'approve' AND s.role = l.role)) THEN
    PERFORM refuse('limit_lacks_its_decision');
  END IF;
  IF NEW.state = 'published' AND OLD.state <> 'published' AND EXISTS (
    SELECT 1 FROM unnest(ARRAY[1, 2]) AS o(origin) WHERE '{(0,)}'::nummultirange IS DISTINCT FROM
      (SELECT range_agg(numrange(l.above, l.up_to, '(]')) FROM finance_approvallimit l
       WHERE l.measures_id = NEW.id AND l.origin = o.origin AND l.category_id IS NULL)) THEN
    PERFORM refuse('limits_tile_all_amounts');
  END IF;
  RETURN NEW;
END
"""

LIMIT_OF_DRAFT = """
DECLARE m bigint := coalesce(to_jsonb(NEW)->>'measures_id', to_jsonb(OLD)->>'measures_id')::bigint;
BEGIN
  IF (SELECT state FROM finance_measures WHERE id = m) = 'published' THEN
    PERFORM refuse('limits_are_added_to_drafts_only');
  END IF;
  RETURN coalesce(NEW, OLD);
END
"""

STEP_OF_DRAFT = """
DECLARE l bigint := coalesce(to_jsonb(NEW)->>'limit_id', to_jsonb(OLD)->>'limit_id')::bigint;
BEGIN
  IF (SELECT m.state FROM finance_measures m JOIN finance_approvallimit a ON a.measures_id = m.id
      WHERE a.id = l) = 'published' THEN
    PERFORM refuse('limits_are_added_to_drafts_only');
  END IF;
  RETURN coalesce(NEW, OLD);
END
"""

NEW_LINE = """
BEGIN
  IF NOT EXISTS (SELECT 1 FROM groups_schoolaffiliation a WHERE a.school_id = NEW.school_id
                 AND a.valid_from <= kunshan_today() AND coalesce(a.valid_to, 'infinity') > kunshan_today()
                 AND a.level = NEW.level AND a.district_id IS NOT DISTINCT FROM NEW.district_id) THEN
    PERFORM refuse('line_follows_the_affiliation');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM groups_membership m JOIN finance_groupfund f ON f.group_id = m.group_id
                 WHERE f.id = NEW.fund_id AND m.school_id = NEW.school_id
                 AND m.valid_from <= kunshan_today() AND coalesce(m.valid_to, 'infinity') > kunshan_today()) THEN
    PERFORM refuse('line_is_of_a_member_school');
  END IF;
  IF (NEW.approved, NEW.reserved, NEW.spent) <> (0::numeric, 0::numeric, 0::numeric) THEN
    PERFORM refuse('totals_change_through_moves');
  END IF;
  RETURN NEW;
END
"""

# A line's totals are updated by the trigger on its moves, one level deeper than any statement of the application.
OLD_LINE = """
BEGIN
  IF pg_trigger_depth() < 2 OR
     (to_jsonb(NEW) - 'approved' - 'reserved' - 'spent') <> (to_jsonb(OLD) - 'approved' - 'reserved' - 'spent') THEN
    PERFORM refuse('totals_change_through_moves');
  END IF;
  RETURN NEW;
END
"""

MOVE = """
BEGIN
  UPDATE finance_budgetline SET approved = approved + NEW.approved_delta,
    reserved = reserved + NEW.reserved_delta, spent = spent + NEW.spent_delta WHERE id = NEW.line_id;
  RETURN NULL;
END
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0002_initial"), ("groups", "0002_guards")]

    operations = [
        require_verb(*GUARDED),
        append_only("finance_budgetmove"),
        rule(
            "statutory_category_is_kept",
            CATEGORY,
            table="finance_expensecategory",
            when="BEFORE UPDATE OR DELETE",
        ),
        rule("measures_are_kept", PUBLISHED, table="finance_measures", when="BEFORE UPDATE OR DELETE"),
        rule(
            "limit_belongs_to_a_draft",
            LIMIT_OF_DRAFT,
            table="finance_approvallimit",
            when="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        rule(
            "limit_step_belongs_to_a_draft",
            STEP_OF_DRAFT,
            table="finance_limitstep",
            when="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        rule("line_is_founded", NEW_LINE, table="finance_budgetline", when="BEFORE INSERT"),
        rule("line_changes_by_moves", OLD_LINE, table="finance_budgetline", when="BEFORE UPDATE"),
        rule("move_changes_its_line", MOVE, table="finance_budgetmove", when="AFTER INSERT"),
    ]
