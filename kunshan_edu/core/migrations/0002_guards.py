"""The database's own guards: functions for every app, an append-only audit trail, seals in order."""

from django.db import migrations

from kunshan_edu.core.guards import DROP_FUNCTIONS, FUNCTIONS, append_only

# Whoever writes audit events holds this lock in common until the transaction ends; sealing takes it alone, so a
# seal never misses an event whose number was drawn earlier but committed later.
WRITING = """
CREATE FUNCTION audit_is_being_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(132, 2019);
  RETURN NULL;
END $$;
CREATE TRIGGER audit_is_being_written BEFORE INSERT ON core_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_being_written();
"""
UNDO = "DROP TRIGGER audit_is_being_written ON core_auditevent; DROP FUNCTION audit_is_being_written();"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        append_only("core_auditevent", "core_auditseal"),
        migrations.RunSQL(WRITING, UNDO),
    ]
