"""The files for a real server agree with the settings, and with one another."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kunshan_edu.core.ciphers import Ring
from kunshan_edu.core.management.commands import serve

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SITE = ("migrate", "web", "worker", "beat")
# What someone would put into .env.
FILE = {
    "SECRET_KEY": "k" * 50,
    "FIELD_KEYS": "k1:" + "A" * 43 + "=",
    "POSTGRES_PASSWORD": "pw-super",
    "OWNER_PASSWORD": "pw-owner",
    "APP_PASSWORD": "pw-app",
    "ALLOWED_HOSTS": "jituan.example.edu.cn",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def read_by_settings() -> set[str]:
    """The names of variables that settings.py reads."""
    tree = ast.parse((ROOT / "kunshan_edu" / "settings.py").read_text())
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func) in {"os.environ.get", "flag", "names"}
        and isinstance(call.args[0], ast.Constant)
    }


def environment(service: str) -> dict[str, str]:
    """A service's variables, filled in as Compose would from FILE."""

    def fill(match: re.Match[str]) -> str:
        name, kind, default = match.groups()
        return FILE.get(name, default if kind == "-" else "")

    given = COMPOSE["services"][service].get("environment", {})
    return {name: VARIABLE.sub(fill, value) for name, value in given.items()}


def settings_with(variables: dict[str, str], *names: str) -> dict[str, Any]:
    """The settings as a process with just these variables has them."""
    program = (
        "import json; from kunshan_edu import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env=variables, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


def test_what_settings_read_is_found() -> None:
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "ALLOWED_HOSTS", "PORT"} <= read_by_settings()


@pytest.mark.parametrize("service", SITE)
def test_every_variable_of_a_service_is_read(service: str) -> None:
    assert set(environment(service)) <= read_by_settings()


@pytest.mark.parametrize("service", ("web", "worker", "beat"))
def test_a_serving_process_knows_all_it_must_and_not_the_owner(service: str) -> None:
    named = set(environment(service))
    assert named >= {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "HTTPS"}
    assert "DATABASE_OWNER_URL" not in named
    assert FILE["OWNER_PASSWORD"] not in str(environment(service))


def test_every_variable_is_explained() -> None:
    words = (ROOT / "docs" / "deploy.md").read_text()
    asked = {match[1] for match in VARIABLE.finditer((ROOT / "docker-compose.yml").read_text())}
    table = set(re.findall(r"`([A-Z_]+)`", words))
    assert read_by_settings() | asked <= table
    for name in FILE:
        assert name in words


def test_what_must_be_given_is_asked_for() -> None:
    """Without a secret Compose refuses to start; it never starts with an empty one."""
    kinds = {match[1]: match[2] for match in VARIABLE.finditer((ROOT / "docker-compose.yml").read_text())}
    assert {name for name, kind in kinds.items() if kind == "?"} == set(FILE)
    assert not [name for name, kind in kinds.items() if kind is None]


def test_the_site_as_composed() -> None:
    names = (
        "DATABASES",
        "DATABASE_APP_ROLE",
        "DEMO",
        "DEBUG",
        "CACHE_URL",
        "BROKER_URL",
        "SECRET_KEY",
        "FIELD_KEYS",
    )
    cookies = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    seen = settings_with(environment("web"), *names, *cookies, "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS")
    default = seen["DATABASES"]["default"]
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db", "5432", "kunshan")
    assert (default["USER"], default["PASSWORD"]) == ("kunshan_app", "pw-app")
    assert seen["DATABASE_APP_ROLE"] == "kunshan_app"
    assert (seen["DEMO"], seen["DEBUG"]) == (False, False)
    assert (seen["CACHE_URL"], seen["BROKER_URL"]) == ("redis://redis:6379/0", "redis://redis:6379/1")
    assert [seen[name] for name in ("SECRET_KEY", "FIELD_KEYS")] == [FILE["SECRET_KEY"], FILE["FIELD_KEYS"]]
    assert all(seen[name] for name in cookies)
    assert seen["ALLOWED_HOSTS"] == ["jituan.example.edu.cn"]
    assert seen["CSRF_TRUSTED_ORIGINS"] == ["https://jituan.example.edu.cn"]


def test_only_migrate_is_the_owner() -> None:
    seen = settings_with(environment("migrate"), "DATABASES")["DATABASES"]
    assert (seen["owner"]["USER"], seen["owner"]["PASSWORD"]) == ("kunshan_owner", "pw-owner")
    assert seen["default"]["USER"] == "kunshan_app"
    owner = settings_with(environment("web"), "DATABASES")["DATABASES"]["owner"]
    assert owner["USER"] == "kunshan_app"


def test_roles_and_addresses_agree() -> None:
    """roles.sql makes the roles and the database that the addresses name, with the passwords db is given."""
    sql = (ROOT / "deploy" / "roles.sql").read_text()
    assert set(re.findall(r"^\\getenv \w+ (\w+)$", sql, re.MULTILINE)) <= set(environment("db"))
    assert set(re.findall(r"CREATE ROLE (\w+)", sql)) == {"kunshan_owner", "kunshan_app"}
    assert re.findall(r"CREATE DATABASE (\w+) OWNER (\w+)", sql) == [("kunshan", "kunshan_owner")]
    assert "SUPERUSER" not in sql
    mounted = [volume.split(":")[:2] for volume in COMPOSE["services"]["db"]["volumes"]]
    assert ["./deploy/roles.sql", "/docker-entrypoint-initdb.d/10-roles.sql"] in mounted


def test_images_volumes_and_health() -> None:
    services = COMPOSE["services"]
    assert services["db"]["image"] == "postgres:18"
    assert all("healthcheck" in services[name] for name in ("db", "redis", "web", "worker", "beat"))
    named = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert named == set(COMPOSE["volumes"]) == {"db", "redis", "beat", "files"}
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}


def test_files_that_are_named_exist() -> None:
    script = COMPOSE["services"]["web"]["healthcheck"]["test"][-1]
    assert (ROOT / script).is_file()
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / part).exists() for part in line.split()[1:-1])


def test_the_container_serves_as_make_run_does() -> None:
    command = json.loads(re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1])  # type: ignore[index]
    here = serve.commands()["web"]
    for option in ("--interface", "--workers", "--blocking-threads", "--http"):
        assert command[command.index(option) + 1] == here[here.index(option) + 1]
    assert command[-1] == here[-1] == "kunshan_edu.wsgi:application"
    assert COMPOSE["services"]["worker"]["command"][:4] == ["celery", "-A", "kunshan_edu", "worker"]


def test_nothing_is_needed_from_the_environment() -> None:
    """Safe without a variable: no debugging, this machine's names only, a key of its own."""
    seen = settings_with(
        {}, "DEBUG", "DEMO", "HTTPS", "ALLOWED_HOSTS", "SECRET_KEY", "FIELD_KEYS", "BIND", "PORT", "DATABASES"
    )
    assert (seen["DEBUG"], seen["DEMO"], seen["HTTPS"]) == (False, True, False)
    assert seen["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert len(seen["SECRET_KEY"]) >= 50
    assert Ring(seen["FIELD_KEYS"]).current == "kept"
    assert (seen["BIND"], seen["PORT"]) == ("127.0.0.1", 8000)
    assert seen["DATABASES"]["owner"]["USER"] != seen["DATABASES"]["default"]["USER"]


def test_every_requirement_is_pinned_and_has_its_reason() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-c"))]
    assert len(wanted) <= 20
    for line in wanted:
        assert re.fullmatch(r"[\w.-]+==[\w.]+ +# \S.{10,}", line), line
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.]+", line), line
