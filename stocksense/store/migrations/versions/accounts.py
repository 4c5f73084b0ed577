"""Accounts of people: where they are logged in, failed logins, what each person prefers."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint, select

from stocksense.store.migrations.initial.columns import KEY
from stocksense.store.migrations.initial.columns import METADATA as INITIAL

revision = "0003"
down_revision = "0002"

METADATA = MetaData(naming_convention=INITIAL.naming_convention)

USERS = Table(
    "users",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("email", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(24), nullable=False),
    Column("language", String(2), nullable=False),
    Column("theme", String(8), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("password_hash", String(400), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("disabled_at", DateTime(timezone=True)),
    UniqueConstraint("email"),
)

LOGINS = Table(
    "logins",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("csrf", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index(None, "user_id"),
)

FAILURES = Table(
    "login_failures",
    METADATA,
    Column("subject", String(300), primary_key=True),
    Column("failures", Integer(), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("locked_until", DateTime(timezone=True)),
)


def upgrade() -> None:
    """Bring the tables to this revision; passwords that were hashed in the old way have to be set anew."""
    connection, before = op.get_bind(), INITIAL.tables["users"]
    names = [column.name for column in before.columns if column.name != "id"]
    kept = connection.execute(select(*(before.c[name] for name in names)).order_by(before.c.id)).mappings()
    rows = [dict(row) | {"password_hash": "", "theme": "auto", "time_zone": "Asia/Seoul"} for row in kept]
    before.drop(connection)
    METADATA.create_all(connection, checkfirst=False)
    if rows:
        connection.execute(USERS.insert(), rows)


def downgrade() -> None:
    """Take the tables back; everybody is logged out and needs a new password."""
    connection, before = op.get_bind(), INITIAL.tables["users"]
    names = [column.name for column in before.columns if column.name != "id"]
    kept = connection.execute(select(*(USERS.c[name] for name in names)).order_by(USERS.c.id)).mappings()
    rows = [dict(row) | {"password_hash": ""} for row in kept]
    METADATA.drop_all(connection, checkfirst=False)
    before.create(connection)
    if rows:
        connection.execute(before.insert(), rows)
