"""How appointments are shown: the state on a day as a chip, the life as steps, which verbs are worth offering."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from kunshan_edu.core import clock
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.denials import FORBIDDEN
from kunshan_edu.core.models import AuditEvent
from kunshan_edu.core.templatetags.kg import date_cn, last_day
from kunshan_edu.core.verbs import Offer
from personnel.choices import CADRE_POSTS, AppointmentState, Confirmation, Method, Post
from personnel.models import Appointment

TONES = {
    AppointmentState.NOMINATED: "go",
    AppointmentState.PROPOSED: "go",
    AppointmentState.SELECTING: "now",
    AppointmentState.NOTICE: "now",
    AppointmentState.CANCELLED: "na",
}
PAIR_TONES = {Confirmation.PROPOSED: "go", Confirmation.CONFIRMED: "ok", Confirmation.REFUSED: "na"}
# Refusals that only say that it is not the time or the post for a verb: such a button is left out.
BESIDE_THE_POINT = {
    "already_cancelled",
    "already_in_office",
    "extension_is_for_presidents",
    "incentive_is_for_presidents",
    "no_dates_to_register",
    "no_end_recorded",
    "not_at_this_stage",
    "not_competitive",
    "not_confirmed",
    "not_in_office",
    "tenure_has_no_end",
}


def state_chip(row: Appointment, on: dt.date | None = None) -> tuple[str, str]:
    """Where an appointment stands on a day: on its way, to come, in office, over."""
    day = on or clock.today()
    state = AppointmentState(row.state)
    if state in TONES:
        return TONES[state], str(state.label)
    if row.valid_from > day:
        return "now", _("未到任")
    if not is_in_force(row, day):
        return "na", _("已结束")
    if row.ending_on:
        return "go", _("免职待审定")
    if row.method == Method.ACTING:
        return "ok", _("代理")
    return "ok", str(state.label)


def todo(row: Appointment) -> str:
    """What is to be done with an appointment that waits for its reader."""
    if row.ending_on:
        return _("审定免职")
    if row.is_live:
        return _("审定延长任职或激励待遇")
    return _("采纳提名") if row.state == AppointmentState.NOMINATED else _("审定任职")


def pair_chip(row: Any) -> tuple[str, str]:
    """The state of what one recorded and another confirms."""
    return PAIR_TONES[Confirmation(row.state)], str(row.get_state_display())


def worth_offering(offers: Iterable[Offer]) -> list[Offer]:
    """The verbs that may be done, and those refused for a reason that one can do something about; whoever may do
    nothing at all is not shown a row of dead buttons."""
    rest = [o for o in offers if o.denial is None or o.denial.code not in BESIDE_THE_POINT]
    if all(o.denial and o.denial.status == FORBIDDEN for o in rest):
        return []
    return [o for o in rest if o.denial is None or o.denial.status != FORBIDDEN or _is_personal(o)]


def _is_personal(offer: Offer) -> bool:
    """Refused to this person and not to the office: the own post, or what one has recorded oneself."""
    return offer.denial is not None and offer.denial.code in ("own_post", "recorded_by_yourself")


# 办理进度


class Life:
    """The steps of an appointment from its nomination to its end, each with its day and who did it."""

    def __init__(self, row: Appointment, events: Iterable[AuditEvent]) -> None:
        """events: those of the row, the newest first."""
        self.row = row
        self.events: dict[str, AuditEvent] = {}
        for event in events:
            self.events.setdefault(event.verb.removeprefix("personnel."), event)

    def steps(self) -> list[dict[str, str]]:
        """As core/_steps.html draws them."""
        if self.row.state == AppointmentState.CANCELLED:
            return [*self._before(), self._stop(_("不予任用"), self._note("cancel"))]
        return [*self._before(), *self._after()]

    def _before(self) -> Iterator[dict[str, str]]:
        row, state = self.row, self.row.state
        if row.nominated_by_id:
            yield self._step(_("提名"), state == "nominated", self._note("nominate"))
        if Post(row.post) in CADRE_POSTS or not row.nominated_by_id:
            began = "accept" if "accept" in self.events else "appoint"
            waits = state == "proposed" and row.method == Method.COMPETITIVE
            yield self._step(_("拟任"), waits, self._note(began), todo=state == "nominated")
        if row.method == Method.COMPETITIVE:
            yield self._step(
                _("竞聘"),
                state == "selecting",
                self._note("announce"),
                todo=state in ("nominated", "proposed"),
            )
        if row.notice_from or row.method == Method.COMPETITIVE:
            yield self._step(_("公示"), state == "notice", self._notice(), todo=not row.notice_from)

    def _after(self) -> Iterator[dict[str, str]]:
        row, today = self.row, clock.today()
        ready = row.state == "proposed" and row.method != Method.COMPETITIVE
        if row.confirmed_by_id or not row.is_live:
            yield self._step(_("审定"), ready, self._note("confirm"), todo=not row.is_live and not ready)
        begun, over = row.is_live and row.valid_from <= today, bool(row.valid_to and row.valid_to <= today)
        extended = row.state == AppointmentState.EXTENDED
        here = begun and not over and not extended
        yield self._step(_("在任"), here, date_cn(row.valid_from), todo=not begun)
        if extended:
            yield self._step(_("延任"), begun and not over, self._until(), todo=False)
        note = self._until() if row.valid_to and not extended else ""
        yield self._step(_("结束"), False, self._ending() or note, todo=not over)

    def _step(self, label: str, now: bool, note: str = "", *, todo: bool = False) -> dict[str, str]:
        state = "now" if now else "todo" if todo else "done"
        return {"label": label, "note": note, "state": state, "icon": "point" if todo or now else "check"}

    def _stop(self, label: str, note: str) -> dict[str, str]:
        return {"label": label, "note": note, "state": "stop", "icon": "ban"}

    def _note(self, verb: str) -> str:
        """The day and the person of the last event of that name."""
        event = self.events.get(verb)
        if event is None:
            return ""
        return f"{date_cn(event.at)} {event.actor.name if event.actor else ''}".strip()

    def _notice(self) -> str:
        row = self.row
        if not row.notice_from:
            return ""
        return _("%(first)s至%(last)s") % {"first": date_cn(row.notice_from), "last": date_cn(row.notice_to)}

    def _until(self) -> str:
        return _("至%(last)s") % {"last": date_cn(last_day(self.row.valid_to))}

    def _ending(self) -> str:
        """Who recorded or confirmed the end, when there is one."""
        row = self.row
        if row.ending_on:
            return _("拟至%(last)s，待审定") % {"last": date_cn(last_day(row.ending_on))}
        if not row.end_document or row.valid_to is None:
            return ""
        by = self.events.get("confirm_end") or self.events.get("end")
        return f"{self._until()} {by.actor.name if by and by.actor else ''}".strip()
