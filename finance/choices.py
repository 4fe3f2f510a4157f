"""The words of the special fund: states, roles of a chain, verdicts, kinds of budget moves."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Origin(IntegerChoices):
    """申请来源: a member school, or the group office (which has no books of its own)."""

    SCHOOL = 1, _("成员学校")
    GROUP = 2, _("集团办公室")


class Role(TextChoices):
    """审批环节的角色: whose right a step asks for."""

    EXECUTIVE_PRINCIPAL = "executive_principal", _("执行校长")
    GROUP_FINANCE = "group_finance", _("集团财务")
    GROUP_PRESIDENT = "group_president", _("总校长")
    DISTRICT = "district", _("区镇")
    BUREAU_FINANCE = "bureau_finance", _("市教育局计财科")
    BUREAU_LEADER = "bureau_leader", _("市教育局领导")


class Act(TextChoices):
    """环节的性质: what a step is there for; `approve` is the deciding one."""

    CONSENT = "consent", pgettext_lazy("环节", "同意")
    CHECK = "check", _("审核")
    REVIEW = "review", _("复核")
    APPROVE = "approve", _("审批")
    CONFIRM = "confirm", _("入账确认")


class StepReason(TextChoices):
    """环节设置的原因."""

    LIMIT = "limit", _("按使用办法的限额")
    AVOIDANCE = "avoidance", _("回避")
    VACANT = "vacant", _("职务空缺")


class StepState(TextChoices):
    """环节状态."""

    WAITING = "waiting", _("待前序环节")
    OPEN = "open", _("待办理")
    DONE = "done", _("已办理")
    VOID = "void", _("已失效")


class NoticeKind(TextChoices):
    """催办的程度: a reminder to who may decide, then word to their superior too. Neither decides anything."""

    REMIND = "remind", _("催办")
    ESCALATE = "escalate", _("提级提醒")


class RequestState(TextChoices):
    """申请状态."""

    DRAFT = "draft", _("草稿")
    PENDING = "pending", _("审批中")
    APPROVED = "approved", _("已批准")
    PAYING = "paying", _("部分支付")
    PAID = "paid", _("已支付")
    RETURNED = "returned", _("退回补正")
    REJECTED = "rejected", _("已驳回")
    WITHDRAWN = "withdrawn", _("已撤回")
    CANCELLED = "cancelled", _("已作废")


# The only ways a fund request's state moves; the database holds the same table (migrations/0004).
TRANSITIONS = {
    RequestState.DRAFT: (RequestState.PENDING, RequestState.WITHDRAWN),
    RequestState.PENDING: (
        RequestState.APPROVED,
        RequestState.RETURNED,
        RequestState.REJECTED,
        RequestState.WITHDRAWN,
    ),
    RequestState.RETURNED: (RequestState.PENDING, RequestState.WITHDRAWN),
    RequestState.APPROVED: (RequestState.PAYING, RequestState.PAID, RequestState.CANCELLED),
    RequestState.PAYING: (RequestState.PAID,),
}
EDITABLE = (RequestState.DRAFT, RequestState.RETURNED)


class Verdict(TextChoices):
    """审批结论."""

    APPROVE = "approve", _("同意")
    RETURN = "return", _("退回")
    REJECT = "reject", _("驳回")


class MeasuresState(TextChoices):
    """使用办法状态."""

    DRAFT = "draft", _("拟订")
    PUBLISHED = "published", _("已发布")


class FundState(TextChoices):
    """集团年度经费状态: only an allocated fund takes requests."""

    DRAFT = "draft", _("编制")
    ALLOCATED = "allocated", _("已下达")
    FROZEN = "frozen", _("年末冻结")
    CLOSED = "closed", _("已决算")


class MoveKind(TextChoices):
    """预算变动: grant and cut change what is approved; reserve, release and spend follow a request."""

    GRANT = "grant", _("下达")
    CUT = "cut", _("核减")
    RESERVE = "reserve", _("占用")
    RELEASE = "release", _("释放")
    SPEND = "spend", _("支付")


# 四类主要用途 (4.2.h): code and name of the categories that the guideline itself lists.
STATUTORY_CATEGORIES = (
    ("office", _("办公费")),
    ("training", _("培训费")),
    ("meeting", _("会议费")),
    ("research", _("教科研活动费")),
)
