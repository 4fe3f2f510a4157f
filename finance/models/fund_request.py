"""经费申请: the request, its immutable versions with lines and chain of steps."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.choices import Act, Origin, RequestState, Role, StepReason, StepState
from finance.models.budget import BudgetLine, ExpenseCategory, GroupFund
from finance.models.measures import Measures
from finance.querysets import FundRequests, Steps
from groups.choices import Line
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.fields import Money
from kunshan_edu.core.guideline import Clause

ZERO = Decimal("0.00")


class FundRequest(models.Model):
    """经费申请: drafted by a school or the group office; every line is borne by one school (4.2.b)."""

    number = models.CharField(_("编号"), max_length=24, null=True, blank=True, unique=True)
    fund = models.ForeignKey(
        GroupFund, verbose_name=_("集团年度经费"), on_delete=models.PROTECT, related_name="fund_requests"
    )
    origin = models.SmallIntegerField(_("申请来源"), choices=Origin)
    school = models.ForeignKey(
        School,
        verbose_name=_("申请学校"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fund_requests",
    )
    line = models.CharField(
        _("条线"), max_length=12, choices=Line, blank=True, help_text=_("集团部门的申请属于其条线")
    )
    title = models.CharField(_("事项名称"), max_length=60)
    purpose = models.TextField(_("事由"), max_length=1000)
    used_on = models.DateField(_("使用日期"))
    payee = models.CharField(_("收款单位或个人"), max_length=60)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("申请人"),
        on_delete=models.PROTECT,
        related_name="fund_requests",
    )
    beneficiary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("受益人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("经费用于某个人时填写，受益人不参与审批"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=RequestState, default=RequestState.DRAFT)
    amount = Money(_("金额（元）"), default=ZERO)
    current = models.PositiveSmallIntegerField(_("当前版本"), default=0)
    created_at = models.DateTimeField(_("创建时间"), default=clock.now)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)

    objects = FundRequests.as_manager()

    class Meta:
        verbose_name = _("经费申请")
        verbose_name_plural = _("经费申请")
        ordering = ("-created_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="newest_requests"),
            models.Index(fields=["fund", "-created_at", "-id"], name="newest_requests_of_a_fund"),
            models.Index(fields=["state", "-created_at", "-id"], name="newest_requests_of_a_state"),
            models.Index(fields=["requester", "-created_at", "-id"], name="newest_requests_of_a_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(origin=Origin.SCHOOL.value, school__isnull=False)
                | Q(origin=Origin.GROUP.value, school__isnull=True),
                name="request_comes_from_a_school_or_the_group_office",
                violation_error_message=_("学校申请须写明学校，集团办公室的申请不写学校。"),
            ),
            models.CheckConstraint(
                condition=Q(line="") | Q(origin=Origin.GROUP.value),
                name="line_is_of_a_department_of_the_group",
                violation_error_code=Clause.C4_1_J.id,
                violation_error_message=_("条线只写在集团部门的申请上。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(current__gte=1, number__isnull=False),
                name="submitted_request_has_a_number_and_a_version",
                violation_error_message=_("已提交的申请须有编号和版本。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or ''} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("finance:fund_request_detail", args=[self.pk])


class LineFields(models.Model):
    """What a line says: which school bears how much of which category."""

    school = models.ForeignKey(School, verbose_name=_("承担学校"), on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(
        ExpenseCategory, verbose_name=_("经费类别"), on_delete=models.PROTECT, related_name="+"
    )
    description = models.CharField(_("用途说明"), max_length=80)
    amount = Money(_("金额（元）"))

    class Meta:
        abstract = True


class DraftLine(LineFields):
    """草稿明细: editable while the request is a draft or returned."""

    fund_request = models.ForeignKey(
        FundRequest, verbose_name=_("经费申请"), on_delete=models.CASCADE, related_name="draft_lines"
    )

    class Meta:
        verbose_name = _("草稿明细")
        verbose_name_plural = _("草稿明细")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.description} {self.amount}"


class RequestVersion(models.Model):
    """申请版本: what was submitted, with the digest a decision binds to. Append-only."""

    fund_request = models.ForeignKey(
        FundRequest, verbose_name=_("经费申请"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    amount = Money(_("金额（元）"))
    band_amount = Money(_("限额计算金额（元）"))
    needs_minutes = models.BooleanField(_("须集体决策"), default=False)
    digest = models.CharField(_("内容摘要"), max_length=64)
    content = models.JSONField(_("内容"))
    measures = models.ForeignKey(
        Measures,
        verbose_name=_("使用办法"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("提交人"), on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("提交时间"), default=clock.now)

    class Meta:
        verbose_name = _("申请版本")
        verbose_name_plural = _("申请版本")
        ordering = ("fund_request_id", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund_request", "number"],
                name="request_versions_are_numbered",
                violation_error_message=_("该版本已经提交过，请刷新页面。"),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="version_amount_is_positive",
                violation_error_message=_("申请金额必须大于 0 元。"),
            ),
            models.CheckConstraint(
                condition=Q(band_amount__gte=F("amount")),
                name="band_covers_the_amount",
                violation_error_message=_("限额计算金额不能小于申请金额。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_request_id} v{self.number}"


class RequestLine(LineFields):
    """申请明细: a line of a submitted version on its budget line. Append-only."""

    version = models.ForeignKey(
        RequestVersion, verbose_name=_("申请版本"), on_delete=models.PROTECT, related_name="lines"
    )
    budget_line = models.ForeignKey(
        BudgetLine, verbose_name=_("预算明细"), on_delete=models.PROTECT, related_name="request_lines"
    )

    class Meta:
        verbose_name = _("申请明细")
        verbose_name_plural = _("申请明细")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="line_amount_is_positive",
                violation_error_message=_("明细金额必须大于 0 元。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.description} {self.amount}"


class RequestStep(models.Model):
    """审批环节: one step of a version's chain: a role on a container, why it is there, and whether it is open."""

    version = models.ForeignKey(
        RequestVersion, verbose_name=_("申请版本"), on_delete=models.PROTECT, related_name="steps"
    )
    seq = models.PositiveSmallIntegerField(_("顺序"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    act = models.CharField(_("环节"), max_length=10, choices=Act)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(
        EducationGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Bureau, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("原因"), max_length=10, choices=StepReason, default=StepReason.LIMIT)
    instead_of = models.CharField(_("代替的角色"), max_length=20, choices=Role, blank=True)
    why = models.CharField(_("设置依据"), max_length=300)
    why_params = models.JSONField(_("依据参数"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=StepState, default=StepState.WAITING)
    opened_at = models.DateTimeField(_("待办起始时间"), null=True, blank=True)

    objects = Steps.as_manager()

    class Meta:
        verbose_name = _("审批环节")
        verbose_name_plural = _("审批环节")
        ordering = ("version_id", "seq", "id")
        indexes: ClassVar = [
            models.Index(
                fields=["role", "school", "-id"], condition=Q(state="open"), name="open_steps_of_schools"
            ),
            models.Index(
                fields=["role", "group", "-id"], condition=Q(state="open"), name="open_steps_of_groups"
            ),
            models.Index(fields=["opened_at"], condition=Q(state="open"), name="open_steps_by_age"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    role="executive_principal",
                    school__isnull=False,
                    group__isnull=True,
                    district__isnull=True,
                    bureau__isnull=True,
                )
                | Q(
                    role__in=["group_finance", "group_president"],
                    school__isnull=True,
                    group__isnull=False,
                    district__isnull=True,
                    bureau__isnull=True,
                )
                | Q(
                    role="district",
                    school__isnull=True,
                    group__isnull=True,
                    district__isnull=False,
                    bureau__isnull=True,
                )
                | Q(
                    role__in=["bureau_finance", "bureau_leader"],
                    school__isnull=True,
                    group__isnull=True,
                    district__isnull=True,
                    bureau__isnull=False,
                ),
                name="step_asks_its_role_on_its_container",
                violation_error_message=_("审批环节的角色与单位不符。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=StepState.OPEN.value) | Q(opened_at__isnull=False),
                name="open_step_says_since_when",
                violation_error_message=_("待办理的环节须记载待办起始时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.get_role_display()}{self.get_act_display()}"

    @property
    def container(self) -> models.Model:
        """The school, group, district or bureau whose right the step asks for."""
        return self.school or self.group or self.district or self.bureau
