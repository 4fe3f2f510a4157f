"""A noun of the API: its list, its rows, its verbs, each as far as the reader may see and do them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kunshan_edu.core.api.bodies import Shape, body_shape, cleaned_from, content_of, seen_from
from kunshan_edu.core.api.document import Document, Operation
from kunshan_edu.core.api.fields import Told, filters_of, refs_of, shape_of, with_offers
from kunshan_edu.core.api.pages import ExactJSON, Pages, speak_to
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.once import Outcome, fingerprint, once, read_key
from kunshan_edu.core.verbs import Verb, VerbTable

Endpoint = TypeVar("Endpoint", bound="type[Noun]")


class Door(viewsets.GenericViewSet):
    """What every address of the API has in common."""

    schema = Document()
    parser_classes = (ExactJSON,)
    metadata_class = None
    lookup_value_converter = "int"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        speak_to(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Content-Language"] = translation.get_language()
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @property
    def content(self) -> Mapping[str, Any]:
        return content_of(self.request.data)

    def once(self, perform: Callable[[], Outcome]) -> Response:
        """Perform under the request's Idempotency-Key; the same key and body again get the same answer."""
        key = read_key(self.request.headers.get("Idempotency-Key"))
        digest = fingerprint(str(self.request.method), self.request.path, self.content)
        outcome = once(self.request.user, key, digest, perform)
        headers = {"Location": outcome.location} if outcome.location else {}
        if outcome.replayed:
            headers["Idempotency-Replayed"] = "true"
        return Response(outcome.body, status=outcome.status, headers=headers)


