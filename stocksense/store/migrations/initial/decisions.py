"""Forecasts and decisions, as first released: frozen, later migrations change them."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY, METADATA

Table(
    "forecasts",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("made_on", Date(), nullable=False),
    Column("model", String(40), nullable=False),
    Column("version", String(80), nullable=False),
    Column("values", DOCUMENT, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("product_id", "made_on"),
)

Table(
    "decisions",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("run_id", KEY, ForeignKey("job_runs.id"), nullable=False),
    Column("made_on", Date(), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("order_quantity", Integer(), nullable=False),
    Column("wanted", Integer(), nullable=False),
    Column("situation", DOCUMENT, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("product_id", "run_id"),
    Index(None, "shop_id", "made_on"),
)
