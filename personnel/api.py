"""Posts in the API: people and their appointments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.api.shapes import AFTER, Choice, Id, Offers, Ref
from kunshan_edu.core.denials import Denial
from personnel import actions, forms, rules
from personnel import verbs as tables
from personnel.choices import SCOPE_OF, Method, Post, Scope
from personnel.models import Appointment, Person


class PlaceShape(serializers.Serializer):
    """Where a post is held: kind, number, name."""

    kind = Choice(Scope)
    id = serializers.IntegerField()
    name = serializers.CharField()


class HeldPost(serializers.Serializer):
    """A post that somebody holds."""

    id = serializers.IntegerField()
    post = Choice(Post)
    post_label = serializers.CharField(source="get_post_display")
    place = serializers.SerializerMethodField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=AFTER)

    def get_place(self, row: Appointment) -> PlaceShape:
        container = row.container
        return {"kind": SCOPE_OF[Post(row.post)].value, "id": container.pk, "name": str(container)}


class PersonShape(serializers.Serializer):
    """A person and the posts held today."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    account = serializers.IntegerField(
        source="user_id", allow_null=True, help_text=_("账号编号，用于受益人等；没有账号为 null")
    )
    appointments = HeldPost(many=True, source="in_office")


def in_office() -> Prefetch:
    """The posts that people hold today, with where."""
    rows = Appointment.objects.in_force().select_related(*Scope.values)
    return Prefetch("appointments", rows, to_attr="in_office")


def cannot_appoint(by: Any) -> Denial | None:
    return rules.cannot_appoint(actions.case_for(None, by))


@creates(forms.PersonForm, actions.register_person, _("登记人员"), cannot_appoint)
class People(Noun):
    """人员."""

    model = Person
    shape = PersonShape

    def parts(self, rows: Any) -> Any:
        return rows.prefetch_related(in_office())


class AppointmentRow(HeldPost):
    """A person in a post, from when to when, by which document."""

    person = Ref()
    method = Choice(Method)
    method_label = serializers.CharField(source="get_method_display")
    document = serializers.CharField()
    term_end = serializers.DateField(allow_null=True)
    end_document = serializers.CharField()
    secretary_on = serializers.DateField(allow_null=True)
    legal_representative_on = serializers.DateField(allow_null=True)


class AppointmentDetail(AppointmentRow):
    """An appointment with what may be done to it."""

    offers = Offers()


class AppointmentFilters(serializers.Serializer):
    """By person, post, school or group."""

    person = Id(required=False, source="person_id", help_text=_("人员编号"))
    post = Choice(Post, required=False)
    school = Id(required=False, source="school_id", help_text=_("学校编号"))
    group = Id(required=False, source="group_id", help_text=_("集团编号"))


def filled(content: Mapping[str, Any]) -> forms.AppointForm:
    """The form for the post that the body names: the post decides what else is asked."""
    post = content.get("post")
    if post not in Post.values:
        raise Invalid.field("post", "invalid_choice", _("请写明职务。"))
    return forms.AppointForm(content, post=Post(post))


@creates(forms.AppointForm, actions.appoint, _("办理任职"), cannot_appoint, filled)
@verbs(tables.APPOINTMENT)
class Appointments(Noun):
    """任职."""

    model = Appointment
    shape = AppointmentRow
    whole = AppointmentDetail
    related = ("person", *Scope.values)
    filters = AppointmentFilters


ENDPOINTS = (("people", People), ("appointments", Appointments))
