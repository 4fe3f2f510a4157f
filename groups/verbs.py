"""The verbs of the register: what feeds buttons, addresses, the API and the permission tests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groups import actions, forms, rules
from groups.choices import Authority
from groups.models import EducationGroup, GroupPolicy, Membership, School
from kunshan_edu.core.access import Ground
from kunshan_edu.core.verbs import Verb, VerbTable

EDUCATION_GROUP = VerbTable(
    "education_group",
    EducationGroup,
    actions.case_for,
    (
        Verb(
            "advance",
            _("转换状态"),
            rules.cannot_advance,
            actions.advance,
            forms.AdvanceForm,
            done=_("集团状态已转换。"),
            icon="arrow-right",
        ),
        Verb(
            "join",
            _("加入成员学校"),
            rules.cannot_join,
            actions.join,
            forms.JoinForm,
            done=_("已加入集团，学校的校名、法人、隶属关系和编制不变。"),
            icon="plus",
        ),
        Verb(
            "dissolve",
            _("撤销集团"),
            rules.cannot_dissolve,
            actions.dissolve,
            forms.DissolveForm,
            done=_("集团已撤销，历史记录保留。"),
            style="d",
            icon="ban",
        ),
    ),
    "groups:group_verb",
)

MEMBERSHIP = VerbTable(
    "membership",
    Membership,
    actions.membership_case,
    (
        Verb(
            "leave",
            _("退出集团"),
            rules.cannot_leave,
            actions.leave,
            forms.LeaveForm,
            done=_("退出日期已登记。"),
            style="d",
            icon="logout",
        ),
    ),
    "groups:membership_verb",
)

SCHOOL = VerbTable(
    "school",
    School,
    actions.school_case,
    (
        Verb(
            "edit_profile",
            _("编辑办学特色"),
            rules.cannot_edit_profile,
            actions.edit_profile,
            forms.ProfileForm,
            done=_("办学特色已保存。"),
            icon="pencil",
        ),
        Verb(
            "change_affiliation",
            _("变更隶属关系"),
            rules.cannot_register_school,
            actions.change_affiliation,
            forms.AffiliationForm,
            done=_("隶属关系已变更，以前的记录保留。"),
            icon="building",
        ),
    ),
    "groups:school_verb",
)

POLICY = VerbTable(
    "policy",
    GroupPolicy,
    actions.policy_case,
    (
        Verb(
            "end",
            _("登记失效"),
            rules.cannot_end_policy,
            actions.end_policy,
            forms.EndPolicyForm,
            done=_("制度失效已登记。"),
            style="d",
        ),
    ),
    "groups:policy_verb",
)

# What the audit trail calls the verbs of the register.
WORDS = {
    "groups.register_school": _("登记学校"),
    "groups.affiliate": _("登记隶属关系"),
    "groups.edit_profile": _("编辑办学特色"),
    "groups.found": _("组建教育集团"),
    "groups.advance": _("转换集团状态"),
    "groups.dissolve": _("撤销集团"),
    "groups.join": _("加入集团"),
    "groups.leave": _("退出集团"),
    "groups.adopt": _("审定集团制度"),
    "groups.end_policy": _("登记制度失效"),
}

# On which right each verb stands: by it the audit tells the capacity of who holds several posts.
GROUNDS = {
    "groups.register_school": (Ground(Authority.MANAGE_SCHOOLS),),
    "groups.affiliate": (Ground(Authority.MANAGE_SCHOOLS),),
    "groups.edit_profile": (Ground(Authority.EDIT_SCHOOL_PROFILE),),
    "groups.found": (Ground(Authority.MANAGE_REGISTER),),
    "groups.advance": (Ground(Authority.MANAGE_REGISTER),),
    "groups.dissolve": (Ground(Authority.MANAGE_REGISTER),),
    "groups.join": (Ground(Authority.MANAGE_REGISTER),),
    "groups.leave": (Ground(Authority.MANAGE_REGISTER),),
    "groups.adopt": (Ground(Authority.ADOPT_POLICIES),),
    "groups.end_policy": (Ground(Authority.ADOPT_POLICIES),),
}

# What a right lets one do, in plain words, and the page where it is done.
DOORS = {
    Authority.EDIT_SCHOOL_PROFILE: (_("编辑学校的办学特色。"), "groups:school_list"),
    Authority.MANAGE_REGISTER: (_("组建集团，办理学校加入和退出，转换集团状态。"), "groups:group_list"),
    Authority.MANAGE_SCHOOLS: (_("登记学校，变更隶属关系。"), "groups:school_list"),
    Authority.ADOPT_POLICIES: (_("审定集团统一的管理制度。"), "groups:policy_list"),
    Authority.VIEW_AUDIT: (_("查看审计记录：谁在何时以何身份改了什么。"), "core:audit_list"),
}
