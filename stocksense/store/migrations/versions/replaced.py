"""Proposals name the one in whose place they stand."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, MetaData, String, Table, select, update

from stocksense.store.migrations.initial.columns import KEY

revision = "0011"
down_revision = "0010"

_INDEX = "ix_proposals_replaces"
_MARK = ":renewed-"

_PROPOSALS = Table(
    "proposals", MetaData(), Column("id", BigInteger), Column("idempotency_key", String), Column("replaces", BigInteger)
)


def upgrade() -> None:
    """Bring the tables to this revision; what earlier proposals replace is read from their keys."""
    op.add_column("proposals", Column("replaces", KEY, nullable=True))
    op.create_index(_INDEX, "proposals", ["replaces"])
    connection = op.get_bind()
    renewed = select(_PROPOSALS.c.id, _PROPOSALS.c.idempotency_key).where(_PROPOSALS.c.idempotency_key.contains(_MARK))
    for number, key in connection.execute(renewed).all():
        before = key.partition(_MARK)[2]
        if before.isdecimal():
            connection.execute(update(_PROPOSALS).where(_PROPOSALS.c.id == number).values(replaces=int(before)))


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    op.drop_index(_INDEX, "proposals")
    op.drop_column("proposals", "replaces")
