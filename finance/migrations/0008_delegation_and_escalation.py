"""Decisions name their delegation; open steps say since when; what waits too long is brought to mind."""

import django.db.models.deletion
from django.db import migrations, models

import kunshan_edu.core.clock


class Migration(migrations.Migration):
    dependencies = [("finance", "0007_fund_guard"), ("groups", "0005_giver")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="delegation_id",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="委托"),
        ),
        migrations.AddField(
            model_name="measures",
            name="remind_after_days",
            field=models.PositiveSmallIntegerField(default=2, verbose_name="催办前等待的工作日"),
        ),
        migrations.AddField(
            model_name="measures",
            name="escalate_after_days",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="提级提醒前等待的工作日"),
        ),
        migrations.AddField(
            model_name="requeststep",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="待办起始时间"),
        ),
        migrations.AddIndex(
            model_name="requeststep",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["opened_at"], name="open_steps_by_age"
            ),
        ),
        migrations.AddConstraint(
            model_name="measures",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("escalate_after_days__gte", models.F("remind_after_days")), ("remind_after_days__gte", 1)
                ),
                name="reminder_comes_before_escalation",
                violation_error_code="4.2.k",
                violation_error_message="催办的工作日须为正数，且不多于提级提醒的工作日。",
            ),
        ),
        migrations.CreateModel(
            name="EscalationNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("remind", "催办"), ("escalate", "提级提醒")], max_length=8, verbose_name="程度"
                    ),
                ),
                ("waited_days", models.PositiveSmallIntegerField(verbose_name="已等待的工作日")),
                ("told", models.PositiveSmallIntegerField(verbose_name="通知人数")),
                ("at", models.DateTimeField(default=kunshan_edu.core.clock.now, verbose_name="时间")),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="finance.requeststep",
                        verbose_name="环节",
                    ),
                ),
            ],
            options={
                "verbose_name": "催办记录",
                "verbose_name_plural": "催办记录",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("step", "kind"),
                        name="a_step_is_brought_to_mind_once",
                        violation_error_message="该环节已经催办过，同一程度只通知一次。",
                    )
                ],
            },
        ),
    ]
