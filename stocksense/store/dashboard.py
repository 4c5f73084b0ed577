"""What the dashboard shows of sales: lines over time, shares by location and category, what is rising."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from stocksense.domain.periods import Period, PeriodKind
from stocksense.domain.stock import LocationKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.figures import WhereFrom, in_full, in_weeks, in_window, rolled_up, windows
from stocksense.store.kept import Keep, anew
from stocksense.store.scope import Scope, category_names
from stocksense.store.shops import locations_of
from stocksense.store.states import Grain
from stocksense.store.tables.rollups import ALL

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
    if by in (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.SPAN) and period.days > LONGEST_BY_DAY:
        raise BadValue(f"{period.days} days are too many to show by {by}; show them by month or year")
    three = (period, period.previous(), period.year_before())
    coarse = by in (PeriodKind.MONTH, PeriodKind.YEAR)
    parts = [in_window(p.first, p.last) if coarse else [(Grain.DAY, p.first, p.last)] for p in three]
    found = windows(session, scope, parts, by="day", names=_SOLD)
    days: list[dict[date, list[Any]]] = [{}, {}, {}]
    for (number, day), sums in found.items():
        days[number][day] = in_full(sums, _SOLD)
    now, previous, year_before = (_line(kept, each, by) for kept, each in zip(days, three, strict=True))
    rule = "sums of daily_sales, kept with every sale"
    return Series(by, now, previous, year_before, WhereFrom("rollups", period.first, period.last, len(now), rule))


def by_location(session: Session, scope: Scope, period: Period) -> tuple[LocationShare, ...]:
    """Sales of each of the shop's stores, the largest amount first; a location in the scope picks only that one."""
    places = [p for p in locations_of(session, scope.shop_id, LocationKind.STORE) if scope.location_id in (ALL, p.id)]
    two = [rolled_up(scope, p.first, p.last) for p in (period, period.previous())]
    sums = windows(session, scope, two, by="location_id", names=_SOLD, places=tuple(place.id for place in places))
    found = {key: in_full(pair, _SOLD) for key, pair in sums.items()}
    total = sum((pair[1] for (number, _), pair in found.items() if number == 0), Decimal(0))
    shares = []
    for place in places:
        (units, amount), before = (found.get((number, place.id), _NOTHING) for number in (0, 1))
        shares.append(LocationShare(place.id, place.name, units, amount, _share(amount, total), *before))
    return tuple(sorted(shares, key=lambda share: (-share.amount, share.location)))


def by_category(session: Session, scope: Scope, period: Period, *, level: int = 1) -> tuple[CategoryShare, ...]:
    """Sales of each category down to a level (1 to 4), the largest amount first; shares are of the whole scope.

    Raises BadValue for another level.
    """
    names, (now, before) = _sold_by_category(session, scope, (period, period.previous()))
    return _shares(_rows(names, now, before, level))


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
    names, (now, before) = _sold_by_category(session, scope, (period, period.previous()))
    return _grown(_rows(names, now, before, level), minimum_units, limit)


def shares_and_rising(  # noqa: PLR0913  # each says what counts
    session: Session,
    scope: Scope,
    period: Period,
    today: date,
    *,
    level: int = 1,
    limit: int = 10,
    keep: Keep = anew,
) -> tuple[tuple[CategoryShare, ...], tuple[CategoryShare, ...]]:
    """What `by_category` and `rising_categories` tell, read at once: mostly they look at the same days.

    `keep` may keep what was read, which other looks share.
    """
    last = Period("now", today - timedelta(RISING_DAYS - 1), today)
    four = (period, period.previous(), last, last.previous())
    names, sold = _sold_by_category(session, scope, four, keep=keep)
    rising = _grown(_rows(names, sold[2], sold[3], 4), RISING_UNITS, limit)
    return _shares(_rows(names, sold[0], sold[1], level)), rising


def _line(days: dict[date, list[Any]], period: Period, by: PeriodKind) -> tuple[Point, ...]:
    """Sums by day, or by first day of a month, as the points of a line."""
    points: list[Point] = []
    known, at = sorted(days), 0
    start = period.first
    while start <= period.last:
        end = min(_last_of(start, by), period.last)
        units, amount = 0, Decimal(0)
        while at < len(known) and known[at] <= end:
            units += int(days[known[at]][0])
            amount += days[known[at]][1]
            at += 1
        points.append(Point(start, end, units, amount))
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


_Names = Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]]
_Sold = dict[int, list[int]]
"""Units and hundredths of the amount by category."""


def _sold_by_category(
    session: Session, scope: Scope, periods: Sequence[Period], *, keep: Keep = anew
) -> tuple[_Names, list[_Sold]]:
    """The names of the categories, and what each sold in each period."""
    names = category_names(session, scope.shop_id)
    spans = [(period.first, period.last) for period in periods]
    sold = {
        span: keep(("sold by category", scope, span), partial(_sold, session, scope, span))
        for span in dict.fromkeys(spans)
    }
    return names, [sold[span] for span in spans]


def _sold(session: Session, scope: Scope, span: tuple[date, date]) -> _Sold:
    found = windows(session, scope, [in_weeks(in_window(*span))], by="category_id", names=_SOLD)
    return {key: sums for (_, key), sums in found.items()}


def _rows(names: _Names, now: _Sold, before: _Sold, level: int) -> list[_Row]:
    """What the categories sold down to a level. Raises BadValue for a level that isn't there."""
    if not 1 <= level <= 4:
        raise BadValue(f"a category has levels 1 to 4, not {level}")
    paths = {key: (english[:level], korean[:level]) for key, (english, korean) in names.items()}
    rows: dict[tuple[str, ...], list[Any]] = {}
    for place, sold in ((0, now), (2, before)):
        for key, (units, hundredths) in sold.items():
            path, korean = paths.get(key, ((), ()))
            row = rows.get(path)
            if row is None:
                row = rows[path] = [0, 0, 0, 0, korean]
            row[place] += units
            row[place + 1] += hundredths
    return [(path, *row) for path, row in rows.items() if any(row[:4])]


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
