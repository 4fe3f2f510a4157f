"""The doors everybody passes: sign-in and out, language, appearance, notifications, profile, error pages."""

from __future__ import annotations

import json
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import RequestDataTooBig
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from kunshan_edu.core import clock, inbox
from kunshan_edu.core.api import problems
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.forms import NewPasswordForm, SignInForm
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import Notification, User
from kunshan_edu.core.templatetags.kg import LOOKS, say

A_YEAR = 365 * 24 * 60 * 60
PER_PAGE = 25


class SignIn(LoginView):
    """登录. A wrong entry gives the page again with what was typed, except the password."""

    template_name = "core/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expired="expired" in self.request.GET, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        throttled = form.has_error("__all__", "throttled")
        return self.render_to_response(self.get_context_data(form=form), status=429 if throttled else 422)


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """退出."""

    next_page = reverse_lazy("core:signed_out")  # type: ignore[assignment]


@method_decorator(login_not_required, name="dispatch")
class SignedOut(TemplateView):
    """已退出."""

    template_name = "core/signed_out.html"


class PasswordChange(PasswordChangeView):
    """修改密码."""

    template_name = "core/password_form.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("core:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("密码已修改，下次登录请用新密码。"))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """我的: who one is here, language, appearance, password, sign-out."""
    return render(request, "core/profile.html", {"languages": settings.LANGUAGES})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: kept with the account, or in a cookie for strangers."""
    code = request.POST.get("language", "")
    response = redirect(_back(request))
    if code not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=code)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, A_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
    return response


@login_not_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Theme, size, navigation and single keys, for browsers without scripts."""
    response = redirect(_back(request))
    for name, value in LOOKS.items():
        if name in request.POST:
            chosen = value if request.POST[name] == value else ""
            response.set_cookie(name, chosen, A_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """通知, newest first."""
    rows = Notification.objects.visible_to(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/notification_list.html", {"page": page})


@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    """Mark every notification as read."""
    inbox.mark_read(cast(User, request.user))
    return redirect("core:notification_list")


@require_POST
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notification as read and go to what it is about."""
    row = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    inbox.mark_read(cast(User, request.user), [row.pk])
    return redirect(row.url if _is_local(request, row.url) else "core:notification_list")


@login_not_required
@require_POST
def demo_switch(request: HttpRequest) -> HttpResponse:
    """以演示账号进入: only in a demonstration, never as an administrator."""
    if not settings.DEMO:
        raise Http404
    accounts = User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
    user = get_object_or_404(accounts, username=request.POST.get("username", ""))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _is_local(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def _back(request: HttpRequest) -> str:
    """The page one came from, when it is ours."""
    address = request.POST.get("next") or request.headers.get("Referer", "")
    return address if _is_local(request, address) else resolve_url(settings.LOGIN_REDIRECT_URL)


# Refusals and errors: one sentence, in the form that whoever asked can read.


def toast(response: HttpResponseBase, text: str, kind: str = "ok") -> HttpResponseBase:
    """Let an htmx response show a passing message: kind is ok, go or bad."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text, "kind": kind}})
    return response


def refused(request: HttpRequest, denial: Denial) -> HttpResponseBase:
    """The page of a refusal: why not, and by which clause."""
    if answer := _short(request, denial.status, say(denial), denial.code, denial.clause):
        return answer
    context = {"denial": denial, "sentence": say(denial), "back": _back(request)}
    return render(request, "core/refused.html", context, status=denial.status)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403."""
    reason = exception.args[0] if exception and exception.args else None
    if isinstance(reason, Denial):
        return refused(request, reason)
    sentence = str(reason) if reason else _("您的任职没有授予办理这件事的权限。")
    context = {"sentence": sentence, "back": _back(request)}
    return _short(request, 403, sentence) or render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, _exception: Exception | None = None, **_kwargs: Any) -> HttpResponseBase:
    """404: never was, has gone, or is not for these eyes; the answer does not tell which."""
    return _short(request, 404, _("没有找到您要看的内容。")) or render(request, "404.html", status=404)


def not_allowed(request: HttpRequest) -> HttpResponseBase:
    """405: an address that only takes what a form sends was opened by hand."""
    return _short(request, 405, _("该地址不能直接打开。")) or render(request, "404.html", status=405)


def csrf_failure(request: HttpRequest, **_reason: Any) -> HttpResponseBase:
    """403, because the page had been open too long or cookies are off."""
    sentence = _("页面已过期，请刷新后重试。")
    return _short(request, 403, sentence) or render(
        request, "403_csrf.html", {"back": _back(request)}, status=403
    )


class BodyTooLarge(RequestDataTooBig):
    """A body announced as larger than `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400, or 413 for too large a body. Rendered without the request, of which nothing is certain."""
    if isinstance(exception, RequestDataTooBig):
        most = getattr(exception, "most", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        sentence = _("提交的内容超过 %(most)s MB，系统没有接收，也没有保存任何改动。") % {"most": most >> 20}
        return _short(request, 413, sentence) or _bare(request, "413.html", 413, sentence)
    sentence = _("这个请求不完整或被改动过，系统没有处理，也没有保存任何改动。")
    return _short(request, 400, sentence) or _bare(request, "400.html", 400, sentence)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500: touches neither database nor session, which may be what failed."""
    sentence = _("刚才的操作没有完成，系统没有保存任何改动。")
    return _short(request, 500, sentence) or _bare(request, "500.html", 500, sentence)


def _short(
    request: HttpRequest, status: int, sentence: str, code: str = "", clause: Clause | None = None
) -> HttpResponse | None:
    """The answer to a program (problem+json) or to htmx (a toast, no swap); None when a page is wanted."""
    if request.path.startswith("/api/"):
        return problems.answer(status, code, sentence, clause)
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=status, headers={"HX-Reswap": "none"})
        return toast(answer, sentence, "bad")  # type: ignore[return-value]
    return None


def _bare(request: HttpRequest, template: str, status: int, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "cookies": request.COOKIES, "at": clock.now()}
    page: str
    try:
        page = render_to_string(template, context)
    except Exception:  # an error page must not fail: static files may not be collected
        page = f"<!doctype html><meta charset=utf-8><title>{status}</title><p>{sentence}</p>"
    return HttpResponse(page, status=status)
