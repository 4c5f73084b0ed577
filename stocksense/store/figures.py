"""Sums of windows of days, read from the roll-ups: what sold, what it cost, what was lost; and how that changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period
from stocksense.store.rollups import MEASURES
from stocksense.store.scope import Scope
from stocksense.store.states import Grain
from stocksense.store.tables import Rollup


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
    return _read(session, scope, first, last)[0]


def comparison(session: Session, scope: Scope, period: Period) -> Comparison:
    """A period beside the like one before it and the like one a year ago."""
    previous, year_before = period.previous(), period.year_before()
    now, rows = _read(session, scope, period.first, period.last)
    return Comparison(
        period=period,
        previous=previous,
        year_before=year_before,
        now=now,
        then=_read(session, scope, previous.first, previous.last)[0],
        last_year=_read(session, scope, year_before.first, year_before.last)[0],
        where_from=WhereFrom("rollups", period.first, period.last, rows, "sums of daily_sales, kept with every sale"),
    )


def in_window(first: date, last: date) -> list[tuple[Grain, date, date]]:
    """A window as the fewest ranges of roll-ups: whole months as months, what sticks out as days."""
    month = first if first.day == 1 else _next_month(first)
    after = _next_month(last) if (last + timedelta(1)).day == 1 else last.replace(day=1)
    if month >= after:
        return [(Grain.DAY, first, last)]
    parts = [(Grain.MONTH, month, after - timedelta(1))]
    if first < month:
        parts.append((Grain.DAY, first, month - timedelta(1)))
    if after <= last:
        parts.append((Grain.DAY, after, last))
    return parts


def picked(scope: Scope, first: date, last: date) -> ColumnElement[bool]:
    """The condition that picks the rows of `rollups` whose sum is a scope's window."""
    return or_(*(and_(*scope.sums(grain), Rollup.day.between(a, b)) for grain, a, b in in_window(first, last)))


def sums_of(names: Iterable[str] = MEASURES) -> list[ColumnElement[Any]]:
    """Columns that sum measures, 0 where there are no rows."""
    return [
        func.coalesce(func.sum(getattr(Rollup, name)), 0, type_=getattr(Rollup, name).type).label(name)
        for name in names
    ]


def as_figures(row: Any) -> Figures:
    """A row of `sums_of(MEASURES)` as figures."""
    return Figures(**{field.name: _plain(field.type, getattr(row, field.name)) for field in fields(Figures)})


def _read(session: Session, scope: Scope, first: date, last: date) -> tuple[Figures, int]:
    row = session.execute(select(*sums_of(), func.count().label("rows")).where(picked(scope, first, last))).one()
    return as_figures(row), row.rows


def _plain(kind: Any, value: Any) -> Any:
    return int(value) if kind == "int" else value


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(32)).replace(day=1)
