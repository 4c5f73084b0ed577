"""Everything that the dashboard shows of one look at the books, kept in memory until they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from stocksense.domain.periods import Period, PeriodKind
from stocksense.store.aside import aside
from stocksense.store.dashboard import (
    CategoryShare,
    LocationShare,
    Series,
    by_category,
    by_location,
    over_time,
    rising_categories,
)
from stocksense.store.figures import Comparison
from stocksense.store.health import ForecastCheck, StockSummary, forecast_check, stock_summary
from stocksense.store.kept import Books, Keep, anew
from stocksense.store.scope import Scope
from stocksense.store.sellers import Seller, bottom_period, bottom_sellers, top_sellers

CHECKED_DAYS = 28
"""Days over which forecasts are held against what came."""


@dataclass(frozen=True)
class Look:
    """What is looked at: a scope, a period cut `by` a kind, down to a level of categories, `limit` rows a list."""

    scope: Scope
    period: Period
    today: date
    by: PeriodKind = PeriodKind.DAY
    level: int = 1
    limit: int = 10


@dataclass(frozen=True)
class Board:
    """What the books say of one look; each part is what the function of its name tells."""

    sums: Comparison
    series: Series
    places: tuple[LocationShare, ...]
    categories: tuple[CategoryShare, ...]
    rising: tuple[CategoryShare, ...]
    top: tuple[Seller, ...]
    bottom: tuple[Seller, ...]
    stock: StockSummary
    check: ForecastCheck


def board_of(session: Session, look: Look) -> Board:
    """What the books say of a look; the same until they change.

    What looks have in common is kept by itself: stock and forecasts of a scope, whatever the period.
    """
    books = Books(session, look.scope.shop_id)
    return books.kept(look, partial(_board, session, look, books.kept))


def read_board(session: Session, look: Look) -> Board:
    """What the books say of a look, read anew."""
    return _board(session, look, anew)


def _board(session: Session, look: Look, keep: Keep) -> Board:
    scope, period, limit = look.scope, look.period, look.limit
    standing = aside(session, partial(_standing, look=look, keep=keep))
    line, sums = over_time(session, scope, period, by=look.by)
    places = by_location(session, scope, period)
    categories = by_category(session, scope, period, level=look.level)
    top = top_sellers(session, scope, period, limit=limit)
    rising, bottom, stock, check = standing()
    return Board(sums, line, places, categories, rising, top, bottom, stock, check)


_Standing = tuple[tuple[CategoryShare, ...], tuple[Seller, ...], StockSummary, ForecastCheck]
"""Rising categories, what lies on the shelf, stock and forecasts."""


def _standing(session: Session, look: Look, keep: Keep) -> _Standing:
    """What a look has in common with others of its scope, whatever their periods."""
    scope, today, limit = look.scope, look.today, look.limit
    checked, lying = today - timedelta(CHECKED_DAYS - 1), bottom_period(look.period)
    return (
        keep(("rising", scope, today, limit), lambda: rising_categories(session, scope, today, limit=limit)),
        keep(("bottom", scope, lying, limit), lambda: bottom_sellers(session, scope, lying, limit=limit)),
        keep(("stock", scope, today), lambda: stock_summary(session, scope, today)),
        keep(("check", scope, today), lambda: forecast_check(session, scope, checked, today)),
    )
