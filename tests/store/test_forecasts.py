"""Forecasts come back exactly as they were made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stocksense.domain.demand import Forecast
from stocksense.errors import UnknownSku
from stocksense.store.forecasts import forecast_of, latest_forecasts, save_forecasts

DAY = date(2026, 3, 10)


@pytest.fixture
def forecast() -> Forecast:
    return Forecast(
        sku="TEA-1",
        made_on=DAY,
        daily_mean=(1.5, 2.25),
        daily_low=(0.0, 1.0),
        daily_high=(3.0, 4.0),
        lead_time_demand={1: {0.5: 1.0, 0.95: 4.0}, 14: {0.5: 20.0, 0.95: 31.5}},
        model="lstm",
        version="1-abc",
        backtest={"lstm": 0.31, "seasonal_naive": 0.4},
    )


def test_the_newest_forecast_of_each_product_counts(sessions, shop, forecast, now):
    newer = replace(forecast, made_on=DAY + timedelta(days=1), daily_mean=(9.0, 9.0))
    with sessions.begin() as session:
        save_forecasts(session, shop.id, [newer, replace(forecast, sku="TEA-2")], now)
        save_forecasts(session, shop.id, [forecast], now)

    with sessions() as session:
        assert latest_forecasts(session, shop.id) == {"TEA-1": newer, "TEA-2": replace(forecast, sku="TEA-2")}
        assert forecast_of(session, shop.id, "TEA-1") == newer
        assert forecast_of(session, shop.id, "MILK-1") is None


def test_a_forecast_made_again_on_the_same_day_takes_the_place_of_the_first(sessions, shop, forecast, now):
    again = replace(forecast, model="seasonal_naive")
    with sessions.begin() as session:
        save_forecasts(session, shop.id, [forecast], now)
        assert save_forecasts(session, shop.id, [again], now) == 1

    with sessions() as session:
        assert forecast_of(session, shop.id, "TEA-1") == again


def test_a_forecast_of_no_product_keeps_none(sessions, shop, forecast, now):
    with pytest.raises(UnknownSku), sessions.begin() as session:
        save_forecasts(session, shop.id, [forecast, replace(forecast, sku="TEA-9")], now)

    with sessions() as session:
        assert latest_forecasts(session, shop.id) == {}


def test_forecasts_of_another_shop_are_its_own(sessions, shop, forecast, another_shop, now):
    other = another_shop("Kiosk")
    with sessions.begin() as session:
        save_forecasts(session, other.id, [replace(forecast, sku="A")], now)

    with sessions() as session:
        assert latest_forecasts(session, shop.id) == {}
        assert list(latest_forecasts(session, other.id)) == ["A"]


units = st.floats(0, 1e6, allow_subnormal=False)
leads = st.dictionaries(
    st.integers(1, 60), st.dictionaries(st.floats(0.01, 0.999), units, min_size=1, max_size=3), min_size=1, max_size=3
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(units, min_size=1, max_size=5), leads)
def test_every_number_of_a_forecast_comes_back_exactly(sessions, shop, forecast, now, days, demand):
    made = replace(forecast, daily_mean=tuple(days), lead_time_demand=demand)
    with sessions.begin() as session:
        save_forecasts(session, shop.id, [made], now)

    with sessions() as session:
        assert forecast_of(session, shop.id, "TEA-1") == made
