"""经费申请: the list with its tabs, the page of one request, and the addresses of its verbs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from finance.actions.cases import case_for, current_version
from finance.choices import Origin, RequestState
from finance.forms.filters import MINE, FundRequestFilter
from finance.models import FundRequest, Measures, RequestStep
from finance.rules import fund_request as rules
from finance.rules.escalation import ESCALATE
from finance.verbs import FUND_REQUEST
from finance.views.dossier import Dossier, Holder, dossier_of, effects_of, on_record
from finance.views.drafting import may_draft_anywhere
from finance.views.flow import history, progress
from finance.views.looks import WAIT_TONES, chip, rungs, step_name, wait, with_open_step
from finance.views.offers import offers_for
from finance.views.preview import preview_of
from groups.choices import Authority
from groups.models import Bureau
from kunshan_edu.core import pages
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.denials import Denial

ZERO = Decimal("0.00")


class FundRequestList(pages.ListPage):
    """经费申请列表."""

    model = FundRequest
    template = "finance/fund_request_list.html"
    related = ("fund__group", "school", "requester")
    per_page = 25

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = FundRequestFilter(request.GET, user=request.user)
        rows = with_open_step(self.rows())
        rows = form.apply(rows) if form.is_valid() else rows
        page = Paginator(rows, self.per_page).get_page(request.GET.get("page"))
        partial = request.headers.get("HX-Request") and request.headers.get("HX-Target")
        return render(request, self.template + ("#rows" if partial else ""), self.shown(form, page))

    def shown(self, form: FundRequestFilter, page: Page) -> dict[str, Any]:
        """What both the page and its htmx fragment show."""
        for row in page:
            row.chip = chip(row, row.open_role, row.open_act)
            row.wait = wait(form.days, row.open_since, row.remind_after, row.escalate_after)
        counts = form.counts(self.model.objects.visible_to(self.request.user))
        return {
            "form": form,
            "page": page,
            "total": sum((row.amount for row in page), ZERO),
            "tabs": _tabs(form, counts),
            "narrowed": any(form[name].value() for name in form.fields),
            "may_draft": may_draft_anywhere(self.request.user),
        }


def _tabs(form: FundRequestFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """全部, what concerns oneself, then each state that occurs; the chosen one always."""
    found = [{"label": _("全部"), "who": None, "state": None, "n": counts["everything"]}]
    found += [{"label": label, "who": kind, "state": None, "n": counts[kind]} for kind, label in MINE.items()]
    found += [{"label": s.label, "who": None, "state": s.value, "n": counts[s.value]} for s in RequestState]
    who, state = form["who"].value() or None, form["state"].value() or None
    for tab in found:
        tab["here"] = (tab["who"], tab["state"]) == (who, state)
    return [tab for tab in found if tab["n"] or tab["here"] or tab is found[0]]


class FundRequestDetail(pages.DetailPage):
    """一份经费申请: the document, what it does to the budget, the decision, the way and the history."""

    model = FundRequest
    template = "finance/fund_request_detail.html"
    related = ("fund__group", "school", "requester", "beneficiary")

    def row(self) -> FundRequest:
        rows = on_record(FundRequest.objects.visible_to(self.request.user).select_related(*self.related))
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def context(self, row: FundRequest) -> dict[str, Any]:
        dossier = dossier_of(row)
        case = case_for(row, self.request.user)
        drafted = row.state in (RequestState.DRAFT, RequestState.RETURNED)
        shown = _draft(row, case) if drafted and case.is_requester else {}
        hindrance = shown["preview"].denials[0] if shown and shown["preview"].denials else None
        offers = offers_for(row, self.request.user, case, dossier.chain(), hindrance)
        first = next((step for step in dossier.chain() if step.state == "open"), None)
        return {
            "dossier": dossier,
            "version": dossier.version,
            "chip": chip(row, first.role, first.act) if first else chip(row),
            "wait": dossier.waits.get(first.pk) if first else None,
            "late": _late(dossier, self.request.user),
            "amount": row.amount if shown or not dossier.version else dossier.version.amount,
            "lines": dossier.lines,
            "effects": effects_of(dossier, self.request.user),
            "steps": progress(dossier),
            "entries": history(dossier),
            "offers": offers,
            "opinion": any(offer.verb.needs_opinion and not offer.denial for offer in offers),
            "opinions": [_("同意。"), _("请补充材料后重报。"), _("请核减金额后重报。")],
            "usable": any(offer.denial is None for offer in offers),
            **_authority(row, dossier, shown),
            **shown,
        }


def _late(dossier: Dossier, user: Any) -> list[dict[str, Any]]:
    """What whoever reassigns approvals is offered: each overdue step with those whose post has it (改派)."""
    if not rights_of(user).anywhere(Authority.REASSIGN_APPROVALS, Bureau):
        return []
    found = []
    for step in dossier.chain():
        if dossier.waits.get(step.pk, ("",))[0] == WAIT_TONES[ESCALATE]:
            holders = [h for h in dossier.holders[step.pk] if not h.deputy and h.user != user]
            found.append(
                {"name": step_name(step), "wait": dossier.waits[step.pk], "posts": _posts(step, holders)}
            )
    return found


def _posts(step: RequestStep, holders: list[Holder]) -> list[tuple[str, str]]:
    """(name, query of the delegation form) of each appointment that a step may be handed on from."""
    container = {"role": step.role, "container": step.container.pk}
    return [(h.name, urlencode({"appointment": h.appointment, **container})) for h in holders]


def _draft(row: FundRequest, case: rules.Case) -> dict[str, Any]:
    """What a draft or returned request would do if it were submitted now."""
    lines = list(row.draft_lines.select_related("school", "category"))
    return {"lines": lines, "preview": preview_of(row, lines), "editable": rules.cannot_edit(case) is None}


def _authority(row: FundRequest, dossier: Dossier, draft: dict[str, Any]) -> dict[str, Any]:
    """The Measures that the request goes by, their ladder for it, and why its last step is where it is."""
    version = None if draft else dossier.version
    measures = version.measures if version else Measures.objects.in_force().first()
    if measures is None:
        return {"measures": None}
    amount = version.band_amount if version else draft["preview"].band if draft else row.amount
    categories = {line.category_id for line in (draft.get("lines") or dossier.lines)}
    category = next(iter(categories)) if len(categories) == 1 else None
    deciding = next((step for step in dossier.chain() if step.act == "approve" and not draft), None)
    return {
        "measures": measures,
        "rungs": rungs(measures.limits.all(), row.origin, category, amount),
        "why": deciding and Denial("", deciding.why, params=deciding.why_params),
        "origin": Origin(row.origin).label,
    }


class FundRequestVerb(pages.VerbPage):
    """经费申请的办理."""

    table = FUND_REQUEST
    template = "finance/fund_request_verb.html"

    def page(self, row: Any, form: Any, denial: Any, status: int = 200) -> HttpResponse:
        """A decision binds to what was seen: kept from the page it was taken on, or what this page shows."""
        version = current_version(row)
        now = {"version": row.current, "digest": version.digest if version else "", "amount": row.amount}
        posted = {name: self.request.POST[name] for name in now if self.request.POST.get(name)}
        row.seen = (posted or now) if self.verb.binds else {}
        return super().page(row, form, denial, status)
