"""Forecasts as they were made, one a product and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.orm import Session

from stocksense.domain.demand import Forecast, Trial
from stocksense.store.kept import note_change
from stocksense.store.plans import add_up_forecasts, forget_sums, note_forecasts
from stocksense.store.scope import category_names
from stocksense.store.skus import product_ids_of
from stocksense.store.tables import ForecastRow, ForecastTrial, Product
from stocksense.store.tables.rollups import ALL, NO_CATEGORY
from stocksense.store.upsert import insert_or_change


def save_forecasts(session: Session, shop_id: int, forecasts: Iterable[Forecast], now: datetime) -> int:
    """Keep forecasts, and return how many; one made again on the same day takes the place of the first.

    Raises UnknownSku if a forecast is of no product of the shop; then none is kept.
    """
    # Of two forecasts of a product on a day, the last counts.
    made = list({(forecast.sku, forecast.made_on): forecast for forecast in forecasts}.values())
    ids = product_ids_of(session, shop_id, (forecast.sku for forecast in made))
    means = {(ids[forecast.sku], forecast.made_on): forecast.daily_mean for forecast in made}
    forget_sums(session, shop_id, means)
    rows = [_row(forecast, shop_id, ids[forecast.sku], now) for forecast in made]
    insert_or_change(
        session,
        ForecastRow,
        rows,
        keys=("product_id", "made_on"),
        changes=("model", "version", "values", "created_at"),
    )
    add_up_forecasts(session, shop_id, means)
    newest = sorted(made, key=lambda forecast: forecast.made_on)
    note_forecasts(session, shop_id, {ids[forecast.sku]: forecast for forecast in newest})
    return len(rows)


def save_trial(session: Session, shop_id: int, trial: Trial, *, before: date) -> None:
    """Keep what a model expected of days that it was tried on, in the place of what another one did.

    It stands where no forecast was made yet: of a shop with forecasts made `before` a day nothing is kept.
    """
    mine = ForecastRow.shop_id == shop_id
    if session.scalar(select(exists().where(mine, ForecastRow.made_on < before))):
        return
    note_change(session, shop_id)
    session.execute(delete(ForecastTrial).where(ForecastTrial.shop_id == shop_id))
    numbers = {english: key for key, (english, _) in category_names(session, shop_id).items()}
    expected: dict[tuple[int, date], float] = defaultdict(float)
    for path, units in trial.units.items():
        for ahead, count in enumerate(units):
            for category in (numbers.get(path, NO_CATEGORY), ALL):
                expected[category, trial.first + timedelta(ahead)] += count
    rows = [
        {"shop_id": shop_id, "category_id": category, "day": day, "known_to": trial.known_to(day), "expected": count}
        for (category, day), count in sorted(expected.items())
    ]
    keys = ("shop_id", "category_id", "day")
    insert_or_change(session, ForecastTrial, rows, keys=keys, changes=("known_to", "expected"))


def latest_forecasts(session: Session, shop_id: int) -> dict[str, Forecast]:
    """The newest forecast of every product that has one, by SKU."""
    newest = (
        select(ForecastRow.product_id, func.max(ForecastRow.made_on).label("made_on"))
        .where(ForecastRow.shop_id == shop_id)
        .group_by(ForecastRow.product_id)
        .subquery()
    )
    rows = (
        select(Product.sku, ForecastRow.made_on, ForecastRow.model, ForecastRow.version, ForecastRow.values)
        .join(newest, (newest.c.product_id == ForecastRow.product_id) & (newest.c.made_on == ForecastRow.made_on))
        .join(Product, Product.id == ForecastRow.product_id)
        .order_by(Product.sku)
    )
    return {row.sku: _forecast(row) for row in session.execute(rows)}


def forecast_of(session: Session, shop_id: int, sku: str) -> Forecast | None:
    """The newest forecast of one product, None if none was made yet."""
    row = session.execute(_newest(), {"shop": shop_id, "sku": sku}).first()
    return None if row is None else _forecast(row)


@cache
def _newest() -> Any:
    """Made once and kept, since making it takes longer than running it."""
    return (
        select(Product.sku, ForecastRow.made_on, ForecastRow.model, ForecastRow.version, ForecastRow.values)
        .join(Product, Product.id == ForecastRow.product_id)
        .where(Product.shop_id == bindparam("shop"), Product.sku == bindparam("sku"))
        .order_by(ForecastRow.made_on.desc())
        .limit(1)
    )


def _row(forecast: Forecast, shop_id: int, product_id: int, now: datetime) -> dict[str, Any]:
    """A forecast as a row; JSON knows only texts as keys, so lead times and service levels become texts."""
    values = {
        name: value for name, value in asdict(forecast).items() if name not in ("sku", "made_on", "model", "version")
    }
    values["lead_time_demand"] = {
        str(days): {repr(level): units for level, units in levels.items()}
        for days, levels in forecast.lead_time_demand.items()
    }
    return {
        "shop_id": shop_id,
        "product_id": product_id,
        "made_on": forecast.made_on,
        "model": forecast.model,
        "version": forecast.version,
        "values": values,
        "created_at": now,
    }


def _forecast(row: Any) -> Forecast:
    """The inverse of `_row`."""
    values = row.values
    leads = {
        int(days): {float(level): units for level, units in levels.items()}
        for days, levels in values["lead_time_demand"].items()
    }
    return Forecast(
        sku=row.sku,
        made_on=row.made_on,
        daily_mean=tuple(values["daily_mean"]),
        daily_low=tuple(values["daily_low"]),
        daily_high=tuple(values["daily_high"]),
        lead_time_demand={days: leads[days] for days in sorted(leads)},
        model=row.model,
        version=row.version,
        backtest=values.get("backtest", {}),
        notes=values.get("notes", {}),
    )
