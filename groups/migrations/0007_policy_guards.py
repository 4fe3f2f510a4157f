"""The rules of a group change only under a verb."""

from django.db import migrations

from kunshan_edu.core.guards import require_verb


class Migration(migrations.Migration):
    dependencies = [("groups", "0006_policies")]

    operations = [require_verb("groups_grouppolicy")]
