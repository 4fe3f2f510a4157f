"""The house: what holds of the whole code, whatever it does."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from finance.choices import TRANSITIONS
from finance.models import refusals as finance_refusals
from finance.querysets import CONTAINER_COLUMN, ROLE_RIGHTS
from kunshan_edu.core.changes import sentences
from kunshan_edu.core.guideline import Clause

ROOT = Path(__file__).resolve().parent.parent
OURS = ("core", "groups", "personnel", "finance", "enrollment")
FOLDERS = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")
RANK = {"core": 0, "groups": 1, "personnel": 2, "finance": 2, "enrollment": 2}
APP_MODULES = {
    "__init__", "actions", "addresses", "admin", "allocation", "api", "apps", "choices", "forms", "geometry", "grants",
    "ledger", "lights", "management", "migrations", "models", "proofs", "querysets", "rules", "sheets", "tasks",
    "urls", "verbs", "views",
}  # fmt: skip
CORE_MODULES = {
    "__init__", "access", "admin", "api", "apps", "assets", "changes", "ciphers", "clock", "codes", "denials", "fields",
    "files", "forms", "guards", "guideline", "inbox", "jobs", "lights", "management", "middleware", "migrations", "models",
    "money", "once", "pages", "proofs", "querysets", "reasons", "records_views", "roles", "seals", "sheet_pages",
    "sheets", "tasks", "templatetags", "urls", "verbs", "views", "workdays",
}  # fmt: skip
BANNED = {"utils", "helpers", "common", "services", "selectors", "managers", "signals", "mixins", "constants"}
# The pages that a stranger may open: signing in and out, language, appearance.
OPEN_TO_STRANGERS = {
    "core:sign_in", "core:sign_out", "core:signed_out", "core:language", "core:appearance", "core:demo_switch",
}  # fmt: skip


def python_files() -> list[Path]:
    found = [p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")]
    return [p for p in found if "__pycache__" not in p.parts]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def our_models():
    return [m for m in apps.get_models() if m._meta.app_label in OURS]


def names(patterns, prefix=""):
    """(name, pattern) of every address, with its name space."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names(entry.url_patterns, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry


