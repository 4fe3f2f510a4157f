"""What is asked about rights: whose, which, on what, on which day; and the answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from groups.choices import (
    BUREAU_AUTHORITIES,
    DISTRICT_AUTHORITIES,
    GROUP_AUTHORITIES,
    SCHOOL_AUTHORITIES,
    Authority,
)
from groups.models import Bureau, District, EducationGroup, Membership, School
from kunshan_edu.core import access, clock
from kunshan_edu.core.forms import DayField, PlainForm
from kunshan_edu.core.models import User
from kunshan_edu.core.reasons import Explanation, Reason
from personnel.choices import AppointmentState, Post, Scope
from personnel.grants import RIGHTS
from personnel.models import Appointment

# Where a right may be held: the words of `Scope`, with the model and its rights.
PLACES: dict[Scope, tuple[Any, tuple[Authority, ...]]] = {
    Scope.SCHOOL: (School, SCHOOL_AUTHORITIES),
    Scope.GROUP: (EducationGroup, GROUP_AUTHORITIES),
    Scope.DISTRICT: (District, DISTRICT_AUTHORITIES),
    Scope.BUREAU: (Bureau, BUREAU_AUTHORITIES),
}
MOST_FOUND = 20
NOT_YET = (
    AppointmentState.NOMINATED,
    AppointmentState.PROPOSED,
    AppointmentState.SELECTING,
    AppointmentState.NOTICE,
)
AWAITING = gettext_noop("任职（%(post)s）已登记，尚在“%(state)s”，审定后才带来这项权限。")


def scope_of(right: str) -> Scope:
    """The kind of container that a right stands on."""
    return next(scope for scope, (_model, rights) in PLACES.items() if right in rights)


def posts_with(right: str, *, on_members: bool | None = None) -> list[Post]:
    """The posts that confer a right; where asked, only those that confer it on members, or on their own container."""
    return [
        post
        for post, conferred in RIGHTS.items()
        if any(c.authority == right and on_members in (None, c.on_members) for c in conferred)
    ]


def _rights() -> list[Any]:
    return [
        (scope.label, [(right.value, right.label) for right in rights])
        for scope, (_model, rights) in PLACES.items()
    ]


def _places() -> list[Any]:
    return [
        (scope.label, [(f"{scope.value}:{row.pk}", str(row)) for row in model.objects.all()])
        for scope, (model, _rights) in PLACES.items()
    ]


def chosen(query: Mapping[str, Any]) -> bool:
    """Was anything asked at all?"""
    return any(query.get(name) for name in ("who", "right", "place"))


class ExplainForm(PlainForm):
    """权限说明: a question about one's own rights; about anybody's for who holds EXPLAIN_RIGHTS."""

    who = forms.CharField(label=_("人员"), max_length=60, help_text=_("姓名或用户名"))
    right = forms.ChoiceField(label=_("权限"), choices=[("", _("请选择")), *_rights()])
    place = forms.ChoiceField(label=_("对象"), required=False, help_text=_("市教育局的权限不用选择对象。"))
    on = DayField(label=_("日期"), required=False, help_text=_("不填为今天，可以是过去或将来的任何一天。"))

    def __init__(self, data: Any = None, *, asker: Any, others: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asker = asker
        self.fields["place"].choices = [("", _("请选择")), *_places()]
        if not others:
            del self.fields["who"]

    def clean_place(self) -> models.Model | None:
        """The container chosen, which has to be of the kind that the right stands on; the bureau is the only one."""
        right, place = self.cleaned_data.get("right"), self.cleaned_data["place"]
        if not right:
            return None
        scope = scope_of(right)
        if scope == Scope.BUREAU:
            return Bureau.objects.get()
        kind, _colon, pk = place.partition(":")
        if kind != scope.value:
            label = {"right": Authority(right).label, "kind": scope.label}
            raise forms.ValidationError(
                _("“%(right)s”是%(kind)s的权限，请在对象中选择一个%(kind)s。") % label
            )
        return PLACES[scope][0].objects.get(pk=pk)

    def clean_on(self) -> dt.date:
        return self.cleaned_data["on"] or clock.today()

    @cached_property
    def found(self) -> list[User]:
        """The accounts that are meant: oneself, the one of that user name, or all whose name has these words."""
        text = self.cleaned_data.get("who")
        if text is None:
            return [self.asker]
        exact = User.objects.filter(username=text)
        named = User.objects.filter(Q(name__icontains=text) | Q(username__icontains=text))
        return list(exact) or list(named.order_by("name", "pk")[:MOST_FOUND])

    def explain(self) -> Explanation:
        """The answer, about the one account found: what core knows, and what personnel has not yet confirmed."""
        asked = self.cleaned_data
        told = access.explain(self.found[0], asked["right"], asked["place"], asked["on"])
        if told.allowed:
            return told
        return dataclasses.replace(
            told, reasons=(*self._awaiting(asked["right"], asked["place"]), *told.reasons)
        )

    def _awaiting(self, right: str, place: models.Model) -> Iterable[Reason]:
        """Appointments that would give the right, were they confirmed; only those that the asker may know of."""
        if self.cleaned_data["on"] < clock.today():
            return
        rows = Appointment.objects.visible_to(self.asker).filter(
            person__user=self.found[0], state__in=NOT_YET
        )
        for row in rows.filter(_conferring(right, place)):
            params = {"post": row.get_post_display(), "state": row.get_state_display()}
            yield Reason("awaiting", AWAITING, params, places=(row,))


def _conferring(right: str, place: models.Model) -> Q:
    """Appointments whose post confers the right at the place: held there, or in the group of that school."""
    own = posts_with(right, on_members=False)
    here = Q(post__in=own, **{scope_of(right).value: place})
    if not isinstance(place, School):
        return here
    groups = Membership.objects.in_force().filter(school=place).values("group")
    return here | Q(post__in=posts_with(right, on_members=True), group__in=groups)
