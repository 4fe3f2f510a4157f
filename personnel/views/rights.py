"""Pages about rights: why somebody may or may not, and everything that one's own posts let one do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import access
from kunshan_edu.core.access import Grant, is_in_force, rights_of
from kunshan_edu.core.pages.frame import Framed
from kunshan_edu.core.reasons import Explanation, Reason
from kunshan_edu.core.templatetags.kg import money_filter, span
from kunshan_edu.core.verbs import doors
from personnel import forms
from personnel.choices import Post
from personnel.models import Appointment, Delegation
from personnel.querysets import SCOPES

LATELY = dt.timedelta(days=180)
# The icon and the tone of each kind of fact behind a no.
ICONS = {
    "disabled": "lock",
    "ended": "calendar-off",
    "begins": "calendar-plus",
    "elsewhere": "map-pin",
    "awaiting": "clock",
    "never": "minus",
    "rank": "info-circle",
}


def may_explain(user: Any) -> bool:
    """The bureau may ask about anybody; everybody else about oneself."""
    return rights_of(user).anywhere(Authority.EXPLAIN_RIGHTS, Bureau)


def sources(rows: Iterable[Grant]) -> dict[int, Appointment]:
    """The appointments that rows come from, by id."""
    found = Appointment.objects.filter(pk__in={row.source_id for row in rows})
    return found.select_related("person", *SCOPES).in_bulk()


class RightsExplain(Framed):
    """权限说明: why may they, why not, who could: permission ← appointment ← document ← clause, on any day."""

    title = _("权限说明")
    lead = _("谁凭什么能办、为什么不能办、谁能办：从权限到任职、文件和条款，今天或任何一天。")
    crumb = ((_("我能办什么"), "personnel:rights_mine"),)

    def get(self, request: HttpRequest) -> HttpResponse:
        others = may_explain(request.user)
        if not others and request.GET.get("who", request.user.username) != request.user.username:
            raise Http404
        asked = request.GET if forms.chosen(request.GET) else None
        form = forms.ExplainForm(asked, asker=request.user, others=others, initial={"on": self.on()})
        shown = {**self.frame(), "form": form, "others": others}
        if form.is_valid():
            shown |= {"found": form.found, "asked": form.cleaned_data}
            if len(form.found) == 1:
                shown |= answer(form.explain())
        return render(request, "personnel/rights_explain.html", shown)


def answer(told: Explanation) -> dict[str, Any]:
    """What the page shows of an explanation."""
    appointments = sources([*told.grants, *told.holding, *(r.grant for r in told.reasons if r.grant)])
    return {
        "told": told,
        "chains": [(chain(row, told, appointments.get(row.source_id)), row.clause) for row in told.grants],
        "reasons": [_fact(reason) for reason in told.reasons] if not told.allowed else [],
        "holding": [(row, appointments.get(row.source_id)) for row in told.holding],
        "posts": [post.label for post in forms.posts_with(told.permission)],
    }


def chain(row: Grant, told: Explanation, source: Appointment | None) -> list[dict[str, Any]]:
    """permission ← delegation ← appointment ← document ← clause, as core/_flow.html draws it."""
    label = Authority(told.permission).label
    entries = [{"icon": "key", "tone": "ok", "who": label, "what": told.object, "note": span(row)}]
    if row.delegation_id:
        entries.append(_delegation(row, source))
    held = {"icon": "id-badge-2", "tone": "ok", "who": gettext("任职"), "what": _link(source, row.source_id)}
    document = {
        "icon": "file-text",
        "tone": "ok",
        "who": gettext("文件"),
        "what": gettext(row.document or "—"),
    }
    clause = {"icon": "scale", "tone": "ok", "who": gettext("条款")}  # whose own words stand below
    return [*entries, held, document, clause]


def _delegation(row: Grant, source: Appointment | None) -> dict[str, Any]:
    giver = source.person if source else "—"
    ceiling = gettext("限额 %(yuan)s 元") % {"yuan": money_filter(row.ceiling)} if row.ceiling else ""
    what = gettext("代：受%(giver)s委托") % {"giver": giver}
    return {"icon": "user-share", "tone": "go", "who": gettext("委托"), "what": what, "note": ceiling}


def _link(source: Appointment | None, number: int) -> Any:
    if source is None:
        return gettext("没有任职 #%(number)s，请核对权限") % {"number": number}
    return format_html('<a href="{}">{}</a>', source.get_absolute_url(), source)


def _fact(reason: Reason) -> dict[str, Any]:
    """A fact behind a no, with the page that shows it."""
    url = ""
    if reason.grant:
        url = reverse("personnel:appointment_detail", args=[reason.grant.source_id])
    elif reason.code == "awaiting":
        url = reason.places[0].get_absolute_url()
    return {"reason": reason, "icon_name": ICONS[reason.code], "url": url}


class Held:
    """One right as a page lists it: on one container, or on several on the same terms."""

    def __init__(self, row: Grant, places: list[Any]) -> None:
        self.row, self.places = row, places
        self.label = Authority(row.permission.codename).label
        self.sentence, route = doors().get(row.permission.codename, ("", ""))
        self.url = reverse(route) if route else ""
        scope = forms.scope_of(row.permission.codename).value
        query = f"?right={row.permission.codename}&place={scope}:{row.content_object_id}"
        self.why = reverse("personnel:rights_explain") + query

    @property
    def terms(self) -> tuple[Any, ...]:
        """All that is to be said of the right but for where it is held."""
        row = self.row
        return (row.permission_id, row.source_id, row.delegation_id, row.document, row.clause_id, row.valid_from,
                row.valid_to)  # fmt: skip


def in_order(rows: Iterable[Grant]) -> list[Grant]:
    """Rows in the order in which the rights are declared."""
    order = Authority.values
    return sorted(rows, key=lambda row: order.index(row.permission.codename))


def by_place(rows: Iterable[Grant]) -> list[tuple[list[Any], list[Held]]]:
    """Rights under the containers they are held on; containers with the same rights on the same terms together."""
    places: dict[tuple[str, int], tuple[Any, list[Held]]] = {}
    found = list(rows)
    for row in found:  # the containers as they come, from the bureau to the schools
        places.setdefault((row._meta.label, row.content_object_id), (row.content_object, []))
    for row in in_order(found):
        places[row._meta.label, row.content_object_id][1].append(Held(row, [row.content_object]))
    merged: dict[tuple[Any, ...], tuple[list[Any], list[Held]]] = {}
    for place, held in places.values():
        terms = tuple(each.terms for each in held)
        merged.setdefault(terms, ([], held))[0].append(place)
    return list(merged.values())


class RightsMine(Framed):
    """我能办什么: every right of one's own today, where, by which post, and what it is good for."""

    title = _("我能办什么")
    lead = _("您的每一项权限都来自一项任职或委托；任职变动，权限当日随之变动。")
    clause = "6.3.b"

    @cached_property
    def rows(self) -> list[Grant]:
        return access.rows_of(self.request.user)

    def delegations(self) -> dict[str, list[Delegation]]:
        """What was delegated to me and by me, and has not ended."""
        me = self.request.user
        mine = Q(delegate__user=me) | Q(appointment__person__user=me)
        related = ("delegate", "appointment__person", *(f"appointment__{scope}" for scope in SCOPES))
        rows = Delegation.objects.filter(mine, valid_to__gt=self.on()).select_related(*related)
        received = [row for row in rows if row.delegate.user_id == me.pk]
        return {"received": received, "given": [row for row in rows if row not in received]}

    def get(self, request: HttpRequest) -> HttpResponse:
        day = self.on()
        now = [row for row in self.rows if is_in_force(row, day)]
        posts = Appointment.objects.in_force(day).of_user(request.user)
        shown = {
            **self.frame(),
            "places": by_place(now),
            "total": len(now),
            "posts": posts,
            "coming": by_place(row for row in self.rows if row.valid_from > day),
            "ended": by_place(
                row for row in self.rows if row.valid_to and day - LATELY < row.valid_to <= day
            ),
            "presides": may_explain(request.user) or any(p.post == Post.GROUP_PRESIDENT for p in posts),
            **self.delegations(),
        }
        return render(request, "personnel/rights_mine.html", shown)
