"""A memory that lasts: reflections gain strength and usefulness, and solved episodes are kept beside them."""

from __future__ import annotations

import hashlib
from typing import Any

from alembic import op
from sqlalchemy import (
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    select,
)

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY
from stocksense.store.migrations.initial.columns import METADATA as INITIAL

revision = "0002"
down_revision = "0001"

METADATA = MetaData(naming_convention=INITIAL.naming_convention)
"""The tables as this revision leaves them: frozen, later migrations change them."""


def _columns() -> tuple[Column[Any], ...]:
    """What reflections and episodes have in common."""
    return (
        Column("id", KEY, primary_key=True),
        Column("fingerprint", String(64), nullable=False),
        Column("site", String(40), nullable=False),
        Column("category", String(200), nullable=False),
        Column("request", String(1000), nullable=False),
    )


def _use() -> tuple[Column[Any], ...]:
    return (
        Column("score", Double(), nullable=False),
        Column("model", String(80), nullable=False),
        Column("times", Integer(), nullable=False),
        Column("used", Integer(), nullable=False),
        Column("helped", Integer(), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("renewed_at", DateTime(timezone=True), nullable=False),
    )


REFLECTIONS = Table(
    "reflections",
    METADATA,
    *_columns(),
    Column("lesson", String(1000), nullable=False),
    Column("evidence", String(1000), nullable=False),
    *_use(),
    UniqueConstraint("fingerprint"),
    Index(None, "site", "category"),
)

EPISODES = Table(
    "episodes",
    METADATA,
    *_columns(),
    Column("steps", DOCUMENT, nullable=False),
    *_use(),
    UniqueConstraint("fingerprint"),
    Index(None, "site", "category"),
)


def upgrade() -> None:
    """Bring the tables to this revision; reflections that say the same of the same request become one."""
    connection, before = op.get_bind(), INITIAL.tables["reflections"]
    merged: dict[str, dict[str, Any]] = {}
    for row in connection.execute(select(before).order_by(before.c.id)).mappings():
        _merge(merged, row)
    before.drop(connection)
    METADATA.create_all(connection, checkfirst=False)
    if merged:
        connection.execute(REFLECTIONS.insert(), [*merged.values()])


def downgrade() -> None:
    """Take the tables back; the lessons stay, how often they were learned and used is lost."""
    connection, before = op.get_bind(), INITIAL.tables["reflections"]
    names = [column.name for column in before.columns if column.name != "id"]
    kept = connection.execute(select(*(REFLECTIONS.c[name] for name in names)).order_by(REFLECTIONS.c.id)).mappings()
    rows = [dict(row) for row in kept]
    METADATA.drop_all(connection, checkfirst=False)
    before.create(connection)
    if rows:
        connection.execute(before.insert(), rows)


def _merge(merged: dict[str, dict[str, Any]], row: RowMapping) -> None:
    scope = "\x1f".join((row["site"], row["category"], row["request"], row["lesson"]))
    key = hashlib.sha256(scope.encode()).hexdigest()
    kept = merged.get(key)
    if kept is None:
        values = {name: value for name, value in row.items() if name != "id"}
        merged[key] = values | {
            "fingerprint": key,
            "times": 1,
            "used": 0,
            "helped": 0,
            "renewed_at": row["created_at"],
        }
        return
    kept["times"] += 1
    kept["renewed_at"] = max(kept["renewed_at"], row["created_at"])
