"""Posts, how they are filled, and the scope that each post is held in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Post(TextChoices):
    """职务. The president is also the group's secretary, the executive principal legal representative and branch
    secretary: one row carries both, so the opposite cannot be written (4.1.d, 4.1.l, 4.1.m)."""

    GROUP_PRESIDENT = "group_president", _("总校长")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    GROUP_OFFICE = "group_office", _("集团办公室")
    GROUP_FINANCE = "group_finance", _("集团财务")
    EXECUTIVE_PRINCIPAL = "executive_principal", _("执行校长")
    VICE_PRINCIPAL = "vice_principal", _("副校长")
    DEPARTMENT_HEAD = "department_head", _("中层干部")
    SCHOOL_ACCOUNTANT = "school_accountant", _("学校会计")
    CASHIER = "cashier", _("出纳")
    CLERK = "clerk", _("经办人")
    BUREAU_LEADER = "bureau_leader", _("局领导")
    BUREAU_FINANCE = "bureau_finance", _("计财科")
    BUREAU_PERSONNEL = "bureau_personnel", _("人事科")
    BUREAU_BASIC_EDUCATION = "bureau_basic_education", _("基教科")
    BUREAU_SUPERVISION = "bureau_supervision", _("督导室")
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
    Post.DEPUTY_SECRETARY: Scope.GROUP,
    Post.GROUP_OFFICE: Scope.GROUP,
    Post.GROUP_FINANCE: Scope.GROUP,
    Post.EXECUTIVE_PRINCIPAL: Scope.SCHOOL,
    Post.VICE_PRINCIPAL: Scope.SCHOOL,
    Post.DEPARTMENT_HEAD: Scope.SCHOOL,
    Post.SCHOOL_ACCOUNTANT: Scope.SCHOOL,
    Post.CASHIER: Scope.SCHOOL,
    Post.CLERK: Scope.SCHOOL,
    Post.BUREAU_LEADER: Scope.BUREAU,
    Post.BUREAU_FINANCE: Scope.BUREAU,
    Post.BUREAU_PERSONNEL: Scope.BUREAU,
    Post.BUREAU_BASIC_EDUCATION: Scope.BUREAU,
    Post.BUREAU_SUPERVISION: Scope.BUREAU,
    Post.DISTRICT_OFFICER: Scope.DISTRICT,
}
GROUP_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.GROUP)
SCHOOL_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.SCHOOL)
BUREAU_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.BUREAU)
DISTRICT_POSTS = tuple(p for p, s in SCOPE_OF.items() if s == Scope.DISTRICT)
