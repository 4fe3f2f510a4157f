"""The pages of how groups and schools are set up: dated rows that are recorded, shown on any day, and ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, Membership, School
from kunshan_edu.core import access, files
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import Action, Column, DetailPage, Fact, FormPage, ListPage, VerbPage
from kunshan_edu.core.templatetags.kg import cite
from personnel import forms, verbs
from personnel.actions import organisation as actions
from personnel.models import Deviation, GroupRuleSet, OrgUnit, PartyOrganisation, Plaque, PostQuota
from personnel.rules import organisation as rules

OWNER = Column(_("单位"), lambda row: row.group or row.school)
DAYS = Column(_("期间"), kind="span")
IN_FORCE = (_("有效"), _("未开始"), _("已结束"))


def _cannot(model: Any, rule: Callable[[rules.SetupCase], Denial | None], user: Any) -> Denial | None:
    """Why this person records no row of `model` anywhere."""
    return rule(rules.SetupCase(actions.may_set_up(model, None, user)))


class SetupList(ListPage):
    """A list of dated rows with one button: record another."""

    new: ClassVar[str]
    label: ClassVar[Any]
    rule: ClassVar[Callable[[rules.SetupCase], Denial | None]]
    related = ("group", "school")
    filter_form = forms.SetupFilter

    def actions(self) -> list[Action]:
        denial = _cannot(self.model, type(self).rule, self.request.user)
        return [] if denial else [Action(self.label, reverse(self.new), icon="plus")]


class SetupNew(FormPage):
    """A form that records a dated row."""

    model: ClassVar[Any]
    rule: ClassVar[Callable[[rules.SetupCase], Denial | None]]
    record: ClassVar[Callable[..., Any]]

    def refusal(self) -> Denial | None:
        return _cannot(self.model, type(self).rule, self.request.user)

    def asked(self, data: Any) -> dict[str, Any] | None:
        """What the address fills in, such as the school that the reader comes from."""
        return self.request.GET.dict() if data is None else None

    def make_form(self, data: Any = None) -> Any:
        return self.form(data, initial=self.asked(data))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return type(self).record(**cleaned, by=self.request.user)


class PartyOrganisationList(SetupList):
    """党组织."""

    model, rule = PartyOrganisation, rules.cannot_record_party
    new, label = "personnel:party_organisation_new", _("登记党组织")
    title, clause = _("党组织"), Clause.C4_1_C
    lead = _("集团成立党委或党总支部，成员学校设党支部；总校长兼任书记，执行校长兼任支部书记。")
    empty = _("还没有党组织"), _("由市教育局人事科凭批准文件登记。")
    columns = (
        Column(_("名称"), "name"),
        Column(_("类别"), "kind"),
        OWNER,
        Column(_("批准文件"), "document", hide=True),
        DAYS,
    )


class PartyOrganisationDetail(DetailPage):
    """一个党组织."""

    model, table, clause = PartyOrganisation, verbs.PARTY_ORGANISATION, Clause.C4_1_C
    related = ("group", "school")
    crumb = ((_("党组织"), "personnel:party_organisation_list"),)
    words = IN_FORCE
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("类别"), "kind"),
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("学校"), "school", "link", optional=True),
                Fact(_("批准文件"), "document"),
                Fact(_("成立日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last", optional=True),
            ),
        ),
    )


class PartyOrganisationNew(SetupNew):
    """登记党组织."""

    model, form, rule, record = (
        PartyOrganisation,
        forms.PartyForm,
        rules.cannot_record_party,
        actions.record_party,
    )
    title, done, clause = _("登记党组织"), _("党组织已登记。"), Clause.C4_1_C
    crumb = PartyOrganisationDetail.crumb


class PartyOrganisationVerb(VerbPage):
    """党组织的办理."""

    table = verbs.PARTY_ORGANISATION


class OrgUnitList(SetupList):
    """内设机构."""

    model, rule = OrgUnit, rules.cannot_record_unit
    filter_form = forms.UnitFilter
    new, label = "personnel:org_unit_new", _("设置机构")
    title, clause = _("内设机构"), Clause.C4_1_I
    lead = _("集团成立独立于成员学校的管理机构，统筹管理成员学校的条线工作。")
    empty = _("还没有内设机构"), _("由总校长设置集团和成员学校的机构，不改变法人单位。")
    columns = (
        Column(_("机构"), "name"),
        Column(_("条线"), "line"),
        OWNER,
        Column(_("设置文件"), "document", hide=True),
        DAYS,
    )


class OrgUnitDetail(DetailPage):
    """一个内设机构."""

    model, table, related, clause = OrgUnit, verbs.ORG_UNIT, ("group", "school"), Clause.C4_1_J
    crumb = ((_("内设机构"), "personnel:org_unit_list"),)
    words = IN_FORCE
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("条线"), "line"),
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("学校"), "school", "link", optional=True),
                Fact(_("设置文件"), "document"),
                Fact(_("设置日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last", optional=True),
            ),
        ),
    )


class OrgUnitNew(SetupNew):
    """设置内设机构."""

    model, rule, record = OrgUnit, rules.cannot_record_unit, actions.record_unit
    title, done, clause = _("设置内设机构"), _("机构已设置。"), Clause.C4_3_G
    crumb = OrgUnitDetail.crumb

    def make_form(self, data: Any = None) -> Any:
        groups = access.objects_for(self.request.user, Authority.MANAGE_GROUP_UNITS, EducationGroup)
        return forms.UnitForm(data, groups=groups, initial=self.asked(data))


class OrgUnitVerb(VerbPage):
    """内设机构的办理."""

    table = verbs.ORG_UNIT


class PlaqueList(SetupList):
    """牌匾."""

    model, rule = Plaque, rules.cannot_hang
    filter_form = forms.PlaqueFilter
    related = ("membership__school", "membership__group", "photo")
    new, label = "personnel:plaque_new", _("登记挂牌")
    title, clause = _("牌匾"), Clause.C4_1_Q
    lead = _("成员学校保留原校名，挂两块牌子：原校名牌和集团成员校牌。")
    empty = _("还没有登记牌匾"), _("由本校登记挂牌日期、文字和照片。")
    columns = (
        Column(_("牌匾文字"), "text"),
        Column(_("类别"), "kind"),
        Column(_("学校"), "membership.school", under="membership.group"),
        DAYS,
    )

    def rows(self) -> Any:
        """School by school, as they stand in their groups."""
        place = (
            "membership__group__code",
            "membership__school__position",
            "membership",
            "kind",
            "pk",
        )
        return super().rows().order_by(*place)


class PlaqueDetail(DetailPage):
    """一块牌子, with its photograph."""

    model, table, clause = Plaque, verbs.PLAQUE, Clause.C4_1_Q
    related = ("membership__school", "membership__group", "photo")
    template = "personnel/plaque_detail.html"
    crumb = ((_("牌匾"), "personnel:plaque_list"),)
    words = (_("在挂"), _("未挂"), _("已摘"))
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("类别"), "kind"),
                Fact(_("学校"), "membership.school", "link"),
                Fact(_("教育集团"), "membership.group", "link"),
                Fact(_("挂牌日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last", optional=True),
            ),
        ),
    )


class PlaquePhoto(View):
    """牌匾照片: shown to whoever may see the plaque."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = Plaque.objects.visible_to(request.user).select_related("photo")
        row = get_object_or_404(rows, pk=kwargs["pk"])
        if row.photo is None:
            raise Http404
        return files.answer(row.photo, inline=True)


