"""The ribbon of posts in time, measured: where a day stands, what is drawn full and what dashed, which years fit."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personnel.views.ribbon import MOST_YEARS, Ribbon, Span

ON = dt.date(2026, 7, 2)


def span(first, after=None, kind="post", lane="示例集团 总校长"):
    return Span(lane, kind, dt.date(first, 1, 1), after and dt.date(after, 1, 1), "")


def bars(ribbon):
    return [(b.kind, b.x, b.width, b.ahead) for lane in ribbon.lanes for b in lane.bars]


def test_a_post_that_is_over_is_drawn_full():
    ribbon = Ribbon([span(2024, 2025)], ON)
    assert (ribbon.start, ribbon.end) == (dt.date(2024, 1, 1), dt.date(2027, 1, 1))
    [(kind, x, width, ahead)] = bars(ribbon)
    assert (kind, x, ahead) == ("post", "0.00%", False)
    assert width == f"{366 / 1096 * 100:.2f}%"


def test_a_post_in_force_is_full_to_the_day_and_dashed_after_it():
    ribbon = Ribbon([span(2024)], ON)
    assert ribbon.end == dt.date(2028, 1, 1)  # open: a year more than the day looked at
    (_k, x, width, ahead), (_k2, x2, width2, ahead2) = bars(ribbon)
    assert (x, ahead, ahead2) == ("0.00%", False, True)
    assert x2 == width == ribbon.now.x
    assert float(x2[:-1]) + float(width2[:-1]) == pytest.approx(100, abs=0.02)


@pytest.mark.parametrize(("first", "kind"), [(2027, "post"), (2025, "pending")])
def test_what_is_to_come_and_what_is_not_confirmed_is_dashed_as_a_whole(first, kind):
    assert [ahead for *_rest, ahead in bars(Ribbon([span(first, 2029, kind)], ON))] == [True]


def test_one_lane_for_one_post_however_often_it_was_held():
    ribbon = Ribbon([span(2018, 2020), span(2022, 2024), span(2020, 2022, lane="示例A小 执行校长")], ON)
    assert [(lane.label, len(lane.bars)) for lane in ribbon.lanes] == [
        ("示例集团 总校长", 2),
        ("示例A小 执行校长", 1),
    ]
    assert ribbon.lanes[1].y - ribbon.lanes[0].y == 44
    assert ribbon.height > ribbon.bottom > ribbon.lanes[1].bars[0].y


def test_a_post_of_a_single_day_is_still_to_be_seen():
    one = Span("a", "post", dt.date(2010, 1, 1), dt.date(2010, 1, 2), "")
    [(_kind, _x, width, _ahead)] = bars(Ribbon([one], ON))
    assert width == "0.60%"


def test_what_is_drawn_is_explained():
    kinds = [span(2020, 2021), span(2021, 2022, "acting"), span(2020, 2022, "staff", "编制：示例A小")]
    assert Ribbon(kinds, ON).kinds == {"post", "acting", "staff"}
    assert Ribbon([span(2020)], ON).kinds == {"post", "ahead"}


@pytest.mark.parametrize(("first", "years"), [(2024, 3), (2019, 8), (2018, 5), (1984, 8)])
def test_no_more_years_are_named_than_fit_on_a_phone(first, years):
    assert len(Ribbon([span(first, 2025)], ON).years()) == years <= MOST_YEARS


def test_the_year_that_the_line_of_the_day_would_strike_out_is_not_named():
    labels = [tick.label for tick in Ribbon([span(2012, 2025)], dt.date(2026, 3, 1)).years()]
    assert labels == ["2012", "2014", "2016", "2018", "2020", "2022", "2024", ""]


DAYS = st.dates(dt.date(1980, 1, 1), dt.date(2040, 12, 31))


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=6), DAYS)
def test_every_bar_stands_within_the_ribbon(periods, on):
    spans = [
        Span(f"{n}", "post", first, max(first, after) if after else None, "")
        for n, (first, after) in enumerate(periods)
    ]
    ribbon = Ribbon(spans, on)
    assert 0 <= float(ribbon.now.x[:-1]) <= 100
    for _kind, x, width, _ahead in bars(ribbon):
        assert float(x[:-1]) >= 0
        assert float(x[:-1]) + float(width[:-1]) <= 100.7  # the least width of a bar on the last day