def test_modules_are_of_the_vocabulary():
    for app in ("groups", "personnel", "finance", "enrollment"):
        found = {p.stem for p in (ROOT / app).iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
        assert found <= APP_MODULES, app
    found = {p.stem for p in (ROOT / "kunshan_edu/core").glob("*.py")}
    assert found <= CORE_MODULES
    assert not {p.stem for p in python_files()} & BANNED


def test_every_module_says_what_it_is_for():
    silent = [
        str(p.relative_to(ROOT))
        for p in python_files()
        if p.read_text().strip()
        and "0001_initial" not in p.name
        and "0002_initial" not in p.name
        and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


def test_no_file_is_too_long():
    def code(path: Path) -> int:
        return len(path.read_text().splitlines())

    long = [
        str(p.relative_to(ROOT))
        for p in [*python_files(), *(ROOT / "tests").rglob("*.py")]
        if code(p) > 500 and "initial" not in p.name
    ]
    assert long == []
    assert [str(p) for p in templates() if code(p) > 200] == []


def test_foreign_keys_point_down():
    for model in our_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model:
                there = field.related_model._meta.app_label
                here = model._meta.app_label
                assert there not in RANK or there == here or RANK[there] < RANK[here], field


def test_every_model_has_a_name_for_people():
    for model in our_models():
        if not model.__name__.endswith("Grant"):
            assert re.search(r"[\u4e00-\u9fff]", str(model._meta.verbose_name)), model
        assert "__str__" in model.__dict__ or model.__name__.endswith("Grant"), model


def test_every_constraint_has_a_sentence():
    constraints = [c for m in our_models() for c in m._meta.constraints]
    counted = Counter(c.name for c in constraints)
    assert [n for n, times in counted.items() if times > 1] == []
    for constraint in constraints:
        assert re.fullmatch(r"[a-z0-9_]+", constraint.name)
        assert str(constraint.violation_error_message).endswith("。"), constraint.name
        if constraint.violation_error_code:
            assert Clause.of(constraint.violation_error_code)


def refused_by_triggers() -> set[str]:
    found: set[str] = set()
    for path in python_files():
        if "migrations" in path.parts or path.name == "guards.py":
            found |= set(re.findall(r"PERFORM refuse\('([a-z_]+)'", path.read_text()))
    return found


def unique_columns() -> set[str]:
    """The names that PostgreSQL gives to the unique columns of the register and money tables."""
    return {
        f"{model._meta.db_table}_{field.column}_key"
        for model in our_models()
        if model._meta.app_label != "core"
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    }


def test_every_trigger_and_unique_column_has_a_sentence():
    declared = {
        name
        for config in apps.get_app_configs()
        for name in getattr(config.models_module, "REFUSALS", {})
        if config.label in OURS
    }
    keys = {name for name in declared if name.endswith("_key")}
    assert declared - keys == refused_by_triggers()
    assert keys - {"core_user_username_key"} == unique_columns()
    for name in declared:
        assert sentences()[name].message.endswith("。"), name


def test_states_in_code_and_database_are_the_same():
    text = (ROOT / "finance/migrations/0004_request_guards.py").read_text()
    table = set(
        re.findall(r"\('([a-z]+)', '([a-z]+)'\)", text.split("NOT IN (", 1)[1].split(")) THEN", 1)[0] + ")")
    )
    assert table == {(a.value, b.value) for a, following in TRANSITIONS.items() for b in following}


def test_rights_of_roles_in_code_and_database_are_the_same():
    text = (ROOT / "finance/migrations/0009_escalation_guards.py").read_text()
    found = re.findall(r"\('(\w+)', '(\w+)', '(\w+)', s\.(\w+)_id\)", text)
    assert {(role, right, kind) for role, right, kind, _column in found} == {
        (role.value, authority.value, CONTAINER_COLUMN[model])
        for role, (authority, model) in ROLE_RIGHTS.items()
    }
    assert all(kind == column for _role, _right, kind, column in found)


@pytest.mark.django_db
def test_every_register_and_money_table_asks_for_a_verb():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'a_verb_is_named'")
        guarded = {name for (name,) in cursor.fetchall()}
    tables = {m._meta.db_table for m in our_models() if m._meta.app_label != "core"}
    assert tables | {"core_storedfile", "core_calendarday"} == guarded


def test_changes_are_made_by_changing():
    """Nothing in an app saves, updates, creates or deletes rows by itself but through core.changes.

    Rights are derived data that `grants` replaces inside `acting`; deleting a draft and its audit is `drafting`.
    """
    allowed = {"personnel/grants.py", "finance/actions/drafting.py"}
    pattern = re.compile(
        r"(?<!drafting)\.(save|bulk_create|bulk_update|update_or_create|get_or_create|delete)\(|objects\.create\("
    )
    for app in ("groups", "personnel", "finance", "enrollment"):
        for path in (ROOT / app).rglob("*.py"):
            place = str(path.relative_to(ROOT))
            if "migrations" not in path.parts and place not in allowed:
                assert not pattern.search(path.read_text()), place


def test_rules_are_named_for_what_they_refuse():
    for name, verb in every_verb():
        rule = verb.rule.__name__
        assert rule.startswith("cannot_"), (name, verb.name, rule)


def every_verb():
    from finance import verbs as finance_verbs
    from groups import verbs as groups_verbs
    from kunshan_edu.core.verbs import VerbTable
    from personnel import verbs as personnel_verbs

    for module in (groups_verbs, personnel_verbs, finance_verbs):
        for table in vars(module).values():
            if isinstance(table, VerbTable):
                for verb in table.verbs:
                    yield table.noun, verb


def test_every_address_in_templates_exists():
    known = {name for name, _entry in names(get_resolver().url_patterns)} | {"core:demo_switch"}
    for path in templates():
        for name in re.findall(r"\{% url ['\"]([\w:-]+)['\"]", path.read_text()):
            assert name in known, f"{path.name}: {name}"


def test_every_template_is_used_and_exists():
    sources = [p.read_text() for p in python_files()] + [p.read_text() for p in templates()]
    text = "\n".join(sources)
    errors = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html", "413.html"}
    for path in templates():
        name = str(path.relative_to(ROOT / "templates"))
        assert name in errors or name in text, f"{name} is used nowhere"
    for name in set(re.findall(r"[\"']((?:core|groups|personnel|finance)/[\w/]+\.html)", text)):
        assert engines["django"].get_template(name)


@pytest.mark.django_db
def test_no_page_answers_a_stranger(client):
    answered = []
    for name, entry in names(get_resolver().url_patterns):
        if name in OPEN_TO_STRANGERS or entry.name is None:
            continue
        kwargs = {
            key: "submit" if key in ("verb", "format") else 1 for key in entry.pattern.converters
        } or dict.fromkeys(entry.pattern.regex.groupindex, 1)
        if "format" in kwargs:
            continue
        response = client.get(reverse(name, kwargs=kwargs))
        if response.status_code not in (302, 401, 403, 405) or (
            response.status_code == 302 and not response["Location"].startswith("/sign-in/")
        ):
            answered.append((name, response.status_code))
    assert answered == []


def test_templates_obey_the_content_security_policy():
    forbidden = re.compile(r"\sstyle=|<style|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)|javascript:")
    for path in templates():
        assert not forbidden.search(path.read_text()), path.name


def test_runtime_dependencies_are_few_pinned_and_explained():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith(("#", "-"))]
    assert 5 < len(pins) <= 20
    for line in pins:
        assert re.match(r"[\w.\-\[\]]+==[\w.]+.*#\s*\S", line), line


def test_nothing_tracked_is_third_party_or_built():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert not [p for p in tracked if p.startswith(("node_modules/", "var/", ".venv/")) or p.endswith(".mo")]


def test_every_refusal_of_finance_cites_its_clause_or_is_about_the_form():
    """Money is 4.2's: a refusal without a clause is one of bookkeeping and staleness, and they are few."""
    without = {name for name, denial in finance_refusals.REFUSALS.items() if denial.clause is None}
    assert without == {
        "decision_is_on_what_was_seen",
        "request_state_moves_along_its_table",
        "reserve_is_released_by_its_own_request",
        "steps_are_decided_in_order",
        "submitted_content_is_frozen",
        "totals_change_through_moves",
        "version_amount_is_the_sum_of_its_lines",
    }
