"""Recalls and trends, as first released: frozen, later migrations change them."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Table, UniqueConstraint

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY, METADATA

Table(
    "recalls",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("uid", String(80), nullable=False),
    Column("product_name", String(500), nullable=False),
    Column("notice", DOCUMENT, nullable=False),
    Column("published_on", Date()),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("source", "uid"),
)

Table(
    "recall_matches",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("recall_id", KEY, ForeignKey("recalls.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("certainty", String(24), nullable=False),
    Column("evidence", String(400), nullable=False),
    Column("state", String(24), nullable=False),
    Column("units", Integer(), nullable=False),
    Column("decided_by", String(80), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("recall_id", "product_id"),
)

Table(
    "trends",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("category", String(200), nullable=False),
    Column("keyword", String(200), nullable=False),
    Column("rank", Integer(), nullable=False),
    Column("window_start", Date(), nullable=False),
    Column("window_end", Date(), nullable=False),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("source", "category", "window_start", "window_end", "keyword"),
)
