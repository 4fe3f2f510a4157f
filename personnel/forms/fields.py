"""A person as people type one, by name, staff number or user name, with suggestions: a list of thousands is no help."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core.access import in_force
from personnel.models import Appointment, OrgUnit, Person, Staff
from personnel.querysets import SCOPES

NAMED = re.compile(r"^(?P<name>[^（(]+)[（(](?P<key>[^）)]+)[）)]$")  # 王某（T0001）
BETWEEN = re.compile(r"[\n\r\t、，,；;]+")
MOST_NAMED = 5
MOST_SUGGESTED = 10


def called(person: Person) -> str:
    """A person so that nobody else is meant: 王某（T0001）."""
    staff = getattr(person, "staff", None)
    key = staff.staff_no if staff else person.user.username if person.user else f"#{person.pk}"
    return f"{person.name}（{key}）"


class TypedField(forms.ModelChoiceField):
    """A row about a person, typed: 王某, 王某（工号）, a staff number, or a user name; a program sends its number.

    about: the way from the row to the person. number: the way to the staff number. While one types, the page
    offers by `suggest` who may be meant.
    """

    about = ""
    number = "staff__staff_no"
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {  # noqa: RUF012 - Django's own name
        "several": _("有 %(n)s 人同名，请写成其中之一：%(named)s。"),
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        hint = _("输入姓名或工号，从提示中选择；也可以直接写全姓名、工号或用户名。")
        super().__init__(queryset, **{"help_text": hint, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """The number of a row in words; what was typed as it was typed."""
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
            found = self._rows().filter(pk=value).first() if len(str(value)) < 19 else None
            return self.called(found) if found else value
        return value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        found = list(self._meant(value)[: MOST_NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        named = gettext("、").join(self.called(row) for row in found[:MOST_NAMED])
        params = {"n": len(found), "named": named}
        raise ValidationError(self.error_messages["several"], code="several", params=params)

    def suggest(self, text: str) -> list[tuple[str, str]]:
        """Who may be meant by what is typed so far: (what to fill in, where they are); nobody once it is said."""
        text = text.strip()
        if not text or NAMED.match(text):
            return []
        name, user = f"{self.about}name", f"{self.about}user__username"
        begun = Q(**{f"{self.number}__istartswith": text}) | Q(**{f"{user}__istartswith": text})
        rows = self._rows().filter(begun | Q(**{f"{name}__icontains": text}))
        found = self.placed(rows.order_by(name, "pk"))[:MOST_SUGGESTED]
        return [(self.called(row), self.place(row)) for row in found]

    def called(self, row: Any) -> str:
        raise NotImplementedError

    def placed(self, rows: Any) -> Any:
        """The rows with what `place` reads."""
        raise NotImplementedError

    def place(self, row: Any) -> str:
        """Where this row is found, to tell namesakes apart: public, or known to whoever may choose the row."""
        raise NotImplementedError

    def _rows(self) -> Any:
        whole = self.about.rstrip("_")
        rows = self.queryset.select_related(*filter(None, (whole, f"{self.about}user")))
        return rows.defer(f"{self.about}identity_number", f"{self.about}phone")

    def _meant(self, value: Any) -> Any:
        rows, text = self._rows(), str(value).strip()
        if isinstance(value, int):
            return rows.filter(pk=value) if abs(value) < 2**63 else rows.none()
        if split := NAMED.match(text):
            return rows.filter(
                self._keyed(split["key"].strip()), **{f"{self.about}name": split["name"].strip()}
            )
        if text.isdecimal():
            by_number = rows.filter(**{self.number: text})
            return by_number if by_number.exists() or len(text) > 18 else rows.filter(pk=text)
        by_name = rows.filter(**{f"{self.about}name": text})
        return by_name if by_name.exists() else rows.filter(self._keyed(text))

    def _keyed(self, key: str) -> Q:
        """By staff number, user name, or #number of the row."""
        either = Q(**{self.number: key}) | Q(**{f"{self.about}user__username": key})
        return either | Q(pk=key[1:]) if re.fullmatch(r"#[0-9]{1,18}", key) else either


class PersonField(TypedField):
    """人员, typed."""

    default_error_messages = {  # noqa: RUF012 - Django's own name
        "invalid_choice": _("没有找到这个人，请核对姓名、工号或用户名；还没有登记的，请先登记人员。"),
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(Person.objects.none() if queryset is None else queryset, **kwargs)

    def called(self, row: Person) -> str:
        return called(row)

    def placed(self, rows: Any) -> Any:
        held = Appointment.objects.in_force().select_related(*SCOPES)
        return rows.prefetch_related(Prefetch("appointments", held, to_attr="held"))

    def place(self, row: Any) -> str:
        return " ".join(f"{post.container} {post.get_post_display()}" for post in row.held[:1])

    def _rows(self) -> Any:
        return super()._rows().select_related("staff", "user")


class StaffField(TypedField):
    """教职工, typed; their school of the establishment tells namesakes apart."""

    about, number = "person__", "staff_no"
    default_error_messages = {  # noqa: RUF012 - Django's own name
        "invalid_choice": _("没有找到这名教职工，请核对姓名或工号；不在您管理范围内的不能选。"),
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(Staff.objects.none() if queryset is None else queryset, **kwargs)

    def called(self, row: Staff) -> str:
        return str(row)

    def placed(self, rows: Any) -> Any:
        return rows.with_record()

    def place(self, row: Any) -> str:
        return str(row.school_name or "")


class StaffListField(forms.ModelMultipleChoiceField):
    """几名教职工, one a line, as copied from a spreadsheet; a program sends a list with the numbers of the rows."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})
    default_error_messages = {  # noqa: RUF012 - Django's own name
        "nobody": _("没有找到：%(named)s。请核对姓名或工号，每行写一人。"),
        "several": _("有同名的：%(named)s。请改写工号。"),
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        hint = _("每行一人，写姓名或工号，可以从表格整列复制；同名的写工号。")
        super().__init__(
            Staff.objects.none() if queryset is None else queryset, **{"help_text": hint, **kwargs}
        )

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().clean(value)
        written = dict.fromkeys(filter(None, (part.strip() for part in BETWEEN.split(value))))
        if self.required and not written:
            raise ValidationError(self.error_messages["required"], code="required")
        return self._found(list(written))

    def _found(self, written: list[str]) -> list[Staff]:
        """The row of each entry: by its staff number, or by a name that only one of them has."""
        keys = [split["key"].strip() if (split := NAMED.match(text)) else text for text in written]
        rows = self.queryset.filter(Q(staff_no__in=keys) | Q(person__name__in=keys))
        meant: dict[str, list[Staff]] = {}
        for row in rows.select_related("person").defer("person__identity_number", "person__phone"):
            meant.setdefault(row.person.name, []).append(row)
            meant[row.staff_no] = [row]
        self._refuse("nobody", [text for text, key in zip(written, keys, strict=True) if key not in meant])
        self._refuse("several", [key for key in keys if len(meant[key]) > 1])
        return list(dict.fromkeys(meant[key][0] for key in keys))

    def _refuse(self, code: str, wrong: list[str]) -> None:
        if wrong:
            named = gettext("、").join(wrong[:MOST_NAMED])
            raise ValidationError(self.error_messages[code], code=code, params={"named": named})


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
