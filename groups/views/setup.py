"""What personnel has set up at a group or a school today, as small cards of its page: in one query for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from groups.choices import Authority
from groups.models import Bureau, EducationGroup, Membership, School
from kunshan_edu.core.access import Rights


@dataclass(frozen=True)
class Kind:
    """One kind of such rows: its relation, the noun of its addresses, its name and its word, who records it.

    name, word: columns; a column with choices is shown in its words. form: the address of the form's field.
    """

    relation: str
    title: Any
    noun: str
    name: str
    word: str
    right: Authority
    on: type[models.Model]
    form: str = ""

    def rows_of(self, owner: models.Model) -> Any:
        """The rows of today; what hangs on a membership is found by its school."""
        if self.relation == "plaques":
            plaques = Membership.plaques.rel.related_model.objects  # type: ignore[attr-defined]
            return plaques.in_force().filter(membership__school=owner)
        return getattr(owner, self.relation).in_force()

    def words(self, column: str, value: str, rows: Any) -> Any:
        """A value as people read it."""
        words = {str(key): label for key, label in rows.model._meta.get_field(column).flatchoices}
        return words.get(value, value)


PARTY = Kind(
    "party_organisations",
    pgettext_lazy("列表", "党组织"),
    "personnel:party_organisation",
    "name",
    "kind",
    Authority.MANAGE_APPOINTMENTS,
    Bureau,
)
UNITS = Kind(
    "units",
    pgettext_lazy("列表", "内设机构"),
    "personnel:org_unit",
    "name",
    "line",
    Authority.MANAGE_GROUP_UNITS,
    EducationGroup,
)
QUOTAS = Kind(
    "quotas",
    pgettext_lazy("列表", "职数"),
    "personnel:post_quota",
    "level",
    "posts",
    Authority.SET_QUOTAS,
    Bureau,
)
PLAQUES = Kind(
    "plaques",
    pgettext_lazy("列表", "牌匾"),
    "personnel:plaque",
    "text",
    "kind",
    Authority.EDIT_SCHOOL_PROFILE,
    School,
)
POLICIES = Kind(
    "policies",
    pgettext_lazy("列表", "集团制度"),
    "groups:policy",
    "title",
    "slot",
    Authority.ADOPT_POLICIES,
    EducationGroup,
)
OF_A_GROUP = (PARTY, UNITS, QUOTAS, POLICIES)
OF_A_SCHOOL = (PARTY, UNITS, PLAQUES, QUOTAS)


@dataclass
class Card:
    """One small card: its rows as (name, word, address), the whole list, and the form for who may."""

    title: Any
    every: str
    new: str = ""
    rows: list[tuple[Any, Any, str]] = field(default_factory=list)


def cards(owner: EducationGroup | School, rights: Rights, group: EducationGroup | None) -> list[Card]:
    """The cards of a group's or a school's page. group: the one that the owner is, or is a member of today."""
    kinds = OF_A_GROUP if isinstance(owner, EducationGroup) else OF_A_SCHOOL
    scope = "group" if isinstance(owner, EducationGroup) else "school"
    found = {kind.relation: _card(kind, f"?{scope}={owner.pk}") for kind in kinds}
    held = {kind.relation: kind.rows_of(owner) for kind in kinds}
    for kind in kinds:
        if _may(kind, owner, rights, group):
            found[kind.relation].new = f"{reverse(f'{kind.noun}_new')}?{scope}={owner.pk}"
    by_relation = {kind.relation: kind for kind in kinds}
    for relation, pk, name, word in _together(held, kinds):
        kind, rows = by_relation[relation], held[relation]
        told = kind.words(kind.name, name, rows), kind.words(kind.word, word, rows)
        found[relation].rows.append((*told, reverse(f"{kind.noun}_detail", args=[pk])))
    return list(found.values())


def _card(kind: Kind, query: str) -> Card:
    return Card(kind.title, f"{reverse(f'{kind.noun}_list')}{query}")


def _together(held: dict[str, Any], kinds: Iterable[Kind]) -> Any:
    """(relation, key, name, word) of the rows of every kind, in one journey."""
    text = TextField()
    told = [
        held[kind.relation]
        .order_by()
        .values_list(Value(kind.relation, text), "pk", Cast(F(kind.name), text), Cast(F(kind.word), text))
        for kind in kinds
    ]
    return sorted(told[0].union(*told[1:], all=True))


def _may(kind: Kind, owner: models.Model, rights: Rights, group: EducationGroup | None) -> bool:
    """May the reader record such a row here?"""
    if kind.on is Bureau:
        return rights.anywhere(kind.right, Bureau)
    return rights.may(kind.right, group if kind.on is EducationGroup else owner)
