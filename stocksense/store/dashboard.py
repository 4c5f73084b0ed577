"""What the dashboard shows of sales: lines over time, shares by location and category, what is rising."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period, PeriodKind
from stocksense.domain.stock import LocationKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.figures import WhereFrom, in_window, picked, sums_of
from stocksense.store.scope import Scope, categories_sold
from stocksense.store.shops import locations_of
from stocksense.store.states import Grain
from stocksense.store.tables import Rollup
from stocksense.store.tables.rollups import ALL, NO_CATEGORY

LONGEST_BY_DAY = 800
"""Days that a line by day or week has at most."""


@dataclass(frozen=True)
class Point:
    """Sales of a day, week, month or year, or of that part of it that lies within the window."""

    first: date
    last: date
    units: int
    amount: Decimal


@dataclass(frozen=True)
class Series:
    """Sales over time, beside those of the period before and of a year ago; each line has its own days."""

    by: PeriodKind
    now: tuple[Point, ...]
    previous: tuple[Point, ...]
    year_before: tuple[Point, ...]
    where_from: WhereFrom


@dataclass(frozen=True)
class LocationShare:
    """Sales at a location, its share of all (0 to 1), and what it sold in the period before."""

    location_id: int
    location: str
    units: int
    amount: Decimal
    share: float
    previous_units: int
    previous_amount: Decimal


@dataclass(frozen=True)
class CategoryShare:
    """Sales of a category, its share of all (0 to 1), and what it sold in the period before.

    Both paths are None for the products without a category.
    """

    path: CategoryPath | None
    path_ko: CategoryPath | None
    units: int
    amount: Decimal
    share: float
    previous_units: int
    previous_amount: Decimal

    @property
    def growth(self) -> float | None:
        """By which share the units grew against the period before, 0.1 = 10 %; None where that had none."""
        return self.units / self.previous_units - 1 if self.previous_units > 0 else None


def series(session: Session, scope: Scope, period: Period, *, by: PeriodKind = PeriodKind.DAY) -> Series:
    """Sales by day, week (from Monday), month or year, each beside the period before and a year ago.

    Days without sales are there with 0. Raises BadValue for a line of more than LONGEST_BY_DAY days or weeks.
    """
    if by in (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.SPAN) and period.days > LONGEST_BY_DAY:
        raise BadValue(f"{period.days} days are too many to show by {by}; show them by month or year")
    now, previous, year_before = (
        _line(session, scope, p, by) for p in (period, period.previous(), period.year_before())
    )
    rule = "sums of daily_sales, kept with every sale"
    return Series(by, now, previous, year_before, WhereFrom("rollups", period.first, period.last, len(now), rule))


def by_location(session: Session, scope: Scope, period: Period) -> tuple[LocationShare, ...]:
    """Sales of each of the shop's stores, the largest amount first; a location in the scope picks only that one."""
    places = [p for p in locations_of(session, scope.shop_id, LocationKind.STORE) if scope.location_id in (ALL, p.id)]
    now, before = (
        {place.id: _sold(session, replace(scope, location_id=place.id), p) for place in places}
        for p in (period, period.previous())
    )
    total = sum((amount for _, amount in now.values()), Decimal(0))
    shares = [
        LocationShare(place.id, place.name, *now[place.id], _share(now[place.id][1], total), *before[place.id])
        for place in places
    ]
    return tuple(sorted(shares, key=lambda share: (-share.amount, share.location)))


def by_category(session: Session, scope: Scope, period: Period, *, level: int = 1) -> tuple[CategoryShare, ...]:
    """Sales of each category down to a level (1 to 4), the largest amount first; shares are of the whole scope.

    Raises BadValue for another level.
    """
    if not 1 <= level <= 4:
        raise BadValue(f"a category has levels 1 to 4, not {level}")
    return _by_category(session, scope, (period, period.previous()), level)


