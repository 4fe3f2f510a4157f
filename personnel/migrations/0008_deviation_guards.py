"""What a deviation allows does not outlast it: ending one asks again what appointments are asked."""

from importlib import import_module

from django.db import migrations

from kunshan_edu.core.guards import also, redefine

guards = import_module("personnel.migrations.0005_guards")

# The same question when a deviation of the group ends as when an appointment of the person changes.
BOTH = guards.PRESIDENT_AND_PRINCIPAL.replace(
    "BEGIN\n", "DECLARE m jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));\nBEGIN\n", 1
).replace(
    "WHERE p.person_id = NEW.person_id AND",
    "WHERE (p.person_id = (m->>'person_id')::bigint OR p.group_id = (m->>'group_id')::bigint) AND",
)
if "group_id')::bigint" not in BOTH or "DECLARE" not in BOTH:
    raise RuntimeError("a published guard is not what this migration stands on")


def on_deviation(function, trigger):
    return also(function, trigger, table="personnel_deviation", when="AFTER UPDATE OR DELETE", deferred=True)


class Migration(migrations.Migration):
    dependencies = [("personnel", "0007_appraised_as")]

    operations = [
        redefine("president_is_seldom_principal", BOTH, guards.PRESIDENT_AND_PRINCIPAL),
        on_deviation("president_is_seldom_principal", "deviation_keeps_its_president"),
        on_deviation("posts_stay_within_the_quota", "deviation_keeps_its_posts"),
    ]
