"""Tenure and incentive of presidents: a longer tenure that is deserved, a coefficient above the base."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause
from personnel.choices import Confirmation
from personnel.models.appointments import Appointment, by_user
from personnel.querysets import OfAppointments


class TermExtension(models.Model):
    """延长任职 (6.3.e, 6.3.f): of a president, appraised excellent, by a document of need, within the term."""

    appointment = models.ForeignKey(
        Appointment, verbose_name=_("任职"), on_delete=models.PROTECT, related_name="extensions"
    )
    appraisal = models.ForeignKey(
        "personnel.Appraisal", verbose_name=_("最近年度考核"), on_delete=models.PROTECT, related_name="+"
    )
    document = models.CharField(_("组织需要的文件"), max_length=60)
    reason = models.CharField(_("延长理由"), max_length=200)
    old_end = models.DateField(_("原免职日期"))
    new_end = models.DateField(_("延长后免职日期"))
    state = models.CharField(_("状态"), max_length=10, choices=Confirmation, default=Confirmation.PROPOSED)
    recorded_by = by_user(_("登记人"))
    confirmed_by = by_user(_("审定人"))

    objects = OfAppointments.as_manager()

    class Meta:
        verbose_name = _("延长任职")
        verbose_name_plural = _("延长任职")
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(new_end__gt=F("old_end")),
                name="extension_lengthens_the_tenure",
                violation_error_code=Clause.C6_3_E.id,
                violation_error_message=_("延长后的任职须晚于原任职结束日。"),
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="extension_has_a_document_of_need",
                violation_error_code=Clause.C6_3_E.id,
                violation_error_message=_("延长任职须有说明组织需要的文件。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="extension_is_confirmed_by_another",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("登记人不能审定自己登记的延长任职，请由局领导审定。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False, recorded_by__isnull=False),
                name="confirmed_extension_names_its_confirmer",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("延长任职须由人事科登记、局领导审定。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} → {self.new_end}"

    def get_absolute_url(self) -> str:
        return self.appointment.get_absolute_url()


class IncentiveTerm(models.Model):
    """激励待遇 (6.3.c, 6.3.d): a bonus coefficient above the base; deputy-section treatment for two bonuses only."""

    appointment = models.ForeignKey(
        Appointment, verbose_name=_("任职"), on_delete=models.PROTECT, related_name="incentives"
    )
    base_coefficient = models.DecimalField(_("奖金职级基数系数"), max_digits=4, decimal_places=2)
    coefficient = models.DecimalField(_("奖金职级系数"), max_digits=4, decimal_places=2)
    deputy_section_treatment = models.BooleanField(_("奖励性绩效、地方绩效奖享受副科职待遇"), default=False)
    document = models.CharField(_("依据文件"), max_length=60)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=Confirmation, default=Confirmation.PROPOSED)
    recorded_by = by_user(_("登记人"))
    confirmed_by = by_user(_("审定人"))

    objects = OfAppointments.as_manager()

    class Meta:
        verbose_name = _("激励待遇")
        verbose_name_plural = _("激励待遇")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(coefficient__gt=F("base_coefficient")) & Q(base_coefficient__gt=0),
                name="coefficient_is_above_the_base",
                violation_error_code=Clause.C6_3_C.id,
                violation_error_message=_("总校长奖金职级系数应高于基数系数（适当提高）。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="incentive_ends_after_it_begins",
                violation_error_message=_("截止日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="incentive_is_confirmed_by_another",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("登记人不能审定自己登记的激励待遇，请由局领导审定。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False, recorded_by__isnull=False),
                name="confirmed_incentive_names_its_confirmer",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("激励待遇须由人事科登记、局领导审定。"),
            ),
            ExclusionConstraint(
                name="one_incentive_at_a_time",
                expressions=[(same("appointment_id"), "&&"), (period(), "&&")],
                condition=Q(state="confirmed"),
                violation_error_code=Clause.C6_3_C.id,
                violation_error_message=_("该期间已有激励待遇，请先结束原来的。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.coefficient}"

    def get_absolute_url(self) -> str:
        return self.appointment.get_absolute_url()
