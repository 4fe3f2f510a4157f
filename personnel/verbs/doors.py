"""What a right lets one do, in plain words, and the page where it is done."""

from django.utils.translation import gettext_lazy as _

from groups.choices import Authority

# What a right lets one do, in plain words, and the page where it is done.
DOORS = {
    Authority.VIEW_SCHOOL_STAFF: (_("查看学校的教职工名册。"), "personnel:staff_list"),
    Authority.REVEAL_SCHOOL_IDENTITIES: (
        _("因工作需要查看本校人员的证件与手机号码，每次查看留有记录。"),
        "personnel:staff_list",
    ),
    Authority.NOMINATE_IN_SCHOOL: (_("提名本校副校长和中层干部。"), "personnel:appointment_list"),
    Authority.PROPOSE_SCHOOL_ROTATION: (_("提出本校教师轮岗。"), "personnel:rotation_list"),
    Authority.AGREE_ROTATION: (_("代表派出校或接收校对轮岗表示同意。"), "personnel:rotation_list"),
    Authority.APPRAISE_STAFF: (_("评定本校教职工年度考核等次。"), "personnel:appraisal_list"),
    Authority.KEEP_STAFF_RECORDS: (_("登记本校考勤、培训与评优。"), "personnel:attendance_list"),
    Authority.NOMINATE_IN_GROUP: (
        _("提名副书记、执行校长和副校长，由市教育局任命。"),
        "personnel:appointment_list",
    ),
    Authority.APPOINT_DEPARTMENT_HEADS: (_("审定成员学校提名的中层干部。"), "personnel:appointment_list"),
    Authority.MANAGE_GROUP_UNITS: (_("设置集团和成员学校的内设机构。"), "personnel:org_unit_list"),
    Authority.PROPOSE_GROUP_ROTATION: (_("提出集团内教师轮岗。"), "personnel:rotation_list"),
    Authority.APPROVE_ROTATION: (_("审批集团内教师轮岗。"), "personnel:rotation_list"),
    Authority.RUN_TRAINING: (_("组织集团业务培训并登记学时。"), "personnel:training_list"),
    Authority.NOMINATE_IN_DISTRICT: (_("提名本区镇学校的执行校长。"), "personnel:appointment_list"),
    Authority.MANAGE_APPOINTMENTS: (_("登记人员，办理任职和免职。"), "personnel:appointment_list"),
    Authority.CONFIRM_APPOINTMENTS: (
        _("审定人事科登记的任免、延长、激励和例外。"),
        "personnel:appointment_list",
    ),
    Authority.MANAGE_STAFF: (_("登记教职工，变更编制所在校。"), "personnel:staff_list"),
    Authority.SET_QUOTAS: (_("核定集团和学校的职数。"), "personnel:post_quota_list"),
    Authority.APPRAISE_HEADS: (_("评定总校长和执行校长的年度考核等次。"), "personnel:appraisal_list"),
    Authority.VIEW_ALL_STAFF: (_("查看全市教职工。"), "personnel:staff_list"),
    Authority.REVEAL_IDENTITIES: (
        _("因工作需要查看人员的证件与手机号码，每次查看留有记录。"),
        "personnel:staff_list",
    ),
    Authority.REASSIGN_APPROVALS: (_("审批人不能履职时，把审批改派给他人。"), "personnel:delegation_list"),
    Authority.EXPLAIN_RIGHTS: (_("查询任何人任何一天的权限从何而来。"), "personnel:rights_explain"),
    Authority.KEEP_CALENDAR: (_("维护工作日历，审批时限按工作日计算。"), "personnel:calendar_day_list"),
}
