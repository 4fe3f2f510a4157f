"""Queries, bytes and milliseconds of the pages of a demonstration: `python bench/pages.py`, from the repository."""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
django.setup()
logging.getLogger("django.request").setLevel(logging.ERROR)

from django.conf import settings  # noqa: E402 - models need the settings first
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from finance.actions import deciding, drafting, paying, submitting  # noqa: E402
from finance.models import BudgetLine, FundRequest  # noqa: E402
from kunshan_edu import embedded  # noqa: E402
from kunshan_edu.core import clock  # noqa: E402
from kunshan_edu.core.models import User  # noqa: E402

ROLES = ("clerk", "principal", "president", "finance1", "leader")
PAGES = (
    "home",
    "finance:fund_request_list",
    "finance:fund_request_new",
    "finance:fund_list",
    "finance:measures_list",
    "groups:group_list",
    "groups:school_list",
    "personnel:person_list",
    "personnel:appointment_list",
    "core:notification_list",
    "api:fund-requests-list",
)
TIMES = 7


def measured(client: Client, url: str) -> tuple[int, int, float] | None:
    """(queries, bytes before compression, median milliseconds in process) of a warm page; None when refused."""
    if client.get(url).status_code != 200:
        return None
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
        queries = len(captured)
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(url)
        took.append((time.perf_counter() - begun) * 1000)
    return queries, len(response.content), statistics.median(took)


def pages() -> None:
    """Of each page the most over the roles."""
    clients = {name: Client(HTTP_HOST=settings.ALLOWED_HOSTS[0]) for name in ROLES}
    for name, client in clients.items():
        client.force_login(
            User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
        )
    request = FundRequest.objects.filter(fund__group__code="TS").submitted().order_by("pk").first()
    urls = [reverse(name) for name in PAGES]
    urls.append(request.get_absolute_url())
    print(f"{'page':<28}{'queries':>8}{'KB':>7}{'ms':>7}")
    for url in urls:
        rows = [row for client in clients.values() if (row := measured(client, url))]
        queries, size, took = (max(column) for column in zip(*rows, strict=True))
        print(f"{url:<28}{queries:>8}{size / 1024:>7.1f}{took:>7.1f}")
    for client in clients.values():
        client.logout()


def counted(verb: str, deed: Any) -> Any:
    with CaptureQueriesContext(connection) as captured:
        done = deed()
    print(f"{verb:<28}{len(captured):>8}")
    return done


def verbs() -> None:
    """Of each verb of a request of one line and one step; nothing of it stays."""
    user = {name: User.objects.get(username=name) for name in ("clerk", "principal", "cashier")}
    budget = BudgetLine.objects.visible_to(user["clerk"]).filter(fund__state="allocated", approved__gt=0)
    line = next(row for row in budget.select_related("fund", "school") if row.available > 1000)
    content = {
        "school": line.school,
        "category": line.category,
        "description": "示例",
        "amount": Decimal(500),
    }
    facts = {"title": "示例", "purpose": "示例", "used_on": clock.today(), "payee": "示例书店"}
    with transaction.atomic():
        by = user["clerk"]
        row = counted(
            "draft",
            lambda: drafting.draft(fund=line.fund, school=line.school, lines=[content], by=by, **facts),
        )
        counted("submit", lambda: submitting.submit(row, by=by))
        counted("approve", lambda: deciding.approve(row, by=user["principal"]))
        paid = {"amount": Decimal(500), "voucher_no": "示例", "paid_on": clock.today()}
        counted("pay", lambda: paying.pay(row, by=user["cashier"], **paid))
        transaction.set_rollback(True)


if __name__ == "__main__":
    embedded.ensure()
    if not settings.DEMO:
        sys.exit("This signs in as people of the demonstration, and needs one.")
    pages()
    verbs()
