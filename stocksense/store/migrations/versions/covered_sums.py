"""On PostgreSQL the keys of the sums by month and by category hold what is added up of them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"

_KEYS = {
    "monthly_sales": "product_id, location_id, month",
    "rollups": "shop_id, grain, location_id, category_id, day",
}


def upgrade() -> None:
    """Bring the tables to this revision; SQLite keeps the whole row in its key."""
    _rebuild_keys(" INCLUDE (units, amount)")


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    _rebuild_keys("")


def _rebuild_keys(include: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, key in _KEYS.items():
            op.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT pk_{table},"
                f" ADD CONSTRAINT pk_{table} PRIMARY KEY ({key}){include}"
            )
