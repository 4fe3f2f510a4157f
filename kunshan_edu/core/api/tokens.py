"""Tokens: a program signs in with user name and password, and out by giving its token back."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kunshan_edu.core.api.bodies import body_shape, cleaned_from
from kunshan_edu.core.api.document import Operation
from kunshan_edu.core.api.nouns import Door
from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.forms import SignInForm
from kunshan_edu.core.models import User


class TokenShape(serializers.Serializer):
    """A token, to be sent as `Authorization: Token …`, and whose it is."""

    token = serializers.CharField(source="key")
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.name")


class Tokens(Door):
    """令牌. POST is the one address that a stranger may use; it counts attempts as the sign-in page does."""

    model = Token
    serializer_class = TokenShape
    filters = None

    @property
    def _opening(self) -> bool:
        return self.action == "create"

    def get_authenticators(self) -> list[Any]:
        # Asked before the action is known: whoever opens a session anew is not held up by an old token.
        opening = self.request is not None and self.request.method == "POST"
        return [] if opening else super().get_authenticators()

    def get_permissions(self) -> list[Any]:
        return [AllowAny() if self.action == "create" else IsAuthenticated()]

    def create(self, request: Request) -> Response:
        form = SignInForm(request._request, data=self.content)
        try:
            cleaned_from(form, self.content)
        except Invalid:
            if not form.has_error("__all__", "throttled"):
                raise
            sentence = str(form.non_field_errors()[0])
            raise Denied(Denial("throttled", sentence, status=429)) from None
        token, _made = Token.objects.get_or_create(user=form.get_user())
        return Response(TokenShape(token).data, status=201)

    create.operation = Operation(  # type: ignore[attr-defined]
        "token_create",
        _("取得令牌"),
        _("每个账号一个令牌，再次取得仍是同一个，直到退还。连续多次密码不符将暂停尝试（429）。"),
        body=body_shape("NewToken", SignInForm),
        status=201,
        keyed=False,
        problems=(400, 413, 415, 422, 429),
    )

    def revoke(self, request: Request) -> Response:
        Token.objects.filter(user=cast(User, request.user)).delete()
        return Response(status=204)

    revoke.operation = Operation(  # type: ignore[attr-defined]
        "token_revoke",
        _("退还令牌"),
        _("该令牌从此不能再用。"),
        status=204,
        keyed=False,
        problems=(401, 403),
    )
