"""People and their appointments: the rows that every right in the house follows from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core import denials
from kunshan_edu.core.access import is_in_force
from kunshan_edu.core.denials import INVALID, Denial
from kunshan_edu.core.fields import period, same
from kunshan_edu.core.guideline import Clause
from personnel.choices import (
    BUREAU_POSTS,
    DISTRICT_POSTS,
    GROUP_POSTS,
    SCHOOL_POSTS,
    SCOPE_OF,
    Method,
    Post,
    Scope,
)
from personnel.querysets import Appointments, People


class Person(models.Model):
    """人员: a human being once, whatever accounts or posts; at most one account each."""

    name = models.CharField(_("姓名"), max_length=40)
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


def _only(scope: Scope, posts: tuple[Post, ...]) -> Q:
    """The condition that exactly the column of `scope` is filled for `posts`."""
    filled = {f"{s}__isnull": s != scope for s in Scope.values}
    return Q(post__in=[p.value for p in posts], **filled)


def _one(name: str, column: str, condition: Q, clause: Clause, message: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[(same(column), "&&"), (period(), "&&")],
        condition=condition,
        violation_error_code=clause.id,
        violation_error_message=message,
    )


class Appointment(models.Model):
    """任职: a person in a post of a group, school, district or the bureau, for a dated term, by a document."""

    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="appointments"
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
    method = models.CharField(_("任用方式"), max_length=12, choices=Method)
    document = models.CharField(_("任职文号"), max_length=60)
    term_end = models.DateField(_("聘期届满日"), null=True, blank=True)
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("免职日期"), null=True, blank=True)
    end_document = models.CharField(_("免职文号"), max_length=60, blank=True)
    secretary_on = models.DateField(_("兼任书记日期"), null=True, blank=True)
    legal_representative_on = models.DateField(_("法定代表人登记日期"), null=True, blank=True)

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
        return f"{self.person} {self.get_post_display()} {self.container}"

    def get_absolute_url(self) -> str:
        return reverse("personnel:appointment_detail", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return is_in_force(self)

    @property
    def container(self) -> models.Model:
        """The group, school, district or bureau that the post is held in."""
        return getattr(self, SCOPE_OF[Post(self.post)])


# What triggers refuse (see migrations/0002, 0003): constraint name → the sentence people read.
REFUSALS = {
    "personnel_person_user_id_key": Denial(
        "account_taken", denials._("该账号已属于另一人：一人一个账号。"), field="user", status=INVALID
    ),
    "active_group_has_a_president": Denial(
        "active_group_has_a_president",
        denials._("集团设总校长 1 名：总校长空缺的集团不能转入试点、运行或推广，请先办理总校长任职。"),
        Clause.C4_1_A,
    ),
    "deputy_secretary_principal_of_the_same_group": Denial(
        "deputy_secretary_principal_of_the_same_group",
        denials._("副书记可由执行校长兼任，但须为本集团成员学校的执行校长。"),
        Clause.C4_1_G,
    ),
    "school_of_a_deputy_secretary_stays": Denial(
        "school_of_a_deputy_secretary_stays",
        denials._("该校执行校长兼任本集团副书记，请先办理副书记免职，再退出集团。"),
        Clause.C4_1_G,
    ),
    "appointment_facts_are_not_rewritten": Denial(
        "appointment_facts_are_not_rewritten",
        denials._("任职的人员、职务和单位不能改写：请办理免职后另行任职。"),
        Clause.C6_3_A,
    ),
}
