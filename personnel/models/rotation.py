"""Rotation 轮岗: a teacher works at another school for a time and stays on the establishment of the own one."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.models import EducationGroup, School
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause
from personnel.choices import RotationOutcome, RotationState, Subject
from personnel.models.appointments import by_user
from personnel.models.people import Staff
from personnel.querysets import Rotations


class Rotation(models.Model):
    """轮岗交流 (3.2.b, 4.1.t, 4.1.u): proposed, agreed by both schools, approved by the group, filed."""

    staff = models.ForeignKey(
        Staff, verbose_name=_("教职工"), on_delete=models.PROTECT, related_name="rotations"
    )
    from_school = models.ForeignKey(
        School, verbose_name=_("派出校"), on_delete=models.PROTECT, related_name="rotations_out"
    )
    to_school = models.ForeignKey(
        School, verbose_name=_("接收校"), on_delete=models.PROTECT, related_name="rotations_in"
    )
    group = models.ForeignKey(
        EducationGroup,
        verbose_name=_("教育集团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rotations",
        help_text=_("跨集团或跨区镇的轮岗不写集团，由市教育局人事科审批"),
    )
    subject = models.CharField(_("任教学科"), max_length=12, choices=Subject)
    workload = models.PositiveSmallIntegerField(_("工作量占比"), default=100)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"))
    state = models.CharField(_("状态"), max_length=16, choices=RotationState, default=RotationState.PROPOSED)
    document = models.CharField(_("备案文号"), max_length=60, blank=True)
    outcome = models.CharField(_("结束方式"), max_length=12, choices=RotationOutcome, blank=True)
    renews = models.OneToOneField(
        "self",
        verbose_name=_("续期自"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewal",
    )
    proposed_by = by_user(_("提出人"))
    sending_by = by_user(_("派出校同意"))
    receiving_by = by_user(_("接收校同意"))
    approved_by = by_user(_("集团批准"))
    filed_by = by_user(_("局备案"))

    objects = Rotations.as_manager()

    class Meta:
        verbose_name = _("轮岗")
        verbose_name_plural = _("轮岗")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(from_school=F("to_school")),
                name="rotation_is_to_another_school",
                violation_error_code=Clause.C3_2_B.id,
                violation_error_message=_("接收校不能是派出校本身，请选择另一所学校。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="rotation_ends_after_it_begins",
                violation_error_message=_("轮岗的最后一日不能早于第一日。"),
            ),
            models.CheckConstraint(
                condition=Q(workload__range=(1, 100)),
                name="workload_is_a_percentage",
                violation_error_message=_("工作量占比在 1 到 100 之间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=RotationState.FILED.value)
                | Q(
                    sending_by__isnull=False,
                    receiving_by__isnull=False,
                    filed_by__isnull=False,
                )
                & (Q(group__isnull=True) | Q(approved_by__isnull=False))
                & ~Q(document=""),
                name="filed_rotation_was_agreed_by_all",
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("轮岗须经派出校、接收校同意和集团批准，并写明备案文号。"),
            ),
            ExclusionConstraint(
                name="one_rotation_at_a_time",
                expressions=[(same("staff_id"), "&&"), (period(), "&&")],
                condition=~Q(state__in=[RotationState.REFUSED.value, RotationState.WITHDRAWN.value]),
                violation_error_code=Clause.C3_2_B.id,
                violation_error_message=_("该教师在这段时间已有轮岗安排，请先办理结束或撤回。"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_school", "valid_from"], name="rotations_into_a_school"),
            models.Index(fields=["from_school", "valid_from"], name="rotations_out_of_a_school"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.from_school} → {self.to_school}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:rotation_detail", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return self.state == RotationState.FILED and is_in_force(self)
