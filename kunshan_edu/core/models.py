"""Users, audit trail and seals, notifications, jobs, idempotency keys, files, days off and on, sheets."""

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
from kunshan_edu.core.ciphers import EncryptedJSONField
from kunshan_edu.core.querysets import AuditEvents, CalendarDays, Jobs, Notifications, SheetImports


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
    page = models.CharField(_("结果页面"), max_length=200, blank=True)
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


class FileKind(models.TextChoices):
    """文件类型, as the content says it."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    XLSX = "xlsx", "XLSX"
    DOCX = "docx", "DOCX"
    CSV = "csv", "CSV"


MOST_BYTES = 20 * 1024 * 1024


class StoredFile(models.Model):
    """An uploaded file: a row per upload; the content lies once under its sha256. Append-only.

    It has no page of its own: who may see it is who may see the row that it belongs to. kept_until: of a sealed file,
    whose content lies encrypted and is deleted then; hash and size stay.
    """

    sha256 = models.CharField(_("内容摘要"), max_length=64, db_index=True)
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("文件类型"), max_length=8, choices=FileKind)
    size = models.PositiveIntegerField(_("字节数"))
    uploaded_by = models.ForeignKey(
        User, verbose_name=_("上传人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=clock.now)
    kept_until = models.DateTimeField(_("保存至"), null=True, blank=True)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex="^[0-9a-f]{64}$"),
                name="file_is_named_by_its_sha256",
                violation_error_message=_("文件的内容摘要有误，请重新上传。"),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=FileKind.values),
                name="file_is_of_a_known_kind",
                violation_error_message=_("不支持这种文件，请换一种格式。"),
            ),
            models.CheckConstraint(
                condition=models.Q(size__gte=1, size__lte=MOST_BYTES),
                name="file_is_neither_empty_nor_too_large",
                violation_error_message=_("文件不能为空，也不能超过 20 MB。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sealed(self) -> bool:
        """Its content lies encrypted, for a time."""
        return self.kept_until is not None

    @property
    def is_over(self) -> bool:
        """Its time has come; the content is deleted or about to be."""
        return self.kept_until is not None and self.kept_until <= clock.now()


class DayKind(models.TextChoices):
    """节假日类别: a day off, or a weekend day that is worked for it."""

    HOLIDAY = "holiday", _("放假")
    WORKDAY = "workday", _("调休上班")


class CalendarDay(models.Model):
    """节假日安排: a day that is not what its weekday says, by the State Council's notice of the year."""

    day = models.DateField(_("日期"))
    kind = models.CharField(_("类别"), max_length=8, choices=DayKind)
    name = models.CharField(_("节假日"), max_length=20)
    document = models.CharField(_("依据文件"), max_length=60)

    objects = CalendarDays.as_manager()

    class Meta:
        verbose_name = _("节假日安排")
        verbose_name_plural = _("节假日安排")
        ordering = ("day",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day"],
                name="one_arrangement_per_day",
                violation_error_message=_("该日已有安排，请修改原有的一条。"),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=DayKind.values),
                name="day_is_off_or_worked",
                violation_error_message=_("日期只能安排为放假或调休上班。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class ImportState(models.TextChoices):
    """表格导入状态."""

    UPLOADED = "uploaded", _("待核对")
    CHECKED = "checked", _("已核对，待导入")
    IMPORTED = "imported", _("已导入")
    FAILED = "failed", _("不能导入")


class SheetImport(models.Model):
    """表格导入: an uploaded spreadsheet, what the dry run found in it, and how many of its rows were written.

    faults: the first of them, as {line, column, message, params}; they quote cells, so they are encrypted like the
    file, and go with it. failure: {message, params} of a file that cannot
    be read at all. ignored: headers that the sheet does not know. job: the last one that was at work on it.
    """

    sheet = models.CharField(_("表格"), max_length=60)
    stored = models.ForeignKey(
        StoredFile, verbose_name=_("上传的文件"), on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    good = models.PositiveIntegerField(_("可导入行数"), default=0)
    bad = models.PositiveIntegerField(_("有误行数"), default=0)
    faults: models.Field[Any, Any] = EncryptedJSONField(_("错误"), default=list)
    failure = models.JSONField(_("不能导入的原因"), default=dict)
    ignored = models.JSONField(_("未读取的列"), default=list)
    bad_file = models.ForeignKey(
        StoredFile, verbose_name=_("有误的行"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    imported = models.PositiveIntegerField(_("已导入行数"), default=0)
    job = models.ForeignKey(
        Job, verbose_name=_("后台任务"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("上传时间"), default=clock.now)

    objects = SheetImports.as_manager()

    class Meta:
        verbose_name = _("表格导入")
        verbose_name_plural = _("表格导入")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(imported__lte=models.F("good")),
                name="import_writes_good_rows_only",
                violation_error_message=_("导入的行数不能超过核对无误的行数。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.stored)

    def get_absolute_url(self) -> str:
        return reverse(f"{self.declared.route}_detail", args=[self.pk])

    @property
    def declared(self) -> Any:
        """The sheet that the file is read as, as its app declares it."""
        from kunshan_edu.core.sheets import find

        return find(self.sheet)

    @property
    def is_busy(self) -> bool:
        """A job is at work on it."""
        return self.job is not None and self.job.finished_at is None


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
