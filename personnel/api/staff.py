"""Staff in the API: who is established where and teaches where; numbers are masked but in the answer to `reveal`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from kunshan_edu.core import codes
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.shapes import AFTER, Choice, Id, Ref
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.once import Outcome
from kunshan_edu.core.pages import day_asked
from personnel import actions, forms, rules
from personnel import verbs as tables
from personnel.actions.staff import enlist
from personnel.choices import BackboneLevel, Subject, Title
from personnel.models import Staff

MASKED = _("只显示首尾几位；办理 reveal 的回答中为原号码")
WORDS = {"title": Title, "backbone_level": BackboneLevel, "subject": Subject}


def cannot_register(by: Any) -> Denial | None:
    return rules.cannot_register_staff(actions.staff_case(None, by))


@extend_schema_field(Ref(allow_null=True))
class Place(serializers.Field):
    """A school out of two annotations: its number and its short name; null where there is no record."""

    def __init__(self, stem: str, **kwargs: Any) -> None:
        self.stem = stem
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Staff) -> dict[str, Any] | None:
        pk = getattr(row, f"{self.stem}_id")
        return {"id": pk, "name": getattr(row, f"{self.stem}_name")} if pk else None


class Masked(serializers.CharField):
    """A number of which the first and last digits are told."""

    def __init__(self, mask: Callable[[str], str], **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(read_only=True, help_text=MASKED, **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.mask(value)


class Record(serializers.Serializer):
    """The establishment school with title, level and subject, from when to when, by which document."""

    school = Ref()
    title = Choice(Title)
    backbone_level = Choice(BackboneLevel)
    subject = Choice(Subject)
    document = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=AFTER)


def _facts() -> list[tuple[str, serializers.Field]]:
    return [(name, Choice(words, allow_null=True)) for name, words in WORDS.items()]


def _filters() -> list[tuple[str, serializers.Field]]:
    words = [(name, Choice(words, required=False)) for name, words in WORDS.items()]
    on = serializers.DateField(required=False, help_text=_("只列这一天在编的；不写则全部"))
    return [
        ("school", Id(required=False, help_text=_("编制所在校编号"))),
        ("teaching", Id(required=False, help_text=_("任教校编号"))),
        *words,
        ("on", on),
    ]


@creates(forms.StaffForm, enlist, _("登记教职工"), cannot_register)
@verbs(tables.STAFF)
class StaffMembers(Noun):
    """教职工."""

    model = Staff
    fields = (
        "staff_no",
        ("name", serializers.CharField(source="person.name")),
        "person",
        ("school", Place("school", help_text=_("编制所在校"))),
        ("teaching", Place("teaching", help_text=_("任教校：当日轮岗的接收校，否则编制所在校"))),
        *_facts(),
    )
    more = (
        ("identity_number", Masked(codes.mask_identity, source="person.identity_number")),
        ("phone", Masked(codes.mask_phone, source="person.phone")),
        ("records", Record(many=True)),
    )
    by = _filters()

    def parts(self, rows: Any) -> Any:
        return rows.with_record(day_asked(self.request.query_params)).prefetch_related("records__school")

    def filter_queryset(self, rows: Any) -> Any:
        given = self.filters(data=self.request.query_params.dict())
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        day, teaching = facts.pop("on", None), facts.pop("teaching", None)
        if day or facts:
            rows = rows.on_the_staff(day, **facts)
        return rows.teaching_at(teaching, day) if teaching else rows

    def once(self, perform: Callable[[], Outcome]) -> Response:
        """As everywhere; what is revealed is added to the answer, and never kept under the key."""
        response = super().once(perform)
        if self.action == "verb_reveal":
            row = self.row()
            demand(rules.cannot_reveal(actions.staff_case(row, self.request.user)))
            person = row.person
            response.data = {
                **response.data,
                "identity_number": person.identity_number,
                "phone": person.phone,
            }
        return response


ENDPOINTS = (("staff", StaffMembers),)
