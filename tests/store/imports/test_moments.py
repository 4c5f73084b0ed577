"""How days and times are understood."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.store.imports.moments import Moment, moment
from stocksense.store.imports.wording import Fault

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 13:05:00",
        "2026.07.01 13:05",
        "2026/7/1 1:05 PM",
        "2026. 7. 1. 오후 1:05",
        "2026년 7월 1일 13시 5분",
        "2026-07-01(수) 13:05",
        "2026-07-01T13:05:00+09:00",
        "2026-07-01T04:05:00Z",
        "2026-07-01 00:05:00 -0400",
        "20260701130500",
        "46204.5451388889",
    ],
)
def test_a_time_is_read_however_systems_write_it(text: str) -> None:
    assert moment(text, SEOUL) == Moment(datetime(2026, 7, 1, 4, 5, tzinfo=UTC), date(2026, 7, 1))


@pytest.mark.parametrize("text", ["2026-07-01", "2026.7.1", "2026. 7. 1.", "2026년 7월 1일", "20260701", "46204"])
def test_a_day_without_a_time_counts_as_noon(text: str) -> None:
    assert moment(text, SEOUL) == Moment(datetime(2026, 7, 1, 3, tzinfo=UTC), date(2026, 7, 1))


def test_midnight_in_korean_is_the_start_of_the_day() -> None:
    assert moment("2026-07-01 오전 12:00", SEOUL) == moment("2026-07-01 00:00:00", SEOUL)


def test_the_day_is_the_shops_day() -> None:
    late_in_utc = moment("2026-06-30T16:00:00Z", SEOUL)

    assert isinstance(late_in_utc, Moment)
    assert late_in_utc.day == date(2026, 7, 1)


@pytest.mark.parametrize("text", ["03/04/2026", "13-07-2026", "26-07-01"])
def test_a_day_that_could_be_another_is_refused(text: str) -> None:
    assert moment(text, SEOUL) is Fault.DAY_OR_MONTH


@pytest.mark.parametrize("text", ["어제", "2026-13-01", "2026-02-30", "2026-07-01 25:00", "12345678901", "1234"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert moment(text, SEOUL) is Fault.NOT_A_DATE


@given(st.integers(631_152_000_000_000, 4_102_444_800_000_000))
def test_an_iso_time_comes_back_unchanged(microseconds: int) -> None:
    at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    read = moment(at.astimezone(SEOUL).isoformat(), SEOUL)

    assert isinstance(read, Moment)
    assert read.at == at


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_a_fault(text: str) -> None:
    assert isinstance(moment(text, SEOUL), Moment | Fault)
