"""People, the staff among them, and the dated record of where each is established, with which title."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.models import School
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.ciphers import EncryptedTextField
from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause
from personnel.choices import BackboneLevel, Sex, Subject, Title
from personnel.querysets import People, StaffMembers, StaffRecords


class Person(models.Model):
    """人员: a human being once, whatever accounts or posts; at most one account each.

    The identity number is kept encrypted; its keyed hash makes it unique without being readable.
    """

    name = models.CharField(_("姓名"), max_length=40)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    identity_number = EncryptedTextField(_("身份证号"), blank=True, default="")
    identity_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    phone = EncryptedTextField(_("手机号码"), blank=True, default="")
    is_party_member = models.BooleanField(_("中共党员"), default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="person",
    )

    objects = People.as_manager()

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("personnel:person_detail", args=[self.pk])


class Staff(models.Model):
    """教职工: a person who is on the establishment of a school, now or once."""

    person = models.OneToOneField(
        Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="staff"
    )
    staff_no = models.CharField(_("工号"), max_length=20, unique=True)

    objects = StaffMembers.as_manager()

    class Meta:
        verbose_name = _("教职工")
        verbose_name_plural = _("教职工")
        ordering = ("staff_no",)

    def __str__(self) -> str:
        return f"{self.person}（{self.staff_no}）"

    def get_absolute_url(self) -> str:
        return reverse("personnel:staff_detail", args=[self.pk])


class StaffRecord(models.Model):
    """人事记录: the establishment school, title and subject of a member of staff, dated.

    Where one teaches is not stored: it is the rotation in force, or else the establishment school (4.1.t).
    """

    staff = models.ForeignKey(
        Staff, verbose_name=_("教职工"), on_delete=models.PROTECT, related_name="records"
    )
    school = models.ForeignKey(
        School, verbose_name=_("编制所在校"), on_delete=models.PROTECT, related_name="staff_records"
    )
    title = models.CharField(_("职称"), max_length=12, choices=Title, default=Title.NONE)
    backbone_level = models.CharField(
        _("骨干级别"), max_length=10, choices=BackboneLevel, default=BackboneLevel.NONE
    )
    subject = models.CharField(_("任教学科"), max_length=12, choices=Subject, default=Subject.OTHER)
    document = models.CharField(_("依据文件"), max_length=60)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)

    objects = StaffRecords.as_manager()

    class Meta:
        verbose_name = _("人事记录")
        verbose_name_plural = _("人事记录")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="staff_record_ends_after_it_begins",
                violation_error_message=_("截止日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="staff_record_has_a_document",
                violation_error_code=Clause.C4_1_T.id,
                violation_error_message=_("编制和人事关系凭文件变动，请填写依据文件。"),
            ),
            ExclusionConstraint(
                name="one_establishment_school_at_a_time",
                expressions=[(same("staff_id"), "&&"), (period(), "&&")],
                violation_error_code=Clause.C4_1_T.id,
                violation_error_message=_("一名教职工同一天只能有一个编制所在校，请先结束原记录。"),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school", "valid_from"], name="staff_of_a_school")]

    def __str__(self) -> str:
        return f"{self.staff} {self.school}"

    def get_absolute_url(self) -> str:
        return self.staff.get_absolute_url()

    @property
    def is_in_force(self) -> bool:
        return is_in_force(self)
