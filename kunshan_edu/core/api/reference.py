"""接口文档: the OpenAPI document, and a page to read it without any script."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

Schema = dict[str, Any]


class SchemaDocument(SpectacularAPIView):
    """The document for programs, as YAML or JSON; for whoever may use the API."""

    permission_classes = (IsAuthenticated,)


@lru_cache(maxsize=4)
def document(_language: str) -> Schema:
    """The whole document in one language, made once: addresses do not change while the program runs."""
    return SchemaGenerator().get_schema(request=None, public=True)


class Reader:
    """Reads a document for the page: references looked up, types in a word, fields as rows of a table."""

    def __init__(self, whole: Schema) -> None:
        self.whole = whole
        self.parts: dict[str, Schema] = whole["components"]["schemas"]

    def name(self, schema: Schema) -> str:
        """The name of the component that a schema, or the items or pages of one, refer to; "" for none."""
        inner = [schema, *schema.get("allOf", ()), *schema.get("oneOf", ()), schema.get("items", {})]
        return next((s["$ref"].rpartition("/")[2] for s in inner if "$ref" in s), "")

    def type(self, schema: Schema) -> str:
        """string, integer, date …; the name of a component; […] for lists of it."""
        if schema.get("type") == "array":
            return f"[{self.type(schema['items'])}]"
        name = self.name(schema)
        if name and "properties" not in self.parts[name]:
            return self.parts[name]["type"]
        return name or schema.get("format") or schema.get("type", "object")

    def text(self, schema: Schema) -> str:
        """What a field means: its own words, and the words of its choices."""
        own, name = schema.get("description", ""), self.name(schema)
        words = self.parts[name].get("description", "") if name and "enum" in self.parts[name] else ""
        return gettext("：").join(filter(None, (own, words)))

    def fields(self, name: str) -> list[Schema]:
        """The fields of a component as rows of a table."""
        required = self.parts[name].get("required", ())
        return [
            {"name": key, "type": self.type(field), "text": self.text(field), "required": key in required}
            for key, field in self.parts[name].get("properties", {}).items()
        ]

    def content(self, part: Schema) -> str:
        """The name of what a body or an answer holds; "" for nothing."""
        return next((self.name(content["schema"]) for content in part.get("content", {}).values()), "")

    def operation(self, method: str, path: str, told: Schema) -> Schema:
        body = self.content(told.get("requestBody", {}))
        parameters = [
            {**p, "type": self.type(p["schema"]), "text": p.get("description") or self.text(p["schema"])}
            for p in told.get("parameters", ())
        ]
        answers = {status: self.content(answer) for status, answer in told["responses"].items()}
        return {
            "id": told["operationId"],
            "method": method.upper(),
            "path": path,
            "summary": told["summary"],
            "description": told.get("description", ""),
            "parameters": parameters,
            "fields": self.fields(body) if body else [],
            "done": {status: name for status, name in answers.items() if status < "300"},
            "refused": [status for status in answers if status >= "300"],
        }

    def chapters(self) -> dict[str, list[Schema]]:
        """noun → its operations."""
        found: dict[str, list[Schema]] = {}
        for path, methods in self.whole["paths"].items():
            for method, told in methods.items():
                found.setdefault(told["tags"][0], []).append(self.operation(method, path, told))
        return found

    def shapes(self) -> dict[str, list[Schema]]:
        """name → fields of everything that is answered."""
        names = (n for n, part in self.parts.items() if "properties" in part and not n.endswith("Request"))
        return {name: self.fields(name) for name in names}


PROBLEM = "ProblemShape"


def used(operations: list[Schema], shapes: dict[str, list[Schema]]) -> dict[str, list[Schema]]:
    """The shapes that these operations answer with, what stands in them, and the one of a refusal."""
    wanted = [PROBLEM, *(name for each in operations for name in each["done"].values())]
    for name in wanted:
        inner = (part["type"].strip("[]") for part in shapes.get(name, ()))
        wanted += [each for each in inner if each in shapes and each not in wanted]
    return {name: shapes[name] for name in dict.fromkeys(wanted) if name in shapes}


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """接口文档: what there is, and with `?noun=` what is written and answered about one noun."""
    reader = Reader(document(get_language() or ""))
    chapters, noun = reader.chapters(), request.GET.get("noun", "")
    chosen = {noun: chapters[noun]} if noun in chapters else {}
    told = [operation for operations in chosen.values() for operation in operations]
    shown = {"contents": {} if chosen else chapters, "chapters": chosen, "noun": noun if chosen else ""}
    return render(request, "core/api_reference.html", {**shown, "shapes": used(told, reader.shapes())})
