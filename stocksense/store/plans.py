"""What forecasts and decisions add to the facts of each product, and the forecasts added up by category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from stocksense.domain.demand import Forecast
from stocksense.domain.reorder import Decision
from stocksense.domain.shelf import outlook
from stocksense.store.facts import UNKNOWN_LAST, change_facts
from stocksense.store.kept import note_change
from stocksense.store.tables import ForecastRow, ForecastTotal, Product
from stocksense.store.tables.rollups import ALL, NO_CATEGORY
from stocksense.store.upsert import dialect_insert, portions

OUTLOOK_DAYS = 7
"""Days ahead that `predicted` of a product covers."""

Made = tuple[int, date]
"""Product and day of a forecast."""

Days = dict[tuple[int, date, date], list[float]]
"""{(category, day, made on): [units, products]}."""


def note_forecasts(session: Session, shop_id: int, forecasts: Mapping[int, Forecast]) -> None:
    """Take over forecasts, by product, into the facts of their products."""
    rows = [_forecast_facts(product_id, forecast) for product_id, forecast in sorted(forecasts.items())]
    change_facts(session, shop_id, rows, newer="forecast_on")


def note_decisions(
    session: Session, shop_id: int, decisions: Mapping[int, Decision], *, ids: Mapping[int, int], made_on: date
) -> None:
    """Take over decisions, by product with their row numbers, into the facts of their products."""
    rows = [
        _decision_facts(product_id, decision) | {"decision_id": ids[product_id], "decided_on": made_on}
        for product_id, decision in sorted(decisions.items())
    ]
    change_facts(session, shop_id, rows, newer="decided_on")


def add_up_forecasts(session: Session, shop_id: int, made: Mapping[Made, Iterable[float]], *, sign: int = 1) -> None:
    """Add daily means of forecasts to the sums of their categories, or take them off with `sign` -1."""
    categories: dict[int, int] = {}
    for portion in portions(sorted({product_id for product_id, _ in made})):
        found = session.execute(select(Product.id, Product.category_id).where(Product.id.in_(portion)))
        categories |= {product_id: category_id or NO_CATEGORY for product_id, category_id in found}
    days: Days = defaultdict(lambda: [0.0, 0])
    for (product_id, made_on), daily_mean in made.items():
        for ahead, units in enumerate(daily_mean, 1):
            for category_id in (categories[product_id], ALL):
                total = days[category_id, made_on + timedelta(ahead), made_on]
                total[0] += units * sign
                total[1] += sign
    _add(session, shop_id, days)


def forget_sums(session: Session, shop_id: int, made: Iterable[Made]) -> None:
    """Take forecasts that are about to be made again off the sums that they are part of."""
    for portion in portions(sorted(made)):
        rows = select(ForecastRow.product_id, ForecastRow.made_on, ForecastRow.values).where(
            tuple_(ForecastRow.product_id, ForecastRow.made_on).in_(portion)
        )
        known = {(row.product_id, row.made_on): row.values["daily_mean"] for row in session.execute(rows)}
        if known:
            add_up_forecasts(session, shop_id, known, sign=-1)


def _forecast_facts(product_id: int, forecast: Forecast) -> dict[str, Any]:
    ahead = outlook(forecast, OUTLOOK_DAYS)
    return {
        "product_id": product_id,
        "forecast_on": forecast.made_on,
        "daily_demand": forecast.daily_demand,
        "predicted": ahead.expected,
        "predicted_low": ahead.low,
        "predicted_high": ahead.high,
        "wape": forecast.backtest.get(forecast.model, UNKNOWN_LAST),
    }


def _decision_facts(product_id: int, decision: Decision) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "reason": str(decision.reason),
        "reorder_point": decision.situation.reorder_point,
        "order_quantity": decision.order_quantity,
        "max_cover_days": decision.situation.max_cover_days,
    }


def _add(session: Session, shop_id: int, days: Days) -> None:
    if not days:
        return
    note_change(session, shop_id)
    statement = dialect_insert(session)(ForecastTotal)
    keys = ("category_id", "day", "made_on")
    sums = {name: getattr(ForecastTotal, name) + statement.excluded[name] for name in ("expected", "products")}
    rows = [
        {"shop_id": shop_id, **dict(zip(keys, key, strict=True)), "expected": expected, "products": int(products)}
        for key, (expected, products) in sorted(days.items())
    ]
    statement = statement.on_conflict_do_update(index_elements=["shop_id", *keys], set_=sums)
    for portion in portions(rows, 5000):
        session.execute(statement, portion)
