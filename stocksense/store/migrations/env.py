"""Alembic's entry: runs the revisions on the connection that it is given, inside that connection's transaction."""

from alembic import context

from stocksense.store.tables import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, transactional_ddl=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
