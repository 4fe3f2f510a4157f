"""The Celery application: background work, and the clock that starts it."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
app = Celery("kunshan_edu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def have_servers(**_: Any) -> None:
    """A worker or beat started by hand brings the embedded servers with it, as `manage.py` does."""
    from kunshan_edu import embedded

    embedded.ensure()
