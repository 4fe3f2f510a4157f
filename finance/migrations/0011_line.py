"""A request of a department of the group is of its line, for good (4.1.j)."""

from importlib import import_module

from django.db import migrations, models

from kunshan_edu.core.guards import redefine

BEFORE = import_module("finance.migrations.0004_request_guards").STATE
STATE = BEFORE.replace(
    "OR NEW.fund_id <> OLD.fund_id OR NEW.origin <> OLD.origin\n",
    "OR NEW.fund_id <> OLD.fund_id OR NEW.origin <> OLD.origin OR NEW.line <> OLD.line\n",
)
if STATE == BEFORE:
    raise RuntimeError("a published guard is not what this migration stands on")


class Migration(migrations.Migration):

    dependencies = [
        ('finance', '0010_decision_guards'),
        ('groups', '0008_line'),
    ]

    operations = [
        migrations.AddField(
            model_name='fundrequest',
            name='line',
            field=models.CharField(blank=True, choices=[('office', '综合办公'), ('party', '党建'), ('moral', '德育'), ('teaching', '教学'), ('research', '教科研'), ('staff', '人事'), ('finance', '财务'), ('logistics', '总务'), ('safety', '安全')], help_text='集团部门的申请属于其条线', max_length=12, verbose_name='条线'),
        ),
        migrations.AddConstraint(
            model_name='fundrequest',
            constraint=models.CheckConstraint(condition=models.Q(('line', ''), ('origin', 2), _connector='OR'), name='line_is_of_a_department_of_the_group', violation_error_code='4.1.j', violation_error_message='条线只写在集团部门的申请上。'),
        ),
        redefine("request_moves_along_its_table", STATE, BEFORE),
    ]
