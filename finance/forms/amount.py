"""金额栏: money as people type it, read by the same rules everywhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kunshan_edu.core.money import AmountError, format_money, parse_amount
from kunshan_edu.core.templatetags.kg import say


class AmountField(forms.CharField):
    """Yuan as typed: 1,200.00, １２００, 1.2万; each mistake with its own sentence, and what is read is echoed.

    zero: 0 is an amount here, as where a range begins.
    """

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        self.zero = zero
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def to_python(self, value: Any) -> Decimal | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return self._read(text)
        except AmountError as error:
            raise ValidationError(say(error.denial), code=error.denial.code) from error

    def _read(self, text: str) -> Decimal:
        try:
            return parse_amount(text)
        except AmountError as error:
            nothing = error.denial.code == "amount_not_positive" and not set(text) & set("-－−")
            if self.zero and nothing:
                return Decimal("0.00")
            raise

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: lengths and characters were looked at when it was read."""

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - Django's signature
        """What is put back into the input: normalised when it could be read, as typed when not."""
        try:
            return self.prepare_value(self.to_python(data))
        except ValidationError:
            return data

    def prepare_value(self, value: Any) -> Any:
        return format_money(value) if isinstance(value, Decimal) else value
