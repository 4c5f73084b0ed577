"""What customers are expected to buy, with the spread, the accuracy, and when to reorder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stocksense.domain.demand import Forecast
from stocksense.errors import UnknownName
from stocksense.store import decisions, forecasts
from tools.naming import product_named
from tools.services import Services

BASELINES = ("seasonal_naive_7", "seasonal_naive", "moving_average_28")
"""Simple models that a forecast is held against, the first that was tested."""

INTERVAL_PERCENT = 80
"""How many of a hundred days the band of a forecast is made to hold."""


@dataclass(frozen=True)
class Bound:
    """Units that demand over `days` stays within, with probability `service_level`."""

    days: int
    service_level: float
    units: float


@dataclass(frozen=True)
class DayAhead:
    """Units expected on one day, and the bounds of its interval."""

    day: date
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class DemandForecast:
    """Expected sales of one product from `first` to `last`; units, `mean`, `low` and `high` a day.

    `interval_percent` of days lie between `low` and `high`; `daily` has each day. `wape_percent` is the error of the
    used model on held-out days, and `naive_wape_percent` that of the simple model `naive`; None where too little was
    sold to measure it.
    """

    sku: str
    name_ko: str
    name_en: str
    made_on: date
    first: date
    last: date
    days: int
    total: float
    mean: float
    low: float
    high: float
    interval_percent: int
    bound: Bound | None
    model: str
    version: str
    wape_percent: float | None
    naive: str
    naive_wape_percent: float | None
    reorder_point: float | None
    note_ko: str
    note_en: str
    daily: tuple[DayAhead, ...]


def forecast_demand(services: Services, product: str, days: int = 14) -> DemandForecast:
    """Forecast the sales of one product, with interval, accuracy on held-out days, and reorder point.

    Args:
        product: SKU, barcode or name as the user wrote it.
        days: how many days ahead, from the day after the forecast was made; at most as many as it covers, 21.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        found = product_named(session, shop.id, product)
        forecast = forecasts.forecast_of(session, shop.id, found.sku)
        if forecast is None:
            raise UnknownName(
                "forecast",
                found.sku,
                "make forecasts with `stocksense run` or `stocksense forecast`",
                in_korean="`stocksense run`이나 `stocksense forecast`로 예측을 만드세요.",
            )
        made = decisions.decision_of(session, shop.id, found.sku)
        point = round(made.decision.situation.reorder_point, 2) if made else None
        return _told(forecast, (found.name_ko, found.name_en), days, point)


def _told(forecast: Forecast, names: tuple[str, str], days: int, reorder_point: float | None) -> DemandForecast:
    """The first days of a forecast in numbers."""
    ahead = min(max(days, 1), len(forecast.daily_mean))
    naive = next((name for name in BASELINES if name in forecast.backtest), "")
    used = forecast.backtest.get(forecast.model)
    is_measured = used is not None and bool(naive)
    return DemandForecast(
        sku=forecast.sku,
        name_ko=names[0],
        name_en=names[1],
        made_on=forecast.made_on,
        first=forecast.made_on + timedelta(days=1),
        last=forecast.made_on + timedelta(days=ahead),
        days=ahead,
        total=round(sum(forecast.daily_mean[:ahead]), 1),
        mean=_average(forecast.daily_mean[:ahead]),
        low=_average(forecast.daily_low[:ahead]),
        high=_average(forecast.daily_high[:ahead]),
        interval_percent=INTERVAL_PERCENT,
        bound=_bound(forecast, ahead),
        model=forecast.model,
        version=forecast.version,
        wape_percent=round(used * 100, 1) if is_measured and used is not None else None,
        naive=naive,
        naive_wape_percent=round(forecast.backtest[naive] * 100, 1) if is_measured else None,
        reorder_point=reorder_point,
        note_ko=forecast.notes.get("ko", ""),
        note_en=forecast.notes.get("en", ""),
        daily=_daily(forecast, ahead),
    )


def _daily(forecast: Forecast, ahead: int) -> tuple[DayAhead, ...]:
    spread = zip(forecast.daily_mean, forecast.daily_low, forecast.daily_high, strict=True)
    rows = (tuple(round(units, 2) for units in day) for day in spread)
    return tuple(
        DayAhead(forecast.made_on + timedelta(days=after), mean, low, high)
        for after, (mean, low, high) in zip(range(1, ahead + 1), rows, strict=False)
    )


def _bound(forecast: Forecast, days: int) -> Bound | None:
    """The 95 % bound over these days, where the forecast holds that quantile."""
    level = 0.95
    if not forecast.lead_time_demand or any(level not in units for units in forecast.lead_time_demand.values()):
        return None
    return Bound(days, level, round(forecast.demand_within(days, level), 1))


def _average(values: tuple[float, ...]) -> float:
    return round(sum(values) / len(values), 2)


READS = (forecast_demand,)
WRITES = ()
