"""The calendar of working days: everybody reads it, the personnel section keeps it, deadlines follow at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from kunshan_edu.core import clock, workdays
from kunshan_edu.core.denials import FORBIDDEN, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent, CalendarDay
from personnel.actions import workdays as actions
from personnel.rules.workdays import CalendarCase, cannot_set_day
from tests.api_client import Api, errors, refusal
from tests.api_client import rows as listed
from tests.personnel.visits import send, text
from tests.world import fresh

LIST, NEW = (reverse(f"personnel:calendar_day_{name}") for name in ("list", "new"))
DOCUMENT = "国办发明电〔2026〕9号"
TODAY = dt.date(2029, 3, 1)  # years of which no arrangement comes with the system
NEXT = TODAY.year + 1
SPRING = dt.date(NEXT, 2, 5)


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.at(TODAY):
        yield


def typed(**facts: Any) -> dict[str, Any]:
    return {"day": SPRING.isoformat(), "kind": "holiday", "name": "春节", "document": DOCUMENT, **facts}


def test_the_personnel_section_keeps_it():
    denial = cannot_set_day(CalendarCase())
    assert (denial.code, denial.status, denial.clause) == (
        "not_the_calendar_keeper",
        FORBIDDEN,
        Clause.C6_2_A,
    )
    assert cannot_set_day(CalendarCase(may_keep=True)) is None


@pytest.mark.django_db
def test_a_day_is_entered_and_mended_and_deadlines_follow(world):
    day = dt.date(NEXT, 6, 9)
    while not workdays.is_workday(day):
        day += dt.timedelta(days=1)
    facts = {"name": "端午节", "document": DOCUMENT, "by": fresh(world.personnel)}
    row = actions.set_day(day=day, kind="holiday", **facts)
    assert not workdays.is_workday(day)
    event = AuditEvent.objects.of(row).get()
    assert (event.verb, event.actor) == ("core.set_day", world.users["personnel"])
    again = actions.set_day(day=day, kind="workday", **facts)
    assert (again.pk, workdays.is_workday(day), CalendarDay.objects.filter(day=day).count()) == (
        row.pk,
        True,
        1,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["leader", "president", "basic", "teacher", "admin"])
def test_nobody_else_sets_a_day(world, enter, who):
    with pytest.raises(Denied) as caught:
        actions.set_day(
            day=SPRING, kind="holiday", name="春节", document=DOCUMENT, by=fresh(world.users[who])
        )
    assert caught.value.denial.code == "not_the_calendar_keeper"
    client = enter(who)
    assert client.get(NEW).status_code == 403
    assert send(client, NEW, **typed()).status_code == 403
    page = text(client.get(LIST))
    assert NEW not in page
    assert not CalendarDay.objects.filter(day=SPRING).exists()


@pytest.mark.django_db
def test_a_year_is_listed_and_one_that_is_not_entered_says_so(world, enter, django_assert_max_num_queries):
    client = enter("personnel")
    client.get(LIST)
    with django_assert_max_num_queries(9):
        page = client.get(LIST + "?year=2026")
    assert {row.day.year for row in page.context["page"]} == {2026}
    assert "国庆节" in text(page)
    assert "尚未登记齐全" not in text(page)
    assert list(client.get(LIST).context["page"]) == [], "this year when none is asked"
    for query in (f"?year={NEXT}", f"?year={NEXT}&on=x"):
        empty = client.get(LIST + query)
        assert list(empty.context["page"]) == []
        assert f"{NEXT} 年的放假安排尚未登记齐全" in text(empty)
    for query in ("?year=1", "?year=x", "?year=" + "9" * 30):
        assert client.get(LIST + query).status_code == 200, query


@pytest.mark.django_db
def test_the_page_enters_a_day_and_comes_back_to_the_list(world, enter):
    client = enter("personnel")
    answer = send(client, NEW, **typed())
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    page = client.get(f"{LIST}?year={NEXT}")
    assert [row.day for row in page.context["page"]] == [SPRING]
    mend = f"{NEW}?day={SPRING.isoformat()}&amp;kind=holiday"
    assert mend in text(page)
    form = client.get(mend.replace("&amp;", "&")).context["form"]
    assert (form["day"].value(), form["kind"].value()) == (SPRING.isoformat(), "holiday")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"day": f"{NEXT}-02-30"}, "day", ""),
        ({"day": ""}, "day", "请填写日期。"),
        ({"kind": "rest"}, "kind", ""),
        ({"name": ""}, "name", "请填写节假日。"),
        ({"name": "节" * 21}, "name", ""),
        ({"document": ""}, "document", "请填写依据文件。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world, enter, facts, field, sentence):
    given = typed(**facts)
    answer = send(enter("personnel"), NEW, **given)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert not sentence or sentence in form.errors[field]
    assert {name: form.data[name] for name in given} == given
    assert not CalendarDay.objects.filter(document=DOCUMENT).exists()


@pytest.mark.django_db
def test_a_program_keeps_it_too(world):
    assert refusal(Api(world.teacher).post("calendar-days/", typed()))[:2] == (403, "not_the_calendar_keeper")
    made = Api(world.personnel).post("calendar-days/", typed())
    assert (made.status_code, made.json()["kind_label"]) == (201, "放假")
    again = Api(world.personnel).post("calendar-days/", typed(kind="workday"))
    assert (again.json()["id"], again.json()["kind"]) == (made.json()["id"], "workday")
    assert [row["day"] for row in listed(Api(world.teacher).get(f"calendar-days/?year={NEXT}"))] == [
        SPRING.isoformat()
    ]
    assert list(errors(Api(world.personnel).post("calendar-days/", typed(day="x")))) == ["day"]
