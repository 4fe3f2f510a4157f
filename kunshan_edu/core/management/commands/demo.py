"""`manage.py demo`: load the demonstration data, once; where DEMO is off it refuses."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Load the demonstration data into an empty database; a second run changes nothing."

    def handle(self, **_: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "DEMO 未开启，不载入演示数据（其账号密码是公开的）。/ "
                "DEMO is off: demonstration accounts have a public password."
            )
        started = time.monotonic()
        # By name: core knows nothing of the project that stands on it.
        if import_string("kunshan_edu.demo.load")():
            self.stdout.write(
                f"演示数据已载入（{time.monotonic() - started:.0f} 秒）/ demonstration data loaded"
            )
        else:
            self.stdout.write("已有数据，不再载入演示数据 / there are data already, nothing was loaded")
