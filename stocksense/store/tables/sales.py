"""Lines of sales and their daily roll-up."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.store.tables.table import NO_ROW_NUMBER, Table
from stocksense.store.types import Key


class Sale(Table):
    """One line of a sale; `line_key` names it in the system it came from, so that it is read in once."""

    __tablename__ = "sales"
    __table_args__ = (
        UniqueConstraint("shop_id", "line_key"),
        Index(None, "shop_id", "day"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    line_key: Mapped[str] = mapped_column(String(120))
    day: Mapped[date]
    sold_at: Mapped[datetime]
    units: Mapped[int]
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal]
    promoted: Mapped[bool] = mapped_column(default=False)


class DailySales(Table):
    """Sales of a product at a location on a day, kept by the store with every sale.

    `cost` is what the units cost by the best offer when they were recorded; `costed` is what those of the sales
    brought of which the cost was known.
    """

    __tablename__ = "daily_sales"
    __table_args__ = (
        # A product's days lie far apart in PostgreSQL's tables; what is added up of them is read from the key alone.
        PrimaryKeyConstraint("product_id", "location_id", "day", postgresql_include=["units", "amount", "promoted"]),
        Index("ix_daily_sales_rank", "shop_id", "day", "location_id", "units", "product_id"),
        NO_ROW_NUMBER,
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    units: Mapped[int]
    amount: Mapped[Decimal]
    promoted: Mapped[bool] = mapped_column(default=False)
    cost: Mapped[Decimal] = mapped_column(default=0)
    costed: Mapped[Decimal] = mapped_column(default=0)
