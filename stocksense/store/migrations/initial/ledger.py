"""Stock moves and what is derived from them, as first released: frozen, later migrations change them."""

from sqlalchemy import (
    CheckConstraint,
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
    "lots",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("code", String(80), nullable=False),
    Column("received_on", Date(), nullable=False),
    Column("expires_on", Date()),
    UniqueConstraint("product_id", "code"),
)

Table(
    "stock_moves",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("lot_id", KEY, ForeignKey("lots.id")),
    Column("origin_id", KEY, ForeignKey("locations.id"), nullable=False),
    Column("destination_id", KEY, ForeignKey("locations.id"), nullable=False),
    Column("units", Integer(), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("idempotency_key", String(160)),
    Column("day", Date(), nullable=False),
    Column("effective_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("origin_id <> destination_id", name="two_locations"),
    CheckConstraint("units > 0", name="positive"),
    UniqueConstraint("shop_id", "idempotency_key"),
    Index("ix_stock_moves_shelf", "shop_id", "product_id", "day", "origin_id", "destination_id", "units"),
)

Table(
    "balances",
    METADATA,
    Column("product_id", KEY, ForeignKey("products.id"), primary_key=True),
    Column("location_id", KEY, ForeignKey("locations.id"), primary_key=True),
    Column("units", Integer(), nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "count_requests",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("location_id", KEY, ForeignKey("locations.id"), nullable=False),
    Column("held", Integer(), nullable=False),
    Column("taken", Integer(), nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
)

Table(
    "stock_outs",
    METADATA,
    Column("product_id", KEY, ForeignKey("products.id"), primary_key=True),
    Column("location_id", KEY, ForeignKey("locations.id"), primary_key=True),
    Column("day", Date(), primary_key=True),
    sqlite_with_rowid=False,
)
