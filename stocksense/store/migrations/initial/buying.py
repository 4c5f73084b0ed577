"""Proposals, approvals and purchase orders, as first released: frozen, later migrations change them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    text,
)

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY, METADATA

Table(
    "proposals",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("supplier_id", KEY, ForeignKey("suppliers.id"), nullable=False),
    Column("decision_id", KEY, ForeignKey("decisions.id")),
    Column("idempotency_key", String(120), nullable=False),
    Column("quantity", Integer(), nullable=False),
    Column("unit_price", BigInteger(), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("options", DOCUMENT, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(24), nullable=False),
    Column("reason", String(400), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("quantity > 0", name="positive"),
    UniqueConstraint("idempotency_key"),
    Index(None, "shop_id", "state"),
    Index(
        "uq_proposals_live",
        "product_id",
        unique=True,
        sqlite_where=text("state IN ('pending', 'approved')"),
        postgresql_where=text("state IN ('pending', 'approved')"),
    ),
)

Table(
    "approvals",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("proposal_id", KEY, ForeignKey("proposals.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("approved", Boolean(), nullable=False),
    Column("decided_by", String(80), nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("proposal_id"),
)

Table(
    "purchase_orders",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("supplier_id", KEY, ForeignKey("suppliers.id"), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("reference"),
)

Table(
    "order_lines",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("order_id", KEY, ForeignKey("purchase_orders.id"), nullable=False),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("proposal_id", KEY, ForeignKey("proposals.id")),
    Column("state", String(24), nullable=False),
    Column("quantity", Integer(), nullable=False),
    Column("received", Integer(), nullable=False),
    Column("unit_price", BigInteger(), nullable=False),
    Column("total", BigInteger(), nullable=False),
    Column("bought", String(300), nullable=False),
    Column("page", String(1000), nullable=False),
    Column("note", String(1000), nullable=False),
    Column("transcript", DOCUMENT, nullable=False),
    Column("expected_on", Date()),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("received >= 0 AND received <= quantity", name="received"),
    UniqueConstraint("proposal_id"),
    Index(None, "product_id", "state"),
)

Table(
    "steps",
    METADATA,
    Column("kind", String(24), primary_key=True),
    Column("before", String(24), primary_key=True),
    Column("after", String(24), primary_key=True),
)
