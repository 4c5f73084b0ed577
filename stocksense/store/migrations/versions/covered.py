"""On PostgreSQL the key of the sales by day holds what is added up of them."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the tables to this revision; SQLite keeps the whole row in its key."""
    _rebuild_key(" INCLUDE (units, amount, promoted)")


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    _rebuild_key("")


def _rebuild_key(include: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE daily_sales DROP CONSTRAINT pk_daily_sales,"
            f" ADD CONSTRAINT pk_daily_sales PRIMARY KEY (product_id, location_id, day){include}"
        )
