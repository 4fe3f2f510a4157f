"""The register in the API: districts, schools, education groups, memberships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from groups import actions, forms, rules
from groups import verbs as tables
from groups.choices import (
    Authority,
    DistrictKind,
    FundingLevel,
    GroupStatus,
    LegalPersonType,
    MembershipRole,
    ModelType,
    Ownership,
    Stage,
)
from groups.models import District, EducationGroup, GroupPolicy, Membership, School
from kunshan_edu.core import access
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.shapes import AFTER, Choice, Id, Offers, Ref
from kunshan_edu.core.denials import Denial


class DistrictShape(serializers.Serializer):
    """A zone or town, and how many schools its treasury secures today."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = Choice(DistrictKind)
    kind_label = serializers.CharField(source="get_kind_display")
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    schools = serializers.IntegerField(help_text=_("今天隶属的学校数"))


class Districts(Noun):
    """区镇."""

    model = District
    shape = DistrictShape

    def parts(self, rows: Any) -> Any:
        return rows.with_schools()


class SchoolRow(serializers.Serializer):
    """A school, with its affiliation, group and executive principal of today."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    identifier = serializers.CharField(help_text=_("学校标识码"))
    credit_code = serializers.CharField(help_text=_("统一社会信用代码"))
    stage = Choice(Stage)
    stage_label = serializers.CharField(source="get_stage_display")
    ownership = Choice(Ownership)
    legal_person_type = Choice(LegalPersonType)
    level = Choice(FundingLevel, allow_null=True)
    district = serializers.CharField(source="district_name", allow_null=True)
    group = serializers.IntegerField(source="group_pk", allow_null=True)
    group_name = serializers.CharField(allow_null=True)
    principal = serializers.CharField(allow_null=True, help_text=_("执行校长，空缺为 null"))
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True, help_text=AFTER)


class AffiliationShape(serializers.Serializer):
    """To whose treasury a school belongs, and from when to when."""

    level = Choice(FundingLevel)
    level_label = serializers.CharField(source="get_level_display")
    district = Ref(allow_null=True)
    document = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=AFTER)


class SchoolDetail(SchoolRow):
    """A school with its affiliations of all times and what may be done to it."""

    feature = serializers.CharField()
    affiliations = AffiliationShape(many=True)
    offers = Offers()


class SchoolFilters(serializers.Serializer):
    """By stage, funding level, or the group of today."""

    stage = Choice(Stage, required=False)
    level = Choice(FundingLevel, required=False)
    group = Id(required=False, source="group_pk", help_text=_("今天所在集团的编号"))


def cannot_register(by: Any) -> Denial | None:
    return rules.cannot_register_school(actions.school_case(None, by))


@creates(forms.SchoolForm, actions.register_school, _("登记学校"), cannot_register)
@verbs(tables.SCHOOL)
class Schools(Noun):
    """学校."""

    model = School
    shape = SchoolRow
    whole = SchoolDetail
    filters = SchoolFilters

    def parts(self, rows: Any) -> Any:
        rows = rows.with_place()
        return rows if self.action == "list" else rows.prefetch_related("affiliations__district")


class GroupRow(serializers.Serializer):
    """An education group, with who heads it today."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    code = serializers.CharField()
    model_type = Choice(ModelType)
    model_type_label = serializers.CharField(source="get_model_type_display")
    batch = serializers.IntegerField()
    status = Choice(GroupStatus)
    status_label = serializers.CharField(source="get_status_display")
    founded_on = serializers.DateField()
    founding_document = serializers.CharField()
    decision = serializers.CharField()
    president = serializers.CharField(allow_null=True, help_text=_("总校长，空缺为 null"))
    lead = serializers.CharField(allow_null=True, help_text=_("牵头学校"))
    members = serializers.IntegerField(help_text=_("今天的成员学校数"))


class GroupDetail(GroupRow):
    """An education group with what may be done to it."""

    offers = Offers()


class GroupFilters(serializers.Serializer):
    """By status."""

    status = Choice(GroupStatus, required=False)


def cannot_found(by: Any) -> Denial | None:
    return rules.cannot_found(actions.case_for(None, by))


@creates(forms.GroupForm, actions.found, _("组建教育集团"), cannot_found)
@verbs(tables.EDUCATION_GROUP)
class Groups(Noun):
    """教育集团."""

    model = EducationGroup
    shape = GroupRow
    whole = GroupDetail
    filters = GroupFilters

    def parts(self, rows: Any) -> Any:
        return rows.with_heads()


class MembershipRow(serializers.Serializer):
    """A school in a group, from when to when."""

    id = serializers.IntegerField()
    group = Ref()
    school = Ref()
    role = Choice(MembershipRole)
    role_label = serializers.CharField(source="get_role_display")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=AFTER)
    is_in_force = serializers.BooleanField(help_text=_("今天有效"))
    join_document = serializers.CharField()
    leave_document = serializers.CharField()


class MembershipDetail(MembershipRow):
    """A membership with what may be done to it."""

    offers = Offers()


class MembershipFilters(serializers.Serializer):
    """By group or school."""

    group = Id(required=False, source="group_id", help_text=_("集团编号"))
    school = Id(required=False, source="school_id", help_text=_("学校编号"))


@verbs(tables.MEMBERSHIP)
class Memberships(Noun):
    """成员关系."""

    model = Membership
    shape = MembershipRow
    whole = MembershipDetail
    related = ("group", "school")
    filters = MembershipFilters


def cannot_adopt(by: Any) -> Denial | None:
    mine = access.objects_for(by, Authority.ADOPT_POLICIES, EducationGroup)
    return rules.cannot_adopt(rules.Case(may_adopt=mine.exists()))


def policy_form(content: Mapping[str, Any]) -> forms.PolicyForm:
    """The form with every group: whose rules one adopts, the action asks."""
    return forms.PolicyForm(content, groups=EducationGroup.objects.all())


@creates(forms.PolicyForm, actions.adopt, _("审定集团制度"), cannot_adopt, policy_form)
@verbs(tables.POLICY)
class Policies(Noun):
    """集团制度."""

    model = GroupPolicy
    fields = ("group", "slot", "title", "document", "valid_from", "valid_to")
    more = ("text",)
    by = ("group", "slot")


ENDPOINTS = (
    ("districts", Districts),
    ("schools", Schools),
    ("groups", Groups),
    ("memberships", Memberships),
    ("policies", Policies),
)
