"""Sales: recorded once, taken off the shelf and rolled up by day in one transaction; totals come from the roll-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind, MoveKind, Shortfall
from stocksense.errors import BadValue, UnknownName
from stocksense.store.daily import add_sales
from stocksense.store.moves import Move, record_moves
from stocksense.store.shops import ShopInfo, location_of_kind, locations_of, shop_of
from stocksense.store.skus import product_ids_of
from stocksense.store.steps import lock_shop
from stocksense.store.tables import Sale
from stocksense.store.takings import (
    CategoryTotal,
    DayTotal,
    LocationTotal,
    ProductTotal,
    Totals,
    daily_rows,
    daily_totals,
    first_and_last_day,
    first_sale_days,
    mean_daily_sales,
    top_products,
    totals,
    totals_by_category,
    totals_by_location,
)
from stocksense.store.upsert import portions

__all__ = [
    "CategoryTotal",
    "DayTotal",
    "LocationTotal",
    "ProductTotal",
    "RecordedSales",
    "SaleLine",
    "Totals",
    "daily_rows",
    "daily_totals",
    "first_and_last_day",
    "first_sale_days",
    "mean_daily_sales",
    "record_sales",
    "top_products",
    "totals",
    "totals_by_category",
    "totals_by_location",
]


@dataclass(frozen=True)
class SaleLine:
    """One line of a sale, a return if `units` is below zero; `line_key` names it in the system that it came from.

    `amount` is what was paid for all units, if that isn't `unit_price` times units.
    """

    line_key: str
    sku: str
    location_id: int
    units: int
    unit_price: Decimal
    sold_at: datetime
    amount: Decimal | None = None
    promoted: bool = False

    @property
    def paid(self) -> Decimal:
        """What was paid for all units."""
        return self.unit_price * self.units if self.amount is None else self.amount


@dataclass(frozen=True)
class RecordedSales:
    """How many lines were new, how many were known already, and where the ledger went below zero."""

    new: int
    repeated: int = 0
    shortfalls: tuple[Shortfall, ...] = ()


def record_sales(
    session: Session, shop_id: int, lines: Iterable[SaleLine], *, actor: str, now: datetime, move_stock: bool = True
) -> RecordedSales:
    """Record lines of sales, roll them up by day, and take them off the shelf unless `move_stock` is false.

    A line whose key the shop has seen is skipped. The shop's policy decides what happens where more is sold than is
    held. Raises UnknownSku or UnknownName for what the shop doesn't have, BadValue for a line of 0 units.
    """
    lock_shop(session, shop_id)
    given = list(lines)
    ids = product_ids_of(session, shop_id, (line.sku for line in given))
    _check(session, shop_id, given)
    fresh = _unseen(session, shop_id, given)
    if not fresh:
        return RecordedSales(0, len(given))
    shop = shop_of(session, shop_id)
    rows = [_row(line, shop, ids[line.sku]) for line in fresh]
    session.execute(insert(Sale), rows)
    add_sales(session, shop_id, rows)
    shortfalls: tuple[Shortfall, ...] = ()
    if move_stock:
        customers = location_of_kind(session, shop_id, LocationKind.CUSTOMER).id
        moves = (_move(line, customers) for line in fresh)
        shortfalls = record_moves(session, shop_id, moves, actor=actor, now=now).shortfalls
    return RecordedSales(len(fresh), len(given) - len(fresh), shortfalls)


def known_line_keys(session: Session, shop_id: int, keys: Sequence[str]) -> set[str]:
    """Which of these keys belong to lines that the shop has recorded."""
    known: set[str] = set()
    for portion in portions(keys):
        known.update(session.scalars(select(Sale.line_key).where(Sale.shop_id == shop_id, Sale.line_key.in_(portion))))
    return known


def _check(session: Session, shop_id: int, lines: Iterable[SaleLine]) -> None:
    stores = {place.id: place.name for place in locations_of(session, shop_id, LocationKind.STORE)}
    for line in lines:
        if line.units == 0:
            raise BadValue(f"line {line.line_key} sells 0 units of {line.sku}; leave it out")
        if line.location_id not in stores:
            raise UnknownName("store", line.location_id, f"this shop sells at: {', '.join(stores.values())}")


def _unseen(session: Session, shop_id: int, lines: Sequence[SaleLine]) -> list[SaleLine]:
    seen = known_line_keys(session, shop_id, [line.line_key for line in lines])
    fresh: dict[str, SaleLine] = {}
    for line in lines:
        if line.line_key not in seen:
            fresh.setdefault(line.line_key, line)
    return list(fresh.values())


def _row(line: SaleLine, shop: ShopInfo, product_id: int) -> dict[str, Any]:
    return {
        "shop_id": shop.id,
        "product_id": product_id,
        "location_id": line.location_id,
        "line_key": line.line_key,
        "day": shop.day_of(line.sold_at),
        "sold_at": line.sold_at,
        "units": line.units,
        "unit_price": line.unit_price,
        "amount": line.paid,
        "promoted": line.promoted,
    }


def _move(line: SaleLine, customers: int) -> Move:
    """The move that a line means: to the customers, or back from them."""
    sold = line.units > 0
    return Move(
        sku=line.sku,
        origin_id=line.location_id if sold else customers,
        destination_id=customers if sold else line.location_id,
        units=abs(line.units),
        kind=MoveKind.SALE if sold else MoveKind.CUSTOMER_RETURN,
        effective_at=line.sold_at,
        reference=line.line_key,
        idempotency_key=f"sale:{line.line_key}",
    )
