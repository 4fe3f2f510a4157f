"""The ground of the REST API: who comes in, how it refuses, what the document says, and nothing for strangers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.authtoken.models import Token

from finance import verbs as finance
from groups import verbs as groups
from kunshan_edu.core import inbox
from kunshan_edu.core.api.problems import PLAIN
from kunshan_edu.core.forms import MOST_ATTEMPTS
from kunshan_edu.core.models import Notification
from personnel import verbs as personnel
from tests.api_client import PROBLEM, Api, errors, refusal, rows
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TABLES = {
    "fund-requests": finance.FUND_REQUEST,
    "group-funds": finance.GROUP_FUND,
    "budget-lines": finance.BUDGET_LINE,
    "measures": finance.MEASURES,
    "groups": groups.EDUCATION_GROUP,
    "memberships": groups.MEMBERSHIP,
    "schools": groups.SCHOOL,
    "policies": groups.POLICY,
    "appointments": personnel.APPOINTMENT,
    "extensions": personnel.EXTENSION,
    "incentives": personnel.INCENTIVE,
    "staff": personnel.STAFF,
    "rotations": personnel.ROTATION,
    "party-organisations": personnel.PARTY_ORGANISATION,
    "units": personnel.ORG_UNIT,
    "plaques": personnel.PLAQUE,
    "quotas": personnel.POST_QUOTA,
    "rule-sets": personnel.RULE_SET,
    "deviations": personnel.DEVIATION,
    "delegations": personnel.DELEGATION,
    "appraisals": personnel.APPRAISAL,
    "trainings": personnel.TRAINING,
    "merits": personnel.MERIT,
}


def addresses(patterns: list, prefix: str = "/") -> Iterator[str]:
    """Every address of the URL conf, with 1 in each place."""
    for pattern in patterns:
        route = prefix + re.sub("<[^>]*>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def of_the_api() -> list[str]:
    found = [a for a in addresses(get_resolver().url_patterns) if a.startswith("/api/")]
    assert len(found) > 40
    return found


# Who comes in


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Token 0123456789"}, {"Authorization": "Token"}])
def test_no_address_answers_a_stranger(world, headers):
    api = Api(**headers)
    for address in of_the_api():
        for method in METHODS:
            answer = api.send(method, address, {} if method == "POST" else None)
            if address == "/api/":
                assert answer.status_code == 302
                assert answer.headers["Location"].startswith(settings.LOGIN_URL)
            elif (address, method) == ("/api/v1/tokens/", "POST"):
                assert answer.status_code == 422
            else:
                assert answer.status_code == 401, (method, address)
                assert answer.headers["Content-Type"] == PROBLEM
                assert answer.headers["WWW-Authenticate"] == "Token"


def test_a_program_signs_in_and_out(world):
    stranger = Api()
    given = stranger.post("tokens/", {"username": "clerk_a", "password": PASSWORD}, key=None)
    assert given.status_code == 201
    assert (given.json()["user"], given.json()["name"]) == (world.clerk_a.pk, world.clerk_a.name)
    program = Api(Authorization=f"Token {given.json()['token']}")
    assert program.get("schools/").status_code == 200
    assert program.send("DELETE", "tokens/").status_code == 204
    assert refusal(program.get("schools/"))[:2] == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"username": "clerk_a", "password": "wrong"}, {"non_field_errors": ["invalid_login"]}),
        ({"username": "nobody", "password": PASSWORD}, {"non_field_errors": ["invalid_login"]}),
        ({"username": "clerk_a"}, {"password": ["required"]}),
        ({"username": ["clerk_a"], "password": PASSWORD}, {"username": ["invalid"]}),
        ({"username": "clerk_a", "password": PASSWORD, "otp": "1"}, {"otp": ["unknown_field"]}),
    ],
)
def test_a_wrong_sign_in_gives_no_token(world, sent, found):
    cache.clear()
    assert errors(Api().post("tokens/", sent, key=None)) == found
    assert not Token.objects.exists()


def test_a_closed_account_gets_no_token_and_its_token_no_answer(world):
    cache.clear()
    program = Api(world.clerk_a)
    world.clerk_a.is_active = False
    world.clerk_a.save()
    assert refusal(program.get("schools/"))[0] == 401
    answer = Api().post("tokens/", {"username": "clerk_a", "password": PASSWORD}, key=None)
    assert errors(answer) == {"non_field_errors": ["invalid_login"]}


def test_guessing_passwords_is_slowed_down_and_the_right_one_waits_too(world):
    cache.clear()
    for _ in range(MOST_ATTEMPTS):
        assert Api().post("tokens/", {"username": "clerk_a", "password": "x"}, key=None).status_code == 422
    answer = Api().post("tokens/", {"username": "clerk_a", "password": PASSWORD}, key=None)
    assert refusal(answer) == (429, "throttled", None)
    assert re.search(r"\d\d:\d\d", answer.json()["detail"])
    assert not Token.objects.exists()
    cache.clear()


def test_a_session_reads_and_writes_with_the_page_s_token_only(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.clerk_a)
    assert browser.get("/api/v1/fund-requests/").status_code == 200
    inbox.tell([world.clerk_a], "示例")
    row = Notification.objects.get(user=world.clerk_a)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    address = f"/api/v1/notifications/{row.pk}/read/"
    refused = browser.post(address, "{}", "application/json", headers=key)
    assert refusal(refused) == (403, "csrf_failed", None)
    browser.get("/api/")
    token = browser.cookies["csrftoken"].value
    done = browser.post(address, "{}", "application/json", headers={**key, "X-CSRFToken": token})
    assert done.status_code == 200


# How it refuses


@pytest.mark.parametrize(
    "sent",
    ["{", "", "[1]", '"text"', "null", '{"amount": NaN}', '{"title": "\\ud800"}', b'{"a": "\xff"}', "[" * 100_000,
     '{"a": ' + "9" * 5000 + "}"],
    ids=lambda text: str(text)[:20],
)  # fmt: skip
def test_what_is_no_json_object_is_malformed(world, sent):
    answer = Api(world.clerk_a).post("fund-requests/", sent)
    if sent == "":  # nothing sent is an empty object: it lacks what is required
        assert errors(answer) == {"lines": ["invalid"]}
    else:
        assert refusal(answer) == (400, "malformed", None)


def test_a_body_that_is_not_json_is_not_read(world):
    api = Api(world.clerk_a)
    answer = api.client.post(
        "/api/v1/fund-requests/", {"title": "x"}, headers={"Idempotency-Key": str(uuid.uuid4())}
    )
    assert refusal(answer) == (415, "unsupported_media_type", None)


def test_too_large_a_body_is_not_read(world):
    answer = Api(world.clerk_a).post("fund-requests/", b" " * (20 * 1024 * 1024))
    assert refusal(answer) == (413, "too_large", None)


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "fund-requests/999999/", (404, "not_found", None)),
        ("GET", f"fund-requests/{10**25}/", (404, "not_found", None)),
        ("GET", "schools/?page=99", (404, "not_found", None)),
        ("PUT", "schools/", (405, "method_not_allowed", None)),
        ("OPTIONS", "schools/", (405, "method_not_allowed", None)),
        ("DELETE", "districts/1/", (405, "method_not_allowed", None)),
        ("GET", "fund-requests/1/approve/", (405, "method_not_allowed", None)),
    ],
)
def test_what_is_not_there_is_refused_as_a_problem(world, method, path, found):
    assert refusal(Api(world.clerk_a).send(method, path)) == found


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/fund-requests/1/nothing/", "/api/v2/"])
def test_an_address_that_never_was_is_a_problem_too(world, path):
    answer = Api(world.clerk_a).get(path)
    assert refusal(answer) == (404, "not_found", None)


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(world, monkeypatch):
    monkeypatch.setattr("kunshan_edu.core.api.nouns.Noun.shown", lambda *_: 1 / 0)
    api = Api(world.clerk_a)
    api.client.raise_request_exception = False
    answer = api.get(f"schools/{world.school_a.pk}/")
    assert refusal(answer) == (500, "fault", None)
    assert "division" not in answer.content.decode()


def test_only_json_is_offered(world):
    assert refusal(Api(world.clerk_a).get("schools/", Accept="text/html")) == (406, "not_acceptable", None)


def test_a_program_is_answered_in_the_language_it_asks_for_or_else_its_account_s(world):
    world.clerk_a.language = "en"
    world.clerk_a.save()
    api = Api(world.clerk_a)
    assert api.get("schools/").headers["Content-Language"] == "en"
    assert api.get("schools/", **{"Accept-Language": "zh-hans"}).headers["Content-Language"] == "zh-hans"
    assert Api(world.clerk_b).get("schools/").headers["Content-Language"] == "zh-hans"
    english = Api(world.clerk_b).get("schools/", **{"Accept-Language": "en"})
    assert english.headers["Content-Language"] == "en"


def test_answers_are_not_kept_by_anybody_on_the_way(world):
    assert Api(world.clerk_a).get("schools/").headers["Cache-Control"] == "no-store"


# Lists


def test_pages_have_a_size_and_a_limit(world):
    api = Api(world.clerk_a)
    first = api.get("schools/?size=2").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    second = api.get(first["next"].removeprefix("http://testserver")).json()
    assert {r["id"] for r in first["results"]}.isdisjoint(r["id"] for r in second["results"])
    Notification.objects.bulk_create(Notification(user=world.clerk_a, text="示例") for _ in range(250))
    assert len(rows(api.get("notifications/?size=999"))) == 200
    assert len(rows(api.get("notifications/"))) == 50


# Notifications


def test_everybody_has_only_their_own_notifications(world):
    inbox.tell(
        [world.clerk_a], "%(title)s已批准，可以支付。", params={"title": "示例"}, url="/fund-requests/1/"
    )
    mine, other = Api(world.clerk_a), Api(world.clerk_b)
    [row] = rows(mine.get("notifications/?unread=true"))
    assert (row["text"], row["url"], row["read_at"]) == ("示例已批准，可以支付。", "/fund-requests/1/", None)
    assert rows(other.get("notifications/")) == []
    address = f"notifications/{row['id']}/"
    assert refusal(other.get(address))[0] == 404
    assert refusal(other.post(f"{address}read/"))[0] == 404
    assert Notification.objects.get(pk=row["id"]).read_at is None
    assert mine.post(f"{address}read/").json()["read_at"]
    assert rows(mine.get("notifications/?unread=true")) == []
    assert len(rows(mine.get("notifications/?unread=false"))) == 1


# The document


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document) -> Iterator[tuple[str, str, dict]]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield path, method, told


def test_the_document_is_valid_openapi_and_tells_of_every_address(document):
    validate_schema(document)
    told = {re.sub(r"\{\w+\}", "1", path) for path in document["paths"]}
    assert told == set(of_the_api()) - {"/api/", "/api/schema/", "/api/v1/"}


def test_the_document_gives_no_warning(capsys):
    from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats

    reset_generator_stats()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS


@pytest.mark.parametrize("plural", TABLES)
def test_the_document_has_each_verb_of_each_table(document, plural):
    table = TABLES[plural]
    for verb in table.verbs:
        told = document["paths"][f"/api/v1/{plural}/{{id}}/{verb.path}/"]["post"]
        assert told["operationId"] == f"{table.noun}_{verb.name}"
        assert told["summary"] == str(verb.label)
        fields = set(verb.form.base_fields) if verb.form else set()
        fields |= {"version", "digest", "amount"} if verb.binds else set()
        if fields:
            reference = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            component = document["components"]["schemas"][reference.rpartition("/")[2]]
            assert set(component["properties"]) == fields
            assert verb.binds is None or {"version", "digest", "amount"} <= set(component["required"])
        else:
            assert "requestBody" not in told


def test_every_operation_says_how_one_signs_in_and_how_it_refuses(document):
    for path, method, told in operations(document):
        assert told["summary"], (path, method)
        opening = (path, method) == ("/api/v1/tokens/", "post")
        assert told.get("security", []) == ([{}] if opening else [{"tokenAuth": []}, {"cookieAuth": []}])
        refused = {status: answer for status, answer in told["responses"].items() if status >= "400"}
        assert opening or "401" in refused
        for answer in refused.values():
            assert list(answer["content"]) == [PROBLEM]
        keys = [p for p in told.get("parameters", ()) if p["name"] == "Idempotency-Key"]
        assert len(keys) == (1 if method == "post" and not opening else 0), path
        assert all(key["required"] and key["in"] == "header" for key in keys)


def test_operations_have_names_of_their_own(document):
    names = [told["operationId"] for _path, _method, told in operations(document)]
    assert len(names) == len(set(names))


def test_every_endpoint_of_a_table_is_among_those_looked_at(document):
    """A new noun with verbs must not escape the tests above."""
    posts = {path for path, method, _told in operations(document) if method == "post" and "{id}" in path}
    known = {f"/api/v1/{plural}/{{id}}/{v.path}/" for plural, table in TABLES.items() for v in table.verbs}
    assert posts - known == {"/api/v1/notifications/{id}/read/"}


@pytest.mark.parametrize("accept", ["application/vnd.oai.openapi", "application/vnd.oai.openapi+json"])
def test_the_document_is_for_those_who_sign_in(world, accept):
    answer = Api(world.clerk_a).get("/api/schema/", Accept=accept)
    assert answer.status_code == 200
    assert b"fund_request_approve" in answer.content


def test_every_status_that_is_refused_has_its_words():
    assert all(code and str(title) and str(sentence) for code, title, sentence in PLAIN.values())
    assert len({code for code, _title, _sentence in PLAIN.values()}) == len(PLAIN)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_reference_page_tells_of_every_operation_without_any_script_of_its_own(world, document, language):
    world.clerk_a.language = language
    world.clerk_a.save()
    browser = Client()
    browser.force_login(world.clerk_a)
    answer = browser.get("/api/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for path, method, told in operations(document):
        assert f'id="{told["operationId"]}"' in page
        assert f"<code>{method.upper()} {path}</code>" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page)
    for noun in {told["tags"][0] for _path, _method, told in operations(document)}:
        chapter = browser.get(f"/api/?noun={noun}").content.decode()
        targets = set(re.findall(r'href="#([\w-]+)"', chapter))
        assert targets <= set(re.findall(r'id="([\w-]+)"', chapter)), noun
        assert ("stale_version" in chapter) is (noun == "fund-requests"), noun
        for path, method, told in operations(document):
            assert (f'id="{told["operationId"]}"' in chapter) is (told["tags"][0] == noun), (path, method)
