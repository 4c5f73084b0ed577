"""What the dashboard shows of sales: lines over time, shares by location and category, what is rising."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from stocksense.domain.periods import Period, PeriodKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.figures import (
    Comparison,
    WhereFrom,
    compared,
    in_full,
    in_weeks,
    in_window,
    like_periods,
    windows,
)
from stocksense.store.kept import kept
from stocksense.store.rollups import MEASURES
from stocksense.store.scope import LEVELS, Names, Scope, nodes
from stocksense.store.states import Grain
from stocksense.store.tables.rollups import NO_CATEGORY, below

_SOLD = ("units", "amount")
_NOTHING = (0, Decimal(0))

LONGEST_BY_DAY = 800
"""Days that a line by day or week has at most."""

RISING_DAYS = 28
"""Days that are held against as many before to see what rises."""

RISING_UNITS = 20
"""Units that a category must have sold in both: growth from next to nothing says nothing."""


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
    return _series(_by_day(session, scope, period, by, _SOLD), period, by)


def over_time(
    session: Session, scope: Scope, period: Period, *, by: PeriodKind = PeriodKind.DAY
) -> tuple[Series, Comparison]:
    """The series with the comparison of its periods, read in one go, since its days add up to them.

    Raises BadValue for a line of more than LONGEST_BY_DAY days or weeks.
    """
    days = _by_day(session, scope, period, by, MEASURES)
    sums = [[sum(column) for column in zip(*line.values(), strict=True)] or None for line in days]
    return _series(days, period, by), compared(period, sums)


def by_location(session: Session, scope: Scope, period: Period) -> tuple[LocationShare, ...]:
    """Sales of each of the shop's stores, the largest amount first; a location in the scope picks only that one."""
    two = [in_window(p.first, p.last) for p in (period, period.previous())]
    block = replace(scope.block, places=scope.places)
    sums = windows(session, block, two, by="location_id", names=_SOLD)
    found = {key: in_full(pair, _SOLD) for key, pair in sums.items()}
    total = sum((pair[1] for (number, _), pair in found.items() if number == 0), Decimal(0))
    shares = []
    for place in scope.stores:
        (units, amount), before = (found.get((number, place.id), _NOTHING) for number in (0, 1))
        shares.append(LocationShare(place.id, place.name, units, amount, _share(amount, total), *before))
    return tuple(sorted(shares, key=lambda share: (-share.amount, share.location)))


def by_category(session: Session, scope: Scope, period: Period, *, level: int = 1) -> tuple[CategoryShare, ...]:
    """Sales of each category down to a level (1 to 4), the largest amount first; shares are of the whole scope.

    Raises BadValue for another level.
    """
    return _shares(_sold(session, scope, period, level))


def rising_categories(  # noqa: PLR0913  # each says what counts as rising
    session: Session,
    scope: Scope,
    today: date,
    *,
    days: int = RISING_DAYS,
    level: int = 4,
    minimum_units: int = RISING_UNITS,
    limit: int = 10,
) -> tuple[CategoryShare, ...]:
    """Categories whose units grew over the last `days` days up to `today` against as many before, the most first.

    Those that sold fewer than `minimum_units` in either are left out: growth from next to nothing says nothing.
    """
    period = Period("now", today - timedelta(days - 1), today)
    return _grown(_sold(session, scope, period, level), minimum_units, limit)


_Days = list[dict[date, list[int]]]
"""Of a period, the one before and the one a year ago: sums by day or by first day of a month, units and money first."""


def _by_day(session: Session, scope: Scope, period: Period, by: PeriodKind, names: tuple[str, ...]) -> _Days:
    """Sums as a line by a kind needs them. Raises BadValue for a line that is too long."""
    if by in (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.SPAN) and period.days > LONGEST_BY_DAY:
        raise BadValue(f"{period.days} days are too many to show by {by}; show them by month or year")
    coarse = by in (PeriodKind.MONTH, PeriodKind.YEAR)
    parts = [in_window(p.first, p.last) if coarse else [(Grain.DAY, p.first, p.last)] for p in like_periods(period)]
    days: _Days = [{}, {}, {}]
    for (number, day), sums in windows(session, scope.block, parts, by="day", names=names).items():
        days[number][day] = sums
    return days


def _series(days: _Days, period: Period, by: PeriodKind) -> Series:
    now, previous, year_before = (_line(line, each, by) for line, each in zip(days, like_periods(period), strict=True))
    rule = "sums of daily_sales, kept with every sale"
    where_from = WhereFrom("rollups", period.first, period.last, len(now), rule)
    return Series(by, now, previous, year_before, where_from)


