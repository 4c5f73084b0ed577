"""What a forecast says about the demand within a lead time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.domain.demand import Forecast, safety_factor
from stocksense.errors import BadValue

TEA = Forecast(
    sku="TEA-GREEN-100",
    made_on=date(2026, 10, 31),
    daily_mean=(2.0,) * 21,
    daily_low=(0.0,) * 21,
    daily_high=(4.0,) * 21,
    lead_time_demand={3: {0.5: 6.0, 0.95: 10.0}, 7: {0.5: 14.0, 0.95: 20.0}},
    model="ma28",
    version="test",
)


def test_the_lead_times_of_the_forecast_are_taken_as_they_are():
    assert TEA.demand_within(7, 0.95) == 20.0


def test_between_lead_times_and_levels_demand_is_interpolated():
    assert TEA.demand_within(5, 0.95) == 15.0
    assert TEA.demand_within(3, 0.725) == pytest.approx(8.0)


def test_no_lead_time_needs_no_stock():
    assert TEA.demand_within(0, 0.95) == 0.0


def test_beyond_the_longest_lead_time_the_mean_goes_on_and_the_spread_by_its_root():
    assert TEA.demand_within(28, 0.95) == pytest.approx(2 * 28 + 6 * 2)


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0.5, 0.95), st.floats(0.5, 0.95))
def test_demand_never_falls_with_lead_time_or_service_level(days, more_days, level, other_level):
    days, more_days = sorted((days, more_days))
    level, other_level = sorted((level, other_level))

    assert TEA.demand_within(days, level) <= TEA.demand_within(more_days, level) + 1e-9
    assert TEA.demand_within(days, level) <= TEA.demand_within(days, other_level) + 1e-9


def test_a_level_that_the_forecast_does_not_hold_is_refused():
    with pytest.raises(BadValue, match=r"0\.99 is outside"):
        TEA.demand_within(3, 0.99)


def test_a_lead_time_in_the_past_is_refused():
    with pytest.raises(BadValue, match="-1"):
        TEA.demand_within(-1, 0.95)


def test_mean_demand_is_the_mean_of_the_horizon():
    assert TEA.daily_demand == 2.0


def test_the_safety_factor_is_the_normal_quantile():
    assert safety_factor(0.975) == pytest.approx(1.959964, abs=1e-6)
