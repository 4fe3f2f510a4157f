"""支付: what a bearing school paid for an approved request, by its own voucher. Append-only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.models.fund_request import FundRequest, RequestVersion
from groups.models import School
from kunshan_edu.core import clock
from kunshan_edu.core.fields import Money
from kunshan_edu.core.guideline import Clause


class Payment(models.Model):
    """支付登记: one per bearing school of a request; what is not spent goes back to the line (4.2.b)."""

    fund_request = models.ForeignKey(
        FundRequest, verbose_name=_("经费申请"), on_delete=models.PROTECT, related_name="payments"
    )
    version = models.ForeignKey(
        RequestVersion, verbose_name=_("申请版本"), on_delete=models.PROTECT, related_name="payments"
    )
    school = models.ForeignKey(School, verbose_name=_("付款学校"), on_delete=models.PROTECT, related_name="+")
    amount = Money(_("支付金额（元）"))
    voucher_no = models.CharField(_("支付凭证号"), max_length=40)
    paid_on = models.DateField(_("支付日期"))
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )
    capacity = models.CharField(_("身份"), max_length=60)
    appointment_id = models.PositiveBigIntegerField(_("任职"))
    at = models.DateTimeField(_("登记时间"), default=clock.now)
    idem = models.UUIDField(_("幂等键"), unique=True)

    class Meta:
        verbose_name = _("支付")
        verbose_name_plural = _("支付")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund_request", "school"],
                name="each_school_pays_a_request_once",
                violation_error_code=Clause.C4_2_B.id,
                violation_error_message=_("该校对本申请的支付已经登记。"),
            ),
            models.UniqueConstraint(
                fields=["school", "voucher_no"],
                name="a_voucher_pays_once",
                violation_error_code=Clause.C4_2_B.id,
                violation_error_message=_("该凭证号在本校已经使用过，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_is_positive",
                violation_error_message=_("支付金额必须大于 0 元。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.voucher_no}"
