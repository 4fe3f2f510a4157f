"""Named reads of the special fund; every list starts from `visible_to`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q, Sum

from finance.choices import MeasuresState, Role, StepState
from groups.choices import Authority
from groups.models import Bureau, District, EducationGroup, Membership, School
from kunshan_edu.core.access import Right, Rights, grant_model, in_force, rights_of

# 角色 → (权限, 单位): the right that a step of this role asks for, and on which container.
ROLE_RIGHTS: dict[str, tuple[Authority, type[models.Model]]] = {
    Role.EXECUTIVE_PRINCIPAL: (Authority.APPROVE_AS_PRINCIPAL, School),
    Role.GROUP_FINANCE: (Authority.CHECK_GROUP_ACCOUNTS, EducationGroup),
    Role.GROUP_PRESIDENT: (Authority.APPROVE_AS_PRESIDENT, EducationGroup),
    Role.DISTRICT: (Authority.REVIEW_AS_DISTRICT, District),
    Role.BUREAU_FINANCE: (Authority.REVIEW_AS_BUREAU_FINANCE, Bureau),
    Role.BUREAU_LEADER: (Authority.APPROVE_AS_BUREAU_LEADER, Bureau),
}
BUREAU_ROLES = (Role.BUREAU_FINANCE, Role.BUREAU_LEADER)
CONTAINER_COLUMN = {School: "school", EducationGroup: "group", District: "district", Bureau: "bureau"}


def reaching(amount: Decimal, concerned: Collection[int]) -> Q:
    """Grants by appointment, and delegated ones whose ceiling holds the amount and whose giver is not concerned."""
    wide = Q(ceiling__isnull=True) | Q(ceiling__gte=amount)
    return Q(delegation_id__isnull=True) | wide & Q(giver_id__isnull=False) & ~Q(giver_id__in=concerned)


def served_groups(rights: Rights) -> set[int]:
    """The groups in which somebody holds a post of the own: in the group itself, or in a member school today."""
    posts = [right for right in rights.rows if right.delegation_id is None]
    schools = {r.object_id for r in posts if r.model == School._meta.label_lower}
    found = {r.object_id for r in posts if r.model == EducationGroup._meta.label_lower}
    if schools:  # whoever works for the bureau mostly holds none, and nothing is asked
        found.update(Membership.objects.in_force().filter(school__in=schools).values_list("group", flat=True))
    return found


def serving(group: int) -> set[int]:
    """The users who hold a post of the own in a group or in one of its member schools today."""
    members = Membership.objects.in_force().filter(group=group).values("school")
    of_group = grant_model(EducationGroup).objects.filter(content_object=group)
    of_schools = grant_model(School).objects.filter(content_object__in=members)
    own = [
        rows.filter(in_force(), delegation_id__isnull=True).order_by().values("user_id")
        for rows in (of_group, of_schools)
    ]
    return {row["user_id"] for row in own[0].union(own[1])}


def _of_role(role: str, rights: Rights) -> list[Q]:
    """The steps of one role that `rights` open: of all amounts by appointment, as far as it reaches by delegation."""
    authority, model = ROLE_RIGHTS[role]
    held = rights.held(authority, model)
    column = CONTAINER_COLUMN[model]
    own = {right.object_id for right in held if right.delegation_id is None}
    found = [Q(role=role, **{f"{column}__in": sorted(own)})] if own else []
    lent = (right for right in held if right.object_id not in own and right.giver_id is not None)
    return found + [Q(role=role, **{column: right.object_id}) & _as_delegate(right) for right in lent]


def _as_delegate(right: Right) -> Q:
    """The same as `reaching`, asked of steps: below the ceiling, and not in the giver's own matter."""
    request = "version__fund_request__"
    giver = Q(**{f"{request}requester": right.giver_id}) | Q(**{f"{request}beneficiary": right.giver_id})
    return ~giver if right.ceiling is None else ~giver & Q(version__band_amount__lte=right.ceiling)


class Steps(models.QuerySet):
    def open(self) -> Any:
        return self.filter(state=StepState.OPEN)

    def within(self, rights: Rights) -> Any:
        """The steps that may be decided by `rights`."""
        conditions = [condition for role in ROLE_RIGHTS for condition in _of_role(role, rights)]
        if not conditions:
            return self.none()
        mine = self.filter(models.Q.create(conditions, connector=Q.OR))
        if not any(rights.anywhere(*ROLE_RIGHTS[role]) for role in BUREAU_ROLES):
            return mine
        served = served_groups(rights)
        return mine.exclude(role__in=BUREAU_ROLES, version__fund_request__fund__group__in=served)

    def waiting_for(self, user: Any) -> Any:
        """Open steps that `user` may decide: the right is theirs, the request is not, and no approval was given."""
        return (
            self.open()
            .within(rights_of(user))
            .exclude(version__fund_request__requester=user)
            .exclude(version__fund_request__beneficiary=user)
            .exclude(version__decisions__actor=user, version__decisions__verdict="approve")
        )


