"""Spreadsheets of people are sealed and kept for a time; what their dry runs quote is encrypted."""

from django.db import migrations, models

import kunshan_edu.core.ciphers


class Migration(migrations.Migration):
    dependencies = [("core", "0007_sheet_imports")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="kept_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="保存至"),
        ),
        # What earlier dry runs quoted in clear is not carried over: the file tells it again when it is checked again.
        migrations.RemoveField(model_name="sheetimport", name="faults"),
        migrations.AddField(
            model_name="sheetimport",
            name="faults",
            field=kunshan_edu.core.ciphers.EncryptedJSONField(default=list, verbose_name="错误"),
        ),
    ]
