"""Money: numeric(14,2) yuan whose column check has an upper bound, and the period of a dated row."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.db import models
from django.db.models import Func, Value

MOST = "999999999999.99"


class Money(models.DecimalField):
    """Yuan, two decimals, 0 … 999,999,999,999.99; `signed` for the deltas of moves.

    The upper bound is what refuses NaN: in PostgreSQL NaN is greater than every number.
    """

    def __init__(self, *args: Any, signed: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.signed:
            kwargs["signed"] = True
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "DecimalField"

    def db_check(self, connection: Any) -> str:
        column = connection.ops.quote_name(self.column)
        least = f"-{MOST}" if self.signed else "0"
        return f"{column} >= {least} AND {column} <= {MOST}"


def period() -> Func:
    """The half-open range [valid_from, valid_to) of a dated row, for exclusion constraints."""
    return Func("valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField())


def same(column: str) -> Func:
    """A scalar as a range of itself, so that a GiST exclusion needs no extension (btree_gist is not at hand)."""
    return Func(column, column, Value("[]"), function="int8range", output_field=BigIntegerRangeField())
