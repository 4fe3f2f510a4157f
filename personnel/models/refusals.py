"""What triggers and unique columns of personnel refuse: constraint name → the sentence people read."""

from kunshan_edu.core.denials import INVALID, Denial, _
from kunshan_edu.core.guideline import Clause


def _denial(name: str, sentence: str, clause: Clause, field: str = "") -> Denial:
    return Denial(name, sentence, clause, field=field or None)


REFUSALS = {
    "personnel_person_user_id_key": Denial(
        "account_taken", _("该账号已属于另一人：一人一个账号。"), field="user", status=INVALID
    ),
    "personnel_person_identity_hash_key": Denial(
        "identity_number_taken",
        _("该身份证号已登记在另一人名下，请核对，不要重复登记。"),
        field="identity_number",
        status=INVALID,
    ),
    "personnel_staff_person_id_key": Denial(
        "person_is_staff_already", _("该人已是教职工，请在其人事记录中办理变动。"), status=INVALID
    ),
    "personnel_staff_staff_no_key": Denial(
        "staff_no_taken", _("该工号已登记在另一名教职工名下。"), field="staff_no", status=INVALID
    ),
    "personnel_selection_appointment_id_key": Denial(
        "announced_already", _("该职务的竞聘已经公告。"), Clause.C4_1_B
    ),
    "personnel_rotation_renews_id_key": Denial("renewed_already", _("该轮岗已经续期。"), Clause.C3_2_B),
    "active_group_has_a_president": _denial(
        "active_group_has_a_president",
        _("集团设总校长 1 名：总校长空缺的集团不能转入试点、运行或推广，请先办理总校长任职。"),
        Clause.C4_1_A,
    ),
    "dissolved_group_has_no_posts": _denial(
        "dissolved_group_has_no_posts", _("该集团已撤销，不能再任用集团职务。"), Clause.C6_1_E, "container"
    ),
    "deputy_secretary_principal_of_the_same_group": _denial(
        "deputy_secretary_principal_of_the_same_group",
        _("副书记可由执行校长兼任，但须为本集团成员学校的执行校长。"),
        Clause.C4_1_G,
    ),
    "school_of_a_deputy_secretary_stays": _denial(
        "school_of_a_deputy_secretary_stays",
        _("该校执行校长兼任本集团副书记，请先办理副书记免职，再退出集团。"),
        Clause.C4_1_G,
    ),
    "president_is_principal_by_deviation": _denial(
        "president_is_principal_by_deviation",
        _("总校长兼任成员学校执行校长须先登记并审定例外（条款 4.1.k），写明原因和批准文件。"),
        Clause.C4_1_K,
    ),
    "secretary_is_separate_by_rule_set": _denial(
        "secretary_is_separate_by_rule_set",
        _("按 132 号文总校长兼任书记；书记、校长分设的集团须先登记适用规定及其文件。"),
        Clause.C4_1_D,
    ),
    "separated_president_is_not_secretary": _denial(
        "separated_president_is_not_secretary",
        _("该集团已登记书记、校长分设，总校长不再登记兼任书记日期。"),
        Clause.C4_1_D,
        "secretary_on",
    ),
    "appointment_facts_are_not_rewritten": _denial(
        "appointment_facts_are_not_rewritten",
        _("任职的人员、职务和单位不能改写：请办理免职后另行任职。"),
        Clause.C6_3_A,
    ),
    "appointment_state_does_not_follow": _denial(
        "appointment_state_does_not_follow",
        _("任职不能从现状态转入所选状态，请刷新页面查看它现在的状态。"),
        Clause.C6_3_A,
    ),
    "cadre_is_confirmed_by_a_second_person": _denial(
        "cadre_is_confirmed_by_a_second_person",
        _("该职务由人事科登记、局领导审定，两人办理后才能生效。"),
        Clause.C6_3_A,
    ),
    "cadre_end_is_confirmed_by_a_second_person": _denial(
        "cadre_end_is_confirmed_by_a_second_person",
        _("该职务的免职由人事科登记、局领导审定，两人办理后才能生效。"),
        Clause.C6_3_A,
        "valid_to",
    ),
    "appointment_is_not_lengthened": _denial(
        "appointment_is_not_lengthened",
        _("已定的最后在任日不能推后：需要继续任职的，请另行任职。"),
        Clause.C6_3_A,
        "valid_to",
    ),
    "decision_is_not_rewritten": _denial(
        "decision_is_not_rewritten",
        _("已经审定或不予审定的事项不能改写，只能提前结束；内容有变动的请重新登记。"),
        Clause.C6_3_A,
    ),
    "delegation_is_only_shortened": _denial(
        "delegation_is_only_shortened",
        _("委托不能改写，只能收回；内容有变动的请收回后另行委托。"),
        Clause.C4_2_L,
    ),
    "selection_is_published_first": _denial(
        "selection_is_published_first",
        _("竞聘须先公告、列出人选成绩并公示期满，才能任用。"),
        Clause.C4_1_B,
    ),
    "notice_has_run_its_days": _denial(
        "notice_has_run_its_days", _("公示期未满，请在公示最后一日之后审定。"), Clause.C4_1_B
    ),
    "tenure_is_lengthened_by_extension": _denial(
        "tenure_is_lengthened_by_extension",
        _("总校长的任职期限只能通过延长任职办理，须考核优秀并有组织需要的文件。"),
        Clause.C6_3_E,
        "valid_to",
    ),
    "extension_is_of_an_excellent_president": _denial(
        "extension_is_of_an_excellent_president",
        _("只有最近年度考核为优秀的总校长可以延长任职。"),
        Clause.C6_3_E,
    ),
    "extension_stays_within_the_term": _denial(
        "extension_stays_within_the_term",
        _("延长任职是为完成任职聘期，不能超过聘期届满日。"),
        Clause.C6_3_F,
        "new_end",
    ),
    "treatment_is_for_compulsory_presidents": _denial(
        "treatment_is_for_compulsory_presidents",
        _("副科职待遇只适用于义务教育阶段集团的总校长；学段混合的集团须先审定例外（条款 6.3.d）。"),
        Clause.C6_3_D,
        "deputy_section_treatment",
    ),
    "incentive_is_for_presidents": _denial(
        "incentive_is_for_presidents",
        _("奖金职级系数和副科职待遇是总校长的激励，其他职务不登记。"),
        Clause.C6_3_C,
    ),
    "quota_is_not_exceeded": _denial(
        "quota_is_not_exceeded",
        _("超出核定职数：该单位该层级在这段时间已满，请先免职或由人事科调整职数。"),
        Clause.C4_1_O,
    ),
    "unit_is_of_the_same_owner": _denial(
        "unit_is_of_the_same_owner", _("所选内设机构不属于任职单位，请重新选择。"), Clause.C4_1_I, "unit"
    ),
    "plaque_bears_the_school_name": _denial(
        "plaque_bears_the_school_name",
        _("原校名牌的文字须与登记的校名一致：成员学校保留原校名。"),
        Clause.C4_1_P,
        "text",
    ),
    "plaque_is_of_a_current_member": _denial(
        "plaque_is_of_a_current_member",
        _("只有成员学校在其加入期间挂集团牌匾。"),
        Clause.C4_1_Q,
        "valid_from",
    ),
    "delegation_is_of_an_approver": _denial(
        "delegation_is_of_an_approver",
        _("只有在任的总校长、执行校长和局领导可以委托审批，受托的审批不能再委托。"),
        Clause.C4_2_L,
    ),
    "delegation_is_not_to_oneself": _denial(
        "delegation_is_not_to_oneself", _("不能委托给本人。"), Clause.C4_2_L, "delegate"
    ),
    "delegate_is_not_of_finance": _denial(
        "delegate_is_not_of_finance",
        _("受托人在这段时间担任财务职务，不能受托审批，请另选一人。"),
        Clause.C4_2_L,
        "delegate",
    ),
    "delegate_may_sign_in": _denial(
        "delegate_may_sign_in", _("受托人没有账号，不能登录办理，请另选一人。"), Clause.C4_2_L, "delegate"
    ),
    "rotation_starts_from_the_establishment": _denial(
        "rotation_starts_from_the_establishment",
        _("派出校须是该教师起始日的编制所在校：轮岗不改变编制和人事关系。"),
        Clause.C4_1_T,
        "from_school",
    ),
    "rotation_stays_in_the_group": _denial(
        "rotation_stays_in_the_group",
        _("两校在轮岗起始日须都是该集团的成员；跨集团的轮岗请不填集团，由人事科审批。"),
        Clause.C3_2_B,
        "to_school",
    ),
    "rotation_state_does_not_follow": _denial(
        "rotation_state_does_not_follow",
        _("轮岗不能从现状态转入所选状态，请刷新页面查看它现在的状态。"),
        Clause.C4_1_U,
    ),
    "rotation_facts_are_not_rewritten": _denial(
        "rotation_facts_are_not_rewritten",
        _("已提出的轮岗不能改写人员和学校，请撤回后重新提出。"),
        Clause.C4_1_T,
    ),
    "attended_hours_within_the_event": _denial(
        "attended_hours_within_the_event",
        _("参训学时不能超过培训学时，已取消的培训不能登记。"),
        Clause.C4_1_U,
        "hours",
    ),
    "staff_stays_with_its_rotations": _denial(
        "staff_stays_with_its_rotations",
        _("该教师有未结束的轮岗，编制所在校不能在轮岗期间变动，请先结束轮岗。"),
        Clause.C4_1_T,
    ),
}
