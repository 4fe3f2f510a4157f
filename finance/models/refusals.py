"""What the triggers of finance refuse (migrations/0003-0009): constraint name → the sentence that people read."""

from kunshan_edu.core.denials import FORBIDDEN, Denial, _
from kunshan_edu.core.guideline import Clause


def _refusal(name: str, message: str, clause: Clause | None = None, status: int = 409) -> tuple[str, Denial]:
    return name, Denial(name, message, clause, status=status)


REFUSALS = dict(
    [
        _refusal(
            "finance_decision_step_id_key", _("该环节刚刚已由他人办理，请刷新页面查看结果。"), Clause.C4_2_L
        ),
        _refusal("finance_decision_idem_key", _("该决定已经提交过，请刷新页面查看结果。"), Clause.C4_2_L),
        _refusal("finance_payment_idem_key", _("该支付已经登记过，请刷新页面查看结果。"), Clause.C4_2_B),
        _refusal("finance_fundrequest_number_key", _("该编号已用于另一申请，请重新提交。"), Clause.C4_2_E),
        _refusal("finance_measures_document_key", _("该文号的使用办法已经登记，请核对文号。"), Clause.C4_2_K),
        _refusal("finance_expensecategory_code_key", _("该代码已用于另一个经费类别。"), Clause.C4_2_H),
        _refusal("finance_expensecategory_name_key", _("已有同名的经费类别。"), Clause.C4_2_H),
        _refusal(
            "statutory_category_stays",
            _("办公费、培训费、会议费、教科研活动费由指导意见列明，不能删除或改名。"),
            Clause.C4_2_H,
        ),
        _refusal(
            "published_measures_stay", _("已发布的使用办法不能改写，请拟订新办法并发布。"), Clause.C4_2_K
        ),
        _refusal(
            "limits_tile_all_amounts",
            _("限额未覆盖全部金额：每种来源须从 0 元起连续到不设上限，请补齐缺口。"),
            Clause.C4_2_L,
        ),
        _refusal(
            "limit_lacks_its_decision",
            _("每个限额须有一个由其审批人办理的审批环节，请补齐。"),
            Clause.C4_2_L,
        ),
        _refusal(
            "limits_are_added_to_drafts_only", _("只有拟订中的使用办法可以增加限额和环节。"), Clause.C4_2_L
        ),
        _refusal("totals_change_through_moves", _("预算数只能通过下达、核减或申请变动，不能直接修改。")),
        _refusal(
            "line_follows_the_affiliation",
            _("预算级次须与承担学校当日的隶属关系一致，市级与区镇级资金不能互转。"),
            Clause.C4_2_F,
        ),
        _refusal(
            "line_is_of_a_member_school", _("承担学校当日不是本集团的成员学校，不能列支。"), Clause.C4_2_E
        ),
        _refusal("reserve_is_released_by_its_own_request", _("释放或支付的金额超过本申请占用的金额。")),
        _refusal("request_state_moves_along_its_table", _("该申请的状态已变化，不能这样办理，请刷新页面。")),
        _refusal("submitted_content_is_frozen", _("已提交的申请不能改写，请由审批人退回后修改再报。")),
        _refusal(
            "request_is_made_on_an_allocated_fund", _("该集团年度经费尚未下达，不能提交申请。"), Clause.C4_2_G
        ),
        _refusal("request_is_approved_by_every_step", _("还有未办理的审批环节，不能批准。"), Clause.C4_2_L),
        _refusal("version_amount_is_the_sum_of_its_lines", _("申请金额与明细合计不符。")),
        _refusal("decision_is_on_what_was_seen", _("申请内容已变化，请刷新页面，核对新版本后再办理。")),
        _refusal("steps_are_decided_in_order", _("前面的环节尚未办结，请等候。")),
        _refusal(
            "nobody_decides_on_their_own_request",
            _("不能审批自己的申请或使自己受益的申请。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "decision_needs_the_right_today",
            _("您今天没有该环节的审批权限：权限随任职产生，任职已结束或不在本单位。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "decision_names_its_delegation",
            _("您今天没有这项委托，或委托已经到期；请由委托人或上一级审批人办理。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "delegate_stays_below_the_ceiling",
            _("本申请的限额计算金额超出您受托办理的限额，请由委托人或上一级审批人办理。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "delegate_does_not_decide_for_the_giver",
            _("委托人是本申请的申请人或受益人，受托人不能代为办理。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "bureau_staff_do_not_review_where_they_serve",
            _("您在该集团或其成员学校任职，不能代表市教育局复核、核定该集团的申请；请由局内其他人员办理。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "only_who_decides_or_consents_rejects",
            _("审核、复核和入账确认的环节不能驳回，可以退回补正并说明理由；驳回由先行同意或核定的一级办理。"),
            Clause.C4_2_L,
            FORBIDDEN,
        ),
        _refusal(
            "no_approval_on_a_closed_year",
            _("该集团年度经费已冻结或已决算，不能再批准；请退回申请人，列入下一年度。"),
            Clause.C4_2_E,
        ),
        _refusal(
            "approval_needs_measures_in_force",
            _("《集团管理专项经费使用办法》尚未制定或未施行，制定前不能审批。"),
            Clause.C4_2_K,
        ),
        _refusal(
            "large_sums_are_decided_collectively",
            _("本申请达到集体决策起点金额，请先登记会议纪要再审批。"),
            Clause.C4_2_L,
        ),
        _refusal(
            "payer_is_neither_requester_nor_approver",
            _("登记支付的人不能是申请人或本申请的审批人。"),
            Clause.C4_2_B,
            FORBIDDEN,
        ),
        _refusal(
            "payment_is_made_by_the_bearing_school",
            _("只有承担该费用的学校可以支付，且不超过批准金额。"),
            Clause.C4_2_B,
        ),
        _refusal(
            "fund_year_goes_one_way",
            _("年度经费依次为编制、下达、冻结、决算，不能倒退；集团、年度和编号不能改写。"),
            Clause.C4_2_E,
        ),
        _refusal("payment_follows_approval", _("申请尚未批准，不能支付。"), Clause.C4_2_L),
    ]
)
