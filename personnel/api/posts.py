"""Posts in the API: people, their appointments with the whole life of each, nominations, longer tenures, incentives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kunshan_edu.core.api.bodies import body_shape, cleaned_from
from kunshan_edu.core.api.document import Operation
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.problems import Invalid
from kunshan_edu.core.api.shapes import AFTER, Choice, Id, Offers, Ref
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.once import Outcome
from personnel import actions, forms, rules
from personnel import verbs as tables
from personnel.choices import SCOPE_OF, AppointmentState, EndReason, Method, Post, Scope
from personnel.models import Appointment, IncentiveTerm, Person, TermExtension


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


def cannot_register(by: Any) -> Denial | None:
    return rules.cannot_register_person(actions.staff_case(None, by))


@creates(forms.PersonForm, actions.register_person, _("登记人员"), cannot_register)
class People(Noun):
    """人员."""

    model = Person
    shape = PersonShape

    def parts(self, rows: Any) -> Any:
        return rows.defer("identity_number", "phone").prefetch_related(in_office())


class AppointmentRow(HeldPost):
    """A person in a post, from when to when, by which document, and where that stands."""

    person = Ref(allow_null=True)
    state = Choice(AppointmentState)
    state_label = serializers.CharField(source="get_state_display")
    unit = Ref(allow_null=True)
    method = Choice(Method)
    method_label = serializers.CharField(source="get_method_display")
    document = serializers.CharField()
    term_end = serializers.DateField(allow_null=True)
    end_reason = Choice(EndReason, allow_blank=True)
    end_document = serializers.CharField()
    secretary_on = serializers.DateField(allow_null=True)
    legal_representative_on = serializers.DateField(allow_null=True)


class AppointmentDetail(AppointmentRow):
    """An appointment with how it came about and what may be done to it."""

    notice_from = serializers.DateField(allow_null=True)
    notice_to = serializers.DateField(allow_null=True)
    ending_on = serializers.DateField(allow_null=True)
    remark = serializers.CharField()
    nominated_by = Ref(allow_null=True)
    recorded_by = Ref(allow_null=True)
    confirmed_by = Ref(allow_null=True)
    offers = Offers()


class AppointmentFilters(serializers.Serializer):
    """By person, post, state, school or group; on: in force that day."""

    person = Id(required=False, source="person_id", help_text=_("人员编号"))
    post = Choice(Post, required=False)
    state = Choice(AppointmentState, required=False)
    school = Id(required=False, source="school_id", help_text=_("学校编号"))
    group = Id(required=False, source="group_id", help_text=_("集团编号"))
    on = serializers.DateField(required=False, help_text=_("只列这一天在任的；不写则全部"))


def post_of(content: Mapping[str, Any]) -> Post:
    """The post that the body names: it decides what else is asked."""
    post = content.get("post")
    if post not in Post.values:
        raise Invalid.field("post", "invalid_choice", _("请写明职务。"))
    return Post(post)


def filled(content: Mapping[str, Any]) -> forms.AppointForm:
    """The form for the post that the body names."""
    return forms.AppointForm(content, post=post_of(content), people=Person.objects.all())


@creates(forms.AppointForm, actions.appoint, _("办理任职"), cannot_appoint, filled)
@verbs(tables.APPOINTMENT)
class Appointments(Noun):
    """任职."""

    model = Appointment
    shape = AppointmentRow
    whole = AppointmentDetail
    related = ("person", "unit", "nominated_by", "recorded_by", "confirmed_by", *Scope.values)
    filters = AppointmentFilters

    @action(detail=False, methods=["post"])
    def nominate(self, request: Request, **_kwargs: Any) -> Response:
        def perform() -> Outcome:
            user, post = request.user, post_of(self.content)
            rows = actions.nominable(post, user)
            demand(rules.cannot_nominate(rules.Case(may_nominate=rows.exists())))
            form = forms.NominateForm(
                self.content, post=post, people=Person.objects.visible_to(user), containers=rows
            )
            return self.outcome(actions.nominate(by=user, **cleaned_from(form, self.content)).pk, 201)

        return self.once(perform)

    nominate.operation = Operation(  # type: ignore[attr-defined]
        "appointment_nominate",
        _("提名"),
        _("集团、学校、区镇对本集团、本校、本区镇的干部提名；不能提名的对象视同不存在。"),
        body=body_shape("Nomination", forms.NominateForm),
        status=201,
    )


@verbs(tables.EXTENSION)
class Extensions(Noun):
    """延长任职."""

    model = TermExtension
    fields = ("appointment", "state", "old_end", "new_end", "document")
    more = ("reason", "recorded_by", "confirmed_by")
    by = ("state", ("appointment", Id(required=False, source="appointment_id", help_text=_("任职编号"))))
    related = ("appointment__person", *(f"appointment__{scope}" for scope in Scope.values))


@verbs(tables.INCENTIVE)
class Incentives(Noun):
    """激励待遇."""

    model = IncentiveTerm
    fields = (
        "appointment", "state", "base_coefficient", "coefficient", "deputy_section_treatment", "valid_from", "valid_to",
    )  # fmt: skip
    more = ("document", "recorded_by", "confirmed_by")
    by = ("state", ("appointment", Id(required=False, source="appointment_id", help_text=_("任职编号"))))
    related = ("appointment__person", *(f"appointment__{scope}" for scope in Scope.values))


ENDPOINTS = (
    ("people", People),
    ("appointments", Appointments),
    ("extensions", Extensions),
    ("incentives", Incentives),
)
