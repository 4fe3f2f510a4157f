"""How a group and its schools are set up: party organisations, units, plaques, quotas, rule-sets and deviations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.choices import Line
from groups.models import EducationGroup, Membership, School
from groups.querysets import DatedRegister
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import StoredFile
from personnel.choices import (
    GROUP_PARTY_KINDS,
    SCHOOL_QUOTAS,
    Confirmation,
    PartyKind,
    PlaqueKind,
    QuotaLevel,
    RuleSetKind,
)
from personnel.querysets import Deviations, PostQuotas

OF_A_GROUP = Q(group__isnull=False)
OF_A_SCHOOL = Q(school__isnull=False)
EITHER = Q(group__isnull=True, school__isnull=False) | Q(group__isnull=False, school__isnull=True)


def _group(related_name: str, *, null: bool = True) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        EducationGroup,
        verbose_name=_("教育集团"),
        null=null,
        blank=null,
        on_delete=models.PROTECT,
        related_name=related_name,
    )


def _school(related_name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        School,
        verbose_name=_("学校"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name=related_name,
    )


class Periodic(models.Model):
    """A row that holds from a day to before another."""

    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=_("截止日期不能早于起始日期。"),
            )
        ]

    @property
    def is_in_force(self) -> bool:
        return is_in_force(self)


def _one(
    name: str, *columns: str, clause: Clause, message: Any, condition: Q | None = None
) -> ExclusionConstraint:
    """One at a time; a column that may be empty needs the condition, for a range of NULL overlaps every other."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((same(column), "&&") for column in columns), (period(), "&&")],
        condition=condition,
        violation_error_code=clause.id,
        violation_error_message=message,
    )


