"""How a request comes in and a list goes out: exact JSON, pages, and the reader's language."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils import translation
from rest_framework.exceptions import ParseError
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """Pages of 50 rows, or of as many as `size` asks for, up to 200."""

    page_size = 50
    page_size_query_param = "size"
    max_page_size = 200


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


class ExactJSON(JSONParser):
    """JSON whose decimal numbers stay the text that was sent: money is never a float on its way in."""

    def parse(self, stream: Any, *_context: Any, **_options: Any) -> Any:
        # HttpRequest.body refuses what is larger than DATA_UPLOAD_MAX_MEMORY_SIZE; read() would not.
        raw = stream.body if hasattr(stream, "body") else stream.read()
        try:
            content = json.loads(raw.decode(), parse_float=str, parse_constant=_no_number)
            json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        return content


def speak_to(request: Request) -> None:
    """Programs that sign in by token and name no language are answered in that of their account."""
    language = getattr(request.user, "language", "")
    if request.auth and "Accept-Language" not in request.headers and language in dict(settings.LANGUAGES):
        translation.activate(language)
