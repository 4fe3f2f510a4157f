"""Rules of appointments that the database keeps, among them: no active group without a president."""

from django.db import migrations

from kunshan_edu.core.guards import require_verb, rule

PRESIDENT = """
BEGIN
  IF NEW.status IN ('pilot', 'running', 'extended') AND NEW.status IS DISTINCT FROM OLD.status
     AND NOT EXISTS (SELECT 1 FROM personnel_appointment a WHERE a.group_id = NEW.id AND a.post = 'group_president'
                     AND a.valid_from <= kunshan_today() AND coalesce(a.valid_to, 'infinity') > kunshan_today()) THEN
    PERFORM refuse('active_group_has_a_president');
  END IF;
  RETURN NEW;
END
"""

# A new group can only be in preparation: its president is appointed to a group that exists.
FOUNDED = """
BEGIN
  IF NEW.status IN ('pilot', 'running', 'extended') THEN
    PERFORM refuse('active_group_has_a_president');
  END IF;
  RETURN NEW;
END
"""

DEPUTY = """
DECLARE who bigint := NEW.person_id;
BEGIN
  IF EXISTS (
    SELECT 1 FROM personnel_appointment d JOIN personnel_appointment e ON e.person_id = d.person_id
    WHERE d.person_id = who AND d.post = 'deputy_secretary' AND e.post = 'executive_principal'
      AND NOT isempty(daterange(d.valid_from, d.valid_to) * daterange(e.valid_from, e.valid_to))
      AND NOT datemultirange(daterange(d.valid_from, d.valid_to) * daterange(e.valid_from, e.valid_to)) <@ coalesce(
        (SELECT range_agg(daterange(m.valid_from, m.valid_to)) FROM groups_membership m
         WHERE m.group_id = d.group_id AND m.school_id = e.school_id), '{}'::datemultirange)
  ) THEN
    PERFORM refuse('deputy_secretary_principal_of_the_same_group');
  END IF;
  RETURN NULL;
END
"""

FACTS = """
BEGIN
  IF (NEW.person_id, NEW.post, NEW.group_id, NEW.school_id, NEW.district_id, NEW.bureau_id, NEW.valid_from)
     IS DISTINCT FROM
     (OLD.person_id, OLD.post, OLD.group_id, OLD.school_id, OLD.district_id, OLD.bureau_id, OLD.valid_from) THEN
    PERFORM refuse('appointment_facts_are_not_rewritten');
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [("personnel", "0001_initial"), ("groups", "0002_guards")]

    operations = [
        require_verb("personnel_person", "personnel_appointment"),
        rule(
            "group_is_activated_with_a_president",
            PRESIDENT,
            table="groups_educationgroup",
            when="BEFORE UPDATE",
        ),
        rule("group_is_founded_in_preparation", FOUNDED, table="groups_educationgroup", when="BEFORE INSERT"),
        rule(
            "deputy_secretary_stays_in_the_group",
            DEPUTY,
            table="personnel_appointment",
            when="AFTER INSERT OR UPDATE",
            deferred=True,
        ),
        rule("appointment_keeps_its_facts", FACTS, table="personnel_appointment", when="BEFORE UPDATE"),
    ]
