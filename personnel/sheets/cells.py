"""What the cells of personnel's sheets hold: identity, telephone and document numbers, schools; and the last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from groups.models import School
from kunshan_edu.core import codes
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.sheets import Kind, code

A_DAY = dt.timedelta(days=1)


def tidied(tidy: Callable[[str], str], fault: Callable[[str], Denial | None], how: Any) -> Kind:
    """A number that is tidied first and judged then, as the forms do."""
    plain = code(upper=False).read

    def read(cell: Any) -> str:
        number = tidy(plain(cell))
        demand(fault(number))
        return number

    return Kind(read, how)


def identity_number() -> Kind:
    return tidied(codes.tidy_code, codes.identity_number_fault, _("18 位身份证号，该列设为文本格式"))


def phone() -> Kind:
    return tidied(codes.tidy_phone, codes.phone_fault, _("11 位手机号码，或带区号的固定电话"))


def document() -> Kind:
    return tidied(str, codes.document_no_fault, _("文号，例如 昆教人〔2026〕9号"))


def all_schools(_by: Any) -> list[tuple[str, str]]:
    """(identifier, name) of every school."""
    return list(School.objects.order_by("position", "pk").values_list("identifier", "name"))


def after(last: dt.date | None) -> dt.date | None:
    """The inclusive last day of a cell as the end of a half-open period."""
    return last + A_DAY if last else None


def last(end: dt.date | None) -> dt.date | None:
    """The end of a half-open period as the last day that people read."""
    return end - A_DAY if end else None
