"""Appointments: the rows that every right in the house follows from, with how each post was filled."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.fields import Money, period, same
from kunshan_edu.core.guideline import Clause
from personnel.choices import (
    BUREAU_POSTS,
    DISTRICT_POSTS,
    GROUP_POSTS,
    LIVE_STATES,
    SCHOOL_POSTS,
    SCOPE_OF,
    AppointmentState,
    DelegationKind,
    EndReason,
    Method,
    Post,
    Scope,
)
from personnel.models.organisation import OrgUnit
from personnel.models.people import Person
from personnel.querysets import Appointments, Delegations, OfAppointments

LIVE = Q(state__in=[state.value for state in LIVE_STATES])


def by_user(name: Any) -> models.ForeignKey[Any, Any]:
    """Who did a step, as a column."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=name,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


def _only(scope: Scope, posts: tuple[Post, ...]) -> Q:
    """The condition that exactly the column of `scope` is filled for `posts`."""
    filled = {f"{s}__isnull": s != scope for s in Scope.values}
    return Q(post__in=[p.value for p in posts], **filled)


def _one(name: str, column: str, condition: Q, clause: Clause, message: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[(same(column), "&&"), (period(), "&&")],
        condition=condition & LIVE,
        violation_error_code=clause.id,
        violation_error_message=message,
    )


