"""The special fund in the API: fund requests, funds with their budget lines, Measures."""

from finance.api.budget import BudgetLines, GroupFunds
from finance.api.fund_request import FundRequests
from finance.api.measures import MeasuresNoun

ENDPOINTS = (
    ("fund-requests", FundRequests),
    ("group-funds", GroupFunds),
    ("budget-lines", BudgetLines),
    ("measures", MeasuresNoun),
)

__all__ = ["ENDPOINTS", "BudgetLines", "FundRequests", "GroupFunds", "MeasuresNoun"]
