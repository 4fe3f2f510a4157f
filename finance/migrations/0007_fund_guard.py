"""A fund's year goes one way: drafted, allocated, frozen, closed; its numbers are drawn one after the other."""

from django.db import migrations

from kunshan_edu.core.guards import rule

FUND = """
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.last_number <> 0 THEN PERFORM refuse('fund_year_goes_one_way'); END IF;
    RETURN NEW;
  END IF;
  IF (NEW.group_id, NEW.fiscal_year) <> (OLD.group_id, OLD.fiscal_year)
     OR NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1)
     OR (NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
       ('draft', 'allocated'), ('allocated', 'frozen'), ('frozen', 'closed'))) THEN
    PERFORM refuse('fund_year_goes_one_way', OLD.state || ' > ' || NEW.state);
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0006_reference")]

    operations = [
        rule("fund_goes_one_way", FUND, table="finance_groupfund", when="BEFORE INSERT OR UPDATE")
    ]