def _line(days: dict[date, list[int]], period: Period, by: PeriodKind) -> tuple[Point, ...]:
    """Sums by day, or by first day of a month, as the points of a line."""
    points: list[Point] = []
    known, at = sorted(days), 0
    start = period.first
    while start <= period.last:
        end = min(_last_of(start, by), period.last)
        units, hundredths = 0, 0
        while at < len(known) and known[at] <= end:
            units += days[known[at]][0]
            hundredths += days[known[at]][1]
            at += 1
        points.append(Point(start, end, units, Decimal(hundredths) / 100))
        start = end + timedelta(1)
    return tuple(points)


def _last_of(day: date, by: PeriodKind) -> date:
    """The last day of the week, month or year that a day is in; of a day, itself."""
    if by is PeriodKind.WEEK:
        return day + timedelta(6 - day.weekday())
    if by is PeriodKind.MONTH:
        return (day.replace(day=1) + timedelta(32)).replace(day=1) - timedelta(1)
    return day.replace(month=12, day=31) if by is PeriodKind.YEAR else day


_Row = tuple[tuple[str, ...], int, int, int, int, tuple[str, ...]]
"""English names, units, hundredths of the amount, the same of the period before, Korean names."""


def _sold(session: Session, scope: Scope, period: Period, level: int) -> list[_Row]:
    """What the categories down to a level sold in a period and in the one before.

    Raises BadValue for a level that isn't there.
    """
    if not 1 <= level <= len(LEVELS):
        raise BadValue(f"a category has levels 1 to {len(LEVELS)}, not {level}")
    names = nodes(session, scope.shop_id)
    block = replace(scope.block, cells=_cells(scope, names, level))
    two = [in_window(each.first, each.last) for each in (period, period.previous())]
    if block.cells is None:
        # Each of a few categories is looked up once for every part; of all, every day of a part is read.
        two = [in_weeks(parts) for parts in two]
    found = windows(session, block, two, by="category_id", names=_SOLD)
    paths = kept(session, scope.shop_id, ("category paths", level), partial(_paths, names, level))
    rows: dict[tuple[str, ...], list[Any]] = {}
    for (number, cell), (units, hundredths) in found.items():
        path, korean = paths.get(cell, ((), ()))
        row = rows.get(path)
        if row is None:
            row = rows[path] = [0, 0, 0, 0, korean]
        row[2 * number] += units
        row[2 * number + 1] += hundredths
    return [(path, *row) for path, row in rows.items() if any(row[:4])]


def _paths(names: Names, level: int) -> Names:
    """The names of the categories down to a level, by their cells and those for what is below them."""
    return {cell: (en[:level], ko[:level]) for key, (en, ko) in names.items() for cell in (key, below(key))}


def _cells(scope: Scope, names: Names, level: int) -> tuple[int, ...] | None:
    """The cells of the roll-ups that tell the categories of a scope apart down to a level; None for all of a shop's."""
    if level == len(LEVELS) or scope.cells == scope.categories:
        return scope.categories
    if scope.category is not None and len(scope.category.way_down) > level:
        return scope.cells
    cells = [] if scope.categories else [NO_CATEGORY]
    for key, (english, _) in names.items():
        depth = sum(map(bool, english))
        if depth <= level and (scope.categories is None or key in scope.categories):
            cells += (key, below(key)) if depth == level else (key,)
    return tuple(cells)


def _shares(sold: list[_Row]) -> tuple[CategoryShare, ...]:
    """The largest amount first."""
    total = sum(row[2] for row in sold)
    shares = [_category_share(row, total) for row in sold]
    return tuple(sorted(shares, key=lambda share: (-share.amount, str(share.path))))


def _grown(sold: list[_Row], minimum_units: int, limit: int) -> tuple[CategoryShare, ...]:
    """Those that grew, the most first."""
    total = sum(row[2] for row in sold)
    grown = [row for row in sold if row[1] > row[3] >= minimum_units and row[3] > 0]
    grown.sort(key=lambda row: (-row[1] / row[3], row[0]))
    return tuple(_category_share(row, total) for row in grown[:limit])


def _category_share(row: _Row, total: int) -> CategoryShare:
    english, units, hundredths, previous_units, previous_hundredths, korean = row
    return CategoryShare(
        path=CategoryPath(*english) if english else None,
        path_ko=CategoryPath(*korean) if korean else None,
        units=units,
        amount=Decimal(hundredths) / 100,
        share=hundredths / total if total else 0.0,
        previous_units=previous_units,
        previous_amount=Decimal(previous_hundredths) / 100,
    )


def _share(amount: Decimal, total: Decimal) -> float:
    return float(amount / total) if total else 0.0
