"""What lists, rows and forms have in common: their title, the way to them, the day they are looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.views import View

from kunshan_edu.core import clock

Trail = list[tuple[str, str]]


def day_asked(query: Mapping[str, Any]) -> dt.date | None:
    """The day of `?on=`, when there is a readable one."""
    try:
        return dt.date.fromisoformat(query.get("on", ""))
    except ValueError:
        return None


def on_query(day: dt.date) -> str:
    """What links carry on, so that one stays on the day one looks at; nothing for today."""
    return "" if day == clock.today() else f"?on={day.isoformat()}"


class Framed(View):
    """A page with a title, a sentence, the clause it rests on, and the pages above it.

    crumb: the pages above this one as (label, name of the address); the home page comes by itself.
    """

    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    clause: ClassVar[Any] = None
    crumb: ClassVar[tuple[tuple[Any, str], ...]] = ()

    def on(self) -> dt.date:
        """The day that the page is about: the one asked for by `?on=`, else today."""
        return day_asked(self.request.GET) or clock.today()

    def trail(self) -> Trail:
        """(label, address) of the pages above this one; they stay on the day one looks at."""
        above = [(str(label), reverse(route) + on_query(self.on())) for label, route in self.crumb]
        return [(gettext("首页"), reverse("home")), *above]

    def frame(self) -> dict[str, Any]:
        """What every template of a page is given."""
        day = self.on()
        return {
            "title": self.title, "lead": self.lead, "clause": self.clause, "trail": self.trail(),
            "on": day, "on_query": on_query(day), "today": clock.today(),
        }  # fmt: skip
