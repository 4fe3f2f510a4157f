"""A person as people type one: by name, by staff number or user name; among thousands a list helps nobody."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.access import in_force
from personnel.models import OrgUnit, Person

NAMED = re.compile(r"^(?P<name>[^（(]+)[（(](?P<key>[^）)]+)[）)]$")  # 王某（T0001）
MOST_NAMED = 5


def called(person: Person) -> str:
    """A person so that nobody else is meant: 王某（T0001）."""
    staff = getattr(person, "staff", None)
    key = staff.staff_no if staff else person.user.username if person.user else f"#{person.pk}"
    return f"{person.name}（{key}）"


class PersonField(forms.ModelChoiceField):
    """人员, typed: 王某, 王某（工号）, a staff number, or a user name; a program sends the number of the row."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {  # noqa: RUF012 - Django's own name
        "invalid_choice": _("没有找到这个人，请核对姓名、工号或用户名；还没有登记的，请先登记人员。"),
        "several": _("有 %(n)s 人同名，请写成其中之一：%(named)s。"),
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        hint = _("填写姓名；有同名的，按提示加上工号或用户名。")
        rows = Person.objects.none() if queryset is None else queryset
        super().__init__(rows, **{"help_text": hint, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """The number of a row in words; what was typed as it was typed."""
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
            found = self._rows().filter(pk=value).first() if len(str(value)) < 19 else None
            return called(found) if found else value
        return value

    def to_python(self, value: Any) -> Person | None:
        if value in self.empty_values:
            return None
        found = list(self._meant(value)[: MOST_NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        named = gettext("、").join(called(person) for person in found[:MOST_NAMED])
        params = {"n": len(found), "named": named}
        raise ValidationError(self.error_messages["several"], code="several", params=params)

    def _rows(self) -> Any:
        rows = self.queryset.select_related("user", "staff")
        return rows.defer("identity_number", "phone")

    def _meant(self, value: Any) -> Any:
        rows, text = self._rows(), str(value).strip()
        if isinstance(value, int):
            return rows.filter(pk=value) if abs(value) < 2**63 else rows.none()
        if split := NAMED.match(text):
            return rows.filter(_keyed(split["key"].strip()), name=split["name"].strip())
        if text.isdecimal():
            by_number = rows.filter(staff__staff_no=text)
            return by_number if by_number.exists() or len(text) > 18 else rows.filter(pk=text)
        by_name = rows.filter(name=text)
        return by_name if by_name.exists() else rows.filter(_keyed(text))


def _keyed(key: str) -> Q:
    """By staff number, user name, or #number of the row."""
    either = Q(staff__staff_no=key) | Q(user__username=key)
    return either | Q(pk=key[1:]) if re.fullmatch(r"#[0-9]{1,18}", key) else either


class UnitField(forms.ModelChoiceField):
    """内设机构, named with the group or school that it belongs to."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.group or obj.school} · {obj.name}"


def units_of(scope: str, containers: Any) -> Any:
    """The units in force of these groups or schools; none for posts that are held elsewhere."""
    if scope not in ("group", "school"):
        return OrgUnit.objects.none()
    rows = OrgUnit.objects.filter(in_force(), **{f"{scope}__in": containers})
    return rows.select_related("group", "school")
