"""The pages of the register."""

from __future__ import annotations

from kunshan_edu.core.pages import DetailPage, FormPage, ListPage, VerbPage


class GroupList(ListPage):
    """教育集团."""


class GroupNew(FormPage):
    """组建教育集团."""


class GroupDetail(DetailPage):
    """一个教育集团."""


class GroupVerb(VerbPage):
    """教育集团的办理."""


class MembershipVerb(VerbPage):
    """成员关系的办理."""


class SchoolList(ListPage):
    """学校."""


class SchoolNew(FormPage):
    """登记学校."""


class SchoolDetail(DetailPage):
    """一所学校."""


class SchoolVerb(VerbPage):
    """学校的办理."""


class DistrictList(ListPage):
    """区镇."""
