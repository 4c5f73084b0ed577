"""Charts can be read: axes in a few letters, a key to what is drawn, every number in a table."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts import Bar, Dot, bars, line
from ui.wording import Words

KO, EN = Words("ko"), Words("en")


@given(st.floats(0, 1e12), st.sampled_from([KO, EN]))
def test_an_axis_is_marked_in_a_few_letters(value: float, say: Words):
    assert len(say.compact(value)) <= 7


@pytest.mark.parametrize(
    ("value", "marked"),
    [(526.0994000000002, "526"), (12.34, "12.3"), (0.5, "0.5"), (7, "7"), (999.99, "1,000"), (12_345, "1.2만")],
)
def test_small_numbers_keep_only_the_digits_that_tell_something(value: float, marked: str):
    assert KO.compact(value) == marked


def keys(drawn: str) -> list[str]:
    """What the key under a chart's title tells, in its order."""
    return re.findall(r'<i class="\w+"></i>([^<]+)', drawn)


def test_a_line_tells_what_each_stroke_is():
    past = [Dot("1", value=2.0, actual=3.0), Dot("2", value=2.5, actual=2.0)]
    coming = [Dot("3", value=2.0, low=1.0, high=4.0)]

    assert keys(line(KO, past, title="예측과 실제")) == ["실제", "예측"]
    assert keys(line(KO, past + coming, title="예측")) == ["실제", "예측", "예측 구간"]
    assert keys(line(KO, [Dot("3", value=2.0)], title="예측")) == ["예측"]


def test_bars_tell_what_stands_behind_them_only_where_something_does():
    assert keys(bars(EN, [Bar("Mon", 3.0, 2.0)], title="Sales", unit="Units")) == ["Units", "Compared with"]
    assert keys(bars(EN, [Bar("Mon", 3.0)], title="Sales")) == []
