"""A right of a department of a group is of its line (4.1.j)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0007_policy_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='bureaugrant',
            name='line',
            field=models.CharField(blank=True, help_text='空为不限条线', max_length=12, verbose_name='条线'),
        ),
        migrations.AddField(
            model_name='districtgrant',
            name='line',
            field=models.CharField(blank=True, help_text='空为不限条线', max_length=12, verbose_name='条线'),
        ),
        migrations.AddField(
            model_name='groupgrant',
            name='line',
            field=models.CharField(blank=True, help_text='空为不限条线', max_length=12, verbose_name='条线'),
        ),
        migrations.AddField(
            model_name='schoolgrant',
            name='line',
            field=models.CharField(blank=True, help_text='空为不限条线', max_length=12, verbose_name='条线'),
        ),
    ]
