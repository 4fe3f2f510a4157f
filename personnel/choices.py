"""Posts and how they are filled, the scope each is held in, and the words of staff, rotation and appraisal."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Post(TextChoices):
    """职务. The president is also the group's secretary, the executive principal legal representative and branch
    secretary: one row carries both, so the opposite cannot be written (4.1.d, 4.1.l, 4.1.m)."""

    GROUP_PRESIDENT = "group_president", _("总校长")
    GROUP_SECRETARY = "group_secretary", _("集团党组织书记")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    GROUP_OFFICE = "group_office", _("集团办公室")
    GROUP_FINANCE = "group_finance", _("集团财务")
    EXECUTIVE_PRINCIPAL = "executive_principal", _("执行校长")
    VICE_PRINCIPAL = "vice_principal", _("副校长")
    DEPARTMENT_HEAD = "department_head", _("中层干部")
    SCHOOL_ACCOUNTANT = "school_accountant", _("学校会计")
    CASHIER = "cashier", _("出纳")
    CLERK = "clerk", _("经办人")
    ENROLLMENT_CLERK = "enrollment_clerk", _("招生专干")
    BUREAU_LEADER = "bureau_leader", _("局领导")
    BUREAU_FINANCE = "bureau_finance", _("计财科")
    BUREAU_PERSONNEL = "bureau_personnel", _("人事科")
    BUREAU_BASIC_EDUCATION = "bureau_basic_education", _("基教科")
    BUREAU_SUPERVISION = "bureau_supervision", _("督导室")
    AUDITOR = "auditor", _("审计人员")
    VICE_MAYOR = "vice_mayor", _("分管副市长")
    DISTRICT_OFFICER = "district_officer", _("区镇经办")


class Method(TextChoices):
    """任用方式 (4.1.b): the president by appointment or competitive selection."""

    APPOINTED = "appointed", _("聘任")
    COMPETITIVE = "competitive", _("竞聘")
    ASSIGNED = "assigned", _("任命")
    ACTING = "acting", _("代理")


class Scope(TextChoices):
    """任职范围: the container a post is held in."""

    GROUP = "group", _("教育集团")
    SCHOOL = "school", _("学校")
    DISTRICT = "district", _("区镇")
    BUREAU = "bureau", _("教育局")


SCOPE_OF = {
    Post.GROUP_PRESIDENT: Scope.GROUP,
    Post.GROUP_SECRETARY: Scope.GROUP,
    Post.DEPUTY_SECRETARY: Scope.GROUP,
    Post.GROUP_OFFICE: Scope.GROUP,
    Post.GROUP_FINANCE: Scope.GROUP,
    Post.EXECUTIVE_PRINCIPAL: Scope.SCHOOL,
    Post.VICE_PRINCIPAL: Scope.SCHOOL,
    Post.DEPARTMENT_HEAD: Scope.SCHOOL,
    Post.SCHOOL_ACCOUNTANT: Scope.SCHOOL,
    Post.CASHIER: Scope.SCHOOL,
    Post.CLERK: Scope.SCHOOL,
    Post.ENROLLMENT_CLERK: Scope.SCHOOL,
    Post.BUREAU_LEADER: Scope.BUREAU,
    Post.BUREAU_FINANCE: Scope.BUREAU,
    Post.BUREAU_PERSONNEL: Scope.BUREAU,
    Post.BUREAU_BASIC_EDUCATION: Scope.BUREAU,
    Post.BUREAU_SUPERVISION: Scope.BUREAU,
    Post.AUDITOR: Scope.BUREAU,
    Post.VICE_MAYOR: Scope.BUREAU,
    Post.DISTRICT_OFFICER: Scope.DISTRICT,
}
GROUP_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.GROUP)
SCHOOL_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.SCHOOL)
BUREAU_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.BUREAU)
DISTRICT_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.DISTRICT)

# 由人事科登记、局领导审定的职务 (6.3.a): two different people; department heads are the president's to decide (6.3.b).
CADRE_POSTS = (
    Post.GROUP_PRESIDENT,
    Post.GROUP_SECRETARY,
    Post.DEPUTY_SECRETARY,
    Post.EXECUTIVE_PRINCIPAL,
    Post.VICE_PRINCIPAL,
    Post.BUREAU_LEADER,
)
CONFIRMED_POSTS = (*CADRE_POSTS, Post.DEPARTMENT_HEAD)
FINANCE_POSTS = (Post.GROUP_FINANCE, Post.SCHOOL_ACCOUNTANT, Post.CASHIER, Post.BUREAU_FINANCE)
# Whose right to approve may be delegated, and how what the delegate holds of it is called.
DELEGATED = {
    Post.GROUP_PRESIDENT: _("总校长（代）"),
    Post.EXECUTIVE_PRINCIPAL: _("执行校长（代）"),
    Post.BUREAU_LEADER: _("局领导（代）"),
}
DELEGABLE_POSTS = tuple(DELEGATED)


class AppointmentState(TextChoices):
    """任职状态: only active and extended confer rights; that a post is over or not yet begun follows from its dates."""

    NOMINATED = "nominated", _("提名")
    PROPOSED = "proposed", _("拟任")
    SELECTING = "selecting", _("竞聘中")
    NOTICE = "notice", _("公示")
    ACTIVE = "active", _("在任")
    EXTENDED = "extended", _("延任")
    CANCELLED = "cancelled", _("不予任用")


LIVE_STATES = (AppointmentState.ACTIVE, AppointmentState.EXTENDED)
UNDER_WAY = (
    AppointmentState.NOMINATED,
    AppointmentState.PROPOSED,
    AppointmentState.SELECTING,
    AppointmentState.NOTICE,
)
# 任职状态的次序: which states follow which; the database keeps the same table (a test compares the two).
NEXT_STATES = {
    AppointmentState.NOMINATED: (AppointmentState.PROPOSED, AppointmentState.CANCELLED),
    AppointmentState.PROPOSED: (
        AppointmentState.SELECTING,
        AppointmentState.NOTICE,
        AppointmentState.ACTIVE,
        AppointmentState.CANCELLED,
    ),
    AppointmentState.SELECTING: (AppointmentState.NOTICE, AppointmentState.CANCELLED),
    AppointmentState.NOTICE: (AppointmentState.ACTIVE, AppointmentState.CANCELLED),
    AppointmentState.ACTIVE: (AppointmentState.EXTENDED,),
    AppointmentState.EXTENDED: (AppointmentState.EXTENDED,),
    AppointmentState.CANCELLED: (),
}


class EndReason(TextChoices):
    """免职原因."""

    TERM = "term", _("任期届满")
    TRANSFER = "transfer", _("工作调动")
    RESIGNED = "resigned", _("本人辞职")
    RETIRED = "retired", _("退休")
    REMOVED = "removed", _("免职")


class RuleSetKind(TextChoices):
    """党组织负责人的规定 (4.1.d): the guideline's, or a later one that separates the two posts."""

    GUIDELINE_2019 = "guideline_2019", _("总校长兼任书记（昆政办发〔2019〕132号）")
    SEPARATED_2022 = "separated_2022", _("书记、校长分设（2022 年规定）")


