"""The page of one row: its facts, what may be done, what belongs to it, and its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.pages.columns import STANDING, Action, Fact, Part
from kunshan_edu.core.pages.frame import Framed
from kunshan_edu.core.querysets import may_read_audit
from kunshan_edu.core.verbs import Offer, VerbTable

MOST_EVENTS = 20
Card = tuple[Any, tuple[Fact, ...]]


class DetailPage(Framed):
    """One row that its reader may see; anything else is 404, so that a number tells nothing.

    facts: cards as (title, facts). clause: the clause that it rests on, quoted. history: show what was done to it.
    """

    model: ClassVar[Any]
    template: ClassVar[str] = "core/record.html"
    related: ClassVar[tuple[str, ...]] = ()
    table: ClassVar[VerbTable | None] = None
    facts: ClassVar[tuple[Card, ...]] = ()
    words: ClassVar[tuple[Any, Any, Any]] = STANDING
    history: ClassVar[bool] = True

    def row(self) -> Any:
        rows = self.model._default_manager.visible_to(self.request.user).select_related(*self.related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def context(self, row: Any) -> dict[str, Any]:
        """What the page shows beside the row and its verbs."""
        return {}

    def called(self, row: Any) -> str:
        """The title of the page."""
        return str(row)

    def chip(self, row: Any) -> Any:
        """The state beside the title: the row's own, or that of its dates on the day looked at."""
        if hasattr(row, "chip"):
            return row.chip
        if not (hasattr(row, "valid_from") and hasattr(row, "valid_to")):
            return None
        now, before, after = self.words
        if is_in_force(row, self.on()):
            return "ok", now
        return ("now", before) if row.valid_from > self.on() else ("na", after)

    def offers(self, row: Any) -> Sequence[Offer]:
        """The verbs of the row for this person, each with its address or why not."""
        return self.table.offers(row, self.request.user) if self.table else []

    def actions(self, row: Any) -> Sequence[Action]:
        """Buttons beside the title that lead to other forms; only what this person may."""
        return ()

    def parts(self, row: Any) -> Sequence[Part]:
        """The tables of what belongs to the row."""
        return ()

    def cards(self, row: Any) -> Iterator[Card]:
        """The cards with the facts that there are."""
        for title, facts in self.facts:
            there = tuple(f for f in facts if not f.optional or f.of(row) not in (None, "", [], ()))
            if there:
                yield title, there

    def events(self, row: Any) -> Any:
        """What was last done to the row, newest first."""
        return AuditEvent.objects.of(row).select_related("actor")[:MOST_EVENTS]

    def record(self, row: Any) -> dict[str, Any]:
        """What core/record.html shows; a page with a template of its own that declares no facts has no need of it."""
        if self.template != DetailPage.template and not self.facts:
            return {}
        return {
            "title": self.called(row), "chip": self.chip(row), "actions": self.actions(row),
            "cards": list(self.cards(row)), "parts": self.parts(row),
            "events": list(self.events(row)) if self.history else [],
            "may_audit": may_read_audit(self.request.user),
            "of": f"{row._meta.label_lower}:{row.pk}",
        }  # fmt: skip

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        offers = self.offers(row)
        opinion = any(offer.verb.needs_opinion and not offer.denial for offer in offers)
        shown = {
            **self.frame(), "row": row, "offers": offers, "opinion": opinion, "idem": uuid.uuid4(),
            "doable": any(not offer.denial for offer in offers),
            **self.record(row), **self.context(row),
        }  # fmt: skip
        return render(request, self.template, shown)
