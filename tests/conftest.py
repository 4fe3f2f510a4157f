"""The servers, databases and the browser that the tests stand on."""

from __future__ import annotations

import gc
import hashlib
import importlib
import importlib.util
import os
import pickle
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import QuietWSGIRequestHandler

from kunshan_edu import embedded
from kunshan_edu import settings as deployed

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
# Of this process alone, so that two runs at once do not take each other's database away.
DATABASE = f"tests_{os.getpid()}_{WORKER}"
# What an empty database follows from: when one of these changes it is built anew.
SCHEMA = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/apps.py",
    "kunshan_edu/core/*.py",
    "requirements.txt",
)
# How much is made before the collector looks for garbage: tests are short, and pages make a great deal.
GARBAGE = (50_000, 20, 20)
# Begun first, so that no process is left alone with one of them at the end; the first need no database, while the
# other process builds it.
LONGEST = (
    "tests/rights/test_oracle.py",
    "tests/rights/test_decide.py",
    "tests/test_scale.py",
    "tests/test_soak.py",
    "tests/test_demo.py",
    "tests/test_serve.py",
    "tests/personnel/test_state_machine.py",
    "tests/core/test_jobs.py",
)
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure() -> None:
    """Point the settings at the throw-away servers before any test can reach for the site's."""
    # As it was without the addresses that the other processes inherit.
    os.environ["DEMO"] = str(settings.DEMO)
    use_database(DATABASE)
    cache_url, broker_url = deployed.redis(embedded.test.redis_url, offset=2 * int(WORKER.removeprefix("gw")))
    os.environ["REDIS_URL"] = cache_url
    settings.CACHES["default"]["LOCATION"] = cache_url
    settings.CELERY_BROKER_URL = broker_url
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; a test with a database may use both roles; browser tests are marked by what they ask for."""
    items.sort(key=turn)
    for item in items:
        fixtures, marker = getattr(item, "fixturenames", ()), item.get_closest_marker("django_db")
        if marker or "db" in fixtures:
            kwargs = {"databases": "__all__", **(marker.kwargs if marker else {})}
            item.add_marker(pytest.mark.django_db(**kwargs), append=False)
        if "page" in fixtures:
            item.add_marker("browser")


def turn(item: pytest.Item) -> int:
    path = item.nodeid.partition("::")[0]
    return LONGEST.index(path) if path in LONGEST else len(LONGEST)


def pytest_collection_finish() -> None:
    """What is imported now stays: the collector of garbage need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def use_database(name: str) -> None:
    """Both roles now work on the database of that name, in this process and in those it starts."""
    for alias, role, variable in (
        ("default", "app", "DATABASE_URL"),
        ("owner", "owner", "DATABASE_OWNER_URL"),
    ):
        url = embedded.test.database_url(role, name)
        entry = deployed.database(url)
        os.environ[variable] = url
        connections.settings[alias].update({key: entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST")})


def execute(*statements: str) -> list[tuple[Any, ...]]:
    """Run statements as the superuser, outside every test's database; the rows of the last, if it has any."""
    connection = psycopg2.connect(
        host=str(embedded.test.place.run),
        user="postgres",
        password=embedded.test.password("superuser"),
        dbname="postgres",
    )
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def copy_database(source: str, target: str) -> None:
    execute(
        f"DROP DATABASE IF EXISTS {target} WITH (FORCE)",
        f"CREATE DATABASE {target} TEMPLATE {source} OWNER kunshan_owner",
    )


def template_database() -> str:
    """The migrated, empty database; built once for as long as what it follows from is the same."""
    seen = hashlib.sha256(embedded.servers.ROLES.read_bytes())
    for path in sorted({path for pattern in SCHEMA for path in ROOT.glob(pattern)}):
        seen.update(bytes(path.relative_to(ROOT)) + path.read_bytes())
    name = f"template_{seen.hexdigest()[:16]}"
    with embedded.locked(embedded.VAR / "test.template.lock"):
        known = {
            row[0] for row in execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'")
        }
        if name in known:
            return name
        execute(*(f"DROP DATABASE {old} WITH (FORCE)" for old in known))
        copy_database("kunshan", DATABASE)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        execute(f"ALTER DATABASE {DATABASE} RENAME TO {name}")
    return name


def drop_leftovers() -> None:
    """Databases of runs that were killed: their process is gone."""
    for (name,) in execute("SELECT datname FROM pg_database WHERE datname LIKE 'tests\\_%'"):
        owner = name.split("_")[1]
        if not (owner.isdigit() and Path(f"/proc/{owner}").exists()):
            execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _world(django_db_blocker: Any) -> Iterator[Any]:
    """This worker's database, a copy of one that nobody uses, in which the small world is committed."""
    embedded.test.hold()
    with django_db_blocker.unblock():
        drop_leftovers()
        copy_database(template_database(), f"{DATABASE}_world")
        use_database(f"{DATABASE}_world")
        cache.clear()
        built = None
        if importlib.util.find_spec("tests.world"):
            built = importlib.import_module("tests.world").build()
        connections.close_all()
        use_database(DATABASE)
        copy_database(f"{DATABASE}_world", DATABASE)
    yield built
    with django_db_blocker.unblock():
        connections.close_all()
    execute(*(f"DROP DATABASE {name} WITH (FORCE)" for name in (DATABASE, f"{DATABASE}_world")))
    embedded.test.release()


@pytest.fixture(scope="session")
def django_db_setup(_world: Any) -> None:
    """In place of pytest-django's: the database of `_world`; every test's changes are rolled back."""


@pytest.fixture(scope="session")
def _pickled_world(_world: Any) -> bytes:
    """Ten times as fast to read as a deep copy is to make."""
    return pickle.dumps(_world, pickle.HIGHEST_PROTOCOL)


@pytest.fixture
def world(_pickled_world: bytes) -> Any:
    """What tests.world.build() gave, fresh for each test: changing an object here changes no other test's."""
    return pickle.loads(_pickled_world)  # noqa: S301 — our own


@pytest.fixture
def own_database(_world: Any, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own, with the world in it, for commits and threads; dropped afterwards."""
    with django_db_blocker.unblock():
        connections.close_all()
        copy_database(f"{DATABASE}_world", f"{DATABASE}_own")
        use_database(f"{DATABASE}_own")
        cache.clear()
        try:
            yield f"{DATABASE}_own"
        finally:
            connections.close_all()
            use_database(DATABASE)
            execute(f"DROP DATABASE {DATABASE}_own WITH (FORCE)")


@pytest.fixture
def live_site(own_database: str) -> Iterator[str]:
    """The address of a running site on a database of its own."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser(_world: Any) -> Iterator[Any]:
    """Chromium, one for the session."""
    from playwright.sync_api import sync_playwright

    # From here on Django keeps this thread's connections in another place: leave none behind in the first.
    connections.close_all()
    # Playwright's synchronous interface runs a loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Complaints(list[str]):
    """What a browser complained of; a refusal with its sentence (4xx of a page) is no complaint."""

    def listen(self, page: Any) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.append(f"script: {error}"))
        page.on("response", self.response)

    def console(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.append(f"console: {message.text}")

    def response(self, response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.append(f"{response.status}: {response.url}")


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A fresh visitor on a desktop, Chinese, who times out after five seconds and complains aloud."""
    visitor = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    visitor.set_default_timeout(5000)
    complaints = Complaints()
    visitor.on("page", complaints.listen)
    yield visitor
    visitor.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(context: Any, live_site: str) -> Any:
    """A page of the running site."""
    return context.new_page()
