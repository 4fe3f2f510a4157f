"""A school does not leave a group whose deputy secretary its executive principal still is (4.1.g)."""

from django.db import migrations

from kunshan_edu.core.guards import rule

DEPUTY = """
DECLARE m jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));
BEGIN
  IF EXISTS (
    SELECT 1 FROM personnel_appointment d
    JOIN personnel_appointment e ON e.person_id = d.person_id AND e.post = 'executive_principal'
    WHERE d.post = 'deputy_secretary' AND d.group_id = (m->>'group_id')::bigint
      AND e.school_id = (m->>'school_id')::bigint
      AND NOT isempty(daterange(d.valid_from, d.valid_to) * daterange(e.valid_from, e.valid_to))
      AND NOT datemultirange(daterange(d.valid_from, d.valid_to) * daterange(e.valid_from, e.valid_to)) <@ coalesce(
        (SELECT range_agg(daterange(k.valid_from, k.valid_to)) FROM groups_membership k
         WHERE k.group_id = d.group_id AND k.school_id = e.school_id), '{}'::datemultirange)
  ) THEN
    PERFORM refuse('school_of_a_deputy_secretary_stays');
  END IF;
  RETURN NULL;
END
"""


class Migration(migrations.Migration):
    dependencies = [("personnel", "0002_guards"), ("groups", "0003_reference")]

    operations = [
        rule(
            "membership_keeps_a_deputy_secretary",
            DEPUTY,
            table="groups_membership",
            when="AFTER UPDATE OR DELETE",
            deferred=True,
        )
    ]
