"""The words of the register, and `Authority`: the capacities that guardian grants on a container."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Authority(TextChoices):
    """权限: what an appointment lets one do on a school, a group, a district or the bureau."""

    # on a school
    VIEW_SCHOOL_FINANCE = "view_school_finance", _("查看学校经费")
    DRAFT_SCHOOL_REQUEST = "draft_school_request", _("起草学校用款申请")
    APPROVE_AS_PRINCIPAL = "approve_as_principal", _("以执行校长身份审批")
    RECORD_PAYMENT = "record_payment", _("登记支付")
    KEEP_ACCOUNTS = "keep_accounts", _("办理学校会计事项")
    EDIT_SCHOOL_PROFILE = "edit_school_profile", _("编辑学校简介与特色")
    VIEW_SCHOOL_STAFF = "view_school_staff", _("查看学校教职工")
    REVEAL_SCHOOL_IDENTITIES = "reveal_school_identities", _("查看本校人员证件与手机号码")
    NOMINATE_IN_SCHOOL = "nominate_in_school", _("提名本校副校长与中层干部")
    PROPOSE_SCHOOL_ROTATION = "propose_school_rotation", _("提出本校教师轮岗")
    AGREE_ROTATION = "agree_rotation", _("以派出校或接收校身份同意轮岗")
    APPRAISE_STAFF = "appraise_staff", _("评定本校教职工年度考核")
    KEEP_STAFF_RECORDS = "keep_staff_records", _("登记本校考勤、培训与评优")
    # on a group
    VIEW_GROUP_FINANCE = "view_group_finance", _("查看集团经费")
    DRAFT_GROUP_REQUEST = "draft_group_request", _("起草集团用款申请")
    CHECK_GROUP_ACCOUNTS = "check_group_accounts", _("集团财务审核")
    APPROVE_AS_PRESIDENT = "approve_as_president", _("以总校长身份审批")
    NOMINATE_IN_GROUP = "nominate_in_group", _("提名集团与成员学校干部")
    APPOINT_DEPARTMENT_HEADS = "appoint_department_heads", _("任用成员学校中层干部")
    MANAGE_GROUP_UNITS = "manage_group_units", _("设置集团与成员学校内设机构")
    ADOPT_POLICIES = "adopt_policies", _("审定集团制度")
    PROPOSE_GROUP_ROTATION = "propose_group_rotation", _("提出集团内轮岗")
    APPROVE_ROTATION = "approve_rotation", _("审批集团内轮岗")
    RUN_TRAINING = "run_training", _("组织集团业务培训")
    # on a district
    VIEW_DISTRICT_FINANCE = "view_district_finance", _("查看区镇经费")
    REVIEW_AS_DISTRICT = "review_as_district", _("区镇审核")
    NOMINATE_IN_DISTRICT = "nominate_in_district", _("提名区镇学校执行校长")
    # on the bureau
    VIEW_ALL_FINANCE = "view_all_finance", _("查看全部经费")
    REVIEW_AS_BUREAU_FINANCE = "review_as_bureau_finance", _("计财科审核")
    APPROVE_AS_BUREAU_LEADER = "approve_as_bureau_leader", _("局领导审批")
    ALLOCATE_BUDGET = "allocate_budget", _("下达集团经费预算")
    PREPARE_MEASURES = "prepare_measures", _("拟订使用办法与审批限额")
    PUBLISH_MEASURES = "publish_measures", _("发布使用办法")
    MANAGE_REGISTER = "manage_register", _("管理集团与成员学校")
    MANAGE_SCHOOLS = "manage_schools", _("登记学校与隶属关系")
    MANAGE_APPOINTMENTS = "manage_appointments", _("办理任免")
    CONFIRM_APPOINTMENTS = "confirm_appointments", _("审定任免与例外")
    MANAGE_STAFF = "manage_staff", _("管理教职工与编制")
    SET_QUOTAS = "set_quotas", _("核定职数")
    APPRAISE_HEADS = "appraise_heads", _("评定总校长、执行校长年度考核")
    VIEW_ALL_STAFF = "view_all_staff", _("查看全市教职工")
    REVEAL_IDENTITIES = "reveal_identities", _("查看人员证件与手机号码")
    REASSIGN_APPROVALS = "reassign_approvals", _("改派审批")
    EXPLAIN_RIGHTS = "explain_rights", _("查询他人权限的来源")
    KEEP_CALENDAR = "keep_calendar", _("维护工作日历")
    VIEW_TOTALS = "view_totals", _("查看全市汇总")
    VIEW_AUDIT = "view_audit", _("查看审计记录")


SCHOOL_AUTHORITIES = (
    Authority.VIEW_SCHOOL_FINANCE,
    Authority.DRAFT_SCHOOL_REQUEST,
    Authority.APPROVE_AS_PRINCIPAL,
    Authority.RECORD_PAYMENT,
    Authority.KEEP_ACCOUNTS,
    Authority.EDIT_SCHOOL_PROFILE,
    Authority.VIEW_SCHOOL_STAFF,
    Authority.REVEAL_SCHOOL_IDENTITIES,
    Authority.NOMINATE_IN_SCHOOL,
    Authority.PROPOSE_SCHOOL_ROTATION,
    Authority.AGREE_ROTATION,
    Authority.APPRAISE_STAFF,
    Authority.KEEP_STAFF_RECORDS,
)
GROUP_AUTHORITIES = (
    Authority.VIEW_GROUP_FINANCE,
    Authority.DRAFT_GROUP_REQUEST,
    Authority.CHECK_GROUP_ACCOUNTS,
    Authority.APPROVE_AS_PRESIDENT,
    Authority.NOMINATE_IN_GROUP,
    Authority.APPOINT_DEPARTMENT_HEADS,
    Authority.MANAGE_GROUP_UNITS,
    Authority.ADOPT_POLICIES,
    Authority.PROPOSE_GROUP_ROTATION,
    Authority.APPROVE_ROTATION,
    Authority.RUN_TRAINING,
)
DISTRICT_AUTHORITIES = (
    Authority.VIEW_DISTRICT_FINANCE,
    Authority.REVIEW_AS_DISTRICT,
    Authority.NOMINATE_IN_DISTRICT,
)
BUREAU_AUTHORITIES = (
    Authority.VIEW_ALL_FINANCE,
    Authority.REVIEW_AS_BUREAU_FINANCE,
    Authority.APPROVE_AS_BUREAU_LEADER,
    Authority.ALLOCATE_BUDGET,
    Authority.PREPARE_MEASURES,
    Authority.PUBLISH_MEASURES,
    Authority.MANAGE_REGISTER,
    Authority.MANAGE_SCHOOLS,
    Authority.MANAGE_APPOINTMENTS,
    Authority.CONFIRM_APPOINTMENTS,
    Authority.MANAGE_STAFF,
    Authority.SET_QUOTAS,
    Authority.APPRAISE_HEADS,
    Authority.VIEW_ALL_STAFF,
    Authority.REVEAL_IDENTITIES,
    Authority.REASSIGN_APPROVALS,
    Authority.EXPLAIN_RIGHTS,
    Authority.KEEP_CALENDAR,
    Authority.VIEW_TOTALS,
    Authority.VIEW_AUDIT,
)


class PolicySlot(IntegerChoices):
    """集团制度: the seven unified personnel rules (4.1.u)."""

    ATTENDANCE = 1, _("教师考勤")
    TRAINING = 2, _("业务培训")
    MOBILITY = 3, _("教师流动")
    APPRAISAL = 4, _("年度考核")
    MERIT = 5, _("评优晋级")
    PERFORMANCE = 6, _("绩效考核")
    BENEFITS = 7, _("福利发放")


class DistrictKind(TextChoices):
    """区镇类别."""

    ZONE = "zone", _("开发区")
    TOWN = "town", _("镇")


class FundingLevel(TextChoices):
    """经费保障级次: city or district treasury (4.2.g)."""

    CITY = "city", _("市级")
    DISTRICT = "district", _("区镇级")


class Stage(TextChoices):
    """学段."""

    KINDERGARTEN = "kindergarten", _("幼儿园")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    NINE_YEAR = "nine_year", _("九年一贯制")
    SENIOR = "senior", _("高中")


class Ownership(TextChoices):
    """办学性质."""

    PUBLIC = "public", _("公办")
    PRIVATE = "private", _("民办")


class LegalPersonType(TextChoices):
    """法人类型: unchanged by joining a group (4.1.r)."""

    PUBLIC_INSTITUTION = "public_institution", _("事业单位法人")
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise", _("民办非企业单位法人")


class ModelType(TextChoices):
    """集团化办学模式 (3.1.a)."""

    LEAD_AND_NEW = "lead_and_new", _("名校+新校")
    LEAD_AND_WEAK = "lead_and_weak", _("名校+弱校")
    LEAD_AND_TOWN = "lead_and_town", _("名校+乡镇校")
    NINE_YEAR_THROUGH = "nine_year_through", _("九年一贯贯通")
    STAGE_ALLIANCE = "stage_alliance", _("学段联盟")


class GroupStatus(TextChoices):
    """集团状态: 筹建 → 试点 → 运行 → 推广; 撤销."""

    PREPARING = "preparing", _("筹建")
    PILOT = "pilot", _("试点")
    RUNNING = "running", _("运行")
    EXTENDED = "extended", _("推广")
    DISSOLVED = "dissolved", _("撤销")


# The statuses in which a group works: it then needs a president and a lead school (4.1.a, 3.2.a).
ACTIVE_STATUSES = (GroupStatus.PILOT, GroupStatus.RUNNING, GroupStatus.EXTENDED)


class MembershipRole(TextChoices):
    """成员身份."""

    LEAD = "lead", _("牵头学校")
    MEMBER = "member", _("成员学校")


class Seat(TextChoices):
    """法定职务: the posts of personnel that the guideline has every group (4.1.a, 4.1.f) and every member school
    (4.1.k) fill, under the same values as there; a page of the register says when one is vacant."""

    GROUP_PRESIDENT = "group_president", _("总校长")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    EXECUTIVE_PRINCIPAL = "executive_principal", _("执行校长")


# 昆山市的四个区和八个镇: (code, name, kind, parent). Codes are the statistical ones of the National Bureau of
# Statistics (2023); the three towns that it counts under the resort zone bear that zone's code with a suffix.
DISTRICTS = (
    ("320583400", "昆山开发区", DistrictKind.ZONE, None),
    ("320583100", "昆山高新区", DistrictKind.ZONE, None),
    ("320583104", "花桥经济开发区", DistrictKind.ZONE, None),
    ("320583401", "旅游度假区", DistrictKind.ZONE, None),
    ("320583106", "张浦镇", DistrictKind.TOWN, None),
    ("320583102", "周市镇", DistrictKind.TOWN, None),
    ("320583103", "陆家镇", DistrictKind.TOWN, None),
    ("320583101", "巴城镇", DistrictKind.TOWN, None),
    ("320583108", "千灯镇", DistrictKind.TOWN, None),
    ("320583401-01", "淀山湖镇", DistrictKind.TOWN, "旅游度假区"),
    ("320583401-02", "周庄镇", DistrictKind.TOWN, "旅游度假区"),
    ("320583401-03", "锦溪镇", DistrictKind.TOWN, "旅游度假区"),
)


class Line(TextChoices):
    """条线 (4.1.j): what a department of the group coordinates in all member schools."""

    OFFICE = "office", _("综合办公")
    PARTY = "party", _("党建")
    MORAL = "moral", _("德育")
    TEACHING = "teaching", _("教学")
    RESEARCH = "research", _("教科研")
    STAFF = "staff", _("人事")
    FINANCE = "finance", _("财务")
    LOGISTICS = "logistics", _("总务")
    SAFETY = "safety", _("安全")


# The departments that serve the whole group, whatever the line: they see what every line asks for.
WHOLE_LINES = (Line.OFFICE,)
