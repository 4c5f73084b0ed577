"""How stock, forecasts and jobs stand: what the dashboard shows beside the sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus
from stocksense.domain.trend import Candidate
from stocksense.store.among import among
from stocksense.store.figures import WhereFrom, figures
from stocksense.store.rising import rising
from stocksense.store.scope import Scope, totals_of
from stocksense.store.shops import ShopInfo
from stocksense.store.states import Grain, JobState
from stocksense.store.tables import ForecastTotal, ForecastTrial, JobRun, Rollup, StockTotal
from stocksense.store.tables.rollups import ALL

_MADE = ("forecast_totals, rollups", "newest forecast made before the day")
_TRIED = ("forecast_trials, rollups", "what the model expected of the day before it had learned it")

COST_DAYS = 28
"""Days whose cost of goods sold says how fast stock turns."""


@dataclass(frozen=True)
class StockSummary:
    """The stock of a scope's categories at all locations; value at the best offer's price.

    `days_of_cover` is how long the value lasts at the cost of goods sold of the last COST_DAYS days, None where
    nothing sold. `uncosted` counts products without an offer, whose stock has no value here. `states` and `reasons`
    count products.
    """

    products: int
    on_hand: int
    quarantined: int
    on_order: int
    value: Decimal
    uncosted: int
    days_of_cover: float | None
    states: Mapping[ShelfState, int]
    reasons: Mapping[str, int]
    where_from: WhereFrom


@dataclass(frozen=True)
class ForecastDay:
    """Units expected for a day by the newest forecast made before it, and what came.

    Of days before the first forecast: what the model expected when it was `tried`, knowing the sales up to `made_on`.
    """

    day: date
    made_on: date
    expected: float
    actual: int
    tried: bool = False


@dataclass(frozen=True)
class ForecastCheck:
    """Forecasts beside what came. `wape` is the sum of the misses over the sum of what came, `bias` the sum of
    expected over that of actual units, less 1; both None without a day of both.

    `backtest` is the WAPE on held-out days of the models in use, the mean over products weighted by demand.
    """

    days: tuple[ForecastDay, ...]
    wape: float | None
    bias: float | None
    backtest: float | None
    where_from: WhereFrom

    @property
    def tried(self) -> int:
        """Days of which the model was tried on, since no forecast had been made yet."""
        return sum(day.tried for day in self.days)


@dataclass(frozen=True)
class JobHealth:
    """A job's newest run, its last success, and how many of its runs failed over the last seven days."""

    job: str
    state: JobState
    scheduled_at: datetime
    finished_at: datetime | None
    last_done_at: datetime | None
    failed: int
    runs: int
    error: str


def stock_summary(session: Session, scope: Scope, today: date) -> StockSummary:
    """The stock of a scope's categories as it is now; a location in the scope makes no difference."""
    rows = session.execute(_stock(scope.some), scope.given).all()
    states: dict[ShelfState, int] = dict.fromkeys(ShelfState, 0)
    reasons: dict[str, int] = {}
    for row in rows:
        reasons[row.reason] = reasons.get(row.reason, 0) + int(row.products)
        if row.status is ProductStatus.ACTIVE:
            states[row.state] += int(row.products)
    value = sum((row.stock_value for row in rows), Decimal(0))
    sold = figures(session, replace(scope, location_id=ALL), today - timedelta(COST_DAYS - 1), today)
    return StockSummary(
        products=sum(int(row.products) for row in rows),
        on_hand=sum(int(row.on_hand) for row in rows),
        quarantined=sum(int(row.quarantined) for row in rows),
        on_order=sum(int(row.on_order) for row in rows),
        value=value,
        uncosted=sum(int(row.uncosted) for row in rows),
        days_of_cover=float(value / (sold.cost / COST_DAYS)) if sold.cost > 0 else None,
        states=states,
        reasons={reason: count for reason, count in reasons.items() if count},
        where_from=WhereFrom("product_facts", today, today, len(rows), "balances x lowest unit price offered"),
    )


def forecast_check(session: Session, scope: Scope, first: date, last: date) -> ForecastCheck:
    """Forecasts of a window's days beside what came; forecasts are of all locations, so a location is left out."""
    categories = (ALL,) if scope.categories is None else scope.categories
    given = {"shop": scope.shop_id, "categories": categories, "cells": scope.cells, "first": first, "last": last}
    rows = session.execute(_beside_what_came(_newest_said()), given).all()
    days = tuple(ForecastDay(day, made_on, float(expected), int(came)) for day, made_on, expected, came in rows)
    if not days or days[0].day > first:
        until = days[0].day - timedelta(1) if days else last
        rows = session.execute(_beside_what_came(_tried()), given | {"last": until}).all()
        days = (
            tuple(ForecastDay(day, known, float(said), int(came), tried=True) for day, known, said, came in rows) + days
        )
    table, rule = _TRIED if days and days[-1].tried else _MADE
    actual, expected = sum(day.actual for day in days), sum(day.expected for day in days)
    missed = sum(abs(day.expected - day.actual) for day in days)
    return ForecastCheck(
        days=days,
        wape=missed / actual if actual > 0 else None,
        bias=expected / actual - 1 if actual > 0 else None,
        backtest=_backtest(session, scope),
        where_from=WhereFrom(table, first, last, len(days), rule),
    )


