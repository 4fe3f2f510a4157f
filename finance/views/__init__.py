"""The pages of the special fund."""

from finance import verbs
from finance.models import FundRequest, GroupFund, Measures
from kunshan_edu.core import pages


class FundRequestList(pages.ListPage):
    model = FundRequest
    template = "finance/fund_request_list.html"


class FundRequestDetail(pages.DetailPage):
    model = FundRequest
    template = "finance/fund_request_detail.html"


class FundRequestVerb(pages.VerbPage):
    table = verbs.FUND_REQUEST


class FundRequestNew(pages.FormPage):
    pass


class FundRequestEdit(pages.FormPage):
    pass


class FundRequestPreview(pages.View):
    pass


class FundList(pages.ListPage):
    model = GroupFund
    template = "finance/fund_list.html"


class FundDetail(pages.DetailPage):
    model = GroupFund
    template = "finance/fund_detail.html"


class FundNew(pages.FormPage):
    pass


class FundVerb(pages.VerbPage):
    table = verbs.GROUP_FUND


class BudgetLineVerb(pages.VerbPage):
    table = verbs.BUDGET_LINE


class MeasuresList(pages.ListPage):
    model = Measures
    template = "finance/measures_list.html"


class MeasuresDetail(pages.DetailPage):
    model = Measures
    template = "finance/measures_detail.html"


class MeasuresNew(pages.FormPage):
    pass


class MeasuresVerb(pages.VerbPage):
    table = verbs.MEASURES
