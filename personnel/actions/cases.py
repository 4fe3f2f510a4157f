"""What the rules of appointments look at: who may nominate and confirm, whether the seat is free, who is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from groups.choices import Authority, GroupStatus
from groups.models import Bureau, District, EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core import access, clock, inbox
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from personnel.choices import (
    CONFIRMED_POSTS,
    QUOTA_POSTS,
    SCOPE_OF,
    UNDER_WAY,
    AppointmentState,
    Confirmation,
    Method,
    Post,
    RuleSetKind,
    Scope,
)
from personnel.models import (
    Appointment,
    Appraisal,
    Candidate,
    Deviation,
    GroupRuleSet,
    PostQuota,
    TermExtension,
)
from personnel.rules import appointments as rules
from personnel.rules.filling import Days, FillCase, Holder, Quota

# 提名 (domain.md §2.2, rows 10-13): by which right on which container a post may be nominated.
NOMINATED_BY_GROUP = (Post.DEPUTY_SECRETARY, Post.EXECUTIVE_PRINCIPAL, Post.VICE_PRINCIPAL)
NOMINATED_BY_SCHOOL = (Post.VICE_PRINCIPAL, Post.DEPARTMENT_HEAD)
QUOTA_CLAUSES = (Clause.C4_1_H.id, Clause.C4_1_O.id)


def group_of(container: Any) -> EducationGroup | None:
    """The group that a container is, or is a member of today."""
    if isinstance(container, EducationGroup):
        return container
    return EducationGroup.objects.of_school(container).first() if isinstance(container, School) else None


# 提名


def nominable(post: Post, by: Any) -> Any:
    """The groups or schools for which `by` nominates for this post: the group, school or district for their own."""
    rights = access.rights_of(by)
    groups = rights.ids(Authority.NOMINATE_IN_GROUP, EducationGroup) if post in NOMINATED_BY_GROUP else ()
    if SCOPE_OF[post] == Scope.GROUP:
        return EducationGroup.objects.exclude(status=GroupStatus.DISSOLVED).filter(pk__in=groups)
    wanted = Q(pk__in=Membership.objects.in_force().filter(group__in=groups).values("school"))
    if post in NOMINATED_BY_SCHOOL:
        wanted |= Q(pk__in=rights.ids(Authority.NOMINATE_IN_SCHOOL, School))
    if post == Post.EXECUTIVE_PRINCIPAL:
        districts = rights.ids(Authority.NOMINATE_IN_DISTRICT, District)
        funded = SchoolAffiliation.objects.in_force().filter(district__in=districts)
        wanted |= Q(pk__in=funded.values("school"))
    return School.objects.open().filter(wanted)


def may_nominate(post: Post, container: Any, by: Any) -> bool:
    """Does `by` nominate for this post of this container?"""
    rows = nominable(post, by)
    return isinstance(container, rows.model) and rows.filter(pk=container.pk).exists()


def posts_to_nominate(by: Any) -> list[Post]:
    """The posts for which `by` nominates somewhere; told from the rights, without a look at the places."""
    rights = access.rights_of(by)
    posts: dict[Post, None] = {}
    if rights.anywhere(Authority.NOMINATE_IN_GROUP, EducationGroup):
        posts |= dict.fromkeys(NOMINATED_BY_GROUP)
    if rights.anywhere(Authority.NOMINATE_IN_DISTRICT, District):
        posts[Post.EXECUTIVE_PRINCIPAL] = None
    if rights.anywhere(Authority.NOMINATE_IN_SCHOOL, School):
        posts |= dict.fromkeys(NOMINATED_BY_SCHOOL)
    return list(posts)


# 审定


def may_confirm(post: Post, container: Any, by: Any) -> bool:
    """审定人: a bureau leader; of a department head the president, or the bureau where there is no president."""
    rights = access.rights_of(by)
    leader = rights.anywhere(Authority.CONFIRM_APPOINTMENTS, Bureau)
    if post != Post.DEPARTMENT_HEAD:
        return leader
    group = group_of(container)
    if group and access.holders(Authority.APPOINT_DEPARTMENT_HEADS, group).exists():
        return rights.may(Authority.APPOINT_DEPARTMENT_HEADS, group)
    return leader


def confirmers(row: Appointment) -> Any:
    """The accounts of the second person."""
    group = group_of(row.container) if row.post == Post.DEPARTMENT_HEAD else None
    heads = access.holders(Authority.APPOINT_DEPARTMENT_HEADS, group) if group else None
    if heads is not None and heads.exists():
        return heads
    return access.holders(Authority.CONFIRM_APPOINTMENTS, Bureau.objects.get())


PROPOSED = _("%(name)s拟任%(post)s，请审定。")
NOMINATED = _("%(name)s被提名为%(post)s，请办理。")
ENDING = _("%(name)s的%(post)s职务拟免去，请审定。")
EXTENDING = _("%(name)s的%(post)s职务拟延长任职，请审定。")
REWARDING = _("%(name)s的总校长激励待遇已登记，请审定。")
APPOINTED = _("%(name)s任%(post)s已审定，权限随任职日期生效。")
ENDED = _("%(name)s的%(post)s职务已审定免去。")
CANCELLED = _("%(name)s拟任%(post)s未获任用。")


def tell(people: Iterable[Any], text: str, row: Appointment) -> None:
    """A sentence about an appointment into the inbox of these accounts."""
    params = {"name": str(row.holder), "post": str(Post(row.post).label)}
    inbox.tell(people, text, url=row.get_absolute_url(), params=params)


def makers(row: Appointment) -> list[Any]:
    """Who nominated it and who recorded it."""
    return [user for user in (row.nominated_by, row.recorded_by) if user]


def concerned(row: Appointment) -> list[Any]:
    """Its makers and whom it is about."""
    return [*makers(row), *([row.person.user] if row.person and row.person.user else [])]


# What the rules look at


def blank_case(by: Any) -> rules.Case:
    return rules.Case(may_appoint=access.rights_of(by).anywhere(Authority.MANAGE_APPOINTMENTS, Bureau))


def _latest_grade(appointment: Appointment) -> str:
    latest = latest_appraisal(appointment)
    return latest.grade if latest else ""


def latest_appraisal(appointment: Appointment) -> Appraisal | None:
    """The latest annual appraisal of the holder as president (6.3.e)."""
    rows = Appraisal.objects.filter(person=appointment.person_id, post=appointment.post)
    return rows.order_by("-year").first()


def case_for(appointment: Appointment | None, by: Any) -> rules.Case:
    """What the rules of appointments look at."""
    if appointment is None:
        return blank_case(by)
    post, today = Post(appointment.post), clock.today()
    may_appoint = blank_case(by).may_appoint
    extends = may_appoint and post == Post.GROUP_PRESIDENT
    selecting = appointment.state == AppointmentState.SELECTING
    return rules.Case(
        may_appoint=may_appoint,
        may_confirm=may_confirm(post, appointment.container, by),
        is_recorder=appointment.recorded_by_id is not None and appointment.recorded_by_id == by.pk,
        is_ender=appointment.ending_by_id is not None and appointment.ending_by_id == by.pk,
        is_own=appointment.person is not None and appointment.person.user_id == by.pk,
        post=post.value,
        state=appointment.state,
        method=appointment.method,
        has_person=appointment.person_id is not None,
        candidates=Candidate.objects.filter(selection__appointment=appointment).count() if selecting else 0,
        notice_to=appointment.notice_to,
        today=today,
        valid_from=appointment.valid_from,
        valid_to=appointment.valid_to,
        term_end=appointment.term_end,
        ended=appointment.valid_to is not None and appointment.valid_to <= today,
        ending_on=appointment.ending_on,
        needs_second=post in CONFIRMED_POSTS,
        latest_grade=_latest_grade(appointment) if extends else "",
        extension_waits=extends and _waiting(TermExtension, appointment).exists(),
        filling=filling_of(appointment) if appointment.state in UNDER_WAY else None,
    )


def _waiting(model: Any, appointment: Appointment) -> Any:
    return model.objects.filter(appointment=appointment, state=Confirmation.PROPOSED)


# 能否任用


def filling_of(row: Appointment, *, planned: bool = False) -> FillCase:
    """Whether the post can be filled in the days of `row`, saved or not. planned: ends that are recorded and not yet
    confirmed count as ends, because a leader confirms both together."""
    place = {f"{SCOPE_OF[Post(row.post)].value}_id": row.container.pk}
    same = Appointment.objects.live().filter(post=row.post).exclude(pk=row.pk).select_related("person")
    elsewhere = same.filter(person=row.person_id).exclude(**place).exclude(method=Method.ACTING)
    owner = {name: pk for name, pk in place.items() if name in ("group_id", "school_id")}
    level = {post: level for level, post in QUOTA_POSTS.items()}.get(Post(row.post))
    quotas = PostQuota.objects.filter(level=level, **owner) if level and owner else ()
    return FillCase(
        post=row.post,
        place=str(row.container),
        days=_days(row),
        is_acting=row.method == Method.ACTING,
        is_dissolved=row.group is not None and row.group.status == GroupStatus.DISSOLVED,
        is_separate=row.post != Post.GROUP_SECRETARY or _is_separate(row),
        seat=tuple(_holder(each, planned) for each in same.filter(**place)),
        elsewhere=tuple(_holder(each, planned) for each in elsewhere) if row.person_id else (),
        quotas=tuple(Quota(each.posts, each.document, _days(each)) for each in quotas),
        deviations=tuple(_days(each) for each in _deviations(owner)) if quotas else (),
    )


def _days(row: Any) -> Days:
    return Days(row.valid_from, row.valid_to)


def _holder(row: Appointment, planned: bool) -> Holder:
    ends = [day for day in (row.valid_to, row.ending_on if planned else None) if day]
    return Holder(str(row.holder), Days(row.valid_from, min(ends) if ends else None))


def _deviations(owner: dict[str, int]) -> Any:
    return Deviation.objects.filter(state=Confirmation.CONFIRMED, clause_id__in=QUOTA_CLAUSES, **owner)


def _is_separate(row: Appointment) -> bool:
    """Is the secretary separate from the president in all the days? (4.1.d)"""
    sets = GroupRuleSet.objects.filter(group=row.group_id, kind=RuleSetKind.SEPARATED_2022)
    if row.valid_to:
        sets = sets.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=row.valid_to))
    else:
        sets = sets.filter(valid_to__isnull=True)
    return sets.filter(valid_from__lte=row.valid_from).exists()
