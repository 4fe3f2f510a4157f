"""The bureau and the twelve districts and towns of Kunshan: facts that every installation stands on."""

from django.db import migrations

from groups.choices import DISTRICTS


def load(apps, schema_editor):
    """Under a verb, as every change of the register; the parents first, as the table lists them."""
    bureau, district = apps.get_model("groups", "Bureau"), apps.get_model("groups", "District")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kunshan.verb', 'groups.load_reference', true)")
        bureau.objects.using(schema_editor.connection.alias).create(pk=1, name="昆山市教育局")
        rows = district.objects.using(schema_editor.connection.alias)
        made = {}
        for position, (code, name, kind, parent) in enumerate(DISTRICTS, 1):
            facts = {"code": code, "name": name, "kind": kind.value, "position": position}
            made[name] = rows.create(**facts, parent=made.get(parent))
        cursor.execute("SELECT set_config('kunshan.verb', '', true)")


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_guards")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
