"""A longer tenure may fill the term to its very last day (6.3.f): the term names a last day, an end the day after it."""

from importlib import import_module

from django.db import migrations

from kunshan_edu.core.guards import redefine

guards = import_module("personnel.migrations.0005_guards")
EXTENSION = guards.EXTENSION.replace("NEW.new_end > a.term_end THEN", "NEW.new_end > a.term_end + 1 THEN")
if EXTENSION == guards.EXTENSION:
    raise RuntimeError("a published guard is not what this migration stands on")


class Migration(migrations.Migration):
    dependencies = [("personnel", "0010_second_person_of_an_end")]

    operations = [redefine("extension_is_deserved", EXTENSION, guards.EXTENSION)]
