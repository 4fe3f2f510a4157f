"""Notifications of the signed-in person, and marking one as read."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kunshan_edu.core import inbox
from kunshan_edu.core.api.document import Operation
from kunshan_edu.core.api.nouns import Noun
from kunshan_edu.core.models import Notification, User
from kunshan_edu.core.once import Outcome
from kunshan_edu.core.templatetags.kg import say


class NotificationShape(serializers.Serializer):
    """A sentence for one person, in the reader's language, with the page that it is about."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    text = serializers.SerializerMethodField()
    url = serializers.CharField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_text(self, row: Notification) -> str:
        return say(row)


class NotificationFilters(serializers.Serializer):
    """unread: only what has not been read, or only what has."""

    unread = serializers.BooleanField(required=False, source="read_at__isnull", help_text=_("是否未读"))


class Notifications(Noun):
    """通知."""

    model = Notification
    shape = NotificationShape
    filters = NotificationFilters

    @action(detail=True, methods=["post"])
    def read(self, request: Request, **_kwargs: Any) -> Response:
        def perform() -> Outcome:
            row = self.row()
            inbox.mark_read(cast(User, request.user), [row.pk])
            return self.outcome(row.pk)

        return self.once(perform)

    read.operation = Operation(  # type: ignore[attr-defined]
        "notification_read", _("标为已读"), problems=(400, 401, 403, 404, 409, 422)
    )


ENDPOINTS = (("notifications", Notifications),)
