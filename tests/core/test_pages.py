"""Declared pages: columns and facts, the day that a list shows, history by rights, forms with files."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import include, path

from groups import actions, verbs
from groups.forms import any_choice, any_of, keyword
from groups.models import EducationGroup, Membership, School
from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denial, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import IdempotencyKey
from kunshan_edu.core.pages import (
    Action,
    AsOfFilter,
    Column,
    DetailPage,
    Fact,
    FormPage,
    ListPage,
    Part,
)
from kunshan_edu.core.pages.columns import KINDS, read
from kunshan_edu.core.templatetags.columns import WRITTEN
from tests.world import SINCE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_pages")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = dt.timedelta(days=1)
SENT: list[bytes] = []


class MembershipFilter(AsOfFilter):
    q = keyword("校名")
    role = any_choice("全部身份", Membership.role.field.choices)
    group = any_of(EducationGroup.objects.all(), "教育集团", "全部集团")
    lookups = {"q": ("school__name__icontains", "school__identifier")}  # noqa: RUF012


COLUMNS = (
    Column("学校", "school", under="school.identifier"),
    Column("集团", "group", "link"),
    Column("身份", "role"),
    Column("退出文件", "leave_document"),
    Column("期间", kind="span", hide=True),
    Column("状态", kind="standing", words=("在内", "将入", "已出")),
    Column("批次", "group.batch", "number"),
)


class MembershipList(ListPage):
    model, filter_form, related = Membership, MembershipFilter, ("school", "group")
    title, lead, clause = "成员", "学校按文件加入集团。", Clause.C4_2_E
    empty = "还没有成员", "学校加入后列在这里。"
    columns = COLUMNS
    per_page = 2
    export = "home"

    def actions(self) -> list[Action]:
        return [Action("登记成员", "/new/")] if self.request.user.username == "basic" else []

    def context(self, rows: Any) -> dict[str, Any]:
        return {"seen_on": self.on(), "seen": len(rows)}


class Nothing(ListPage):
    model, title, columns = Membership, "空表", COLUMNS[:1]
    empty = "还没有成员", "学校加入后列在这里。"

    def rows(self) -> Any:
        return super().rows().none()

    def actions(self) -> list[Action]:
        return [Action("登记成员", "/new/")]


class MembershipPage(DetailPage):
    model, table, clause = Membership, verbs.MEMBERSHIP, Clause.C4_2_E
    crumb = (("成员", "memberships"),)
    facts = (
        ("加入", (Fact("加入文件", "join_document"), Fact("退出文件", "leave_document", optional=True))),
        ("退出", (Fact("退出文件", "leave_document", optional=True),)),
    )

    def parts(self, row: Membership) -> list[Part]:
        others = row.group.memberships.in_force(self.on()).exclude(pk=row.pk)
        return [
            Part("其他成员", COLUMNS[:1], others.select_related("school"), ("没有其他成员", "只有一所学校。"))
        ]


class SchoolHistory(DetailPage):
    model = School
    facts = (("身份", (Fact("特色", "feature"),)),)


class FileForm(forms.Form):
    title = forms.CharField(label="标题")
    sheet = forms.FileField(label="文件")


class Upload(FormPage):
    form, title, lead, clause, done = FileForm, "导入成员", "先试算，再导入。", Clause.C4_2_E, "已导入。"
    afterwards = ("逐行核对。",)

    def perform(self, cleaned: Any) -> School:
        SENT.append(cleaned["sheet"].read())
        if cleaned["title"] == "不行":
            raise Denied(Denial("no", "这份文件不能导入。"))
        return School.objects.first()


urlpatterns = [
    path("memberships/", MembershipList.as_view(), name="memberships"),
    path("nothing/", Nothing.as_view(), name="nothing"),
    path("memberships/<int:pk>/", MembershipPage.as_view(), name="membership"),
    path("history/<int:pk>/", SchoolHistory.as_view(), name="history"),
    path("upload/", Upload.as_view(), name="upload"),
    path("", include("kunshan_edu.urls")),
]


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""
    SENT.clear()

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def schools(answer: Any) -> list[str]:
    return [row.school.short_name for row in answer.context["page"].paginator.object_list]


def left(world: Any) -> dt.date:
    """School b leaves the group; the first day on which it is no member any more."""
    day = dt.date(2025, 9, 1)
    row = Membership.objects.get(school=world.school_b)
    actions.leave(row, valid_to=day, leave_document="昆教〔2025〕9号", by=world.basic)
    return day


def drawn(column: Column, row: Any, first: bool = False, **context: Any) -> str:
    shown = {"column": column, "row": row, "first": first, **context}
    return Template("{% load columns %}{% cell column row first %}").render(Context(shown))


def value(kind: str, given: Any, **context: Any) -> str:
    found = re.fullmatch(r"<td(?: class=\"[^\"]*\")? data-label=\"项\">(.*)</td>",
                         drawn(Column("项", "v", kind), {"v": given}, **context))  # fmt: skip
    assert found
    return re.sub("<svg.*?</svg>", "", found[1])


# Columns


def test_every_kind_is_written() -> None:
    assert set(KINDS) == {*WRITTEN, "link", "standing"}
    with pytest.raises(ValueError, match="moeny"):
        Column("金额", "amount", "moeny")


@pytest.mark.parametrize(
    ("kind", "given", "written"),
    [
        ("text", "昆山<b>", "昆山&lt;b&gt;"),
        ("text", True, "是"),
        ("text", False, "否"),
        ("text", ["语文", "数学"], "语文、数学"),
        ("text", 0, "0"),
        ("text", None, "—"),
        ("text", [], "—"),
        ("lines", ["<甲>", "乙"], "<div>&lt;甲&gt;</div><div>乙</div>"),
        ("date", dt.date(2021, 9, 1), "2021年9月1日"),
        ("last", dt.date(2021, 9, 1), "2021年8月31日"),
        ("last", None, "—"),
        ("money", Decimal("1234.5"), "1,234.50"),
        ("number", 1234, "1,234"),
        ("number", Decimal("2.50"), "2.5"),
        ("number", 0, "0"),
        ("percent", Decimal("0.125"), "12.5%"),
        ("percent", 0, "0.0%"),
        ("chip", ("ok", "已备案"), '<span class="st ok">已备案</span>'),
        ("clause", "4.2.e", Clause.C4_2_E.cite()),
    ],
)
def test_a_value_is_written_after_its_kind(kind: str, given: Any, written: str) -> None:
    assert value(kind, given) == written


def test_numbers_stand_right_and_what_is_not_there_is_left_out_on_phones() -> None:
    assert 'class="num"' in drawn(Column("项", "v", "money"), {"v": Decimal(1)})
    assert 'class="num hide-s"' in drawn(Column("项", "v", "number", hide=True), {"v": None})
    assert 'class="nowrap"' in drawn(Column("项", "v"), {"v": "张浦镇"})
    assert "class=" not in drawn(Column("项", "v"), {"v": "这一段文字很长，可以分成两行来写"})


def test_a_standing_is_that_of_the_day_looked_at() -> None:
    row = SimpleNamespace(valid_from=dt.date(2021, 9, 1), valid_to=dt.date(2022, 9, 1))
    column = Column("状态", kind="standing", words=("在内", "将入", "已出"))
    for day, word in (
        (dt.date(2021, 8, 31), "将入"),
        (dt.date(2021, 9, 1), "在内"),
        (dt.date(2022, 9, 1), "已出"),
    ):
        assert word in drawn(column, row, on=day)
    assert "2021年9月1日至2022年8月31日" in drawn(Column("期间", kind="span"), row)


def test_a_path_is_followed_as_far_as_it_goes(world: Any) -> None:
    assert read({"a": None}, "a.b.c") is None
    assert read({"a": {"b": 3}}, "a.b") == 3
    assert read(world.school_a, lambda school: school.pk) == world.school_a.pk
    assert read(world.school_a, "get_absolute_url") == f"/schools/{world.school_a.pk}/"
    assert read(Membership.objects.first(), "role") == "牵头学校"
    assert read(world.admin, "person.name") is None  # an account with nobody behind it
    with pytest.raises(AttributeError):
        read(world.school_a, "nmae")


def test_what_stands_below_and_in_a_link_is_escaped() -> None:
    row = SimpleNamespace(name="<甲>", code="<1>", get_absolute_url=lambda: "/x/")
    cell = drawn(Column("项", "name", under="code"), row, first=True, linked=True, on_query="?on=2021-09-01")
    assert cell == (
        '<th scope="row"><a class="ttl" href="/x/?on=2021-09-01">&lt;甲&gt;</a>'
        '<div class="muted small">&lt;1&gt;</div></th>'
    )
    assert "<a" not in drawn(Column("项", "name"), row, first=True, linked=False)
    assert "<a" not in drawn(Column("项", "name"), SimpleNamespace(name="甲"), first=True, linked=True)


# Lists


def test_a_list_has_a_head_columns_and_a_pager(world: Any, enter: Any) -> None:
    shown = text(enter("basic").get("/memberships/"))
    for word in ("<h1>成员</h1>", "学校按文件加入集团。", Clause.C4_2_E.cite(), 'href="/new/"', "登记成员",
                 'data-label="身份">牵头学校', 'data-label="集团"><a href="/groups/',
                 'class="num" data-label="批次">1<',
                 "共 4 条", '<form method="post" action="/"><input type="hidden" name="csrf'):  # fmt: skip
        assert word in shown, word
    assert f'<a class="ttl" href="{world.group.get_absolute_url()}">示例A小</a>' in shown
    assert "登记成员" not in text(enter("teacher").get("/memberships/"))


def test_a_list_costs_the_same_for_any_number_of_rows(enter: Any, django_assert_max_num_queries: Any) -> None:
    client = enter("teacher")
    client.get("/memberships/")
    with django_assert_max_num_queries(12):
        client.get("/memberships/")


def test_htmx_gets_the_rows_alone(enter: Any) -> None:
    answer = enter("basic").get(
        "/memberships/", {"on": "2023-12-31"}, headers={"HX-Request": "true", "HX-Target": "rows"}
    )
    assert text(answer).strip().startswith('<div id="rows">')
    assert "没有符合条件的成员关系" in text(answer)


def test_fields_narrow_by_their_lookups(world: Any, enter: Any) -> None:
    client = enter("basic")
    assert schools(client.get("/memberships/", {"q": "示例B"})) == ["示例B小"]
    assert schools(client.get("/memberships/", {"q": world.school_b.identifier})) == ["示例B小"]
    assert set(schools(client.get("/memberships/", {"role": "lead"}))) == {"示例A小", "示例E小"}
    assert schools(client.get("/memberships/", {"role": "lead", "group": world.other_group.pk})) == [
        "示例E小"
    ]
    assert len(schools(client.get("/memberships/", {"role": "chief"}))) == 4  # a wrong value narrows nothing


def test_an_empty_list_teaches_and_a_narrowed_one_offers_the_way_back(enter: Any) -> None:
    empty = text(enter("basic").get("/nothing/"))
    assert "还没有成员" in empty
    assert "学校加入后列在这里。" in empty
    assert empty.count('href="/new/"') == 2
    narrowed = text(enter("basic").get("/memberships/", {"q": "没有这所"}))
    assert "没有符合条件的成员关系" in narrowed
    assert '<a class="btn p" href="/memberships/">清除筛选</a>' in narrowed


# The day


def test_a_list_shows_what_is_in_force_that_day(world: Any, enter: Any) -> None:
    day, client = left(world), enter("basic")
    for query, count in (
        ({}, 3),
        ({"on": ""}, 3),
        ({"on": day}, 3),
        ({"on": day - A_DAY}, 4),
        ({"on": SINCE}, 4),
        ({"on": SINCE - A_DAY}, 0),
        ({"show": "all"}, 4),
        ({"show": "all", "on": SINCE - A_DAY}, 4),
        ({"on": "昨天"}, 3),
    ):
        assert len(schools(client.get("/memberships/", query))) == count, query


def test_another_day_is_said_and_carried_on(world: Any, enter: Any) -> None:
    client, day = enter("basic"), left(world) - A_DAY
    answer = client.get("/memberships/", {"on": day, "page": 1})
    shown = text(answer)
    assert "截至 2025年8月31日 的情况" in shown
    assert answer.context["seen_on"] == day
    assert f'href="{world.group.get_absolute_url()}?on=2025-08-31">' in shown
    assert 'href="?on=2025-08-31&amp;page=2"' in shown
    assert shown.count("在内") == 2
    for query in ({}, {"on": clock.today()}, {"show": "all", "on": day}):
        answer = client.get("/memberships/", query)
        assert "的情况" not in text(answer), query
        assert re.search(r'class="ttl" href="[^"?]+"', text(answer)), query
        assert answer.context["seen_on"] == clock.today()


def test_today_is_not_taken_for_a_narrowing(enter: Any) -> None:
    client = enter("basic")
    assert "清除</a>" not in text(client.get("/memberships/", {"on": clock.today()}))
    assert "清除</a>" in text(client.get("/memberships/", {"on": clock.today() - A_DAY}))
    assert f'value="{clock.today().isoformat()}"' in text(client.get("/memberships/"))


# One row


def test_a_row_has_its_facts_its_clause_its_verbs_and_its_parts(world: Any, enter: Any) -> None:
    row = Membership.objects.get(school=world.school_a)
    shown = text(enter("basic").get(f"/memberships/{row.pk}/"))
    for word in (f"<h1>{row}</h1>", "现行", "<dt>加入文件</dt><dd>昆教〔2024〕2号</dd>", "退出集团", "示例B小",
                 Clause.C4_2_E.quote, '<a href="/memberships/">成员</a>'):  # fmt: skip
        assert word in shown, word
    assert "<dt>退出文件</dt>" not in shown
    assert shown.count('aria-labelledby="h-card-') == 1  # a card without facts is none


def test_a_row_is_looked_at_on_a_day_too(world: Any, enter: Any) -> None:
    day, client = left(world), enter("basic")
    row = Membership.objects.get(school=world.school_a)
    before = text(client.get(f"/memberships/{row.pk}/", {"on": day - A_DAY}))
    assert "示例B小" in before
    assert "截至 2025年8月31日 的情况" in before
    assert '<a href="/memberships/?on=2025-08-31">' in before
    assert "示例B小" not in text(client.get(f"/memberships/{row.pk}/"))
    assert "未开始" in text(client.get(f"/memberships/{row.pk}/", {"on": SINCE - A_DAY}))
    assert "现行" in text(client.get(f"/memberships/{row.pk}/", {"on": "昨天"}))
    lone = Membership.objects.get(school=world.school_e)
    assert "没有其他成员" in text(client.get(f"/memberships/{lone.pk}/"))
    assert client.get("/memberships/999999/").status_code == 404


def test_the_history_is_told_as_far_as_one_may_read_the_audit(world: Any, enter: Any) -> None:
    actions.edit_profile(world.school_a, feature="昆曲进课堂", by=world.principal_a)
    address = f"/history/{world.school_a.pk}/"
    auditor = text(enter("leader").get(address))
    for word in (
        "编辑办学特色",
        "登记学校",
        "示例principal_a",
        "— → 昆曲进课堂",
        f"of=groups.school:{world.school_a.pk}",
    ):
        assert word in auditor, word
    others = text(enter("teacher").get(address))
    assert "编辑办学特色" in others
    assert Clause.C3_3_A.cite() in others
    for word in ("示例principal_a", "→", "/audit/"):
        assert word not in others, word


def test_the_history_ends_with_the_last_twenty(world: Any, enter: Any) -> None:
    for number in range(25):
        actions.edit_profile(world.school_a, feature=f"特色{number}", by=world.principal_a)
    shown = enter("leader").get(f"/history/{world.school_a.pk}/")
    assert [e.difference["feature"][1] for e in shown.context["events"]] == [
        f"特色{n}" for n in range(24, 4, -1)
    ]


# Forms


def send(client: Client, content: bytes, title: str = "九月", key: Any = None) -> HttpResponse:
    sheet = SimpleUploadedFile("sheet.xlsx", content)
    return client.post("/upload/", {"idem": str(key or uuid.uuid4()), "title": title, "sheet": sheet})


def test_a_form_says_what_it_is_for_and_takes_files(enter: Any) -> None:
    shown = text(enter("basic").get("/upload/"))
    for word in ('enctype="multipart/form-data"', "<h1>导入成员</h1>", "先试算，再导入。", "逐行核对。",
                 Clause.C4_2_E.quote, 'data-draft="/upload/"', ">导入成员</button>"):  # fmt: skip
        assert word in shown, word
    assert send(enter("basic"), b"one").status_code == 303
    assert SENT == [b"one"]


def test_a_file_belongs_to_what_was_sent_once(enter: Any) -> None:
    client, key = enter("basic"), uuid.uuid4()
    assert send(client, b"one", key=key).status_code == 303
    assert send(client, b"one", key=key).status_code == 303
    assert send(client, b"two", key=key).status_code == 422
    assert SENT == [b"one"]
    assert IdempotencyKey.objects.filter(key=key).count() == 1


def test_a_form_without_its_file_comes_back_filled_in(enter: Any) -> None:
    answer = enter("basic").post("/upload/", {"idem": str(uuid.uuid4()), "title": "九月"})
    assert answer.status_code == 422
    assert 'value="九月"' in text(answer)
    refused = send(enter("basic"), b"one", title="不行")
    assert refused.status_code == 409
    assert "这份文件不能导入。" in text(refused)
