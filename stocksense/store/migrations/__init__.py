"""The steps that bring a database's tables from one release to the next, run by Alembic."""

HEAD = "0015"
"""The newest revision; kept here so that asking whether a database is current needs no Alembic."""
