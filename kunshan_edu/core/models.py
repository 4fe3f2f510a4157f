"""Users, the audit trail and its seals, notifications, background jobs, and keys that make a POST happen once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock, denials
from kunshan_edu.core.querysets import AuditEvents, Jobs, Notifications


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the user name is kept as typed, without surrounding spaces."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username.strip()), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. What it may do follows from the appointments of the person behind it, never from a flag here."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    language = models.CharField(_("界面语言"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("可登录"), default=True)
    is_staff = models.BooleanField(_("系统管理员"), default=False)
    date_joined = models.DateTimeField(_("创建时间"), default=clock.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django's, but a superuser holds no right on an object by rank (6.3.a: rights come from posts)."""
        if obj is None:
            return super().has_perm(perm)
        from django.contrib.auth import get_backends

        return self.is_active and any(
            b.has_perm(self, perm, obj) for b in get_backends() if hasattr(b, "has_perm")
        )


class AuditEvent(models.Model):
    """One change: who, in what capacity, by which verb and clause, and what differed. Append-only."""

    at = models.DateTimeField(_("时间"), default=clock.now)
    recorded_at = models.DateTimeField(_("记录时间"), db_default=Now())
    actor = models.ForeignKey(
        User, verbose_name=_("操作人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    capacity = models.JSONField(_("身份"), default=dict)
    verb = models.CharField(_("动作"), max_length=60)
    clause_id = models.CharField(_("条款"), max_length=8, blank=True)
    model = models.CharField(_("对象类型"), max_length=60)
    object_id = models.BigIntegerField(_("对象编号"))
    object_text = models.CharField(_("对象"), max_length=200)
    difference = models.JSONField(_("变动"), default=dict)
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    objects = AuditEvents.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["model", "object_id", "id"], name="audit_of_an_object"),
            models.Index(fields=["actor", "-id"], name="audit_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_text}"


class AuditSeal(models.Model):
    """One link of the chain over audit events: the hash of the link before and of every event up to `last_event`."""

    last_event = models.BigIntegerField(_("末条记录"), unique=True)
    events = models.PositiveIntegerField(_("记录数"))
    previous = models.CharField(_("前一环"), max_length=64)
    hash = models.CharField(_("哈希"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("封存时间"), db_default=Now())

    class Meta:
        verbose_name = _("审计封存")
        verbose_name_plural = _("审计封存")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.last_event} {self.hash[:12]}"


class Notification(models.Model):
    """A sentence for one person, with the page that it is about."""

    user = models.ForeignKey(User, verbose_name=_("收件人"), on_delete=models.CASCADE)
    at = models.DateTimeField(_("时间"), default=clock.now)
    text = models.CharField(_("内容"), max_length=300)
    params = models.JSONField(_("参数"), default=dict)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    objects = Notifications.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ("-at", "-id")
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="notifications_of_a_person")]

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


class JobState(models.TextChoices):
    """后台任务状态."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


class Job(models.Model):
    """Long work that goes on without the browser: a registered generator, its progress and its outcome."""

    name = models.CharField(_("任务"), max_length=60)
    arguments = models.JSONField(_("参数"), default=dict)
    by = models.ForeignKey(
        User, verbose_name=_("发起人"), on_delete=models.PROTECT, null=True, related_name="jobs"
    )
    state = models.CharField(_("状态"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    outcome = models.CharField(_("结果"), max_length=500, blank=True)
    outcome_params = models.JSONField(_("结果参数"), default=dict)
    failure = models.TextField(_("未完成原因"), blank=True)
    created_at = models.DateTimeField(_("创建时间"), default=clock.now)
    beat_at = models.DateTimeField(_("最近进展"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = Jobs.as_manager()

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")),
                name="job_not_more_done_than_total",
                violation_error_message=_("后台任务的进度不能超过总数。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("core:job_detail", args=[self.pk])

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class IdempotencyKey(models.Model):
    """The outcome of a POST that moved state, so that the same key never moves it twice."""

    user = models.ForeignKey(User, verbose_name=_("用户"), on_delete=models.CASCADE)
    key = models.UUIDField(_("幂等键"))
    fingerprint = models.CharField(_("内容摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("响应状态"), default=0)
    location = models.CharField(_("响应地址"), max_length=300, blank=True)
    body = models.JSONField(_("响应内容"), null=True)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="one_outcome_per_idempotency_key",
                violation_error_message=_("该操作已经提交过，请刷新页面查看结果。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


# What triggers and unique columns of core refuse, with the sentence for people (see guards.py).
REFUSALS = {
    "core_user_username_key": denials.Denial(
        "username_taken", denials._("该用户名已被使用，请换一个。"), field="username", status=denials.INVALID
    ),
    "change_without_a_verb": denials.Denial(
        "change_without_a_verb", denials._("该数据只能通过系统功能办理，不能直接改写。")
    ),
    "append_only": denials.Denial("append_only", denials._("该记录只能追加，不能修改或删除。")),
}
