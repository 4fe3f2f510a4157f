"""The OpenAPI document: what each address takes and answers, told from the endpoints themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from kunshan_edu.core.api.problems import PLAIN, PROBLEM
from kunshan_edu.core.api.shapes import ProblemShape

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description=_("每次办理换一个新的 UUID。同一键、同一内容重发得到同一结果，不会办理两次。"),
)
REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    OpenApiTypes.BOOL,
    OpenApiParameter.HEADER,
    response=[200, 201, 204],
    description=_("为 true 时表示该键已办理过，这是当时的结果。"),
)
PAGE = (
    OpenApiParameter("page", OpenApiTypes.INT, description=_("第几页，从 1 起")),
    OpenApiParameter("size", OpenApiTypes.INT, description=_("每页几行，最多 200")),
)
READING, WRITING = (401, 404), (400, 401, 403, 404, 409, 413, 415, 422)


@dataclass(frozen=True)
class Operation:
    """What the document says of one operation beyond its address. answer: None means the noun's own shape.

    query: a serializer of what the address may ask, for a reading that is not a list.
    """

    id: str
    summary: Any
    description: Any = ""
    body: Any = None
    answer: Any = None
    status: int = 200
    keyed: bool = True
    problems: tuple[int, ...] = WRITING
    query: Any = None


class Document(AutoSchema):
    """Reads `operation` of a handler; lists and rows tell of themselves by their model's name."""

    view: Any

    @property
    def operation(self) -> Operation:
        handler = getattr(self.view, self.view.action)
        return getattr(handler, "operation", None) or self._reading()

    def _reading(self) -> Operation:
        noun = self.view.model._meta.verbose_name
        if self.view.action == "list":
            return Operation(
                "", _("列出%(noun)s") % {"noun": noun}, _LISTED, keyed=False, problems=(401, 422)
            )
        return Operation("", _("查看%(noun)s") % {"noun": noun}, _READ, keyed=False, problems=READING)

    def get_operation_id(self) -> str:
        return self.operation.id or f"{self.view.basename.replace('-', '_')}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.path.split("/")[3]]  # /api/v1/<noun>/…

    def get_summary(self) -> str:
        return str(self.operation.summary)

    def get_description(self) -> str:  # type: ignore[override]
        return str(self.operation.description)

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = [KEY, REPLAYED] if self.operation.keyed else []
        if self.operation.query:
            found.append(self.operation.query)
        if self.view.action == "list":
            found += [*PAGE, *([self.view.filters] if self.view.filters else [])]
        return found

    def get_request_serializer(self) -> Any:
        return self.operation.body

    def get_response_serializers(self) -> Any:
        operation = self.operation
        if operation.status == 204:
            return {204: OpenApiResponse(description=_("没有内容"))}
        return {operation.status: operation.answer or self.view.get_serializer_class()}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for status in self.operation.problems:
            told = OpenApiResponse(ProblemShape, description=PLAIN[status][1])
            bodies[str(status)] = self._get_response_for_code(told, str(status), [PROBLEM])
        return bodies


_LISTED = _("只列出您能看到的。")
_READ = _("看不到的与不存在的同样答 404。")
