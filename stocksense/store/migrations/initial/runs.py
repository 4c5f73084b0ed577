"""Runs, lessons, people, audit and mails, as first released: frozen, later migrations change them."""

from sqlalchemy import Column, DateTime, Double, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY, METADATA

Table(
    "reflections",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("site", String(40), nullable=False),
    Column("category", String(200), nullable=False),
    Column("request", String(1000), nullable=False),
    Column("lesson", String(1000), nullable=False),
    Column("evidence", String(1000), nullable=False),
    Column("score", Double(), nullable=False),
    Column("model", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index(None, "site", "category"),
)

Table(
    "job_runs",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("job", String(40), nullable=False),
    Column("scheduled_at", DateTime(timezone=True), nullable=False),
    Column("state", String(24), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("output", DOCUMENT, nullable=False),
    Column("error", String(4000), nullable=False),
    UniqueConstraint("shop_id", "job", "scheduled_at"),
)

Table(
    "users",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("email", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(24), nullable=False),
    Column("language", String(2), nullable=False),
    Column("password_hash", String(400), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("email"),
)

Table(
    "audit",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id")),
    Column("actor", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("details", DOCUMENT, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
)

Table(
    "outbox",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("idempotency_key", String(120), nullable=False),
    Column("recipients", DOCUMENT, nullable=False),
    Column("subject", String(300), nullable=False),
    Column("text", String(100000), nullable=False),
    Column("html", String(400000), nullable=False),
    Column("state", String(24), nullable=False),
    Column("attempts", Integer(), nullable=False),
    Column("note", String(1000), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("claimed_at", DateTime(timezone=True)),
    Column("sent_at", DateTime(timezone=True)),
    UniqueConstraint("idempotency_key"),
)
