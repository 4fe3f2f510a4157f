"""The project package: settings, servers, addresses, and the few pages that know every app."""

from kunshan_edu.celery import app as celery_app

__all__ = ["celery_app"]
