"""A program that uses the REST API: JSON in and out, a token, a fresh idempotency key for each POST."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client
from rest_framework.authtoken.models import Token

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"


class Api:
    """One program, signed in as `user` by token, or a stranger."""

    def __init__(self, user: Any = None, **headers: str) -> None:
        token = f"Token {Token.objects.get_or_create(user=user)[0].key}" if user else None
        self.headers = {**({"Authorization": token} if token else {}), **headers}
        self.client = Client(headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        return self.client.generic(
            method, path if path.startswith("/") else ROOT + path, text, "application/json", headers=headers
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, key: Any = "", **headers: str) -> Any:
        """POST under a new idempotency key, or under `key`; None sends none."""
        chosen = {} if key is None else {"Idempotency-Key": str(key or uuid.uuid4())}
        return self.send("POST", path, {} if body is None else body, **chosen, **headers)


def rows(response: Any) -> list[Any]:
    assert response.status_code == 200, response.content
    return response.json()["results"]


def refusal(response: Any) -> tuple[int, str, str | None]:
    """(status, code, clause id) of a problem, whose shape is checked on the way."""
    assert response.headers["Content-Type"] == PROBLEM, response.content
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "clause", "errors"}
    assert problem["status"] == response.status_code
    assert problem["detail"] and problem["title"]
    if problem["clause"]:
        assert set(problem["clause"]) == {"id", "cite", "quote"}
    return response.status_code, problem["code"], problem["clause"] and problem["clause"]["id"]


def errors(response: Any) -> dict[str, list[str]]:
    """field → the codes of what is wrong with it."""
    assert response.status_code == 422, response.content
    return {name: [item["code"] for item in items] for name, items in response.json()["errors"].items()}
