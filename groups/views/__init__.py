"""The pages of the register, and of the rules that groups adopt."""

from groups.views.policies import (
    PolicyAttachment,
    PolicyBoard,
    PolicyDetail,
    PolicyList,
    PolicyNew,
    PolicyVerb,
)
from groups.views.register import (
    DistrictList,
    GroupDetail,
    GroupList,
    GroupNew,
    GroupVerb,
    MembershipVerb,
    SchoolDetail,
    SchoolList,
    SchoolNew,
    SchoolVerb,
)

__all__ = [
    "DistrictList",
    "GroupDetail",
    "GroupList",
    "GroupNew",
    "GroupVerb",
    "MembershipVerb",
    "PolicyAttachment",
    "PolicyBoard",
    "PolicyDetail",
    "PolicyList",
    "PolicyNew",
    "PolicyVerb",
    "SchoolDetail",
    "SchoolList",
    "SchoolNew",
    "SchoolVerb",
]
