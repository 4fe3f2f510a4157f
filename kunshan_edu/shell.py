"""What every page shows around itself: navigation by rights, what waits, who one is, the demonstration's accounts."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance.models import FundRequest, RequestStep
from groups.choices import Authority
from groups.models import Bureau, EducationGroup, School
from kunshan_edu.core.access import Rights, rights_of
from kunshan_edu.core.admin import is_administrator
from kunshan_edu.core.models import Notification
from personnel.choices import Post
from personnel.models import Appointment

# Counting goes no further: "99+" is all that anybody needs to know.
MOST = 100
MONEY = {
    Authority.DRAFT_SCHOOL_REQUEST,
    Authority.DRAFT_GROUP_REQUEST,
    Authority.VIEW_SCHOOL_FINANCE,
    Authority.VIEW_GROUP_FINANCE,
    Authority.VIEW_DISTRICT_FINANCE,
    Authority.VIEW_ALL_FINANCE,
}


DELEGATED = {
    Authority.APPROVE_AS_PRESIDENT,
    Authority.APPROVE_AS_PRINCIPAL,
    Authority.APPROVE_AS_BUREAU_LEADER,
    Authority.REASSIGN_APPROVALS,
}


class Link(NamedTuple):
    """One entry of the navigation or of the tab bar."""

    name: str
    url: str
    icon: str
    here: bool = False
    count: str = ""


class Part(NamedTuple):
    """Links under one title."""

    title: str
    links: list[Link]


def few(n: int) -> str:
    """A count as a badge shows it: nothing for none."""
    return "" if not n else "99+" if n >= MOST else str(n)


def _capped(kind: str, rows: Any, key: str = "pk") -> Any:
    return rows.order_by().values_list(Value(kind, CharField()), key).distinct()[:MOST]


class Shell:
    """The frame for one signed-in person; each part is read from the database once, when it is first shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.path, self.user = request.path, request.user

    @cached_property
    def rights(self) -> Rights:
        return rights_of(self.user)

    @cached_property
    def posts(self) -> list[Appointment]:
        """The posts held today, the most responsible first."""
        rows = Appointment.objects.in_force().of_user(self.user)
        return sorted(rows, key=lambda row: (Post.values.index(row.post), row.pk))

    @cached_property
    def counts(self) -> Counter[str]:
        """How much there is to approve, to pay, to mend, to confirm and to read; each at most `MOST`."""
        unread = _capped("unread", Notification.objects.visible_to(self.user).unread())
        others = (
            _capped("approve", RequestStep.objects.waiting_for(self.user), "version__fund_request_id"),
            _capped("pay", FundRequest.objects.payable_by(self.user)),
            _capped("returned", FundRequest.objects.returned_to(self.user)),
            _capped("confirm", Appointment.objects.waiting_for(self.user)),
        )
        return Counter(kind for kind, _pk in unread.union(*others, all=True))

    @property
    def todo(self) -> int:
        return self.counts["approve"] + self.counts["pay"] + self.counts["returned"]

    @property
    def called(self) -> str:
        """沈知行总校长: the name with the first post, as one is addressed."""
        if not self.posts:
            return self.user.name
        return _("%(name)s%(post)s") % {"name": self.user.name, "post": self.posts[0].get_post_display()}

    @property
    def todo_text(self) -> str:
        return few(self.todo)

    def unread(self) -> int:
        return self.counts["unread"]

    def me(self) -> dict[str, str]:
        """Name and capacity, as the corner of every page says them."""
        capacity = ""
        if self.posts:
            capacity = f"{self.posts[0].container} {self.posts[0].get_post_display()}"
        if len(self.posts) > 1:
            capacity = _("%(first)s等 %(n)s 项任职") % {"first": capacity, "n": len(self.posts)}
        return {"name": self.user.name, "capacity": capacity}

    @property
    def sees_money(self) -> bool:
        return any(right.permission in MONEY for right in self.rights.rows)

    @property
    def sees_staff(self) -> bool:
        every = self.rights.anywhere(Authority.VIEW_ALL_STAFF, Bureau)
        return every or self.rights.anywhere(Authority.VIEW_SCHOOL_STAFF, School)

    @property
    def delegates(self) -> bool:
        """Has an approval to delegate or to reassign, or one that was delegated."""
        return any(right.permission in DELEGATED or right.delegation_id for right in self.rights.rows)

    @property
    def may_draft(self) -> bool:
        own_school = self.rights.anywhere(Authority.DRAFT_SCHOOL_REQUEST, School)
        return own_school or self.rights.anywhere(Authority.DRAFT_GROUP_REQUEST, EducationGroup)

    def _link(self, name: str, route: str, icon: str, count: int = 0) -> Link:
        url = reverse(route)
        here = self.path == url if url == "/" else self.path.startswith(url)
        return Link(name, url, icon, here, few(count))

    def _home(self) -> Link:
        return self._link(_("首页"), "home", icon="home", count=self.todo)

    def _requests(self) -> Link:
        return self._link(pgettext("列表", "经费申请"), "finance:fund_request_list", icon="file-text")

    def nav(self) -> list[Part]:
        """Only what this person may open; how groups and schools are set up, for whoever holds a post."""
        parts = [
            Part("", [self._home()]),
            Part(_("专项经费"), self._money()),
            Part(_("集团与学校"), self._register()),
            Part(_("人事"), self._people()),
        ]
        if self.posts:
            parts.append(Part(_("机构"), self._setup()))
        return [*parts, Part(_("系统"), self._system())]

    def _register(self) -> list[Link]:
        return [
            self._link(pgettext("列表", "教育集团"), "groups:group_list", icon="sitemap"),
            self._link(pgettext("列表", "学校"), "groups:school_list", icon="school"),
            self._link(pgettext("列表", "集团制度"), "groups:policy_list", icon="book"),
            self._link(pgettext("列表", "区镇"), "groups:district_list", icon="map-pin"),
        ]

    def _people(self) -> list[Link]:
        confirm = self.counts["confirm"]
        links = [
            self._link(pgettext("列表", "人员"), "personnel:person_list", icon="users"),
            self._link(
                pgettext("列表", "任职"), "personnel:appointment_list", icon="id-badge-2", count=confirm
            ),
        ]
        if self.sees_staff:
            links += [
                self._link(pgettext("列表", "教职工"), "personnel:staff_list", icon="users-group"),
                self._link(pgettext("列表", "轮岗"), "personnel:rotation_list", icon="arrows-exchange"),
                self._link(pgettext("列表", "考核"), "personnel:appraisal_list", icon="clipboard-check"),
                self._link(pgettext("列表", "培训"), "personnel:training_list", icon="chalkboard"),
                self._link(pgettext("列表", "评优"), "personnel:merit_list", icon="award"),
                self._link(pgettext("列表", "考勤"), "personnel:attendance_list", icon="calendar-check"),
            ]
        if self.delegates:
            links.append(self._link(_("审批委托"), "personnel:delegation_list", icon="user-share"))
        return links

    def _setup(self) -> list[Link]:
        return [
            self._link(
                pgettext("列表", "党组织"), "personnel:party_organisation_list", icon="building-community"
            ),
            self._link(pgettext("列表", "内设机构"), "personnel:org_unit_list", icon="hierarchy"),
            self._link(pgettext("列表", "牌匾"), "personnel:plaque_list", icon="rectangle"),
            self._link(pgettext("列表", "职数"), "personnel:post_quota_list", icon="gauge"),
            self._link(pgettext("列表", "书记设置规定"), "personnel:rule_set_list", icon="gavel"),
            self._link(pgettext("列表", "例外"), "personnel:deviation_list", icon="message-exclamation"),
        ]

    def _system(self) -> list[Link]:
        links = [
            self._link(pgettext("列表", "工作日历"), "personnel:calendar_day_list", icon="calendar"),
            self._link(_("权限矩阵"), "rights:matrix", icon="key"),
            self._link(_("接口文档"), "api_reference", icon="api"),
        ]
        if self.rights.anywhere(Authority.EXPLAIN_RIGHTS, Bureau):
            links[1:1] = [
                self._link(_("权限说明"), "personnel:rights_explain", icon="user-question"),
                self._link(_("总校长权限清单"), "personnel:rights_presidents", icon="list-check"),
            ]
        if self.rights.anywhere(Authority.VIEW_AUDIT, Bureau):
            links.insert(0, self._link(_("审计记录"), "core:audit_list", icon="history"))
        if is_administrator(self.user):
            links.append(self._link(_("系统管理"), "admin:index", icon="database"))
        return links

    def _money(self) -> list[Link]:
        measures = self._link(_("使用办法"), "finance:measures_list", icon="scale")
        if not self.sees_money:
            return [measures]
        return [
            self._requests(),
            self._link(pgettext("列表", "年度经费"), "finance:fund_list", icon="wallet"),
            measures,
        ]

    def tabbar(self) -> list[Link]:
        """At most five, for the thumb."""
        notices = self._link(_("通知"), "core:notification_list", icon="bell", count=self.counts["unread"])
        groups = self._link(pgettext("列表", "集团"), "groups:group_list", icon="sitemap")
        me = self._link(_("我的"), "core:profile", icon="user-circle")
        money = [self._requests()] if self.sees_money else []
        return [self._home(), *money, groups, notices, me]


def shell_of(request: HttpRequest) -> Shell:
    """The shell of a signed-in request, made once."""
    if not hasattr(request, "shell"):
        request.shell = Shell(request)  # type: ignore[attr-defined]
    return request.shell  # type: ignore[attr-defined, no-any-return]


def demo_accounts() -> list[dict[str, Any]]:
    """The accounts that the role switcher offers: none outside a demonstration, never the administrator."""
    if not settings.DEMO:
        return []
    from kunshan_edu.demo import accounts

    return [{"username": a.username, "label": a.label} for a in accounts() if not a.is_admin]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor for base.html. Each entry is called when a template shows it: fragments cost nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo_accounts": demo_accounts}
    frame = shell_of(request)
    shown = {"nav": frame.nav, "tabbar": frame.tabbar, "unread": frame.unread, "me": frame.me}
    return {**{name: cache(part) for name, part in shown.items()}, "demo_accounts": demo_accounts}
