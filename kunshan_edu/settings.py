"""All settings, read from the environment; safe and working when it names nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from kunshan_edu import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = embedded.VAR


def flag(name: str, default: bool = False) -> bool:
    """The environment variable as yes or no."""
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def names(name: str, default: str = "") -> list[str]:
    """The environment variable as a list, separated by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str, **options: Any) -> dict[str, Any]:
    """A DATABASES entry from postgres://role:password@host:port/name; ?host=/folder names a socket."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, **options},
    }


def redis(url: str, offset: int = 0) -> tuple[str, str]:
    """The same server for the cache and, one database number further on, for Celery's broker."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        number = int(parse_qs(parts.query).get("db", ["0"])[0]) + offset
        return f"unix://{parts.path}?db={number}", f"redis+socket://{parts.path}?virtual_host={number + 1}"
    number = int(parts.path.strip("/") or 0) + offset
    cache, broker = (parts._replace(path=f"/{n}").geturl() for n in (number, number + 1))
    return cache, broker


# Where it runs
DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "") or DATABASE_URL
PORT = int(os.environ.get("PORT") or 8000)
BIND = os.environ.get("BIND") or "127.0.0.1"
DEBUG = flag("DEBUG")
DEMO = flag("DEMO", default=not DATABASE_URL)
HTTPS = flag("HTTPS")
SECRET_KEY = os.environ.get("SECRET_KEY") or embedded.secret(VAR / "secret_key")
# "id:base64,…": the first encrypts, all decrypt, the last one keys the hashes (kunshan_edu/core/ciphers.py).
FIELD_KEYS = os.environ.get("FIELD_KEYS") or f"kept:{embedded.secret(VAR / 'field_key')}"
ALLOWED_HOSTS = names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

# Two roles: the owner migrates; the application's role owns nothing. A lock that is not had within 3 s is a
# refusal, and a transaction forgotten open is ended, so that one stuck request cannot hold up the others.
PATIENCE = "-c lock_timeout=3s -c idle_in_transaction_session_timeout=15s"
DATABASES = {
    "default": database(DATABASE_URL or embedded.site.database_url("app"), options=PATIENCE),
    "owner": database(DATABASE_OWNER_URL or embedded.site.database_url("owner")),
}
DATABASE_APP_ROLE = DATABASES["default"]["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL, BROKER_URL = redis(REDIS_URL or embedded.site.redis_url)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "kunshan",
    }
}

# What it is made of
INSTALLED_APPS = [
    "kunshan_edu.core",
    "groups",
    "personnel",
    "finance",
    "enrollment",
    "kunshan_edu.rights",
    "kunshan_edu.core.apps.ReadingRoomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "template_partials",
]
MIDDLEWARE = [
    "kunshan_edu.core.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kunshan_edu.core.middleware.LanguageMiddleware",
    "kunshan_edu.core.middleware.BodySizeMiddleware",
    "kunshan_edu.core.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kunshan_edu.core.middleware.RefusalMiddleware",
]
CSRF_FAILURE_VIEW = "kunshan_edu.core.views.csrf_failure"
ROOT_URLCONF = "kunshan_edu.urls"
WSGI_APPLICATION = "kunshan_edu.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kunshan_edu.home.shell",
            ],
        },
    }
]

# Who may come in
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "kunshan_edu.core.access.InForceBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001"
]  # InForceBackend reads guardian's rows, and asks the appointment too
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Static files: our own folder, and an explicit list of files out of node_modules/
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "kunshan_edu.core.assets.NpmFinder",
    "kunshan_edu.core.assets.AdminFinder",
]
NODE_MODULES = BASE_DIR / "node_modules"
NPM_FILES = {"vendor/htmx.min.js": "htmx.org/dist/htmx.min.js"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
# Spreadsheets of people, and their wrong rows, lie encrypted by FIELD_KEYS and are deleted after so many days.
SHEET_FILES_DAYS = int(os.environ.get("SHEET_FILES_DAYS") or 30)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "kunshan_edu.core.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kunshan_edu.core.api.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("昆山市集团化办学管理平台"),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

# Background work: a task is acknowledged when it is done, so it must bear being run twice
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "seal-audit": {"task": "core.seal_audit", "schedule": 60},
    "discard-files": {"task": "core.discard_files", "schedule": crontab(minute=15, hour=3)},
    "pick-up-jobs": {"task": "core.pick_up_jobs", "schedule": 60},
    "sync-grants": {"task": "personnel.sync_grants", "schedule": crontab(minute=5)},
    "sync-grants-at-midnight": {"task": "personnel.sync_grants", "schedule": crontab(minute=0, hour=0)},
    "lift-vacant-steps": {"task": "finance.lift_vacant_steps", "schedule": crontab(minute="*/5")},
    "escalate-waiting-steps": {"task": "finance.escalate", "schedule": crontab(minute=30, hour=8)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
}