class PlaqueNew(SetupNew):
    """登记挂牌."""

    model, rule, record = Plaque, rules.cannot_hang, actions.hang
    title, done, clause = _("登记挂牌"), _("挂牌已登记。"), Clause.C4_1_Q
    crumb = PlaqueDetail.crumb

    def make_form(self, data: Any = None) -> Any:
        own = access.objects_for(self.request.user, Authority.EDIT_SCHOOL_PROFILE, School)
        current = Membership.objects.in_force().filter(school__in=own)
        asked = self.asked(data) or {}
        if asked.get("school", "").isdigit():
            asked["membership"] = current.filter(school=asked["school"]).values_list("pk", flat=True).first()
        return forms.PlaqueForm(data, memberships=current, initial=asked)


class PlaqueVerb(VerbPage):
    """牌匾的办理."""

    table = verbs.PLAQUE


class PostQuotaList(SetupList):
    """职数."""

    model, rule = PostQuota, rules.cannot_set_quota
    new, label = "personnel:post_quota_new", _("核定职数")
    title, clause = _("职数"), Clause.C4_1_O
    lead = _("副校长和中层干部按规定职数配备，集团适当增加职数设置；任用不能超过核定职数。")
    empty = _("还没有核定职数"), _("由市教育局凭文件核定；核定之后，超职数的任用不能办理。")
    columns = (
        OWNER,
        Column(_("层级"), "level"),
        Column(_("职数"), "posts", "number"),
        Column(_("在任"), "used", "number"),
        Column(_("核定文件"), "document", hide=True),
        DAYS,
    )

    def rows(self) -> Any:
        return super().rows().with_used(self.on())


class PostQuotaDetail(DetailPage):
    """一项职数, with how much of it is used."""

    model, table, related, clause = PostQuota, verbs.POST_QUOTA, ("group", "school"), Clause.C4_1_O
    crumb = ((_("职数"), "personnel:post_quota_list"),)
    words = IN_FORCE
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("学校"), "school", "link", optional=True),
                Fact(_("层级"), "level"),
                Fact(_("职数"), "posts", "number"),
                Fact(_("核定文件"), "document"),
                Fact(_("起始日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last", optional=True),
            ),
        ),
    )


