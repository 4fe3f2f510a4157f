"""A right that is delegated names its giver, so that it is not used in the giver's own matter."""

from django.db import migrations, models


def giver(grant):
    field = models.PositiveBigIntegerField(null=True, verbose_name="委托人")
    return migrations.AddField(model_name=grant, name="giver_id", field=field)


class Migration(migrations.Migration):
    dependencies = [("groups", "0004_delegated_rights")]

    operations = [
        giver("bureaugrant"),
        giver("districtgrant"),
        giver("groupgrant"),
        giver("schoolgrant"),
    ]
