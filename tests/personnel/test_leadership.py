"""Leadership of a group and its chart: posts and vacancies of a day, boxes that touch no other, what one mends."""

from __future__ import annotations

import datetime as dt
import re
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups import actions as register
from kunshan_edu.core import clock
from personnel.choices import Post
from personnel.models import Person
from personnel.views.chart import BOX, FONT, Box, Chart, wide, wrapped
from personnel.views.leadership import Leadership
from tests.personnel import setup
from tests.personnel.rows import changed, kept, post
from tests.personnel.visits import text
from tests.world import SINCE, appoint, credit_code, end, fresh

pytestmark = pytest.mark.django_db
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)
QUOTAS, UNITS = reverse("personnel:post_quota_new"), reverse("personnel:org_unit_new")


@pytest.mark.parametrize(
    ("who", "offered"),
    [("personnel", {QUOTAS: True, UNITS: False}), ("president", {QUOTAS: False, UNITS: True}),
     ("teacher", {QUOTAS: False, UNITS: False})],
)  # fmt: skip
def test_a_light_offers_only_what_its_reader_may_do(
    world: Any, client: Client, who: str, offered: dict[str, bool]
) -> None:
    client.force_login(world.users[who], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("personnel:group_leadership", args=[world.group.pk]))
    assert page.status_code == 200
    shown = page.content.decode()
    assert "尚未核定全部职数" in shown
    assert "尚未成立独立于成员学校的管理机构。" in shown
    for address, there in offered.items():
        assert (f'href="{address}' in shown) is there, address  # the form, for this group
        assert (client.get(address).status_code == 200) is there, address


@pytest.mark.parametrize(("who", "may"), [("personnel", True), ("leader", False), ("principal_a", False)])
def test_dates_are_registered_by_the_personnel_section_and_read_by_everybody(world, enter, who, may):
    page = text(enter(who).get(leadership(world)))
    assert ("登记日期" in page) is may
    assert "法定代表人变更登记尚未登记" in page
    assert f'href="{world.posts["principal_a"].get_absolute_url()}"' in page


# 班子


def leadership(world: Any) -> str:
    return reverse("personnel:group_leadership", args=[world.group.pk])


def chart_of(world: Any) -> str:
    return reverse("personnel:group_chart", args=[world.group.pk])


def seats(body: Any) -> list[tuple[str, str | None, int | None]]:
    """(post, who, days of the vacancy) of a group or school."""
    return [
        (seat.label, str(seat.appointment.holder) if seat.appointment else None, seat.vacant_days)
        for seat in body.seats
    ]


def test_who_leads_the_group_and_each_school(world, enter):
    context = enter("teacher").get(leadership(world)).context
    assert seats(context["head"]) == [
        ("总校长", "示例president", None),
        ("副书记", "示例deputy", None),
        ("集团办公室", "示例office", None),
        ("集团财务", "示例group_finance", None),
    ]
    members = context["members"]
    assert [(body.row, body.role) for body in members] == [
        (world.school_a, "牵头学校"),
        (world.school_b, "成员学校"),
        (world.school_c, "成员学校"),
    ]
    assert seats(members[0]) == [
        ("执行校长", "示例principal_a", None),
        ("副校长", "示例vice_a", None),
        ("中层干部", "示例head_a", None),
    ]


def test_a_vacancy_is_counted_in_days_to_the_day_looked_at(world, enter):
    end(world, "principal_b", TODAY - 4 * A_DAY)
    end(world, "deputy", TODAY - 2 * A_DAY)
    client = enter("teacher")
    page = client.get(leadership(world))
    assert ("副书记", None, 2) in seats(page.context["head"])
    assert seats(page.context["members"][1]) == [("执行校长", None, 4)]
    assert "空缺 4 天" in text(page)
    page = client.get(f"{leadership(world)}?on={TODAY + 3 * A_DAY}")
    assert seats(page.context["members"][1]) == [("执行校长", None, 7)]
    before = client.get(f"{leadership(world)}?on={TODAY - 5 * A_DAY}")
    assert seats(before.context["members"][1]) == [("执行校长", "示例principal_b", None)]


