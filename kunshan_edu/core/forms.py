"""Forms whose errors name the thing, and the sign-in form with its limit on failed attempts."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock, files
from kunshan_edu.core.codes import document_no_fault
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import FileKind
from kunshan_edu.core.money import AmountError, format_money, parse_amount
from kunshan_edu.core.templatetags.kg import say

MOST_ATTEMPTS = 10
WINDOW = dt.timedelta(minutes=15)


# What is wrong with a password, by the code of Django's validators, whose own words are not all in Chinese.
WEAK = {
    "password_too_short": _("密码至少 8 位。"),
    "password_too_common": _("这个密码太常见，容易被猜到，请换一个。"),
    "password_too_similar": _("密码与姓名或用户名太接近，请换一个。"),
    "password_entirely_numeric": _("密码不能全是数字，请加上字母。"),
}


def password_faults(password: str, user: Any) -> list[Any]:
    """What is wrong with a new password, as sentences; empty when nothing is."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        return [WEAK.get(str(each.code), each) for each in weak.error_list]
    return []


class NewPasswordForm(PasswordChangeForm):
    """修改密码, with what is wrong with the new one in plain words."""

    def validate_password_for_user(self, user: Any, password_field_name: str = "new_password2") -> None:  # noqa: S107
        password = self.cleaned_data.get(password_field_name)
        if password:
            for fault in password_faults(password, user):
                self.add_error(password_field_name, fault)


def name_errors(fields: dict[str, forms.Field]) -> None:
    """Let an empty required field say which it is: 请填写单价。 A form lives one request."""
    for name, field in fields.items():
        if str(field.error_messages.get("required")) == str(forms.Field.default_error_messages["required"]):
            label = field.label or name
            chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
            sentence = _("请选择%(label)s。") if chosen else _("请填写%(label)s。")
            field.error_messages["required"] = sentence % {"label": label}


class PlainForm(forms.Form):
    """A form as pages show it: errors name the field, and the browser leaves the checking to the server."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_errors(self.fields)


class DayField(forms.DateField):
    """A day, picked in the browser's calendar or typed as 2026-11-23; `past`: not in the future."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {  # noqa: RUF012 - Django's own name
        "invalid": _("看不懂这个日期，请按年-月-日填写，例如 2026-11-23。"),
    }

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.past and value and value > clock.today():
            raise ValidationError(_("日期不能晚于今天。"), code="in_the_future")


class LastDayField(DayField):
    """An inclusive last day, as people say it; cleaned to the first day after, as half-open periods end."""

    def clean(self, value: Any) -> dt.date | None:
        last = super().clean(value)
        return last + dt.timedelta(days=1) if last else None


class DocumentField(forms.CharField):
    """文号, in the shape of official documents: 昆政办发〔2019〕132号."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 60, "help_text": _("例如：昆政办发〔2019〕132号"), **kwargs})

    def to_python(self, value: Any) -> str:
        text = "".join((super().to_python(value) or "").split())
        fault = document_no_fault(text) if text else None
        if fault:
            raise ValidationError(say(fault), code=fault.code)
        return text


class UploadField(forms.FileField):
    """A file, judged by its content; cleaned to the upload, which the action gives to `files.keep`.

    kinds: what it may be, PDF and pictures unless told. The browser offers these, the server does not rely on it.
    """

    default_error_messages = {  # noqa: RUF012 - Django's own name
        "missing": _("没有收到文件，请重新选择后提交。"),
        "invalid": _("没有收到文件，请重新选择后提交。"),
        "empty": _(files.EMPTY.message),
    }

    def __init__(self, *, kinds: tuple[str, ...] = files.USUAL, **kwargs: Any) -> None:
        self.kinds = kinds
        words = lazy(lambda: gettext("、").join(FileKind(kind).label for kind in kinds), str)()
        hint = format_lazy(_("{kinds}，不超过 20 MB。"), kinds=words)
        super().__init__(**{"help_text": hint, "widget": forms.FileInput, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        endings = [ending for kind in self.kinds for ending in files.SUFFIXES[FileKind(kind)]]
        return {**super().widget_attrs(widget), "accept": ",".join(endings)}

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is not None:
            try:
                files.examine(upload, self.kinds)
            except Denied as refusal:
                raise ValidationError(say(refusal.denial), code=refusal.denial.code) from refusal
        return upload


class Attempts:
    """Counts sign-ins of one user name from one address until one succeeds or the window has passed."""

    def __init__(self, username: str, address: str) -> None:
        digest = hashlib.sha256(f"{username.casefold()}|{address}".encode()).hexdigest()
        self.count, self.until = f"sign-in:{digest}", f"sign-in-until:{digest}"

    def begin(self) -> dt.datetime | None:
        """Count one attempt before the password is looked at; when there were too many, the time to wait for."""
        seconds = int(WINDOW.total_seconds())
        if cache.add(self.count, 1, seconds):
            cache.set(self.until, (clock.now() + WINDOW).isoformat(), seconds)
            return None
        try:
            tried = cache.incr(self.count)
        except ValueError:  # the window passed between the two calls
            return self.begin()
        return self._end() if tried > MOST_ATTEMPTS else None

    def _end(self) -> dt.datetime:
        kept = cache.get(self.until)
        end = dt.datetime.fromisoformat(kept) if kept else clock.now()
        return end.astimezone(clock.SHANGHAI) + dt.timedelta(
            minutes=1
        )  # shown without seconds, so rounded up

    def forget(self) -> None:
        cache.delete_many([self.count, self.until])


class SignInForm(AuthenticationForm):
    """User name and password. A wrong name and a wrong password get the same answer."""

    error_messages = {  # noqa: RUF012 - Django's own name, replaced whole
        "invalid_login": _("用户名或密码不正确，请核对后重新输入。"),
        "inactive": _("用户名或密码不正确，请核对后重新输入。"),
        "throttled": _("连续多次未能登录，为保护账号已暂停尝试，请于 %(time)s 后再试。"),
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")
        name_errors(self.fields)

    def clean(self) -> dict[str, Any]:
        username, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if not (username and password):
            return self.cleaned_data
        attempts = Attempts(username, self.request.META.get("REMOTE_ADDR", "") if self.request else "")
        if end := attempts.begin():
            params = {"time": f"{end:%H:%M}"}
            raise ValidationError(self.error_messages["throttled"], code="throttled", params=params)
        cleaned = super().clean()
        attempts.forget()
        return cleaned


class AmountField(forms.CharField):
    """Yuan as typed: 1,200.00, １２００, 1.2万; each mistake with its own sentence, and what is read is echoed.

    zero: 0 is an amount here, as where a range begins.
    """

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        self.zero = zero
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def to_python(self, value: Any) -> Any:
        text: Any = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return self._read(text)
        except AmountError as error:
            raise ValidationError(say(error.denial), code=error.denial.code) from error

    def _read(self, text: str) -> Decimal:
        try:
            return parse_amount(text)
        except AmountError as error:
            nothing = error.denial.code == "amount_not_positive" and not set(text) & set("-－−")
            if self.zero and nothing:
                return Decimal("0.00")
            raise

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: lengths and characters were looked at when it was read."""

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - Django's signature
        """What is put back into the input: normalised when it could be read, as typed when not."""
        try:
            return self.prepare_value(self.to_python(data))
        except ValidationError:
            return data

    def prepare_value(self, value: Any) -> Any:
        return format_money(value) if isinstance(value, Decimal) else value
