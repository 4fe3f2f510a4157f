"""Rules of the register that the database keeps: verbs, lead schools, affiliations without a gap."""

from django.db import migrations

from kunshan_edu.core.guards import require_verb, rule

LEAD = """
DECLARE g bigint := CASE WHEN TG_TABLE_NAME = 'groups_membership'
  THEN coalesce(to_jsonb(NEW)->>'group_id', to_jsonb(OLD)->>'group_id')::bigint ELSE NEW.id END;
BEGIN
  IF EXISTS (SELECT 1 FROM groups_educationgroup WHERE id = g AND status IN ('pilot', 'running', 'extended'))
     AND NOT EXISTS (SELECT 1 FROM groups_membership WHERE group_id = g AND role = 'lead'
                     AND valid_from <= kunshan_today() AND coalesce(valid_to, 'infinity') > kunshan_today()) THEN
    PERFORM refuse('active_group_has_a_lead_school');
  END IF;
  RETURN NULL;
END
"""

AFFILIATED = """
DECLARE
  s bigint := CASE WHEN TG_TABLE_NAME = 'groups_school' THEN NEW.id
    ELSE coalesce(to_jsonb(NEW)->>'school_id', to_jsonb(OLD)->>'school_id')::bigint END;
  open_days datemultirange;
BEGIN
  SELECT datemultirange(daterange(opened_on, closed_on, '[)')) INTO open_days FROM groups_school WHERE id = s;
  IF NOT open_days <@ coalesce((SELECT range_agg(daterange(valid_from, valid_to, '[)'))
                                FROM groups_schoolaffiliation WHERE school_id = s), '{}'::datemultirange) THEN
    PERFORM refuse('open_school_is_affiliated_every_day');
  END IF;
  RETURN NULL;
END
"""

IDENTITY = """
BEGIN
  IF (NEW.legal_person_type, NEW.credit_code) IS DISTINCT FROM (OLD.legal_person_type, OLD.credit_code)
     AND coalesce(current_setting('kunshan.verb', true), '') <> 'groups.rename_by_document' THEN
    PERFORM refuse('school_identity_is_changed_by_document');
  END IF;
  RETURN NEW;
END
"""

# Does a person hold a right on a container today? The same answer as core.access.has, for triggers.
HOLDS = """
CREATE FUNCTION holds(who bigint, right_name text, kind text, container bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE found boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM %I g JOIN auth_permission p ON p.id = g.permission_id JOIN core_user u ON u.id = g.user_id'
    ' WHERE g.user_id = $1 AND p.codename = $2 AND g.content_object_id = $3 AND u.is_active'
    ' AND g.valid_from <= kunshan_today() AND coalesce(g.valid_to, ''infinity'') > kunshan_today())',
    'groups_' || kind || 'grant') USING who, right_name, container INTO found;
  RETURN found;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(HOLDS, "DROP FUNCTION holds(bigint, text, text, bigint);"),
        require_verb(
            "groups_bureau",
            "groups_district",
            "groups_school",
            "groups_schoolaffiliation",
            "groups_educationgroup",
            "groups_membership",
            "groups_bureaugrant",
            "groups_districtgrant",
            "groups_groupgrant",
            "groups_schoolgrant",
        ),
        rule(
            "group_keeps_a_lead",
            LEAD,
            table="groups_educationgroup",
            when="AFTER INSERT OR UPDATE",
            deferred=True,
        ),
        migrations.RunSQL(
            "CREATE CONSTRAINT TRIGGER membership_keeps_a_lead AFTER INSERT OR UPDATE OR DELETE"
            " ON groups_membership DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            " EXECUTE FUNCTION group_keeps_a_lead();",
            "DROP TRIGGER membership_keeps_a_lead ON groups_membership;",
        ),
        rule(
            "school_stays_affiliated",
            AFFILIATED,
            table="groups_school",
            when="AFTER INSERT OR UPDATE",
            deferred=True,
        ),
        migrations.RunSQL(
            "CREATE CONSTRAINT TRIGGER affiliation_leaves_no_gap AFTER INSERT OR UPDATE OR DELETE"
            " ON groups_schoolaffiliation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            " EXECUTE FUNCTION school_stays_affiliated();",
            "DROP TRIGGER affiliation_leaves_no_gap ON groups_schoolaffiliation;",
        ),
        rule("school_keeps_its_identity", IDENTITY, table="groups_school", when="BEFORE UPDATE"),
    ]
