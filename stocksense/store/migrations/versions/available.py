"""The inventory is sorted by what can be sold: what is on hand, less what is past its date."""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect, text

revision = "0010"
down_revision = "0009"

_AVAILABLE = "ix_product_facts_available"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(_AVAILABLE, "product_facts", ["shop_id", text("(on_hand - past_sale)"), "product_id"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" and inspect(connection).has_table("sqlite_stat1"):
        # An index without statistics would be taken for the one that finds the fewest rows.
        connection.execute(text("ANALYZE product_facts"))


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    op.drop_index(_AVAILABLE, "product_facts")
