"""English pages: a reader of English meets no Chinese but data, on every kind of page that can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from finance.actions import deciding
from finance.models import FundRequest, Measures, Minutes
from finance.models.fund_request import DraftLine, RequestLine
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core.models import AuditEvent, CalendarDay, User
from personnel.models import Appointment, Person
from tests.finance.requests import ask, granted, make, minutes
from tests.words import CHINESE, CITED, DOCUMENT, INSTALLED, compiled


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with compiled(tmp_path_factory.mktemp("locale")):
        yield


NAMES = (
    (School, "name", "short_name"), (EducationGroup, "name", "short_name", "decision"), (District, "name"),
    (Bureau, "name"), (Person, "name"), (User, "name"), (Measures, "title"), (Minutes, "body", "conclusion"),
    (FundRequest, "title", "purpose", "payee"), (AuditEvent, "object_text"),
    (RequestLine, "description"), (DraftLine, "description"), (CalendarDay, "name"), (Appointment, "remark"),
)  # fmt: skip
OPINION = "请补充示例材料"
NUMERALS = re.compile(r"[零壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角]*[整分]")
READERS = ("president", "principal_a", "clerk_a", "cashier_a", "finance_1", "personnel", "basic", "leader",
           "supervision", "district_officer", "teacher")  # fmt: skip


class Page(HTMLParser):
    """The words of a page with the attributes that are read aloud, without what is marked as Chinese."""

    ALOUD = ("aria-label", "title", "placeholder", "alt")
    VOID = ("meta", "link", "input", "br", "hr", "img", "use", "rect", "circle", "path")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.chinese: list[bool] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        chinese = found.get("lang") == "zh-CN" or any(self.chinese)
        if not chinese:
            self.words += [found[name] or "" for name in self.ALOUD if name in found]
        self.links += [href for href in (found.get("href"),) if tag == "a" and href]
        if tag not in self.VOID:
            self.chinese.append(chinese)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and self.chinese:
            self.chinese.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.chinese) and data.strip():
            self.words.append(data.strip())


def data() -> list[str]:
    """What people typed, the longest first, so that a name inside another does not hide it."""
    found = {OPINION, INSTALLED}
    for model, *fields in NAMES:
        for row in model._base_manager.values_list(*fields):
            found |= {str(value) for value in row if value}
    return sorted(found, key=len, reverse=True)


def chinese_left(words: list[str], known: list[str]) -> list[str]:
    """What is neither data, nor a document's number, nor a citation, nor an amount written in words."""
    found = []
    for word in words:
        cut = word.removesuffix("…")
        left = "" if cut != word and any(name.startswith(cut) for name in known) else word
        for name in known:
            left = left.replace(name, "")
        left = CITED.sub("", NUMERALS.sub("", left.replace("简体中文", "")))
        if CHINESE.search(DOCUMENT.sub("", left)):
            found.append(word)
    return found


def kind_of(address: str) -> tuple[Any, ...] | None:
    """One page of each kind is enough: the name of its route, and the verb."""
    try:
        match = resolve(address.split("?")[0].split("#")[0])
    except Resolver404:
        return None
    return None if match.namespaces[:1] == ["api"] else (match.view_name, match.kwargs.get("verb"))


def walk(client: Client) -> Iterator[tuple[str, Page]]:
    """One page of every kind that can be reached from the home page."""
    waiting, seen = ["/"], {kind_of("/"), None, kind_of("/api/schema/")}
    while waiting:
        address = waiting.pop(0)
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        if response.streaming or not response["Content-Type"].startswith("text/html"):
            continue  # a file
        page = Page(response.content.decode())
        yield address, page
        for link in page.links:
            if link.startswith("/") and kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)


@pytest.fixture
def busy_world(world: Any) -> Any:
    """The world with a request in every situation, all its people reading English."""
    ask(world, "clerk_a", "30000.00")
    deciding.return_(
        ask(world, "clerk_a", "4000.00", payee="示例纸行"), by=world.principal_a, opinion=OPINION
    )
    granted(world, "clerk_a", "900.00", payee="示例印社")
    minutes(world, ask(world, "office", "60000.00", school=None, bearer="school_b", payee="示例车行"))
    make(world, "clerk_a", "10.00", payee="示例水站")
    User.objects.update(language="en")
    return world


@pytest.mark.django_db
@pytest.mark.parametrize("who", READERS)
def test_an_english_reader_meets_no_chinese_but_data(english: None, busy_world: Any, who: str) -> None:
    client = Client()
    client.force_login(busy_world.users[who], backend="django.contrib.auth.backends.ModelBackend")
    known, met = data(), {}
    for address, page in walk(client):
        if left := chinese_left(page.words, known):
            met[address] = left
    assert met == {}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/signed-out/"])
def test_a_stranger_may_read_english(english: None, address: str) -> None:
    page = Page(Client(headers={"accept-language": "en"}).get(address, follow=True).content.decode())
    assert page.words
    assert chinese_left(page.words, []) == []


def test_the_search_sees_chinese() -> None:
    shown = '<p title="保存">Save <q lang="zh-CN">集团</q><br>昆政办发〔2019〕132号 四、2 <b>示例小学</b> 提交</p>'
    words = Page(shown).words
    assert chinese_left(words, ["示例小学"]) == ["保存", "提交"]