class PostQuotaNew(SetupNew):
    """核定职数."""

    model, form, rule, record = PostQuota, forms.QuotaForm, rules.cannot_set_quota, actions.set_quota
    title, done, clause = _("核定职数"), _("职数已核定。"), Clause.C4_1_H
    crumb = PostQuotaDetail.crumb


class PostQuotaVerb(VerbPage):
    """职数的办理."""

    table = verbs.POST_QUOTA


class RuleSetList(SetupList):
    """书记设置规定."""

    model, rule, related = GroupRuleSet, rules.cannot_set_rules, ("group",)
    filter_form = forms.RuleSetFilter
    new, label = "personnel:rule_set_new", _("登记规定")
    title, clause = _("书记设置规定"), Clause.C4_1_D
    lead = _("没有登记的集团按 132 号文：总校长兼任书记。书记、校长分设须凭文件登记。")
    empty = _("各集团都按 132 号文"), _("总校长兼任书记，另设书记不能任用。")
    columns = (
        Column(_("教育集团"), "group"),
        Column(_("规定"), "kind"),
        Column(_("依据文件"), "document", hide=True),
        DAYS,
    )


class RuleSetDetail(DetailPage):
    """一项适用规定."""

    model, table, related, clause = GroupRuleSet, verbs.RULE_SET, ("group",), Clause.C4_1_D
    crumb = ((_("书记设置规定"), "personnel:rule_set_list"),)
    words = IN_FORCE
    facts = (
        (
            _("基本情况"),
            (
                Fact(_("教育集团"), "group", "link"),
                Fact(_("规定"), "kind"),
                Fact(_("依据文件"), "document"),
                Fact(_("起始日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last", optional=True),
            ),
        ),
    )


class RuleSetNew(SetupNew):
    """登记书记设置规定."""

    model, form, rule, record = (
        GroupRuleSet,
        forms.RuleSetForm,
        rules.cannot_set_rules,
        actions.set_rules,
    )
    title, done, clause = _("登记书记设置规定"), _("适用规定已登记。"), Clause.C4_1_D
    crumb = RuleSetDetail.crumb


class RuleSetVerb(VerbPage):
    """适用规定的办理."""

    table = verbs.RULE_SET


def deviation_chip(row: Deviation) -> tuple[str, Any, str]:
    """The state of a deviation as a chip; confirmed, it explains: no question is left."""
    looks = {"proposed": ("go", ""), "confirmed": ("ask", "message-exclamation"), "refused": ("na", "")}
    tone, icon = looks[row.state]
    return tone, row.get_state_display(), icon


class DeviationList(ListPage):
    """例外."""

    model, filter_form, related = Deviation, forms.DeviationFilter, ("group", "school")
    title = _("例外")
    lead = _("与 132 号文不一致而有正当原因的情形：写明条款、原因、批准文件和期限，看板上显示为有说明。")
    empty = _("没有例外"), _("由市教育局人事科登记、局领导审定；没有审定的例外不起作用。")
    columns = (
        OWNER,
        Column(_("条款"), "clause", "clause"),
        Column(_("原因"), "reason", hide=True),
        DAYS,
        Column(_("状态"), deviation_chip, "chip"),
    )

    def actions(self) -> list[Action]:
        may = access.rights_of(self.request.user).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau)
        url = reverse("personnel:deviation_new")
        return [Action(_("登记例外"), url, icon="plus")] if may else []


class DeviationDetail(DetailPage):
    """一项例外."""

    model, table = Deviation, verbs.DEVIATION
    related = ("group", "school", "recorded_by", "confirmed_by")
    crumb = ((_("例外"), "personnel:deviation_list"),)
    facts = (
        (
            _("例外内容"),
            (
                Fact(_("教育集团"), "group", "link", optional=True),
                Fact(_("学校"), "school", "link", optional=True),
                Fact(_("条款"), "clause", "clause"),
                Fact(_("原因"), "reason"),
                Fact(_("批准文件"), "document"),
                Fact(_("起始日期"), "valid_from", "date"),
                Fact(_("最后一日"), "valid_to", "last", optional=True),
                Fact(_("登记人"), "recorded_by.name"),
                Fact(_("审定人"), "confirmed_by.name", optional=True),
            ),
        ),
    )

    def called(self, row: Deviation) -> str:
        return f"{row.group or row.school} · {cite(row.clause)}"

    def chip(self, row: Deviation) -> tuple[str, Any, str]:
        return deviation_chip(row)


class DeviationNew(FormPage):
    """登记例外."""

    form, title, done = forms.DeviationForm, _("登记例外"), _("例外已登记，等待局领导审定。")
    crumb = DeviationDetail.crumb
    afterwards = (_("由局领导审定；登记人不能审定自己登记的例外。"), _("审定之后在看板上显示为有说明。"))

    def refusal(self) -> Denial | None:
        may = access.rights_of(self.request.user).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau)
        return rules.cannot_deviate(rules.SetupCase(may))

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.deviate(**cleaned, by=self.request.user)


class DeviationVerb(VerbPage):
    """例外的办理."""

    table = verbs.DEVIATION
