"""Days without stock, derived from the ledger: what no sale on such a day says nothing about.

A location is out of stock on a day that it *closed* with no unit: either nothing was there all day, or the last unit
left during the day. So on such a day demand was at least what was sold. A balance below zero doesn't count, since more
left than the ledger knows of and nobody can say what is there; neither do days before a product first came. Because
all this is derived, a move that is recorded late for an earlier day is simply seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Date, Subquery, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.store.tables import Location, Product, StockMove, StockOut

_DAY = timedelta(days=1)

Change = tuple[int, int, date, date, bool, bool]
"""A day on which a shelf came to be empty, or was first filled: product and location (row numbers), that day, the last
day before the next change, whether it closed empty, whether it is the shelf's first."""


def refresh_stock_outs(session: Session, shop_id: int, first: date, last: date) -> int:
    """Write the stock-out days of a window into the table `stock_outs`, for pages and SQL; returns how many."""
    ours = select(Product.id).where(Product.shop_id == shop_id)
    window = (StockOut.day >= first, StockOut.day <= last)
    session.execute(delete(StockOut).where(StockOut.product_id.in_(ours), *window))
    rows = [
        {"product_id": product_id, "location_id": place, "day": day}
        for product_id, place, start, end, is_empty, _ in _changes(session, shop_id, last)
        if is_empty
        for day in _days(max(start, first), end)
    ]
    if rows:
        session.execute(insert(StockOut), rows)
    return len(rows)


def stock_out_days(session: Session, shop_id: int, first: date, last: date) -> Iterator[tuple[str, date]]:
    """The (SKU, day) on which every location that carries the product closed without a unit, by SKU and day."""
    names = dict(session.execute(select(Product.id, Product.sku).where(Product.shop_id == shop_id)).all())
    carried: dict[int, list[date]] = defaultdict(list)
    empty: Counter[tuple[int, date]] = Counter()
    for product_id, _, start, end, is_empty, is_first in _changes(session, shop_id, last):
        if is_first:
            carried[product_id].append(start)
        if is_empty:
            empty.update((product_id, day) for day in _days(max(start, first), end))
    for days in carried.values():
        days.sort()
    found = ((names[key], day) for (key, day), shelves in empty.items() if shelves == bisect_right(carried[key], day))
    yield from sorted(found)


def _changes(session: Session, shop_id: int, last: date) -> Iterator[Change]:
    """Every shelf's first day, and every day that it closed empty after a change, by one pass over the ledger."""
    moved = _moved(shop_id, last)
    shelf = (moved.c.product_id, moved.c.location_id)
    days = select(*shelf, moved.c.day, func.sum(moved.c.units).label("units")).group_by(*shelf, moved.c.day).subquery()
    shelf = (days.c.product_id, days.c.location_id)
    closing = func.sum(days.c.units).over(partition_by=shelf, order_by=days.c.day).label("closing")
    until = func.lead(days.c.day, type_=Date).over(partition_by=shelf, order_by=days.c.day).label("until")
    number = func.row_number().over(partition_by=shelf, order_by=days.c.day).label("number")
    closed = select(*shelf, days.c.day, closing, until, number).subquery()
    for product_id, place, day, units, changed, which in session.execute(
        select(closed).where(or_(closed.c.closing == 0, closed.c.number == 1))
    ):
        yield product_id, place, day, changed - _DAY if changed else last, units == 0, which == 1


def _moved(shop_id: int, last: date) -> Subquery:
    """Units that came to stores or left them, up to a day: product_id, location_id, day, units."""
    ours = (StockMove.shop_id == shop_id, StockMove.day <= last)
    stores = select(Location.id).where(Location.shop_id == shop_id, Location.kind == LocationKind.STORE)
    into = select(StockMove.product_id, StockMove.destination_id.label("location_id"), StockMove.day, StockMove.units)
    out = select(StockMove.product_id, StockMove.origin_id, StockMove.day, -StockMove.units)
    return (
        into.where(*ours, StockMove.destination_id.in_(stores))
        .union_all(out.where(*ours, StockMove.origin_id.in_(stores)))
        .subquery()
    )


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * _DAY