class Noun(Door):
    """A noun: list and detail on what its reader may see; a row is 404 for everybody else.

    Told by `fields`, those that the row alone tells besides (`more`), and those that narrow the list (`by`); or by
    hand, as shape: a row of the list; whole: the row on its own; filters: a serializer of the query whose `source`
    are lookups, `on` being the day that rows are in force. related, parts: select_related and prefetch_related.
    """

    model: ClassVar[type[models.Model]]
    fields: ClassVar[tuple[Told, ...]] = ()
    more: ClassVar[tuple[Told, ...]] = ()
    by: ClassVar[tuple[Told, ...]] = ()
    shape: ClassVar[Shape]
    whole: ClassVar[Shape | None] = None
    related: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[Shape | None] = None
    table: ClassVar[Any] = None
    pagination_class = Pages

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "fields" in cls.__dict__:
            every = (*cls.fields, *cls.more)
            cls.shape = shape_of(cls.model, cls.fields)
            cls.whole = shape_of(cls.model, every, "Whole") if cls.more else None
            cls.filters = filters_of(cls.model, cls.by)
            cls.related = tuple(dict.fromkeys((*refs_of(cls.model, every), *cls.related)))

    def visible(self) -> Any:
        """What the signed-in person may see."""
        manager: Any = self.model._default_manager
        return manager.visible_to(self.request.user)

    def parts(self, rows: Any) -> Any:
        """`rows` with what each is shown with."""
        return rows

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.parts(self.visible().select_related(*self.related))

    def get_serializer_class(self) -> Shape:
        return self.shape if self.action == "list" else self.whole or self.shape

    def filter_queryset(self, rows: Any) -> Any:
        if self.filters is None:
            return rows
        given = self.filters(data=self.request.query_params.dict())
        given.is_valid(raise_exception=True)
        chosen = dict(given.validated_data)
        day = chosen.pop("on", None)
        rows = rows.filter(**chosen)
        return rows.in_force(day) if day else rows

    def list(self, *_: Any, **_kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, *_: Any, **_kwargs: Any) -> Response:
        return Response(self.shown(self.row()))

    def row(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def shown(self, row: Any) -> Any:
        """A row as it is answered, in plain JSON, so that it can be kept and answered again."""
        shape = self.whole or self.shape
        data = shape(row, context=self.get_serializer_context()).data
        renderer = self.get_renderers()[0]
        return json.loads(renderer.render(data))

    def outcome(self, pk: Any, status: int = 200) -> Outcome:
        """The row as it is now; 204 when it is gone, or gone from these eyes."""
        row = self.get_queryset().filter(pk=pk).first()
        if row is None:
            return Outcome(204)
        url = self.reverse_action("detail", args=[pk])
        return Outcome(status, url if status == 201 else "", self.shown(row))

    def perform(self, verb: Verb, seen: Shape | None) -> Outcome:
        """Do a verb on the row: the rule first, then what was typed, then the action, which asks again."""
        row, user, content = self.row(), self.request.user, self.content
        demand(verb.rule(self.table.case_for(row, user)))
        extras: dict[str, Any] = {}
        if verb.binds and seen:
            seen_from(seen, content)
            extras["seen"] = verb.binds(content)
        if verb.moves:
            extras["idem"] = read_key(self.request.headers.get("Idempotency-Key"))
        others = seen().fields if seen else ()
        cleaned = cleaned_from(bound(verb.form, row, user, content), content, *others)
        verb.action(row, by=user, **cleaned, **extras)
        return self.outcome(row.pk or self.kwargs["pk"])


def bound(form: type[forms.Form] | None, row: Any, user: Any, content: Mapping[str, Any]) -> forms.Form:
    """The verb's form as its page would show it, filled in with the body."""
    if form is not None and hasattr(form, "for_row"):
        return form.for_row(row, user, content)
    return (form or forms.Form)(content)


def verbs(table: VerbTable, seen: Shape | None = None) -> Callable[[Endpoint], Endpoint]:
    """Give an endpoint a POST address for each verb of its noun's table; seen: what a binding verb asks for."""

    def decorate(endpoint: Endpoint) -> Endpoint:
        endpoint.table = table
        if endpoint.fields:
            endpoint.whole = with_offers(endpoint.whole or endpoint.shape, endpoint.model)
        for verb in table.verbs:
            setattr(endpoint, f"verb_{verb.name}", _door(table, verb, seen if verb.binds else None))
        return endpoint

    return decorate


def _door(table: VerbTable, verb: Verb, seen: Shape | None) -> Any:
    def post(self: Noun, *_: Any, **_kwargs: Any) -> Response:
        return self.once(lambda: self.perform(verb, seen))

    post.__name__ = f"verb_{verb.name}"
    post.operation = Operation(  # type: ignore[attr-defined]
        id=f"{table.noun}_{verb.name}",
        summary=verb.label,
        description=_SEEN if seen else _DONE,
        body=body_shape(f"{_camel(table.noun)}{_camel(verb.name)}", verb.form, seen),
        status=204 if verb.name == "delete" else 200,
    )
    return action(detail=True, methods=["post"], url_path=verb.path, url_name=f"verb-{verb.path}")(post)


_DONE = _("返回办理后的对象。不能办理时给出原因及所依据的条款。")
_SEEN = _(
    "所办即所见：须写明所看到的版本、内容摘要和金额，三者与现状不符即拒绝（stale_version）。返回办理后的对象。"
)


def creates(
    form: type[forms.Form],
    make: Callable[..., models.Model],
    label: Any,
    refuse: Callable[[Any], Denial | None],
    fill: Callable[[Mapping[str, Any]], forms.Form] | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Give an endpoint the POST on its collection: `make(by=…, **the form's cleaned data)` unless `refuse(by)`.

    fill: how the form takes the body, when that is more than `form(body)`.
    """

    def decorate(endpoint: Endpoint) -> Endpoint:
        noun = endpoint.model.__name__

        def create(self: Noun, request: Request) -> Response:
            def perform() -> Outcome:
                demand(refuse(request.user))
                cleaned = cleaned_from((fill or form)(self.content), self.content)
                return self.outcome(make(by=request.user, **cleaned).pk, 201)

            return self.once(perform)

        create.operation = Operation(  # type: ignore[attr-defined]
            f"{_snake(noun)}_create",
            label,
            _DONE,
            body=body_shape(f"New{noun}", form),
            status=201,
        )
        endpoint.create = create  # type: ignore[attr-defined]
        return endpoint

    return decorate


def _camel(words: str) -> str:
    return "".join(word.capitalize() for word in words.split("_"))


def _snake(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()
