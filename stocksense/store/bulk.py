"""Histories of hundreds of thousands of rows, for shops that have none yet: samples, and what another system kept.

The rows come as columns. What `record_sales` and `record_moves` keep beside them (balances, the daily roll-up) is
derived at the end (`derive`), so that the tables are the same as if every row had been recorded by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, literal, select, update
from sqlalchemy.orm import Session

from stocksense.domain.orders import OrderState
from stocksense.domain.stock import MoveKind, check_route
from stocksense.errors import BadValue
from stocksense.store.derived import derive
from stocksense.store.facts import refresh_stock
from stocksense.store.shops import locations_of
from stocksense.store.steps import lock_shop
from stocksense.store.tables import (
    Lot,
    OrderLine,
    PurchaseOrder,
    Sale,
    StockMove,
    StockOut,
    Table,
)
from stocksense.store.upsert import portions

__all__ = [
    "LotColumns",
    "MoveColumns",
    "OldOrder",
    "SaleColumns",
    "derive",
    "insert_columns",
    "insert_lots",
    "insert_moves",
    "insert_orders",
    "insert_sales",
    "insert_stock_outs",
]

_AT_ONCE = 50_000
_CACHE_KIB = 65_536


@dataclass(frozen=True)
class SaleColumns:
    """Lines of sales, one entry a line in every column; ids are row numbers."""

    product_id: Sequence[int]
    location_id: Sequence[int]
    line_key: Sequence[str]
    units: Sequence[int]
    unit_price: Sequence[Decimal]
    amount: Sequence[Decimal]
    promoted: Sequence[bool]
    day: Sequence[date]
    sold_at: Sequence[datetime]


@dataclass(frozen=True)
class MoveColumns:
    """Stock moves, one entry a move in every column; `lot_id` is None where the lot isn't known."""

    product_id: Sequence[int]
    lot_id: Sequence[int | None]
    origin_id: Sequence[int]
    destination_id: Sequence[int]
    units: Sequence[int]
    kind: Sequence[MoveKind]
    reference: Sequence[str]
    day: Sequence[date]
    effective_at: Sequence[datetime]


@dataclass(frozen=True)
class LotColumns:
    """Lots, one entry a lot in every column; codes are unique within a product."""

    product_id: Sequence[int]
    code: Sequence[str]
    received_on: Sequence[date]
    expires_on: Sequence[date | None]


@dataclass(frozen=True)
class OldOrder:
    """A purchase order that was placed elsewhere, with one line; `received` units of it have come."""

    supplier_id: int
    product_id: int
    reference: str
    quantity: int
    received: int
    unit_price: Decimal
    expected_on: date
    placed_at: datetime
    changed_at: datetime


def insert_sales(session: Session, shop_id: int, lines: SaleColumns, *, customers_id: int, now: datetime) -> int:
    """Insert lines of sales with the moves that they mean; returns how many. Call `derive` when all is inserted.

    Raises BadValue for a line that sells nothing: returns are no part of a history taken over like this.
    """
    if lines.units and min(lines.units) < 1:
        raise BadValue("a line of the history sells less than 1 unit; leave returns out, or import them as sales")
    lock_shop(session, shop_id)
    before = session.scalar(select(func.max(Sale.id))) or 0
    insert_columns(session, Sale, vars(lines) | {"shop_id": [shop_id] * len(lines.units)})
    # The database writes the moves from the lines by itself, in a third of the time that sending them takes.
    moves: dict[str, ColumnElement[Any]] = {
        "shop_id": literal(shop_id, Sale.shop_id.type),
        "product_id": Sale.product_id.expression,
        "origin_id": Sale.location_id.expression,
        "destination_id": literal(customers_id, Sale.location_id.type),
        "units": Sale.units.expression,
        "kind": literal(MoveKind.SALE, StockMove.kind.type),
        "reference": Sale.line_key.expression,
        "actor": literal("import", StockMove.actor.type),
        "day": Sale.day.expression,
        "effective_at": Sale.sold_at.expression,
        "recorded_at": literal(now, StockMove.recorded_at.type),
    }
    new = select(*moves.values()).where(Sale.shop_id == shop_id, Sale.id > before).order_by(Sale.id)
    session.execute(insert(StockMove).from_select(list(moves), new))
    return len(lines.units)


