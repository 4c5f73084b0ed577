"""What was learned can be forgotten and restored: forgotten rows stay, marked, until they expire."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime

revision = "0007"
down_revision = "0006"

TABLES = ("reflections", "episodes")


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table in TABLES:
        op.add_column(table, Column("forgotten_at", DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the tables back; what was forgotten is gone for good."""
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE forgotten_at IS NOT NULL")
        op.drop_column(table, "forgotten_at")
