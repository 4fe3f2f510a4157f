"""The rules of a group (制度): one in force per slot and day; they hold for every member school (4.1.u)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.choices import PolicySlot
from groups.models.register import EducationGroup
from groups.querysets import DatedRegister
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import StoredFile


class GroupPolicy(models.Model):
    """集团制度: a document of the group in one slot, adopted by its president, in force from a day on."""

    group = models.ForeignKey(
        EducationGroup, verbose_name=_("教育集团"), on_delete=models.PROTECT, related_name="policies"
    )
    slot = models.PositiveSmallIntegerField(_("制度"), choices=PolicySlot)
    title = models.CharField(_("标题"), max_length=80)
    document = models.CharField(_("文号"), max_length=60)
    text = models.TextField(_("正文"), blank=True)
    attachment = models.ForeignKey(
        StoredFile, verbose_name=_("附件"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("审定人"), on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)

    objects = DatedRegister.as_manager()

    class Meta:
        verbose_name = _("集团制度")
        verbose_name_plural = _("集团制度")
        ordering = ("group", "slot", "-valid_from")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slot__in=[slot.value for slot in PolicySlot]),
                name="policy_fills_a_slot",
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("请从规定的制度中选择一项。"),
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(attachment__isnull=False),
                name="policy_has_text_or_attachment",
                violation_error_message=_("请填写正文或上传附件。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="policy_ends_after_it_begins",
                violation_error_message=_("失效日期不能早于施行日期。"),
            ),
            ExclusionConstraint(
                name="one_policy_per_slot_and_day",
                expressions=[(same("group_id"), "&&"), (same("slot"), "&&"), (period(), "&&")],
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("该项制度在这段时间已有施行的文件，请先登记失效。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("groups:policy_detail", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return is_in_force(self)