def test_a_past_day_equals_what_was_shown_then(world, enter):
    """As of a day: the same posts, schools and lights as a page that was read on it, whatever has happened since."""
    client = enter("teacher")

    def seen(query: str) -> Any:
        page = client.get(leadership(world) + query)
        context = page.context
        bodies = [context["head"], *context["members"]]
        return [
            (body.row, seats(body), [(x.clause, x.tone, dict(x.params)) for x in body.lights])
            for body in bodies
        ]

    then = seen("")
    with clock.at(TODAY + 30 * A_DAY):
        end(world, "vice_a", TODAY + 10 * A_DAY)
        setup.party(world, valid_from=TODAY + 5 * A_DAY)
        register.leave(
            world.group.memberships.get(school=world.school_c),
            valid_to=TODAY + 8 * A_DAY,
            leave_document="昆教〔2026〕9号",
            by=fresh(world.basic),
        )
        assert seen(f"?on={TODAY}") == then
        assert seen("") != then


def test_a_group_without_schools_says_what_comes_next(world, enter):
    page = text(enter("basic").get(reverse("personnel:group_leadership", args=[world.preparing.pk])))
    assert "还没有成员学校" in page
    assert "由市教育局凭文件办理加入。" in page


def test_pages_lead_to_one_another(world, enter):
    client = enter("teacher")
    assert f'href="{chart_of(world)}"' in text(client.get(leadership(world)))
    assert f'href="{leadership(world)}"' in text(client.get(chart_of(world)))
    group = text(client.get(world.group.get_absolute_url()))
    assert f'href="{chart_of(world)}"' in group
    assert f'href="{leadership(world)}"' in group


@pytest.mark.parametrize("name", ["group_leadership", "group_chart"])
def test_strangers_and_numbers_find_nothing(world, client, enter, name):
    assert client.get(reverse(f"personnel:{name}", args=[world.group.pk])).status_code == 302
    assert enter("leader").get(reverse(f"personnel:{name}", args=[999_999])).status_code == 404


def grown(world: Any, to: int) -> None:
    """The group with that many member schools."""
    have = world.group.memberships.count()
    for n in range(have, to):
        school = register.register_school(
            name=f"昆山市示例第{n}实验小学教育集团东校区",
            short_name=f"示例第{n}实验小学东校区",
            identifier=f"21320077{n:02d}",
            credit_code=credit_code(700 + n),
            stage="primary",
            opened_on=dt.date(2010, 9, 1),
            level="city",
            document="昆编〔2010〕1号",
            by=fresh(world.personnel),
        )
        register.join(
            world.group,
            school=school,
            valid_from=SINCE,
            join_document="昆教〔2024〕2号",
            by=fresh(world.basic),
        )


def test_more_schools_take_no_more_queries(world, enter):
    client = enter("president")

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    few = count(leadership(world)), count(chart_of(world))
    grown(world, 12)
    assert (count(leadership(world)), count(chart_of(world))) == few
    assert few[1] <= 12


# 组织架构图


def drawn(world: Any, on: dt.date = TODAY) -> Chart:
    return Chart(Leadership(world.group, on))


def apart(one: Box, other: Box) -> bool:
    return one.x + BOX <= other.x or other.x + BOX <= one.x or one.bottom <= other.y or other.bottom <= one.y


def points(path: str) -> list[tuple[int, int]]:
    """The corners of a line: down, across, down."""
    x, y, bend, across, last = map(int, re.match(r"M(-?\d+) (\d+)V(\d+)H(-?\d+)V(\d+)$", path).groups())
    return [(x, y), (x, bend), (across, bend), (across, last)]


def crosses(path: str, box: Box) -> bool:
    """Does a line run through the inside of a box?"""
    corners = points(path)
    for (x1, y1), (x2, y2) in pairwise(corners):
        across = min(x1, x2) < box.x + BOX and max(x1, x2) > box.x
        down = min(y1, y2) < box.bottom and max(y1, y2) > box.y
        if across and down:
            return True
    return False


@pytest.mark.parametrize("schools", [3, 4, 6])
@pytest.mark.parametrize("units", [0, 1, 2, 5])
def test_boxes_touch_no_other_and_lines_cross_none(world, schools, units):
    grown(world, schools)
    for n in range(units):
        setup.unit(world, name=f"管理中心{n}（教学质量监测与考试院联络）")
    for who in ("teacher", "clerk_b", "clerk_c"):
        appoint(world, who, Post.DEPARTMENT_HEAD, world.school_b)
    chart = drawn(world)
    assert len(chart.boxes) == 1 + 3 + units + schools + 3
    for one, other in combinations(chart.boxes, 2):
        assert apart(one, other), (one, other)
    for line in chart.lines:
        assert not [box.title for box in chart.boxes if crosses(line.path, box)], line
    assert len(chart.lines) == len(chart.boxes) - 1, "every box but the president's hangs on another"
    for box in chart.boxes:
        assert box.x >= 0
        assert box.x + BOX <= chart.width
        assert box.bottom <= chart.height


