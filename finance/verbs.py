"""The verbs of the special fund: what feeds buttons, addresses, the API and the permission tests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance import forms
from finance.actions import budget, deciding, drafting, measures, paying, submitting
from finance.actions.cases import case_for
from finance.models import BudgetLine, FundRequest, GroupFund, Measures
from finance.rules import budget as budget_rules
from finance.rules import fund_request as rules
from finance.rules import measures as measures_rules
from groups.choices import Authority
from kunshan_edu.core.verbs import Verb, VerbTable


def seen_in(content: Mapping[str, Any]) -> rules.Seen | None:
    """The version, digest and amount that the decider had on the screen; None when the door sent none of them."""
    if not any(content.get(name) for name in ("version", "digest", "amount")):
        return None
    try:
        version, amount = int(content.get("version") or 0), Decimal(str(content.get("amount") or 0))
    except (ValueError, InvalidOperation):
        version, amount = 0, Decimal(0)
    return rules.Seen(version, str(content.get("digest") or ""), amount)


FUND_REQUEST = VerbTable(
    "fund_request",
    FundRequest,
    case_for,
    (
        Verb(
            "submit",
            _("提交"),
            rules.cannot_submit,
            submitting.submit,
            done=_("已提交。"),
            style="p",
            icon="send",
        ),
        Verb(
            "approve",
            _("同意"),
            rules.cannot_approve,
            deciding.approve,
            forms.OptionalOpinionForm,
            done=_("已同意。"),
            binds=seen_in,
            moves=True,
            style="p",
            icon="check",
            key="a",
        ),
        Verb(
            "return",
            _("退回"),
            rules.cannot_return,
            deciding.return_,
            forms.OpinionForm,
            done=_("已退回，申请人可以修改后再报。"),
            binds=seen_in,
            moves=True,
            icon="arrow-back-up",
            key="r",
        ),
        Verb(
            "reject",
            _("驳回"),
            rules.cannot_reject,
            deciding.reject,
            forms.OpinionForm,
            done=_("已驳回，本申请终止。"),
            binds=seen_in,
            moves=True,
            style="d",
            icon="ban",
            key="x",
        ),
        Verb(
            "record_minutes",
            _("登记会议纪要"),
            rules.cannot_record_minutes,
            deciding.record_minutes,
            forms.MinutesForm,
            done=_("会议纪要已登记。"),
            icon="file-text",
        ),
        Verb(
            "pay",
            _("登记支付"),
            rules.cannot_pay,
            paying.pay,
            forms.PaymentForm,
            done=_("支付已登记。"),
            moves=True,
            style="p",
            icon="coin-yuan",
        ),
        Verb(
            "withdraw",
            _("撤回"),
            rules.cannot_withdraw,
            deciding.withdraw,
            done=_("已撤回，占用的预算已释放。"),
            icon="arrow-back-up",
        ),
        Verb(
            "cancel",
            _("作废"),
            rules.cannot_cancel,
            deciding.cancel,
            forms.OpinionForm,
            done=_("已作废，占用的预算已释放。"),
            style="d",
            icon="ban",
        ),
        Verb(
            "delete",
            _("删除草稿"),
            rules.cannot_delete,
            drafting.delete,
            done=_("草稿已删除。"),
            style="d",
            icon="trash",
        ),
    ),
    "finance:fund_request_verb",
    home="finance:fund_request_list",
)

GROUP_FUND = VerbTable(
    "group_fund",
    GroupFund,
    budget.case_for,
    (
        Verb(
            "allocate",
            _("下达预算"),
            budget_rules.cannot_allocate,
            budget.allocate,
            forms.AllocationForm,
            done=_("预算已下达。"),
            style="p",
            icon="plus",
        ),
        Verb(
            "freeze",
            _("年末冻结"),
            budget_rules.cannot_freeze,
            budget.freeze,
            done=_("已冻结，本年度不再受理申请。"),
            style="d",
            icon="lock",
        ),
    ),
    "finance:fund_verb",
)

BUDGET_LINE = VerbTable(
    "budget_line",
    BudgetLine,
    lambda line, by: budget.case_for(line.fund, by),
    (
        Verb(
            "cut",
            _("核减"),
            budget_rules.cannot_allocate,
            budget.cut,
            forms.CutForm,
            done=_("预算已核减。"),
            style="d",
            icon="minus",
        ),
    ),
    "finance:budget_line_verb",
)

MEASURES = VerbTable(
    "measures",
    Measures,
    measures.case_for,
    (
        Verb(
            "add_limit",
            _("增加限额"),
            measures_rules.cannot_prepare,
            measures.add_limit,
            forms.LimitForm,
            done=_("限额已增加。"),
            icon="plus",
        ),
        Verb(
            "publish",
            _("发布"),
            measures_rules.cannot_publish,
            measures.publish,
            done=_("使用办法已发布。"),
            style="p",
            icon="check",
        ),
        Verb(
            "end",
            _("废止"),
            measures_rules.cannot_end,
            measures.end,
            forms.EndForm,
            done=_("废止日期已登记。"),
            style="d",
            icon="ban",
        ),
    ),
    "finance:measures_verb",
)

# What the audit trail calls the verbs of the special fund.
WORDS = {
    "finance.open_fund": _("设立集团年度经费"),
    "finance.open_line": _("设立预算明细"),
    "finance.allocate": _("下达预算"),
    "finance.cut": _("核减预算"),
    "finance.freeze": _("年末冻结"),
    "finance.prepare_measures": _("拟订使用办法"),
    "finance.add_limit": _("增加审批限额"),
    "finance.publish": _("发布使用办法"),
    "finance.end_measures": _("废止使用办法"),
    "finance.draft": _("起草申请"),
    "finance.edit": _("修改申请"),
    "finance.delete_draft": _("删除草稿"),
    "finance.submit": _("提交申请"),
    "finance.number": _("编号"),
    "finance.approve": _("同意"),
    "finance.return": _("退回"),
    "finance.reject": _("驳回"),
    "finance.refuse": _("退回或驳回"),
    "finance.withdraw": _("撤回申请"),
    "finance.cancel": _("作废申请"),
    "finance.record_minutes": _("登记会议纪要"),
    "finance.pay": _("登记支付"),
    "finance.lift": _("提级办理"),
    "finance.remind": _("催办"),
    "finance.escalate": _("提级提醒"),
    "finance.close_chain": _("审批环节失效"),
}

# What a right lets one do, in plain words, and the page where it is done.
DOORS = {
    Authority.VIEW_SCHOOL_FINANCE: (_("查看学校的预算、用款申请和支付。"), "finance:fund_request_list"),
    Authority.DRAFT_SCHOOL_REQUEST: (_("起草并提交学校的用款申请。"), "finance:fund_request_new"),
    Authority.APPROVE_AS_PRINCIPAL: (_("审批限额以内的本校申请；超限额的先由您同意，再报上级。"), "home"),
    Authority.RECORD_PAYMENT: (_("为批准的申请登记支付。"), "home"),
    Authority.KEEP_ACCOUNTS: (_("核对学校各类别的额度、批准数和支付数。"), "finance:fund_list"),
    Authority.VIEW_GROUP_FINANCE: (_("查看集团年度经费和各校的用款申请。"), "finance:fund_list"),
    Authority.DRAFT_GROUP_REQUEST: (_("起草并提交集团的用款申请。"), "finance:fund_request_new"),
    Authority.CHECK_GROUP_ACCOUNTS: (_("审核集团内用款申请的预算和用途。"), "home"),
    Authority.APPROVE_AS_PRESIDENT: (
        _("审批总校长限额以内的申请；超限额的先由您同意，再报市教育局。"),
        "home",
    ),
    Authority.VIEW_DISTRICT_FINANCE: (_("查看本区镇学校的专项经费。"), "finance:fund_list"),
    Authority.REVIEW_AS_DISTRICT: (_("审核本区镇学校报市教育局的申请。"), "home"),
    Authority.VIEW_ALL_FINANCE: (_("查看全市各集团的专项经费和申请。"), "finance:fund_list"),
    Authority.REVIEW_AS_BUREAU_FINANCE: (_("审核超出总校长限额的申请。"), "home"),
    Authority.APPROVE_AS_BUREAU_LEADER: (_("审批超出总校长限额的申请。"), "home"),
    Authority.ALLOCATE_BUDGET: (_("设立集团年度经费，下达和核减预算。"), "finance:fund_list"),
    Authority.PREPARE_MEASURES: (_("拟订使用办法和审批限额，由他人发布。"), "finance:measures_list"),
    Authority.PUBLISH_MEASURES: (_("发布他人拟订的使用办法。"), "finance:measures_list"),
    Authority.VIEW_TOTALS: (_("查看全市汇总数字，不含个人信息。"), "home"),
}