def job_health(session: Session, shop_id: int, now: datetime) -> tuple[JobHealth, ...]:
    """Every job that ever ran for the shop, by name."""
    rows = session.execute(_newest_runs(), {"shop": shop_id, "since": now - timedelta(7)})
    return tuple(JobHealth(*row) for row in rows)


def trend_products(session: Session, shop: ShopInfo, *, at_least: int = 3, limit: int = 20) -> tuple[Candidate, ...]:
    """The strongest of what rises between the newest two windows of each list, held against what is on sale."""
    return rising(session, shop, at_least=at_least, most=limit)


def _backtest(session: Session, scope: Scope) -> float | None:
    missed, demand = session.execute(_missed(scope.some), scope.given).one()
    return float(missed / demand) if demand else None


@cache
def _missed(some: bool) -> Any:
    """Statements are made once and kept, since making one takes longer than running it."""
    totals = StockTotal.__table__.c
    return select(func.sum(totals.missed), func.sum(totals.demand)).where(*totals_of(some))


@cache
def _stock(some: bool) -> Any:
    columns = ("products", "on_hand", "quarantined", "on_order", "stock_value", "uncosted")
    totals = StockTotal.__table__.c
    sums = [func.sum(totals[name]).label(name) for name in columns]
    key = (totals.state, totals.reason, totals.status)
    return select(*key, *sums).where(*totals_of(some)).group_by(*key)


@lru_cache(maxsize=2)
def _beside_what_came(said: Select[Any]) -> Any:
    """Days with what was expected of some categories together, each with what came; by day."""
    expected, came = said.subquery(), _came().subquery()
    rows = select(*expected.c, func.coalesce(came.c.units, 0)).outerjoin(came, came.c.day == expected.c.day)
    return rows.order_by(expected.c.day)


@cache
def _newest_said() -> Select[Any]:
    """What the newest forecast made before each day of a window expected of some categories together."""
    table = ForecastTotal.__table__.c
    mine = and_(table.shop_id == bindparam("shop"), among(table.category_id, "categories"))
    newest = (
        select(table.day, func.max(table.made_on).label("made_on"))
        .where(mine, table.day.between(bindparam("first"), bindparam("last")))
        .group_by(table.day)
        .subquery()
    )
    same = and_(table.day == newest.c.day, table.made_on == newest.c.made_on)
    rows = select(table.day, table.made_on, func.sum(table.expected).label("expected")).join(newest, same).where(mine)
    return rows.group_by(table.day, table.made_on)


@cache
def _tried() -> Select[Any]:
    """What the model expected of some categories together on the days of a window that it was tried on."""
    table = ForecastTrial.__table__.c
    mine = (table.shop_id == bindparam("shop"), among(table.category_id, "categories"))
    days = table.day.between(bindparam("first"), bindparam("last"))
    rows = select(table.day, table.known_to, func.sum(table.expected).label("expected")).where(*mine, days)
    return rows.group_by(table.day, table.known_to)


def _came() -> Any:
    """Units that sold of some categories together at all locations, by day."""
    sums = Rollup.__table__.c
    mine = (
        sums.shop_id == bindparam("shop"),
        sums.grain == Grain.DAY,
        sums.location_id == ALL,
        among(sums.category_id, "cells"),
        sums.day.between(bindparam("first"), bindparam("last")),
    )
    return select(sums.day, func.sum(sums.units).label("units")).where(*mine).group_by(sums.day)


@cache
def _newest_runs() -> Any:
    """Each job's newest run, when one was done last, and how many failed and ran since a moment."""
    run = JobRun.__table__.c
    recent, done = run.scheduled_at >= bindparam("since"), run.state == JobState.DONE
    counts = (
        select(
            run.job,
            func.max(run.scheduled_at).label("newest"),
            func.max(case((done, run.finished_at), else_=None), type_=run.finished_at.type).label("last_done_at"),
            func.sum(case((and_(recent, run.state == JobState.FAILED), 1), else_=0)).label("failed"),
            func.sum(case((recent, 1), else_=0)).label("runs"),
        )
        .where(run.shop_id == bindparam("shop"))
        .group_by(run.job)
        .subquery()
        .c
    )
    told = (run.state, run.scheduled_at, run.finished_at, counts.last_done_at, counts.failed, counts.runs, run.error)
    same = (run.shop_id == bindparam("shop"), run.job == counts.job, run.scheduled_at == counts.newest)
    return select(run.job, *told).where(*same).order_by(run.job)
