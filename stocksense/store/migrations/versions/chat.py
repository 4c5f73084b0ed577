"""What was said in the chat is kept: conversations, their steps, and what is shown in them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKey, Index, MetaData, String, Table, Text

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY
from stocksense.store.migrations.initial.columns import METADATA as INITIAL

revision = "0005"
down_revision = "0004"

METADATA = MetaData(naming_convention=INITIAL.naming_convention)
"""The tables as this revision leaves them: frozen, later migrations change them."""

Table("users", METADATA, Column("id", KEY, primary_key=True))

Table(
    "conversations",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("details", DOCUMENT, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index(None, "user_id", "changed_at"),
)

Table(
    "conversation_steps",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("conversation_id", String(36), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("said", Text(), nullable=False),
    Column("body", DOCUMENT, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index(None, "conversation_id", "created_at"),
)

Table(
    "conversation_elements",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("conversation_id", String(36), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("mime", String(80), nullable=False),
    Column("content", Text(), nullable=False),
    Column("body", DOCUMENT, nullable=False),
    Index(None, "conversation_id"),
)

_NEW = [table for table in METADATA.sorted_tables if table.name != "users"]


def upgrade() -> None:
    """Bring the tables to this revision."""
    METADATA.create_all(op.get_bind(), tables=_NEW, checkfirst=False)


def downgrade() -> None:
    """Take the tables back; what was said is lost."""
    METADATA.drop_all(op.get_bind(), tables=_NEW, checkfirst=False)
