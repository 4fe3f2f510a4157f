"""The tables of the special fund, by noun, and the sentences of what their triggers refuse."""

from finance.models.budget import BudgetLine, BudgetMove, ExpenseCategory, GroupFund
from finance.models.decision import Decision, EscalationNotice, Minutes
from finance.models.fund_request import (
    DraftLine,
    FundRequest,
    RequestLine,
    RequestStep,
    RequestVersion,
)
from finance.models.measures import ApprovalLimit, LimitStep, Measures
from finance.models.payment import Payment
from finance.models.refusals import REFUSALS

__all__ = [
    "REFUSALS",
    "ApprovalLimit",
    "BudgetLine",
    "BudgetMove",
    "Decision",
    "DraftLine",
    "EscalationNotice",
    "ExpenseCategory",
    "FundRequest",
    "GroupFund",
    "LimitStep",
    "Measures",
    "Minutes",
    "Payment",
    "RequestLine",
    "RequestStep",
    "RequestVersion",
]
