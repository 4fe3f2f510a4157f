"""经费预算: a group's fund of a fiscal year, lines per bearing school, level and category, and append-only moves."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from finance.choices import FundState, MoveKind
from finance.querysets import BudgetLines, GroupFunds
from groups.choices import FundingLevel
from groups.models import District, EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.fields import Money
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


class ExpenseCategory(models.Model):
    """经费类别: the four statutory ones of the guideline, others only by an article of the Measures (4.2.h)."""

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=20, unique=True)
    is_statutory = models.BooleanField(_("指导意见列明"), default=False)
    article = models.CharField(_("使用办法条款"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("经费类别")
        verbose_name_plural = _("经费类别")
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_statutory=True) | ~Q(article=""),
                name="other_category_cites_an_article",
                violation_error_code=Clause.C4_2_H.id,
                violation_error_message=_("四类主要用途以外的类别须写明使用办法的条款。"),
            )
        ]

    def __str__(self) -> str:
        return gettext(self.name)  # the four statutory ones have their English names


class GroupFund(models.Model):
    """集团管理专项经费: one per group and fiscal year (4.2.e)."""

    group = models.ForeignKey(
        EducationGroup, verbose_name=_("教育集团"), on_delete=models.PROTECT, related_name="funds"
    )
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=10, choices=FundState, default=FundState.DRAFT)
    document = models.CharField(_("下达文号"), max_length=60, blank=True)
    last_number = models.PositiveIntegerField(_("末号"), default=0)

    objects = GroupFunds.as_manager()

    class Meta:
        verbose_name = _("集团年度经费")
        verbose_name_plural = _("集团年度经费")
        ordering = ("-fiscal_year", "group")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "fiscal_year"],
                name="one_fund_per_group_and_year",
                violation_error_code=Clause.C4_2_E.id,
                violation_error_message=_("该集团本年度的专项经费已经设立。"),
            ),
            models.CheckConstraint(
                condition=Q(state=FundState.DRAFT.value) | ~Q(document=""),
                name="fund_is_allocated_by_a_document",
                violation_error_code=Clause.C4_2_G.id,
                violation_error_message=_("下达经费须写明文号。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.fiscal_year}"

    def get_absolute_url(self) -> str:
        return reverse("finance:fund_detail", args=[self.pk])


class BudgetLine(models.Model):
    """预算明细: what one bearing school may use of one category, from the treasury of its own level (4.2.b, 4.2.f).

    Totals change only through `BudgetMove`; approved ≥ reserved + spent at every instant.
    """

    fund = models.ForeignKey(
        GroupFund, verbose_name=_("集团年度经费"), on_delete=models.PROTECT, related_name="lines"
    )
    school = models.ForeignKey(School, verbose_name=_("承担学校"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("级次"), max_length=10, choices=FundingLevel)
    district = models.ForeignKey(
        District, verbose_name=_("区镇"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    category = models.ForeignKey(
        ExpenseCategory, verbose_name=_("经费类别"), on_delete=models.PROTECT, related_name="+"
    )
    approved = Money(_("批复（元）"), default=ZERO)
    reserved = Money(_("占用（元）"), default=ZERO)
    spent = Money(_("已支付（元）"), default=ZERO)

    objects = BudgetLines.as_manager()

    class Meta:
        verbose_name = _("预算明细")
        verbose_name_plural = _("预算明细")
        ordering = ("fund", "school", "category")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved__gte=F("reserved") + F("spent")),
                name="budget_not_overspent",
                violation_error_code=Clause.C4_2_E.id,
                violation_error_message=_("预算可用额不足：批复数必须不小于占用与已支付之和。"),
            ),
            models.UniqueConstraint(
                fields=["fund", "school", "category", "level", "district"],
                nulls_distinct=False,
                name="one_line_per_school_level_and_category",
                violation_error_code=Clause.C4_2_F.id,
                violation_error_message=_("该校该类别的预算明细已经设立，请直接调整金额。"),
            ),
            models.CheckConstraint(
                condition=Q(level="city", district__isnull=True)
                | Q(level="district", district__isnull=False),
                name="line_names_a_district_iff_district_level",
                violation_error_code=Clause.C4_2_G.id,
                violation_error_message=_("区镇级预算须写明区镇，市级预算不写区镇。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} · {self.category}"

    def get_absolute_url(self) -> str:
        return self.fund.get_absolute_url()

    @property
    def available(self) -> Decimal:
        """可用 = 批复 − 占用 − 已支付, yuan."""
        return self.approved - self.reserved - self.spent


class BudgetMove(models.Model):
    """预算变动: the only thing that changes a line's totals; a trigger adds the deltas. Append-only."""

    line = models.ForeignKey(
        BudgetLine, verbose_name=_("预算明细"), on_delete=models.PROTECT, related_name="moves"
    )
    kind = models.CharField(_("变动"), max_length=10, choices=MoveKind)
    approved_delta = Money(_("批复增减"), signed=True, default=ZERO)
    reserved_delta = Money(_("占用增减"), signed=True, default=ZERO)
    spent_delta = Money(_("支付增减"), signed=True, default=ZERO)
    version = models.ForeignKey(
        "finance.RequestVersion",
        verbose_name=_("申请版本"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="moves",
    )
    payment = models.ForeignKey(
        "finance.Payment",
        verbose_name=_("支付"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="moves",
    )
    document = models.CharField(_("文号"), max_length=60, blank=True)
    at = models.DateTimeField(_("时间"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("经办"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("预算变动")
        verbose_name_plural = _("预算变动")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="grant", approved_delta__gt=0, reserved_delta=0, spent_delta=0)
                | Q(kind="cut", approved_delta__lt=0, reserved_delta=0, spent_delta=0)
                | Q(kind="reserve", approved_delta=0, reserved_delta__gt=0, spent_delta=0)
                | Q(kind="release", approved_delta=0, reserved_delta__lt=0, spent_delta=0)
                | Q(kind="spend", approved_delta=0, reserved_delta__lt=0, spent_delta__gt=0),
                name="move_changes_what_its_kind_says",
                violation_error_message=_("预算变动的方向与类别不符。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "cut"], version__isnull=True) & ~Q(document="")
                | Q(kind__in=["reserve", "release", "spend"], version__isnull=False),
                name="move_names_its_document_or_request",
                violation_error_message=_("预算变动须写明下达文号或所属申请。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="spend", payment__isnull=False) | ~Q(kind="spend") & Q(payment__isnull=True),
                name="spending_names_its_payment",
                violation_error_message=_("支付变动须写明对应的支付记录。"),
            ),
            models.UniqueConstraint(
                fields=["line", "version"],
                condition=Q(kind="reserve"),
                name="version_reserves_a_line_once",
                violation_error_message=_("同一版本的申请只能占用一次预算。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.line}"
