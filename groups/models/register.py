"""Districts, schools and their affiliation, education groups and memberships, and the grants on each container."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.choices import (
    ACTIVE_STATUSES,
    BUREAU_AUTHORITIES,
    DISTRICT_AUTHORITIES,
    GROUP_AUTHORITIES,
    SCHOOL_AUTHORITIES,
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
from groups.querysets import Dated, Districts, EducationGroups, Memberships, Schools
from kunshan_edu.core import denials
from kunshan_edu.core.access import Grant, is_in_force
from kunshan_edu.core.denials import INVALID, Denial
from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause


def _permissions(authorities: tuple[Authority, ...]) -> list[tuple[str, str]]:
    return [(a.value, str(a.label)) for a in authorities]


class Bureau(models.Model):
    """市教育局: the one container of the rights that reach over all groups."""

    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = _("教育局")
        verbose_name_plural = _("教育局")
        default_permissions = ()
        permissions = _permissions(BUREAU_AUTHORITIES)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pk=1), name="there_is_one_bureau", violation_error_message=_("教育局只有一个。")
            )
        ]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """区镇: one of the four zones and eight towns; a treasury that secures its schools' share (4.2.g)."""

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=DistrictKind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级区"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="towns",
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = Districts.as_manager()

    class Meta:
        verbose_name = _("区镇")
        verbose_name_plural = _("区镇")
        ordering = ("position", "code")
        default_permissions = ()
        permissions = _permissions(DISTRICT_AUTHORITIES)

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """学校: a legal person of its own; nothing about a group is stored in its row (4.1.p, 4.1.r)."""

    name = models.CharField(_("校名"), max_length=60, unique=True)
    short_name = models.CharField(_("简称"), max_length=20, unique=True)
    identifier = models.CharField(_("学校标识码"), max_length=10, unique=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    stage = models.CharField(_("学段"), max_length=12, choices=Stage)
    ownership = models.CharField(_("办学性质"), max_length=10, choices=Ownership, default=Ownership.PUBLIC)
    legal_person_type = models.CharField(
        _("法人类型"), max_length=24, choices=LegalPersonType, default=LegalPersonType.PUBLIC_INSTITUTION
    )
    feature = models.CharField(_("办学特色"), max_length=200, blank=True)
    opened_on = models.DateField(_("建校日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = Schools.as_manager()

    class Meta:
        verbose_name = _("学校")
        verbose_name_plural = _("学校")
        ordering = ("position", "pk")
        default_permissions = ()
        permissions = _permissions(SCHOOL_AUTHORITIES)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="school_closes_after_it_opens",
                violation_error_message=_("撤销日期不能早于建校日期。"),
            ),
            models.CheckConstraint(
                condition=Q(identifier__regex=r"^[0-9]{10}$"),
                name="school_identifier_has_ten_digits",
                violation_error_message=_("学校标识码应为 10 位数字。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    Func(F("credit_code"), function="credit_code_ok", output_field=models.BooleanField())
                ),
                name="credit_code_check_digit_is_right",
                violation_error_message=_("统一社会信用代码校验位不符，请核对 18 位代码。"),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("groups:school_detail", args=[self.pk])


class SchoolAffiliation(models.Model):
    """隶属关系: city or one district, dated; it alone decides the funding level (4.1.s, 4.2.f)."""

    school = models.ForeignKey(
        School, verbose_name=_("学校"), on_delete=models.PROTECT, related_name="affiliations"
    )
    level = models.CharField(_("级次"), max_length=10, choices=FundingLevel)
    district = models.ForeignKey(
        District, verbose_name=_("区镇"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    document = models.CharField(_("批文"), max_length=60)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        verbose_name = _("隶属关系")
        verbose_name_plural = _("隶属关系")
        ordering = ("school", "valid_from")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level="city", district__isnull=True)
                | Q(level="district", district__isnull=False),
                name="affiliation_names_a_district_iff_district_level",
                violation_error_code=Clause.C4_2_G.id,
                violation_error_message=_("区镇级隶属关系须写明区镇，市级的不写区镇。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="affiliation_ends_after_it_begins",
                violation_error_message=_("隶属关系的截止日期不能早于起始日期。"),
            ),
            ExclusionConstraint(
                name="one_affiliation_at_a_time",
                expressions=[(same("school_id"), "&&"), (period(), "&&")],
                violation_error_code=Clause.C4_1_S.id,
                violation_error_message=_("一所学校同一天只能有一个隶属关系。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.district or self.get_level_display()}"

    def get_absolute_url(self) -> str:
        return self.school.get_absolute_url()


class EducationGroup(models.Model):
    """教育集团: not a legal person and without books; a president, members, a fund (4.1, 4.2)."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    short_name = models.CharField(_("简称"), max_length=20, unique=True)
    code = models.CharField(_("代码"), max_length=10, unique=True)
    model_type = models.CharField(_("办学模式"), max_length=20, choices=ModelType)
    batch = models.PositiveSmallIntegerField(_("批次"), default=1)
    status = models.CharField(_("状态"), max_length=12, choices=GroupStatus, default=GroupStatus.PREPARING)
    founded_on = models.DateField(_("组建日期"))
    founding_document = models.CharField(_("组建文件"), max_length=60)
    decision = models.CharField(_("专项工作组会议决定"), max_length=120)

    objects = EducationGroups.as_manager()

    class Meta:
        verbose_name = _("教育集团")
        verbose_name_plural = _("教育集团")
        ordering = ("code",)
        default_permissions = ()
        permissions = _permissions(GROUP_AUTHORITIES)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(decision="") & ~Q(founding_document=""),
                name="group_is_founded_by_a_decision",
                violation_error_code=Clause.C6_1_E.id,
                violation_error_message=_("组建集团须写明组建文件和专项工作组的会议决定。"),
            ),
            models.CheckConstraint(
                condition=Q(model_type__in=ModelType.values),
                name="group_model_type_is_listed",
                violation_error_code=Clause.C3_1_A.id,
                violation_error_message=_("办学模式不在规定的类型之内，请从列表中选择。"),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("groups:group_detail", args=[self.pk])

    @property
    def is_working(self) -> bool:
        """In a status in which it needs its heads and a lead school."""
        return self.status in ACTIVE_STATUSES


class Membership(models.Model):
    """成员关系: a school in a group, dated, as lead or member."""

    group = models.ForeignKey(
        EducationGroup, verbose_name=_("教育集团"), on_delete=models.PROTECT, related_name="memberships"
    )
    school = models.ForeignKey(
        School, verbose_name=_("学校"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("身份"), max_length=8, choices=MembershipRole, default=MembershipRole.MEMBER)
    valid_from = models.DateField(_("加入日期"))
    valid_to = models.DateField(_("退出日期"), null=True, blank=True)
    join_document = models.CharField(_("加入文件"), max_length=60)
    leave_document = models.CharField(_("退出文件"), max_length=60, blank=True)

    objects = Memberships.as_manager()

    class Meta:
        verbose_name = _("成员关系")
        verbose_name_plural = _("成员关系")
        ordering = ("group", "role", "valid_from")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("退出日期不能早于加入日期。"),
            ),
            ExclusionConstraint(
                name="school_in_one_group_at_a_time",
                expressions=[(same("school_id"), "&&"), (period(), "&&")],
                violation_error_code=Clause.C4_2_E.id,
                violation_error_message=_("该校同一时间只能加入一个教育集团，请先办理退出。"),
            ),
            ExclusionConstraint(
                name="one_lead_school_at_a_time",
                expressions=[(same("group_id"), "&&"), (period(), "&&")],
                condition=Q(role="lead"),
                violation_error_code=Clause.C3_2_A.id,
                violation_error_message=_("一个集团同一时间只能有一所牵头学校。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.school}"

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()

    @property
    def is_in_force(self) -> bool:
        return is_in_force(self)


def _one_row_per_source() -> list[models.UniqueConstraint]:
    return [
        models.UniqueConstraint(
            fields=["user", "permission", "content_object", "source_id", "valid_from"],
            name="%(class)s_has_one_row_per_source",
            violation_error_message=_("同一任职对同一单位的同一权限只登记一次。"),
        )
    ]


def _listing() -> list[models.Index]:
    return [models.Index(fields=["user", "permission", "content_object"], name="%(class)s_of_a_person")]


class BureauGrant(Grant):
    """A right on the bureau: over all groups and schools."""

    content_object = models.ForeignKey(Bureau, on_delete=models.CASCADE)

    class Meta:
        default_permissions = ()
        constraints = _one_row_per_source()
        indexes = _listing()


class DistrictGrant(Grant):
    """A right on one district."""

    content_object = models.ForeignKey(District, on_delete=models.CASCADE)

    class Meta:
        default_permissions = ()
        constraints = _one_row_per_source()
        indexes = _listing()


class GroupGrant(Grant):
    """A right on one education group."""

    content_object = models.ForeignKey(EducationGroup, on_delete=models.CASCADE)

    class Meta:
        default_permissions = ()
        constraints = _one_row_per_source()
        indexes = _listing()


class SchoolGrant(Grant):
    """A right on one school."""

    content_object = models.ForeignKey(School, on_delete=models.CASCADE)

    class Meta:
        default_permissions = ()
        constraints = _one_row_per_source()
        indexes = _listing()


def _taken(field: str, message: str) -> Denial:
    return Denial(f"{field}_taken", message, field=field, status=INVALID)


# What triggers (see migrations/0002) and unique columns refuse: constraint name → the sentence people read.
REFUSALS = {
    "groups_school_name_key": _taken("name", denials._("已有同名的学校，请核对校名。")),
    "groups_school_short_name_key": _taken("short_name", denials._("已有学校使用该简称，请换一个。")),
    "groups_school_identifier_key": _taken("identifier", denials._("该学校标识码已登记在另一所学校名下。")),
    "groups_school_credit_code_key": _taken(
        "credit_code", denials._("该统一社会信用代码已登记在另一所学校名下。")
    ),
    "groups_educationgroup_name_key": _taken("name", denials._("已有同名的教育集团，请核对名称。")),
    "groups_educationgroup_short_name_key": _taken(
        "short_name", denials._("已有教育集团使用该简称，请换一个。")
    ),
    "groups_educationgroup_code_key": _taken("code", denials._("该代码已用于另一个教育集团。")),
    "groups_district_code_key": _taken("code", denials._("该代码已用于另一个区镇。")),
    "groups_district_name_key": _taken("name", denials._("已有同名的区镇。")),
    "active_group_has_a_lead_school": Denial(
        "active_group_has_a_lead_school",
        denials._("试点、运行、推广中的集团每天都须有一所牵头学校。"),
        Clause.C3_2_A,
    ),
    "open_school_is_affiliated_every_day": Denial(
        "open_school_is_affiliated_every_day",
        denials._("学校存续期间每天都须有隶属关系，不能留有空档。"),
        Clause.C4_1_S,
    ),
    "school_identity_is_changed_by_document": Denial(
        "school_identity_is_changed_by_document",
        denials._("学校的法人类型和统一社会信用代码不因加入集团而改变。"),
        Clause.C4_1_R,
    ),
}
