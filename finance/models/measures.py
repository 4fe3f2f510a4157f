"""使用办法: the Measures with their document and dates, and approval limits as rows of explicit bounds."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DecimalRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.choices import Act, MeasuresState, Origin, Role
from finance.querysets import MeasuresRows
from kunshan_edu.core.fields import Money, period, same
from kunshan_edu.core.guideline import Clause

# 等待多少个工作日: until who may decide is reminded, and until their superior is told too.
REMIND_AFTER, ESCALATE_AFTER = 2, 5


class Measures(models.Model):
    """《集团管理专项经费使用办法》: one version with its document number; approval rests on the one in force."""

    title = models.CharField(_("名称"), max_length=80)
    document = models.CharField(_("文号"), max_length=60, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=MeasuresState, default=MeasuresState.DRAFT)
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("废止日期"), null=True, blank=True)
    collective_threshold = Money(_("集体决策起点金额（元）"))
    split_window_days = models.PositiveSmallIntegerField(_("拆分合并计算天数"), default=30)
    remind_after_days = models.PositiveSmallIntegerField(_("催办前等待的工作日"), default=REMIND_AFTER)
    escalate_after_days = models.PositiveSmallIntegerField(
        _("提级提醒前等待的工作日"), default=ESCALATE_AFTER
    )
    is_example = models.BooleanField(_("示例"), default=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("拟订人"), on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发布人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = MeasuresRows.as_manager()

    class Meta:
        verbose_name = _("使用办法")
        verbose_name_plural = _("使用办法")
        ordering = ("-valid_from",)
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_measures_in_force_at_a_time",
                expressions=[(period(), "&&")],
                condition=Q(state=MeasuresState.PUBLISHED.value),
                violation_error_code=Clause.C4_2_K.id,
                violation_error_message=_("该期间已有施行中的使用办法，请先为旧办法填写废止日期。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="measures_end_after_they_begin",
                violation_error_message=_("废止日期不能早于施行日期。"),
            ),
            models.CheckConstraint(
                condition=Q(state=MeasuresState.DRAFT.value, published_by__isnull=True)
                | Q(state=MeasuresState.PUBLISHED.value, published_by__isnull=False)
                & ~Q(published_by=F("prepared_by")),
                name="measures_are_published_by_a_second_person",
                violation_error_code=Clause.C4_2_K.id,
                violation_error_message=_("使用办法须由拟订人以外的局领导发布。"),
            ),
            models.CheckConstraint(
                condition=Q(remind_after_days__gte=1, escalate_after_days__gte=F("remind_after_days")),
                name="reminder_comes_before_escalation",
                violation_error_code=Clause.C4_2_K.id,
                violation_error_message=_("催办的工作日须为正数，且不多于提级提醒的工作日。"),
            ),
        ]

    def __str__(self) -> str:
        return self.document

    def get_absolute_url(self) -> str:
        return reverse("finance:measures_detail", args=[self.pk])


def _any_category() -> Func:
    """The category as a range of itself, 0 standing for any: NULL would never conflict."""
    key = Coalesce(F("category_id"), Value(0))
    return Func(key, key, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class ApprovalLimit(models.Model):
    """审批限额: above … up to (inclusive) yuan of one origin and category (or any) are decided by one role."""

    measures = models.ForeignKey(
        Measures, verbose_name=_("使用办法"), on_delete=models.PROTECT, related_name="limits"
    )
    origin = models.SmallIntegerField(_("申请来源"), choices=Origin)
    category = models.ForeignKey(
        "finance.ExpenseCategory",
        verbose_name=_("经费类别"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("不选表示适用于所有类别"),
    )
    role = models.CharField(_("审批人"), max_length=20, choices=Role)
    above = Money(_("大于（元）"))
    up_to = Money(_("不超过（元）"), null=True, blank=True)

    class Meta:
        verbose_name = _("审批限额")
        verbose_name_plural = _("审批限额")
        ordering = ("measures", "origin", "category", "above")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="approval_limits_do_not_overlap",
                expressions=[
                    (same("measures_id"), "&&"),
                    (same("origin"), "&&"),
                    (_any_category(), "&&"),
                    (
                        Func(
                            "above",
                            "up_to",
                            Value("(]"),
                            function="numrange",
                            output_field=DecimalRangeField(),
                        ),
                        "&&",
                    ),
                ],
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("该金额区间与已有限额重叠，请调整上下限。"),
            ),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gt=F("above")),
                name="approval_limit_is_a_range",
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("限额上限必须大于下限。"),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["executive_principal", "group_president", "bureau_leader"]),
                name="limits_are_set_for_deciding_roles",
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("限额只为执行校长、总校长和局领导设定。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.above}, {self.up_to or '∞'}]"

    def get_absolute_url(self) -> str:
        return self.measures.get_absolute_url()


class LimitStep(models.Model):
    """限额内的办理环节: who checks, consents and confirms, in order, around the deciding role."""

    limit = models.ForeignKey(
        ApprovalLimit, verbose_name=_("限额"), on_delete=models.PROTECT, related_name="steps"
    )
    seq = models.PositiveSmallIntegerField(_("顺序"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    act = models.CharField(_("环节"), max_length=10, choices=Act)

    class Meta:
        verbose_name = _("限额环节")
        verbose_name_plural = _("限额环节")
        ordering = ("limit_id", "seq")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["limit", "seq"],
                name="limit_steps_are_in_order",
                violation_error_message=_("同一限额内两个环节的顺序不能相同。"),
            ),
            models.UniqueConstraint(
                fields=["limit"],
                condition=Q(act=Act.APPROVE.value),
                name="limit_has_one_deciding_step",
                violation_error_message=_("每个限额只有一个审批环节，其余为同意、审核、复核或入账确认。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.get_role_display()} {self.get_act_display()}"
