"""Database guards as migration operations: no change without a verb, append-only tables, rules as triggers."""

from __future__ import annotations

from django.db.migrations import RunSQL

# A change to a guarded table needs the transaction-local setting that only `changes.changing` and `add` make.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION refuse(name text, detail text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = name, DETAIL = detail, CONSTRAINT = name;
END $$;
CREATE OR REPLACE FUNCTION kunshan_today() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('kunshan.today', true), '')::date,
                  (now() AT TIME ZONE 'Asia/Shanghai')::date)
$$;
CREATE OR REPLACE FUNCTION require_verb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('kunshan.verb', true), '') = '' THEN
    PERFORM refuse('change_without_a_verb', TG_TABLE_NAME);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse('append_only', TG_TABLE_NAME);
  RETURN NULL;
END $$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION refuse_rewriting(); DROP FUNCTION require_verb(); DROP FUNCTION kunshan_today();
DROP FUNCTION refuse(text, text);
"""


def require_verb(*tables: str) -> RunSQL:
    """Refuse INSERT, UPDATE and DELETE on the tables outside `changing()` and `add()`."""
    create = "".join(
        f"CREATE TRIGGER a_verb_is_named BEFORE INSERT OR UPDATE OR DELETE ON {t}"
        " FOR EACH STATEMENT EXECUTE FUNCTION require_verb();"
        f"CREATE TRIGGER a_verb_is_named_for_truncate BEFORE TRUNCATE ON {t}"
        " FOR EACH STATEMENT EXECUTE FUNCTION require_verb();"
        for t in tables
    )
    drop = "".join(
        f"DROP TRIGGER a_verb_is_named ON {t}; DROP TRIGGER a_verb_is_named_for_truncate ON {t};"
        for t in tables
    )
    return RunSQL(create, drop)


def append_only(*tables: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on the tables, for the owner's role too."""
    create = "".join(
        f"CREATE TRIGGER rows_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {t}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();"
        for t in tables
    )
    return RunSQL(create, "".join(f"DROP TRIGGER rows_are_only_added ON {t};" for t in tables))


def rule(function: str, body: str, *, table: str, when: str, deferred: bool = False) -> RunSQL:
    """A trigger function and its trigger of the same name. `when`: 'BEFORE INSERT OR UPDATE', 'AFTER INSERT' …

    A deferred one is checked when the outermost `changing()` block ends, so several rows may change together.
    """
    kind = "CONSTRAINT TRIGGER" if deferred else "TRIGGER"
    timing = "DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    create = (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $rule$\n{body}\n$rule$;"
        f"CREATE {kind} {function} {when} ON {table} {timing} FOR EACH ROW EXECUTE FUNCTION {function}();"
    )
    return RunSQL(create, f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();")


def redefine(function: str, body: str, before: str) -> RunSQL:
    """Give a published trigger function a new body; `before` is the one that it had, to go back to."""
    statement = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $rule$\n{}\n$rule$;"
    return RunSQL(statement.format(function, body), statement.format(function, before))


def also(function: str, trigger: str, *, table: str, when: str, deferred: bool = False) -> RunSQL:
    """Have an existing trigger function watch another table, under the name `trigger`."""
    kind = "CONSTRAINT TRIGGER" if deferred else "TRIGGER"
    timing = "DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    return RunSQL(
        f"CREATE {kind} {trigger} {when} ON {table} {timing} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {trigger} ON {table};",
    )
