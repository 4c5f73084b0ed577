"""Lines of sales and their daily roll-up, as first released: frozen, later migrations change them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from stocksense.store.migrations.initial.columns import KEY, METADATA

Table(
    "sales",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("location_id", KEY, ForeignKey("locations.id"), nullable=False),
    Column("line_key", String(120), nullable=False),
    Column("day", Date(), nullable=False),
    Column("sold_at", DateTime(timezone=True), nullable=False),
    Column("units", Integer(), nullable=False),
    Column("unit_price", BigInteger(), nullable=False),
    Column("amount", BigInteger(), nullable=False),
    Column("promoted", Boolean(), nullable=False),
    UniqueConstraint("shop_id", "line_key"),
    Index(None, "shop_id", "day"),
)

Table(
    "daily_sales",
    METADATA,
    Column("product_id", KEY, ForeignKey("products.id"), primary_key=True),
    Column("location_id", KEY, ForeignKey("locations.id"), primary_key=True),
    Column("day", Date(), primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("units", Integer(), nullable=False),
    Column("amount", BigInteger(), nullable=False),
    Column("promoted", Boolean(), nullable=False),
    Index(None, "shop_id", "day"),
    sqlite_with_rowid=False,
)
