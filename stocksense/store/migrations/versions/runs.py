"""Proposals name the run that made them, shelves what is past its date on them, and the audit is found by subject."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, select, update

from stocksense.store.migrations.initial.columns import KEY

revision = "0008"
down_revision = "0007"

_BY_SUBJECT = "ix_audit_subject"
_OF_RUNS = ("run-", "trial-")

_RUNS = Table("job_runs", MetaData(), Column("id", BigInteger))
_PROPOSALS = Table(
    "proposals", MetaData(), Column("id", BigInteger), Column("idempotency_key", String), Column("run_id", BigInteger)
)


def upgrade() -> None:
    """Bring the tables to this revision; the runs of earlier proposals are read from their keys."""
    op.add_column("proposals", Column("run_id", KEY, nullable=True))
    op.create_index("ix_proposals_run_id", "proposals", ["run_id"])
    op.add_column("product_facts", Column("past_sale", Integer, nullable=False, server_default="0"))
    op.create_index(_BY_SUBJECT, "audit", ["shop_id", "subject", "id"])
    _name_runs()


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    op.drop_index(_BY_SUBJECT, "audit")
    op.drop_column("product_facts", "past_sale")
    op.drop_index("ix_proposals_run_id", "proposals")
    op.drop_column("proposals", "run_id")


def _name_runs() -> None:
    connection = op.get_bind()
    runs = set(connection.scalars(select(_RUNS.c.id)))
    for number, key in connection.execute(select(_PROPOSALS.c.id, _PROPOSALS.c.idempotency_key)).all():
        run = key.partition(":")[0].partition("-")[2]
        if key.startswith(_OF_RUNS) and run.isdecimal() and int(run) in runs:
            connection.execute(update(_PROPOSALS).where(_PROPOSALS.c.id == number).values(run_id=int(run)))
