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
        """How much there is to approve, to pay, to mend and to read; each at most `MOST`."""
        unread = _capped("unread", Notification.objects.visible_to(self.user).unread())
        others = (
            _capped("approve", RequestStep.objects.waiting_for(self.user), "version__fund_request_id"),
            _capped("pay", FundRequest.objects.payable_by(self.user)),
            _capped("returned", FundRequest.objects.returned_to(self.user)),
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
        """Only what this person may open."""
        register = [
            self._link(pgettext("列表", "教育集团"), "groups:group_list", icon="sitemap"),
            self._link(pgettext("列表", "学校"), "groups:school_list", icon="school"),
            self._link(pgettext("列表", "区镇"), "groups:district_list", icon="map-pin"),
            self._link(pgettext("列表", "人员"), "personnel:person_list", icon="users"),
            self._link(pgettext("列表", "任职"), "personnel:appointment_list", icon="id-badge-2"),
        ]
        system = [self._link(_("接口文档"), "api_reference", icon="api")]
        if self.rights.anywhere(Authority.VIEW_AUDIT, Bureau):
            system.insert(0, self._link(_("审计记录"), "core:audit_list", icon="history"))
        return [
            Part("", [self._home()]),
            Part(_("专项经费"), self._money()),
            Part(_("集团与人员"), register),
            Part(_("系统"), system),
        ]

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
