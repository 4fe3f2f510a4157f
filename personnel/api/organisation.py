"""How groups and schools are set up, in the API: party organisations, units, plaques, quotas, rules, deviations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from groups.models import EducationGroup, Membership
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.shapes import ClauseShape, Id, Ref
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.pages import day_asked
from personnel import forms
from personnel import verbs as tables
from personnel.actions import organisation as actions
from personnel.models import Deviation, GroupRuleSet, OrgUnit, PartyOrganisation, Plaque, PostQuota
from personnel.rules import organisation as rules

CLAUSE = (
    "clause",
    serializers.CharField(required=False, source="clause_id", help_text=_("条款编号，例如 4.1.o")),
)


def _unless(model: Any, rule: Callable[[rules.SetupCase], Denial | None]) -> Callable[[Any], Denial | None]:
    """Why somebody records no row of `model` anywhere; whether here, the action asks."""
    return lambda by: rule(rules.SetupCase(actions.may_set_up(model, None, by)))


def unit_form(content: Mapping[str, Any]) -> forms.UnitForm:
    """The form with every group and its members: whose units one sets up, the action asks."""
    return forms.UnitForm(content, groups=EducationGroup.objects.all())


def plaque_form(content: Mapping[str, Any]) -> forms.PlaqueForm:
    """The form with every membership of today: whose plaques one records, the action asks."""
    return forms.PlaqueForm(content, memberships=Membership.objects.in_force())


@creates(
    forms.PartyForm,
    actions.record_party,
    _("登记党组织"),
    _unless(PartyOrganisation, rules.cannot_record_party),
)
@verbs(tables.PARTY_ORGANISATION)
class PartyOrganisations(Noun):
    """党组织."""

    model = PartyOrganisation
    fields = ("name", "kind", "group", "school", "valid_from", "valid_to")
    more = ("document",)
    by = ("kind", "group", "school")


@creates(
    forms.UnitForm,
    actions.record_unit,
    _("设置内设机构"),
    _unless(OrgUnit, rules.cannot_record_unit),
    unit_form,
)
@verbs(tables.ORG_UNIT)
class OrgUnits(Noun):
    """内设机构."""

    model = OrgUnit
    fields = ("name", "line", "group", "school", "valid_from", "valid_to")
    more = ("document",)
    by = ("line", "group", "school")


@creates(forms.PlaqueForm, actions.hang, _("登记挂牌"), _unless(Plaque, rules.cannot_hang), plaque_form)
@verbs(tables.PLAQUE)
class Plaques(Noun):
    """牌匾; a photograph is uploaded on the page."""

    model = Plaque
    fields = (
        "text",
        "kind",
        ("school", Ref(source="membership.school")),
        ("group", Ref(source="membership.group")),
        ("has_photo", serializers.BooleanField(help_text=_("已上传照片"))),
        "valid_from",
        "valid_to",
    )
    more = ("membership",)
    by = (
        "kind",
        ("school", Id(required=False, source="membership__school_id", help_text=_("学校编号"))),
        ("group", Id(required=False, source="membership__group_id", help_text=_("集团编号"))),
    )
    related = ("membership__school", "membership__group")


@creates(forms.QuotaForm, actions.set_quota, _("核定职数"), _unless(PostQuota, rules.cannot_set_quota))
@verbs(tables.POST_QUOTA)
class PostQuotas(Noun):
    """职数."""

    model = PostQuota
    fields = (
        "group",
        "school",
        "level",
        "posts",
        ("used", serializers.IntegerField(help_text=_("当日在任人数"))),
        "valid_from",
        "valid_to",
    )
    more = ("document",)
    by = ("group", "school", "level")

    def parts(self, rows: Any) -> Any:
        return rows.with_used(day_asked(self.request.query_params))


@creates(
    forms.RuleSetForm, actions.set_rules, _("登记书记设置规定"), _unless(GroupRuleSet, rules.cannot_set_rules)
)
@verbs(tables.RULE_SET)
class RuleSets(Noun):
    """书记设置规定."""

    model = GroupRuleSet
    fields = ("group", "kind", "valid_from", "valid_to")
    more = ("document",)
    by = ("group", "kind")


@creates(forms.DeviationForm, actions.deviate, _("登记例外"), _unless(Deviation, rules.cannot_deviate))
@verbs(tables.DEVIATION)
class Deviations(Noun):
    """例外; `on` gives those that are confirmed."""

    model = Deviation
    fields = (("clause", ClauseShape()), "group", "school", "state", "valid_from", "valid_to")
    more = ("reason", "document", "recorded_by", "confirmed_by")
    by = (CLAUSE, "group", "school", "state")


ENDPOINTS = (
    ("party-organisations", PartyOrganisations),
    ("units", OrgUnits),
    ("plaques", Plaques),
    ("quotas", PostQuotas),
    ("rule-sets", RuleSets),
    ("deviations", Deviations),
)
