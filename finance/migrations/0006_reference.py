"""The four statutory expense categories: the guideline itself lists them (4.2.h)."""

from django.db import migrations
from django.utils.translation import override

from finance.choices import STATUTORY_CATEGORIES


def load(apps, schema_editor):
    """Under a verb; the names are stored in Chinese, whatever language is on."""
    rows = apps.get_model("finance", "ExpenseCategory").objects.using(schema_editor.connection.alias)
    with schema_editor.connection.cursor() as cursor, override(None):
        cursor.execute("SELECT set_config('kunshan.verb', 'finance.load_reference', true)")
        for position, (code, name) in enumerate(STATUTORY_CATEGORIES, 1):
            rows.create(code=code, name=str(name), is_statutory=True, position=position)
        cursor.execute("SELECT set_config('kunshan.verb', '', true)")


class Migration(migrations.Migration):
    dependencies = [("finance", "0005_decision_guards")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
