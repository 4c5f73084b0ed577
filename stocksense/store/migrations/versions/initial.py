"""All tables of the first release, with what the database itself guards."""

from alembic import op

from stocksense.store import guards
from stocksense.store.migrations.initial import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    METADATA.create_all(op.get_bind(), checkfirst=False)
    guards.install(op.get_bind())


def downgrade() -> None:
    """Take the tables back to an empty database."""
    guards.remove(op.get_bind())
    METADATA.drop_all(op.get_bind(), checkfirst=False)
