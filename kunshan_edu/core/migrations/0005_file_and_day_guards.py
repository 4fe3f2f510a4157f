"""Files are only added; files and days change under a verb."""

from django.db import migrations

from kunshan_edu.core.guards import append_only, require_verb


class Migration(migrations.Migration):
    dependencies = [("core", "0004_files_and_days")]

    operations = [
        require_verb("core_storedfile", "core_calendarday"),
        append_only("core_storedfile"),
    ]