class PartyOrganisation(Periodic):
    """党组织 (4.1.c, 4.1.m): a group's committee or general branch, a school's branch."""

    group = _group("party_organisations")
    school = _school("party_organisations")
    kind = models.CharField(_("类别"), max_length=16, choices=PartyKind)
    name = models.CharField(_("名称"), max_length=60)
    document = models.CharField(_("批准文件"), max_length=60)

    objects = DatedRegister.as_manager()

    class Meta:
        verbose_name = _("党组织")
        verbose_name_plural = _("党组织")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            *Periodic.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    group__isnull=False,
                    school__isnull=True,
                    kind__in=[kind.value for kind in GROUP_PARTY_KINDS],
                )
                | Q(group__isnull=True, school__isnull=False, kind=PartyKind.BRANCH.value),
                name="party_organisation_is_of_its_kind",
                violation_error_code=Clause.C4_1_C.id,
                violation_error_message=_("集团成立党委或党总支部，成员学校设党支部，请核对类别和单位。"),
            ),
            _one(
                "one_party_organisation_per_group",
                "group_id",
                clause=Clause.C4_1_C,
                message=_("该集团在这段时间已有党组织。"),
                condition=OF_A_GROUP,
            ),
            _one(
                "one_party_branch_per_school",
                "school_id",
                clause=Clause.C4_1_M,
                message=_("该校在这段时间已有党支部。"),
                condition=OF_A_SCHOOL,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("personnel:party_organisation_detail", args=[self.pk])


class OrgUnit(Periodic):
    """内设机构 (4.1.i, 4.1.j): of a group, independent of its members, or of one school."""

    group = _group("units")
    school = _school("units")
    name = models.CharField(_("名称"), max_length=40)
    line = models.CharField(_("条线"), max_length=12, choices=Line)
    document = models.CharField(_("设置文件"), max_length=60)

    objects = DatedRegister.as_manager()

    class Meta:
        verbose_name = _("内设机构")
        verbose_name_plural = _("内设机构")
        ordering = ("group", "school", "line", "pk")
        constraints: ClassVar = [
            *Periodic.Meta.constraints,
            models.CheckConstraint(
                condition=EITHER,
                name="unit_belongs_to_a_group_or_a_school",
                violation_error_code=Clause.C4_1_I.id,
                violation_error_message=_("集团管理机构独立于成员学校：机构属于集团或一所学校，只能选一个。"),
            ),
            models.UniqueConstraint(
                fields=["group", "name"],
                condition=Q(valid_to__isnull=True, group__isnull=False),
                name="unit_name_once_in_a_group",
                violation_error_message=_("该集团已有同名的机构。"),
            ),
            models.UniqueConstraint(
                fields=["school", "name"],
                condition=Q(valid_to__isnull=True, school__isnull=False),
                name="unit_name_once_in_a_school",
                violation_error_message=_("该校已有同名的机构。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("personnel:org_unit_detail", args=[self.pk])


class Plaque(Periodic):
    """牌匾 (4.1.q): a member school hangs two, its own name and the group's."""

    membership = models.ForeignKey(
        Membership, verbose_name=_("成员关系"), on_delete=models.PROTECT, related_name="plaques"
    )
    kind = models.PositiveSmallIntegerField(_("类别"), choices=PlaqueKind)
    text = models.CharField(_("牌匾文字"), max_length=80)
    photo = models.ForeignKey(
        StoredFile, verbose_name=_("照片"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DatedRegister.as_manager()

    class Meta:
        verbose_name = _("牌匾")
        verbose_name_plural = _("牌匾")
        ordering = ("membership", "kind", "-valid_from")
        constraints: ClassVar = [
            *Periodic.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in PlaqueKind]),
                name="plaque_is_one_of_two_kinds",
                violation_error_code=Clause.C4_1_Q.id,
                violation_error_message=_("成员学校挂两块牌子：原校名牌和集团成员校牌，没有第三种。"),
            ),
            _one(
                "one_plaque_of_a_kind",
                "membership_id",
                "kind",
                clause=Clause.C4_1_Q,
                message=_("该校已挂有同类的牌子，请先登记摘牌。"),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("personnel:plaque_detail", args=[self.pk])

    @property
    def has_photo(self) -> bool:
        return self.photo_id is not None


class PostQuota(Periodic):
    """职数 (4.1.h, 4.1.o): how many may hold posts of a level, by a document."""

    group = _group("quotas")
    school = _school("quotas")
    level = models.PositiveSmallIntegerField(_("层级"), choices=QuotaLevel)
    posts = models.PositiveSmallIntegerField(_("职数"))
    document = models.CharField(_("核定文件"), max_length=60)

    objects = PostQuotas.as_manager()

    class Meta:
        verbose_name = _("职数")
        verbose_name_plural = _("职数")
        ordering = ("group", "school", "level", "-valid_from")
        constraints: ClassVar = [
            *Periodic.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    group__isnull=True,
                    school__isnull=False,
                    level__in=[level.value for level in SCHOOL_QUOTAS],
                )
                | Q(
                    group__isnull=False,
                    school__isnull=True,
                    level__in=[level.value for level in QuotaLevel if level not in SCHOOL_QUOTAS],
                ),
                name="quota_level_is_of_its_owner",
                violation_error_code=Clause.C4_1_O.id,
                violation_error_message=_("学校核定副校长和中层干部职数，集团核定管理机构和副书记职数。"),
            ),
            _one(
                "one_quota_per_school_and_level",
                "school_id",
                "level",
                clause=Clause.C4_1_O,
                message=_("该校该层级在这段时间已核定职数，请先结束原职数。"),
                condition=OF_A_SCHOOL,
            ),
            _one(
                "one_quota_per_group_and_level",
                "group_id",
                "level",
                clause=Clause.C4_1_H,
                message=_("该集团该层级在这段时间已核定职数，请先结束原职数。"),
                condition=OF_A_GROUP,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group or self.school} {self.get_level_display()} {self.posts}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:post_quota_detail", args=[self.pk])


class GroupRuleSet(Periodic):
    """适用规定 (4.1.d): which rule holds for the secretary of a group; the guideline's when nothing is recorded."""

    group = _group("rule_sets", null=False)
    kind = models.CharField(_("规定"), max_length=16, choices=RuleSetKind)
    document = models.CharField(_("依据文件"), max_length=60)

    objects = DatedRegister.as_manager()

    class Meta:
        verbose_name = _("书记设置规定")
        verbose_name_plural = _("书记设置规定")
        ordering = ("group", "-valid_from")
        constraints: ClassVar = [
            *Periodic.Meta.constraints,
            _one(
                "one_rule_set_per_group",
                "group_id",
                clause=Clause.C4_1_D,
                message=_("该集团在这段时间已登记适用的规定，请先结束原来的。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:rule_set_detail", args=[self.pk])


class Deviation(Periodic):
    """例外: a departure from a clause that the bureau has approved with a reason; lights show it as explained."""

    clause_id = models.CharField(_("条款"), max_length=8)
    group = _group("deviations")
    school = _school("deviations")
    reason = models.CharField(_("原因"), max_length=300)
    document = models.CharField(_("批准文件"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=Confirmation, default=Confirmation.PROPOSED)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审定人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = Deviations.as_manager()

    class Meta:
        verbose_name = _("例外")
        verbose_name_plural = _("例外")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            *Periodic.Meta.constraints,
            models.CheckConstraint(
                condition=EITHER,
                name="deviation_is_of_a_group_or_a_school",
                violation_error_message=_("例外属于一个集团或一所学校，只能选一个。"),
            ),
            models.CheckConstraint(
                condition=Q(clause_id__in=[clause.id for clause in Clause]),
                name="deviation_is_from_a_clause",
                violation_error_message=_("请选择例外所涉及的条款。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="deviation_is_confirmed_by_another",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("登记人不能审定自己登记的例外，请由局领导审定。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False),
                name="confirmed_deviation_names_its_confirmer",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("例外须由局领导审定。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group or self.school} {self.clause_id}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:deviation_detail", args=[self.pk])

    @property
    def clause(self) -> Clause:
        return Clause.of(self.clause_id)
