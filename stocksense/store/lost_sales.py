"""What would have sold on days without stock: an estimate, kept with each such day and in the sums above.

On a stock-out day of a product at a location, the demand is taken to be the mean of the days with stock among the
28 days before. What it exceeds the day's sales by is lost, valued at the product's price. The first 28 days of a
product know no such mean, and neither do stock-outs that last longer: they lose what the days before them say, or
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from stocksense.store.rollups import Cell, Cells, add_to_rollups
from stocksense.store.tables import DailySales, Product, StockOut
from stocksense.store.tables.rollups import NO_CATEGORY
from stocksense.store.upsert import portions

LOOK_BACK_DAYS = 28
"""Days before a stock-out whose mean sale says what was wanted."""

_HUNDREDTH = Decimal("0.01")
"""What estimated units and money are rounded to."""

Shelf = tuple[int, int]
"""Product, location."""

_SHELF_DAY = (
    StockOut.product_id == bindparam("of_product"),
    StockOut.location_id == bindparam("at_location"),
    StockOut.day == bindparam("on_day"),
)
_CHANGE = update(StockOut.__table__).where(*_SHELF_DAY)  # type: ignore[arg-type]  # declared as a FromClause
"""Past the unit of work, which takes longer for a row than the database."""


def lost_units(sold: Mapping[int, int], empty: Set[int], day: int) -> Decimal:
    """Units lost on a stock-out day, from sales by day and the stock-out days of the shelf; days are ordinals."""
    stocked = [sold.get(past, 0) for past in range(day - LOOK_BACK_DAYS, day) if past not in empty]
    if not stocked:
        return Decimal(0)
    mean = Decimal(sum(stocked)) / len(stocked)
    return max(mean - sold.get(day, 0), Decimal(0)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def refresh_lost_sales(session: Session, shop_id: int, first: date, last: date) -> None:
    """Estimate anew what the stock-out days of a window lost, and bring the sums along."""
    came = estimate_lost_sales(session, shop_id, first, last)
    if came:
        add_to_rollups(session, shop_id, came)
    session.expire_all()


def estimate_lost_sales(session: Session, shop_id: int, first: date, last: date) -> Cells:
    """Estimate anew what the stock-out days of a window lost; returns what the sums lack for it."""
    kept: dict[Shelf, dict[date, tuple[Decimal, Decimal]]] = defaultdict(dict)
    since = first - timedelta(LOOK_BACK_DAYS) if first > date.min + timedelta(LOOK_BACK_DAYS) else date.min
    columns = (StockOut.product_id, StockOut.location_id, StockOut.day, StockOut.lost_units, StockOut.lost_amount)
    rows = select(*columns).join(Product).where(Product.shop_id == shop_id, StockOut.day.between(since, last))
    for product_id, location_id, day, units, amount in session.execute(rows):
        kept[product_id, location_id][day] = (units, amount)
    changes: list[dict[str, Any]] = []
    cells: dict[Cell, dict[str, Any]] = defaultdict(lambda: {"lost_units": Decimal(0), "lost_amount": Decimal(0)})
    for shelf, sold, price, category_id in _sold_of(session, kept, since, last):
        days = kept[shelf]
        empty = {day.toordinal() for day in days}
        for day in (day for day in days if first <= day <= last):
            units = lost_units(sold, empty, day.toordinal())
            amount = (units * price).quantize(_HUNDREDTH, ROUND_HALF_UP)
            if (units, amount) != days[day]:
                changes.append(_change(shelf, day, units, amount))
                cell = cells[shelf[1], category_id, day]
                cell["lost_units"] += units - days[day][0]
                cell["lost_amount"] += amount - days[day][1]
    if changes:
        session.execute(_CHANGE, changes)
    return cells


def count_stock_outs(session: Session, shop_id: int, days: Iterable[StockOut], *, sign: int) -> None:
    """Add stock-out days with what they lost to the sums, or take them off with `sign` -1."""
    given = list(days)
    categories: dict[int, int] = {}
    for portion in portions(sorted({row.product_id for row in given})):
        found = session.execute(select(Product.id, Product.category_id).where(Product.id.in_(portion)))
        categories |= {product_id: category_id or NO_CATEGORY for product_id, category_id in found}
    nothing = {"stock_outs": 0, "lost_units": Decimal(0), "lost_amount": Decimal(0)}
    cells: dict[Cell, dict[str, Any]] = defaultdict(lambda: dict(nothing))
    for row in given:
        cell = cells[row.location_id, categories[row.product_id], row.day]
        cell["stock_outs"] += sign
        cell["lost_units"] += sign * row.lost_units
        cell["lost_amount"] += sign * row.lost_amount
    add_to_rollups(session, shop_id, cells)


def _sold_of(
    session: Session, shelves: Iterable[Shelf], first: date, last: date
) -> Iterator[tuple[Shelf, dict[int, int], Decimal, int]]:
    """Each shelf's sales by day, an ordinal, over a window, with its product's price and category."""
    of_product: dict[int, list[Shelf]] = defaultdict(list)
    for shelf in sorted(shelves):
        of_product[shelf[0]].append(shelf)
    for portion in portions(sorted(of_product)):
        sold: dict[Shelf, dict[int, int]] = defaultdict(dict)
        rows = select(DailySales.product_id, DailySales.location_id, DailySales.day, DailySales.units)
        rows = rows.where(DailySales.day.between(first, last))
        for product_id, location_id, day, units in session.execute(rows.where(DailySales.product_id.in_(portion))):
            sold[product_id, location_id][day.toordinal()] = units
        known = {
            product_id: (price, category_id or NO_CATEGORY)
            for product_id, price, category_id in session.execute(
                select(Product.id, Product.price, Product.category_id).where(Product.id.in_(portion))
            )
        }
        yield from ((shelf, sold[shelf], *known[shelf[0]]) for key in portion for shelf in of_product[key])


def _change(shelf: Shelf, day: date, units: Decimal, amount: Decimal) -> dict[str, Any]:
    return {
        "of_product": shelf[0],
        "at_location": shelf[1],
        "on_day": day,
        "lost_units": units,
        "lost_amount": amount,
    }
