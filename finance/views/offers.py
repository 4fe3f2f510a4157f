"""办理按钮的取舍: of all verbs of a request, those that this person can use or should be told about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from finance.actions.standings import has_right
from finance.rules import fund_request as rules
from finance.verbs import FUND_REQUEST
from groups.choices import Authority
from groups.models import School
from kunshan_edu.core.access import rights_of
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.verbs import Offer, Verb

# Refusals that say what has to happen first; the others would only tell people what is not theirs anyway.
EXPLAIN = {
    "submit": ("not_a_drafter", "fund_not_allocated", "no_lines", "budget_insufficient", "funding_level_mismatch",
               "no_measures", "no_limit_matches", "bureau_vacant"),
    "approve": ("minutes_needed", "no_measures_in_force", "already_approved", "above_the_ceiling",
                "givers_own_request"),
    "return": (),
    "reject": (),
    "record_minutes": (),
    "pay": (),
    "withdraw": ("already_decided",),
    "cancel": ("already_paid",),
    "delete": (),
}  # fmt: skip


def offers_for(
    row: Any, user: Any, case: rules.Case, steps: Iterable[Any], hindrance: Denial | None = None
) -> list[Offer]:
    """What is offered on one request. steps: its current chain; hindrance: why a draft cannot be submitted yet."""
    rights = rights_of(user)
    in_chain = any(has_right(step, rights) for step in steps)
    offers = []
    for verb in FUND_REQUEST.verbs:
        denial = verb.rule(case)
        if verb.name == "submit":
            denial = denial or hindrance
        if _shown(verb, denial, case, in_chain, rights):
            offers.append(Offer(verb, FUND_REQUEST.url(row, verb), denial))
    return offers


def _shown(verb: Verb, denial: Denial | None, case: rules.Case, in_chain: bool, rights: Any) -> bool:
    if denial is None:
        # A draft that may be deleted leaves nothing to withdraw.
        return verb.name != "withdraw" or rules.cannot_delete(case) is not None
    if denial.code in EXPLAIN[verb.name]:
        return verb.name not in ("submit", "withdraw") or case.is_requester
    if verb.name == "approve":
        return denial.code in ("not_your_step", "own_request") and in_chain
    if verb.name == "pay":
        return denial.code == "payer_is_involved" and rights.anywhere(Authority.RECORD_PAYMENT, School)
    return False
