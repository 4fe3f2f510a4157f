"""Named reads of people, posts and staff: in force on a day, visible to whom, and the rights that a post confers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School
from groups.querysets import Dated, DatedRegister
from kunshan_edu.core import clock
from kunshan_edu.core.access import Grant, Rights, grant_model, grants, in_force, rights_of
from personnel.choices import (
    LIVE_STATES,
    PENDING_ROTATIONS,
    QUOTA_POSTS,
    SCHOOL_QUOTAS,
    UNDER_WAY,
    AppointmentState,
    Appraised,
    Confirmation,
    Method,
    Post,
    QuotaLevel,
    RotationState,
)

SCOPES = ("group", "school", "district", "bureau")


class Reach:
    """Which staff one person sees: all of the city, those of some schools, or oneself."""

    def __init__(self, user: Any) -> None:
        self.user, self.active = user, bool(getattr(user, "is_active", False))
        self.rights: Rights = rights_of(user)
        self.everybody = self.rights.anywhere(Authority.VIEW_ALL_STAFF, Bureau)
        self.schools = self.rights.ids(Authority.VIEW_SCHOOL_STAFF, School)
        self.groups = self.rights.ids(Authority.RUN_TRAINING, EducationGroup)

    def narrow(self, rows: Any, mine: Q) -> Any:
        """`rows` of one's reach: everything for the bureau, else what `mine` names, and nothing for strangers."""
        if not self.active:
            return rows.none()
        return rows if self.everybody else rows.filter(mine)


