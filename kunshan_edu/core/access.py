"""Who may do what: reads the guardian rows that personnel derives from appointments, and says why.

A right holds only while its row exists *and* the appointment behind it is in force: each row carries the
appointment's own dates, so a right begins and ends at midnight in Shanghai without any job having run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.backends import ObjectPermissionBackend
from guardian.models import UserObjectPermissionBase
from guardian.utils import get_user_obj_perms_model

from kunshan_edu.core import clock
from kunshan_edu.core.fields import Money
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.reasons import Explanation, why, why_not


class Grant(UserObjectPermissionBase):
    """One right of one person on one container (school, group, district, bureau), with where it comes from."""

    source_id = models.PositiveBigIntegerField(_("来源任职"), help_text=_("产生该权限的任职记录"))
    capacity = models.CharField(_("身份"), max_length=60)
    document = models.CharField(_("任职文号"), max_length=60, blank=True)
    clause_id = models.CharField(_("条款"), max_length=8)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    delegation_id = models.PositiveBigIntegerField(_("来源委托"), null=True)
    ceiling = Money(_("委托限额"), null=True)
    giver_id = models.PositiveBigIntegerField(_("委托人"), null=True)
    line = models.CharField(_("条线"), max_length=12, blank=True, help_text=_("空为不限条线"))

    class Meta:
        abstract = True

    @property
    def clause(self) -> Clause:
        return Clause.of(self.clause_id)


def in_force(on: dt.date | None = None) -> Q:
    """Rows whose half-open period [valid_from, valid_to) covers the day; today when none is given."""
    day = on or clock.today()
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def is_in_force(row: Any, on: dt.date | None = None) -> bool:
    """The same of a row in hand."""
    day = on or clock.today()
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def grant_model(model: Any) -> Any:
    """The direct-foreign-key permission model of a container."""
    return get_user_obj_perms_model(model)


@lru_cache(maxsize=512)
def permission_id(model: type[models.Model], codename: str) -> int:
    """The id of a permission declared on a container's Meta; LookupError for one it does not declare."""
    meta = model._meta
    found = Permission.objects.filter(
        content_type__app_label=meta.app_label, content_type__model=meta.model_name, codename=codename
    ).values_list("pk", flat=True)
    if not found:
        raise LookupError(f"{meta.label} declares no permission {codename}")
    return found[0]


def grants(permission: str, model: type[models.Model], on: dt.date | None = None) -> QuerySet[Any]:
    """The rows in force of one permission on one kind of container, of people who may sign in."""
    return grant_model(model).objects.filter(
        in_force(on), permission_id=permission_id(model, str(permission)), user__is_active=True
    )


def standing(user: Any, permission: str, obj: models.Model | None, on: dt.date | None = None) -> Grant | None:
    """The row by which `user` may, or None: by appointment before by delegation. What the audit stores as capacity."""
    if not user or not user.is_active or obj is None:
        return None
    rows = grants(permission, type(obj), on).filter(user_id=user.pk, content_object_id=obj.pk)
    return rows.order_by(F("delegation_id").asc(nulls_first=True), "pk").first()


def has(user: Any, permission: str, obj: models.Model, on: dt.date | None = None) -> bool:
    """May `user` exercise `permission` on `obj` that day? One query; superusers hold nothing by rank."""
    return standing(user, permission, obj, on) is not None


def objects_for(
    user: Any, permission: str, model: type[models.Model], on: dt.date | None = None
) -> QuerySet[Any]:
    """The containers on which `user` holds `permission`, as a lazy queryset."""
    held = grants(permission, model, on).filter(user_id=user.pk).values("content_object_id")
    return model._default_manager.filter(pk__in=held)


def holders(permission: str, obj: models.Model, on: dt.date | None = None) -> QuerySet[Any]:
    """The users who hold `permission` on `obj` that day."""
    held = grants(permission, type(obj), on).filter(content_object_id=obj.pk).values("user_id")
    return apps.get_model("core", "User").objects.filter(pk__in=held).order_by("pk")