SUBMITTED = ~Q(state="draft")


def _of_groups(rights: Rights) -> list[Q]:
    """The requests of the groups whose finance one views: of one line only for who coordinates that line (4.1.j)."""
    held = rights.held(Authority.VIEW_GROUP_FINANCE, EducationGroup)
    whole = {right.object_id for right in held if not right.line}
    lines = {(right.object_id, right.line) for right in held if right.object_id not in whole}
    found = [Q(fund__group_id__in=sorted(whole))] if whole else []
    return found + [Q(fund__group_id=group, line=line) for group, line in sorted(lines)]


class FundRequests(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """Own requests; submitted ones of schools, groups, districts whose finance one views; all for the bureau.

        A draft is its requester's own: nobody else sees it before it is submitted.
        """
        if not getattr(user, "is_active", False):
            return self.none()
        own, rights = Q(requester=user), rights_of(user)
        if rights.anywhere(Authority.VIEW_ALL_FINANCE, Bureau):
            return self.filter(own | SUBMITTED)
        schools = rights.ids(Authority.VIEW_SCHOOL_FINANCE, School)
        districts = rights.ids(Authority.VIEW_DISTRICT_FINANCE, District)
        seen = _of_groups(rights)
        if schools:
            seen += [Q(school_id__in=schools), Q(pk__in=self._borne_by(school_id__in=schools))]
        if districts:
            seen.append(Q(pk__in=self._borne_by(budget_line__district_id__in=districts)))
        return self.filter(own | SUBMITTED & Q.create(seen, connector=Q.OR)) if seen else self.filter(own)

    def _borne_by(self, **condition: Any) -> Any:
        lines = self.model.versions.rel.related_model.lines.rel.related_model.objects
        return lines.filter(**condition).values("version__fund_request_id")

    def submitted(self) -> Any:
        return self.filter(SUBMITTED)

    def payable_by(self, user: Any) -> Any:
        """Approved requests with a line of a school whose cashier `user` is, and which that school has not paid."""
        schools = rights_of(user).ids(Authority.RECORD_PAYMENT, School)
        if not schools:
            return self.none()
        unpaid = (
            self.model.versions.rel.related_model.lines.rel.related_model.objects.filter(
                school_id__in=schools, version__number=F("version__fund_request__current")
            )
            .exclude(version__fund_request__payments__school_id=F("school_id"))
            .values("version__fund_request_id")
        )
        return self.filter(state__in=["approved", "paying"], pk__in=unpaid).exclude(requester=user)

    def returned_to(self, user: Any) -> Any:
        return self.filter(state="returned", requester=user)


class BudgetLines(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        if not getattr(user, "is_active", False):
            return self.none()
        rights = rights_of(user)
        if rights.anywhere(Authority.VIEW_ALL_FINANCE, Bureau):
            return self
        return self.filter(
            Q(fund__group_id__in=rights.ids(Authority.VIEW_GROUP_FINANCE, EducationGroup))
            | Q(school_id__in=rights.ids(Authority.VIEW_SCHOOL_FINANCE, School))
            | Q(school_id__in=rights.ids(Authority.DRAFT_SCHOOL_REQUEST, School))
            | Q(district_id__in=rights.ids(Authority.VIEW_DISTRICT_FINANCE, District))
        )

    def totals(self) -> dict[str, Any]:
        return self.aggregate(approved=Sum("approved"), reserved=Sum("reserved"), spent=Sum("spent"))


class GroupFunds(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """The funds with a budget line that one sees, the group's own viewers, and the bureau."""
        if not getattr(user, "is_active", False):
            return self.none()
        rights = rights_of(user)
        if rights.anywhere(Authority.VIEW_ALL_FINANCE, Bureau):
            return self
        lines = self.model.lines.rel.related_model.objects.visible_to(user).values("fund_id")
        return self.filter(
            Q(group_id__in=rights.ids(Authority.VIEW_GROUP_FINANCE, EducationGroup)) | Q(pk__in=lines)
        )


class MeasuresRows(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """Published Measures are open to all who sign in; drafts to those who prepare or publish them."""
        if not getattr(user, "is_active", False):
            return self.none()
        rights = rights_of(user)
        if any(rights.anywhere(a, Bureau) for a in (Authority.PREPARE_MEASURES, Authority.PUBLISH_MEASURES)):
            return self
        return self.filter(state=MeasuresState.PUBLISHED)

    def in_force(self, on: dt.date | None = None) -> Any:
        return self.filter(in_force(on), state=MeasuresState.PUBLISHED)
