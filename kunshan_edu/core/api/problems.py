"""Refusals as RFC 9457 problem+json: one shape for everything that goes wrong in the API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from kunshan_edu.core.denials import INVALID, Denial, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.templatetags.kg import say

PROBLEM = "application/problem+json"
WHOLE = "non_field_errors"  # errors of the body as a whole, as Django REST framework calls them

# status → (code, title, sentence) of what is refused without a rule of the house
PLAIN: dict[int, tuple[str, Any, Any]] = {
    400: ("malformed", _("请求有误"), _("请求的内容不是有效的 JSON 对象，请核对后重发。")),
    401: (
        "not_authenticated",
        _("没有登录"),
        _("请先登录，或在请求头 Authorization 中给出有效的令牌。"),
    ),
    403: ("forbidden", _("不能办理"), _("您的任职没有授予办理这件事的权限。")),
    404: ("not_found", _("没有找到"), _("没有找到您要看的内容。")),
    405: ("method_not_allowed", _("方法不符"), _("该地址不接受这种请求方法。")),
    406: ("not_acceptable", _("格式不符"), _("本接口只提供 JSON，请修改请求头 Accept。")),
    409: ("conflict", _("与现状冲突"), _("该操作与现状不符，请刷新后重试。")),
    413: ("too_large", _("内容过大"), _("提交的内容超过 10 MB，系统没有读取，也没有保存任何改动。")),
    415: ("unsupported_media_type", _("格式不符"), _("请求的内容须为 application/json。")),
    422: ("invalid", _("内容有误"), _("提交的内容有误，请按 errors 中各栏的说明修改后重发。")),
    429: ("throttled", _("尝试过多"), _("请求过于频繁，请稍后再试。")),
    500: ("fault", _("系统出错"), _("刚才的操作没有完成，系统没有保存任何改动。")),
}
CSRF = Denial("csrf_failed", _("页面已过期，请刷新后重试。"), status=403)  # type: ignore[arg-type]

Errors = dict[str, list[dict[str, str]]]


def clause_of(clause: Clause | None) -> dict[str, str] | None:
    """A clause as programs read it: id, citation and the guideline's own words."""
    return {"id": clause.id, "cite": clause.cite(), "quote": clause.quote} if clause else None


def denial_of(denial: Denial | None) -> dict[str, Any] | None:
    """A refusal as a part of a row: why a verb is not for this reader now."""
    if denial is None:
        return None
    return {"code": denial.code, "message": say(denial), "clause": clause_of(denial.clause)}


def body_of(status: int, code: str = "", sentence: Any = "", clause: Any = None, errors: Any = None) -> bytes:
    """The JSON text of a problem; what is not given is what the status says by itself."""
    plain_code, title, plain = PLAIN.get(status, PLAIN[400])
    members = {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "detail": str(sentence or plain),
        "code": code or plain_code,
        "clause": clause_of(clause),
        "errors": errors or {},
    }
    return json.dumps(members, ensure_ascii=False).encode()


def answer(status: int, *args: Any, headers: Mapping[str, str] | None = None, **kwargs: Any) -> HttpResponse:
    """A problem as a response."""
    return HttpResponse(
        body_of(status, *args, **kwargs), status=status, content_type=PROBLEM, headers=headers
    )


def refused(denial: Denial) -> HttpResponse:
    """The response to a refusal, with its sentence beside the field it is about, if one."""
    sentence = say(denial)
    errors = {denial.field: [{"code": denial.code, "message": sentence}]} if denial.field else {}
    return answer(denial.status, denial.code, sentence, denial.clause, errors)


class Invalid(exceptions.ValidationError):
    """What was sent does not pass a form; every error keeps its field, code and sentence."""

    status_code = INVALID

    @classmethod
    def form(cls, form: forms.Form) -> Invalid:
        found = form.errors.get_json_data()
        return cls({WHOLE if name == "__all__" else name: _details(items) for name, items in found.items()})

    @classmethod
    def field(cls, name: str, code: str, sentence: Any) -> Invalid:
        return cls({name: [exceptions.ErrorDetail(str(sentence), code)]})


def _details(items: Any) -> list[exceptions.ErrorDetail]:
    return [exceptions.ErrorDetail(item["message"], item["code"] or "invalid") for item in items]


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Nested errors one by one under dotted paths: lines.0.amount."""
    if isinstance(detail, exceptions.ErrorDetail):
        yield path or WHOLE, {"code": str(detail.code), "message": str(detail)}
    elif isinstance(detail, dict):
        for name, part in detail.items():
            yield from _flat(part, f"{path}.{name}" if path else str(name))
    else:
        for index, part in enumerate(detail):
            inside = isinstance(part, dict)
            yield from _flat(part, f"{path}.{index}" if inside else path)


def errors_of(error: exceptions.ValidationError) -> Errors:
    """dotted field → its errors, each with code and sentence."""
    found: Errors = {}
    for path, item in _flat(error.detail):
        found.setdefault(path, []).append(item)
    return found


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    if isinstance(error, exceptions.ValidationError):
        return answer(INVALID, errors=errors_of(error))
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return refused(CSRF)
    return answer(error.status_code, headers=headers)


def problem(error: Exception, _context: Mapping[str, Any]) -> HttpResponse | None:
    """The response to an exception; None leaves a fault of ours to the 500 page."""
    if isinstance(error, Denied):
        return refused(error.denial)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if isinstance(error, Http404):
        return answer(404)
    if isinstance(error, PermissionDenied):
        return answer(403)
    return answer(413) if isinstance(error, RequestDataTooBig) else None