@dataclass(frozen=True)
class Right:
    """One right as a page needs it: container label, permission, container id, and the capacity it comes with.

    delegation_id, ceiling (yuan, None: none) and giver_id (user) are of a right that is held by delegation. line: of
    the department of a group that coordinates one line only.
    """

    model: str
    permission: str
    object_id: int
    capacity: str
    source_id: int
    delegation_id: int | None = None
    ceiling: Decimal | None = None
    giver_id: int | None = None
    document: str = ""
    line: str = ""


@dataclass(frozen=True)
class Ground:
    """A right that a verb stands on. of: the column of the row that names the place, where it names several."""

    right: str
    of: str = ""


class Rights:
    """Everything one person may do today, read by one query; remembers what it was asked for and said yes to."""

    def __init__(self, rows: Iterable[Right]) -> None:
        self.rows = tuple(rows)
        self._yes: set[tuple[str, str, int | None]] = set()
        self._ids: dict[tuple[str, str], set[int]] = {}
        for row in self.rows:
            self._ids.setdefault((row.model, row.permission), set()).add(row.object_id)

    def ids(self, permission: str, model: type[models.Model]) -> set[int]:
        key = model._meta.label_lower, str(permission)
        found = self._ids.get(key, set())
        if found:
            self._yes.add((*key, None))
        return found

    def may(self, permission: str, obj: models.Model | None) -> bool:
        if obj is None:
            return False
        key = type(obj)._meta.label_lower, str(permission)
        yes = obj.pk in self._ids.get(key, ())
        if yes:
            self._yes.add((*key, obj.pk))
        return yes

    def held(self, permission: str, model: type[models.Model]) -> list[Right]:
        """Every row of one permission on one kind of container: by appointment and by delegation."""
        label = model._meta.label_lower
        return [r for r in self.rows if (r.model, r.permission) == (label, str(permission))]

    def ground(self, row: Any, grounds: tuple[Ground, ...]) -> Right | None:
        """The right by which something was done to `row`: of those that were asked for and said yes, one of `grounds`.

        Where there are several, the first ground, the place that the row names, an own post before a delegation.
        No grounds given: the one post that said yes, if there is only one.
        """
        said_yes = self.said_yes()
        if not grounds:
            posts = {(r.source_id, r.delegation_id) for r in said_yes}
            return said_yes[0] if len(posts) == 1 else None
        found = [
            (place, r.delegation_id is not None, r.source_id, n, r)
            for n, r in enumerate(said_yes)
            for place in [_place_among(grounds, r, row)]
            if place is not None
        ]
        return min(found)[-1] if found else None

    def said_yes(self) -> list[Right]:
        """The rights that were asked for and are held, an own post before a delegation."""
        asked = [r for r in self.rows if {(*_right(r), r.object_id), (*_right(r), None)} & self._yes]
        return sorted(asked, key=lambda r: (r.delegation_id is not None, r.source_id))

    def anywhere(self, permission: str, model: type[models.Model]) -> bool:
        return bool(self.ids(permission, model))

    def capacity(self, permission: str, obj: models.Model) -> Right | None:
        label = obj._meta.label_lower
        return next(
            (
                r
                for r in self.rows
                if (r.model, r.permission, r.object_id) == (label, str(permission), obj.pk)
            ),
            None,
        )


def _place_among(grounds: tuple[Ground, ...], right: Right, row: Any) -> tuple[int, int] | None:
    """(which ground this right is, how far the row is from naming its place); None when it is none of them."""
    for n, ground in enumerate(grounds):
        if ground.right == right.permission:
            return n, _distance(ground.of, right, row)
    return None


def _distance(column: str, right: Right, row: Any) -> int:
    """0: the row names the place of the right, or is it; 1: it does not."""
    if row._meta.label_lower == right.model and row.pk == right.object_id:
        return 0
    columns = [
        field.attname
        for field in row._meta.concrete_fields
        if column in ("", field.name)
        and field.related_model is not None
        and field.related_model._meta.label_lower == right.model
    ]
    return 0 if any(getattr(row, name) == right.object_id for name in columns) else 1


def _right(row: Right) -> tuple[str, str]:
    return row.model, row.permission


def said_yes(user: Any) -> list[Right]:
    """The rights of `user` that were asked for in the action that is under way, and are held."""
    kept = getattr(user, "_rights", None)
    return kept[1].said_yes() if kept and kept[0] == clock.today() else []