class Sex(TextChoices):
    """性别 (GB/T 2261.1)."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Title(TextChoices):
    """职称 (中小学教师专业技术职务)."""

    NONE = "none", _("未评定")
    THIRD = "third", _("三级教师")
    SECOND = "second", _("二级教师")
    FIRST = "first", _("一级教师")
    SENIOR = "senior", _("高级教师")
    FULL_SENIOR = "full_senior", _("正高级教师")


class BackboneLevel(TextChoices):
    """骨干级别."""

    NONE = "none", _("非骨干")
    COUNTY = "county", _("县级骨干")
    CITY = "city", _("市级骨干")
    PROVINCE = "province", _("省级骨干")
    SPECIAL = "special", _("特级教师")


class Subject(TextChoices):
    """任教学科."""

    CHINESE = "chinese", _("语文")
    MATHEMATICS = "mathematics", _("数学")
    ENGLISH = "english", _("英语")
    PHYSICS = "physics", _("物理")
    CHEMISTRY = "chemistry", _("化学")
    BIOLOGY = "biology", _("生物")
    CIVICS = "civics", _("道德与法治")
    HISTORY = "history", _("历史")
    GEOGRAPHY = "geography", _("地理")
    SCIENCE = "science", _("科学")
    COMPUTING = "computing", _("信息科技")
    SPORT = "sport", _("体育与健康")
    MUSIC = "music", _("音乐")
    ART = "art", _("美术")
    LABOUR = "labour", _("劳动")
    PSYCHOLOGY = "psychology", _("心理健康")
    OTHER = "other", _("其他")


class PartyKind(TextChoices):
    """党组织类别 (4.1.c, 4.1.m): a group has a committee or general branch, a school a branch."""

    COMMITTEE = "committee", _("党委")
    GENERAL_BRANCH = "general_branch", _("党总支部")
    BRANCH = "branch", _("党支部")


GROUP_PARTY_KINDS = (PartyKind.COMMITTEE, PartyKind.GENERAL_BRANCH)


class PlaqueKind(IntegerChoices):
    """牌匾 (4.1.q): two of them, the school's own name and the group's."""

    ORIGINAL = 1, _("原校名牌")
    GROUP = 2, _("集团成员校牌")


class QuotaLevel(IntegerChoices):
    """职数层级 (4.1.h, 4.1.o)."""

    VICE_PRINCIPAL = 1, _("副校长")
    DEPARTMENT_HEAD = 2, _("中层干部")
    GROUP_OFFICE = 3, _("集团管理机构")
    DEPUTY_SECRETARY = 4, _("集团副书记")


QUOTA_POSTS = {
    QuotaLevel.VICE_PRINCIPAL: Post.VICE_PRINCIPAL,
    QuotaLevel.DEPARTMENT_HEAD: Post.DEPARTMENT_HEAD,
    QuotaLevel.GROUP_OFFICE: Post.GROUP_OFFICE,
    QuotaLevel.DEPUTY_SECRETARY: Post.DEPUTY_SECRETARY,
}
SCHOOL_QUOTAS = (QuotaLevel.VICE_PRINCIPAL, QuotaLevel.DEPARTMENT_HEAD)


class Confirmation(TextChoices):
    """两人办理 (6.3.a): recorded by one, confirmed by another."""

    PROPOSED = "proposed", _("待审定")
    CONFIRMED = "confirmed", _("已审定")
    REFUSED = "refused", _("不予审定")


class RotationState(TextChoices):
    """轮岗状态: under way and returned follow from the dates of a filed rotation."""

    PROPOSED = "proposed", _("已提出")
    SENDING_AGREED = "sending_agreed", _("派出校已同意")
    RECEIVING_AGREED = "receiving_agreed", _("两校已同意")
    APPROVED = "approved", _("集团已批准")
    FILED = "filed", _("已报局备案")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已撤回")


NEXT_ROTATION_STATES = {
    RotationState.PROPOSED: (RotationState.SENDING_AGREED, RotationState.REFUSED, RotationState.WITHDRAWN),
    RotationState.SENDING_AGREED: (
        RotationState.RECEIVING_AGREED,
        RotationState.REFUSED,
        RotationState.WITHDRAWN,
    ),
    RotationState.RECEIVING_AGREED: (RotationState.APPROVED, RotationState.REFUSED, RotationState.WITHDRAWN),
    RotationState.APPROVED: (RotationState.FILED, RotationState.REFUSED, RotationState.WITHDRAWN),
    RotationState.FILED: (),
    RotationState.REFUSED: (),
    RotationState.WITHDRAWN: (),
}


PENDING_ROTATIONS = (
    RotationState.PROPOSED,
    RotationState.SENDING_AGREED,
    RotationState.RECEIVING_AGREED,
    RotationState.APPROVED,
)


class RotationOutcome(TextChoices):
    """轮岗结束的方式."""

    RETURNED = "returned", _("期满返校")
    RENEWED = "renewed", _("续期")
    TRANSFERRED = "transferred", _("转为调动")
    STOPPED = "stopped", _("提前结束")


class Appraised(TextChoices):
    """考核职务: staff by their school, the heads of groups and schools by the bureau."""

    STAFF = "staff", _("教职工")
    GROUP_PRESIDENT = "group_president", _("总校长")
    GROUP_SECRETARY = "group_secretary", _("集团党组织书记")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    EXECUTIVE_PRINCIPAL = "executive_principal", _("执行校长")


class Grade(TextChoices):
    """年度考核等次 (6.3.e)."""

    EXCELLENT = "excellent", _("优秀")
    COMPETENT = "competent", _("合格")
    BASIC = "basic", _("基本合格")
    FAILED = "failed", _("不合格")


class MeritLevel(TextChoices):
    """评优级别."""

    SCHOOL = "school", _("校级")
    GROUP = "group", _("集团级")
    COUNTY = "county", _("县级")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")
    NATION = "nation", _("国家级")


class DelegationKind(TextChoices):
    """委托的方式: by the holder of the right, or by the bureau in the holder's place (改派)."""

    OWN = "own", _("本人委托")
    BUREAU = "bureau", _("局改派")
