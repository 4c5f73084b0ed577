"""Stock moves, and what is derived from them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.domain.stock import MoveKind
from stocksense.store.tables.table import NO_ROW_NUMBER, Table
from stocksense.store.types import Key, word

_OF_A_LOT = text("lot_id IS NOT NULL")


class Lot(Table):
    """Units received together; how many are left follows from the ledger."""

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("product_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    code: Mapped[str] = mapped_column(String(80))
    received_on: Mapped[date]
    expires_on: Mapped[date | None]


class StockMove(Table):
    """Units that went from one location to another. Rows are never changed nor deleted: the database refuses.

    `effective_at` is when it happened and `day` that day by the shop's clock; `recorded_at` is when we learned of it.
    """

    __tablename__ = "stock_moves"
    __table_args__ = (
        CheckConstraint("units > 0", name="positive"),
        CheckConstraint("origin_id <> destination_id", name="two_locations"),
        UniqueConstraint("shop_id", "idempotency_key"),
        # Holds all that balances and stock-out days are derived from, so that the rows themselves needn't be read.
        Index("ix_stock_moves_shelf", "shop_id", "product_id", "day", "origin_id", "destination_id", "units"),
        Index("ix_stock_moves_lot", "lot_id", sqlite_where=_OF_A_LOT, postgresql_where=_OF_A_LOT),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lots.id"))
    origin_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    units: Mapped[int]
    kind: Mapped[MoveKind] = mapped_column(word(MoveKind))
    reference: Mapped[str] = mapped_column(default="")
    actor: Mapped[str] = mapped_column(String(80), default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(160))
    day: Mapped[date]
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class Balance(Table):
    """Units of a product at a location: the running sum of the moves, kept in the same transaction."""

    __tablename__ = "balances"
    __table_args__ = NO_ROW_NUMBER

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    units: Mapped[int] = mapped_column(default=0)


class CountRequest(Table):
    """A shelf that somebody should count, because the ledger went below zero there."""

    __tablename__ = "count_requests"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    held: Mapped[int]
    taken: Mapped[int]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class StockOut(Table):
    """A day on which a location had no unit of a product to sell, derived from the ledger.

    `lost_units` is how many more would have sold, by the mean of the days with stock before; see lost_sales.py.
    """

    __tablename__ = "stock_outs"
    __table_args__ = NO_ROW_NUMBER

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    lost_units: Mapped[Decimal] = mapped_column(default=0)
    lost_amount: Mapped[Decimal] = mapped_column(default=0)
