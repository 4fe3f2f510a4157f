"""No page makes more queries on 10,000 requests than on 50."""

from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from finance.models import FundRequest
from kunshan_edu.core.changes import acting
from tests.finance.requests import make
from tests.test_house import names

# A page that the address alone cannot open, or that is not a page of rows.
WITHOUT = {"core:demo_switch", "core:sign_in", "core:sign_out", "core:signed_out"}
ROLES = ("clerk_a", "president", "finance_1", "personnel")
MOST_QUERIES = 14
# A draft shows whom it will go to and why, found as submitting finds it: more queries, but as many for any number.
MOST_WITH_A_CHAIN = 24
# A page with the lights of the clauses asks once or twice for each of them, whatever the number of schools.
MOST_WITH_LIGHTS = 48

INSERT = """
INSERT INTO finance_fundrequest (fund_id, origin, school_id, title, purpose, used_on, payee, requester_id, line,
                                 state, amount, current, created_at)
SELECT fund_id, origin, school_id, title || ' ' || n, purpose, used_on, payee, requester_id, line, 'draft', amount, 0,
       created_at - n * interval '1 minute' FROM finance_fundrequest, generate_series(1, %s) AS n WHERE id = %s
"""


def fill(world, number: int) -> None:
    """That many more requests, half of them drafts of the clerk's own, half withdrawn and so seen by all."""
    with acting("tests.fill", None):
        sample = FundRequest.objects.filter(requester=world.clerk_a).order_by("pk").first()
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [number, sample.pk])
            cursor.execute(
                "UPDATE finance_fundrequest SET state = 'withdrawn' WHERE current = 0 AND id % 2 = 0"
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE finance_fundrequest")


# Pages of people and of the administration show no requests: it is enough that one person opens each.
NOUNS = (
    "people", "staff", "appoint", "extension", "incentive", "rotation", "party", "org", "plaque", "post", "rule",
    "deviation", "delegation", "apprais", "training", "attendance", "merit", "polic", "rights",
)  # fmt: skip
OF_PEOPLE = re.compile(r"personnel:|rights:|api:(" + "|".join(NOUNS) + ")")


def pages(who: str) -> list[str]:
    """Every address that answers GET: those without a row, and of those with one row the first row's."""
    found = []
    for name, entry in names(get_resolver().url_patterns):
        if name.startswith("admin:") or (who != "personnel" and OF_PEOPLE.match(name)):
            continue
        asked = set(entry.pattern.converters) | set(entry.pattern.regex.groupindex)
        if name not in WITHOUT and asked <= {"pk"} and entry.pattern.regex.groups == len(asked):
            found.append(reverse(name, kwargs=dict.fromkeys(asked, 1)))
    return sorted(set(found))


def shown(clients: dict[str, Client]) -> list[tuple[str, str]]:
    """Who sees which page; this first look also fills caches of names and permissions."""
    return [
        (who, url)
        for who, client in clients.items()
        for url in pages(who)
        if client.get(url).status_code == 200
    ]


def queries(clients: dict[str, Client], seen: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    counted = {}
    for who, url in seen:
        with CaptureQueriesContext(connection) as captured:
            assert clients[who].get(url).status_code == 200, (who, url)
        counted[who, url] = len(captured)
    return counted


def test_no_page_makes_more_queries_with_more_rows(own_database, world):
    make(world, "clerk_a", "300.00")
    clients = {}
    for who in ROLES:
        clients[who] = Client()
        clients[who].force_login(world.users[who])
    fill(world, 50)
    seen = shown(clients)
    few = queries(clients, seen)
    fill(world, 9_950)
    many = queries(clients, seen)
    assert len(few) > 40
    assert {key: (few[key], many[key]) for key in few if many[key] > few[key]} == {}
    assert {key: number for key, number in many.items() if number > most(key[1])} == {}


def most(url: str) -> int:
    if url.startswith("/leadership/"):
        return MOST_WITH_LIGHTS
    return MOST_WITH_A_CHAIN if url.startswith("/fund-requests/1/") else MOST_QUERIES