class People(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """Who holds or held a post is public in the house; of the staff, those of one's schools, and oneself."""
        reach = Reach(user)
        posts = self.model.appointments.rel.related_model.objects.filter(state__in=LIVE_STATES)
        staff = self.model.staff.related.related_model.objects.visible_to(user)
        mine = Q(user=user.pk) | Q(pk__in=posts.values("person")) | Q(staff__in=staff)
        appointers = reach.rights.anywhere(Authority.MANAGE_APPOINTMENTS, Bureau)
        return self.all() if appointers and reach.active else reach.narrow(self, mine)


class Appointments(Dated):
    def visible_to(self, user: Any) -> Any:
        """Confirmed posts and public notices are everybody's; what is still proposed, its makers' and the bureau's."""
        reach = Reach(user)
        public = Q(state__in=[*LIVE_STATES, AppointmentState.NOTICE]) | Q(recorded_by=user.pk)
        public |= Q(nominated_by=user.pk)
        heads = reach.rights.ids(Authority.APPOINT_DEPARTMENT_HEADS, EducationGroup)
        if heads:
            public |= Q(school__in=_members(self.model, heads), post=Post.DEPARTMENT_HEAD)
        return reach.narrow(self, public)

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.live().filter(in_force(on))

    def live(self) -> Any:
        """Confirmed: they confer rights within their dates."""
        return self.filter(state__in=LIVE_STATES)

    def under_way(self) -> Any:
        """Not yet decided: from the nomination to the public notice."""
        return self.filter(state__in=UNDER_WAY)

    def waiting_for(self, user: Any) -> Any:
        """What waits for this person: to accept as the personnel section, to confirm as the second of two people."""
        rights = rights_of(user)
        mine = Q(pk__in=[])
        if rights.anywhere(Authority.MANAGE_APPOINTMENTS, Bureau):
            mine |= Q(state=AppointmentState.NOMINATED)
        ready = _ready(user)
        if rights.anywhere(Authority.CONFIRM_APPOINTMENTS, Bureau):
            mine |= ready & ~_decided_by_presidents(self.model)
            mine |= Q(ending_on__isnull=False) & ~Q(ending_by=user.pk)
            mine |= Q(pk__in=_undecided(self.model.extensions, user))
            mine |= Q(pk__in=_undecided(self.model.incentives, user))
        heads = rights.ids(Authority.APPOINT_DEPARTMENT_HEADS, EducationGroup)
        if heads:
            members = Q(school__in=_members(self.model, heads), post=Post.DEPARTMENT_HEAD)
            mine |= ready & members
        return self.visible_to(user).filter(mine).exclude(person__user=user.pk, person__isnull=False)

    def of_group(self, group: Any) -> Any:
        """Appointments to the group itself."""
        return self.filter(group=group)

    def of_user(self, user: Any) -> Any:
        """The posts of the person behind an account, with their groups and schools."""
        return self.filter(person__user=user).select_related("person", *SCOPES)


def _ready(user: Any) -> Q:
    """Proposed, or published until yesterday; recorded by somebody else."""
    proposed = Q(state=AppointmentState.PROPOSED) & ~Q(method=Method.COMPETITIVE)
    published = Q(state=AppointmentState.NOTICE, notice_to__lt=clock.today())
    return (proposed | published) & ~Q(recorded_by=user.pk)


def _decided_by_presidents(appointments: Any) -> Q:
    """Department heads of the schools in whose group somebody may appoint them (6.3.b)."""
    led = grants(Authority.APPOINT_DEPARTMENT_HEADS, EducationGroup).values("content_object")
    return Q(post=Post.DEPARTMENT_HEAD, school__in=_members(appointments, led))


def _undecided(relation: Any, user: Any) -> Any:
    """The appointments with an extension or incentive that somebody else recorded and nobody has decided on."""
    rows = relation.rel.related_model.objects.filter(state=Confirmation.PROPOSED)
    return rows.exclude(recorded_by=user.pk).values("appointment")


def _members(appointments: Any, groups: Any) -> Any:
    memberships = appointments._meta.get_field("school").related_model.memberships.rel.related_model
    return memberships.objects.in_force().filter(group__in=groups).values("school")


class OfAppointments(models.QuerySet):
    """What hangs on an appointment (extension, incentive, competition): the bureau's and the holder's own."""

    def visible_to(self, user: Any) -> Any:
        reach = Reach(user)
        if reach.rights.anywhere(Authority.REVIEW_AS_BUREAU_FINANCE, Bureau):  # pays by it
            return self.all()
        return reach.narrow(self, Q(appointment__person__user=user.pk))

    def confirmed(self) -> Any:
        return self.filter(state="confirmed")

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.filter(in_force(on))


class Delegations(Dated):
    def visible_to(self, user: Any) -> Any:
        """Who gave it, who received it, and the bureau."""
        reach = Reach(user)
        mine = Q(appointment__person__user=user.pk) | Q(delegate__user=user.pk) | Q(made_by=user.pk)
        return reach.narrow(self, mine)


class Deviations(Dated):
    def visible_to(self, user: Any) -> Any:
        """The bureau, and who sees the staff of the group or school it is about; confirmed ones are public."""
        reach = Reach(user)
        about = Q(school__in=reach.schools) | Q(group__in=reach.groups)
        mine = Q(state="confirmed") | about | Q(recorded_by=user.pk)
        return reach.narrow(self, mine)

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.dated(on).filter(state="confirmed")

    def dated(self, on: dt.date | None = None) -> Any:
        """Of that day, confirmed or not."""
        return self.filter(in_force(on))


class PostQuotas(DatedRegister):
    def with_used(self, on: dt.date | None = None) -> Any:
        """`used`: how many hold posts of the level that day (4.1.h, 4.1.o)."""
        posts = self.model._meta.get_field("school").related_model.appointments.rel.related_model
        held = posts.objects.in_force(on).order_by().values("post").annotate(n=Count("pk")).values("n")
        mine = [
            When(level=level, then=Subquery(held.filter(_owned(level), post=post)))
            for level, post in QUOTA_POSTS.items()
        ]
        return self.annotate(used=Coalesce(Case(*mine, output_field=IntegerField()), 0))


def _owned(level: QuotaLevel) -> Q:
    return Q(school=OuterRef("school")) if level in SCHOOL_QUOTAS else Q(group=OuterRef("group"))


class StaffRecords(Dated):
    pass


class StaffMembers(models.QuerySet):
    def visible_to(self, user: Any, on: dt.date | None = None) -> Any:
        """Of one's schools, by establishment or by a rotation in force on the day; and oneself."""
        reach = Reach(user)
        records, rotations = _records(self.model), _rotations(self.model)
        mine = (
            Q(person__user=user.pk)
            | Q(pk__in=records.in_force(on).filter(school__in=reach.schools).values("staff"))
            | Q(pk__in=rotations.in_force(on).filter(to_school__in=reach.schools).values("staff"))
        )
        return reach.narrow(self, mine)

    def on_the_staff(self, on: dt.date | None = None, **facts: Any) -> Any:
        """On the establishment of some school that day; facts: what else the record of the day says."""
        return self.filter(pk__in=_records(self.model).in_force(on).filter(**facts).values("staff"))

    def teaching_at(self, school: Any, on: dt.date | None = None) -> Any:
        """Who teaches at a school that day: rotated there, or of its establishment and not rotated away."""
        rotated = _rotations(self.model).in_force(on)
        own = _records(self.model).in_force(on).filter(school=school).values("staff")
        stayed = Q(pk__in=own) & ~Q(pk__in=rotated.values("staff"))
        return self.filter(Q(pk__in=rotated.filter(to_school=school).values("staff")) | stayed)

    def proposable_by(self, user: Any) -> Any:
        """Whose rotation this person may propose: of the own school, or of the member schools of the group."""
        rights = rights_of(user)
        groups = rights.ids(Authority.PROPOSE_GROUP_ROTATION, EducationGroup)
        members = School.memberships.rel.related_model.objects.in_force().filter(group__in=groups)
        own = Q(school__in=rights.ids(Authority.PROPOSE_SCHOOL_ROTATION, School))
        records = _records(self.model).in_force().filter(own | Q(school__in=members.values("school")))
        return self.filter(pk__in=records.values("staff"))

    def employed(self, on: dt.date | None = None) -> Any:
        """On the establishment of some school that day, with what the record of the day says."""
        return self.on_the_staff(on).with_record(on)

    def with_record(self, on: dt.date | None = None) -> Any:
        """What the record of a day says; NULL where there is none.

        `school_id`, `school_name`, `title`, `backbone_level`, `subject`: of the record in force. `teaching_id`,
        `teaching_name`: where one teaches, the rotation in force or else the establishment school.
        """
        record = _records(self.model).in_force(on).filter(staff=OuterRef("pk"))
        rotation = _rotations(self.model).in_force(on).filter(staff=OuterRef("pk"))
        return self.annotate(
            **{
                name: Subquery(record.values(source)[:1])
                for name, source in (
                    ("school_id", "school"),
                    ("school_name", "school__short_name"),
                    ("title", "title"),
                    ("backbone_level", "backbone_level"),
                    ("subject", "subject"),
                )
            },
            teaching_id=Coalesce(Subquery(rotation.values("to_school")[:1]), F("school_id")),
            teaching_name=Coalesce(Subquery(rotation.values("to_school__short_name")[:1]), F("school_name")),
        )


def _records(staff: Any) -> Any:
    return staff.records.rel.related_model.objects


def _rotations(staff: Any) -> Any:
    return staff.rotations.rel.related_model.objects


class Rotations(Dated):
    def visible_to(self, user: Any) -> Any:
        """The two schools, their group's leaders, the bureau, and the teacher."""
        reach = Reach(user)
        either = Q(from_school__in=reach.schools) | Q(to_school__in=reach.schools)
        return reach.narrow(self, Q(staff__person__user=user.pk) | either)

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.filter(in_force(on), state=RotationState.FILED)

    def pending(self) -> Any:
        """On their way: proposed, and neither filed nor refused nor withdrawn."""
        return self.filter(state__in=PENDING_ROTATIONS)

    def waiting_for(self, user: Any) -> Any:
        """待我办理: what this person is the next to agree to, approve or file."""
        rights = rights_of(user)
        schools = rights.ids(Authority.AGREE_ROTATION, School)
        agreed = Q(state=RotationState.RECEIVING_AGREED)
        mine = Q(state=RotationState.PROPOSED, from_school__in=schools)
        mine |= Q(state=RotationState.SENDING_AGREED, to_school__in=schools)
        mine |= agreed & Q(group__in=rights.ids(Authority.APPROVE_ROTATION, EducationGroup))
        if rights.anywhere(Authority.MANAGE_STAFF, Bureau):
            mine |= Q(state=RotationState.APPROVED) | agreed & Q(group__isnull=True)
        return self.filter(mine)

    def arranged(self, staff: Any, first: dt.date, after: dt.date) -> Any:
        """What is arranged for a member of staff in the period [first, after), pending or filed."""
        live = self.filter(staff=staff).exclude(state__in=[RotationState.REFUSED, RotationState.WITHDRAWN])
        return live.filter(valid_from__lt=after, valid_to__gt=first).filter(valid_to__gt=F("valid_from"))

    def during(self, first: dt.date, after: dt.date) -> Any:
        """Filed, and under way on some day of the period [first, after)."""
        lasting = self.filter(state=RotationState.FILED, valid_to__gt=F("valid_from"))
        return lasting.filter(valid_from__lt=after).filter(valid_to__gt=first)


class Appraisals(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """One's own, those of the staff of one's schools, and the bureau.

        Of an executive principal the group's president sees the grade as well; of the group's leaders, only the bureau.
        """
        reach = Reach(user)
        staff = Q(school__in=reach.schools) & ~Q(post=Appraised.EXECUTIVE_PRINCIPAL)
        led = reach.rights.ids(Authority.APPOINT_DEPARTMENT_HEADS, EducationGroup)
        heads = Q(school__in=_members(self.model, led), post=Appraised.EXECUTIVE_PRINCIPAL)
        return reach.narrow(self, Q(person__user=user.pk) | staff | heads)


class Trainings(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """Who runs them, the schools whose group holds them, and who attended."""
        reach = Reach(user)
        members = self.model._meta.get_field("school").related_model.memberships.rel.related_model
        groups = members.objects.in_force().filter(school__in=reach.schools).values("group")
        mine = (
            Q(group__in=reach.groups)
            | Q(group__in=groups)
            | Q(school__in=reach.schools)
            | Q(attendances__staff__person__user=user.pk)
        )
        return reach.narrow(self, Q(pk__in=self.model.objects.filter(mine).values("pk")))

    def with_hours(self) -> Any:
        """`people`: how many attended."""
        rows = self.model.attendances.rel.related_model.objects.filter(event=OuterRef("pk"))
        counted = rows.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(people=Coalesce(Subquery(counted), 0))


class Attendances(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        reach = Reach(user)
        return reach.narrow(self, Q(staff__person__user=user.pk) | Q(school__in=reach.schools))


class Merits(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        reach = Reach(user)
        return reach.narrow(self, Q(staff__person__user=user.pk) | Q(school__in=reach.schools))


def rights_from(appointment: Any, on: dt.date | None = None) -> list[Grant]:
    """The guardian rows that an appointment confers on a day: its own container's, and the member schools'."""
    found: list[Grant] = []
    for container in dict.fromkeys((type(appointment.container), School)):
        rows = grant_model(container).objects.filter(
            in_force(on), source_id=appointment.pk, delegation_id__isnull=True
        )
        found += rows.select_related("permission", "content_object").order_by("permission", "content_object")
    return found
