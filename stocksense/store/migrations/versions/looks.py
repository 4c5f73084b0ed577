"""What was read of the books is kept until they change, and shelves are found by the money on them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, text

from stocksense.store.migrations.initial.columns import KEY
from stocksense.store.migrations.initial.columns import METADATA as INITIAL

revision = "0006"
down_revision = "0005"

METADATA = MetaData(naming_convention=INITIAL.naming_convention)
"""The tables as this revision leaves them: frozen, later migrations change them."""

Table("shops", METADATA, Column("id", KEY, primary_key=True))

BOOK_MARKS = Table(
    "book_marks",
    METADATA,
    Column("shop_id", KEY, ForeignKey("shops.id"), primary_key=True, autoincrement=False),
    Column("books", BigInteger(), nullable=False),
)

_SHELF = "ix_product_facts_shelf"
_THERE = text("status = 'active' AND on_hand > 0")


def upgrade() -> None:
    """Bring the tables to this revision."""
    BOOK_MARKS.create(op.get_bind())
    columns = ["shop_id", "stock_value", "product_id", "category_id"]
    op.create_index(_SHELF, "product_facts", columns, sqlite_where=_THERE, postgresql_where=_THERE)


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    op.drop_index(_SHELF, "product_facts")
    BOOK_MARKS.drop(op.get_bind())