class Appointment(models.Model):
    """任职: a person in a post of a group, school, district or the bureau, for a dated term, by a document."""

    person = models.ForeignKey(
        Person,
        verbose_name=_("人员"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=AppointmentState, default=AppointmentState.PROPOSED
    )
    post = models.CharField(_("职务"), max_length=24, choices=Post)
    group = models.ForeignKey(
        EducationGroup,
        verbose_name=_("教育集团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    school = models.ForeignKey(
        School,
        verbose_name=_("学校"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("区镇"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    bureau = models.ForeignKey(
        Bureau,
        verbose_name=_("教育局"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("内设机构"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    method = models.CharField(_("任用方式"), max_length=12, choices=Method)
    document = models.CharField(_("任职文号"), max_length=60)
    term_end = models.DateField(_("聘期届满日"), null=True, blank=True)
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("免职日期"), null=True, blank=True)
    end_document = models.CharField(_("免职文号"), max_length=60, blank=True)
    secretary_on = models.DateField(_("兼任书记日期"), null=True, blank=True)
    legal_representative_on = models.DateField(_("法定代表人登记日期"), null=True, blank=True)
    notice_from = models.DateField(_("公示开始"), null=True, blank=True)
    notice_to = models.DateField(_("公示最后一日"), null=True, blank=True)
    remark = models.CharField(_("补录说明"), max_length=200, blank=True)
    nominated_by = by_user(_("提名人"))
    recorded_by = by_user(_("登记人"))
    confirmed_by = by_user(_("审定人"))
    end_reason = models.CharField(_("免职原因"), max_length=10, choices=EndReason, blank=True)
    ending_on = models.DateField(_("拟免职日期"), null=True, blank=True)
    ending_by = by_user(_("免职登记人"))
    end_confirmed_by = by_user(_("免职审定人"))

    objects = Appointments.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_only(Scope.GROUP, GROUP_POSTS)
                | _only(Scope.SCHOOL, SCHOOL_POSTS)
                | _only(Scope.DISTRICT, DISTRICT_POSTS)
                | _only(Scope.BUREAU, BUREAU_POSTS),
                name="post_is_held_in_its_own_scope",
                violation_error_message=_("职务与任职单位不符：集团职务写集团，学校职务写学校。"),
            ),
            models.CheckConstraint(
                condition=~Q(post=Post.GROUP_PRESIDENT.value)
                | Q(method__in=[Method.APPOINTED.value, Method.COMPETITIVE.value]),
                name="president_is_appointed_or_selected",
                violation_error_code=Clause.C4_1_B.id,
                violation_error_message=_("总校长由聘任或竞聘产生，请选择其中一种方式。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="appointment_ends_after_it_begins",
                violation_error_message=_("免职日期不能早于任职日期。"),
            ),
            models.CheckConstraint(
                condition=Q(secretary_on__isnull=True)
                | Q(post__in=[Post.GROUP_PRESIDENT.value, Post.EXECUTIVE_PRINCIPAL.value]),
                name="only_president_and_principal_are_secretaries",
                violation_error_code=Clause.C4_1_D.id,
                violation_error_message=_("书记由总校长、支部书记由执行校长兼任，其他职务不登记书记。"),
            ),
            models.CheckConstraint(
                condition=Q(legal_representative_on__isnull=True) | Q(post=Post.EXECUTIVE_PRINCIPAL.value),
                name="only_the_principal_is_legal_representative",
                violation_error_code=Clause.C4_1_L.id,
                violation_error_message=_("成员学校法人代表是执行校长，其他职务不登记法定代表人。"),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(method=Method.COMPETITIVE.value)
                & Q(state__in=["nominated", "proposed", "selecting", "cancelled"]),
                name="appointment_names_its_person",
                violation_error_code=Clause.C4_1_B.id,
                violation_error_message=_("请选择人员；只有竞聘在确定人选之前可以不写。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="appointment_is_confirmed_by_another",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("登记人不能审定自己登记的任职，请由局领导审定。"),
            ),
            models.CheckConstraint(
                condition=Q(end_confirmed_by__isnull=True)
                | Q(ending_by__isnull=False) & ~Q(end_confirmed_by=F("ending_by")),
                name="end_is_confirmed_by_another",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("登记人不能审定自己登记的免职，请由局领导审定。"),
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="appointment_has_a_document",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("任职须有任职文号：权限随任职产生，任职凭文件。"),
            ),
            models.CheckConstraint(
                condition=Q(ending_on__isnull=True) | ~Q(end_document=""),
                name="recorded_end_has_a_document",
                violation_error_code=Clause.C6_3_A.id,
                violation_error_message=_("免职须有免职文号。"),
            ),
            models.CheckConstraint(
                condition=Q(notice_from__isnull=True, notice_to__isnull=True)
                | Q(notice_from__isnull=False, notice_to__gte=F("notice_from")),
                name="notice_ends_after_it_begins",
                violation_error_code=Clause.C4_1_B.id,
                violation_error_message=_("公示最后一日不能早于公示开始日。"),
            ),
            models.CheckConstraint(
                condition=~Q(post=Post.AUDITOR.value) | Q(valid_to__isnull=False),
                name="auditor_is_appointed_for_a_time",
                violation_error_message=_("审计人员的查看权限须有截止日期，请填写最后在任日。"),
            ),
            _one(
                "one_president_per_group",
                "group_id",
                Q(post=Post.GROUP_PRESIDENT.value),
                Clause.C4_1_A,
                _("集团设总校长 1 名：该期间已有总校长，请先办理免职。"),
            ),
            _one(
                "one_deputy_secretary_per_group",
                "group_id",
                Q(post=Post.DEPUTY_SECRETARY.value),
                Clause.C4_1_F,
                _("集团设副书记 1 名：该期间已有副书记，请先办理免职。"),
            ),
            _one(
                "one_group_secretary_per_group",
                "group_id",
                Q(post=Post.GROUP_SECRETARY.value),
                Clause.C4_1_D,
                _("集团党组织书记只有 1 名：该期间已有书记，请先办理免职。"),
            ),
            _one(
                "one_executive_principal_per_school",
                "school_id",
                Q(post=Post.EXECUTIVE_PRINCIPAL.value),
                Clause.C4_1_K,
                _("成员学校设执行校长 1 名：该期间已有执行校长，请先办理免职。"),
            ),
            _one(
                "one_presidency_per_person",
                "person_id",
                Q(post=Post.GROUP_PRESIDENT.value),
                Clause.C4_1_A,
                _("一人同一期间只能担任一个集团的总校长。"),
            ),
            _one(
                "one_principalship_per_person",
                "person_id",
                Q(post=Post.EXECUTIVE_PRINCIPAL.value) & ~Q(method=Method.ACTING.value),
                Clause.C4_1_K,
                _("一人同一期间只能担任一所学校的执行校长；代理除外。"),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "valid_from"], name="posts_of_a_person")]

    def __str__(self) -> str:
        return f"{self.holder} {self.get_post_display()} {self.container}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:appointment_detail", args=[self.pk])

    @property
    def holder(self) -> Any:
        """The person, or the words for one that a competition has yet to find."""
        return self.person if self.person_id else _("人选待定")

    @property
    def is_live(self) -> bool:
        """Confirmed: confers rights within its dates."""
        return self.state in LIVE_STATES

    @property
    def is_in_force(self) -> bool:
        return self.is_live and is_in_force(self)

    @property
    def container(self) -> models.Model:
        """The group, school, district or bureau that the post is held in."""
        return getattr(self, SCOPE_OF[Post(self.post)])


class Selection(models.Model):
    """竞聘记录 (4.1.b): the announcement of a competition for one post; its candidates and their scores."""

    appointment = models.OneToOneField(
        Appointment, verbose_name=_("任职"), on_delete=models.PROTECT, related_name="selection"
    )
    announced_on = models.DateField(_("公告日期"))
    document = models.CharField(_("公告文号"), max_length=60)
    requirements = models.CharField(_("竞聘条件"), max_length=300)
    written_weight = models.PositiveSmallIntegerField(_("笔试占比"), default=40)

    objects = OfAppointments.as_manager()

    class Meta:
        verbose_name = _("竞聘")
        verbose_name_plural = _("竞聘")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(written_weight__lte=100),
                name="written_weight_is_a_percentage",
                violation_error_message=_("笔试占比在 0 到 100 之间。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.appointment.get_post_display()}"

    def get_absolute_url(self) -> str:
        return self.appointment.get_absolute_url()


class Candidate(models.Model):
    """竞聘人选: two scores out of 100, and the total by the weights of the announcement."""

    selection = models.ForeignKey(
        Selection, verbose_name=_("竞聘"), on_delete=models.PROTECT, related_name="candidates"
    )
    person = models.ForeignKey(Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="+")
    written = models.DecimalField(_("笔试"), max_digits=5, decimal_places=2, default=0)
    interview = models.DecimalField(_("面试"), max_digits=5, decimal_places=2, default=0)
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("竞聘人选")
        verbose_name_plural = _("竞聘人选")
        ordering = ("-total", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["selection", "person"],
                name="person_stands_once_in_a_selection",
                violation_error_message=_("该人已在本次竞聘的名单中。"),
            ),
            models.CheckConstraint(
                condition=Q(written__range=(0, 100), interview__range=(0, 100), total__range=(0, 100)),
                name="scores_are_out_of_a_hundred",
                violation_error_message=_("成绩在 0 到 100 分之间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.total}"


class Delegation(models.Model):
    """委托审批: the right to approve of one appointment, for at most 30 days, by its holder or by the bureau (改派)."""

    appointment = models.ForeignKey(
        Appointment, verbose_name=_("委托人任职"), on_delete=models.PROTECT, related_name="delegations"
    )
    delegate = models.ForeignKey(
        Person, verbose_name=_("受托人"), on_delete=models.PROTECT, related_name="delegations"
    )
    kind = models.CharField(_("方式"), max_length=8, choices=DelegationKind, default=DelegationKind.OWN)
    ceiling = Money(_("限额（元）"), null=True, blank=True)
    reason = models.CharField(_("事由"), max_length=200)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"))
    made_by = by_user(_("办理人"))

    objects = Delegations.as_manager()

    class Meta:
        verbose_name = _("委托")
        verbose_name_plural = _("委托")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")) & Q(valid_to__lte=F("valid_from") + 30),
                name="delegation_is_at_most_thirty_days",
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("委托最长 30 天，请缩短起止日期；到期后可以另行委托。"),
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gt=0),
                name="delegation_ceiling_is_positive",
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("委托限额应大于 0；不设限额请留空。"),
            ),
            ExclusionConstraint(
                name="one_delegate_at_a_time",
                expressions=[(same("appointment_id"), "&&"), (period(), "&&")],
                violation_error_code=Clause.C4_2_L.id,
                violation_error_message=_("该任职在这段时间已委托他人，请先收回原委托。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} → {self.delegate}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:delegation_detail", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return is_in_force(self)