def insert_moves(session: Session, shop_id: int, moves: MoveColumns, *, actor: str, now: datetime) -> int:
    """Insert moves as they are, even where a shelf falls below zero; returns how many. Call `derive` afterwards.

    Raises BadValue for a kind of move that doesn't run between such locations.
    """
    count = len(moves.units)
    kinds = {place.id: place.kind for place in locations_of(session, shop_id)}
    for kind, origin, destination in set(zip(moves.kind, moves.origin_id, moves.destination_id, strict=True)):
        check_route(kind, kinds[origin], kinds[destination], 1)
    same = {"shop_id": shop_id, "actor": actor, "idempotency_key": None, "recorded_at": now}
    insert_columns(session, StockMove, vars(moves) | {name: [value] * count for name, value in same.items()})
    return count


def insert_lots(session: Session, lots: LotColumns) -> list[int]:
    """Insert lots; returns their row numbers in the order given."""
    insert_columns(session, Lot, vars(lots))
    ours = select(Lot.product_id, Lot.code, Lot.id)
    found = {
        (product_id, code): key
        for portion in portions(sorted(set(lots.product_id)))
        for product_id, code, key in session.execute(ours.where(Lot.product_id.in_(portion)))
    }
    return [found[pair] for pair in zip(lots.product_id, lots.code, strict=True)]


def insert_orders(session: Session, shop_id: int, orders: Iterable[OldOrder]) -> int:
    """Insert purchase orders that were placed elsewhere, by the steps that every order takes; returns how many."""
    given = list(orders)
    if not given:
        return 0
    session.execute(
        insert(PurchaseOrder),
        [
            {"shop_id": shop_id, "supplier_id": o.supplier_id, "reference": o.reference, "created_at": o.placed_at}
            for o in given
        ],
    )
    ours = select(PurchaseOrder.reference, PurchaseOrder.id).where(PurchaseOrder.shop_id == shop_id)
    ids = dict(session.execute(ours).all())
    session.execute(insert(OrderLine), [_line(order, ids[order.reference]) for order in given])
    mine = (
        OrderLine.order_id.in_(select(PurchaseOrder.id).where(PurchaseOrder.shop_id == shop_id)),
        OrderLine.proposal_id.is_(None),
    )
    placed = update(OrderLine).where(*mine, OrderLine.state == OrderState.PLACING).values(state=OrderState.PLACED)
    complete = (OrderLine.state == OrderState.PLACED, OrderLine.received == OrderLine.quantity)
    session.execute(placed)
    session.execute(update(OrderLine).where(*mine, *complete).values(state=OrderState.RECEIVED))
    refresh_stock(session, shop_id)
    return len(given)


def insert_stock_outs(
    session: Session, product_id: Sequence[int], location_id: Sequence[int], day: Sequence[date]
) -> int:
    """Insert days on which a location closed without a unit, where they are known already; returns how many.

    Call `derive` when all is inserted.
    """
    nothing = [Decimal(0)] * len(day)
    lost = {"lost_units": nothing, "lost_amount": nothing}
    insert_columns(session, StockOut, {"product_id": product_id, "location_id": location_id, "day": day} | lost)
    return len(day)


def insert_columns(session: Session, table: type[Table], columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows given as {column: values}, past the unit of work: COPY on PostgreSQL, raw parameters on SQLite.

    Raises BadValue if the columns differ in length. JSON columns are not for this.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise BadValue(f"columns of different lengths cannot be inserted into {table.__tablename__}: {lengths}")
    session.flush()
    connection = session.connection()
    native = [_native(connection, table, name, values) for name, values in columns.items()]
    names = ", ".join(columns)
    rows = zip(*native, strict=True)
    if connection.dialect.name == "postgresql":
        raw: Any = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.__tablename__} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
    marks = ", ".join("?" * len(columns))
    for portion in _portions(rows):
        connection.exec_driver_sql(f"INSERT INTO {table.__tablename__} ({names}) VALUES ({marks})", portion)


def _native(connection: Connection, table: type[Table], name: str, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values as the driver takes them; each different value is converted once."""
    kind = table.__table__.c[name].type.dialect_impl(connection.dialect)
    convert = kind.bind_processor(connection.dialect)
    if convert is None:
        return values
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]


def _portions(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while portion := list(islice(rows, _AT_ONCE)):
        yield portion


def _line(order: OldOrder, order_id: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "product_id": order.product_id,
        "state": OrderState.PLACING,
        "quantity": order.quantity,
        "received": order.received,
        "unit_price": order.unit_price,
        "total": order.unit_price * order.quantity,
        "expected_on": order.expected_on,
        "created_at": order.placed_at,
        "changed_at": order.changed_at,
    }