def rising_categories(  # noqa: PLR0913  # each says what counts as rising
    session: Session,
    scope: Scope,
    today: date,
    *,
    days: int = 28,
    level: int = 4,
    minimum_units: int = 20,
    limit: int = 10,
) -> tuple[CategoryShare, ...]:
    """Categories whose units grew over the last `days` days up to `today` against as many before, the most first.

    Those that sold fewer than `minimum_units` in either are left out: growth from next to nothing says nothing.
    """
    now = Period("now", today - timedelta(days - 1), today)
    shares = _by_category(session, scope, (now, now.previous()), level)
    grown = [
        (share.growth, share)
        for share in shares
        if share.growth is not None and min(share.units, share.previous_units) >= minimum_units and share.growth > 0
    ]
    return tuple(share for _, share in sorted(grown, key=lambda pair: (-pair[0], str(pair[1].path)))[:limit])


def _line(session: Session, scope: Scope, period: Period, by: PeriodKind) -> tuple[Point, ...]:
    days: dict[date, tuple[int, Decimal]] = {}
    coarse = by in (PeriodKind.MONTH, PeriodKind.YEAR)
    parts = in_window(period.first, period.last) if coarse else [(Grain.DAY, period.first, period.last)]
    for grain, first, last in parts:
        rows = select(Rollup.day, *sums_of(("units", "amount"))).where(
            *scope.sums(grain), Rollup.day.between(first, last)
        )
        for day, units, amount in session.execute(rows.group_by(Rollup.day)):
            days[day] = (int(units), amount)
    points: list[Point] = []
    start = period.first
    while start <= period.last:
        end = min(_last_of(start, by), period.last)
        mine = [days[day] for day in sorted(days) if start <= day <= end] if coarse else _between(days, start, end)
        points.append(Point(start, end, sum(u for u, _ in mine), sum((a for _, a in mine), Decimal(0))))
        start = end + timedelta(1)
    return tuple(points)


def _between(days: dict[date, tuple[int, Decimal]], first: date, last: date) -> list[tuple[int, Decimal]]:
    span = (first + timedelta(offset) for offset in range((last - first).days + 1))
    return [days[day] for day in span if day in days]


def _last_of(day: date, by: PeriodKind) -> date:
    """The last day of the week, month or year that a day is in; of a day, itself."""
    if by is PeriodKind.WEEK:
        return day + timedelta(6 - day.weekday())
    if by is PeriodKind.MONTH:
        return (day.replace(day=1) + timedelta(32)).replace(day=1) - timedelta(1)
    return day.replace(month=12, day=31) if by is PeriodKind.YEAR else day


def _sold(session: Session, scope: Scope, period: Period) -> tuple[int, Decimal]:
    sums = select(*sums_of(("units", "amount"))).where(picked(scope, period.first, period.last))
    units, amount = session.execute(sums).one()
    return int(units), amount


def _by_category(
    session: Session, scope: Scope, periods: tuple[Period, Period], level: int
) -> tuple[CategoryShare, ...]:
    known = categories_sold(session, scope.shop_id)
    ids = tuple(known) if scope.categories is None else scope.categories
    fine = replace(scope, categories=(*ids, NO_CATEGORY) if scope.categories is None else ids)
    sold: list[dict[Any, list[Any]]] = []
    paths: dict[Any, tuple[CategoryPath | None, CategoryPath | None]] = {}
    for period in periods:
        sums: dict[Any, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
        rows = select(Rollup.category_id, *sums_of(("units", "amount")))
        for key, units, amount in session.execute(
            rows.where(picked(fine, period.first, period.last)).group_by(Rollup.category_id)
        ):
            path, path_ko = (_upper(p, level) for p in known.get(key, (None, None)))
            paths.setdefault(path, (path, path_ko))
            sums[path][0] += int(units)
            sums[path][1] += amount
        sold.append(sums)
    now, before = sold
    total = sum((amount for _, amount in now.values()), Decimal(0))
    shares = [
        CategoryShare(
            path=path,
            path_ko=path_ko,
            units=now[key][0],
            amount=now[key][1],
            share=_share(now[key][1], total),
            previous_units=before[key][0],
            previous_amount=before[key][1],
        )
        for key, (path, path_ko) in paths.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.amount, str(share.path))))


def _upper(path: CategoryPath | None, level: int) -> CategoryPath | None:
    return None if path is None else CategoryPath(*path.levels[:level])


def _share(amount: Decimal, total: Decimal) -> float:
    return float(amount / total) if total else 0.0
