"""Sums of windows of days, read from the roll-ups: what sold, what it cost, what was lost; and how that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period
from stocksense.store.among import among
from stocksense.store.rollups import MEASURES, week_of
from stocksense.store.scope import Block, Scope
from stocksense.store.states import Grain
from stocksense.store.tables import Rollup
from stocksense.store.tables.rollups import ALL, NO_CATEGORY
from stocksense.store.types import Money

Part = tuple[Grain, date, date]
"""Days, or whole weeks or months, from the first to the last."""

Sums = dict[tuple[int, Any], list[int]]
"""Sums by window and key."""

_SHAPES = (
    (Grain.DAY,),
    (Grain.MONTH, Grain.DAY, Grain.DAY),
    (Grain.MONTH, Grain.WEEK, Grain.WEEK, Grain.DAY, Grain.DAY),
)
"""The parts that windows have; of few shapes there are few statements, and making one takes longer than most reads."""

_NO_DAYS = (date.max, date.min)

_HUNDREDTHS = frozenset(name for name in MEASURES if isinstance(Rollup.__table__.c[name].type, Money))


@dataclass(frozen=True)
class WhereFrom:
    """What a number was made from: which table, which days, how many rows, by which rule."""

    table: str
    first: date | None
    last: date | None
    rows: int
    rule: str


@dataclass(frozen=True)
class Figures:
    """Sums over a window; money in the shop's currency.

    `cost` is what the goods sold cost by the best offer when they were recorded, as far as that was known: it belongs
    to `costed` of the `amount`. `missing` is what counts found missing less what they found too much. `lost` is the
    estimate of what days without stock cost; `stock_outs` counts product, location and day.
    """

    units: int = 0
    amount: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    costed: Decimal = Decimal(0)
    waste_units: int = 0
    waste_cost: Decimal = Decimal(0)
    missing_units: int = 0
    missing_cost: Decimal = Decimal(0)
    stock_outs: int = 0
    lost_units: Decimal = Decimal(0)
    lost_amount: Decimal = Decimal(0)

    @property
    def margin(self) -> Decimal:
        """Gross margin of the sales whose cost is known."""
        return self.costed - self.cost

    @property
    def margin_share(self) -> float | None:
        """Gross margin as a share of the sales whose cost is known; None where there are none."""
        return float(self.margin / self.costed) if self.costed else None

    @property
    def costed_share(self) -> float | None:
        """The share of the sales whose cost is known; None without sales."""
        return float(self.costed / self.amount) if self.amount else None


@dataclass(frozen=True)
class Comparison:
    """A period's sums beside those of the period before and of the same one a year ago."""

    period: Period
    previous: Period
    year_before: Period
    now: Figures
    then: Figures
    last_year: Figures
    where_from: WhereFrom

    def change(self, measure: str = "amount", *, against: str = "then") -> float | None:
        """By which share a measure grew, 0.1 = 10 %, against `then` or `last_year`; None where that was nothing."""
        before = getattr(getattr(self, against), measure)
        return float(getattr(self.now, measure) / before) - 1 if before else None


def figures(session: Session, scope: Scope, first: date, last: date) -> Figures:
    """The sums of a window, both days included."""
    return _as_figures(windows(session, scope.block, [in_window(first, last)]).get((0, None)))


def like_periods(period: Period) -> tuple[Period, Period, Period]:
    """A period, the like one before it and the like one a year ago."""
    return period, period.previous(), period.year_before()


def compared(period: Period, sums: Sequence[Sequence[int] | None]) -> Comparison:
    """The comparison of a period whose sums, and those of the like periods, were read; None for one without any."""
    now, then, last_year = map(_as_figures, sums)
    rows = sum((last - first).days + 1 for grain, first, last in in_window(period.first, period.last))
    return Comparison(
        *like_periods(period),
        now=now,
        then=then,
        last_year=last_year,
        where_from=WhereFrom("rollups", period.first, period.last, rows, "sums of daily_sales, kept with every sale"),
    )


def in_window(first: date, last: date) -> list[Part]:
    """A window as the fewest ranges of roll-ups: whole months as months, what sticks out as days."""
    return _with_wholes(Grain.MONTH, first, last)


