"""审批决定、催办记录与会议纪要: what is added to a request while it is decided; all of it append-only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.choices import NoticeKind, Verdict
from finance.models.fund_request import FundRequest, RequestStep, RequestVersion
from finance.models.measures import Measures
from kunshan_edu.core import clock
from kunshan_edu.core.fields import Money
from kunshan_edu.core.guideline import Clause


class Decision(models.Model):
    """审批决定: what one person decided on what was seen (version, digest, amount), in what capacity. Append-only.

    appointment_id: the post that the right comes from; with a delegation_id it is the giver's.
    """

    step = models.OneToOneField(
        RequestStep, verbose_name=_("环节"), on_delete=models.PROTECT, related_name="decision"
    )
    version = models.ForeignKey(
        RequestVersion, verbose_name=_("申请版本"), on_delete=models.PROTECT, related_name="decisions"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审批人"),
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    capacity = models.CharField(_("身份"), max_length=60)
    appointment_id = models.PositiveBigIntegerField(_("任职"))
    delegation_id = models.PositiveBigIntegerField(_("委托"), null=True, blank=True)
    measures = models.ForeignKey(
        Measures,
        verbose_name=_("使用办法"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64)
    amount = Money(_("金额（元）"))
    at = models.DateTimeField(_("时间"), default=clock.now)
    idem = models.UUIDField(_("幂等键"), unique=True)

    class Meta:
        verbose_name = _("审批决定")
        verbose_name_plural = _("审批决定")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "actor"],
                condition=Q(verdict=Verdict.APPROVE.value),
                name="one_approval_per_person_and_version",
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("同一人对同一版本只能同意一次，后续环节须由他人办理。"),
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.APPROVE.value) | ~Q(opinion=""),
                name="return_and_reject_give_a_reason",
                violation_error_message=_("退回或驳回须填写意见。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} {self.get_verdict_display()}"

    @property
    def is_delegated(self) -> bool:
        """代: taken in the place of the holder of the post."""
        return self.delegation_id is not None


class EscalationNotice(models.Model):
    """催办记录: that a step which waits was brought to mind, once per kind. It decides nothing. Append-only."""

    step = models.ForeignKey(
        RequestStep, verbose_name=_("环节"), on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(_("程度"), max_length=8, choices=NoticeKind)
    waited_days = models.PositiveSmallIntegerField(_("已等待的工作日"))
    told = models.PositiveSmallIntegerField(_("通知人数"))
    at = models.DateTimeField(_("时间"), default=clock.now)

    class Meta:
        verbose_name = _("催办记录")
        verbose_name_plural = _("催办记录")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["step", "kind"],
                name="a_step_is_brought_to_mind_once",
                violation_error_message=_("该环节已经催办过，同一程度只通知一次。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.step}"


class Minutes(models.Model):
    """集体决策纪要: required before the deciding step from the threshold of the Measures on. Append-only."""

    fund_request = models.ForeignKey(
        FundRequest, verbose_name=_("经费申请"), on_delete=models.PROTECT, related_name="minutes"
    )
    body = models.CharField(_("决策会议"), max_length=40)
    number = models.CharField(_("纪要编号"), max_length=60)
    held_on = models.DateField(_("会议日期"))
    due = models.PositiveSmallIntegerField(_("应到人数"))
    present = models.PositiveSmallIntegerField(_("实到人数"))
    conclusion = models.CharField(_("结论"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("登记时间"), default=clock.now)

    class Meta:
        verbose_name = _("集体决策纪要")
        verbose_name_plural = _("集体决策纪要")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due__gte=1, present__lte=F("due")),
                name="present_are_among_those_due",
                violation_error_message=_("实到人数不能多于应到人数。"),
            ),
            models.CheckConstraint(
                condition=Q(due__lte=F("present") * 3 / 2),
                name="two_thirds_are_present",
                violation_error_message=_("实到人数不足应到人数的三分之二，会议决定无效。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}"
