"""What is beside the matrix: signing in and out, one's own account, inbox and jobs, and pages for all who are in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, reverse

from kunshan_edu.core import clock, inbox
from kunshan_edu.core.models import Job, JobState, Notification
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.matrix.words import Beside
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import API, FORM, FRAGMENT, HTMX, PAGE, Deed, Scene, Thing, blank, ways
from kunshan_edu.rights.proof.things import maker as makes
from kunshan_edu.rights.proof.verdicts import NOTHING, STRANGER

OWNER = "president"


def _to(name: str) -> bytes:
    """The mark of an answer that sends one there."""
    return f"Location: {reverse(name)}".encode()


def _sign_in() -> dict[str, Any]:
    return {"username": "teacher", "password": developer("tests.world").PASSWORD}


@ways
def open_to_all(_scene: Scene) -> Iterator[Deed]:
    """In and out, language and looks; the form to sign in is for whoever is not in yet."""
    page, door = reverse("core:sign_in"), Beside.OPEN.value
    yield Deed(STRANGER, blank("account", "登录页", Facts()), PAGE, page, dict, "GET", b'name="password"')
    yield Deed(NOTHING, blank("account", "登录，空白", Facts()), PAGE, page, dict, "PUT")
    for word, way, address, typed, mark in (
        ("登录", FORM, page, _sign_in, _to("home")),
        ("退出", FORM, reverse("core:sign_out"), dict, _to("core:signed_out")),
        ("已退出", PAGE, reverse("core:signed_out"), dict, b"<h1"),
        ("语言", FORM, reverse("core:language"), lambda: {"language": "en"}, _to("home")),
        ("外观", FORM, reverse("core:appearance"), lambda: {"theme": "dark"}, _to("home")),
        ("令牌", API, "/api/v1/tokens/", _sign_in, b'"token"'),
    ):
        method = "GET" if way == PAGE else "POST"
        yield Deed(door, blank("account", word, Facts()), way, address, typed, method, mark)
    try:  # only in a demonstration
        switch = reverse("core:demo_switch")
    except NoReverseMatch:
        return
    thing = blank("account", "切换演示账号", Facts())
    yield Deed(door, thing, FORM, switch, lambda: {"username": "teacher"}, "POST", _to("home"))


@ways
def of_the_own_account(_scene: Scene) -> Iterator[Deed]:
    """What everybody does with their own account, and nobody without one."""
    own = Beside.OWN.value
    fresh = {"old_password": developer("tests.world").PASSWORD}
    fresh |= dict.fromkeys(("new_password1", "new_password2"), "Tonghua-Lu-2019")
    for word, way, path, method, typed, mark in (
        ("我的", PAGE, reverse("core:profile"), "GET", dict, b"<dl"),
        ("修改密码", PAGE, reverse("core:password"), "GET", dict, b'name="old_password"'),
        ("修改密码", FORM, reverse("core:password"), "POST", partial(dict, fresh), b""),
        ("通知", PAGE, reverse("core:notification_list"), "GET", dict, b"<h1"),
        ("全部已读", FORM, reverse("core:notifications_read"), "POST", dict, _to("core:notification_list")),
        ("通知", API, "/api/v1/notifications/", "GET", dict, b'"results"'),
        ("我能办什么", PAGE, reverse("personnel:rights_mine"), "GET", dict, b"<h1"),
        ("我能办什么", API, "/api/v1/rights/mine/", "GET", dict, b'"rights"'),
        ("退还令牌", API, "/api/v1/tokens/", "DELETE", dict, b""),
    ):
        yield Deed(own, blank("account", word, Facts(), own=True), way, path, typed, method, mark)
    thing = blank("account", "修改密码，空白", Facts())
    yield Deed(NOTHING, thing, PAGE, reverse("core:password"), dict, "PUT")


@ways
def for_who_is_in(_scene: Scene) -> Iterator[Deed]:
    """Pages that open for everybody who is signed in."""
    for word, way, path, mark, headers in (
        ("首页", PAGE, reverse("home"), b"<h1", ()),
        ("权限矩阵", PAGE, reverse("rights:matrix"), b"<table", ()),
        ("权限矩阵", FRAGMENT, reverse("rights:matrix"), b"<table", HTMX),
        ("接口文档", PAGE, reverse("api_reference"), b"<h1", ()),
        ("接口说明", PAGE, reverse("schema"), b"openapi:", ()),
        ("接口目录", API, "/api/v1/", b"/api/v1/schools/", ()),
    ):
        thing = blank("site", word, Facts())
        yield Deed(Beside.SIGNED_IN.value, thing, way, path, dict, "GET", mark, headers)


def _owned(noun: str, word: str, row: Any, canary: str) -> Thing:
    return Thing(noun, word, row, Facts(owner=get_user_model().objects.get(username=OWNER).pk), canary)


@makes("notification")
def notifications(scene: Scene) -> Iterator[Thing]:
    """A word to one person."""
    text = scene.canary()
    inbox.tell([scene.world.users[OWNER]], text, url=reverse("core:profile"))
    yield _owned("notification", "未读", Notification.objects.get(text=text), text)


@makes("job")
def jobs(scene: Scene) -> Iterator[Thing]:
    """A job that somebody had done; no worker is at hand, so it is as a worker would leave it."""
    ended = {"state": JobState.DONE, "outcome": scene.canary(), "finished_at": clock.now()}
    row = Job.objects.create(name="personnel.rederive", by=scene.world.users[OWNER], **ended)
    yield _owned("job", "已完成", row, row.outcome)


@ways
def of_one_person(scene: Scene) -> Iterator[Deed]:
    """A notification and a job, which are nobody else's."""
    own = Beside.OWN.value
    for thing in scene.of("notification"):
        entry = f"/api/v1/notifications/{thing.pk}/"
        yield Deed(own, thing, FORM, reverse("core:notification_open", args=[thing.pk]))
        yield Deed(own, thing, API, entry, dict, "GET", thing.canary.encode())
        yield Deed(own, thing, API, f"{entry}read/")
    for thing in scene.of("job"):
        page = reverse("core:job_detail", args=[thing.pk])
        yield Deed(own, thing, PAGE, page, dict, "GET", thing.canary.encode())
        yield Deed(own, thing, FORM, reverse("core:job_again", args=[thing.pk]))
