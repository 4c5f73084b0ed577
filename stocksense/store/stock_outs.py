"""Days without stock, derived from the ledger: what no sale on such a day says nothing about.

A location is out of stock on a day that it *closed* with no unit: either nothing was there all day, or the last unit
left during the day. So on such a day demand was at least what was sold. A balance below zero doesn't count, since more
left than the ledger knows of and nobody can say what is there; neither do days before a product first came. Because
all this is derived, a move that is recorded late for an earlier day is simply seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Date, delete, func, insert, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.store.tables import Location, Product, StockMove, StockOut

_DAY = timedelta(days=1)

Spell = tuple[int, int, date, date]
"""Product and location (row numbers), first and last day of a time without stock."""


def refresh_stock_outs(session: Session, shop_id: int, first: date, last: date) -> int:
    """Write the stock-out days of a window into the table `stock_outs`, for pages and SQL; returns how many."""
    ours = select(Product.id).where(Product.shop_id == shop_id)
    window = (StockOut.day >= first, StockOut.day <= last)
    session.execute(delete(StockOut).where(StockOut.product_id.in_(ours), *window))
    rows = [
        {"product_id": product_id, "location_id": place, "day": day}
        for product_id, place, start, end in _spells(session, shop_id, last)
        for day in _days(max(start, first), end)
    ]
    if rows:
        session.execute(insert(StockOut), rows)
    return len(rows)


def stock_out_days(session: Session, shop_id: int, first: date, last: date) -> Iterator[tuple[str, date]]:
    """The (SKU, day) on which every location that carries the product closed without a unit, by SKU and day."""
    names = dict(session.execute(select(Product.id, Product.sku).where(Product.shop_id == shop_id)).all())
    carried = _carried(session, shop_id)
    empty: Counter[tuple[str, date, int]] = Counter()
    for product_id, _, start, end in _spells(session, shop_id, last):
        empty.update((names[product_id], day, product_id) for day in _days(max(start, first), end))
    for sku, day, product_id in sorted(empty):
        if empty[sku, day, product_id] == bisect_right(carried[product_id], day):
            yield sku, day


def _carried(session: Session, shop_id: int) -> dict[int, list[date]]:
    """The days on which each product first came to its locations, sorted."""
    changes = _changes(shop_id, date.max)
    starts = select(changes.c.product_id, func.min(changes.c.day)).group_by(changes.c.product_id, changes.c.location_id)
    carried: dict[int, list[date]] = {}
    for product_id, day in session.execute(starts):
        carried.setdefault(product_id, []).append(day)
    return {product_id: sorted(days) for product_id, days in carried.items()}


def _spells(session: Session, shop_id: int, last: date) -> Iterator[Spell]:
    """Every time without stock up to a day, by one pass of the database over the ledger."""
    changes = _changes(shop_id, last)
    shelf = (changes.c.product_id, changes.c.location_id)
    by_day = select(*shelf, changes.c.day, func.sum(changes.c.units).label("units")).group_by(*shelf, changes.c.day)
    days = by_day.subquery()
    shelf = (days.c.product_id, days.c.location_id)
    closing = func.sum(days.c.units).over(partition_by=shelf, order_by=days.c.day).label("closing")
    until = func.lead(days.c.day, type_=Date).over(partition_by=shelf, order_by=days.c.day).label("until")
    closed = select(*shelf, days.c.day, closing, until).subquery()
    empty = select(closed.c.product_id, closed.c.location_id, closed.c.day, closed.c.until).where(closed.c.closing == 0)
    for product_id, location_id, day, changed in session.execute(empty):
        yield product_id, location_id, day, changed - _DAY if changed else last


def _changes(shop_id: int, last: date):  # type: ignore[no-untyped-def]  # a subquery's columns have no static type
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
