"""The accounts that the demonstration shows: one for each role, all in the first group and its lead school."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

# No secret: the demonstration holds invented data only, and is loaded only where DEMO is on.
PASSWORD = "kunshan-2019"  # noqa: S105


class Account(NamedTuple):
    """An account to show. is_admin: it signs in with its password only, never by the role switcher."""

    username: str
    label: Any
    password: str = PASSWORD
    is_admin: bool = False


# user name, post, and where: what `posts.py` appoints under these names.
SHOWN = (
    ("clerk", _("经办人"), _("天枢小学")),
    ("accountant", _("学校会计"), _("天枢小学")),
    ("cashier", _("出纳"), _("天枢小学")),
    ("principal", _("执行校长"), _("天枢小学")),
    ("vice", _("副校长"), _("天枢小学")),
    ("office", _("集团办公室"), _("天枢集团")),
    ("gfinance", _("集团财务"), _("天枢集团")),
    ("president", _("总校长"), _("天枢集团")),
    ("deputy", _("副书记"), _("天枢集团")),
    ("district", _("区镇经办"), _("花桥经济开发区")),
    ("finance1", _("计财科"), _("市教育局")),
    ("finance2", _("计财科"), _("市教育局")),
    ("leader", _("局领导"), _("市教育局")),
    ("personnel", _("人事科"), _("市教育局")),
    ("basic", _("基教科"), _("市教育局")),
    ("supervision", _("督导室"), _("市教育局")),
    ("auditor", _("审计人员"), _("市教育局")),
    ("mayor", _("分管副市长"), _("市教育局")),
)
ADMIN = "admin"


def accounts() -> list[Account]:
    """The accounts to show, without a look at the database; the administrator is the last."""
    shown = [Account(name, format_lazy("{} · {}", post, place)) for name, post, place in SHOWN]
    return [*shown, Account(ADMIN, _("系统管理员"), is_admin=True)]
