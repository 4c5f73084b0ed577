"""Periods: what people call them, and what they are compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.domain.periods import parse_period
from stocksense.errors import BadValue

FRIDAY = date(2026, 3, 13)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-03-13", "2026-03-13"),
        ("yesterday", "2026-03-12", "2026-03-12"),
        ("this week", "2026-03-09", "2026-03-13"),
        ("last_week", "2026-03-02", "2026-03-08"),
        ("this_month", "2026-03-01", "2026-03-13"),
        ("last_month", "2026-02-01", "2026-02-28"),
        ("this_year", "2026-01-01", "2026-03-13"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("last_7_days", "2026-03-07", "2026-03-13"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-03-05", "2026-03-05", "2026-03-05"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("month_3", "2026-03-01", "2026-03-31"),
        ("month_12", "2025-12-01", "2025-12-31"),
        ("month_2_day_29", "2024-02-29", "2024-02-29"),
        ("2026-02-03..2026-03-01", "2026-02-03", "2026-03-01"),
    ],
)
def test_a_period_is_read_as_people_mean_it(name, first, last):
    period = parse_period(name, FRIDAY)

    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_a_week_up_to_today_is_held_against_the_same_weekdays():
    before = parse_period("this_week", FRIDAY).previous()

    assert (before.first, before.last) == (date(2026, 3, 2), date(2026, 3, 6))


def test_a_month_up_to_today_is_held_against_the_same_days_of_the_month_before():
    assert parse_period("this_month", date(2026, 3, 30)).previous().last == date(2026, 2, 28)


def test_a_whole_short_month_is_held_against_a_whole_long_one():
    assert parse_period("2026-02", FRIDAY).previous().last == date(2026, 1, 31)


@pytest.mark.parametrize(
    "name", ["", "soon", "last_0_days", "2026-13", "2026-02-30", "a..b", "month_13", "2026-03-05..2026-03-01"]
)
def test_what_is_no_period_is_refused_with_what_would_be(name):
    with pytest.raises(BadValue, match=r"use today|swap the days"):
        parse_period(name, FRIDAY)


@given(DAYS, st.sampled_from(["today", "this_week", "last_week", "last_10_days"]))
def test_spans_by_weekday_keep_length_and_weekday(today, name):
    period = parse_period(name, today)

    for other in (period.previous(), period.year_before()):
        assert other.days == period.days
        assert other.last < period.first
        if name != "last_10_days":
            assert other.first.weekday() == period.first.weekday()


@given(DAYS, st.sampled_from(["this_month", "last_month", "this_year", "last_year"]))
def test_calendar_spans_begin_on_the_same_day_of_the_calendar(today, name):
    period = parse_period(name, today)

    assert period.previous().first.day == period.first.day == 1
    assert period.previous().last < period.first + timedelta(1)
