"""What a person types about the special fund; cleaned data are the action's keyword arguments."""

from finance.forms.budget import AllocationForm, CutForm, FundForm
from finance.forms.draft import DraftForm, options_for, rows_in, typed_in
from finance.forms.fund_request import MinutesForm, OpinionForm, OptionalOpinionForm, PaymentForm
from finance.forms.measures import EndForm, LimitForm, MeasuresForm
from kunshan_edu.core.forms import AmountField

__all__ = [
    "AllocationForm",
    "AmountField",
    "CutForm",
    "DraftForm",
    "EndForm",
    "FundForm",
    "LimitForm",
    "MeasuresForm",
    "MinutesForm",
    "OpinionForm",
    "OptionalOpinionForm",
    "PaymentForm",
    "options_for",
    "rows_in",
    "typed_in",
]
