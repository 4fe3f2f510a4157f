"""The face: headers on every answer, sign-in and its limit, language, notifications, demo, error pages."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import Resolver404, clear_url_caches, get_resolver, include, path, resolve

from kunshan_edu.core import clock, forms, inbox, urls, views
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.middleware import POLICY
from kunshan_edu.core.models import Job, Notification, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_face")]
PASSWORD = "a-long-enough-one"
OVER = Denial("over_budget", "类别余额不足：可用 %(left)s 元。", Clause.C4_2_K, params={"left": "12,340.00"})
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>ok</p>")


def refuse(request: HttpRequest) -> HttpResponse:
    raise Denied(OVER)


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(OVER)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault that no page may show")


handler400, handler403 = views.bad_request, views.permission_denied
handler404, handler500 = views.not_found, views.server_error
urlpatterns = [
    path("", page),
    path("refuse/", refuse),
    path("forbid/", forbid),
    path("fail/", fail),
    path("", include("kunshan_edu.urls")),
]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def somebody() -> User:
    return User.objects.create_user("somebody", PASSWORD, name="沈知行")


@pytest.fixture
def signed_in(client: Client, somebody: User) -> Client:
    client.raise_request_exception = False
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    return client


def enter(client: Client, username: str = "somebody", password: str = PASSWORD, **extra: Any) -> Any:
    query = extra.pop("next", "")
    return client.post("/sign-in/", {"username": username, "password": password, "next": query}, **extra)


# Headers


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in/", 200),
        ("/", 200),
        ("/refuse/", 409),
        ("/forbid/", 409),
        ("/fail/", 500),
        ("/nowhere/", 404),
        ("/sign-out/", 405),
        ("/static/kg/kg.css", 200),
        ("/static/kg/nothing.css", 404),
    ],
)
def test_the_policy_is_on_every_answer(signed_in: Client, address: str, status: int) -> None:
    if address == "/sign-in/":
        signed_in.logout()
    answer = signed_in.get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_the_policy_is_on_what_is_refused_before_any_view(client: Client) -> None:
    stranger = client.get("/")
    wrong_host = client.get("/sign-in/", headers={"host": "evil.example"})
    large = client.post("/sign-in/", b"", content_type="text/plain", CONTENT_LENGTH="20000000")
    no_token = Client(enforce_csrf_checks=True).post("/sign-in/", {})
    assert [a.status_code for a in (stranger, wrong_host, large, no_token)] == [302, 400, 413, 403]
    for answer in (stranger, wrong_host, large, no_token):
        assert answer.headers["Content-Security-Policy"] == POLICY


def test_the_policy_allows_nothing_unsafe() -> None:
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
    assert "frame-ancestors 'none'" in POLICY
    assert settings.MIDDLEWARE[0] == "kunshan_edu.core.middleware.ContentSecurityPolicy"


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: str(p.relative_to(TEMPLATES))
)
def test_no_template_has_what_the_policy_blocks(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)|href=\"javascript", text, re.IGNORECASE
    )
    assert not re.search(r"hx-trigger=\"[^\"]*\[", text)


# Sign-in and sign-out


def test_right_entry_leads_to_the_page_one_wanted(client: Client, somebody: User) -> None:
    answer = enter(client, next="/notifications/")
    assert (answer.status_code, answer["Location"]) == (302, "/notifications/")
    assert client.session["_auth_user_id"] == str(somebody.pk)


def test_a_foreign_address_is_not_followed(client: Client, somebody: User) -> None:
    assert enter(client, next="https://evil.example/")["Location"] == settings.LOGIN_REDIRECT_URL


@pytest.mark.parametrize(("username", "password"), [("somebody", "wrong"), ("nobody", "wrong")])
def test_wrong_entry_keeps_the_name_and_says_the_same(
    client: Client, somebody: User, username: str, password: str
) -> None:
    answer = enter(client, username, password)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "用户名或密码不正确，请核对后重新输入。" in body
    assert f'value="{username}"' in body
    assert 'value="wrong"' not in body


def test_an_empty_entry_names_the_fields(client: Client) -> None:
    body = enter(client, "", "").content.decode()
    assert "请填写用户名。" in body
    assert "请填写密码。" in body


def test_a_closed_account_does_not_get_in(client: Client, somebody: User) -> None:
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    assert enter(client).status_code == 422


def test_after_ten_failures_even_the_right_password_waits(client: Client, somebody: User) -> None:
    for _ in range(forms.MOST_ATTEMPTS):
        assert enter(client, password="wrong").status_code == 422
    with clock.at(clock.now()):
        answer = enter(client)
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session
    told = re.search(r"请于 (\d\d):(\d\d) 后再试", answer.content.decode())
    assert told
    end = clock.now().astimezone(clock.SHANGHAI) + forms.WINDOW
    assert [f"{end + dt.timedelta(minutes=m):%H:%M}" for m in (0, 1)].count(f"{told[1]}:{told[2]}") == 1


def test_the_limit_is_for_one_name_from_one_address(client: Client, somebody: User) -> None:
    for _ in range(forms.MOST_ATTEMPTS + 1):
        enter(client, "SOMEBODY", "wrong")
    assert enter(client).status_code == 429
    assert enter(client, REMOTE_ADDR="203.0.113.7").status_code == 302


def test_a_success_forgets_the_failures(client: Client, somebody: User) -> None:
    for _ in range(forms.MOST_ATTEMPTS - 1):
        enter(client, password="wrong")
    assert enter(client).status_code == 302
    client.logout()
    assert enter(client, password="wrong").status_code == 422


def test_an_empty_entry_forgets_nothing(client: Client, somebody: User) -> None:
    for _ in range(forms.MOST_ATTEMPTS):
        enter(client, password="wrong")
    enter(client, password="")
    assert enter(client).status_code == 429


def test_the_limit_ends_with_its_window(client: Client, somebody: User) -> None:
    for _ in range(forms.MOST_ATTEMPTS + 1):
        enter(client, password="wrong")
    attempts = forms.Attempts("somebody", "127.0.0.1")
    assert attempts.begin() is not None
    cache.touch(attempts.count, 0)  # as if the fifteen minutes were over
    assert enter(client).status_code == 302


def test_sign_out_is_a_post_and_ends_the_session(signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == 405
    answer = signed_in.post("/sign-out/", follow=True)
    assert answer.redirect_chain == [("/signed-out/", 302)]
    assert "data-drop-drafts" in answer.content.decode()
    assert signed_in.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    ("came_from", "back"),
    [("http://testserver/list/?page=2", "/list/?page=2"), ("https://evil.example/x", "/"), ("", "/")],
)
def test_an_expired_session_leads_back_to_the_form_not_to_its_target(
    client: Client, came_from: str, back: str
) -> None:
    answer = client.post("/notifications/read/", headers={"referer": came_from})
    assert answer.status_code == 302
    location = answer["Location"]
    assert location.startswith("/sign-in/?")
    assert client.get(location).context["next"] == back
    assert "登录已过期" in client.get(location).content.decode()


def test_an_expired_session_in_a_fragment_reloads_the_whole_page(client: Client) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/list/"}
    answer = client.get("/notifications/", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/sign-in/?next=%2Flist%2F")


# Language and appearance


def test_a_stranger_reads_what_the_browser_or_the_cookie_says(client: Client) -> None:
    assert '<html lang="en"' in client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="zh-CN"' in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "en"})
    answer = client.get("/sign-in/", headers={"accept-language": "zh-CN"})
    assert answer["Content-Language"] == "en"


def test_the_account_s_language_wins_and_is_kept(signed_in: Client, somebody: User) -> None:
    answer = signed_in.get("/profile/", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "zh-hans"
    signed_in.post("/language/", {"language": "en"})
    somebody.refresh_from_db()
    assert somebody.language == "en"
    assert '<html lang="en"' in signed_in.get("/profile/").content.decode()


@pytest.mark.parametrize("code", ["", "xx", "<script>"])
def test_an_unknown_language_changes_nothing(signed_in: Client, somebody: User, code: str) -> None:
    assert signed_in.post("/language/", {"language": code}).status_code == 302
    somebody.refresh_from_db()
    assert somebody.language == "zh-hans"


def test_the_switches_lead_back_to_our_own_pages_only(client: Client) -> None:
    ours = client.post("/language/", {"language": "en", "next": "/signed-out/"})
    foreign = client.post("/language/", {"language": "en", "next": "//evil.example/"})
    assert (ours["Location"], foreign["Location"]) == ("/signed-out/", settings.LOGIN_REDIRECT_URL)


def test_appearance_is_in_the_first_byte_of_the_page(client: Client) -> None:
    client.post("/appearance/", {"theme": "dark", "size": "big"})
    opening = client.get("/sign-in/").content.decode().split(">")[1]
    assert 'data-theme="dark"' in opening
    assert 'data-size="big"' in opening
    client.post("/appearance/", {"theme": "default"})
    assert "data-theme" not in client.get("/sign-in/").content.decode().split(">")[1]


def test_a_forged_appearance_does_not_reach_the_page(client: Client) -> None:
    client.cookies["theme"] = '"><script src=x></script>'
    assert "<script src=x>" not in client.get("/sign-in/").content.decode()


# Notifications


def test_notifications_are_one_s_own_and_filled_in(signed_in: Client, somebody: User) -> None:
    other = User.objects.create_user("other", PASSWORD, name="别人")
    inbox.tell([somebody], "申请《%(title)s》待您审批。", params={"title": "<b>研修</b>"}, url="/somewhere/")
    inbox.tell([other], "与您无关。")
    body = signed_in.get("/notifications/").content.decode()
    assert "申请《&lt;b&gt;研修&lt;/b&gt;》待您审批。" in body
    assert "与您无关" not in body


@pytest.mark.parametrize(
    ("url", "location"),
    [("/somewhere/", "/somewhere/"), ("https://evil.example/", "/notifications/"), ("", "/notifications/")],
)
def test_opening_a_notification_marks_it_read(
    signed_in: Client, somebody: User, url: str, location: str
) -> None:
    inbox.tell([somebody], "请办理。", url=url)
    row = Notification.objects.get(user=somebody)
    assert signed_in.get(f"/notifications/{row.pk}/open/").status_code == 405
    assert signed_in.post(f"/notifications/{row.pk}/open/")["Location"] == location
    row.refresh_from_db()
    assert row.read_at


def test_someone_else_s_notification_is_not_there(signed_in: Client) -> None:
    other = User.objects.create_user("other", PASSWORD, name="别人")
    inbox.tell([other], "请办理。")
    row = Notification.objects.get(user=other)
    assert signed_in.post(f"/notifications/{row.pk}/open/").status_code == 404
    signed_in.post("/notifications/read/")
    row.refresh_from_db()
    assert row.read_at is None


def test_all_read_at_once(signed_in: Client, somebody: User) -> None:
    inbox.tell([somebody], "一。")
    inbox.tell([somebody], "二。")
    signed_in.post("/notifications/read/")
    assert not Notification.objects.visible_to(somebody).unread().exists()


# Background work


def test_a_job_shows_how_far_it_is_and_how_it_ended_to_its_owner(signed_in: Client, somebody: User) -> None:
    job = Job.objects.create(name="import", by=somebody, state="running", done=3, total=12)
    body = signed_in.get(job.get_absolute_url()).content.decode()
    assert 'value="25"' in body
    assert 'hx-trigger="every 1s"' in body
    Job.objects.filter(pk=job.pk).update(
        state="done", finished_at=clock.now(), outcome="已导入 %(n)s 条。", outcome_params={"n": 12}
    )
    body = signed_in.get(job.get_absolute_url()).content.decode()
    assert "已导入 12 条。" in body
    assert "hx-trigger" not in body
    other = Job.objects.create(name="import", by=User.objects.create_user("other", PASSWORD, name="别人"))
    assert signed_in.get(other.get_absolute_url()).status_code == 404


# The demo switch


@pytest.mark.parametrize("demo", [True, False])
def test_the_address_of_the_switch_exists_in_a_demo_only(settings: Any, demo: bool) -> None:
    before = settings.DEMO
    try:
        settings.DEMO = demo
        found = importlib.reload(urls).urlpatterns
        assert ("demo_switch" in {route.name for route in found}) is demo
        if not demo:
            with pytest.raises(Resolver404):
                resolve("/demo/switch/", urlconf=urls)
    finally:
        settings.DEMO = before
        importlib.reload(urls)
        clear_url_caches()


def test_without_demo_the_view_itself_is_not_there(settings: Any, client: Client, somebody: User) -> None:
    settings.DEMO = False
    request = client.post("/sign-in/").wsgi_request
    request.POST = {"username": "somebody"}
    with pytest.raises(views.Http404):
        views.demo_switch(request)


def test_the_switch_enters_as_someone_else_but_never_as_an_administrator(
    settings: Any, client: Client, somebody: User
) -> None:
    settings.DEMO = True
    User.objects.create_superuser("root", PASSWORD, name="管理员")
    request = client.post("/sign-in/").wsgi_request
    request.POST = {"username": "root"}
    with pytest.raises(views.Http404):
        views.demo_switch(request)
    request.POST = {"username": "somebody"}
    assert views.demo_switch(request).status_code == 302
    assert request.user == somebody


# Refusals and errors


@pytest.mark.parametrize("address", ["/refuse/", "/forbid/"])
def test_a_refusal_says_why_with_the_clause(signed_in: Client, address: str) -> None:
    answer = signed_in.get(address)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "类别余额不足：可用 12,340.00 元。" in body
    assert Clause.C4_2_K.cite() in body
    assert Clause.C4_2_K.quote in body
    assert "data-keep-drafts" in body


def test_a_refused_fragment_swaps_nothing_and_shows_the_sentence(signed_in: Client) -> None:
    answer = signed_in.post("/refuse/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Reswap"], answer.content) == (409, "none", b"")
    shown = json.loads(answer["HX-Trigger"])["toast"]
    assert shown == {"text": "类别余额不足：可用 12,340.00 元。", "kind": "bad"}


def test_a_program_gets_a_problem(signed_in: Client) -> None:
    answer = signed_in.get("/api/v1/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_a_failure_shows_no_inside_and_needs_no_database(
    signed_in: Client, django_assert_num_queries: Any, rf: Any
) -> None:
    body = signed_in.get("/fail/").content.decode()
    assert "a fault that no page may show" not in body
    assert "系统没有保存任何改动" in body
    with django_assert_num_queries(0):
        assert views.server_error(rf.get("/")).status_code == 500


def test_a_failure_of_the_error_page_still_says_something(rf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "render_to_string", fail)
    answer = views.server_error(rf.get("/"))
    assert (answer.status_code, "系统没有保存任何改动" in answer.content.decode()) == (500, True)


def test_too_large_a_body_is_refused_in_megabytes(client: Client) -> None:
    answer = client.post("/sign-in/", b"", content_type="text/plain", CONTENT_LENGTH="20000000")
    assert answer.status_code == 413
    assert f"超过 {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2} MB" in answer.content.decode()


def test_an_expired_page_says_so(somebody: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/notifications/read/")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_an_address_that_only_takes_forms_answers_in_words(signed_in: Client) -> None:
    answer = signed_in.get("/notifications/read/")
    assert answer.status_code == 405
    assert "没有找到您要看的内容" in answer.content.decode()


def test_the_site_uses_these_pages() -> None:
    site = get_resolver("kunshan_edu.urls")
    assert site.resolve_error_handler(400) == views.bad_request
    assert site.resolve_error_handler(403) == views.permission_denied
    assert site.resolve_error_handler(404) == views.not_found
    assert site.resolve_error_handler(500) == views.server_error
    assert settings.CSRF_FAILURE_VIEW == "kunshan_edu.core.views.csrf_failure"
    assert "kunshan_edu.core.middleware.SignInRequiredMiddleware" in settings.MIDDLEWARE


def test_a_changed_password_counts_at_once(signed_in: Client, somebody: User) -> None:
    wrong = {"old_password": "no", "new_password1": "Zx9-kunshan", "new_password2": "Zx9-kunshan"}
    assert signed_in.post("/profile/password/", wrong).status_code == 422
    right = wrong | {"old_password": PASSWORD}
    assert signed_in.post("/profile/password/", right)["Location"] == "/profile/"
    somebody.refresh_from_db()
    assert somebody.check_password("Zx9-kunshan")
