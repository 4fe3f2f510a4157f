"""The end of a cadre's post is two people's deed in the database too; what was decided is not rewritten."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kunshan_edu.core.guards import also, redefine, rule

guards = import_module("personnel.migrations.0005_guards")
LIVE = guards.LIVE
CADRE_POSTS = (
    "('group_president', 'group_secretary', 'deputy_secretary', 'executive_principal', 'vice_principal',"
    " 'bureau_leader')"
)

# Two people are named: who recorded it, and another who confirmed it.
STATES = guards.STATES.replace(
    "AND NEW.confirmed_by_id IS NULL\n",
    "AND (NEW.confirmed_by_id IS NULL OR NEW.recorded_by_id IS NULL)\n",
)

EXTENSION = """EXISTS (
       SELECT 1 FROM personnel_termextension x WHERE x.appointment_id = NEW.id AND x.state = 'confirmed'
         AND x.old_end = OLD.valid_to AND x.new_end = NEW.valid_to AND NEW.state = 'extended')"""
# The day of an end must be the one that was recorded before, and somebody else confirms it (6.3.a). What two people
# decided does not last longer by one, and what is over does not come back.
OFFICE = f"""
  IF OLD.state IN {LIVE} AND (
       (NEW.nominated_by_id, NEW.recorded_by_id, NEW.confirmed_by_id, NEW.document)
         IS DISTINCT FROM (OLD.nominated_by_id, OLD.recorded_by_id, OLD.confirmed_by_id, OLD.document)
       OR OLD.term_end IS NOT NULL AND NEW.term_end IS DISTINCT FROM OLD.term_end) THEN
    PERFORM refuse('appointment_facts_are_not_rewritten');
  END IF;
  IF OLD.state = 'active' AND NEW.state = 'extended' AND NOT {EXTENSION} THEN
    PERFORM refuse('tenure_is_lengthened_by_extension');
  END IF;
  IF OLD.state IN {LIVE} AND NEW.valid_to IS DISTINCT FROM OLD.valid_to AND NOT {EXTENSION} THEN
    IF coalesce(NEW.valid_to, 'infinity') > coalesce(OLD.valid_to, 'infinity')
       AND (OLD.post IN {guards.CONFIRMED_POSTS} OR OLD.valid_to <= kunshan_today()) THEN
      PERFORM refuse('appointment_is_not_lengthened');
    END IF;
    IF OLD.post IN {CADRE_POSTS} AND (NEW.valid_to IS DISTINCT FROM OLD.ending_on OR NEW.ending_on IS NOT NULL
         OR NEW.ending_by_id IS DISTINCT FROM OLD.ending_by_id OR NEW.end_confirmed_by_id IS NULL) THEN
      PERFORM refuse('cadre_end_is_confirmed_by_a_second_person');
    END IF;
  END IF;
  RETURN NEW;
"""
FACTS = guards.FACTS.replace("  RETURN NEW;\n", OFFICE.lstrip("\n")).replace(
    "AND x.new_end = NEW.valid_to AND NEW.state = 'extended') THEN",
    "AND x.old_end = OLD.valid_to AND x.new_end = NEW.valid_to AND NEW.state = 'extended') THEN",
    1,
)
if STATES == guards.STATES or FACTS.count("x.old_end = OLD.valid_to") != 3:
    raise RuntimeError("a published guard is not what this migration stands on")

# Of what one recorded and another decided on, only the end may still come, and only nearer.
DECIDED = """
BEGIN
  IF OLD.state <> 'proposed' AND (to_jsonb(NEW) - 'valid_to' <> to_jsonb(OLD) - 'valid_to'
       OR coalesce(to_jsonb(NEW)->>'valid_to', 'infinity')::date
          > coalesce(to_jsonb(OLD)->>'valid_to', 'infinity')::date) THEN
    PERFORM refuse('decision_is_not_rewritten');
  END IF;
  RETURN NEW;
END
"""

LENT = """
BEGIN
  IF to_jsonb(NEW) - 'valid_to' <> to_jsonb(OLD) - 'valid_to' OR NEW.valid_to > OLD.valid_to THEN
    PERFORM refuse('delegation_is_only_shortened');
  END IF;
  RETURN NEW;
END
"""


def two_people(model, noun):
    """A confirmed row names who recorded it besides who confirmed it."""
    name = f"confirmed_{model.removesuffix('term').removeprefix('term')}_names_its_confirmer"
    people = models.Q(("confirmed_by__isnull", False), ("recorded_by__isnull", False))
    constraint = models.CheckConstraint(
        condition=models.Q(models.Q(("state", "confirmed"), _negated=True), people, _connector="OR"),
        name=name,
        violation_error_code="6.3.a",
        violation_error_message=f"{noun}须由人事科登记、局领导审定。",
    )
    return (
        migrations.RemoveConstraint(model_name=model, name=name),
        migrations.AddConstraint(model_name=model, constraint=constraint),
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("groups", "0007_policy_guards"),
        ("personnel", "0009_one_of_each"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="end_confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="免职审定人",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_confirmed_by__isnull", True),
                    models.Q(
                        ("ending_by__isnull", False),
                        models.Q(("end_confirmed_by", models.F("ending_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="end_is_confirmed_by_another",
                violation_error_code="6.3.a",
                violation_error_message="登记人不能审定自己登记的免职，请由局领导审定。",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True),
                name="appointment_has_a_document",
                violation_error_code="6.3.a",
                violation_error_message="任职须有任职文号：权限随任职产生，任职凭文件。",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ending_on__isnull", True),
                    models.Q(("end_document", ""), _negated=True),
                    _connector="OR",
                ),
                name="recorded_end_has_a_document",
                violation_error_code="6.3.a",
                violation_error_message="免职须有免职文号。",
            ),
        ),
        *(
            operation
            for model, noun in (("termextension", "延长任职"), ("incentiveterm", "激励待遇"))
            for operation in two_people(model, noun)
        ),
        redefine("appointment_goes_its_way", STATES, guards.STATES),
        redefine("appointment_keeps_its_facts", FACTS, guards.FACTS),
        rule("decision_stands", DECIDED, table="personnel_deviation", when="BEFORE UPDATE"),
        *(
            also("decision_stands", f"{noun}_decision_stands", table=table, when="BEFORE UPDATE")
            for noun, table in (
                ("extension", "personnel_termextension"),
                ("incentive", "personnel_incentiveterm"),
            )
        ),
        rule("delegation_is_only_taken_back", LENT, table="personnel_delegation", when="BEFORE UPDATE"),
    ]
