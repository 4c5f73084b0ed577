"""What a shop's model expected of days that it was tried on before it had learned them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Date, Double, ForeignKey, Integer

revision = "0015"
down_revision = "0014"

_KEY = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "forecast_trials",
        Column("shop_id", _KEY, ForeignKey("shops.id"), primary_key=True),
        Column("category_id", _KEY, primary_key=True),
        Column("day", Date(), primary_key=True),
        Column("known_to", Date(), nullable=False),
        Column("expected", Double(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the tables back; what was tried is lost until the model is trained again."""
    op.drop_table("forecast_trials")
