"""What holds for every request: security headers, language, body size, sign-in, refusals nobody caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from kunshan_edu.core import views
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import MOST_BYTES

Handler = Callable[[HttpRequest], HttpResponseBase]

# No 'unsafe-', no nonce, no foreign host: pages have no inline script or style at all.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The largest file, and what a form sends around it.
MOST_WITH_A_FILE = MOST_BYTES + 1024 * 1024
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}


class ContentSecurityPolicy:
    """Sets the security headers on every response; first in line, so on errors and static files too.

    A header that is there already is a stricter one: an uploaded file is answered in a sandbox.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class LanguageMiddleware:
    """The account's language, for strangers the cookie's or the browser's. Stands after authentication."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        if request.user.is_authenticated and request.user.language in known:
            return request.user.language
        return translation.get_language_from_request(request)


class BodySizeMiddleware:
    """Refuses a body announced as larger than DATA_UPLOAD_MAX_MEMORY_SIZE before any of it is read (413).

    A form with a file may be as large as a file may be, for who is signed in; what is typed in it may not.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            most = self._most(request)
            if int(length) > most:
                return views.bad_request(request, views.BodyTooLarge(most))
        return self.get_response(request)

    def _most(self, request: HttpRequest) -> int:
        with_a_file = request.content_type == "multipart/form-data" and request.user.is_authenticated
        return MOST_WITH_A_FILE if with_a_file else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in; then one is back on the page of the form, never on a POST's address."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        fragment = request.headers.get("HX-Request") == "true"
        if request.method in ("GET", "HEAD") and not fragment:
            return super().handle_no_permission(request, view_func)
        query = {"next": self._page(request, fragment), "expired": "1"}
        address = f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query)}"
        if fragment:
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return HttpResponse(status=302, headers={"Location": address})

    def _page(self, request: HttpRequest, fragment: bool) -> str:
        """The address of the page on which the form or the fragment stands."""
        came_from = request.headers.get("HX-Current-URL" if fragment else "Referer", "")
        if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
            return resolve_url(settings.LOGIN_REDIRECT_URL)
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class RefusalMiddleware:
    """A `Denied` that no view dealt with becomes a page with its sentence, clause, status; so does a 405."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            allowed = response.headers["Allow"]
            response = views.not_allowed(request)
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return views.refused(request, exception.denial) if isinstance(exception, Denied) else None
