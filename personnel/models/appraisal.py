"""How the unified personnel rules act on people (4.1.u): appraisal, training, attendance and merit."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.models import EducationGroup, School
from kunshan_edu.core.guideline import Clause
from personnel.choices import Appraised, Grade, MeritLevel
from personnel.models.people import Person, Staff
from personnel.querysets import Appraisals, Attendances, Merits, Trainings


class Appraisal(models.Model):
    """年度考核: one grade per person, year and post; of the president it decides on a longer tenure (6.3.e)."""

    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="appraisals"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    post = models.CharField(_("考核职务"), max_length=24, choices=Appraised, default=Appraised.STAFF)
    group = models.ForeignKey(
        EducationGroup,
        verbose_name=_("教育集团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appraisals",
    )
    school = models.ForeignKey(
        School,
        verbose_name=_("学校"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appraisals",
    )
    grade = models.CharField(_("等次"), max_length=10, choices=Grade)
    document = models.CharField(_("考核文件"), max_length=60)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )

    objects = Appraisals.as_manager()

    class Meta:
        verbose_name = _("年度考核")
        verbose_name_plural = _("年度考核")
        ordering = ("-year", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "year", "post"],
                name="one_appraisal_per_person_year_and_post",
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("该人该年度的考核等次已经登记；登记有误请用更正办理。"),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(2000, 2100)),
                name="appraisal_year_is_plausible",
                violation_error_message=_("年度请写四位数字，例如 2025。"),
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True) | Q(school__isnull=True),
                name="appraisal_is_in_a_group_or_a_school",
                violation_error_message=_("考核登记在集团或学校之一。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.year} {self.get_grade_display()}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:appraisal_detail", args=[self.pk])


class TrainingEvent(models.Model):
    """业务培训: held by a group or a school, with hours; who attended is recorded for each."""

    group = models.ForeignKey(
        EducationGroup,
        verbose_name=_("教育集团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trainings",
    )
    school = models.ForeignKey(
        School,
        verbose_name=_("学校"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trainings",
    )
    title = models.CharField(_("培训名称"), max_length=80)
    held_on = models.DateField(_("培训日期"))
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    place = models.CharField(_("地点"), max_length=60, blank=True)
    is_cancelled = models.BooleanField(_("已取消"), default=False)

    objects = Trainings.as_manager()

    class Meta:
        verbose_name = _("业务培训")
        verbose_name_plural = _("业务培训")
        ordering = ("-held_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(group__isnull=True, school__isnull=False)
                | Q(group__isnull=False, school__isnull=True),
                name="training_is_held_by_a_group_or_a_school",
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("培训由集团或一所学校组织，只能选一个。"),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=200),
                name="training_hours_are_plausible",
                violation_error_message=_("学时大于 0、不超过 200，可写一位小数。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("personnel:training_detail", args=[self.pk])


class TrainingAttendance(models.Model):
    """参训登记: the hours that one member of staff attended."""

    event = models.ForeignKey(
        TrainingEvent, verbose_name=_("业务培训"), on_delete=models.PROTECT, related_name="attendances"
    )
    staff = models.ForeignKey(
        Staff, verbose_name=_("教职工"), on_delete=models.PROTECT, related_name="trainings"
    )
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = _("参训登记")
        verbose_name_plural = _("参训登记")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "staff"],
                name="staff_attends_a_training_once",
                violation_error_message=_("该教职工已登记参加本次培训。"),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="attended_hours_are_positive",
                violation_error_message=_("学时应大于 0。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.event}"


class AttendanceSummary(models.Model):
    """考勤月报: days of one member of staff in one month, at the school taught at."""

    staff = models.ForeignKey(
        Staff, verbose_name=_("教职工"), on_delete=models.PROTECT, related_name="attendances"
    )
    school = models.ForeignKey(
        School, verbose_name=_("任教校"), on_delete=models.PROTECT, related_name="attendances"
    )
    month = models.DateField(_("月份"), help_text=_("该月 1 日"))
    days_due = models.DecimalField(_("应出勤天数"), max_digits=4, decimal_places=1)
    days_present = models.DecimalField(_("实出勤天数"), max_digits=4, decimal_places=1)
    days_leave = models.DecimalField(_("请假天数"), max_digits=4, decimal_places=1, default=Decimal(0))
    days_absent = models.DecimalField(_("旷工天数"), max_digits=4, decimal_places=1, default=Decimal(0))
    times_late = models.PositiveSmallIntegerField(_("迟到早退次数"), default=0)

    objects = Attendances.as_manager()

    class Meta:
        verbose_name = _("考勤月报")
        verbose_name_plural = _("考勤月报")
        ordering = ("-month", "staff")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "month"],
                name="one_attendance_summary_per_month",
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("该教职工当月的考勤已经登记。"),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="attendance_is_of_a_whole_month",
                violation_error_message=_("月份请写该月 1 日。"),
            ),
            models.CheckConstraint(
                condition=Q(days_due__gte=0, days_present__gte=0, days_leave__gte=0, days_absent__gte=0)
                & Q(days_due__lte=31)
                & Q(days_due=F("days_present") + F("days_leave") + F("days_absent")),
                name="attendance_days_add_up",
                violation_error_code=Clause.C4_1_U.id,
                violation_error_message=_("应出勤天数须等于实出勤、请假、旷工天数之和，且不超过 31 天。"),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school", "month"], name="attendance_of_a_school")]

    def __str__(self) -> str:
        return f"{self.staff} {self.month:%Y-%m}"


class Merit(models.Model):
    """评优晋级: an honour of one member of staff, by a document."""

    staff = models.ForeignKey(
        Staff, verbose_name=_("教职工"), on_delete=models.PROTECT, related_name="merits"
    )
    school = models.ForeignKey(
        School, verbose_name=_("登记学校"), on_delete=models.PROTECT, related_name="merits"
    )
    title = models.CharField(_("荣誉名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=MeritLevel)
    awarded_on = models.DateField(_("授予日期"))
    document = models.CharField(_("依据文件"), max_length=60)
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = Merits.as_manager()

    class Meta:
        verbose_name = _("评优")
        verbose_name_plural = _("评优")
        ordering = ("-awarded_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("awarded_on")),
                name="merit_is_revoked_after_its_award",
                violation_error_message=_("撤销日期不能早于授予日期。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:merit_detail", args=[self.pk])