def test_names_are_wrapped_and_none_is_cut(world):
    grown(world, 4)
    setup.unit(world, name="教学与质量监测管理中心（含市教师发展中心考试院联络与示范校协作处）")
    chart = drawn(world)
    for box in chart.boxes:
        shown = box.texts
        assert "".join(t.words for t in shown).replace(" ", "") == f"{box.title}{box.name}".replace(" ", "")
        assert all(wide(t.words) <= BOX for t in shown)
        tops = [t.y for t in shown]
        assert tops == sorted(tops)
        assert box.y < tops[0] - FONT + 2
        assert tops[-1] < box.bottom
    assert max(len(box.texts) for box in chart.boxes) >= 4


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("总校长", 1),
        ("示例娄江实验小学", 1),
        ("示例娄江实验小学教育集团东校区", 2),
        ("Executive principal of the school", 2),
        ("A" * 60, 1),  # what cannot be broken stays whole
        ("", 1),
    ],
)
def test_a_line_ends_between_han_characters_and_between_latin_words(words, lines):
    found = wrapped(words)
    assert len(found) == lines
    assert "".join(found).replace(" ", "") == words.replace(" ", "")


def test_a_vacancy_is_drawn_as_one(world):
    end(world, "deputy", TODAY)
    end(world, "principal_b", TODAY)
    boxes = {box.title: box for box in drawn(world).boxes}
    assert (boxes["副书记"].vacant, boxes["副书记"].name, boxes["副书记"].url) == (True, "空缺", "")
    assert (boxes["示例B小"].vacant, boxes["示例B小"].name) == (True, "执行校长 空缺")
    assert not boxes["示例A小"].vacant
    assert not {box.title for box in drawn(world, TODAY - A_DAY).boxes if box.vacant}


def test_people_stand_in_their_unit_and_otherwise_by_themselves(world):
    unit = setup.unit(world, name="综合办公室", line="office")
    kept(world, post(world, "teacher", Post.GROUP_OFFICE, world.group, unit=unit))
    boxes = {box.title: box.name for box in drawn(world).boxes}
    assert (boxes["综合办公室"], boxes["集团办公室"]) == ("示例teacher", "示例office")
    assert "示例group_finance" in boxes["集团财务"]


def test_the_chart_is_of_a_day(world, enter):
    setup.unit(world, valid_from=TODAY)
    client = enter("teacher")
    assert "教学管理中心" in text(client.get(chart_of(world)))
    page = text(client.get(f"{chart_of(world)}?on={TODAY - A_DAY}"))
    assert "教学管理中心" not in page
    assert "截至" in page
    assert f'value="{TODAY - A_DAY}"' in page
    assert client.get(f"{chart_of(world)}?on=x").status_code == 200


def test_the_chart_says_in_words_what_it_draws(world, enter):
    """For who cannot see it: each box stands in a list, too, and what is linked there is linked in the drawing."""
    answer = enter("teacher").get(chart_of(world))
    shown, chart = answer.content.decode(), answer.context["chart"]
    drawing, _end, words = shown.partition('<svg class="chart"')[2].partition("</svg>")
    for box in chart.boxes:
        assert box.title in words
        assert box.name in words
        assert not box.url or f'href="{box.url}"' in drawing
    assert not re.search(r"style=|<style|on[a-z]+=", drawing)


def test_a_name_is_text_and_nothing_else(world, enter):
    row = Person.objects.get(user=world.president)
    changed(world, row, name="<script>alert(1)</script>&")
    shown = enter("teacher").get(chart_of(world)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown


def test_the_list_below_the_chart_says_what_hangs_below_what(world, enter):
    outline = enter("teacher").get(chart_of(world)).context["chart"].outline
    told = [(depth, box.title) for depth, box in outline]
    assert told[0] == (0, "总校长")
    at = told.index((1, world.school_a.short_name))
    assert told[at + 1 : at + 4] == [(2, "副校长"), (3, "中层干部"), (1, world.school_b.short_name)]
    assert len(outline) == len(enter("teacher").get(chart_of(world)).context["chart"].boxes)
