"""The verbs of party organisations, units, plaques, quotas, rule-sets and deviations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.verbs import Verb, VerbTable
from personnel import forms
from personnel.actions import organisation as actions
from personnel.models import Deviation, GroupRuleSet, OrgUnit, PartyOrganisation, Plaque, PostQuota
from personnel.rules import organisation as rules
from personnel.rules import tenure as pair_rules


def _ended(
    noun: str,
    model: Any,
    label: Any,
    rule: Callable[..., Any],
    action: Callable[..., Any],
    form: Any,
    done: Any,
) -> VerbTable:
    """A noun whose one verb is its end."""
    verb = Verb("end", label, rule, action, form, done=done, style="d")
    return VerbTable(noun, model, actions.setup_case, (verb,), f"personnel:{noun}_verb")


PARTY_ORGANISATION = _ended(
    "party_organisation",
    PartyOrganisation,
    _("撤销党组织"),
    rules.cannot_end_party,
    actions.end_party,
    forms.EndByDocumentForm,
    _("党组织的撤销已登记。"),
)
ORG_UNIT = _ended(
    "org_unit",
    OrgUnit,
    _("撤销机构"),
    rules.cannot_end_unit,
    actions.end_unit,
    forms.EndByDocumentForm,
    _("机构的撤销已登记。"),
)
PLAQUE = _ended(
    "plaque",
    Plaque,
    _("登记摘牌"),
    rules.cannot_take_down,
    actions.take_down,
    forms.EndDayForm,
    _("摘牌已登记。"),
)
POST_QUOTA = _ended(
    "post_quota",
    PostQuota,
    _("结束职数"),
    rules.cannot_end_quota,
    actions.end_quota,
    forms.EndByDocumentForm,
    _("职数已办理结束。"),
)
RULE_SET = _ended(
    "rule_set",
    GroupRuleSet,
    _("结束适用"),
    rules.cannot_end_rules,
    actions.end_rules,
    forms.EndByDocumentForm,
    _("适用规定已办理结束。"),
)
DEVIATION = VerbTable(
    "deviation",
    Deviation,
    actions.deviation_case,
    (
        Verb(
            "confirm",
            _("审定例外"),
            pair_rules.cannot_decide_pair,
            actions.confirm_deviation,
            done=_("例外已审定。"),
            style="p",
            icon="check",
        ),
        Verb(
            "refuse",
            _("不予审定"),
            pair_rules.cannot_decide_pair,
            actions.refuse_deviation,
            forms.ReasonForm,
            done=_("已办理不予审定。"),
            style="d",
        ),
        Verb(
            "end",
            _("结束例外"),
            pair_rules.cannot_end_pair,
            actions.end_deviation,
            forms.EndDayForm,
            done=_("例外已办理结束。"),
            style="d",
        ),
    ),
    "personnel:deviation_verb",
)
