"""The pages of the special fund."""

from finance.views.budget import BudgetLineVerb, FundDetail, FundList, FundNew, FundVerb
from finance.views.drafting import FundRequestEdit, FundRequestNew, FundRequestPreview
from finance.views.fund_request import FundRequestDetail, FundRequestList, FundRequestVerb
from finance.views.measures import MeasuresDetail, MeasuresList, MeasuresNew, MeasuresVerb

__all__ = [
    "BudgetLineVerb",
    "FundDetail",
    "FundList",
    "FundNew",
    "FundRequestDetail",
    "FundRequestEdit",
    "FundRequestList",
    "FundRequestNew",
    "FundRequestPreview",
    "FundRequestVerb",
    "FundVerb",
    "MeasuresDetail",
    "MeasuresList",
    "MeasuresNew",
    "MeasuresVerb",
]
