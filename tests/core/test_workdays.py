"""Working days: the notices of four years, deadlines across holidays, a year without an arrangement."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kunshan_edu.core import workdays
from kunshan_edu.core.changes import acting
from kunshan_edu.core.models import AuditEvent, CalendarDay, DayKind
from kunshan_edu.core.workdays import Calendar, add_workdays, is_known, is_workday, set_day, workdays_between

NOTICE = "国办发明电〔2025〕7号"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def journeys(django_assert_num_queries):
    return django_assert_num_queries


# Taken from the four notices by hand, not from the migration: eves, Sundays worked, weekends beside a holiday.
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("2022-12-30", True),
        ("2023-01-02", False),
        ("2023-01-20", True),
        ("2023-01-27", False),
        ("2023-01-28", True),
        ("2023-01-29", True),
        ("2023-04-23", True),
        ("2023-06-25", True),
        ("2023-09-29", False),
        ("2023-10-06", False),
        ("2023-10-08", True),
        ("2024-02-09", True),
        ("2024-02-18", True),
        ("2024-04-07", True),
        ("2024-06-09", False),
        ("2024-06-10", False),
        ("2024-09-14", True),
        ("2024-10-12", True),
        ("2025-01-26", True),
        ("2025-01-27", True),
        ("2025-02-04", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-13", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-10", True),
        ("2026-11-21", False),
        ("2026-11-23", True),
    ],
)
def test_days_of_the_notices(text: str, worked: bool) -> None:
    assert is_workday(day(text)) is worked


@pytest.mark.django_db
@pytest.mark.parametrize(("year", "expected"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_working_days(year: int, expected: int) -> None:
    assert workdays_between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == expected


@pytest.mark.django_db
def test_every_arrangement_names_its_notice_and_only_weekends_are_worked_for_it() -> None:
    rows = list(CalendarDay.objects.all())
    assert {row.document for row in rows} == {
        "国办发明电〔2022〕16号",
        "国办发明电〔2023〕7号",
        "国办发明电〔2024〕12号",
        "国办发明电〔2025〕7号",
    }
    assert all(row.day.weekday() >= 5 for row in rows if row.kind == DayKind.WORKDAY)
    assert all(row.name for row in rows)


@pytest.mark.django_db
def test_a_deadline_crosses_the_national_holiday() -> None:
    before = day("2026-09-30")
    assert add_workdays(before, 1) == day("2026-10-08")
    assert add_workdays(before, 3) == day("2026-10-10")
    assert add_workdays(before, 4) == day("2026-10-12")
    assert add_workdays(day("2026-10-08"), -1) == before
    assert workdays_between(before, day("2026-10-12")) == 4
    assert workdays_between(day("2026-10-12"), before) == -4


@pytest.mark.django_db
def test_the_day_itself_does_not_count() -> None:
    friday, saturday = day("2026-11-20"), day("2026-11-21")
    assert workdays_between(friday, friday) == 0
    assert workdays_between(friday, saturday) == 0
    assert add_workdays(saturday, 0) == saturday
    assert add_workdays(saturday, 1) == add_workdays(friday, 1) == day("2026-11-23")


WEEKENDS = Calendar(frozenset(), frozenset())
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@given(DAYS, st.integers(-60, 60), st.sets(DAYS, max_size=30), st.sets(DAYS, max_size=30))
def test_adding_and_counting_agree(start: dt.date, count: int, off: set, worked: set) -> None:
    calendar = Calendar(frozenset(off - worked), frozenset(worked))
    end = calendar.add(start, count)
    if count >= 0:
        assert calendar.between(start, end) == count
    else:  # counting back, the day reached counts and the day begun on does not
        assert calendar.between(end - workdays.DAY, start - workdays.DAY) == -count
    assert count == 0 or calendar.is_workday(end)


@pytest.mark.django_db
def test_a_year_that_is_not_entered_has_its_weekends_and_says_so() -> None:
    assert [year for year in range(2021, 2030) if is_known(year)] == [2023, 2024, 2025, 2026]
    assert is_workday(day("2028-10-02"))
    assert not is_workday(day("2028-10-01"))
    set_day(day("2028-10-02"), "holiday", "国庆节", "国办发明电〔2027〕1号", by=None)
    assert not is_workday(day("2028-10-02"))
    assert not is_known(2028)


@pytest.mark.django_db
def test_an_arrangement_is_entered_and_mended_under_a_verb() -> None:
    saturday = day("2028-03-04")
    made = set_day(saturday, DayKind.WORKDAY, " 春节 ", NOTICE, by=None)
    assert (made.name, made.kind) == ("春节", "workday")
    assert is_workday(saturday)
    mended = set_day(saturday, "holiday", "春节", NOTICE, by=None)
    assert mended.pk == made.pk
    assert not is_workday(saturday)
    told = AuditEvent.objects.of(made).values_list("verb", "difference")
    assert [verb for verb, _difference in told] == ["core.set_day", "core.set_day"]
    assert told[0][1] == {"kind": ["workday", "holiday"]}


@pytest.mark.django_db
def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="half"):
        set_day(day("2028-03-04"), "half", "春节", NOTICE, by=None)


@pytest.mark.django_db
def test_the_table_asks_for_a_verb_and_has_a_day_once() -> None:
    row = CalendarDay(day=day("2026-10-01"), kind="holiday", name="国庆节", document=NOTICE)
    with pytest.raises(IntegrityError, match="change_without_a_verb"), transaction.atomic():
        row.save()
    with pytest.raises(Exception, match="该日已有安排"), acting("core.set_day", None):
        row.save()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="change_without_a_verb"):
        cursor.execute("DELETE FROM core_calendarday")


@pytest.mark.django_db
def test_many_days_are_judged_on_one_query(journeys) -> None:
    with journeys(1):
        calendar = workdays.calendar()
        assert sum(calendar.is_workday(day("2026-01-01") + n * workdays.DAY) for n in range(365)) == 248
    with journeys(1):
        workdays_between(day("2026-01-01"), day("2026-12-31"))