def ground_of(user: Any, row: models.Model, grounds: tuple[Ground, ...]) -> Right | None:
    """By what right `user` does something to `row` in the action that is under way; None when none was asked for."""
    kept = getattr(user, "_rights", None)
    return kept[1].ground(row, grounds) if kept and kept[0] == clock.today() else None


def containers() -> list[type[models.Model]]:
    """The models that carry grants, in a fixed order."""
    found: list[Any] = [m for m in apps.get_models() if issubclass(m, Grant)]
    return sorted(
        (m._meta.get_field("content_object").related_model for m in found), key=lambda m: m._meta.label_lower
    )


def rows_of(*users: Any) -> list[Grant]:
    """Every row of these accounts, of any date, on every container; by container, then by permission."""
    found: list[Grant] = []
    for model in containers():
        rows = (
            grant_model(model).objects.filter(user__in=users).select_related("permission", "content_object")
        )
        found += rows.order_by("content_object", "permission", "valid_from", "pk")
    return found


def _rows(model: type[models.Model]) -> str:
    meta, table = model._meta, grant_model(model)._meta.db_table
    return (
        f"SELECT '{meta.label_lower}', p.codename, g.content_object_id, g.capacity, g.source_id,"  # noqa: S608
        " g.delegation_id, g.ceiling, g.giver_id, g.document, g.line"
        f" FROM {table} g JOIN auth_permission p ON p.id = g.permission_id"
        " WHERE g.user_id = %(user)s AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)"
    )


@lru_cache(maxsize=1)
def _rights_statement() -> str:
    """The rows in force of one person on every container; written out, as building it cost more than running it."""
    return " UNION ALL ".join(map(_rows, containers()))


def rights_of(user: Any, *, fresh: bool = False, on: dt.date | None = None) -> Rights:
    """All rights of `user` on a day (today), kept on the user object for the rest of the request unless `fresh`.

    An action begins with `forget_rights`, so what it decides on was read inside its own transaction.
    """
    if not getattr(user, "is_active", False) or user.pk is None:
        return Rights(())
    day = on or clock.today()
    kept = getattr(user, "_rights", None)
    if kept and kept[0] == day and not fresh:
        return kept[1]
    with connection.cursor() as cursor:
        cursor.execute(_rights_statement(), {"user": user.pk, "day": day})
        rights = Rights(Right(*row) for row in cursor.fetchall())
    user._rights = (day, rights)
    return rights


def forget_rights(user: Any) -> None:
    """Have the next `rights_of` read the database."""
    if user is not None:
        user._rights = None


def explain(user: Any, permission: str, obj: models.Model, on: dt.date | None = None) -> Explanation:
    """Why `user` may or may not that day, today or any other: rows keep their dates, so the past is answered too."""
    day, model = on or clock.today(), type(obj)
    ever = grant_model(model).objects.filter(permission_id=permission_id(model, str(permission)))
    mine = list(ever.filter(user_id=user.pk).select_related("content_object").order_by("valid_from", "pk"))
    giving = tuple(r for r in mine if r.content_object_id == obj.pk and is_in_force(r, day))
    holding = grants(permission, model, day).filter(content_object_id=obj.pk).select_related("user")
    allowed = bool(giving) and user.is_active
    return Explanation(
        allowed=allowed,
        permission=str(permission),
        permission_label=dict(model._meta.permissions)[str(permission)],
        object=obj,
        user=user,
        day=day,
        grants=giving,
        holding=tuple(holding.order_by("user_id", "pk")),
        reasons=tuple(why(giving) if allowed else why_not(user, mine, obj, day)),
    )


class InForceBackend(ObjectPermissionBackend):
    """`user.has_perm(permission, obj)` gives the same answer as `has()`: dates count, rank does not."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        if obj is None or type(obj) not in containers():
            return False
        codename = perm.split(".")[-1]
        try:
            return has(user_obj, codename, obj)
        except LookupError:
            return False

    def get_all_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        if obj is None or type(obj) not in containers():
            return set()
        rights = rights_of(user_obj)
        label = obj._meta.label_lower
        return {r.permission for r in rights.rows if r.model == label and r.object_id == obj.pk}