def in_weeks(parts: Sequence[Part]) -> list[Part]:
    """The same days, with whole weeks as weeks instead of days: less to read where many categories are told apart."""
    found: list[Part] = []
    for grain, first, last in parts:
        found += _with_wholes(Grain.WEEK, first, last) if grain is Grain.DAY else [(grain, first, last)]
    return found


def _with_wholes(grain: Grain, first: date, last: date) -> list[Part]:
    """Days as whole months or weeks, and those that stick out before and after."""
    begin, following = (week_of, _next_week) if grain is Grain.WEEK else (_month_of, _next_month)
    start = first if begin(first) == first else following(first)
    after = begin(last + timedelta(1))
    if start >= after:
        return [(Grain.DAY, first, last)]
    parts = [(grain, start, after - timedelta(1))]
    if first < start:
        parts.append((Grain.DAY, first, start - timedelta(1)))
    if after <= last:
        parts.append((Grain.DAY, after, last))
    return parts


def windows(
    session: Session,
    block: Block,
    wanted: Sequence[Sequence[Part]],
    *,
    by: str = "",
    names: tuple[str, ...] = MEASURES,
) -> Sums:
    """Sums of some windows, given in parts, in one statement: {(number of the window, key): sums of `names`}.

    The key is that of the column `by`, None without one. Sums are whole numbers, of money and of lost units hundredths
    (`in_full` makes them what they are).
    """
    shape, ranges = _shaped(wanted)
    given: dict[str, Any] = {"shop": block.shop_id, "places": list(block.places)}
    if block.cells is not None:
        given["cells"] = list(block.cells)
    for number, (first, last) in enumerate(ranges):
        given |= {f"first{number}": first, f"last{number}": last}
    statement = _statement(shape, len(wanted), by, names, block.cells is None)
    return {(window, key): sums for window, key, *sums in session.execute(statement, given).all()}


def in_full(sums: Sequence[int], names: Sequence[str] = MEASURES) -> list[Any]:
    """Sums of `windows` as they are meant: counts as int, money and lost units as Decimal."""
    return [Decimal(each) / 100 if name in _HUNDREDTHS else each for each, name in zip(sums, names, strict=True)]


def _shaped(wanted: Sequence[Sequence[Part]]) -> tuple[tuple[Grain, ...], list[tuple[date, date]]]:
    """The simplest shape that all windows fit into, and each window's ranges in it; what isn't needed is empty."""
    for shape in _SHAPES:
        ranges: list[tuple[date, date]] = []
        for parts in wanted:
            left = list(parts)
            for grain in shape:
                at = next((place for place, part in enumerate(left) if part[0] is grain), None)
                ranges.append(_NO_DAYS if at is None else left.pop(at)[1:])
            if left:
                break
        else:
            return shape, ranges
    raise AssertionError("a window has more parts than any has")


@lru_cache(maxsize=64)
def _statement(shape: tuple[Grain, ...], count: int, by: str, names: tuple[str, ...], each: bool) -> Any:
    """The rows of so many windows of a shape, added up; kept, since making it takes longer than running it."""
    r = Rollup.__table__.c
    mine = and_(r.category_id >= NO_CATEGORY, r.category_id != ALL) if each else among(r.category_id, "cells")
    key = r[by] if by else null()
    lists = [
        select(
            literal_column(str(n // len(shape))).label("window"), key.label("key"), *(r[name] for name in names)
        ).where(
            r.shop_id == bindparam("shop"),
            r.grain == literal(grain, r.grain.type),
            among(r.location_id, "places"),
            mine,
            r.day.between(bindparam(f"first{n}", type_=r.day.type), bindparam(f"last{n}", type_=r.day.type)),
        )
        for n, grain in enumerate(shape * count)
    ]
    rows = union_all(*lists).subquery().c
    sums = [cast(func.sum(rows[name]), BigInteger) for name in names]
    return select(rows.window, rows.key, *sums).group_by(rows.window, rows.key)


def _as_figures(sums: Sequence[int] | None) -> Figures:
    return Figures() if sums is None else Figures(**dict(zip(MEASURES, in_full(sums), strict=True)))


def _next_week(day: date) -> date:
    return day.replace(day=week_of(day).day + 7) if day.day < 22 else _next_month(day)


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(32)).replace(day=1)
