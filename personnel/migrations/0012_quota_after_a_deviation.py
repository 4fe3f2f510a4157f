"""A quota is counted again on the day after a deviation from it ends (4.1.h, 4.1.o)."""

from importlib import import_module

from django.db import migrations

from kunshan_edu.core.guards import redefine

BEFORE = import_module("personnel.migrations.0005_guards").QUOTA
QUOTA = BEFORE.replace(
    "CROSS JOIN LATERAL (SELECT greatest(a.valid_from, q.valid_from) AS day) d\n",
    """CROSS JOIN LATERAL (
      SELECT greatest(a.valid_from, q.valid_from) AS day
      UNION SELECT v.valid_to FROM personnel_deviation v
      WHERE v.state = 'confirmed' AND v.clause_id IN ('4.1.o', '4.1.h')
        AND (v.school_id = q.school_id OR v.group_id = q.group_id)
        AND daterange(a.valid_from, a.valid_to) * daterange(q.valid_from, q.valid_to) @> v.valid_to) d
""",
)
if QUOTA == BEFORE:
    raise RuntimeError("a published guard is not what this migration stands on")


class Migration(migrations.Migration):
    dependencies = [("personnel", "0011_term_to_its_last_day")]

    operations = [redefine("posts_stay_within_the_quota", QUOTA, BEFORE)]
