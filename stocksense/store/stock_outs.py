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
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.store.lost_sales import count_stock_outs, refresh_lost_sales
from stocksense.store.shops import locations_of
from stocksense.store.tables import Product, StockMove, StockOut

_DAY = timedelta(days=1)


@dataclass
class _Shelves:
    """The shelves of one product: units at each location, the day it was first filled, since when it is empty."""

    product_id: int
    held: Counter[int] = field(default_factory=Counter)
    carried: dict[int, date] = field(default_factory=dict)
    empty_since: dict[int, date] = field(default_factory=dict)
    spells: list[tuple[int, date, date]] = field(default_factory=list)

    def close(self, day: date, changed: set[int]) -> None:
        """End a day on which the units at some locations changed."""
        for place in changed:
            self.carried.setdefault(place, day)
            if self.held[place] == 0:
                self.empty_since.setdefault(place, day)
            elif place in self.empty_since:
                self.spells.append((place, self.empty_since.pop(place), day - _DAY))

    def finish(self, last: date) -> None:
        """End the window: what is empty now is so to its last day."""
        self.spells += [(place, since, last) for place, since in self.empty_since.items()]


def refresh_stock_outs(session: Session, shop_id: int, first: date, last: date) -> int:
    """Write the stock-out days of a window into the table `stock_outs`, for pages and SQL; returns how many."""
    ours = select(Product.id).where(Product.shop_id == shop_id)
    window = (StockOut.day >= first, StockOut.day <= last)
    mine = (StockOut.product_id.in_(ours), *window)
    count_stock_outs(session, shop_id, session.scalars(select(StockOut).where(*mine)), sign=-1)
    session.execute(delete(StockOut).where(*mine))
    rows = [
        {"product_id": shelves.product_id, "location_id": place, "day": day}
        for shelves in _walk(session, shop_id, last)
        for place, start, end in shelves.spells
        for day in _days(max(start, first), end)
    ]
    if rows:
        session.execute(insert(StockOut), rows)
        count_stock_outs(session, shop_id, session.scalars(select(StockOut).where(*mine)), sign=1)
        refresh_lost_sales(session, shop_id, first, last)
    return len(rows)


def stock_outs_known_to(session: Session, shop_id: int) -> date | None:
    """The last day of which stock-outs were written; None where none were."""
    ours = select(Product.id).where(Product.shop_id == shop_id)
    return session.scalar(select(func.max(StockOut.day)).where(StockOut.product_id.in_(ours)))


def stock_out_days(session: Session, shop_id: int, first: date, last: date) -> Iterator[tuple[str, date]]:
    """The (SKU, day) on which every location that carries the product closed without a unit, by SKU and day."""
    names = dict(session.execute(select(Product.id, Product.sku).where(Product.shop_id == shop_id)).all())
    found: list[tuple[str, date]] = []
    for shelves in _walk(session, shop_id, last):
        carried = sorted(shelves.carried.values())
        empty = Counter(day for _, start, end in shelves.spells for day in _days(max(start, first), end))
        found += [
            (names[shelves.product_id], day) for day, count in empty.items() if count == bisect_right(carried, day)
        ]
    yield from sorted(found)


def _walk(session: Session, shop_id: int, last: date) -> Iterator[_Shelves]:
    """The shelves of each product that ever moved, by one pass over the ledger in the order of its index."""
    stores = {place.id for place in locations_of(session, shop_id, LocationKind.STORE)}
    moves = (
        select(StockMove.product_id, StockMove.day, StockMove.origin_id, StockMove.destination_id, StockMove.units)
        .where(StockMove.shop_id == shop_id, StockMove.day <= last)
        .order_by(StockMove.product_id, StockMove.day)
    )
    for product_id, of_product in groupby(session.execute(moves), itemgetter(0)):
        shelves = _Shelves(product_id)
        for day, of_day in groupby(of_product, itemgetter(1)):
            changed = set()
            for _, _, origin, destination, units in of_day:
                if origin in stores:
                    shelves.held[origin] -= units
                    changed.add(origin)
                if destination in stores:
                    shelves.held[destination] += units
                    changed.add(destination)
            shelves.close(day, changed)
        shelves.finish(last)
        yield shelves


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * _DAY
